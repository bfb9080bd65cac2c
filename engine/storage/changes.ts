/**
 * History and outbox in one append-only table: the change of a record is one fact, written in its own unit. Consumers
 * keep a position of their own.
 */
import type { Json } from '../../metadata/contract/json.js'
import type { Entity } from '../model/model.js'
import type { Executor, Row } from './contract.js'
import { codec } from './dialect.js'
import { rowsMost, rowsParameter, rowsSource } from './queries/rows.js'
import { tail, tailEnd } from './tail.js'

/**
 * `derived`: computed values followed from a change elsewhere; the record itself, and so its version, did not change.
 * `transitioned`: updated by a transition of its lifecycle.
 */
export const changeActions = ['created', 'updated', 'transitioned', 'derived', 'archived', 'restored', 'purged'] as const
export type ChangeAction = (typeof changeActions)[number]

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
  /** Of `transitioned`: its name. */
  readonly transition?: string
  /** Identities of the fields that a rule has set; absent: none. */
  readonly byRule?: readonly string[]
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
  /** Name of the transition; null for all other actions. */
  readonly transition: string | null
  /** Identities of the fields that a rule has set. */
  readonly byRule: readonly string[]
}

const columns = 'seq, entity, record_id, version, action, changed_by, changed_at, changes'
const appended = 'INSERT INTO tessera_change (entity, record_id, version, action, changed_by, changed_at, changes)'
const kinds = ['text', 'integer', 'integer', 'text', 'integer', 'instant', 'text'] as const

type ChangeRow = readonly unknown[]

/** The name of a transition, and what rules have set, stand among the values, so that they are sealed with them: no identity of a field looks so. */
const transitionMember = '$transition'
const ruleMember = '$byRule'

/** True for the identity of a field, as opposed to what stands beside the values. */
export const isField = (member: string): boolean => member !== transitionMember && member !== ruleMember

/** Appends changes in the unit that made them; units that share a commit do it in one statement at its end. */
export async function append(tx: Executor, changes: readonly NewChange[]): Promise<void> {
  const rows = changes.map((one) => [one.entity.id, one.record['id'], one.record['version'], one.action, one.by, codec(tx.dialect, { kind: 'instant' }).encode(one.at.toISOString()), textOf(one)])
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

/** Changes before a moment, and of those at that moment the ones that made earlier versions. */
export interface Before {
  readonly at: Date
  readonly version: number
}

/**
 * Changes of one record that somebody made, with `derived` also computed values that only followed. With
 * `sinceVersion`: those that made later versions, oldest first; otherwise all, newest first.
 */
export async function historyOf(x: Executor, entity: Entity, id: number, options: { readonly limit?: number; readonly sinceVersion?: number; readonly derived?: boolean; readonly before?: Before } = {}): Promise<readonly Change[]> {
  const since = options.sinceVersion
  const { before } = options
  const at = before === undefined ? null : codec(x.dialect, { kind: 'instant' }).encode(before.at.toISOString())
  const earlier = before === undefined ? '' : ' AND (changed_at < ? OR (changed_at = ? AND version < ?))'
  const sql = `SELECT ${columns} FROM tessera_change WHERE entity = ? AND record_id = ? AND version > ?${earlier}${options.derived === true ? '' : " AND action <> 'derived'"} ORDER BY seq${since === undefined ? ' DESC' : ''} LIMIT ${String(options.limit ?? 10_000)}`
  return (await x.all(sql, [entity.id, id, since ?? 0, ...(before === undefined ? [] : [at, at, before.version])])).map((row) => toChange(x, row))
}

/** Changes that somebody made to several records, each from a version on (`[id, version]`), oldest first. */
export async function historiesOf(x: Executor, entity: Entity, from: readonly (readonly [number, number])[]): Promise<readonly Change[]> {
  const found: Change[] = []
  // From the few to the many: left to itself SQLite walks through all changes in their order. So the sorting is done here.
  const { cells, from: source } = rowsSource(x.dialect, ['integer', 'integer'])
  const sql = `SELECT ${columns} FROM (SELECT ${cells[0] ?? ''} AS asked_id, ${cells[1] ?? ''} AS asked_version FROM ${source}) asked CROSS JOIN tessera_change WHERE entity = ? AND record_id = asked_id AND version >= asked_version AND action <> 'derived'`
  for (let start = 0; start < from.length; start += rowsMost) {
    for (const row of await x.all(sql, [rowsParameter(from.slice(start, start + rowsMost)), entity.id])) found.push(toChange(x, row))
  }
  return found.toSorted((a, b) => a.seq - b.seq)
}

/** Changes behind a position, and the position to go on from. */
export interface Changes {
  readonly changes: readonly Change[]
  readonly position: string
}

/** Changes behind a position (`''`: from the beginning), each exactly once; see `tail.ts`. */
export async function since(x: Executor, position: string, limit: number): Promise<Changes> {
  const read = await tail(x, 'tessera_change', columns, position, limit)
  return { changes: read.rows.map((row) => toChange(x, row)), position: read.position }
}

/** The position behind everything that is there now: for consumers that care about the future only. */
export const latestPosition = (x: Executor): Promise<string> => tailEnd(x, 'tessera_change')

/** The number of the last change that was committed: by it is seen how much is written. 0: none. */
export async function latestNumber(x: Executor): Promise<number> {
  const [row] = await x.all('SELECT max(seq) AS last FROM tessera_change', [])
  return Number(row?.['last'] ?? 0)
}

/** What stands in the column `changes`. */
function textOf({ changes: values, transition, byRule = [] }: NewChange): string | null {
  if (values === null && byRule.length === 0) return null
  return JSON.stringify({ ...(transition === undefined ? {} : { [transitionMember]: transition }), ...(byRule.length === 0 ? {} : { [ruleMember]: byRule }), ...values })
}

function readValues(text: string, action: ChangeAction): Pick<Change, 'changes' | 'transition' | 'byRule'> {
  const { [transitionMember]: transition = null, [ruleMember]: byRule = [], ...changes } = JSON.parse(text) as { readonly [transitionMember]?: string; readonly [ruleMember]?: readonly string[] }
  return { changes: action === 'created' ? null : changes, transition, byRule }
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
    ...(typeof text === 'string' ? readValues(text, row['action'] as ChangeAction) : { changes: null, transition: null, byRule: [] }),
  }
}
