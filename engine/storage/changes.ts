/**
 * History and outbox in one append-only table: the change of a record is one fact, written in its own unit. Consumers
 * keep a position of their own.
 */
import type { Json } from '../../metadata/contract/json.js'
import type { Entity } from '../model/model.js'
import type { Executor, Row } from './contract.js'
import { codec } from './dialect.js'

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
const batch = 100

/** Appends changes in the unit that made them. */
export async function append(tx: Executor, changes: readonly NewChange[]): Promise<void> {
  for (let from = 0; from < changes.length; from += batch) {
    const rows = changes.slice(from, from + batch)
    const bindings = rows.flatMap(({ entity, record, action, by, at, changes: values }) => [entity.id, record['id'], record['version'], action, by, codec(tx.dialect, { kind: 'instant' }).encode(at.toISOString()), values === null ? null : JSON.stringify(values)])
    await tx.run(`INSERT INTO tessera_change (entity, record_id, version, action, changed_by, changed_at, changes) VALUES ${rows.map(() => '(?, ?, ?, ?, ?, ?, ?)').join(', ')}`, bindings)
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

/**
 * Changes behind a position (`''`: from the beginning), in an order that never shows a change late: on PostgreSQL units
 * commit in another order than they draw `seq`, so changes of units that may still run are held back.
 * @returns the position to go on from
 */
export async function since(x: Executor, position: string, limit: number): Promise<{ readonly changes: readonly Change[]; readonly position: string }> {
  const [unit = '0', seq = '0'] = position === '' ? [] : position.split('.')
  const rows =
    x.dialect === 'sqlite'
      ? await x.all(`SELECT 0 AS unit, ${columns} FROM tessera_change WHERE seq > ? ORDER BY seq LIMIT ${String(limit)}`, [Number(seq)])
      : await x.all(
          `SELECT unit::text AS unit, ${columns} FROM tessera_change WHERE (unit, seq) > (?::text::xid8, ?::bigint) AND unit < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY tessera_change.unit, seq LIMIT ${String(limit)}`,
          [unit, seq],
        )
  const last = rows.at(-1)
  return { changes: rows.map((row) => toChange(x, row)), position: last === undefined ? position : `${String(last['unit'])}.${String(last['seq'])}` }
}

/** The position behind everything that is there now: for consumers that care about the future only. */
export async function latestPosition(x: Executor): Promise<string> {
  const sql = x.dialect === 'sqlite' ? 'SELECT 0 AS unit, coalesce(max(seq), 0) AS seq FROM tessera_change' : 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS unit, 0 AS seq'
  const [row] = await x.all(sql, [])
  return `${String(row?.['unit'])}.${String(row?.['seq'])}`
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
