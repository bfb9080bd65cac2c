/** How a list of objects in a plain JSON Schema is said in our words, for the model that makes an entity of the objects. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'

/** The `crm` of the list: rows of an entity that refer to its owner by `owner`. */
export const linesOf = (crm: JsonObject, entity: string, owner: string): JsonObject => ({ ...crm, type: 'lines', of: `${entity}.${owner}` })

/** The `crm` of the reference from a row to the record it belongs to. */
export const ownedBy = (entity: string): JsonObject => ({ type: 'reference', to: entity, owned: true })

/** A property as one value, where it would be a list of objects: rows have no rows of their own. */
export function asOneValue(property: Json): Json {
  if (!isObject(property) || property.type !== 'array' || !isObject(property.items) || property.items.type !== 'object') return property
  return { ...property, crm: { type: 'json', ...(isObject(property.crm) ? property.crm : {}) } }
}
