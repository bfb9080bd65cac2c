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
 * Changes with a higher number, in the order of their numbers. On PostgreSQL units commit in another order than they
 * drew their numbers: a consumer that must not miss any looks back a little.
 */
export async function since(x: Executor, seq: number, limit: number): Promise<readonly Change[]> {
  return (await x.all(`SELECT ${columns} FROM tessera_change WHERE seq > ? ORDER BY seq LIMIT ${String(limit)}`, [seq])).map((row) => toChange(x, row))
}

/** The highest number so far; 0 when there is none. */
export async function latestSequence(x: Executor): Promise<number> {
  const [row] = await x.all('SELECT max(seq) AS seq FROM tessera_change', [])
  return Number(row?.['seq'] ?? 0)
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
