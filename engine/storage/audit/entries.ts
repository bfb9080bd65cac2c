/** The sealed entries, newest first, found by who, what, when and which record. */
import type { Executor, Row } from '../contract.js'
import { isField } from '../changes.js'
import { codec, quote } from '../dialect.js'
import { toEvent, eventColumns } from './events.js'

/** What both kinds of entries tell. */
export interface AuditEntry {
  /** Its number in the chain. */
  readonly number: number
  /** Hexadecimal. */
  readonly hash: string
  /** RFC 3339. */
  readonly at: string
  /** User id; null for the operator, the system and strangers. */
  readonly by: number | null
  readonly action: string
  /** Identity. */
  readonly entity: string | null
  readonly records: readonly number[]
  /** Identities of the fields that were seen or changed. */
  readonly fields: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
}

export interface AuditQuery {
  /** Identity. */
  readonly entity?: string
  readonly record?: number
  readonly by?: number
  readonly actions?: readonly string[]
  readonly from?: Date
  readonly to?: Date
  /** Only entries with smaller numbers. */
  readonly before?: number
  readonly limit: number
}

/** One page of both kinds together. */
export async function entries(x: Executor, q: AuditQuery): Promise<readonly AuditEntry[]> {
  const found = await Promise.all([changeEntries(x, q), eventEntries(x, q)])
  return found.flat().toSorted((a, b) => b.number - a.number).slice(0, q.limit)
}

interface Conditions {
  readonly texts: string[]
  readonly bindings: unknown[]
}

/** An entry is sealed within a day of its moment: by so much entries may stand in another order than their moments. */
const dayMilliseconds = 86_400_000

/** What is asked the same way of both tables: of the chain, whose indexes have it in the order of the log. */
function common(x: Executor, q: AuditQuery): Conditions {
  const conditions: Conditions = { texts: ['TRUE'], bindings: [] }
  const add = (text: string, ...values: readonly unknown[]): void => {
    conditions.texts.push(text)
    conditions.bindings.push(...values)
  }
  const instant = codec(x.dialect, { kind: 'instant' })
  if (q.before !== undefined) add('c.id < ?', q.before)
  // About one record the log is found by that record's own index.
  if (q.entity !== undefined) add(q.record === undefined ? 'c.entry_entity = ?' : 'h.entity = ?', q.entity)
  const at = (moment: Date, shift: number): unknown => instant.encode(new Date(moment.getTime() + shift).toISOString())
  if (q.by !== undefined) add('c.entry_by = ?', q.by)
  // Where the span begins and ends in the chain is looked up first, so that what is newer is not gone through.
  if (q.from !== undefined) add('c.entry_at >= ? AND c.id >= coalesce((SELECT id FROM tessera_chain WHERE entry_at >= ? ORDER BY entry_at, id LIMIT 1), 0)', at(q.from, 0), at(q.from, -dayMilliseconds))
  if (q.to !== undefined) add('c.entry_at < ? AND c.id <= coalesce((SELECT id FROM tessera_chain WHERE entry_at < ? ORDER BY entry_at DESC, id DESC LIMIT 1), 0)', at(q.to, 0), at(q.to, dayMilliseconds))
  if (q.actions !== undefined) add(x.dialect === 'sqlite' ? 'h.action IN (SELECT value FROM json_each(?))' : 'h.action = ANY(?::text[])', x.dialect === 'sqlite' ? JSON.stringify(q.actions) : q.actions)
  return conditions
}

/**
 * The order of a join is what is written, on SQLite: about one record the log is found by that; otherwise it is read in its
 * order, from the chain, and left to itself SQLite would read the other table to its end.
 */
const isChainFirst = (x: Executor, { entity, record }: AuditQuery): boolean => x.dialect === 'postgres' || entity === undefined || record === undefined

async function changeEntries(x: Executor, q: AuditQuery): Promise<readonly AuditEntry[]> {
  const { texts, bindings } = common(x, q)
  if (q.record !== undefined) {
    texts.push('h.record_id = ?')
    bindings.push(q.record)
  }
  const source = isChainFirst(x, q) ? 'tessera_chain c CROSS JOIN tessera_change h' : 'tessera_change h CROSS JOIN tessera_chain c'
  const rows = await x.all(
    `SELECT c.id AS number, c.hash, h.entity, h.record_id, h.version, h.action, h.changed_by, h.changed_at, h.changes
     FROM ${source} WHERE c.kind = 'change' AND c.entry = h.seq AND ${texts.join(' AND ')} ORDER BY c.id DESC LIMIT ${String(q.limit)}`,
    bindings,
  )
  return rows.map((row) => ({
    ...sealOf(row),
    at: codec(x.dialect, { kind: 'instant' }).decode(row['changed_at']) as string,
    by: row['changed_by'] === null ? null : Number(row['changed_by']),
    action: String(row['action']),
    entity: String(row['entity']),
    records: [Number(row['record_id'])],
    fields: Object.keys(JSON.parse((row['changes'] as string | null) ?? '{}') as object).filter(isField),
    detail: { version: Number(row['version']) },
  }))
}

async function eventEntries(x: Executor, q: AuditQuery): Promise<readonly AuditEntry[]> {
  const { texts, bindings } = common(x, q)
  if (q.record !== undefined) {
    texts.push(x.dialect === 'sqlite' ? 'EXISTS (SELECT 1 FROM json_each(h.records) WHERE value = ?)' : 'h.records::jsonb @> ?::jsonb')
    bindings.push(x.dialect === 'sqlite' ? q.record : JSON.stringify([q.record]))
  }
  const source = isChainFirst(x, q) ? 'tessera_chain c CROSS JOIN tessera_event h' : 'tessera_event h CROSS JOIN tessera_chain c'
  const rows = await x.all(
    `SELECT c.id AS number, c.hash, ${eventColumns.split(', ').map((name) => `h.${quote(name)}`).join(', ')}
     FROM ${source} WHERE c.kind = 'event' AND c.entry = h.seq AND ${texts.join(' AND ')} ORDER BY c.id DESC LIMIT ${String(q.limit)}`,
    bindings,
  )
  return rows.map((row) => {
    const { action, by, at, entity, records, detail } = toEvent(x, row)
    const { fields = [], ...rest } = detail
    return { ...sealOf(row), at, by, action, entity, records, fields: Array.isArray(fields) ? fields.map(String) : [], detail: rest }
  })
}

const sealOf = (row: Row): { readonly number: number; readonly hash: string } => ({ number: Number(row['number']), hash: String(row['hash']) })
