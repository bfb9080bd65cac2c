/** `/api/model`: what one caller's screens need, made, and compressed, once per model, role set and language. */
import { describe } from '../forms/describe.js'
import { languageFor } from '../forms/texts.js'
import type { Model } from '../model/model.js'
import type { Call } from '../operations/call.js'
import { contentOf, type Content } from './compression.js'
import type { Route } from './handler.js'
import { localeOf } from './query.js'

interface Described {
  readonly etag: string
  readonly content: Content
}

const described = new WeakMap<Model, Map<string, Described>>()
/** Role sets times languages that are kept per model. */
const keptMax = 500

/** The route of the screens' model. */
export const modelRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/api/model',
    async handle({ call, query, headers }) {
      const answer = describedFor(call, languageFor(call.model, localeOf(query.get('locale'), call.actor.locale)))
      const known = headers['if-none-match']?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === answer.etag) ?? false
      const shared = { ETag: answer.etag, 'Cache-Control': 'private, no-cache', Vary: 'Cookie, Authorization, Accept-Encoding' }
      if (known) return { status: 304, headers: shared }
      const { headers: encoded, bytes } = await answer.content.for(headers['accept-encoding']?.toString())
      return { status: 200, headers: { ...shared, 'Content-Type': 'application/json', ...encoded }, bytes }
    },
  },
]

function describedFor(call: Call, locale: string): Described {
  const kept = described.get(call.model) ?? new Map<string, Described>()
  described.set(call.model, kept)
  const key = JSON.stringify([call.access.key, locale])
  const known = kept.get(key)
  if (known !== undefined) return known
  const content = contentOf(Buffer.from(JSON.stringify(describe(call.model, call.access, call.actor, locale))))
  const made: Described = { etag: `"${call.model.version}-${fingerprint(key)}"`, content }
  if (kept.size < keptMax) kept.set(key, made)
  return made
}

/** Short and stable: role names do not belong into a header. FNV-1a, 32 bits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(36)
}
