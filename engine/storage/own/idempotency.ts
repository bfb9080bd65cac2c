/** Answers that are kept for requests which may be sent twice. */
import type { Json } from '../../../metadata/contract/json.js'
import type { Executor } from '../contract.js'
import { codec } from '../dialect.js'

export interface KeptAnswer {
  /** Hash of the user and the key that the client chose. */
  readonly key: string
  readonly userId: number | null
  /** Hash of what the request was. */
  readonly request: string
  readonly answer: Json
  readonly at: Date
}

/** The answer kept under a key hash. */
export async function keptAnswer(tx: Executor, key: string): Promise<Pick<KeptAnswer, 'request' | 'answer'> | null> {
  const [row] = await tx.all('SELECT request_hash, response FROM tessera_idempotency WHERE key_hash = ?', [key])
  if (row === undefined) return null
  return { request: String(row['request_hash']), answer: codec(tx.dialect, { kind: 'json' }).decode(row['response']) }
}

/** Keeps an answer in the unit of the change it tells of. On PostgreSQL a second unit with the same key waits here for the first. */
export async function keepAnswer(tx: Executor, kept: KeptAnswer): Promise<void> {
  await tx.run('INSERT INTO tessera_idempotency (key_hash, user_id, request_hash, status, response, created_at) VALUES (?, ?, ?, ?, ?, ?)', [
    kept.key,
    kept.userId,
    kept.request,
    200,
    codec(tx.dialect, { kind: 'json' }).encode(kept.answer),
    codec(tx.dialect, { kind: 'instant' }).encode(kept.at.toISOString()),
  ])
}

/** Forgets what was kept before `until`. */
export async function forgetAnswers(tx: Executor, until: Date): Promise<void> {
  await tx.run('DELETE FROM tessera_idempotency WHERE created_at < ?', [codec(tx.dialect, { kind: 'instant' }).encode(until.toISOString())])
}
