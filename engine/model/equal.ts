/** Equality of JSON values: same members whatever their order. */
import { isObject, type Json } from '../../metadata/contract/json.js'

/** True when both are the same JSON value; the order of object members does not matter, that of array entries does. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item: Json, i) => sameJson(item, (b as readonly Json[])[i]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
}

/** Like `sameJson`, and object members come in the same order: for definitions, where the order of fields is seen. */
export function sameDefinition(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item: Json, i) => sameDefinition(item, (b as readonly Json[])[i]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  const others = Object.keys(b)
  return keys.length === others.length && keys.every((key, i) => key === others[i] && sameDefinition(a[key], b[key]))
}
