/** Which identity of a provider stands for which user. One identity of each provider for a user. */
import type { Executor } from '../contract.js'
import { codec } from '../dialect.js'

interface Subject {
  readonly issuer: string
  readonly subject: string
}

export async function tiedUser(x: Executor, { issuer, subject }: Subject): Promise<number | null> {
  const [row] = await x.all('SELECT user_id FROM tessera_identity WHERE issuer = ? AND subject = ?', [issuer, subject])
  return row === undefined ? null : Number(row['user_id'])
}

/** True when an identity of this provider stands for the user already. */
export const identityTied = async (x: Executor, issuer: string, user: number): Promise<boolean> =>
  (await x.all('SELECT 1 AS found FROM tessera_identity WHERE issuer = ? AND user_id = ?', [issuer, user])).length > 0

/** The first one counts: who comes at the same moment with another identity finds the user taken. */
export async function tieIdentity(tx: Executor, { issuer, subject }: Subject, user: number, at: Date): Promise<void> {
  await tx.run('INSERT INTO tessera_identity (issuer, subject, user_id, tied_at) VALUES (?, ?, ?, ?)', [issuer, subject, user, codec(tx.dialect, { kind: 'instant' }).encode(at.toISOString())])
}
