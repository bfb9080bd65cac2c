/** Fields that need a value because of what stands in others: `requiredWhen`. Decided in memory, as every writer has the whole record at hand. */
import { matches } from '../../../metadata/contract/condition.js'
import { readTree, type Leaf, type Tree } from '../../../metadata/contract/condition-tree.js'
import { isObject, type JsonObject } from '../../../metadata/contract/json.js'
import { propertyOf } from '../field.js'
import type { Entity, Field, Need } from '../model.js'

/** The conditions that are in force: one that names a field which is not there, such as one that is put away, rests. */
export const needsOf = (fields: Entity['fields']): readonly Need[] =>
  [...fields.values()].flatMap((field) => {
    const when = conditionOf(field)
    return when !== undefined && knowsAll(fields, when) ? [{ field, when }] : []
  })

/** What stands at a field as `requiredWhen`. */
export function conditionOf(field: Field): JsonObject | undefined {
  const crm = propertyOf(field)?.['crm']
  return isObject(crm) && isObject(crm['requiredWhen']) ? crm['requiredWhen'] : undefined
}

function knowsAll(fields: Entity['fields'], when: JsonObject): boolean {
  try {
    return questionsIn(when).every(({ path: [key = ''] }) => fields.has(key))
  } catch {
    return false // Only a damaged definition gets here; the check refuses it before it is published.
  }
}

/** The single questions of a condition. @throws ConditionError when it cannot be read */
export const questionsIn = (when: JsonObject): readonly Leaf[] => leavesOf(readTree(when))

const leavesOf = (tree: Tree): readonly Leaf[] => (tree.kind === 'all' || tree.kind === 'any' ? tree.of.flatMap(leavesOf) : [tree])

/** Which fields of a complete record (as on the wire, references as ids) have no value and need one. */
export function lackingIn(needs: readonly Need[], timeZone: string): (record: JsonObject) => readonly Field[] {
  if (needs.length === 0) return () => []
  return (record) => {
    const now = new Date()
    return needs.filter(({ field, when }) => isMissing(record, field.key) && matches(when, record, { now, timeZone, user: () => undefined })).map(({ field }) => field)
  }
}

/** True when a record has no value in a field. */
export function isMissing(record: JsonObject, key: string): boolean {
  const value = record[key] ?? null
  return value === null || value === '' || (Array.isArray(value) && value.length === 0)
}
