/** Webhooks: who is told of what, and the messages to them. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Executor, Row } from '../contract.js'
import { codec } from '../dialect.js'

export type WebhookState = 'active' | 'paused'
/** Why it is paused: somebody wanted it, nothing arrived for long, the other side said that it is gone, or this is a restored copy. */
export type PauseReason = 'person' | 'failing' | 'gone' | 'restored'

export interface StoredWebhook {
  readonly id: number
  readonly owner: number
  readonly name: string
  readonly url: string
  readonly events: readonly JsonObject[]
  readonly state: WebhookState
  readonly reason: PauseReason | null
  /** Sealed. */
  readonly secret: string
  readonly former: string | null
  readonly retiredAt: string | null
  readonly failingAt: string | null
  readonly createdAt: string
  readonly changedAt: string
}

const columns = 'id, owner, name, url, events, state, reason, secret, former, retired_at, failing_at, created_at, changed_at'

export const webhooks = async (x: Executor): Promise<readonly StoredWebhook[]> => (await x.all(`SELECT ${columns} FROM tessera_webhook ORDER BY id`, [])).map((row) => toWebhook(x, row))

export async function webhookById(x: Executor, id: number): Promise<StoredWebhook | null> {
  const [row] = await x.all(`SELECT ${columns} FROM tessera_webhook WHERE id = ?${x.writing && x.dialect === 'postgres' ? ' FOR UPDATE' : ''}`, [id])
  return row === undefined ? null : toWebhook(x, row)
}

export async function addWebhook(tx: Executor, made: Pick<StoredWebhook, 'owner' | 'name' | 'url' | 'events' | 'secret'>, at: Date): Promise<number> {
  const [row] = await tx.all(
    "INSERT INTO tessera_webhook (owner, name, url, events, state, secret, created_at, changed_at) VALUES (?, ?, ?, ?, 'active', ?, ?, ?) RETURNING id",
    [made.owner, made.name, made.url, JSON.stringify(made.events), made.secret, moment(tx, at), moment(tx, at)],
  )
  return Number(row?.['id'])
}

export async function changeWebhook(tx: Executor, { id, owner, name, url, events, state, reason, secret, former, retiredAt, failingAt }: StoredWebhook, at: Date): Promise<void> {
  await tx.run(
    'UPDATE tessera_webhook SET owner = ?, name = ?, url = ?, events = ?, state = ?, reason = ?, secret = ?, former = ?, retired_at = ?, failing_at = ?, changed_at = ? WHERE id = ?',
    [owner, name, url, JSON.stringify(events), state, reason, secret, former, instantOrNull(tx, retiredAt), instantOrNull(tx, failingAt), moment(tx, at), id],
  )
}

/** With all its messages. */
export async function dropWebhook(tx: Executor, id: number): Promise<void> {
  await tx.run('DELETE FROM tessera_delivery WHERE webhook_id = ?', [id])
  await tx.run('DELETE FROM tessera_webhook WHERE id = ?', [id])
}

/** What a restored copy does: it tells nobody until somebody wants it. */
export const pauseAllWebhooks = (tx: Executor): Promise<number> => tx.run("UPDATE tessera_webhook SET state = 'paused', reason = 'restored' WHERE state = 'active'", [])

/** Of a message that arrived, or that did not: since when nothing arrives. */
export async function noteFailing(tx: Executor, id: number, failing: Date | null): Promise<void> {
  if (failing === null) await tx.run('UPDATE tessera_webhook SET failing_at = NULL WHERE id = ? AND failing_at IS NOT NULL', [id])
  else await tx.run('UPDATE tessera_webhook SET failing_at = ? WHERE id = ? AND failing_at IS NULL', [moment(tx, failing), id])
}

/** True when it was not paused before. */
export const pauseWebhook = async (tx: Executor, id: number, reason: PauseReason, at: Date): Promise<boolean> =>
  (await tx.run("UPDATE tessera_webhook SET state = 'paused', reason = ?, changed_at = ? WHERE id = ? AND state = 'active'", [reason, moment(tx, at), id])) === 1

export interface SealedSecret {
  readonly id: number
  readonly column: 'secret' | 'former'
  readonly sealed: string
}

/** All sealed secrets of webhooks, also those that still sign beside a newer one. */
export async function formerSecrets(x: Executor): Promise<readonly SealedSecret[]> {
  const rows = await x.all('SELECT id, secret, former FROM tessera_webhook', [])
  return rows.flatMap((row) => (['secret', 'former'] as const).flatMap((column) => (typeof row[column] === 'string' ? [{ id: Number(row['id']), column, sealed: row[column] }] : [])))
}

export const sealWebhookAnew = (tx: Executor, id: number, column: SealedSecret['column'], before: string, sealed: string): Promise<number> =>
  column === 'secret'
    ? tx.run('UPDATE tessera_webhook SET secret = ? WHERE id = ? AND secret = ?', [sealed, id, before])
    : tx.run('UPDATE tessera_webhook SET former = ? WHERE id = ? AND former = ?', [sealed, id, before])

const moment = (x: Executor, at: Date): unknown => codec(x.dialect, { kind: 'instant' }).encode(at.toISOString())
const instantOrNull = (x: Executor, at: string | null): unknown => (at === null ? null : codec(x.dialect, { kind: 'instant' }).encode(at))

function toWebhook(x: Executor, row: Row): StoredWebhook {
  const instant = (name: string): string | null => codec(x.dialect, { kind: 'instant' }).decode(row[name]) as string | null // what the codec gives for an instant
  const text = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null)
  return {
    id: Number(row['id']), owner: Number(row['owner']), name: String(row['name']), url: String(row['url']), events: JSON.parse(String(row['events'])) as readonly JsonObject[],
    state: row['state'] as WebhookState, reason: row['reason'] as PauseReason | null, secret: String(row['secret']), former: text('former'),
    retiredAt: instant('retired_at'), failingAt: instant('failing_at'), createdAt: instant('created_at') ?? '', changedAt: instant('changed_at') ?? '',
  }
}
