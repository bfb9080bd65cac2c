/** Records measured by a condition: as they stand, and as they stood when other values were in them. */
import type { Cell } from '../fields/contract.js'
import type { Entity, Field, PhysicalColumn } from '../model/model.js'
import type { Predicate } from '../model/conditions/predicate.js'
import type { Bindings, Executor } from './contract.js'
import { codec, quote } from './dialect.js'
import { typed } from './queries/rows.js'
import { bind, compiled, Writer } from './queries/statement.js'
import { where } from './queries/where.js'
import { idsIn, idsParameter } from './records.js'
import { columnsOf, systemColumnNames } from './tables/tables.js'

/** A record at one moment. */
export interface Standing {
  readonly version: number
  /** It is in the rows. */
  readonly holds: boolean
}

/** How records stand now, archived or not, by id; version and answer are of one moment. Those that are gone are missing. */
export async function standings(x: Executor, q: { readonly entity: Entity; readonly rows: Predicate; readonly ids: readonly number[] }, b: Bindings): Promise<ReadonlyMap<number, Standing>> {
  const plan = compiled(x.dialect, q.rows, q.entity, 'standings', b, (w) => {
    const scope = { entity: q.entity, alias: w.alias() }
    const holds = where(w, q.rows, scope)
    return { statement: w.statement(`SELECT ${scope.alias}.id, ${scope.alias}.version, CASE WHEN ${holds} THEN 1 ELSE 0 END AS holds FROM ${quote(q.entity.table)} ${scope.alias} WHERE ${scope.alias}.id ${idsIn(w)}`) }
  })
  const rows = await x.all(plan.statement.sql, bind(plan.statement, b, [idsParameter(x, q.ids)]))
  return new Map(rows.map((row) => [Number(row['id']), { version: Number(row['version']), holds: Number(row['holds']) === 1 }]))
}

/** A field with cells that stood in it, one for each of its columns. */
export interface Stood {
  readonly field: Field
  readonly cells: readonly Cell[]
}

/**
 * Whether a record would be in the rows if these cells stood in it: the same statement over the row with them in the place of its own. Other
 * records, lists of records and places in trees count as they are now.
 */
export async function stoodIn(x: Executor, q: { readonly entity: Entity; readonly rows: Predicate; readonly id: number; readonly stood: readonly Stood[] }, b: Bindings): Promise<boolean> {
  const w = new Writer(x.dialect, b)
  const scope = { entity: q.entity, alias: w.alias() }
  const other = new Map(q.stood.flatMap(({ field, cells }) => field.columns.map((column, i) => [column.name, { column, cell: cells[i] ?? null }] as const).filter(([, { column }]) => isValue(column))))
  const columns = [...systemColumnNames, ...columnsOf(q.entity).map(({ column }) => column.name)].map((name) => {
    const given = other.get(name)
    if (given === undefined) return `base.${quote(name)}`
    w.value(codec(x.dialect, given.column).encode(given.cell))
    // As the columns of tables are: PostgreSQL would otherwise compare the text by its locale.
    return `${typed(x.dialect, given.column.kind)}${x.dialect === 'postgres' && given.column.kind === 'text' ? ' COLLATE "C"' : ''} AS ${quote(name)}`
  })
  const sql = `SELECT 1 AS found FROM (SELECT ${columns.join(', ')} FROM ${quote(q.entity.table)} base WHERE base.id = ${w.value(q.id)}) ${scope.alias} WHERE ${where(w, q.rows, scope)}`
  return (await x.all(sql, bind(w.statement(sql), b))).length > 0
}

/** What the engine keeps beside a value is none. */
const isValue = ({ role }: PhysicalColumn): boolean => role === undefined || role === 'part' || role === 'fold'
