/**
 * Reading and writing computed values in bulk: whole records as nobody else can change them, the values of rollups counted
 * anew by the database, and many records changed in one statement. Saving computed values is no change of a record: its
 * version and its times stay.
 */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { Big } from 'big.js'
import type { Rollup } from '../fields/computed/contract.js'
import type { Entity, Field } from '../model/model.js'
import { treeField } from '../model/tree.js'
import type { Predicate } from '../model/conditions/predicate.js'
import type { RollupField } from '../model/computed/derivations.js'
import type { Bindings, DialectName, Executor, Row } from './contract.js'
import { castType, codec, quote } from './dialect.js'
import { treeColumns } from './hierarchy.js'
import { rowsParameter, rowsSource } from './queries/rows.js'
import { fullReading, valueOf, type Rec } from './queries/select.js'
import { bind, compiled, Writer, type Scope } from './queries/statement.js'
import { columnOf, mainColumn, where } from './queries/where.js'

/** A record with what the engine keeps beside its computed values, by the key of the field. */
export interface Held {
  readonly record: Rec
  readonly states: Readonly<Record<string, Json>>
}

/**
 * How a record is held until the unit ends (PostgreSQL; SQLite has one writer). `change`: nobody else changes it, but
 * records may still be linked to it. `look`: nobody changes it.
 */
export type Hold = 'change' | 'look' | 'none'

const locks: Readonly<Record<Hold, string>> = { change: ' FOR NO KEY UPDATE', look: ' FOR SHARE', none: '' }

const list = (x: Executor, ids: readonly number[]): unknown => (x.dialect === 'sqlite' ? JSON.stringify(ids) : ids)
const inList = (x: Executor, placeholder = '?'): string => (x.dialect === 'sqlite' ? `IN (SELECT value FROM json_each(${placeholder}))` : `= ANY(${placeholder}::${castType('integer')}[])`)

/** Records by id, archived or not; locked in the order of their ids, so that two units never wait for each other. */
export async function hold(tx: Executor, entity: Entity, ids: readonly number[], how: Hold): Promise<ReadonlyMap<number, Held>> {
  if (ids.length === 0) return new Map()
  const full = fullReading(tx.dialect, entity)
  const kept = statesOf(tx, entity)
  const lock = tx.dialect === 'postgres' && tx.writing ? locks[how] : ''
  const columns = [full.columns, ...kept.map(({ column }) => quote(column))].join(', ')
  const rows = await tx.all(`SELECT ${columns} FROM ${quote(entity.table)} WHERE id ${inList(tx)} ORDER BY id${lock}`, [list(tx, ids)])
  return new Map(rows.map((row) => {
    const states = Object.fromEntries(kept.map(({ key, column, decode }) => [key, decode(row[column])]))
    return [Number(row['id']), { record: full.read(row), states }]
  }))
}

function statesOf(x: Executor, entity: Entity): readonly { key: string; column: string; decode: (value: unknown) => Json }[] {
  return [...entity.fields.values()].flatMap((field) => field.columns.flatMap((column) =>
    column.role === 'state' ? [{ key: field.key, column: column.name, decode: codec(x.dialect, column).decode }] : []))
}

/** New values of one record. `states` for fields that keep one; a field whose state is not given loses it. */
export interface NewValues {
  readonly id: number
  readonly values: Readonly<Record<string, Json>>
  readonly states: Readonly<Record<string, Json>>
}

/** Writes the fields of many records in one statement. Every row has a value for every field. */
export async function storeDerived(tx: Executor, entity: Entity, fields: readonly Field[], rows: readonly NewValues[]): Promise<void> {
  const { sql, cells } = storing(tx.dialect, entity, fields)
  if (rows.length > 0 && fields.length > 0) await tx.run(sql, [rowsParameter(rows.map(cells))])
}

interface Storing {
  readonly sql: string
  /** Driver values of a row: its id, then those of the columns. */
  cells(row: NewValues): readonly unknown[]
}

const storings = new WeakMap<Entity, Map<string, Storing>>()

/** The statement for some fields; the same ones follow again and again. */
function storing(dialect: DialectName, entity: Entity, fields: readonly Field[]): Storing {
  const known = storings.get(entity) ?? new Map<string, Storing>()
  storings.set(entity, known)
  const key = `${dialect} ${fields.map(({ id }) => id).join()}`
  const made = known.get(key) ?? compileStoring(dialect, entity, fields)
  known.set(key, made)
  return made
}

function compileStoring(dialect: DialectName, entity: Entity, fields: readonly Field[]): Storing {
  const columns = fields.flatMap((field) => field.columns.map((column, i) => ({ field, column, i, encode: codec(dialect, column).encode })))
  const source = rowsSource(dialect, ['integer', ...columns.map(({ column }) => column.kind)])
  const named = source.cells.map((cell, i) => `${cell} AS c${String(i)}`).join(', ')
  const sets = columns.map(({ column }, i) => `${quote(column.name)} = given.c${String(i + 1)}`).join(', ')
  return {
    sql: `UPDATE ${quote(entity.table)} SET ${sets} FROM (SELECT ${named} FROM ${source.from}) AS given WHERE ${quote(entity.table)}.id = given.c0`,
    cells: ({ id, values, states }) => [id, ...columns.map(({ field, column, i, encode }) =>
      encode(column.role === 'state' ? (states[field.key] ?? null) : (field.type.toColumns(values[field.key] ?? null, field.options)[i] ?? null)))],
  }
}

/** Ids of records of `entity` that satisfy the predicate, archived or not, in order, `limit` at most. */
export async function idsWhere(x: Executor, entity: Entity, rows: Predicate, limit: number, b: Bindings, after = 0): Promise<readonly number[]> {
  const w = new Writer(x.dialect, b)
  const scope: Scope = { entity, alias: w.alias() }
  const sql = `SELECT ${scope.alias}.id FROM ${quote(entity.table)} ${scope.alias} WHERE ${scope.alias}.id > ${w.value(after)} AND ${where(w, rows, scope)} ORDER BY ${scope.alias}.id LIMIT ${String(limit)}`
  return (await x.all(sql, bind(w.statement(sql), b))).map((row) => Number(row['id']))
}

/** What a field of some records points to, without the empty ones, each once, in order. */
export async function targetsWhere(x: Executor, entity: Entity, via: Field, rows: Predicate, limit: number, b: Bindings, after = 0): Promise<readonly number[]> {
  const w = new Writer(x.dialect, b)
  const scope: Scope = { entity, alias: w.alias() }
  const column = `${scope.alias}.${mainColumn(via)}`
  const sql = `SELECT DISTINCT ${column} AS target FROM ${quote(entity.table)} ${scope.alias} WHERE ${column} > ${w.value(after)} AND ${where(w, rows, scope)} ORDER BY target LIMIT ${String(limit)}`
  return (await x.all(sql, bind(w.statement(sql), b))).map((row) => Number(row['target']))
}

/** Empties fields of all records, for values that are computed anew later. */
export async function clearDerived(tx: Executor, entity: Entity, fields: readonly Field[]): Promise<void> {
  const columns = fields.flatMap((field) => field.columns.map(({ name }) => quote(name)))
  if (columns.length === 0) return
  await tx.run(`UPDATE ${quote(entity.table)} SET ${columns.map((name) => `${name} = NULL`).join(', ')} WHERE ${columns.map((name) => `${name} IS NOT NULL`).join(' OR ')}`, [])
}

// ── rollups counted anew ──

/** The value of a rollup, and what is kept beside it. */
export interface Counted {
  readonly value: Json
  readonly state: Json
}

/** What no record gives. */
export const countedNone = (rollup: RollupField): Counted => {
  const { field, derived: { measure } } = rollup
  return { value: measure === 'count' || measure === 'sum' ? kept(field, new Big(0)) : null, state: measure === 'avg' ? { sum: '0', n: 0 } : null }
}

/** Counts a rollup anew for each of the owners, in one statement. `of`: the entity that has it; `source`: the one whose records are counted. */
export async function recount(x: Executor, of: Entity, source: Entity, rollup: RollupField, owners: readonly number[], b: Bindings): Promise<ReadonlyMap<number, Counted>> {
  const plan = compiled(x.dialect, rollup, source, 'recount', b, (w) => {
    const { sql, read } = counting(w, of, source, rollup)
    return { statement: w.statement(sql), read }
  })
  const found = new Map<number, Counted>(owners.map((id) => [id, countedNone(rollup)]))
  for (const row of await x.all(plan.statement.sql, bind(plan.statement, b, [list(x, owners)]))) found.set(Number(row['owner']), plan.read(row))
  return found
}

interface Counting {
  readonly sql: string
  read(row: Row): Counted
}

function counting(w: Writer, of: Entity, source: Entity, { field: target, derived, rows }: RollupField): Counting {
  const scope: Scope = { entity: source, alias: w.alias() }
  const { owner, from } = counted(w, of, scope, derived)
  if (derived.measure === 'count' || derived.field === null) {
    return { sql: `SELECT ${owner} AS owner, count(*) AS n ${from} AND ${where(w, rows(), scope)} GROUP BY ${owner}`, read: (row) => ({ value: Number(row['n']), state: null }) }
  }
  const measured = fieldOf(source, derived.field)
  const value = `${scope.alias}.${mainColumn(measured)}`
  const { sumText, decode } = codec(w.dialect, columnOf(measured, undefined))
  switch (derived.measure) {
    case 'sum':
      return { sql: `SELECT ${owner} AS owner, CAST(sum(${value}) AS TEXT) AS total ${from} AND ${where(w, rows(), scope)} GROUP BY ${owner}`, read: (row) => ({ value: kept(target, new Big(sumText(row['total']) ?? '0')), state: null }) }
    case 'avg':
      return {
        sql: `SELECT ${owner} AS owner, CAST(sum(${value}) AS TEXT) AS total, count(${value}) AS n ${from} AND ${where(w, rows(), scope)} GROUP BY ${owner}`,
        read: (row) => averaged(target, new Big(sumText(row['total']) ?? '0'), Number(row['n'])),
      }
    case 'min':
    case 'max': {
      const { type, options, columns } = target
      return {
        sql: `SELECT ${owner} AS owner, ${derived.measure}(${value}) AS edge ${from} AND ${where(w, rows(), scope)} GROUP BY ${owner}`,
        read: (row) => ({ value: type.fromColumns(columns.map((_, i) => (i === 0 ? decode(row['edge']) : null)), options), state: null }),
      }
    }
    default:
      return takenFrom(w, source, { measured, by: derived.by, last: derived.measure === 'last' }, { scope, owner, from, rows: () => where(w, rows(), scope) })
  }
}

/** The records that are counted, from FROM to WHERE, and the column with the id of the one that counts them. */
function counted(w: Writer, of: Entity, { entity: source, alias }: Scope, derived: Rollup): { readonly owner: string; readonly from: string } {
  const via = `${alias}.${mainColumn(fieldOf(source, derived.via))}`
  const owners = (): string => (w.dialect === 'sqlite' ? `IN (SELECT value FROM json_each(${w.argument(0)}))` : `= ANY(${w.argument(0)}::${castType('integer')}[])`)
  const tree = derived.subtree ? treeField(of) : undefined
  if (tree === undefined) return { owner: via, from: `FROM ${quote(source.table)} ${alias} WHERE ${via} ${owners()} AND ${alias}.archived_at IS NULL` }
  const [top, below, reach, table, { path }] = [w.alias(), w.alias(), w.alias(), quote(of.table), treeColumns(tree)]
  // What stands below is a range of the paths; two simple questions, so that each is served by its index.
  const whole = `SELECT ${top}.id AS owner, ${top}.id AS member FROM ${table} ${top} WHERE ${top}.id ${owners()}
    UNION ALL SELECT ${top}.id, ${below}.id FROM ${table} ${top} JOIN ${table} ${below} ON ${below}.${path} >= ${top}.${path} || ${top}.id || '/' AND ${below}.${path} < ${top}.${path} || ${top}.id || '0' WHERE ${top}.id ${owners()}`
  return { owner: `${reach}.owner`, from: `FROM (${whole}) ${reach} JOIN ${quote(source.table)} ${alias} ON ${via} = ${reach}.member WHERE ${alias}.archived_at IS NULL` }
}

/** The value of a field in the first or last record of each owner. Records without what goes by come first. */
function takenFrom(w: Writer, source: Entity, taken: { measured: Field; by: string | null; last: boolean }, q: { scope: Scope; owner: string; from: string; rows: () => string }): Counting {
  const { measured } = taken
  const order = taken.by === null ? 'id' : sortColumnOf(fieldOf(source, taken.by))
  const by = `${q.scope.alias}.${quote(order)}`
  const direction = taken.last ? (w.dialect === 'sqlite' ? 'DESC' : 'DESC NULLS LAST') : (w.dialect === 'sqlite' ? 'ASC' : 'ASC NULLS FIRST')
  const columns = measured.columns.map((column) => `${q.scope.alias}.${quote(column.name)}`).join(', ')
  const inner = `SELECT ${q.owner} AS owner, ${columns}, row_number() OVER (PARTITION BY ${q.owner} ORDER BY ${by} ${direction}, ${q.scope.alias}.id ${taken.last ? 'DESC' : 'ASC'}) AS place ${q.from} AND ${q.rows()}`
  const value = valueOf(w.dialect, measured, (column) => column.name)
  return { sql: `SELECT * FROM (${inner}) ranked WHERE place = 1`, read: (row) => ({ value: value(row), state: null }) }
}

function fieldOf(entity: Entity, key: string): Field {
  const field = entity.fields.get(key)
  if (field === undefined) throw new Error(`${entity.name} has no field ${key}`)
  return field
}

const sortColumnOf = (field: Field): string => field.columns[field.type.sortColumn(field.options) ?? 0]?.name ?? 'id'

/** An exact number of its main column as the field keeps it: rounded half away from zero, null when it is too large. */
export function kept(field: Field, number: Big): Json {
  const cell = Number(number.round(field.columns[0]?.scale ?? 0, Big.roundHalfUp).toString())
  const value = field.type.fromColumns([cell], field.options)
  return value === null || field.type.operand(value, '$eq', field.options) === undefined ? null : value
}

/** What stands in the main column for a value: what is added, and what has an order (seconds for a length of time). */
export const cellOf = (field: Field, value: Json | undefined): Json => field.type.toColumns(value ?? null, field.options)[0] ?? null

/** An average with the sum and the number that it comes from. */
export const averaged = (field: Field, sum: Big, n: number): Counted => ({ value: n === 0 ? null : kept(field, sum.div(n)), state: { sum: sum.toFixed(), n } })

/** The sum and the number that an average was kept with; null when there are none. */
export function averageState(state: Json): { readonly sum: Big; readonly n: number } | null {
  if (typeof state !== 'object' || state === null || Array.isArray(state)) return null
  const { sum, n } = state as JsonObject
  return typeof sum === 'string' && typeof n === 'number' ? { sum: new Big(sum), n } : null
}
