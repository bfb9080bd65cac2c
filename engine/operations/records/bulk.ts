/** Many rows in one unit: all or nothing, with the findings of every row. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { all, type Predicate } from '../../model/conditions/predicate.js'
import type { Field } from '../../model/model.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { exclusively, once, type OnceKey } from '../idempotency.js'
import { filtered } from './read.js'
import { accessTo, readableRows, systemField } from '../rights/rights.js'
import { Faults } from './faults.js'
import { idOf, versionOf, type Rec } from './row.js'
import { everyField } from '../rights/selection.js'
import { holdTrees } from './derive.js'
import { assertInForce, DryRun, inForce } from '../unit.js'
import { assertGranted, prepareCreate, prepareUpdate } from './prepare.js'
import { lifecycleFor, transitChecked } from './transition.js'
import { insertChecked, updateChecked } from './write.js'

export const bulkLimits = { rowsMax: 1000 } as const

export interface BulkCommand {
  readonly entity: string
  /** As it was sent: one of create, update, update with transition, upsert with key, where with set. */
  readonly body: JsonObject
  /** Checks everything, keeps nothing. */
  readonly dryRun: boolean
  readonly once?: OnceKey
}

export interface BulkOutcome extends JsonObject {
  readonly created: number
  readonly updated: number
  readonly dryRun: boolean
  /** In the order in which rows were sent; records of `where` in the order of their ids. */
  readonly records: readonly { readonly id: number; readonly version: number }[]
}

/**
 * @throws Problem request.invalid, request.tooLarge, and everything that a single create or update throws, with the
 * path of the row (`/create/17/name`) in each finding
 */
export const bulk = (call: Call, command: BulkCommand): Promise<BulkOutcome> =>
  exclusively(call, command.once, () =>
    inForce(call, async (call) => {
      const access = accessTo(call, command.entity)
      const work = prepare(call, access, command.body)
      try {
        return await call.engine.database.write(async (tx) => {
          await assertInForce(tx, call.model)
          await holdTrees(tx, call.model, access.entity, Object.hasOwn(command.body, 'create') ? 'adds' : 'moves')
          const outcome = await once(tx, call, command.dryRun ? undefined : command.once, async () => outcomeOf(await work(tx), command.dryRun))
          if (command.dryRun) throw new DryRun(outcome)
          return outcome
        })
      } catch (error) {
        if (error instanceof DryRun) return error.outcome as BulkOutcome // thrown five lines above, with this outcome
        throw error
      }
    }),
  )

interface Done {
  readonly created: readonly Rec[]
  readonly updated: readonly Rec[]
  /** All in the order in which they were sent. */
  readonly rows: readonly Rec[]
}

type Work = (tx: Executor) => Promise<Done>

const outcomeOf = (done: Done, dryRun: boolean): BulkOutcome => ({
  created: done.created.length,
  updated: done.updated.length,
  dryRun,
  records: dryRun ? [] : done.rows.map((record) => ({ id: idOf(record), version: versionOf(record) })),
})

function prepare(call: Call, access: EntityAccess, body: JsonObject): Work {
  const keys = Object.keys(body).toSorted().join()
  switch (keys) {
    case 'create':
      return createAll(call, access, rowsOf(body['create'], 'create'))
    case 'update':
      return updateAll(call, access, rowsOf(body['update'], 'update'))
    case 'transition,update':
      return transitAll(call, access, rowsOf(body['update'], 'update'), body['transition'])
    case 'key,upsert':
      return upsertAll(call, access, rowsOf(body['upsert'], 'upsert'), uniqueField(access, body['key']))
    case 'set,where':
      return setWhere(call, access, body['where'] ?? null, body['set'])
    default:
      throw new Problem('request.invalid', { reason: 'a bulk request has create, update, update with transition, upsert with key, or where with set' })
  }
}

function rowsOf(sent: Json | undefined, name: string): readonly JsonObject[] {
  if (!Array.isArray(sent)) throw new Problem('request.invalid', { reason: `${name} must be a list of records` })
  if (sent.length > bulkLimits.rowsMax) throw new Problem('request.tooLarge', { limit: `${bulkLimits.rowsMax} rows` })
  return sent.map((row: Json, index) => {
    if (!isObject(row)) throw new Problem('request.invalid', { reason: `/${name}/${index} is not a record` })
    return row
  })
}

/** Prepares every row and reports what is wrong with all of them at once. */
function prepareAll<T>(rows: readonly JsonObject[], prepareRow: (row: JsonObject, index: number) => T): readonly T[] {
  const prepared: T[] = []
  const faults = new Faults()
  for (const [index, row] of rows.entries()) faults.collect(() => prepared.push(prepareRow(row, index)))
  faults.report()
  return prepared
}

function createAll(call: Call, access: EntityAccess, rows: readonly JsonObject[]): Work {
  assertGranted(access.create)
  const prepared = prepareAll(rows, (row, index) => prepareCreate(access, row, `/create/${index}`))
  return async (tx) => {
    const created = await insertChecked(tx, call, access, prepared)
    return { created, updated: [], rows: created }
  }
}

/** A row that names the record which it is about. */
interface Named {
  /** JSON Pointer of the row. */
  readonly at: string
  readonly id: number
  readonly version: number | undefined
  readonly body: JsonObject
}

function named({ id, version, ...body }: JsonObject, index: number): Named {
  const at = `/update/${index}`
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) throw invalidAt(`${at}/id`, 'Each row to change names its record by id.')
  if (version !== undefined && typeof version !== 'number') throw invalidAt(`${at}/version`, 'A version is a whole number.')
  return { at, id, version, body }
}

function updateAll(call: Call, access: EntityAccess, rows: readonly JsonObject[]): Work {
  assertGranted(access.update)
  const prepared = prepareAll(rows, (row, index) => {
    const { body, ...one } = named(row, index)
    return { ...one, row: prepareUpdate(access, body, one.at) }
  })
  return async (tx) => {
    const updated = await changeEach(tx, call, access, prepared, (record, { row }) => updateChecked(tx, call, access, record, row))
    return { created: [], updated, rows: updated }
  }
}

function transitAll(call: Call, access: EntityAccess, rows: readonly JsonObject[], name: Json | undefined): Work {
  if (typeof name !== 'string') throw new Problem('request.invalid', { reason: 'transition must be the name of one' })
  lifecycleFor(call, access, name)
  const steps = prepareAll(rows, named)
  return async (tx) => {
    const updated = await changeEach(tx, call, access, steps, (record, { body, at }) => transitChecked(tx, call, access, record, { name, body, at }))
    return { created: [], updated, rows: updated }
  }
}

/** Changes the records one by one, as nobody else can meanwhile. */
async function changeEach<T extends Omit<Named, 'body'>>(tx: Executor, call: Call, access: EntityAccess, rows: readonly T[], change: (record: Rec, row: T) => Promise<Rec>): Promise<readonly Rec[]> {
  const before = await lockedById(tx, call, access, readableRows(access, false), rows.map(({ id }) => id))
  const faults = new Faults()
  const saved: Rec[] = []
  for (const row of rows) {
    const { id, version, at } = row
    const record = before.get(id)
    if (record === undefined) faults.add(missingAt(`${at}/id`))
    else if (version !== undefined && versionOf(record) !== version) faults.add(new Problem('record.stale', {}, { problems: [{ path: at, code: 'record.stale', message: 'Someone saved this record first.' }] }))
    else saved.push(await rowOrFault(faults, before, id, () => change(record, row)))
  }
  faults.report()
  return saved
}

/** What the database refused ends its unit at once; what our own checks refused lets the other rows be checked too. */
const endsUnit = (error: unknown): boolean => error instanceof Problem && ['record.conflict', 'record.inUse'].includes(error.code)

/** The same record may be named twice: the second change builds on the first. */
async function rowOrFault(faults: Faults, before: Map<number, Rec>, id: number, work: () => Promise<Rec>): Promise<Rec> {
  try {
    const saved = await work()
    before.set(id, saved)
    return saved
  } catch (error) {
    faults.add(error)
    if (endsUnit(error)) faults.report()
    return {}
  }
}

function upsertAll(call: Call, access: EntityAccess, rows: readonly JsonObject[], key: Field): Work {
  const values = rows.map((row, index) => {
    const value = row[key.key]
    if (value === undefined || value === null) throw invalidAt(`/upsert/${index}/${key.key}`, `${key.title} is needed to find the record.`)
    return operandOf(key, value, `/upsert/${index}/${key.key}`)
  })
  return async (tx) => {
    const known = await readableByKey(tx, call, access, key, values)
    const idAt = (index: number): number | undefined => known.get(JSON.stringify(values[index]))
    const created = prepareAll(rows.filter((_, index) => idAt(index) === undefined), (row) => prepareCreate(access, row, `/upsert/${rows.indexOf(row)}`))
    const updates = prepareAll(
      rows.filter((_, index) => idAt(index) !== undefined),
      (row) => {
        const index = rows.indexOf(row)
        const { [key.key]: _, ...body } = row
        const at = `/upsert/${index}`
        return { at, id: idAt(index) ?? 0, version: undefined, row: prepareUpdate(access, body, at) }
      },
    )
    const inserted = created.length === 0 ? [] : await insertChecked(tx, call, access, created)
    const updated = updates.length === 0 ? [] : await changeEach(tx, call, access, updates, (record, { row }) => updateChecked(tx, call, access, record, row))
    const inOrder = [...inserted.map((record, i) => ({ record, at: created[i]?.at ?? '' })), ...updated.map((record, i) => ({ record, at: updates[i]?.row.at ?? '' }))]
    return { created: inserted, updated, rows: inOrder.toSorted((a, b) => indexAt(a.at) - indexAt(b.at)).map(({ record }) => record) }
  }
}

const indexAt = (at: string): number => Number(at.slice(at.lastIndexOf('/') + 1))

function uniqueField(access: EntityAccess, sent: Json | undefined): Field {
  const field = typeof sent === 'string' ? access.entity.fields.get(sent) : undefined
  if (field === undefined || access.field(field.key)?.how !== 'full') throw new Problem('access.field', { field: typeof sent === 'string' ? sent.slice(0, 200) : 'key' })
  if (!field.unique) throw new Problem('request.invalid', { reason: `${field.key} is not unique, so it cannot find a record` })
  return field
}

function operandOf(key: Field, value: Json, at: string): Json {
  const canonical = key.type.canonical?.(value, key.options) ?? value
  const cell = key.type.operand(canonical, '$eq', key.options)
  if (cell === undefined) throw invalidAt(at, `${key.title} is not understood.`)
  return cell
}

function setWhere(call: Call, access: EntityAccess, where: Json, set: Json | undefined): Work {
  if (!isObject(set)) throw new Problem('request.invalid', { reason: 'set must be an object of new values' })
  const row = prepareUpdate(access, set, '/set')
  const rows = all(readableRows(access, false), filtered(call, access, where))
  return async (tx) => {
    const found = await readableWhere(tx, call, access, rows, bulkLimits.rowsMax + 1)
    if (found.length > bulkLimits.rowsMax) throw new Problem('request.tooLarge', { limit: `${bulkLimits.rowsMax} rows` })
    const updated: Rec[] = []
    const locked = await lockedById(tx, call, access, rows, found.map(idOf))
    for (const record of locked.values()) updated.push(await updateChecked(tx, call, access, record, row))
    return { created: [], updated, rows: updated }
  }
}

/** Records as nobody else can change them until the unit ends, by id; in the order of their ids, so that two units never wait for each other. */
async function lockedById(tx: Executor, call: Call, access: EntityAccess, rows: Predicate, ids: readonly number[]): Promise<Map<number, Rec>> {
  const locked = new Map<number, Rec>()
  for (const id of [...new Set(ids)].toSorted((a, b) => a - b)) {
    const record = await records.load(tx, access.entity, id, rows, call.bindings)
    if (record !== null) locked.set(id, record)
  }
  return locked
}

/** Only records that the caller may read are found; one that is hidden makes the create fail as a taken value. */
async function readableByKey(tx: Executor, call: Call, access: EntityAccess, key: Field, values: readonly Json[]): Promise<ReadonlyMap<string, number>> {
  const visible = access.field(key.key)?.visible
  const equal: Predicate = { kind: 'compare', field: key, operator: '$in', operand: { kind: 'list', cells: values }, ...(visible === undefined ? {} : { visible }) }
  const found = await readableWhere(tx, call, access, all(access.rows, equal), bulkLimits.rowsMax)
  return new Map(found.map((record) => [JSON.stringify(operandOf(key, record[key.key] ?? null, '')), idOf(record)]))
}

/** Whole records inside the unit, in the order of their ids. */
async function readableWhere(tx: Executor, call: Call, access: EntityAccess, rows: Predicate, limit: number): Promise<readonly Rec[]> {
  const sort = [{ field: systemField(access.entity, 'id'), descending: false }]
  const page = await records.list(tx, { entity: access.entity, rows, archived: 'without', selection: everyField(access.entity), sort, limit }, call.bindings)
  return page.records
}

const invalidAt = (path: string, message: string): Problem => new Problem('record.invalid', {}, { problems: [{ path, code: 'record.invalid', message }] })

const missingAt = (path: string): Problem => new Problem('record.unavailable', {}, { problems: [{ path, code: 'record.unavailable', message: 'There is no such record for you.' }] })
