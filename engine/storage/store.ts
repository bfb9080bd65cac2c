/** Writing records: multi-row inserts with numbers drawn in the unit, updates guarded by version, archiving, erasing. */
import type { Json } from '../../metadata/contract/json.js'
import { Problem, type Finding } from '../errors.js'
import type { Cell } from '../fields/contract.js'
import { blankOf } from '../model/blank.js'
import type { Entity, Field, PhysicalColumn } from '../model/model.js'
import type { Executor, Row } from './contract.js'
import { codec, quote } from './dialect.js'
import { ConstraintError } from './failure.js'
import { liftChildren, moveInTree, placeInserted } from './hierarchy.js'
import { insertLinks, listedIds, setLinks } from './links.js'
import { rowsMost, rowsParameter, rowsSource, typed } from './queries/rows.js'
import { fullReading, type Rec } from './queries/select.js'

/** Field key → value as on the wire, checked. */
export type Values = Readonly<Record<string, Json>>

/** Who writes, and when. */
export interface Stamp {
  /** User id; null for the system. */
  readonly by: number | null
  readonly at: Date
}

/**
 * Inserts records; fields that are not in `values` are null, or numbered where the type numbers.
 * @param at JSON Pointer of each row in what the caller sent, for findings
 * @returns the full stored records, in the order of `values`
 * @throws Problem record.conflict, record.invalid (a reference to nothing)
 */
export async function insert(tx: Executor, entity: Entity, values: readonly Values[], stamp: Creation, at: (row: number) => string = () => ''): Promise<Rec[]> {
  const complete = await numbered(tx, entity, values, stamp.at)
  const records: Rec[] = []
  for (let from = 0; from < complete.length; from += rowsMost) {
    const rows = complete.slice(from, from + rowsMost)
    records.push(...(await insertRows(tx, entity, rows, stamp, (row) => at(from + row))))
  }
  return records
}

async function insertRows(tx: Executor, entity: Entity, rows: readonly Values[], stamp: Creation, at: (row: number) => string): Promise<Rec[]> {
  const shape = insertShape(tx.dialect, entity)
  const moment = stamp.at.toISOString()
  const prepared = rows.map((values) => shape.prepare(values, stamp, moment))
  const [only] = prepared
  if (only === undefined) return []
  const { sql, bindings } = prepared.length === 1 ? shape.one(only.cells, stamp, moment) : shape.many(prepared.map(({ cells }) => cells), stamp, moment)
  // After a failed statement PostgreSQL answers no question about the reason, unless it can step back.
  const stepBack = rows.length > 1 && tx.dialect === 'postgres'
  if (stepBack) await tx.run('SAVEPOINT rows', [])
  const inserted = await explained(entity, at, async () => tx.all(sql, bindings), async (error) => {
    if (stepBack) await tx.run('ROLLBACK TO SAVEPOINT rows', [])
    return rows.length === 1 ? 0 : guiltyRow(tx, entity, rows, error)
  })
  if (stepBack) await tx.run('RELEASE SAVEPOINT rows', [])
  // Ids grow in the order of the rows, whatever order RETURNING has.
  const ids = inserted.map((row) => Number(row['id'])).sort((a, b) => a - b)
  const records = prepared.map(({ record }, i) => {
    record['id'] = ids[i] ?? null
    return record
  })
  await insertLinks(tx, entity, records, at)
  await placeInserted(tx, entity, ids)
  return records
}

/**
 * Changes a record in one statement: it must still have the version (null: any) and not be archived.
 * @param at JSON Pointer of the record in what the caller sent, for findings
 * @param archivedToo a reference of an archived record follows its target as well
 * @returns the full stored record; null when there is none any more
 * @throws Problem record.conflict, record.invalid
 */
export async function update(tx: Executor, entity: Entity, id: number, values: Values, stamp: Stamp, ifVersion: number | null, at = '', archivedToo = false): Promise<Rec | null> {
  const sets: string[] = []
  const bindings: unknown[] = []
  for (const [key, value] of Object.entries(values)) {
    const field = entity.fields.get(key)
    if (field === undefined || field.system) throw new Error(`${entity.name} has no field ${key} to set`)
    if (field.link?.hierarchy === true) await moveInTree(tx, entity, field, id, typeof value === 'number' ? value : null, at)
    if (field.links !== null) await setLinks(tx, field, id, listedIds(value), '')
    const cells = field.type.toColumns(value, field.options)
    field.columns.forEach((column, i) => {
      if (isKept(column)) return
      sets.push(`${quote(column.name)} = ?`)
      bindings.push(codec(tx.dialect, column).encode(cells[i] ?? null))
    })
  }
  return change(tx, entity, id, { sets, bindings }, stamp, `${archivedToo ? 'TRUE' : 'archived_at IS NULL'}${ifVersion === null ? '' : ' AND version = ?'}`, ifVersion === null ? [] : [ifVersion], at)
}

/**
 * Archives a record or brings it back.
 * @throws Problem record.conflict when a unique value was taken meanwhile; record.unavailable when there is none
 */
export async function setArchived(tx: Executor, entity: Entity, id: number, archived: boolean, stamp: Stamp): Promise<Rec> {
  const at = archived ? codec(tx.dialect, { kind: 'instant' }).encode(stamp.at.toISOString()) : null
  const saved = await change(tx, entity, id, { sets: ['archived_at = ?'], bindings: [at] }, stamp, 'TRUE', [])
  if (saved === null) throw new Problem('record.unavailable')
  return saved
}

/** Archives or brings back many records of one entity. @returns the full stored records @throws Problem record.conflict */
export async function setArchivedAll(tx: Executor, entity: Entity, ids: readonly number[], archived: boolean, stamp: Stamp): Promise<readonly Rec[]> {
  const full = fullReading(tx.dialect, entity)
  const instant = codec(tx.dialect, { kind: 'instant' }).encode
  const at = instant(stamp.at.toISOString())
  const sql = `UPDATE ${quote(entity.table)} SET version = version + 1, updated_at = ?, updated_by = ?, archived_at = ? WHERE id ${oneOf(tx)} RETURNING ${full.columns}`
  const rows = await explained(entity, () => '', () => tx.all(sql, [at, stamp.by, archived ? at : null, idsParameter(tx, ids)]), () => Promise.resolve(0))
  return rows.map((row) => full.read(row))
}

/** Ids as one parameter, however many. */
const oneOf = ({ dialect }: Executor): string => (dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::bigint[])')
const idsParameter = ({ dialect }: Executor, ids: readonly number[]): unknown => (dialect === 'sqlite' ? JSON.stringify(ids) : ids)

/** Columns that the engine keeps beside a reference: places in an order or in a tree. */
const isKept = ({ role }: PhysicalColumn): boolean => role === 'position' || role === 'path' || role === 'depth'

/** A record to change: new values of some fields, and the record with them. */
export interface Changed {
  readonly id: number
  readonly version: number
  readonly values: Values
  /** The record as it will be: gives the values of fields that others change and this one does not. */
  readonly whole: Values
}

/**
 * Changes many records of one entity in one statement. Each must still have its version and not be archived.
 * @returns the full stored records by id; those that are gone are missing
 * @throws Problem record.conflict, record.invalid
 */
export async function updateAll(tx: Executor, entity: Entity, changed: readonly Changed[], stamp: Stamp, at: string): Promise<ReadonlyMap<number, Rec>> {
  const keys = new Set(changed.flatMap(({ values }) => Object.keys(values)))
  const fields = ownFields(entity).filter(({ key }) => keys.has(key))
  for (const { id, values } of changed) for (const field of fields) if (field.link?.hierarchy === true && Object.hasOwn(values, field.key)) await moveInTree(tx, entity, field, id, Number(values[field.key] ?? 0) || null, at)
  for (const { id, values } of changed) for (const field of fields) if (field.links !== null && Object.hasOwn(values, field.key)) await setLinks(tx, field, id, listedIds(values[field.key]), at)
  // What the engine keeps beside a value is its own: it stays as it is.
  const columns = fields.flatMap((field) => field.columns.flatMap((column, i) => (column.role === 'state' || isKept(column) ? [] : [{ field, column, i }])))
  const encoders = columns.map(({ column }) => codec(tx.dialect, column).encode)
  const rows = changed.map(({ id, version, whole }) => [id, version, ...columns.map(({ field, i }, c) => encoders[c]?.(field.type.toColumns(whole[field.key] ?? null, field.options)[i] ?? null) ?? null)])
  const source = rowsSource(tx.dialect, ['integer', 'integer', ...columns.map(({ column }) => column.kind)])
  const given = source.cells.map((cell, i) => `${cell} AS given${String(i)}`).join(', ')
  const sets = ['version = version + 1', 'updated_at = ?', 'updated_by = ?', ...columns.map(({ column }, i) => `${quote(column.name)} = given.given${String(i + 2)}`)].join(', ')
  const full = fullReading(tx.dialect, entity)
  const table = quote(entity.table)
  const sql = `UPDATE ${table} SET ${sets} FROM (SELECT ${given} FROM ${source.from}) AS given WHERE ${table}.id = given.given0 AND ${table}.version = given.given1 AND ${table}.archived_at IS NULL RETURNING ${full.columns}`
  const stored = await explained(entity, () => at, () => tx.all(sql, [codec(tx.dialect, { kind: 'instant' }).encode(stamp.at.toISOString()), stamp.by, rowsParameter(rows)]), () => Promise.resolve(0))
  return new Map(stored.map((row) => {
    const record = full.read(row)
    return [Number(record['id']), record]
  }))
}

async function change(tx: Executor, entity: Entity, id: number, set: { readonly sets: readonly string[]; readonly bindings: readonly unknown[] }, stamp: Stamp, condition: string, conditionBindings: readonly unknown[], path = ''): Promise<Rec | null> {
  const full = fullReading(tx.dialect, entity)
  const stamped = ['version = version + 1', 'updated_at = ?', 'updated_by = ?', ...set.sets].join(', ')
  const sql = `UPDATE ${quote(entity.table)} SET ${stamped} WHERE id = ? AND ${condition} RETURNING ${full.columns}`
  const at = codec(tx.dialect, { kind: 'instant' }).encode(stamp.at.toISOString())
  const rows = await explained(entity, () => path, () => tx.all(sql, [at, stamp.by, ...set.bindings, id, ...conditionBindings]), () => Promise.resolve(0))
  const [row] = rows
  return row === undefined ? null : full.read(row)
}

/** Erases records; what refers to them goes, is cleared, or forbids it, as its fields say. @returns how many @throws Problem record.inUse */
export async function purge(tx: Executor, entity: Entity, ids: readonly number[]): Promise<number> {
  try {
    for (const id of ids) await liftChildren(tx, entity, id)
    return await tx.run(`DELETE FROM ${quote(entity.table)} WHERE id ${oneOf(tx)}`, [idsParameter(tx, ids)])
  } catch (error) {
    if (error instanceof ConstraintError && error.kind === 'foreignKey') throw new Problem('record.inUse', {}, { cause: error })
    throw error
  }
}

// ── rows of an insert ──

/** A statement with its bindings. */
interface Bound {
  readonly sql: string
  readonly bindings: readonly unknown[]
}

type Creation = Stamp & { readonly owner: number | null }

interface InsertShape {
  /** Driver values of the entity's own columns, and the record as it will be read; its id is not known yet. */
  prepare(values: Values, stamp: Creation, moment: string): { readonly cells: readonly unknown[]; readonly record: Rec }
  one(cells: readonly unknown[], stamp: Creation, moment: string): Bound
  /** Columns in which no row has a value are left out. */
  many(rows: readonly (readonly unknown[])[], stamp: Creation, moment: string): Bound
}

const shapes = new WeakMap<Entity, Map<string, InsertShape>>()

function insertShape(dialect: Executor['dialect'], entity: Entity): InsertShape {
  let byDialect = shapes.get(entity)
  if (byDialect === undefined) shapes.set(entity, (byDialect = new Map<string, InsertShape>()))
  let shape = byDialect.get(dialect)
  if (shape === undefined) byDialect.set(dialect, (shape = compileShape(dialect, entity)))
  return shape
}

const systemFields = ['id', 'version', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy', 'owner', 'archivedAt'] as const
const systemColumns = '"version", "created_at", "created_by", "updated_at", "updated_by", "owner"'

function compileShape(dialect: Executor['dialect'], entity: Entity): InsertShape {
  const fields = ownFields(entity).map((field) => ({ field, encoders: field.columns.map((column) => codec(dialect, column).encode) }))
  const columns = ownFields(entity).flatMap((field) => field.columns)
  const blank = blankOf([...systemFields, ...fields.map(({ field }) => field.key)])
  const instant = codec(dialect, { kind: 'instant' }).encode
  const system = ({ by, owner }: Creation, moment: string): unknown[] => [instant(moment), by, instant(moment), by, owner]
  const into = (used: readonly PhysicalColumn[]): string => `INSERT INTO ${quote(entity.table)} (${[systemColumns, ...used.map(({ name }) => quote(name))].join(', ')})`
  const stamped = ['1', ...(['instant', 'integer', 'instant', 'integer', 'integer'] as const).map((kind) => typed(dialect, kind))].join(', ')
  const oneText = `${into(columns)} VALUES (${['1', ...Array.from({ length: 5 + columns.length }, () => '?')].join(', ')}) RETURNING id`
  const manyTexts = new Map<string, string>()
  const manyText = (used: readonly number[]): string => {
    const key = used.join()
    let text = manyTexts.get(key)
    if (text === undefined) {
      const chosen = used.flatMap((i) => columns[i] ?? [])
      const { cells, from } = rowsSource(dialect, chosen.map(({ kind }) => kind))
      manyTexts.set(key, (text = `${into(chosen)} SELECT ${[stamped, ...cells].join(', ')} FROM ${from} WHERE TRUE RETURNING id`))
    }
    return text
  }
  return {
    one: (cells, stamp, moment) => ({ sql: oneText, bindings: [...system(stamp, moment), ...cells] }),
    many: (rows, stamp, moment) => {
      const used = columns.flatMap((_, i) => (rows.some((cells) => cells[i] !== null) ? [i] : []))
      return { sql: manyText(used), bindings: [...system(stamp, moment), rowsParameter(used.length === columns.length ? rows : rows.map((cells) => used.map((i) => cells[i])))] }
    },
    prepare: (values, { by, owner }, moment) => {
      const all: unknown[] = Array.from({ length: columns.length })
      const record: Rec = Object.assign<Rec, Rec>({ ...blank }, { id: 0, version: 1, createdAt: moment, createdBy: by, updatedAt: moment, updatedBy: by, owner })
      let at = 0
      for (const { field, encoders } of fields) {
        const value = values[field.key] ?? null
        const cells: readonly Cell[] = field.type.toColumns(value, field.options)
        for (let i = 0; i < encoders.length; i++) all[at++] = encoders[i]?.(cells[i] ?? null)
        if (field.links !== null) record[field.key] = listedIds(value)
        else if (field.targets !== null) record[field.key] = value
        else record[field.key] = value === null ? null : field.type.fromColumns(cells, field.options)
      }
      return { cells: all, record }
    },
  }
}

/** Lines are records of their own. */
const ownFields = (entity: Entity): readonly Field[] => [...entity.fields.values()].filter((field) => !field.system && field.lines === null)

// ── numbering ──

/** Values with the numbers that they lack. Draws all numbers of a field at once; the counter's row stays locked until the unit ends, so a rollback leaves no gap. */
export async function numbered(tx: Executor, entity: Entity, values: readonly Values[], at: Date): Promise<readonly Values[]> {
  let complete = values
  for (const field of ownFields(entity)) {
    const { numbering } = field.type
    if (numbering === undefined) continue
    const lacking = complete.filter((row) => (row[field.key] ?? null) === null).length
    if (lacking === 0) continue
    const counter = `${entity.id}.${field.id}:${numbering.counter(field.options, at)}`
    const [row] = await tx.all('INSERT INTO tessera_counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = tessera_counter.value + excluded.value RETURNING value', [counter, lacking])
    let next = Number(row?.['value'] ?? 0) - lacking
    complete = complete.map((one) => ((one[field.key] ?? null) === null ? { ...one, [field.key]: numbering.value(field.options, ++next, at) } : one))
  }
  return complete
}

// ── broken constraints in words ──

/** Runs a statement; a broken constraint becomes a Problem that names fields, never values. */
async function explained(entity: Entity, at: (row: number) => string, run: () => Promise<readonly Row[]>, guilty: (error: ConstraintError) => Promise<number>): Promise<readonly Row[]> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof ConstraintError) || error.kind === 'other') throw error
    const path = at(await guilty(error))
    const fields = brokenFields(entity, error)
    if (error.kind === 'unique') throw new Problem('record.conflict', {}, { cause: error, problems: fields.map((field) => conflict(path, field, fields.length > 1)) })
    throw new Problem('record.invalid', {}, { cause: error, problems: fields.map((field) => (error.kind === 'size' ? tooLong(path, field) : unlinkable(path, field))) })
  }
}

const conflict = (path: string, field: Field, together: boolean): Finding => ({
  path: `${path}/${field.key}`,
  code: 'unique',
  message: together ? `${field.title} is part of a combination that is already taken.` : `${field.title}: this value is already taken.`,
})

const unlinkable = (path: string, field: Field): Finding => ({ path: `${path}/${field.key}`, code: 'reference.unavailable', message: `${field.title}: there is no such record that you may link to.` })
const tooLong = (path: string, field: Field): Finding => ({ path: `${path}/${field.key}`, code: 'value.refused', message: `${field.title} is too long for its index.` })

/** Fields whose columns the error names; for a reference that SQLite does not name: all references. */
function brokenFields(entity: Entity, error: ConstraintError): readonly Field[] {
  const columns = error.columns.length > 0 ? error.columns : (entity.indexes.find((index) => index.name === error.constraint)?.columns ?? [])
  const named = ownFields(entity).filter((field) => field.columns.some((column) => columns.includes(column.name)))
  return named.length > 0 || error.kind === 'unique' ? named : ownFields(entity).filter((field) => field.link !== null)
}

/** Which of several rows broke the constraint. */
async function guiltyRow(tx: Executor, entity: Entity, rows: readonly Values[], error: ConstraintError): Promise<number> {
  const fields = brokenFields(entity, error)
  const length = (row: Values): number => fields.reduce((sum, { key }) => sum + JSON.stringify(row[key] ?? null).length, 0)
  if (error.kind === 'size') return rows.reduce((most, row, i) => (length(row) > length(rows[most] ?? {}) ? i : most), 0)
  if (error.kind !== 'unique' || fields.length === 0) return 0
  const seen = new Set<string>()
  const condition = fields.map((field) => `${quote(field.columns[0]?.name ?? '')} = ?`).join(' AND ')
  for (const [index, row] of rows.entries()) {
    const values = fields.map((field) => {
      const [column] = field.columns
      const [cell = null] = field.type.toColumns(row[field.key] ?? null, field.options)
      return column === undefined ? null : codec(tx.dialect, column).encode(cell)
    })
    if (values.includes(null)) continue
    const key = JSON.stringify(values)
    if (seen.has(key)) return index
    seen.add(key)
    const taken = await tx.all(`SELECT 1 AS taken FROM ${quote(entity.table)} WHERE ${condition} AND archived_at IS NULL LIMIT 1`, values)
    if (taken.length > 0) return index
  }
  return 0
}
