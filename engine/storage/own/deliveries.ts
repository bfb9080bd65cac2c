/** Messages of webhooks: one row for each, from the change that it tells of until it arrived or was given up. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Executor, Row } from '../contract.js'
import { codec } from '../dialect.js'
import { rowsMost, rowsParameter, rowsSource } from '../queries/rows.js'

/** `dead`: given up; somebody may send it again. */
export type DeliveryState = 'waiting' | 'delivered' | 'dead'

export interface StoredDelivery {
  readonly id: number
  readonly webhook: number
  /** What happened, without values: they are read when it is sent. */
  readonly event: JsonObject
  readonly state: DeliveryState
  readonly attempts: number
  /** Of the last answer; null when there was none. */
  readonly status: number | null
  readonly error: string | null
  readonly createdAt: string
  readonly endedAt: string | null
  readonly dueAt: string | null
}

export interface NewDelivery {
  readonly webhook: number
  /** A webhook is told of the same cause once. */
  readonly cause: string
  readonly event: JsonObject
}

const columns = 'id, webhook_id, event, state, attempts, status, error, created_at, ended_at, due_at'

/** Adds what was not told yet, due at once. */
export async function addDeliveries(tx: Executor, added: readonly NewDelivery[], at: Date): Promise<void> {
  const { cells, from } = rowsSource(tx.dialect, ['integer', 'text', 'text', 'instant'])
  const rows = added.map(({ webhook, cause, event }) => [webhook, cause, JSON.stringify(event), moment(tx, at)])
  const [hook = '', cause = '', event = '', now = ''] = cells
  for (let start = 0; start < rows.length; start += rowsMost) {
    await tx.run(
      `INSERT INTO tessera_delivery (webhook_id, cause, event, state, attempts, created_at, due_at) SELECT ${hook}, ${cause}, ${event}, 'waiting', 0, ${now}, ${now} FROM ${from} WHERE true ON CONFLICT (webhook_id, cause) DO NOTHING`,
      [rowsParameter(rows.slice(start, start + rowsMost))],
    )
  }
}

/** Cheap look before `takeDeliveries`, which takes the writing connection. */
export const deliveryDue = async (x: Executor, at: Date): Promise<boolean> =>
  (await x.all("SELECT 1 AS due FROM tessera_delivery d JOIN tessera_webhook w ON w.id = d.webhook_id WHERE d.state = 'waiting' AND d.due_at <= ? AND w.state = 'active' LIMIT 1", [moment(x, at)])).length > 0

/** Takes messages that are due, the oldest first, of webhooks that are not paused and not among `busy`; nobody else takes them before `until`. */
export async function takeDeliveries(tx: Executor, busy: readonly number[], limit: number, at: Date, until: Date): Promise<readonly StoredDelivery[]> {
  const free = tx.dialect === 'postgres' ? ' FOR UPDATE OF d SKIP LOCKED' : ''
  const among = tx.dialect === 'sqlite' ? 'NOT IN (SELECT value FROM json_each(?))' : '<> ALL(?::bigint[])'
  const rows = await tx.all(
    `UPDATE tessera_delivery SET due_at = ?, attempts = attempts + 1 WHERE id IN (SELECT d.id FROM tessera_delivery d JOIN tessera_webhook w ON w.id = d.webhook_id
       WHERE d.state = 'waiting' AND d.due_at <= ? AND w.state = 'active' AND d.webhook_id ${among} ORDER BY d.due_at, d.id LIMIT ${String(limit)}${free}) RETURNING ${columns}`,
    [moment(tx, until), moment(tx, at), tx.dialect === 'sqlite' ? JSON.stringify(busy) : busy],
  )
  return rows.map((row) => toDelivery(tx, row))
}

/** How an attempt ended. Nothing happens when somebody else has taken it since. */
export const endAttempt = (tx: Executor, { id, attempts }: Pick<StoredDelivery, 'id' | 'attempts'>, end: { readonly state: DeliveryState; readonly status: number | null; readonly error: string | null; readonly due: Date | null }, at: Date): Promise<number> =>
  tx.run("UPDATE tessera_delivery SET state = ?, status = ?, error = ?, due_at = ?, ended_at = ? WHERE id = ? AND attempts = ? AND state = 'waiting'", [
    end.state, end.status, end.error, end.due === null ? null : moment(tx, end.due), end.state === 'waiting' ? null : moment(tx, at), id, attempts,
  ])

export interface DeliveryQuestion {
  readonly webhook: number
  readonly state?: DeliveryState
  readonly id?: number
  readonly before?: number
  readonly limit: number
}

/** Newest first. */
export async function deliveriesOf(x: Executor, { webhook, state, id, before, limit }: DeliveryQuestion): Promise<readonly StoredDelivery[]> {
  const rows = await x.all(
    `SELECT ${columns} FROM tessera_delivery WHERE webhook_id = ?${state === undefined ? '' : ' AND state = ?'}${id === undefined ? '' : ' AND id = ?'}${before === undefined ? '' : ' AND id < ?'} ORDER BY id DESC LIMIT ${String(limit)}`,
    [webhook, ...(state === undefined ? [] : [state]), ...(id === undefined ? [] : [id]), ...(before === undefined ? [] : [before])],
  )
  return rows.map((row) => toDelivery(x, row))
}

/** How many messages of each webhook stand where. */
export async function countDeliveries(x: Executor): Promise<readonly { readonly webhook: number; readonly state: DeliveryState; readonly count: number }[]> {
  const rows = await x.all('SELECT webhook_id, state, count(*) AS n FROM tessera_delivery GROUP BY webhook_id, state', [])
  return rows.map((row) => ({ webhook: Number(row['webhook_id']), state: row['state'] as DeliveryState, count: Number(row['n']) }))
}

/** Sends dead messages again from the beginning: one, or all of a webhook. Gives how many. */
export const reviveDeliveries = (tx: Executor, webhook: number, id: number | null, at: Date): Promise<number> =>
  tx.run(`UPDATE tessera_delivery SET state = 'waiting', attempts = 0, due_at = ?, ended_at = NULL WHERE webhook_id = ? AND state = 'dead'${id === null ? '' : ' AND id = ?'}`, [moment(tx, at), webhook, ...(id === null ? [] : [id])])

/** Forgets messages that are over since before this moment. */
export const forgetDeliveries = (tx: Executor, before: Date): Promise<number> => tx.run('DELETE FROM tessera_delivery WHERE ended_at < ?', [moment(tx, before)])

const moment = (x: Executor, at: Date): unknown => codec(x.dialect, { kind: 'instant' }).encode(at.toISOString())

function toDelivery(x: Executor, row: Row): StoredDelivery {
  const instant = (name: string): string | null => codec(x.dialect, { kind: 'instant' }).decode(row[name]) as string | null // what the codec gives for an instant
  return {
    id: Number(row['id']), webhook: Number(row['webhook_id']), event: JSON.parse(String(row['event'])) as JsonObject, state: row['state'] as DeliveryState, attempts: Number(row['attempts']),
    status: row['status'] === null ? null : Number(row['status']), error: row['error'] as string | null, createdAt: instant('created_at') ?? '', endedAt: instant('ended_at'), dueAt: instant('due_at'),
  }
}
