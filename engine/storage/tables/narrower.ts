/** Does a schema refuse values that another one accepted? Pure comparison; says yes when it cannot tell. */
import { isObject, type Json, type JsonSchema } from '../../../metadata/contract/json.js'

const upperLimits = ['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems', 'maxProperties']
const lowerLimits = ['minLength', 'minimum', 'exclusiveMinimum', 'minItems', 'minProperties']
/** Lower limits that nothing is below when they are 0. */
const sizes = ['minLength', 'minItems', 'minProperties']
/** Keywords that say nothing about which values are accepted. */
const silent = new Set(['title', 'description', 'default', 'examples', '$comment', 'readOnly', 'writeOnly', 'deprecated', 'crm', '$schema', '$id'])

/** True when some value may fit `before` and not `after`. */
export function isNarrower(before: JsonSchema, after: JsonSchema): boolean {
  return Object.entries(after).some(([keyword, now]) => !silent.has(keyword) && keywordIsNarrower(keyword, before[keyword], now))
}

function keywordIsNarrower(keyword: string, was: Json | undefined, now: Json): boolean {
  if (JSON.stringify(was) === JSON.stringify(now)) return false
  if (was !== undefined && upperLimits.includes(keyword)) return Number(now) < Number(was)
  if (lowerLimits.includes(keyword)) return was === undefined ? !(Number(now) === 0 && sizes.includes(keyword)) : Number(now) > Number(was)
  if (keyword === 'enum' && Array.isArray(was) && Array.isArray(now)) return !isSubset(was as readonly Json[], now as readonly Json[])
  if (keyword === 'required') return !isSubset(Array.isArray(now) ? (now as readonly Json[]) : [], Array.isArray(was) ? (was as readonly Json[]) : [])
  if (keyword === 'items' && isObject(was) && isObject(now)) return isNarrower(was, now)
  return true
}

const isSubset = (part: readonly Json[], whole: readonly Json[]): boolean => part.every((value) => whole.some((one) => JSON.stringify(one) === JSON.stringify(value)))
