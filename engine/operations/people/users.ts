/** Users as the operator manages them: made with a password, reset, given API tokens; and who may give which role. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Model } from '../../model/model.js'
import { appendEvents } from '../../storage/audit/events.js'
import type { Executor } from '../../storage/contract.js'
import { accountByEmail, addToken, endSessionsOf, hasCredentials, listTokens, revokeToken, setPassword, type ApiToken } from '../../storage/own/accounts.js'
import type { Engine } from '../call.js'
import { load } from '../records/load.js'
import { hashPassword, randomPassword } from './password.js'
import { hashToken, randomToken } from './session.js'

export interface NewUser {
  readonly email: string
  readonly name: string
  readonly roles: readonly string[]
  /** Null: a random one. */
  readonly password: string | null
  /** Further fields of the `user` record, such as `stores`. */
  readonly fields?: JsonObject
}

/**
 * Makes a user who can sign in; gives the id and the password.
 * @throws Problem record.invalid, record.conflict when the address is taken
 */
export async function addUser(engine: Engine, user: NewUser): Promise<{ readonly id: number; readonly password: string }> {
  const { roles } = engine.current.get()
  const unknown = user.roles.filter((role) => !roles.has(role))
  if (unknown.length > 0) throw invalid('/roles', `There is no role ${unknown.join(', ')}. There are: ${[...roles.keys()].join(', ')}.`)
  const password = user.password ?? randomPassword()
  const hash = await hashPassword(password)
  const [id] = await load(engine, {
    entity: 'user',
    rows: [{ ...user.fields, email: user.email, name: user.name, roles: [...user.roles] }],
    announce: true,
    // In one unit: nobody is ever half made.
    also: async (tx, ids) => {
      for (const one of ids) await setPassword(tx, one, hash, new Date())
    },
  })
  if (id === undefined) throw new Error('a user was loaded without an id')
  return { id, password }
}

/** True when anybody has a password. */
export const hasAccounts = (engine: Engine): Promise<boolean> => hasCredentials(engine.database.read)

/** Gives a user a new password and ends all their sessions. @throws Problem record.unavailable */
export async function resetUser(engine: Engine, email: string, wanted: string | null): Promise<{ readonly id: number; readonly password: string; readonly sessionsEnded: number }> {
  const id = await userIdOf(engine, email)
  const password = wanted ?? randomPassword()
  const hash = await hashPassword(password)
  const sessionsEnded = await engine.database.write(async (tx) => {
    await setPassword(tx, id, hash, new Date())
    await appendEvents(tx, [{ action: 'passwordReset', by: null, at: new Date(), entity: 'user', records: [id] }])
    return endSessionsOf(tx, id)
  })
  return { id, password, sessionsEnded }
}

/** Makes an API token, limited to some of the user's roles; its value is shown once. @throws Problem record.unavailable */
export async function createToken(engine: Engine, token: { email: string; name: string; roles: readonly string[]; expiresAt: Date | null }): Promise<{ readonly id: number; readonly token: string }> {
  const userId = await userIdOf(engine, token.email)
  const value = randomToken()
  const id = await engine.database.write((tx) => addTokenOf(tx, { ...token, by: null, userId, value, at: new Date() }))
  return { id, token: value }
}

/** Stores a token in the unit of who makes it, with what tells of it. Gives its id. */
export async function addTokenOf(tx: Executor, { by, userId, value, name, roles, expiresAt, at }: { by: number | null; userId: number; value: string; name: string; roles: readonly string[]; expiresAt: Date | null; at: Date }): Promise<number> {
  const made = await addToken(tx, { tokenHash: hashToken(value), userId, name, roles, at, expiresAt })
  await appendEvents(tx, [{ action: 'tokenCreated', by, at, entity: 'user', records: [userId], detail: { token: made, name, roles: [...roles] } }])
  return made
}

/** API tokens, all or of one user; never their values. */
export const tokensOf = async (engine: Engine, email?: string): Promise<readonly ApiToken[]> =>
  listTokens(engine.database.read, email === undefined ? undefined : await userIdOf(engine, email))

/** Ends an API token at once. @throws Problem record.unavailable when there is none in force */
export async function endToken(engine: Engine, id: number): Promise<void> {
  await engine.database.write(async (tx) => {
    if (!(await revokeToken(tx, id, new Date()))) throw new Problem('record.unavailable')
    await appendEvents(tx, [{ action: 'tokenRevoked', by: null, at: new Date(), detail: { token: id } }])
  })
}

async function userIdOf(engine: Engine, email: string): Promise<number> {
  const account = await accountByEmail(engine.database.read, engine.current.get(), email)
  if (account === null) throw new Problem('record.unavailable')
  return account.userId
}

/**
 * Roles that someone may not give because they do not hold them (themselves or by inheritance). Who may design may give
 * every role: they could write it anyway.
 */
export function ungrantable(model: Model, giver: { readonly roles: readonly string[]; readonly design: boolean }, wanted: readonly string[], before: readonly string[] = []): readonly string[] {
  if (giver.design) return []
  const held = new Set<string>()
  const add = (role: string): void => {
    if (held.has(role)) return
    held.add(role)
    for (const inherited of model.roles.get(role)?.inherits ?? []) add(inherited)
  }
  giver.roles.forEach(add)
  return wanted.filter((role) => !before.includes(role) && !held.has(role))
}

/** The names in a user's `roles`. */
export const rolesIn = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.filter((role): role is string => typeof role === 'string') : [])

/**
 * Refuses a write of a user's `roles` that gives more than the writer holds.
 * @throws Problem access.denied
 */
export function assertGrantable(model: Model, giver: { readonly roles: readonly string[]; readonly design: boolean }, wanted: Json | undefined, before: Json | undefined): void {
  const refused = ungrantable(model, giver, rolesIn(wanted), rolesIn(before))
  if (refused.length > 0) throw new Problem('access.denied', {}, { problems: [{ path: '/roles', code: 'access.denied', message: 'You can only give roles that you hold yourself.' }] })
}

const invalid = (path: string, message: string): Problem => new Problem('record.invalid', {}, { problems: [{ path, code: 'record.invalid', message }] })
