/** Creating and changing one record. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Entity } from '../../model/model.js'
import { treeField } from '../../model/tree.js'
import type { EntityAccess, WriteGrant } from '../../permissions/access.js'
import * as changes from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { exclusively, once, type OnceKey } from '../idempotency.js'
import { changeLines, insertLines, withoutLines, type LinesChange, type Saving } from './lines.js'
import { prepareCreate, prepareUpdate } from './prepare.js'
import { describedFiles, holdFilesOf } from '../rights/files.js'
import { assertLinks, keepingUnseen } from '../rights/links.js'
import { presented } from '../rights/present.js'
import { assertReach, coveringBefore } from '../rights/reach.js'
import { accessTo, readableRows } from '../rights/rights.js'
import { completed, followingAll, holdTrees, settle, writingOf } from './derive.js'
import { idOf, versionOf, type PreparedRow, type Rec } from './row.js'
import { missingFinding } from './missing.js'
import { ruled, type Unruled } from './ruled.js'
import { staleness } from './stale.js'
import { assertStays, begun } from './states.js'
import { assertInForce, inForce } from '../unit.js'
import { tell } from '../notifications/tell.js'
import { assertAdministratorRemains } from '../people/last-administrator.js'
import { assertGrantable } from '../people/users.js'

export interface CreateCommand {
  readonly entity: string
  readonly body: JsonObject
  readonly once?: OnceKey
}

export interface UpdateCommand {
  readonly entity: string
  readonly id: number
  readonly body: JsonObject
  /** The version that the caller saw; absent: the last write wins, field by field. */
  readonly ifVersion?: number
}

/**
 * Creates a record and gives it as the caller may read it.
 * @throws Problem request.path, access.denied, field.*, record.invalid, record.conflict, record.outOfReach, idempotency.*
 */
export const create = (call: Call, command: CreateCommand): Promise<Rec> =>
  exclusively(call, command.once, () =>
    inForce(call, (call) => {
      const access = accessTo(call, command.entity)
      const row = prepareCreate(access, command.body, '')
      return call.engine.database.write(async (tx) => {
        await assertInForce(tx, call.model)
        return once(tx, call, command.once, async () => {
          const [saved] = await insertChecked(tx, call, access, [row])
          if (saved === undefined) throw new Error('an insert gave no record')
          return presented(tx, call, access, saved, row.keys)
        })
      })
    }),
  )

/**
 * Changes the fields that were sent and gives the record as the caller may read it.
 * @throws Problem request.path, access.*, field.*, record.unavailable, record.stale, record.invalid, record.conflict, record.outOfReach
 */
export const update = (call: Call, command: UpdateCommand): Promise<Rec> =>
  inForce(call, (call) => {
    const access = accessTo(call, command.entity)
    const row = prepareUpdate(access, command.body, '')
    return call.engine.database.write(async (tx) => {
      await assertInForce(tx, call.model)
      await holdTrees(tx, call.model, access.entity, row.keys.includes(treeField(access.entity)?.key ?? '') ? 'moves' : 'changes')
      const before = await loadReadable(tx, call, access, command.id)
      if (command.ifVersion !== undefined && before['version'] !== command.ifVersion) throw await staleness(tx, call, access, before, command.body, command.ifVersion)
      const saved = await updateChecked(tx, call, access, before, row)
      return presented(tx, call, access, saved, row.keys)
    })
  })

/** The record in full, when the caller may read it and it is not archived. @throws Problem record.unavailable */
export async function loadReadable(tx: Executor, call: Call, access: EntityAccess, id: number, archived = false): Promise<Rec> {
  const found = await records.load(tx, access.entity, id, readableRows(access, archived), call.bindings)
  if (found === null) throw new Problem('record.unavailable')
  return found
}

/** Inserts rows of one entity with their lines; every rule is checked before the unit ends. */
export async function insertChecked(tx: Executor, call: Call, access: EntityAccess, prepared: readonly PreparedRow[]): Promise<readonly Rec[]> {
  await holdTrees(tx, call.model, access.entity, 'adds')
  const parts = prepared.map((row) => withoutLines(call, access.entity, begun(call, access, row)))
  const rows = await describedFiles(tx, call, access.entity, parts.map(({ row }) => row))
  for (const row of rows) assertRoles(call, access.entity, row.values, undefined)
  await assertLinks(tx, call, access.entity, rows)
  const stamp = { by: call.actor.id, at: call.at, owner: call.actor.id }
  const writing = writingOf(call)
  const settled = await ruled(tx, call, access, rows.map(({ values, at }) => ({ before: null, values, at })))
  const values = await completed(tx, writing, access.entity, settled.map((one) => one.values), stamp.owner)
  const saved = await records.insert(tx, access.entity, values, stamp, (index) => rows[index]?.at ?? '')
  const changed = new Set(access.entity.fields.keys())
  for (const record of saved) await holdFilesOf(tx, access.entity, record, changed, call.at, true)
  const written = rows.map((row, index) => {
    const record = saved[index]
    if (record === undefined) throw new Error('an insert gave fewer records than rows')
    assertRules(access, record, row.at)
    assertFilled(access, null, record, row.at)
    return { record, row, changed }
  })
  await assertReach(tx, call, access, access.create, written)
  await tell(tx, call, access.entity, written.map(({ record, row }) => ({ before: null, after: record, at: row.at })))
  await changes.append(tx, saved.map((record, index) => ({ entity: access.entity, record, action: 'created', by: call.actor.id, at: call.at, changes: null, byRule: settled[index]?.byRule ?? [] })))
  await settle(tx, writing, saved.map((after) => ({ entity: access.entity, before: null, after })))
  await insertLines(tx, call, written.map(({ record }, index) => ({ record, lines: parts[index]?.lines ?? [] })), saving)
  return saved
}

/** A record that was loaded in this unit, and what is to change in it. */
export interface Change {
  readonly before: Rec
  readonly row: PreparedRow
}

/** Changes a record with its lines. Nothing happens when nothing differs. */
export async function updateChecked(tx: Executor, call: Call, access: EntityAccess, before: Rec, prepared: PreparedRow): Promise<Rec> {
  const { row, lines } = withoutLines(call, access.entity, prepared)
  const [covering = []] = await coveringBefore(tx, call, access, [{ before, row }])
  const moves: LinesChange[] = []
  for (const sent of lines) moves.push(await changeLines(tx, call, idOf(before), sent, saving))
  const [saved = before] = await updateCovered(tx, call, access, [{ before, row, covering }], moves.filter(({ differs }) => differs))
  return saved
}

/** Changes many records of one entity, each once: a constant number of statements, however many. */
export async function updateAllChecked(tx: Executor, call: Call, access: EntityAccess, changed: readonly Change[]): Promise<readonly Rec[]> {
  if (changed.some(({ row }) => withoutLines(call, access.entity, row).lines.length > 0)) {
    const saved: Rec[] = []
    for (const { before, row } of changed) saved.push(await updateChecked(tx, call, access, before, row))
    return saved
  }
  const covering = await coveringBefore(tx, call, access, changed)
  return updateCovered(tx, call, access, changed.map((one, index) => ({ ...one, covering: covering[index] ?? [] })), [])
}

/** Lines are saved like every other record. */
const saving: Saving = { insert: insertChecked, update: updateAllChecked }

type Covered = Change & { readonly covering: readonly WriteGrant[] }

/** @param moves lines of the only record that changed already: it is saved, even when nothing else differs */
async function updateCovered(tx: Executor, call: Call, access: EntityAccess, changed: readonly Covered[], moves: readonly LinesChange[]): Promise<readonly Rec[]> {
  const { entity } = access
  const differing: (Unruled & { readonly one: Covered; readonly before: Rec; readonly moved: boolean })[] = []
  for (const one of changed) {
    const [row = one.row] = await describedFiles(tx, call, entity, [one.row], one.before)
    const values = Object.fromEntries(differences(one.before, await keepingUnseen(tx, call, entity, one.before, row)))
    const moved = moves.length > 0 || row.transition !== undefined
    if (Object.keys(values).length === 0 && !moved) continue
    assertStays(entity, values, row)
    differing.push({ one, before: one.before, values, at: row.at, moved })
  }
  await assertLinks(tx, call, entity, differing.map(({ one, values, before }) => ({ ...one.row, values, before })))
  const settled = await ruled(tx, call, access, differing)
  const sent = differing.flatMap(({ one, moved }, index) => {
    const { values = {}, byRule = [] } = settled[index] ?? {}
    return Object.keys(values).length > 0 || moved ? [{ one, values, byRule }] : []
  })
  for (const { one, values } of sent) assertRoles(call, entity, values, one.before)
  const writing = writingOf(call)
  const following = await followingAll(tx, writing, entity, sent.map(({ one, values }) => ({ before: one.before, values })))
  const all = sent.map(({ one, byRule }, index) => ({ ...one, values: following[index] ?? {}, byRule }))
  for (const { before, values, row } of all) {
    assertRules(access, { ...before, ...values }, row.at)
    assertFilled(access, before, { ...before, ...values }, row.at)
  }
  const stored = await store(tx, call, entity, all)
  const written = all.map(({ before, row, covering, values, byRule }) => {
    const record = stored.get(idOf(before))
    if (record === undefined) throw new Problem('record.unavailable')
    return { before, covering, values, byRule, written: { record, row, changed: new Set(Object.keys(values)) } }
  })
  for (const { written: { record, changed: keys } } of written) await holdFilesOf(tx, entity, record, keys, call.at, false)
  for (const group of sameGrants(access, written)) await assertReach(tx, call, access, group[0]?.covering ?? [], group.map((one) => one.written))
  await assertAdministratorRemains(tx, call, entity, written.flatMap(({ before, written: { changed: keys } }) => (keys.has('roles') || keys.has('active') ? [before] : [])))
  await tell(tx, call, entity, written.map(({ before, written: { record, row } }) => ({ before, after: record, at: row.at })))
  await changes.append(tx, written.map(({ before, values, byRule, written: { record, row: { transition } } }) => (
    { entity, record, byRule, ...(transition === undefined ? { action: 'updated' } : { action: 'transitioned', transition }), by: call.actor.id, at: call.at, changes: { ...pairs(entity, before, record, Object.keys(values)), ...linePairs(moves) } })))
  await settle(tx, writing, written.map(({ before, written: { record } }) => ({ entity, before, after: record })))
  return changed.map(({ before }) => stored.get(idOf(before)) ?? before)
}

/** Records that the same grants cover are asked about together. */
function sameGrants<T extends Pick<Covered, 'covering'>>(access: EntityAccess, all: readonly T[]): Iterable<readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const key = one.covering.map((grant) => access.update.indexOf(grant)).join()
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return groups.values()
}

/** The stored records by id. One by one it is the statement that is compiled already. */
async function store(tx: Executor, call: Call, entity: Entity, all: readonly (Change & { readonly values: PreparedRow['values'] })[]): Promise<ReadonlyMap<number, Rec>> {
  const [only] = all
  const stamp = { by: call.actor.id, at: call.at }
  if (only === undefined) return new Map()
  if (all.length > 1) {
    const rows = all.map(({ before, values }) => ({ id: idOf(before), version: versionOf(before), values, whole: { ...before, ...values } }))
    return records.updateAll(tx, entity, rows, stamp, only.row.at)
  }
  const saved = await records.update(tx, entity, idOf(only.before), only.values, stamp, versionOf(only.before), only.row.at)
  return new Map(saved === null ? [] : [[idOf(saved), saved]])
}

const linePairs = (moves: readonly LinesChange[]): Readonly<Record<string, readonly [Json, Json]>> =>
  Object.fromEntries(moves.filter(({ before, after }) => before.join() !== after.join()).map(({ field, before, after }) => [field.id, [before, after] as const]))

/** Users are records like others, but nobody gives roles that they do not hold. */
function assertRoles(call: Call, entity: Entity, values: PreparedRow['values'], before: Rec | undefined): void {
  if (entity.id !== 'user' || !Object.hasOwn(values, 'roles')) return
  assertGrantable(call.model, { roles: call.actor.roles, design: call.access.design }, values['roles'], before?.['roles'])
}

/** A rule may stand at a field that the caller does not know: then it is told of the record. */
function assertRules(access: EntityAccess, record: Rec, at: string): void {
  if (access.entity.rules.length === 0) return
  const place = (path: string): string => (access.field(path.slice(1)) === undefined ? at : `${at}${path}`)
  const findings = access.entity.checkRules(record).map((finding) => ({ ...finding, path: place(finding.path) }))
  if (findings.length > 0) throw new Problem('record.invalid', {}, { problems: findings })
}

/** Fields that became required, or lost the value that they need, by this write; what was missing before holds nobody up. */
function assertFilled(access: EntityAccess, before: Rec | null, after: Rec, at: string): void {
  const lacking = access.entity.lacking(after)
  if (lacking.length === 0) return
  const lackedBefore = before === null ? [] : access.entity.lacking(before)
  const problems = lacking.filter((field) => !lackedBefore.includes(field)).map(({ key }) => missingFinding(access, key, at))
  if (problems.length > 0) throw new Problem('record.invalid', {}, { problems })
}

function differences(before: Rec, values: Readonly<Record<string, Json>>): Map<string, Json> {
  return new Map(Object.entries(values).filter(([key, value]) => !sameValue(before[key] ?? null, value)))
}

// Values are canonical, so equal ones are spelled alike; objects keep the order in which they were stored.
const sameValue = (a: Json, b: Json): boolean => a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))

function pairs(entity: Entity, before: Rec, after: Rec, keys: Iterable<string>): Readonly<Record<string, readonly [Json, Json]>> {
  const changed: Record<string, readonly [Json, Json]> = {}
  for (const key of keys) {
    const field = entity.fields.get(key)
    if (field !== undefined) changed[field.id] = [before[key] ?? null, after[key] ?? null]
  }
  return changed
}
