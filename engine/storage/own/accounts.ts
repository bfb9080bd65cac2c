/**
 * Who sessions or tokens stand for, many in one statement: the `user` record as it is now and the published metadata
 * version ride along, so that a disabled user, changed roles or a publish count from the next request on.
 * Users are records of the entity `user`; passwords, sessions and tokens are in tables of their own.
 */
import type { Json } from '../../../metadata/contract/json.js'
import type { Cell } from '../../fields/contract.js'
import type { Entity, Field, Model } from '../../model/model.js'
import type { Executor } from '../contract.js'
import { codec, quote } from '../dialect.js'

/** What a credential stands for, at this moment. */
export interface Recognition {
  readonly userId: number
  /** Fields of the `user` record as on the wire. */
  readonly attributes: ReadonlyMap<string, Json>
  /** The published version, whichever the model of this process is. */
  readonly metadataVersion: number
  readonly createdAt: string
  readonly lastSeenAt: string
  /** Roles that an API token is limited to; null for a session. */
  readonly scope: readonly string[] | null
}

export interface Account {
  readonly userId: number
  /** PHC string; null when the user has no password. */
  readonly passwordHash: string | null
}

/** The sessions with these token hashes, by hash; without those that ended and those whose user is archived or not active. */
export const recogniseSessions = (x: Executor, model: Model, tokenHashes: readonly string[], at: Date): Promise<ReadonlyMap<string, Recognition>> =>
  recognise(x, model, 'session', tokenHashes, at)

/** The API tokens with these hashes, by hash; without those that ended or were revoked and those whose user is archived or not active. */
export const recogniseTokens = (x: Executor, model: Model, tokenHashes: readonly string[], at: Date): Promise<ReadonlyMap<string, Recognition>> =>
  recognise(x, model, 'token', tokenHashes, at)

/** The active user with this e-mail address, which is compared in its one canonical spelling. */
export async function accountByEmail(x: Executor, model: Model, email: string): Promise<Account | null> {
  const users = usersIn(model)
  const { entity } = users
  const field = entity?.fields.get('email')
  const column = field?.columns[0]
  if (entity === undefined || field === undefined || column === undefined) return null
  const cell = field.type.operand(canonical(field, email), '$eq', field.options)
  if (cell === undefined || cell === null) return null
  const rows = await x.all(
    `SELECT u.id, c.password_hash FROM ${quote(entity.table)} u LEFT JOIN tessera_credential c ON c.user_id = u.id
     WHERE u.${quote(column.name)} = ? AND ${users.present(x.dialect)}`,
    [codec(x.dialect, column).operand(cell)],
  )
  const row = rows[0]
  return row === undefined ? null : { userId: Number(row['id']), passwordHash: (row['password_hash'] ?? null) as string | null }
}

/** Hash of a user's password by id; null when there is none. */
export async function passwordOf(x: Executor, userId: number): Promise<string | null> {
  const rows = await x.all('SELECT password_hash FROM tessera_credential WHERE user_id = ?', [userId])
  return (rows[0]?.['password_hash'] ?? null) as string | null
}

/** True when any user has a password. */
export const hasCredentials = async (x: Executor): Promise<boolean> => (await x.all('SELECT 1 AS found FROM tessera_credential LIMIT 1', [])).length > 0

/** Sets a password. The caller ends the sessions in the same unit. */
export async function setPassword(tx: Executor, userId: number, passwordHash: string, at: Date): Promise<void> {
  await tx.run(
    `INSERT INTO tessera_credential (user_id, password_hash, changed_at) VALUES (?, ?, ?)
     ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at`,
    [userId, passwordHash, instant(tx, at)],
  )
}

/** Starts a session and forgets those that have long ended. */
export async function addSession(tx: Executor, session: { tokenHash: string; userId: number; at: Date; expiresAt: Date; userAgent: string }): Promise<void> {
  await tx.run('DELETE FROM tessera_session WHERE expires_at < ?', [instant(tx, session.at)])
  await tx.run(
    'INSERT INTO tessera_session (token_hash, user_id, created_at, expires_at, last_seen_at, user_agent) VALUES (?, ?, ?, ?, ?, ?)',
    [session.tokenHash, session.userId, instant(tx, session.at), instant(tx, session.expiresAt), instant(tx, session.at), session.userAgent],
  )
}

/** Notes that a session was used, and until when it now lasts. One that has ended in the meantime stays ended: the note comes after the answer. */
export async function touchSession(tx: Executor, tokenHash: string, at: Date, expiresAt: Date): Promise<void> {
  await tx.run('UPDATE tessera_session SET last_seen_at = ?, expires_at = ? WHERE token_hash = ? AND expires_at > ?', [instant(tx, at), instant(tx, expiresAt), tokenHash, instant(tx, at)])
}

export async function endSession(tx: Executor, tokenHash: string): Promise<void> {
  await tx.run('DELETE FROM tessera_session WHERE token_hash = ?', [tokenHash])
}

/** Ends all sessions of a user but the one with the hash `kept`. Gives how many. */
export const endSessionsOf = (tx: Executor, userId: number, kept = ''): Promise<number> =>
  tx.run('DELETE FROM tessera_session WHERE user_id = ? AND token_hash <> ?', [userId, kept])

export interface ApiToken {
  readonly id: number
  readonly userId: number
  readonly name: string
  readonly roles: readonly string[]
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly revokedAt: string | null
}

/** Stores an API token by its hash. Gives its id. */
export async function addToken(tx: Executor, token: { tokenHash: string; userId: number; name: string; roles: readonly string[]; at: Date; expiresAt: Date | null }): Promise<number> {
  const rows = await tx.all(
    'INSERT INTO tessera_token (token_hash, user_id, name, roles, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id',
    [token.tokenHash, token.userId, token.name, codec(tx.dialect, { kind: 'json' }).encode(token.roles), instant(tx, token.at), token.expiresAt === null ? null : instant(tx, token.expiresAt)],
  )
  return Number(rows[0]?.['id'])
}

/** Revokes an API token; false when there is none that was in force. */
export const revokeToken = async (tx: Executor, id: number, at: Date): Promise<boolean> =>
  (await tx.run('UPDATE tessera_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', [instant(tx, at), id])) > 0

/** All API tokens, of one user when given; never their values. */
export async function listTokens(x: Executor, userId?: number): Promise<readonly ApiToken[]> {
  const rows = await x.all(
    `SELECT id, user_id, name, roles, created_at, expires_at, revoked_at FROM tessera_token ${userId === undefined ? '' : 'WHERE user_id = ?'} ORDER BY id`,
    userId === undefined ? [] : [userId],
  )
  const at = codec(x.dialect, { kind: 'instant' })
  return rows.map((row) => ({
    id: Number(row['id']), userId: Number(row['user_id']), name: String(row['name']), roles: codec(x.dialect, { kind: 'json' }).decode(row['roles']) as readonly string[],
    createdAt: at.decode(row['created_at']) as string, expiresAt: at.decode(row['expires_at']) as string | null, revokedAt: at.decode(row['revoked_at']) as string | null,
  }))
}

/** Those that still open something. */
export const tokensInForce = async (x: Executor, at: Date): Promise<readonly ApiToken[]> =>
  (await listTokens(x)).filter(({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || new Date(expiresAt) > at))

const instant = (x: Executor, at: Date): unknown => codec(x.dialect, { kind: 'instant' }).encode(at.toISOString())

const canonical = (field: Field, value: string): Json => field.type.canonical?.(value, field.options) ?? value

async function recognise(x: Executor, model: Model, what: 'session' | 'token', tokenHashes: readonly string[], at: Date): Promise<ReadonlyMap<string, Recognition>> {
  const users = usersIn(model)
  if (users.entity === undefined) return new Map()
  const stamp = codec(x.dialect, { kind: 'instant' })
  const rows = await x.all(users[what](x.dialect), [x.dialect === 'sqlite' ? JSON.stringify(tokenHashes) : tokenHashes, instant(x, at)])
  return new Map(rows.map((row) => [String(row['token_hash']), {
    userId: Number(row['user_id']),
    attributes: users.read(x.dialect, row),
    metadataVersion: Number(row['metadata_version']),
    createdAt: stamp.decode(row['created_at']) as string,
    lastSeenAt: stamp.decode(row['last_seen_at']) as string,
    scope: row['scope'] === null || row['scope'] === undefined ? null : (codec(x.dialect, { kind: 'json' }).decode(row['scope']) as readonly string[]),
  }]))
}

/** One parameter for any number of texts. */
const among = (dialect: Executor['dialect']): string => (dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::text[])')

/** Ids as the statement gathered them; the list has one spelling. */
const idsIn = (gathered: unknown): readonly number[] => (typeof gathered === 'string' ? (JSON.parse(gathered) as readonly number[]).toSorted((a, b) => a - b) : [])

type Users = ReturnType<typeof compileUsers>

/** Statement texts and row reader for the `user` entity of a model, compiled once. */
function usersIn(model: Model): Users {
  const known = compiled.get(model)
  if (known !== undefined) return known
  const made = compileUsers(model.entities.get('user'))
  compiled.set(model, made)
  return made
}
const compiled = new WeakMap<Model, Users>()

function compileUsers(entity: Entity | undefined) {
  const fields = [...(entity?.fields.values() ?? [])].map((field, f) => ({ field, names: field.columns.map((column, c) => (column.role !== undefined ? null : `f${f}_${c}`)) }))
  const selected = fields.flatMap(({ field, names }) => names.flatMap((name, c) => (name === null ? [] : [`, u.${quote(field.columns[c]?.name ?? '')} AS ${name}`]))).join('')
  // Fields that list records (the teams) have no column, but a table of pairs.
  const lists = fields.flatMap(({ field: { key, links } }, f) => (links === null ? [] : [{ key, name: `f${f}_links`, table: links.table }]))
  const listed = (dialect: Executor['dialect']): string => lists.map(({ name, table: pairs }) => `, (SELECT ${dialect === 'sqlite' ? 'json_group_array(target)' : 'json_agg(target)::text'} FROM ${quote(pairs)} WHERE source = u.id) AS ${name}`).join('')
  const table = quote(entity?.table ?? 'tessera_nobody')
  const activeColumn = entity?.fields.get('active')?.columns[0]?.name
  const present = (dialect: Executor['dialect']): string =>
    `u.archived_at IS NULL${activeColumn === undefined ? '' : ` AND u.${quote(activeColumn)} = ${dialect === 'sqlite' ? '1' : 'TRUE'}`}`
  const version = '(SELECT version FROM tessera_current) AS metadata_version'
  return {
    entity,
    present,
    session: (dialect: Executor['dialect']): string =>
      `SELECT s.token_hash, s.user_id, s.created_at, s.last_seen_at, NULL AS scope, ${version}${selected}${listed(dialect)}
       FROM tessera_session s JOIN ${table} u ON u.id = s.user_id WHERE s.token_hash ${among(dialect)} AND s.expires_at > ? AND ${present(dialect)}`,
    token: (dialect: Executor['dialect']): string =>
      `SELECT t.token_hash, t.user_id, t.created_at, t.created_at AS last_seen_at, t.roles AS scope, ${version}${selected}${listed(dialect)}
       FROM tessera_token t JOIN ${table} u ON u.id = t.user_id
       WHERE t.token_hash ${among(dialect)} AND (t.expires_at IS NULL OR t.expires_at > ?) AND t.revoked_at IS NULL AND ${present(dialect)}`,
    signers: (dialect: Executor['dialect']): string => `SELECT u.id${selected} FROM ${table} u JOIN tessera_credential c ON c.user_id = u.id WHERE ${present(dialect)}`,
    read(dialect: Executor['dialect'], row: Readonly<Record<string, unknown>>): ReadonlyMap<string, Json> {
      return new Map(fields.map(({ field, names }) => {
        const cells = names.map((name, c): Cell => {
          const column = field.columns[c]
          return name === null || column === undefined ? null : codec(dialect, column).decode(row[name])
        })
        return [field.key, field.type.fromColumns(cells, field.options)] as const
      }).concat(lists.map(({ key, name }) => [key, idsIn(row[name])] as const)))
    },
  }
}

/** The roles of every active user who has a password. */
export async function signersIn(x: Executor, model: Model): Promise<readonly (readonly string[])[]> {
  const users = usersIn(model)
  if (users.entity === undefined) return []
  const rows = await x.all(users.signers(x.dialect), [])
  return rows.map((row) => {
    const roles = users.read(x.dialect, row).get('roles')
    return Array.isArray(roles) ? roles.filter((role): role is string => typeof role === 'string') : []
  })
}
