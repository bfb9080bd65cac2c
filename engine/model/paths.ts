/** What paths inside definitions mean. */
import type { Json } from '../../metadata/contract/json.js'

export { parsePath, reservedFolders, type DocumentKind, type DocumentPath } from '../../metadata/contract/document-path.js'

/** Escapes one key for a JSON Pointer. */
export const pointer = (...keys: readonly (string | number)[]): string =>
  keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** The field key in a scope such as `#/properties/name`; a deeper scope belongs to the same field. */
export function scopeKey(scope: Json | undefined): string | undefined {
  return typeof scope === 'string' ? /^#\/properties\/([^/]+)/.exec(scope)?.[1] : undefined
}

/** Member of `texts/<language>.json` that is no document: for which texts a translation was said to be right still. */
export const confirmedKey = '$confirmed'
