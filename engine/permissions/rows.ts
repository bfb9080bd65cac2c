/** Which rows a change touches the rules of: pure decisions over compiled rights. */
import type { Entity } from '../model/model.js'
import { everything, type Predicate } from '../model/conditions/predicate.js'
import type { EntityAccess, WriteGrant } from './access.js'

/** System fields that every save changes, so that a rule about them is looked at again after it. */
const alwaysChanged = ['version', 'updatedAt', 'updatedBy']

/** True when `rows` surely hold on a record that was read through the caller's row rule. */
export const holdsOnReadable = (access: EntityAccess, rows: Predicate): boolean =>
  rows === everything || rows === access.rows

/**
 * True when saving the named fields of a record of `entity` can make the predicate true or false. Rules that look at
 * records which may refer back to this one always can.
 */
export function mayTurn(entity: Entity, rows: Predicate, changed: ReadonlySet<string>): boolean {
  switch (rows.kind) {
    case 'all':
    case 'any':
      return rows.of.some((part) => mayTurn(entity, part, changed))
    case 'not':
      return mayTurn(entity, rows.of, changed)
    case 'compare':
      return isChanged(rows.field.key, changed) || (rows.visible !== undefined && mayTurn(entity, rows.visible, changed))
    case 'toOne':
      return isChanged(rows.field.key, changed) || rows.target === entity || looksFurther(rows.of)
    case 'toMany':
    case 'measure':
    case 'tree':
    case 'search':
      return true
  }
}

const isChanged = (key: string, changed: ReadonlySet<string>): boolean => changed.has(key) || alwaysChanged.includes(key)

/** The other record's own fields don't change with this one; what it is related to may. */
function looksFurther(rows: Predicate): boolean {
  switch (rows.kind) {
    case 'all':
    case 'any':
      return rows.of.some(looksFurther)
    case 'not':
      return looksFurther(rows.of)
    case 'compare':
      return rows.visible !== undefined && looksFurther(rows.visible)
    default:
      return true
  }
}

/** Grants that name at least one of the keys; a create without keys may use any. */
export const grantsNaming = (grants: readonly WriteGrant[], keys: readonly string[]): readonly WriteGrant[] =>
  keys.length === 0 ? grants : grants.filter((grant) => keys.some((key) => grant.fields.has(key)))
