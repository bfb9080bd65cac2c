/** Creating and changing one record. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Entity, Validated } from '../../model/model.js'
import { assertSettable } from '../../permissions/fields.js'
import type { EntityAccess, WriteGrant } from '../../permissions/access.js'
import * as changes from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { exclusively, once, type OnceKey } from '../idempotency.js'
import { assertLinks, keepingUnseen } from '../rights/links.js'
import { presented } from '../rights/present.js'
import { assertReach, coveringBefore } from '../rights/reach.js'
import { accessTo, readableRows } from '../rights/rights.js'
import { completed, following, settle, writingOf } from './derive.js'
import { idOf, versionOf, type PreparedRow, type Rec } from './row.js'
import { staleness } from './stale.js'
import { assertInForce, inForce } from '../unit.js'
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
      const before = await loadReadable(tx, call, access, command.id)
      if (command.ifVersion !== undefined && before['version'] !== command.ifVersion) throw await staleness(tx, call, access, before, command.body, command.ifVersion)
      const saved = await updateChecked(tx, call, access, before, row)
      return presented(tx, call, access, saved, row.keys)
    })
  })

/** Rights on keys, then values. @throws Problem access.denied, field.*, record.invalid */
export function prepareCreate(access: EntityAccess, body: JsonObject, at: string): PreparedRow {
  assertGranted(access.create)
  assertSettable(access, access.create, Object.keys(body), at)
  return { at, keys: Object.keys(body), values: accepted(access.entity.validateCreate(body), at) }
}

/** The same for a change. */
export function prepareUpdate(access: EntityAccess, body: JsonObject, at: string): PreparedRow {
  assertGranted(access.update)
  assertSettable(access, access.update, Object.keys(body), at)
  return { at, keys: Object.keys(body), values: accepted(access.entity.validatePatch(body), at) }
}

/** The record in full, when the caller may read it and it is not archived. @throws Problem record.unavailable */
export async function loadReadable(tx: Executor, call: Call, access: EntityAccess, id: number, archived = false): Promise<Rec> {
  const found = await records.load(tx, access.entity, id, readableRows(access, archived), call.bindings)
  if (found === null) throw new Problem('record.unavailable')
  return found
}

/** Inserts rows of one entity; every rule is checked before the unit ends. */
export async function insertChecked(tx: Executor, call: Call, access: EntityAccess, rows: readonly PreparedRow[]): Promise<readonly Rec[]> {
  for (const row of rows) assertRoles(call, access.entity, row.values, undefined)
  await assertLinks(tx, call, access.entity, rows)
  const stamp = { by: call.actor.id, at: call.at, owner: call.actor.id }
  const writing = writingOf(call)
  const values = await completed(tx, writing, access.entity, rows.map((row) => row.values), stamp.owner)
  const saved = await records.insert(tx, access.entity, values, stamp, (index) => rows[index]?.at ?? '')
  const changed = new Set(access.entity.fields.keys())
  const written = rows.map((row, index) => {
    const record = saved[index]
    if (record === undefined) throw new Error('an insert gave fewer records than rows')
    assertRules(access, record, row.at)
    return { record, row, changed }
  })
  await assertReach(tx, call, access, access.create, written)
  await changes.append(tx, saved.map((record) => ({ entity: access.entity, record, action: 'created', by: call.actor.id, at: call.at, changes: null })))
  await settle(tx, writing, saved.map((after) => ({ entity: access.entity, before: null, after })))
  return saved
}

/** Changes a record that was loaded in this unit. Nothing happens when nothing differs. */
export async function updateChecked(tx: Executor, call: Call, access: EntityAccess, before: Rec, row: PreparedRow): Promise<Rec> {
  const covering = await coveringBefore(tx, call, access, before, row)
  const differing = differences(before, await keepingUnseen(tx, call, access.entity, before, row))
  if (differing.size === 0) return before
  const sent = Object.fromEntries(differing)
  assertRoles(call, access.entity, sent, before)
  await assertLinks(tx, call, access.entity, [{ ...row, values: sent }], before)
  const writing = writingOf(call)
  const values = await following(tx, writing, access.entity, before, sent)
  assertRules(access, { ...before, ...values }, row.at)
  const saved = await records.update(tx, access.entity, idOf(before), values, { by: call.actor.id, at: call.at }, versionOf(before), row.at)
  if (saved === null) throw new Problem('record.unavailable')
  await assertReach(tx, call, access, covering, [{ record: saved, row, changed: new Set(Object.keys(values)) }])
  await changes.append(tx, [{ entity: access.entity, record: saved, action: 'updated', by: call.actor.id, at: call.at, changes: pairs(access.entity, before, saved, Object.keys(values)) }])
  await settle(tx, writing, [{ entity: access.entity, before, after: saved }])
  return saved
}

/** @throws Problem access.denied when no role grants the action on any row */
export function assertGranted(grants: readonly WriteGrant[]): void {
  if (grants.length === 0) throw new Problem('access.denied')
}

/** Users are records like others, but nobody gives roles that they do not hold. */
function assertRoles(call: Call, entity: Entity, values: PreparedRow['values'], before: Rec | undefined): void {
  if (entity.id !== 'user' || !Object.hasOwn(values, 'roles')) return
  assertGrantable(call.model, { roles: call.actor.roles, design: call.access.design }, values['roles'], before?.['roles'])
}

function accepted(checked: Validated, at: string): Readonly<Record<string, Json>> {
  if (checked.findings.length === 0) return checked.values
  throw new Problem('record.invalid', {}, { problems: checked.findings.map((finding) => ({ ...finding, path: `${at}${finding.path}` })) })
}

/** A rule may stand at a field that the caller does not know: then it is told of the record. */
function assertRules(access: EntityAccess, record: Rec, at: string): void {
  if (access.entity.rules.length === 0) return
  const place = (path: string): string => (access.field(path.slice(1)) === undefined ? at : `${at}${path}`)
  const findings = access.entity.checkRules(record).map((finding) => ({ ...finding, path: place(finding.path) }))
  if (findings.length > 0) throw new Problem('record.invalid', {}, { problems: findings })
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
