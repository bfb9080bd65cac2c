/** Two changes of one list of names (columns, choices, required fields), put together name by name. Pure. */
import type { Json } from '../../metadata/contract/json.js'

/**
 * What one side added is there, what one side took out is not, in the order of the side that changed the order. Undefined where that
 * cannot be said: an entry is no plain value or stands there twice, or both sides put what they kept into another order.
 */
export function mergedList(base: Json | undefined, mine: Json | undefined, theirs: Json | undefined): readonly Json[] | undefined {
  if (!isNames(base) || !isNames(mine) || !isNames(theirs)) return undefined
  const kept = (of: Names): string => JSON.stringify(of.filter((name) => [base, mine, theirs].every((all) => all.includes(name))))
  if (kept(theirs) === kept(base)) return withChanges(mine, base, theirs)
  return kept(mine) === kept(base) || kept(mine) === kept(theirs) ? withChanges(theirs, base, mine) : undefined
}

type Names = readonly (string | number | boolean | null)[]

const isNames = (value: Json | undefined): value is Names =>
  Array.isArray(value) && value.every((one: Json) => typeof one !== 'object' || one === null) && new Set(value).size === value.length

/** `list` with what `other` took out and put in since `base`, each after what it stands behind there. */
function withChanges(list: Names, base: Names, other: Names): Names {
  const result = list.filter((name) => !base.includes(name) || other.includes(name))
  for (const [at, name] of other.entries()) {
    if (base.includes(name) || result.includes(name)) continue
    const before = other.slice(0, at).findLast((one) => result.includes(one))
    result.splice(before === undefined ? 0 : result.indexOf(before) + 1, 0, name)
  }
  return result
}
