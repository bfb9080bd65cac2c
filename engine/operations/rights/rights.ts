/** The questions about rights that several operations ask before they do anything. */
import { Problem } from '../../errors.js'
import { all, type Predicate } from '../../model/conditions/predicate.js'
import type { Entity, Field } from '../../model/model.js'
import { placeOf } from '../../model/parts.js'
import type { EntityAccess, FieldAccess } from '../../permissions/access.js'
import type { Hop } from '../../storage/contract.js'
import type { Call } from '../call.js'

/**
 * What the caller may do with an entity.
 * @throws Problem request.path when it does not exist or is not theirs to know
 */
export function accessTo(call: Call, entity: string): EntityAccess {
  const access = call.access.entity(entity)
  if (access === undefined) throw new Problem('request.path')
  return access
}

/**
 * Rows of a right, or a refusal.
 * @throws Problem access.denied when no role grants it
 */
export function granted(rows: Predicate | false): Predicate {
  if (rows === false) throw new Problem('access.denied')
  return rows
}

/**
 * A field of the entity's own, or a part of one, that the caller may sort, group and measure by.
 * @throws Problem access.field when it does not exist, is hidden or is seen masked only
 */
export const comparable = (access: EntityAccess, path: string): { readonly field: Field; readonly how: FieldAccess } => seenAt(access, path, path)

function seenAt(access: EntityAccess, path: string, asked: string): { readonly field: Field; readonly how: FieldAccess } {
  const place = placeOf(access.entity, path)
  const how = place === undefined ? undefined : access.field(place.key)
  if (place === undefined || how === undefined || how.how === 'masked') throw new Problem('access.field', { field: asked })
  return { field: place.field, how }
}

/**
 * The same at the end of a path that may lead over references (`store.region`), with what the caller sees of each hop.
 * @throws Problem access.field when a part of the path does not exist, is hidden or is seen masked only
 */
export function comparableAt(call: Call, access: EntityAccess, path: string, asked = path): { readonly via: readonly Hop[]; readonly field: Field; readonly how: FieldAccess } {
  const [key = '', ...rest] = path.split('.')
  if (rest.length === 0 || placeOf(access.entity, path) !== undefined) return { via: [], ...seenAt(access, path, asked) }
  const { field, how } = seenAt(access, key, asked)
  const target = field.link === null ? undefined : call.access.entity(field.link.to)
  if (target === undefined) throw new Problem('access.field', { field: asked })
  const end = comparableAt(call, target, rest.join('.'), asked)
  return { ...end, via: [{ field, target: target.entity, rows: target.rows, ...(how.visible === undefined ? {} : { visible: how.visible }) }, ...end.via] }
}

/** A field that every record has. */
export function systemField(entity: Entity, key: 'id' | 'version' | 'archivedAt'): Field {
  const field = entity.fields.get(key)
  if (field === undefined) throw new Error(`entity ${entity.name} has no ${key}`)
  return field
}

/** Records that are (not) archived. */
export const archivedIs = (entity: Entity, archived: boolean): Predicate =>
  ({ kind: 'compare', field: systemField(entity, 'archivedAt'), operator: archived ? '$ne' : '$eq', operand: { kind: 'value', cell: null } })

/**
 * Rows that the caller reads, archived or not. The same object each time: statements are compiled once per predicate.
 */
export const readableRows = (access: EntityAccess, archived: boolean): Predicate => rowsKept(access)[archived ? 'archived' : 'live']

interface KeptRows {
  readonly live: Predicate
  readonly archived: Predicate
}
const keptRows = new WeakMap<EntityAccess, KeptRows>()

function rowsKept(access: EntityAccess): KeptRows {
  const known = keptRows.get(access)
  if (known !== undefined) return known
  const made = { live: all(access.rows, archivedIs(access.entity, false)), archived: all(access.rows, archivedIs(access.entity, true)) }
  keptRows.set(access, made)
  return made
}

/** Records whose id is in the list. */
export const idIn = (entity: Entity, ids: readonly number[]): Predicate =>
  ({ kind: 'compare', field: systemField(entity, 'id'), operator: '$in', operand: { kind: 'list', cells: ids } })
