/**
 * Accounts of people, for those who administer people: what a `user` record does not hold. Who a caller may administer is
 * whom they may change, and who holds no role that they do not hold themselves: a password of somebody else is all of
 * their rights.
 */
import type { Account, AccountSummary, OfferedRole } from '../../../metadata/contract/account.js'
import { placeholderOf } from '../../../metadata/contract/condition-tree.js'
import { isObject, type Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { translator } from '../../forms/texts.js'
import { all, any } from '../../model/conditions/predicate.js'
import { appendEvents, type NewEvent } from '../../storage/audit/events.js'
import type { Executor } from '../../storage/contract.js'
import { endSession, endSessionsOf, listTokens, revokeToken, setPassword, type ApiToken } from '../../storage/own/accounts.js'
import { endInvitation, invitationsOf, putInvitation, sessionsOf, withIdentity, withPassword, type SessionRow } from '../../storage/own/people.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { accessTo, idIn } from '../rights/rights.js'
import type { Rec } from '../records/row.js'
import { everyField } from '../rights/selection.js'
import { update } from '../records/write.js'
import { hashPassword, randomPassword } from './password.js'
import { hashToken, randomToken } from './session.js'
import { addTokenOf, rolesIn, ungrantable } from './users.js'

/** How long an invitation is good. */
const invitationDays = 7
const day = 86_400_000

/** What is told of several people at once, by id; those whom the caller may not administer are left out. @throws Problem access.denied */
export async function accounts(call: Call, ids: readonly number[]): Promise<ReadonlyMap<number, AccountSummary>> {
  const users = await administered(call.engine.database.read, call, ids)
  const held = await heldBy(call, users.map(({ id }) => id))
  return new Map(users.map(({ id }) => [id, summary(held, id)]))
}

/** Roles that the caller may give. @param locale BCP 47 tag of their titles; @throws Problem access.denied */
export function offeredRoles(call: Call, locale: string): readonly OfferedRole[] {
  if (!call.access.people) throw new Problem('access.denied')
  const told = translator(call.model, locale)
  const giver = { roles: call.actor.roles, design: call.access.design }
  return [...call.model.roles].flatMap(([name, role]) => (role.archived === true || ungrantable(call.model, giver, [name]).length > 0 ? []
    : [{ name, title: told(`roles/${name}.json`, '/title', role.title ?? name), description: told(`roles/${name}.json`, '/description', role.description ?? ''), asks: askedOf(call.model.documents[`roles/${name}.json`] ?? {}) }]))
    .toSorted((a, b) => a.title.localeCompare(b.title, locale))
}

/** Attributes of the person that something in a role's definition names. The id is nobody's to give. */
function askedOf(value: Json): readonly string[] {
  const named = placeholderOf(value)
  const inside = isObject(value) ? Object.values(value) : Array.isArray(value) ? (value as readonly Json[]) : []
  return [...new Set([...(named === undefined || named === 'id' ? [] : [named]), ...inside.flatMap(askedOf)])]
}

/** Everything about one account. @param session hash of the token that asks; @throws Problem access.denied, record.unavailable */
export async function account(call: Call, id: number, session: string): Promise<Account> {
  await person(call.engine.database.read, call, id)
  const held = await heldBy(call, [id])
  return {
    id, ...summary(held, id),
    open: held.sessions.map((one) => ({ id: sessionId(one), startedAt: one.createdAt, lastSeenAt: one.lastSeenAt, userAgent: one.userAgent, own: one.tokenHash === session })),
    apiTokens: held.tokens.map(({ userId: _owner, ...token }) => token),
  }
}

/** A link to choose a password by, good once; an earlier one ends. @throws Problem access.denied, record.unavailable */
export async function invite(call: Call, id: number): Promise<{ readonly token: string; readonly expiresAt: string }> {
  const token = randomToken()
  const expiresAt = new Date(call.at.getTime() + invitationDays * day)
  await changed(call, id, { action: 'invited', detail: { until: expiresAt.toISOString() } }, (tx) => putInvitation(tx, { tokenHash: hashToken(token), userId: id, at: call.at, expiresAt }))
  return { token, expiresAt: expiresAt.toISOString() }
}

/** Ends an invitation that is open. */
export const uninvite = (call: Call, id: number): Promise<void> => changed(call, id, null, async (tx) => void (await endInvitation(tx, id)))

/** A random password that is handed over; all sessions of the person end. @throws Problem access.denied, record.unavailable */
export async function resetPassword(call: Call, id: number): Promise<string> {
  const password = randomPassword()
  const hash = await hashPassword(password)
  await changed(call, id, { action: 'passwordReset' }, async (tx) => {
    await setPassword(tx, id, hash, call.at)
    await endInvitation(tx, id)
    await endSessionsOf(tx, id)
  })
  return password
}

/** Somebody who is blocked cannot sign in; their sessions end, and are not there again when they are let in. @throws Problem access.denied, record.unavailable, people.last */
export async function block(call: Call, id: number, blocked: boolean): Promise<void> {
  await person(call.engine.database.read, call, id)
  await update(call, { entity: 'user', id, body: { active: !blocked } })
  if (blocked) await call.engine.database.write((tx) => endSessionsOf(tx, id))
}

/** Ends a session of a person at once, all of them without `session`. Gives how many. @throws Problem access.denied, record.unavailable */
export async function endSessions(call: Call, id: number, session?: string): Promise<number> {
  let ended = 0
  await changed(call, id, { action: 'sessionsEnded' }, async (tx) => {
    if (session === undefined) return void (ended = await endSessionsOf(tx, id))
    const found = (await sessionsOf(tx, [id], call.at)).find((one) => sessionId(one) === session)
    if (found === undefined) throw new Problem('record.unavailable')
    await endSession(tx, found.tokenHash)
    ended = 1
  })
  return ended
}

export interface NewToken {
  readonly name: string
  /** Of the roles that the person holds; more would grant nothing. */
  readonly roles: readonly string[]
  readonly expiresAt: Date | null
}

/** An API token of a person, limited to some of their roles; its value is told once. @throws Problem access.denied, record.unavailable, record.invalid */
export async function makeToken(call: Call, id: number, token: NewToken): Promise<{ readonly id: number; readonly token: string }> {
  const value = randomToken()
  let made = 0
  await changed(call, id, null, async (tx, user) => {
    const held = rolesIn(user['roles'])
    const wrong = token.roles.filter((role) => !held.includes(role))
    if (wrong.length > 0 || token.roles.length === 0) throw new Problem('record.invalid', {}, { problems: [{ path: '/roles', code: 'record.invalid', message: 'A token has some of the roles that the person holds.' }] })
    made = await addTokenOf(tx, { ...token, by: call.actor.id, userId: id, value, at: call.at })
  })
  return { id: made, token: value }
}

/** Ends an API token of a person at once. @throws Problem access.denied, record.unavailable */
export const endTokenOf = (call: Call, id: number, token: number): Promise<void> =>
  changed(call, id, { action: 'tokenRevoked', detail: { token } }, async (tx) => {
    const theirs = (await listTokens(tx, id)).some((one) => one.id === token)
    if (!theirs || !(await revokeToken(tx, token, call.at))) throw new Problem('record.unavailable')
  })

// ── whom, and what they hold ──

/** People whom the caller may administer, of those with these ids. */
async function administered(x: Executor, call: Call, ids: readonly number[]): Promise<readonly (Rec & { readonly id: number })[]> {
  if (!call.access.people || call.actor.id === null) throw new Problem('access.denied')
  const access = accessTo(call, 'user')
  if (access.update.length === 0) throw new Problem('access.denied')
  if (ids.length === 0) return []
  const rows = all(access.rows, any(...access.update.map((grant) => grant.rows)), idIn(access.entity, ids))
  const { records: found } = await records.list(x, { entity: access.entity, rows, archived: 'without', selection: everyField(access.entity), sort: [], limit: ids.length }, call.bindings)
  const giver = { roles: call.actor.roles, design: call.access.design }
  return found.flatMap((user) => (typeof user['id'] === 'number' && ungrantable(call.model, giver, rolesIn(user['roles'])).length === 0 ? [{ ...user, id: user['id'] }] : []))
}

/** One of them. @throws Problem record.unavailable */
async function person(x: Executor, call: Call, id: number): Promise<Rec> {
  const [found] = await administered(x, call, [id])
  if (found === undefined) throw new Problem('record.unavailable')
  return found
}

/** One change of an account, with what tells of it, in one unit. */
const changed = (call: Call, id: number, event: Pick<NewEvent, 'action' | 'detail'> | null, change: (tx: Executor, user: Rec) => Promise<void>): Promise<void> =>
  call.engine.database.write(async (tx) => {
    await change(tx, await person(tx, call, id))
    if (event !== null) await appendEvents(tx, [{ ...event, by: call.actor.id, at: call.at, entity: 'user', records: [id] }])
  })

interface Held {
  readonly sessions: readonly SessionRow[]
  readonly tokens: readonly ApiToken[]
  readonly passwords: ReadonlySet<number>
  readonly identities: ReadonlySet<number>
  readonly invited: ReadonlyMap<number, string>
}

async function heldBy({ engine, at }: Call, ids: readonly number[]): Promise<Held> {
  const x = engine.database.read
  const tokens = ids.length === 1 ? await listTokens(x, ids[0]) : ids.length === 0 ? [] : await listTokens(x)
  return {
    sessions: await sessionsOf(x, ids, at),
    tokens: tokens.filter(({ userId, revokedAt, expiresAt }) => ids.includes(userId) && revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > at.getTime())),
    passwords: await withPassword(x, ids),
    identities: engine.oidc === null ? new Set<number>() : await withIdentity(x, engine.oidc.issuer, ids),
    invited: new Map((await invitationsOf(x, ids, at)).map(({ userId, expiresAt }) => [userId, expiresAt])),
  }
}

const summary = ({ sessions, tokens, passwords, identities, invited }: Held, id: number): AccountSummary => ({
  password: passwords.has(id), identity: identities.has(id), invited: invited.get(id) ?? null,
  sessions: sessions.filter(({ userId }) => userId === id).length, tokens: tokens.filter(({ userId }) => userId === id).length,
  lastSeenAt: sessions.find(({ userId }) => userId === id)?.lastSeenAt ?? null,
})

/** Names a session: the beginning of what is stored of its token, from which nobody gets the token. */
const sessionId = ({ tokenHash }: SessionRow): string => tokenHash.slice(0, 16)
