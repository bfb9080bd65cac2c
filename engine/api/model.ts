/** `/api/model`: what one caller's screens need, made, and compressed, once per model, role set, language and what new records of theirs have to have. */
import type { JsonObject } from '../../metadata/contract/json.js'
import { describe } from '../forms/describe.js'
import { onlyValues } from '../forms/only.js'
import { languageFor } from '../forms/texts.js'
import type { Model } from '../model/model.js'
import type { Call } from '../operations/call.js'
import { contentOf, type Content } from './compression.js'
import type { Route } from './handler.js'
import { localeOf } from './query.js'

const described = new WeakMap<Model, Map<string, Content>>()
/** Answers that are kept per model: role sets times languages, and stores of people who have one. */
const keptMax = 500

/** The route of the screens' model. */
export const modelRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/api/model',
    async handle({ call, query, headers }) {
      const locale = languageFor(call.model, localeOf(query.get('locale'), call.actor.locale))
      const key = JSON.stringify([call.access.key, locale, ownOf(call)])
      const etag = `"${call.model.version}-${fingerprint(key)}"`
      const known = headers['if-none-match']?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false
      const shared = { ETag: etag, 'Cache-Control': 'private, no-cache', Vary: 'Cookie, Authorization, Accept-Encoding' }
      if (known) return { status: 304, headers: shared }
      const { headers: encoded, bytes } = await contentFor(call, locale, key).for(headers['accept-encoding']?.toString())
      return { status: 200, headers: { ...shared, 'Content-Type': 'application/json', ...encoded }, bytes }
    },
  },
]

/** What new records of the caller have to have, by entity. */
const ownOf = ({ model, access, actor }: Call): readonly (readonly [string, JsonObject])[] =>
  [...model.entities.keys()].flatMap((name) => {
    const rights = access.entity(name)
    const own = rights === undefined ? {} : onlyValues(rights, actor)
    return Object.keys(own).length === 0 ? [] : [[name, own] as const]
  })

function contentFor({ model, access, actor }: Call, locale: string, key: string): Content {
  const kept = described.get(model) ?? new Map<string, Content>()
  described.set(model, kept)
  const known = kept.get(key)
  if (known !== undefined) return known
  const made = contentOf(Buffer.from(JSON.stringify(describe(model, access, actor, locale))))
  if (kept.size < keptMax) kept.set(key, made)
  return made
}

/** Short and stable: role names do not belong into a header. FNV-1a, 32 bits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(36)
}
