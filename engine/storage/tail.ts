/**
 * Reading an append-only table to its end: each row exactly once, in an order in which units committed. Whoever reads
 * keeps a position; `''` is the beginning.
 */
import type { Executor, Row } from './contract.js'
import { quote } from './dialect.js'

/** Tables with a growing `seq`, and on PostgreSQL the `unit` that wrote the row. */
export type AppendOnly = 'tessera_change' | 'tessera_event' | 'tessera_notification'

/** Rows behind a position, and the position to go on from. */
export interface Tail {
  readonly rows: readonly Row[]
  readonly position: string
}

/** At most `limit` rows (then there may be more), as soon as their unit has committed. */
export const tail = (x: Executor, table: AppendOnly, columns: string, position: string, limit: number): Promise<Tail> =>
  x.dialect === 'sqlite' ? byNumber(x, table, columns, position, limit) : bySnapshot(x, table, columns, position, limit)

/** The position behind everything that is there now. */
export async function tailEnd(x: Executor, table: AppendOnly): Promise<string> {
  const sql = x.dialect === 'sqlite' ? `SELECT coalesce(max(seq), 0) AS position FROM ${quote(table)}` : 'SELECT pg_current_snapshot()::text AS position'
  const [row] = await x.all(sql, [])
  return String(row?.['position'])
}

/** SQLite writes one unit at a time, so numbers are in the order of commits and the last one is the position. */
async function byNumber(x: Executor, table: AppendOnly, columns: string, position: string, limit: number): Promise<Tail> {
  const rows = await x.all(`SELECT ${columns} FROM ${quote(table)} WHERE seq > ? ORDER BY seq LIMIT ${String(limit)}`, [Number(position)])
  const last = rows.at(-1)
  return { rows, position: last === undefined ? position : String(last['seq']) }
}

/** A snapshot in which no unit is over. */
const beginning = '1:1:'

/**
 * PostgreSQL's units commit in another order than they draw numbers, so a position is a snapshot: what was told is what
 * was visible in it (https://www.postgresql.org/docs/current/functions-info.html, pg_visible_in_snapshot). In the
 * middle of many rows it is `from|to|unit.seq`: between these two snapshots, behind this one.
 */
async function bySnapshot(x: Executor, table: AppendOnly, columns: string, position: string, limit: number): Promise<Tail> {
  const [from = beginning, to = null, last = '0.0'] = position === '' ? [] : position.split('|')
  const [unit = '0', seq = '0'] = last.split('.')
  const rows = await x.all(
    `SELECT unit::text AS unit, coalesce(?, pg_current_snapshot()::text) AS seen, ${columns} FROM ${quote(table)}
     WHERE unit >= pg_snapshot_xmin(?::pg_snapshot) AND NOT pg_visible_in_snapshot(unit, ?::pg_snapshot)
       AND pg_visible_in_snapshot(unit, coalesce(?::pg_snapshot, pg_current_snapshot())) AND (unit, seq) > (?::text::xid8, ?::bigint)
     ORDER BY ${quote(table)}.unit, seq LIMIT ${String(limit)}`,
    [to, from, from, to, unit, seq],
  )
  const end = rows.at(-1)
  if (end !== undefined && rows.length === limit) return { rows, position: `${from}|${String(end['seen'])}|${String(end['unit'])}.${String(end['seq'])}` }
  if (to !== null) return { rows, position: to }
  return { rows, position: end === undefined ? from : String(end['seen']) }
}

/** Rows that the position has passed, as a condition with its bindings: none of them may be new to who keeps it. */
export function passed(x: Executor, position: string): { readonly sql: string; readonly bindings: readonly unknown[] } {
  if (x.dialect === 'sqlite') return { sql: 'h.seq <= ?', bindings: [Number(position)] }
  return { sql: 'pg_visible_in_snapshot(h.unit, ?::pg_snapshot)', bindings: [position === '' ? beginning : (position.split('|')[0] ?? beginning)] }
}
