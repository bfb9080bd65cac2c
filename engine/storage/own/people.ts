/** What belongs to an account beside the `user` record: open sessions, and invitations to choose a password. */
import type { Executor } from '../contract.js'
import { codec } from '../dialect.js'

export interface SessionRow {
  readonly tokenHash: string
  readonly userId: number
  readonly createdAt: string
  readonly lastSeenAt: string
  readonly userAgent: string
}

export interface InvitationRow {
  readonly userId: number
  readonly expiresAt: string
}

/** Sessions of these users that have not ended, the last used first. */
export async function sessionsOf(x: Executor, userIds: readonly number[], at: Date): Promise<readonly SessionRow[]> {
  if (userIds.length === 0) return []
  const stamp = codec(x.dialect, { kind: 'instant' })
  const rows = await x.all(
    `SELECT token_hash, user_id, created_at, last_seen_at, user_agent FROM tessera_session WHERE user_id ${among(x.dialect)} AND expires_at > ? ORDER BY last_seen_at DESC, token_hash`,
    [listed(x.dialect, userIds), stamp.encode(at.toISOString())],
  )
  return rows.map((row) => ({
    tokenHash: String(row['token_hash']), userId: Number(row['user_id']), userAgent: String(row['user_agent']),
    createdAt: stamp.decode(row['created_at']) as string, lastSeenAt: stamp.decode(row['last_seen_at']) as string,
  }))
}

/** Those of these users who have a password. */
export async function withPassword(x: Executor, userIds: readonly number[]): Promise<ReadonlySet<number>> {
  if (userIds.length === 0) return new Set()
  const rows = await x.all(`SELECT user_id FROM tessera_credential WHERE user_id ${among(x.dialect)}`, [listed(x.dialect, userIds)])
  return new Set(rows.map((row) => Number(row['user_id'])))
}

/** Those of the users that an identity of this provider stands for. */
export async function withIdentity(x: Executor, issuer: string, userIds: readonly number[]): Promise<ReadonlySet<number>> {
  if (userIds.length === 0) return new Set()
  const rows = await x.all(`SELECT user_id FROM tessera_identity WHERE issuer = ? AND user_id ${among(x.dialect)}`, [issuer, listed(x.dialect, userIds)])
  return new Set(rows.map((row) => Number(row['user_id'])))
}

/** Invitations of these users that are open. */
export async function invitationsOf(x: Executor, userIds: readonly number[], at: Date): Promise<readonly InvitationRow[]> {
  if (userIds.length === 0) return []
  const stamp = codec(x.dialect, { kind: 'instant' })
  const rows = await x.all(`SELECT user_id, expires_at FROM tessera_invitation WHERE user_id ${among(x.dialect)} AND expires_at > ?`, [listed(x.dialect, userIds), stamp.encode(at.toISOString())])
  return rows.map((row) => ({ userId: Number(row['user_id']), expiresAt: stamp.decode(row['expires_at']) as string }))
}

/** Opens an invitation; an earlier one of the user ends. */
export async function putInvitation(tx: Executor, invitation: { tokenHash: string; userId: number; at: Date; expiresAt: Date }): Promise<void> {
  const stamp = codec(tx.dialect, { kind: 'instant' })
  await tx.run(
    `INSERT INTO tessera_invitation (user_id, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at`,
    [invitation.userId, invitation.tokenHash, stamp.encode(invitation.at.toISOString()), stamp.encode(invitation.expiresAt.toISOString())],
  )
}

/** Takes an open invitation by its hash: it is good once. Gives the user, or null. */
export async function takeInvitation(tx: Executor, tokenHash: string, at: Date): Promise<number | null> {
  const rows = await tx.all('DELETE FROM tessera_invitation WHERE token_hash = ? AND expires_at > ? RETURNING user_id', [tokenHash, codec(tx.dialect, { kind: 'instant' }).encode(at.toISOString())])
  return rows[0] === undefined ? null : Number(rows[0]['user_id'])
}

/** Ends the invitation of a user. */
export const endInvitation = (tx: Executor, userId: number): Promise<number> => tx.run('DELETE FROM tessera_invitation WHERE user_id = ?', [userId])

/** One parameter for any number of ids. */
const among = (dialect: Executor['dialect']): string => (dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::bigint[])')
const listed = (dialect: Executor['dialect'], ids: readonly number[]): unknown => (dialect === 'sqlite' ? JSON.stringify(ids) : ids)
