/** References follow a merged record to its survivor, in every entity and whoever may see them: nothing is left to point at a record that was put away. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Entity, Field } from '../../model/model.js'
import { all, type Predicate } from '../../model/conditions/predicate.js'
import * as changes from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import { hold, idsWhere } from '../../storage/derived.js'
import { linkedFrom, listedIds } from '../../storage/links.js'
import type { MovedReference } from '../../storage/own/merges.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { bindingsAt, type Written } from '../derived/writing.js'
import { followingAll, settle, writingOf } from '../records/derive.js'
import { idOf, type Rec } from '../records/row.js'
import { archivedIs } from '../rights/rights.js'

/** More would hold up everybody else for too long. */
export const referencesMax = 20_000

/** A field of some entity that points to records of another, one or many. */
interface Pointer {
  readonly entity: Entity
  readonly field: Field
}

/** Fields of all entities that point to records of `entity`, without who made, changed and owns. */
const pointersTo = (call: Call, target: Entity): readonly Pointer[] =>
  [...call.model.entities.values()].flatMap((entity) =>
    [...entity.fields.values()].filter((field) => !field.system && (field.link?.to === target.name || field.links?.to === target.name)).map((field) => ({ entity, field })))

/** Moves every reference to `other` to `survivor`; computed values that depend on them follow. */
export async function moveReferences(tx: Executor, call: Call, target: Entity, other: number, survivor: number): Promise<readonly MovedReference[]> {
  const moved: MovedReference[] = []
  const written: Written[] = []
  for (const pointer of pointersTo(call, target)) {
    const ids = await pointing(tx, call, pointer, other)
    if (ids.length + moved.length > referencesMax) throw new Problem('merge.tooMany', { limit: referencesMax })
    for (const { record } of (await hold(tx, pointer.entity, ids, 'change')).values()) {
      const how = await fate(tx, call, pointer, target, record, survivor)
      const value = how === 'emptied' ? withoutBoth(pointer.field, record, other, survivor) : replaced(pointer.field, record, other, survivor)
      const after = how === 'archived' ? await putAway(tx, call, pointer.entity, record) : await pointTo(tx, call, pointer, record, value)
      written.push({ entity: pointer.entity, before: record, after })
      moved.push({ entity: pointer.entity.id, field: pointer.field.id, id: idOf(record), from: other, how })
    }
  }
  await settle(tx, writingOf(call), written)
  return moved
}

/**
 * Moves references back that a merge moved, as far as they still are as it left them.
 * @returns those that were changed since and stay
 */
export async function returnReferences(tx: Executor, call: Call, references: readonly MovedReference[], survivor: number): Promise<readonly MovedReference[]> {
  const kept: MovedReference[] = []
  const written: Written[] = []
  for (const reference of references) {
    const entity = [...call.model.entities.values()].find((one) => one.id === reference.entity)
    const field = entity === undefined ? undefined : [...entity.fields.values()].find((one) => one.id === reference.field)
    const record = entity === undefined ? undefined : (await hold(tx, entity, [reference.id], 'change')).get(reference.id)?.record
    if (entity === undefined || field === undefined || record === undefined) continue
    const after = await returned(tx, call, { entity, field }, record, reference, survivor)
    if (after === undefined) kept.push(reference)
    else written.push({ entity, before: record, after })
  }
  await settle(tx, writingOf(call), written)
  return kept
}

async function returned(tx: Executor, call: Call, pointer: Pointer, record: Rec, { how, from }: MovedReference, survivor: number): Promise<Rec | undefined> {
  if (how === 'archived') return record['archivedAt'] === null ? undefined : bringBack(tx, call, pointer.entity, record)
  const value = record[pointer.field.key] ?? null
  if (pointer.field.links !== null) {
    const listed = listedIds(value)
    if (how === 'moved' && !listed.includes(survivor)) return undefined
    return pointTo(tx, call, pointer, record, [...listed.filter((id) => how === 'emptied' || id !== survivor), from])
  }
  const expected = how === 'emptied' ? null : survivor
  return value === expected ? pointTo(tx, call, pointer, record, from) : undefined
}

const pointing = async (tx: Executor, call: Call, { entity, field }: Pointer, target: number): Promise<readonly number[]> =>
  field.links === null ? idsWhere(tx, entity, pointsTo(field, target), referencesMax + 1, bindingsAt(call.model, call.at)) : linkedFrom(tx, field, target, referencesMax + 1)

const pointsTo = (field: Field, target: number): Predicate => ({ kind: 'compare', field, operator: '$eq', operand: { kind: 'value', cell: target } })

/** What becomes of a record that points to the one that goes. */
async function fate(tx: Executor, call: Call, pointer: Pointer, target: Entity, record: Rec, survivor: number): Promise<MovedReference['how']> {
  const { entity, field } = pointer
  if (entity === target && idOf(record) === survivor) return 'emptied'
  if (field.links !== null) return listedIds(record[field.key]).includes(survivor) ? 'emptied' : 'moved'
  return record['archivedAt'] === null && (await isTaken(tx, call, pointer, record, survivor)) ? 'archived' : 'moved'
}

/** True when a combination that must be unique would occur twice. */
async function isTaken(tx: Executor, call: Call, { entity, field }: Pointer, record: Rec, survivor: number): Promise<boolean> {
  const [column] = field.columns
  for (const index of entity.indexes) {
    if (!index.unique || column === undefined || !index.columns.includes(column.name)) continue
    const others = index.columns.filter((name) => name !== column.name).map((name) => [...entity.fields.values()].find((one) => one.columns.some((candidate) => candidate.name === name)))
    const conditions = others.flatMap((other): readonly Predicate[] => {
      const [cell = null] = other?.type.toColumns(record[other.key] ?? null, other.options) ?? []
      return other === undefined || cell === null ? [] : [{ kind: 'compare', field: other, operator: '$eq', operand: { kind: 'value', cell } }]
    })
    if (conditions.length < others.length) continue // a missing value is never the same as another
    if ((await idsWhere(tx, entity, all(archivedIs(entity, false), pointsTo(field, survivor), ...conditions), 1, bindingsAt(call.model, call.at))).length > 0) return true
  }
  return false
}

const replaced = (field: Field, record: Rec, other: number, survivor: number): Json =>
  field.links === null ? survivor : listedIds(record[field.key]).map((id) => (id === other ? survivor : id))

const withoutBoth = (field: Field, record: Rec, other: number, survivor: number): Json =>
  field.links === null ? null : listedIds(record[field.key]).filter((id) => id !== other && (id !== survivor || idOf(record) !== survivor))

async function pointTo(tx: Executor, call: Call, { entity, field }: Pointer, before: Rec, value: Json): Promise<Rec> {
  const writing = writingOf(call)
  const sent = { [field.key]: value }
  const [values = sent] = await followingAll(tx, writing, entity, [{ before, values: sent }])
  const saved = await records.update(tx, entity, idOf(before), values, { by: call.actor.id, at: call.at }, null, '', true)
  if (saved === null) throw new Error('a record that is held is not there')
  await changes.append(tx, [{ entity, record: saved, action: 'updated', by: call.actor.id, at: call.at, changes: changesOf(entity, before, saved, Object.keys(values)) }])
  return saved
}

const changesOf = (entity: Entity, before: JsonObject, after: JsonObject, keys: readonly string[]): Readonly<Record<string, readonly [Json, Json]>> =>
  Object.fromEntries(keys.flatMap((name) => [name, entity.fields.get(name)?.within ?? name]).flatMap((key) => {
    const field = entity.fields.get(key)
    return field === undefined ? [] : [[field.id, [before[key] ?? null, after[key] ?? null] as const]]
  }))

export const putAway = (tx: Executor, call: Call, entity: Entity, record: Rec): Promise<Rec> => setArchived(tx, call, entity, record, true)
export const bringBack = (tx: Executor, call: Call, entity: Entity, record: Rec): Promise<Rec> => setArchived(tx, call, entity, record, false)

async function setArchived(tx: Executor, call: Call, entity: Entity, record: Rec, archived: boolean): Promise<Rec> {
  const saved = await records.setArchived(tx, entity, idOf(record), archived, { by: call.actor.id, at: call.at })
  await changes.append(tx, [{ entity, record: saved, action: archived ? 'archived' : 'restored', by: call.actor.id, at: call.at, changes: null }])
  return saved
}
