/** Conditions that hold together. Pure. */
import type { JsonObject } from '../../metadata/contract/json.js'

/** All of the conditions at once; what is missing or empty says nothing. */
export function both(...conditions: readonly (JsonObject | undefined)[]): JsonObject {
  const said = conditions.filter((one): one is JsonObject => one !== undefined && Object.keys(one).length > 0)
  const [only] = said
  return said.length === 1 && only !== undefined ? only : said.length === 0 ? {} : { $and: said }
}
