/**
 * Changing a field's type: its columns are parked under another name with all their values, new ones are filled with
 * what fits. Going back finds the parked values again.
 */
import type { Json } from '../../../metadata/contract/json.js'
import type { Entity, Field, Model, PhysicalColumn } from '../../model/model.js'
import type { Executor, Row } from '../contract.js'
import { insertLinks, listedIds } from '../links.js'
import { conversion, goingBack, type Convert } from './convert.js'
import { castType, codec, quote } from '../dialect.js'
import { ensureLinks, parkedLinks, parkLinks } from './links.js'
import type { Conversion, EntityWork } from './plan.js'
import { dropForeignKey } from './rebuild.js'
import { fits, knownColumns, registerColumns, registerParked, type KnownColumn } from './registry.js'
import { columnSource, listSource, type ValueSource } from './source.js'
import { columnSql, foreignKeyOf } from './tables.js'

/** Rows that are converted between two looks at the event loop. */
const batchSize = 500

/** True when SQLite must make the table anew: a foreign key would stay on a parked column, or must become another. */
export const needsRebuild = (work: EntityWork): boolean => work.relink.some(({ link }) => link !== null) || work.convert.some(({ before }) => before.link !== null)

/** Puts a column aside with its values, those of `type` where that is known. Indexes on it must be gone. Gives its new name. */
export async function parkColumn(tx: Executor, table: string, column: string, version: number, type: string | null = null): Promise<string> {
  const parked = `${column.slice(0, 63 - 4 - String(version).length)}__p${String(version)}`
  if (tx.dialect === 'postgres') await dropForeignKey(tx, table, column)
  await tx.run(`ALTER TABLE ${quote(table)} RENAME COLUMN ${quote(column)} TO ${quote(parked)}`, [])
  await registerParked(tx, table, column, { name: parked, version, type })
  return parked
}

/** Parks the field's columns, adds those of its new type and fills them. */
export async function convertField(tx: Executor, work: EntityWork, change: Conversion, model: Model, version: number): Promise<void> {
  const { entity } = work
  const { before, after } = change
  const known = await knownColumns(tx, entity.table)
  const earlier = await earlierSource(tx, known, after)
  const source = await putAside(tx, entity, before, known, version)
  for (const column of after.columns) await tx.run(`ALTER TABLE ${quote(entity.table)} ADD COLUMN ${columnSql(tx.dialect, column, foreignKeyOf(entity, after, column, model))}`, [])
  await registerColumns(tx, entity.table, after.columns.map((column) => ({ field: after, column })))
  if (after.links !== null) await ensureLinks(tx, entity, after.links, model)
  if (source !== undefined) await fill(tx, entity, { change, source, earlier, target: model.entities.get((after.link ?? after.links)?.to ?? '')?.table })
}

/** Parks where the values are until now; undefined when something of it is not there. */
async function putAside(tx: Executor, entity: Entity, field: Field, known: ReadonlyMap<string, KnownColumn>, version: number): Promise<ValueSource | undefined> {
  if (field.links !== null) return listSource(tx.dialect, await parkLinks(tx, field.links, version))
  const columns: PhysicalColumn[] = []
  for (const column of field.columns) {
    if (known.has(column.name)) columns.push({ ...column, name: await parkColumn(tx, entity.table, column.name, version, field.type.name) })
  }
  return columns.length === field.columns.length ? columnSource(tx.dialect, field, columns) : undefined
}

/** Values from when the field had its new type before; undefined when it never had. */
async function earlierSource(tx: Executor, known: ReadonlyMap<string, KnownColumn>, field: Field): Promise<ValueSource | undefined> {
  if (field.links === null) return columnSource(tx.dialect, field, parkedFor(known, field))
  const parked = await parkedLinks(tx, field.links)
  return parked === undefined ? undefined : listSource(tx.dialect, parked)
}

/** The latest parked columns with the field's earlier values of this very type, if there are such. */
function parkedFor(known: ReadonlyMap<string, KnownColumn>, field: Field): readonly PhysicalColumn[] {
  const parked = [...known.values()].filter((column) => column.field === field.id && column.parkedAt !== null && column.type === field.type.name)
  const latest = Math.max(0, ...parked.map((column) => column.parkedAt ?? 0))
  const columns = field.columns.flatMap((column) => {
    const found = parked.find((one) => one.parkedAt === latest && one.suffix === column.suffix && fits(one, column))
    return found === undefined ? [] : [{ ...column, name: found.name }]
  })
  return columns.length === field.columns.length ? columns : []
}

interface Filling {
  readonly change: Conversion
  /** The values as they were until now. */
  readonly source: ValueSource
  /** Values from when the field had its new type before. */
  readonly earlier: ValueSource | undefined
  /** Table that the new values refer to. */
  readonly target: string | undefined
}

async function fill(tx: Executor, entity: Entity, filling: Filling): Promise<void> {
  const { before, after, discard } = filling.change
  const forward = conversion(before, after, discard)
  const backward = conversion(after, before, discard)
  const read = [filling.source, ...(filling.earlier === undefined ? [] : [filling.earlier])]
  const names = [...new Set(read.flatMap(({ expressions }) => expressions))].join(', ')
  const present = read.map((source) => source.present).join(' OR ')
  for (let last = 0; ; ) {
    const rows = await tx.all(`SELECT id, ${names} FROM ${quote(entity.table)} WHERE id > ? AND (${present}) ORDER BY id LIMIT ${String(batchSize)}`, [last])
    if (rows.length === 0) return
    last = Number(rows.at(-1)?.['id'])
    const values = rows.map((row) => ({ id: Number(row['id']), value: newValue(row, filling, { forward, backward }) }))
    await store(tx, entity, after, await referring(tx, filling.target, values))
  }
}

function newValue(row: Row, { source, earlier }: Filling, { forward, backward }: { forward: Convert; backward: Convert }): Json {
  const current = source.read(row)
  if (earlier === undefined) return current === null ? null : (forward(current) ?? null)
  return goingBack(backward, forward, earlier.read(row), current) ?? null
}

interface NewValue {
  readonly id: number
  readonly value: Json
}

/** Ids of records that do not exist become empty. */
async function referring(tx: Executor, target: string | undefined, values: readonly NewValue[]): Promise<readonly NewValue[]> {
  if (target === undefined) return values
  const existing = await existingIds(tx, target, values.flatMap(({ value }) => (typeof value === 'number' ? [value] : listedIds(value))))
  return values.flatMap(({ id, value }): readonly NewValue[] => {
    if (typeof value === 'number') return existing.has(value) ? [{ id, value }] : []
    return Array.isArray(value) ? [{ id, value: listedIds(value).filter((one) => existing.has(one)) }] : []
  })
}

/** Which of the ids are records of the table. */
export async function existingIds(x: Executor, table: string, ids: readonly number[]): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set()
  const list = x.dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::bigint[])'
  const rows = await x.all(`SELECT id FROM ${quote(table)} WHERE id ${list}`, [x.dialect === 'sqlite' ? JSON.stringify(ids) : ids])
  return new Set(rows.map((row) => Number(row['id'])))
}

async function store(tx: Executor, entity: Entity, field: Field, values: readonly NewValue[]): Promise<void> {
  const filled = values.filter(({ value }) => value !== null)
  if (filled.length === 0) return
  if (field.links !== null) return insertLinks(tx, entity, filled.map(({ id, value }) => ({ id, [field.key]: value })), () => '')
  const cast = (kind: PhysicalColumn['kind']): string => (tx.dialect === 'postgres' ? `::${castType(kind)}` : '')
  const sets = field.columns.map((column, i) => `${quote(column.name)} = given.column${String(i + 2)}${cast(column.kind)}`)
  const tuple = `(${['?', ...field.columns.map(() => '?')].join(', ')})`
  const bindings = filled.flatMap(({ id, value }) => {
    const cells = field.type.toColumns(value, field.options)
    return [tx.dialect === 'postgres' ? String(id) : id, ...field.columns.map((column, i) => codec(tx.dialect, column).encode(cells[i] ?? null))]
  })
  await tx.run(`UPDATE ${quote(entity.table)} SET ${sets.join(', ')} FROM (VALUES ${filled.map(() => tuple).join(', ')}) AS given WHERE ${quote(entity.table)}.id = given.column1${cast('integer')}`, bindings)
}
