/** What people were told: one row for each person and cause, however often that cause is met. */
import type { ToldKind } from '../../../metadata/contract/notification.js'
import type { Executor, Row } from '../contract.js'
import { codec } from '../dialect.js'
import { rowsMost, rowsParameter, rowsSource } from '../queries/rows.js'
import { tail, tailEnd } from '../tail.js'

export interface NewNotification {
  /** Id of the user who is told. */
  readonly user: number
  readonly kind: ToldKind
  /** Identity of the entity; null for a text that is about no record. */
  readonly entity: string | null
  /** Null: about `count` records of the entity. */
  readonly recordId: number | null
  /** Who caused it; null for the system. */
  readonly by: number | null
  /** What is said, where it is not told by the record itself. */
  readonly text: string | null
  readonly count: number
  /** The same person is told of the same cause once. */
  readonly cause: string
}

export interface StoredNotification extends Omit<NewNotification, 'cause'> {
  readonly id: number
  /** RFC 3339. */
  readonly at: string
  readonly readAt: string | null
}

const columns = 'seq, user_id, kind, entity, record_id, told_by, text, number, at, read_at'
const kinds = ['integer', 'text', 'text', 'integer', 'integer', 'text', 'integer', 'text', 'instant'] as const

/** Adds what was not told yet; gives how many. */
export async function addNotifications(tx: Executor, added: readonly NewNotification[], at: Date): Promise<number> {
  const { cells, from } = rowsSource(tx.dialect, kinds)
  const moment = instant(tx, at)
  const rows = added.map(({ user, kind, entity, recordId, by, text, count, cause }) => [user, kind, entity, recordId, by, text, count, cause, moment])
  let told = 0
  for (let start = 0; start < rows.length; start += rowsMost) {
    told += await tx.run(
      `INSERT INTO tessera_notification (user_id, kind, entity, record_id, told_by, text, number, cause, at) SELECT ${cells.join(', ')} FROM ${from} WHERE true ON CONFLICT (user_id, cause) DO NOTHING`,
      [rowsParameter(rows.slice(start, start + rowsMost))],
    )
  }
  return told
}

/** Which of these causes somebody was told of already. */
export async function toldCauses(x: Executor, causes: readonly string[]): Promise<ReadonlySet<string>> {
  const one = x.dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::text[])'
  const rows = await x.all(`SELECT DISTINCT cause FROM tessera_notification WHERE cause ${one}`, [x.dialect === 'sqlite' ? JSON.stringify(causes) : causes])
  return new Set(rows.map((row) => String(row['cause'])))
}

export interface InboxQuestion {
  readonly user: number
  readonly unread: boolean
  /** Kinds that are left out. */
  readonly without: readonly string[]
  /** Only those before this id. */
  readonly before: number | null
  readonly limit: number
}

/** Newest first. */
export async function notificationsOf(x: Executor, { user, unread, without, before, limit }: InboxQuestion): Promise<readonly StoredNotification[]> {
  const rows = await x.all(
    `SELECT ${columns} FROM tessera_notification WHERE user_id = ?${unread ? ' AND read_at IS NULL' : ''}${without.length === 0 ? '' : ` AND kind NOT IN (${without.map(() => '?').join(', ')})`}${before === null ? '' : ' AND seq < ?'} ORDER BY seq DESC LIMIT ${String(limit)}`,
    [user, ...without, ...(before === null ? [] : [before])],
  )
  return rows.map((row) => toNotification(x, row))
}

/** Marks some as read or unread again. Those of others are not touched. */
export async function markNotifications(tx: Executor, user: number, ids: readonly number[], readAt: Date | null): Promise<void> {
  const one = tx.dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::bigint[])'
  await tx.run(`UPDATE tessera_notification SET read_at = ? WHERE user_id = ? AND seq ${one}`, [readAt === null ? null : instant(tx, readAt), user, tx.dialect === 'sqlite' ? JSON.stringify(ids) : ids])
}

/** Marks as read what is there up to an id: what came since then was not seen. */
export async function markUpTo(tx: Executor, user: number, id: number, at: Date): Promise<void> {
  await tx.run('UPDATE tessera_notification SET read_at = ? WHERE user_id = ? AND seq <= ? AND read_at IS NULL', [instant(tx, at), user, id])
}

/** Forgets some of those that were read or came before these moments; gives how many. */
export async function forgetNotifications(tx: Executor, read: Date, any: Date, most: number): Promise<number> {
  return tx.run(`DELETE FROM tessera_notification WHERE seq IN (SELECT seq FROM tessera_notification WHERE read_at < ? OR at < ? LIMIT ${String(most)})`, [instant(tx, read), instant(tx, any)])
}

/** By identity of the entity: up to when reminders were looked for. */
export async function remindedUpTo(x: Executor): Promise<ReadonlyMap<string, Date>> {
  const rows = await x.all('SELECT entity, looked_at FROM tessera_reminded', [])
  return new Map(rows.map((row) => [String(row['entity']), new Date(codec(x.dialect, { kind: 'instant' }).decode(row['looked_at']) as string)])) // what the codec gives for an instant
}

export async function noteReminded(tx: Executor, entity: string, at: Date): Promise<void> {
  await tx.run('INSERT INTO tessera_reminded (entity, looked_at) VALUES (?, ?) ON CONFLICT (entity) DO UPDATE SET looked_at = excluded.looked_at', [entity, instant(tx, at)])
}

/** The position behind everything that was told up to now. */
export const latestTold = (x: Executor): Promise<string> => tailEnd(x, 'tessera_notification')

/** Who was told of something behind a position, and the position to go on from. */
export async function toldSince(x: Executor, position: string, limit: number): Promise<{ readonly users: ReadonlySet<number>; readonly position: string; readonly full: boolean }> {
  const read = await tail(x, 'tessera_notification', 'seq, user_id', position, limit)
  return { users: new Set(read.rows.map((row) => Number(row['user_id']))), position: read.position, full: read.rows.length === limit }
}

const instant = (x: Executor, at: Date): unknown => codec(x.dialect, { kind: 'instant' }).encode(at.toISOString())
const numberOf = (value: unknown): number | null => (value === null ? null : Number(value))
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function toNotification(x: Executor, row: Row): StoredNotification {
  const moment = (name: string): string | null => codec(x.dialect, { kind: 'instant' }).decode(row[name]) as string | null // what the codec gives for an instant
  return {
    id: Number(row['seq']), user: Number(row['user_id']), kind: row['kind'] as ToldKind, entity: textOf(row['entity']), recordId: numberOf(row['record_id']),
    by: numberOf(row['told_by']), text: textOf(row['text']), count: Number(row['number']), at: moment('at') ?? '', readAt: moment('read_at'),
  }
}
