/** Several records become one: the survivor takes the chosen values and every reference; the others are put away. And back. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Executor } from '../../storage/contract.js'
import { addMerge, endMerge, mergeOf, survivorOf, type MovedReference } from '../../storage/own/merges.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { holdTrees, settle, writingOf } from '../records/derive.js'
import { assertGranted, prepareUpdate } from '../records/prepare.js'
import { reachable } from '../records/remove.js'
import { idOf, isId, type Rec } from '../records/row.js'
import { loadReadable, updateChecked } from '../records/write.js'
import { presented } from '../rights/present.js'
import { coveringBefore } from '../rights/reach.js'
import { accessTo, granted, readableRows } from '../rights/rights.js'
import { ownSelection } from '../rights/selection.js'
import { assertInForce, DryRun, inForce } from '../unit.js'
import { bringBack, moveReferences, putAway, returnReferences } from './references.js'

export const mergeLimits = { othersMax: 20 } as const

export interface MergeCommand {
  readonly entity: string
  readonly survivor: number
  readonly others: readonly number[]
  /** Field key → id of the record whose value the survivor gets. Fields that are not named keep the survivor's. */
  readonly values: Readonly<Record<string, number>>
  /** Tells what would happen and keeps nothing. */
  readonly dryRun: boolean
}

export interface MergeOutcome extends JsonObject {
  /** To undo it; null for a dry run. */
  readonly merge: number | null
  readonly record: JsonObject
  /** References that follow, as far as the caller may see the records that have them. */
  readonly moved: readonly { readonly entity: string; readonly count: number }[]
}

/**
 * @throws Problem request.path, request.invalid, access.denied, access.field, field.*, record.unavailable, record.invalid,
 *   record.conflict, record.outOfReach, merge.tooMany, merge.refused (people, who have accounts)
 */
export const merge = (call: Call, command: MergeCommand): Promise<MergeOutcome> =>
  inForce(call, async (call) => {
    const access = mergeable(call, command)
    try {
      return await call.engine.database.write(async (tx) => {
        await assertInForce(tx, call.model)
        await holdTrees(tx, call.model, access.entity, 'moves')
        const outcome = await mergeInUnit(tx, call, access, command)
        if (command.dryRun) throw new DryRun(outcome)
        return outcome
      })
    } catch (error) {
      if (error instanceof DryRun) return error.outcome as MergeOutcome // thrown above, with this outcome
      throw error
    }
  })

function mergeable(call: Call, { entity, survivor, others }: MergeCommand): EntityAccess {
  const access = accessTo(call, entity)
  assertGranted(access.update)
  granted(access.archive)
  if (access.entity.id === 'user') throw new Problem('merge.refused')
  if (others.length === 0 || others.length > mergeLimits.othersMax || new Set([survivor, ...others]).size !== others.length + 1) {
    throw new Problem('request.invalid', { reason: `others are 1 to ${String(mergeLimits.othersMax)} records, each once and not the survivor` })
  }
  return access
}

async function mergeInUnit(tx: Executor, call: Call, access: EntityAccess, command: MergeCommand): Promise<MergeOutcome> {
  const { entity } = access
  const rows = granted(access.archive)
  await reachableForUpdate(tx, call, access, command.survivor)
  const others: Rec[] = []
  for (const id of command.others) {
    await reachableForUpdate(tx, call, access, id)
    others.push(await reachable(tx, call, access, { entity: entity.name, id }, rows, false))
  }
  const row = prepareUpdate(access, await chosenValues(tx, call, access, command), '')
  const references: MovedReference[] = []
  for (const other of others) {
    references.push(...(await moveReferences(tx, call, entity, idOf(other), command.survivor)))
    const after = await putAway(tx, call, entity, other)
    await settle(tx, writingOf(call), [{ entity, before: other, after }])
  }
  const before = await loadReadable(tx, call, access, command.survivor)
  const saved = await updateChecked(tx, call, access, before, row)
  const changes = Object.fromEntries(row.keys.flatMap((key) => {
    const field = entity.fields.get(key)
    return field === undefined || same(before[key], saved[key]) ? [] : [[field.id, [before[key] ?? null, saved[key] ?? null]]]
  }))
  const id = await addMerge(tx, entity, command.survivor, { others: command.others, references, changes }, { by: call.actor.id, at: call.at })
  return { merge: command.dryRun ? null : id, record: await presented(tx, call, access, saved, row.keys), moved: await visible(tx, call, references) }
}

/** The record, when the caller may change it. */
async function reachableForUpdate(tx: Executor, call: Call, access: EntityAccess, id: number): Promise<void> {
  await coveringBefore(tx, call, access, [{ before: await loadReadable(tx, call, access, id), row: { at: '', keys: [], values: {} } }])
}

/** Only what the caller reads in full may be taken over: a merge shows nothing that was hidden. */
async function chosenValues(tx: Executor, call: Call, access: EntityAccess, { survivor, others, values }: MergeCommand): Promise<JsonObject> {
  const seen = new Map<number, Rec | null>()
  const body: Record<string, Json> = {}
  for (const [key, id] of Object.entries(values)) {
    if (id === survivor) continue
    if (!others.includes(id)) throw new Problem('request.invalid', { reason: `${key.slice(0, 60)} is to come from a record that is not merged` })
    if (!seen.has(id)) seen.set(id, await records.get(tx, { entity: access.entity, rows: readableRows(access, false), id, archived: 'without', selection: ownSelection(call.access, access) }, call.bindings))
    const record = seen.get(id)
    const masked = access.field(key)?.masked !== undefined
    if (access.field(key)?.how !== 'full' || masked || record === undefined || record === null || !Object.hasOwn(record, key)) throw new Problem('access.field', { field: key.slice(0, 200) })
    body[key] = record[key] ?? null
  }
  return body
}

const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** By entity, only of records and fields that the caller may read: what is hidden moves as well and is not told. */
async function visible(tx: Executor, call: Call, references: readonly MovedReference[]): Promise<readonly { entity: string; count: number }[]> {
  const counts: { entity: string; count: number }[] = []
  for (const entity of call.model.entities.values()) {
    const access = call.access.entity(entity.name)
    if (access === undefined) continue
    const readable = new Set([...entity.fields.values()].filter((field) => access.field(field.key)?.how === 'full' && access.field(field.key)?.visible === undefined).map((field) => field.id))
    const ids = [...new Set(references.filter((one) => one.entity === entity.id && readable.has(one.field)).map(({ id }) => id))]
    if (ids.length === 0) continue
    const seen = await records.existing(tx, { entity, rows: access.rows, ids }, call.bindings)
    if (seen.size > 0) counts.push({ entity: entity.name, count: seen.size })
  }
  return counts
}

export interface UnmergeOutcome extends JsonObject {
  readonly record: JsonObject
  readonly restored: readonly number[]
  /** What was changed since the merge and stays as it is: fields of the survivor, references that the caller may see. */
  readonly kept: { readonly fields: readonly string[]; readonly references: readonly { readonly entity: string; readonly count: number }[] }
}

/**
 * Takes a merge back: the others return, and so do their references and the survivor's values, unless they were changed since.
 * @throws Problem request.path, access.denied, record.unavailable, record.conflict when a unique value was taken meanwhile
 */
export const unmerge = (call: Call, command: { readonly entity: string; readonly merge: number }): Promise<UnmergeOutcome> =>
  inForce(call, (call) => {
    const access = accessTo(call, command.entity)
    assertGranted(access.update)
    const rows = granted(access.archive)
    const { entity } = access
    return call.engine.database.write(async (tx) => {
      await assertInForce(tx, call.model)
      await holdTrees(tx, call.model, entity, 'moves')
      const done = await mergeOf(tx, entity, command.merge)
      if (done === null || done.undone) throw new Problem('record.unavailable')
      const before = await loadReadable(tx, call, access, done.survivor)
      const fields = [...entity.fields.values()].filter((field) => done.detail.changes[field.id] !== undefined)
      const unchanged = fields.filter((field) => same(before[field.key], done.detail.changes[field.id]?.[1]))
      const row = prepareUpdate(access, Object.fromEntries(unchanged.map((field) => [field.key, done.detail.changes[field.id]?.[0] ?? null])), '')
      await updateChecked(tx, call, access, before, row)
      for (const id of done.detail.others) {
        const other = await reachable(tx, call, access, { entity: entity.name, id }, rows, true)
        await settle(tx, writingOf(call), [{ entity, before: other, after: await bringBack(tx, call, entity, other) }])
      }
      const kept = await returnReferences(tx, call, done.detail.references, done.survivor)
      await endMerge(tx, done.id, call.at)
      const survivor = await loadReadable(tx, call, access, done.survivor)
      return {
        record: await presented(tx, call, access, survivor, row.keys),
        restored: done.detail.others,
        kept: { fields: fields.filter((field) => !unchanged.includes(field) && access.field(field.key) !== undefined).map(({ key }) => key), references: await visible(tx, call, kept) },
      }
    })
  })

/** Where a record went that was merged, when the caller may read the survivor. */
export async function mergedInto(call: Call, entityName: string, id: number): Promise<number | null> {
  const access = accessTo(call, entityName)
  const survivor = await survivorOf(call.engine.database.read, access.entity, id)
  if (survivor === null) return null
  return (await records.exists(call.engine.database.read, { entity: access.entity, rows: readableRows(access, false), id: survivor }, call.bindings)) ? survivor : null
}

/** Reads a merge as it was sent. @throws Problem request.invalid */
export function readMerge(entity: string, body: JsonObject, dryRun: boolean): MergeCommand {
  const { survivor, others, values = {} } = body
  if (!isId(survivor) || !Array.isArray(others) || !(others as readonly Json[]).every(isId)) throw new Problem('request.invalid', { reason: 'survivor is a record and others are a list of records' })
  if (!isObject(values) || !Object.values(values).every(isId)) throw new Problem('request.invalid', { reason: 'values name a record for each field' })
  return { entity, survivor, others, values: values as Readonly<Record<string, number>>, dryRun } // checked in the lines above
}
