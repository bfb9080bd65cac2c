/** What rights leave open for a new record: a value that it has to have stands in its form from the beginning. Pure. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { Predicate } from '../model/conditions/predicate.js'
import type { EntityAccess } from '../permissions/access.js'
import type { Actor } from '../permissions/actor.js'

/** By field, where the caller may create records with one value alone: a clerk of one store those of this store. */
export function onlyValues({ create }: EntityAccess, actor: Actor): JsonObject {
  const [first = {}, ...others] = create.map(({ rows }) => ownValues(rows, actor))
  return Object.fromEntries(Object.entries(first).filter(([key, value]) => others.every((one) => one[key] === value)))
}

/** Comparisons with what the caller has one of. */
function ownValues(rows: Predicate, actor: Actor): JsonObject {
  if (rows.kind === 'all') return Object.fromEntries(rows.of.flatMap((part) => Object.entries(ownValues(part, actor))))
  if (rows.kind !== 'compare' || rows.operand.kind !== 'user' || (rows.operator !== '$eq' && rows.operator !== '$in')) return {}
  const own = actor.attributes.get(rows.operand.attribute) ?? []
  const [only, ...more] = Array.isArray(own) ? own : [own]
  return only === undefined || only === null || more.length > 0 ? {} : { [rows.field.key]: only }
}
