/** Which attributes of the own user record a caller may compare with (`$user.stores`): the others would be told by guessing. */
import { placeholdersIn, readTree } from '../../../metadata/contract/condition-tree.js'
import { isObject, type Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { mayFilter } from '../../forms/visible.js'
import { everything } from '../../model/conditions/predicate.js'
import type { Access } from '../../permissions/access.js'
import { inheritedRoles } from '../../permissions/compile.js'
import { grantsOn } from '../../permissions/grant.js'
import type { Call } from '../call.js'

/**
 * Refuses a condition of the caller that names an attribute which they may not know, like one that does not exist.
 * @throws Problem access.field
 */
export function assertOwnAttributes(call: Call, condition: Json): void {
  for (const attribute of attributesIn(condition)) {
    if (!knownTo(call).has(attribute)) throw new Problem('access.field', { field: `$user.${attribute}`.slice(0, 200) })
  }
}

/** A definition that cannot be read grants nothing and shows nothing. @param condition of a caller: one that was resolved already */
function attributesIn(condition: Json): ReadonlySet<string> {
  try {
    return placeholdersIn(readTree(condition))
  } catch {
    return new Set()
  }
}

const known = new WeakMap<Access, ReadonlySet<string>>()

function knownTo(call: Call): ReadonlySet<string> {
  let attributes = known.get(call.access)
  if (attributes === undefined) known.set(call.access, (attributes = new Set(['id', ...readable(call), ...inRules(call), ...inLists(call)])))
  return attributes
}

/** Fields of users that the caller reads on every user, and so on themselves. */
function readable({ access }: Call): readonly string[] {
  const users = access.entity('user')
  if (users === undefined || users.rows !== everything) return []
  return [...users.entity.fields.keys()].filter((key) => {
    const how = users.field(key)
    return how?.how === 'full' && how.visible === undefined
  })
}

/** What the caller's own rules compare with shows in what they may see and do. */
function inRules({ model, actor }: Call): readonly string[] {
  const roles = inheritedRoles(model, actor.roles)
  return [...model.entities.keys()].flatMap((entity) =>
    grantsOn(roles, entity).flatMap(({ grant }) =>
      Object.values(grant).flatMap((rule) => (typeof rule === 'object' && isObject(rule.where) ? [...attributesIn(rule.where)] : []))))
}

/** Lists that the caller is shown are asked for with their filters. */
function inLists({ model, access }: Call): readonly string[] {
  return [...model.entities.values()].filter(({ name }) => access.entity(name) !== undefined).flatMap((entity) =>
    [...entity.views.values()].flatMap(({ filter }) => (isObject(filter) && mayFilter(access, entity, filter) ? [...attributesIn(filter)] : [])))
}
