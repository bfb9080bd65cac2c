import type { FieldType } from '../../engine/fields/contract.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'

/** The property that an administrator would have written for these options. */
export function propertyOf(type: FieldType, options: JsonObject): JsonObject {
  const known = isObject(type.options.properties) ? type.options.properties : {}
  const property: Record<string, Json> = {}
  const crm: Record<string, Json> = { type: type.name }
  for (const [name, value] of Object.entries(options)) {
    const place = isObject(known[name]) ? known[name].$comment : undefined
    if (place === 'property' && isObject(value)) Object.assign(property, value)
    else if (place === 'keyword') property[name] = value
    else crm[name] = value
  }
  return { ...property, crm }
}
