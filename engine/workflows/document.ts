/** Documents that come as text: JSON or YAML, which the specification writes its examples in. */
import { isObject, type JsonObject } from '../../metadata/contract/json.js'

/** The object in a text. YAML's own kinds (dates, sets, binary) stay text. @throws Error that says where it cannot be read */
export async function parseDocument(text: string): Promise<JsonObject> {
  const { parse } = await import('yaml')
  // Aliases that multiply are refused by the library; merge keys and custom tags are not read.
  const value: unknown = parse(text, { schema: 'core', maxAliasCount: 50, prettyErrors: true, logLevel: 'error', strict: true, uniqueKeys: true })
  if (!isObject(value)) throw new Error('it is no object')
  return value
}
