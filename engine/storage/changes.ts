/**
 * History and outbox in one append-only table: the change of a record is one fact, written in its own unit. Consumers
 * keep a position of their own.
 */
import type { Json } from '../../metadata/contract/json.js'
import type { Entity } from '../model/model.js'
import type { Executor, Row } from './contract.js'
import { codec } from './dialect.js'
import { rowsMost, rowsParameter, rowsSource } from './queries/rows.js'

export type ChangeAction = 'created' | 'updated' | 'archived' | 'restored' | 'purged'

/** Field identity → value before and after. */
export type ChangedValues = Readonly<Record<string, readonly [Json, Json]>>

/** A change to append. */
export interface NewChange {
  readonly entity: Entity
  /** The record as it is now (for `purged`: as it was); its `id` and `version` are kept. */
  readonly record: Readonly<Record<string, Json>>
  readonly action: ChangeAction
  /** User id; null for the system. */
  readonly by: number | null
  readonly at: Date
  readonly changes: ChangedValues | null
}

export interface Change {
  /** Counts up; unique in the database. */
  readonly seq: number
  /** Identity of the entity. */
  readonly entity: string
  readonly recordId: number
  readonly version: number
  readonly action: ChangeAction
  readonly by: number | null
  /** RFC 3339. */
  readonly at: string
  readonly changes: ChangedValues | null
}

const columns = 'seq, entity, record_id, version, action, changed_by, changed_at, changes'
const appended = 'INSERT INTO tessera_change (entity, record_id, version, action, changed_by, changed_at, changes)'
const kinds = ['text', 'integer', 'integer', 'text', 'integer', 'instant', 'text'] as const

type ChangeRow = readonly unknown[]

/** Appends changes in the unit that made them; units that share a commit do it in one statement at its end. */
export async function append(tx: Executor, changes: readonly NewChange[]): Promise<void> {
  const rows = changes.map(({ entity, record, action, by, at, changes: values }) => [entity.id, record['id'], record['version'], action, by, codec(tx.dialect, { kind: 'instant' }).encode(at.toISOString()), values === null ? null : JSON.stringify(values)])
  if (tx.later === undefined) await appendRows(tx, rows)
  else tx.later(appendRows, rows)
}

async function appendRows(tx: Executor, rows: readonly ChangeRow[]): Promise<void> {
  const [only] = rows
  if (only !== undefined && rows.length === 1) await tx.run(`${appended} VALUES (?, ?, ?, ?, ?, ?, ?)`, only)
  else await appendMany(tx, rows)
}

async function appendMany(tx: Executor, rows: readonly ChangeRow[]): Promise<void> {
  const { cells, from } = rowsSource(tx.dialect, kinds)
  for (let start = 0; start < rows.length; start += rowsMost) {
    await tx.run(`${appended} SELECT ${cells.join(', ')} FROM ${from}`, [rowsParameter(rows.slice(start, start + rowsMost))])
  }
}

/**
 * Changes of one record. With `sinceVersion`: those that made later versions, oldest first; otherwise all, newest first.
 */
export async function historyOf(x: Executor, entity: Entity, id: number, options: { readonly limit?: number; readonly sinceVersion?: number } = {}): Promise<readonly Change[]> {
  const since = options.sinceVersion
  const sql = `SELECT ${columns} FROM tessera_change WHERE entity = ? AND record_id = ? AND version > ? ORDER BY seq${since === undefined ? ' DESC' : ''} LIMIT ${String(options.limit ?? 10_000)}`
  return (await x.all(sql, [entity.id, id, since ?? 0])).map((row) => toChange(x, row))
}

/** Changes behind a position, and the position to go on from. */
export interface Changes {
  readonly changes: readonly Change[]
  readonly position: string
}

/**
 * Changes behind a position (`''`: from the beginning), each exactly once and as soon as its unit has committed. At most
 * `limit`: then there may be more.
 */
export const since = (x: Executor, position: string, limit: number): Promise<Changes> => (x.dialect === 'sqlite' ? sinceNumber(x, position, limit) : sinceSnapshot(x, position, limit))

/** SQLite writes one unit at a time, so numbers are in the order of commits and the last one is the position. */
async function sinceNumber(x: Executor, position: string, limit: number): Promise<Changes> {
  const rows = await x.all(`SELECT ${columns} FROM tessera_change WHERE seq > ? ORDER BY seq LIMIT ${String(limit)}`, [Number(position)])
  const last = rows.at(-1)
  return { changes: rows.map((row) => toChange(x, row)), position: last === undefined ? position : String(last['seq']) }
}

/** A snapshot in which no unit is over. */
const beginning = '1:1:'

/**
 * PostgreSQL's units commit in another order than they draw numbers, so a position is a snapshot: what was told is what
 * was visible in it (https://www.postgresql.org/docs/current/functions-info.html, pg_visible_in_snapshot). In the
 * middle of many changes it is `from|to|unit.seq`: between these two snapshots, behind this one.
 */
async function sinceSnapshot(x: Executor, position: string, limit: number): Promise<Changes> {
  const [from = beginning, to = null, last = '0.0'] = position === '' ? [] : position.split('|')
  const [unit = '0', seq = '0'] = last.split('.')
  const rows = await x.all(
    `SELECT unit::text AS unit, coalesce(?, pg_current_snapshot()::text) AS seen, ${columns} FROM tessera_change
     WHERE unit >= pg_snapshot_xmin(?::pg_snapshot) AND NOT pg_visible_in_snapshot(unit, ?::pg_snapshot)
       AND pg_visible_in_snapshot(unit, coalesce(?::pg_snapshot, pg_current_snapshot())) AND (unit, seq) > (?::text::xid8, ?::bigint)
     ORDER BY tessera_change.unit, seq LIMIT ${String(limit)}`,
    [to, from, from, to, unit, seq],
  )
  const end = rows.at(-1)
  const changes = rows.map((row) => toChange(x, row))
  if (end !== undefined && rows.length === limit) return { changes, position: `${from}|${String(end['seen'])}|${String(end['unit'])}.${String(end['seq'])}` }
  if (to !== null) return { changes, position: to }
  return { changes, position: end === undefined ? from : String(end['seen']) }
}

/** The position behind everything that is there now: for consumers that care about the future only. */
export async function latestPosition(x: Executor): Promise<string> {
  const sql = x.dialect === 'sqlite' ? 'SELECT coalesce(max(seq), 0) AS position FROM tessera_change' : 'SELECT pg_current_snapshot()::text AS position'
  const [row] = await x.all(sql, [])
  return String(row?.['position'])
}

function toChange(x: Executor, row: Row): Change {
  const text = row['changes']
  return {
    seq: Number(row['seq']),
    entity: String(row['entity']),
    recordId: Number(row['record_id']),
    version: Number(row['version']),
    action: row['action'] as ChangeAction,
    by: row['changed_by'] === null ? null : Number(row['changed_by']),
    at: codec(x.dialect, { kind: 'instant' }).decode(row['changed_at']) as string,
    changes: typeof text === 'string' ? (JSON.parse(text) as ChangedValues) : null,
  }
}
