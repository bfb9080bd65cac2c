/** `/api/model`: what one caller's screens need, made once per model, role set and language. */
import { describe } from '../forms/describe.js'
import type { Model } from '../model/model.js'
import type { Call } from '../operations/call.js'
import type { Route } from './handler.js'
import { localeOf } from './query.js'

interface Described {
  readonly etag: string
  readonly text: string
}

const described = new WeakMap<Model, Map<string, Described>>()
/** Role sets times languages that are kept per model. */
const keptMax = 500

/** The route of the screens' model. */
export const modelRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/api/model',
    handle({ call, query, headers }) {
      const answer = describedFor(call, localeOf(query.get('locale'), call.actor.locale))
      const known = headers['if-none-match']?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === answer.etag) ?? false
      const shared = { ETag: answer.etag, 'Cache-Control': 'private, no-cache', Vary: 'Cookie, Authorization' }
      return known ? { status: 304, headers: shared } : { status: 200, headers: { ...shared, 'Content-Type': 'application/json' }, text: answer.text }
    },
  },
]

function describedFor(call: Call, locale: string): Described {
  const kept = described.get(call.model) ?? new Map<string, Described>()
  described.set(call.model, kept)
  const key = JSON.stringify([call.access.key, locale])
  const known = kept.get(key)
  if (known !== undefined) return known
  const text = JSON.stringify(describe(call.model, call.access, call.actor, locale))
  const made: Described = { etag: `"${call.model.version}-${fingerprint(key)}"`, text }
  if (kept.size < keptMax) kept.set(key, made)
  return made
}

/** Short and stable: role names do not belong into a header. FNV-1a, 32 bits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(36)
}
