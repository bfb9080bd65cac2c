/** Signing in and out, and who a request comes from. Rights are never kept: every request reads them anew. */
import { createHash, randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { passwordRules } from '../../../metadata/contract/account.js'
import { isLanguage } from '../../../metadata/contract/language.js'
import { isTimeZone } from '../../../metadata/contract/time.js'
import { Problem } from '../../errors.js'
import type { Actor } from '../../permissions/actor.js'
import { appendEvents } from '../../storage/audit/events.js'
import { accountByEmail, addSession, endSession, endSessionsOf, passwordOf, recogniseSessions, recogniseTokens, setPassword, touchSession, type Recognition } from '../../storage/own/accounts.js'
import type { Executor } from '../../storage/contract.js'
import { takeInvitation } from '../../storage/own/people.js'
import type { Engine } from '../call.js'
import { acceptPassword, hashPassword, passwordFits } from './password.js'
import { readings } from './readings.js'
import { addressKey, throttle, type Throttle } from './throttle.js'

export const cookieName = 'tessera_session'
const minute = 60_000
/** A session that is not used ends after this. */
const idle = 12 * 60 * minute
/** Every session ends after this. */
const absolute = 30 * 24 * 60 * minute
/** How old the note of the last use may get before it is renewed: a write per request would cost more than it tells. */
const touchAfter = 5 * minute

export interface Recognised {
  readonly actor: Actor
  /** The published version: when the process has another model in force, it must load it first. */
  readonly metadataVersion: number
  readonly credential: 'cookie' | 'token'
  /** Hash of the session or API token. */
  readonly session: string
}

/** 256 random bits, as text for cookies and headers. */
export const randomToken = (): string => randomBytes(32).toString('base64url')
/** What is stored of a token: reading the database gives nobody a session. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** Who asks: by API token, or by session cookie; null when neither is good. All who ask at one moment share a statement. */
export async function authenticate(engine: Engine, headers: IncomingHttpHeaders): Promise<Recognised | null> {
  const bearer = /^Bearer +([\w-]{20,200})$/i.exec(headers.authorization ?? '')?.[1]
  // A request that carries a token is judged by the token alone.
  if (headers.authorization !== undefined) return bearer === undefined ? null : recognised(engine, 'token', hashToken(bearer))
  const cookie = sessionCookie(headers.cookie)
  return cookie === null ? null : recognised(engine, 'cookie', hashToken(cookie))
}

/** Is a session or API token (by the hash in `Recognised`) still good, and for whom? For streams that outlive their request. */
export async function recognised(engine: Engine, credential: Recognised['credential'], hash: string): Promise<Recognised | null> {
  const found = await readersOf(engine)[credential](hash)
  if (found === null) return null
  const at = new Date()
  if (credential === 'cookie' && at.getTime() - Date.parse(found.lastSeenAt) > touchAfter) touch(engine, hash, found, at)
  return { actor: actorOf(found), metadataVersion: found.metadataVersion, credential, session: hash }
}

type Readers = Readonly<Record<Recognised['credential'], (hash: string) => Promise<Recognition | null>>>
const readers = new WeakMap<Engine, Readers>()

function readersOf(engine: Engine): Readers {
  const known = readers.get(engine)
  if (known !== undefined) return known
  const made: Readers = {
    cookie: readings((hashes) => recogniseSessions(engine.database.read, engine.current.get(), hashes, new Date())),
    token: readings((hashes) => recogniseTokens(engine.database.read, engine.current.get(), hashes, new Date())),
  }
  readers.set(engine, made)
  return made
}

/** Not waited for: a request does not become slower or fail by it. */
function touch(engine: Engine, hash: string, found: Recognition, at: Date): void {
  const expiresAt = new Date(Math.min(at.getTime() + idle, Date.parse(found.createdAt) + absolute))
  engine.database.write((tx) => touchSession(tx, hash, at, expiresAt)).catch((error: unknown) => {
    engine.log.warn({ err: error }, 'the use of a session could not be noted')
  })
}

/** A user as the one who asks. @param language of those who have chosen none: who asks says it themselves */
export function actorOf(found: Pick<Recognition, 'userId' | 'attributes' | 'scope'>, language = 'en'): Actor {
  const text = (key: string, fallback: string): string => {
    const value = found.attributes.get(key)
    return typeof value === 'string' && value !== '' ? value : fallback
  }
  const roles = found.attributes.get('roles')
  const own = Array.isArray(roles) ? roles.filter((role): role is string => typeof role === 'string') : []
  const { scope } = found
  return {
    id: found.userId,
    name: text('name', ''),
    email: text('email', ''),
    roles: scope === null ? own : own.filter((role) => scope.includes(role)),
    locale: knownLanguage(text('locale', language), language),
    timeZone: knownZone(text('timeZone', 'UTC'), 'UTC'),
    attributes: new Map(found.attributes).set('id', found.userId),
  }
}

/** A check that is asked the same again and again, with its answers: of so many texts at most, as people choose them. */
function remembered(check: (text: string) => boolean, usual: string): (text: string, instead: string) => string {
  const known = new Map([[usual, true]])
  return (text, instead) => {
    const usable = known.get(text) ?? check(text)
    if (known.size < 1000) known.set(text, usable)
    return usable ? text : instead
  }
}

/** What is no tag would fail every screen of the user. */
const knownLanguage = remembered(isLanguage, 'en')
/** A zone that this process does not know would fail every query of the user. Asking about one loads the locale data: a fifth of a second, so not for the usual one. */
const knownZone = remembered(isTimeZone, 'UTC')

function sessionCookie(header: string | undefined): string | null {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.split('=')
    if (name?.trim() === cookieName && value !== undefined && /^[\w-]{20,200}$/.test(value.trim())) return value.trim()
  }
  return null
}

/** Attempts with passwords: per account and per address, counted before the costly check. One pair per running engine. */
interface Attempts {
  readonly account: Throttle
  readonly address: Throttle
}
const attempts = new WeakMap<object, Attempts>()

function attemptsOf(engine: Engine): Attempts {
  const known = attempts.get(engine.database)
  if (known !== undefined) return known
  // Of one address, where many people may sit: sixty, then one every five seconds.
  const made: Attempts = { account: throttle(passwordRules.triesAtOnce, passwordRules.secondsPerTry), address: throttle(60, 5) }
  attempts.set(engine.database, made)
  return made
}

function assertMayTry(seconds: number): void {
  if (seconds > 0) throw new Problem('session.throttled', { seconds }, { extra: { retryAfter: seconds } })
}

/** Runs a password check under both limits; good ones are not counted. */
async function limited<T>(engine: Engine, account: string, address: string, check: () => Promise<T | null>): Promise<T> {
  const limits = attemptsOf(engine)
  const from = addressKey(address)
  // An address that has used up its tries must not use up those of the account, too.
  assertMayTry(limits.address.take(from) || limits.account.take(account))
  const result = await check()
  if (result === null) throw new Problem('session.refused')
  limits.account.giveBack(account)
  limits.address.giveBack(from)
  return result
}

export interface SignIn {
  readonly email: string
  readonly password: string
  readonly address: string
  readonly userAgent: string
}

/**
 * Starts a session; gives its token, which is stored only as a hash.
 * @throws Problem session.refused in the same time and words whether or not the user exists, session.throttled
 */
export async function signIn(engine: Engine, attempt: SignIn, at: Date = new Date()): Promise<Begun> {
  const email = attempt.email.normalize('NFKC').trim().toLowerCase()
  const userAgent = attempt.userAgent.slice(0, 200)
  const detail = { address: attempt.address, userAgent }
  const userId = await limited(engine, email, attempt.address, async () => {
    const account = await accountByEmail(engine.database.read, engine.current.get(), email)
    const fits = await passwordFits(account?.passwordHash ?? null, attempt.password)
    if (fits && account !== null) return account.userId
    // What was typed is not kept: it may be a password in the wrong place.
    await engine.database.write((tx) => appendEvents(tx, [{ action: 'signInFailed', by: account?.userId ?? null, at, detail }]))
    return null
  })
  return begin(engine, (tx) => opened(tx, userId, { ...attempt, userAgent }, at))
}

export interface Begun {
  readonly token: string
  readonly recognised: Recognised
}

/** A new session in the unit of what it follows from; gives its token. */
export async function opened(tx: Executor, userId: number, { address, userAgent }: Pick<SignIn, 'address' | 'userAgent'>, at: Date): Promise<string> {
  const token = randomToken()
  await addSession(tx, { tokenHash: hashToken(token), userId, at, expiresAt: new Date(at.getTime() + idle), userAgent })
  await appendEvents(tx, [{ action: 'signedIn', by: userId, at, detail: { address, userAgent } }])
  return token
}

/** Commits a new session and gives whom it is of. @throws Problem session.refused when they were locked out meanwhile */
export async function begin(engine: Engine, open: (tx: Executor) => Promise<string>): Promise<Begun> {
  const token = await engine.database.write(open)
  const found = await recognised(engine, 'cookie', hashToken(token))
  if (found === null) throw new Problem('session.refused')
  return { token, recognised: found }
}

export interface Acceptance extends Pick<SignIn, 'address' | 'userAgent'> {
  /** Of the invitation. */
  readonly token: string
  readonly password: string
}

/**
 * Somebody who was invited chooses a password and is signed in; their other sessions end.
 * @throws Problem invitation.unavailable, record.invalid, session.throttled
 */
export async function acceptInvitation(engine: Engine, accepted: Acceptance, at: Date = new Date()): Promise<Begun> {
  acceptPassword(accepted.password, '/password')
  assertMayTry(attemptsOf(engine).address.take(addressKey(accepted.address)))
  const hash = await hashPassword(accepted.password)
  return begin(engine, async (tx) => {
    const userId = await takeInvitation(tx, hashToken(accepted.token), at)
    if (userId === null) throw new Problem('invitation.unavailable')
    await setPassword(tx, userId, hash, at)
    await endSessionsOf(tx, userId)
    await appendEvents(tx, [{ action: 'passwordChanged', by: userId, at, entity: 'user', records: [userId], detail: { address: accepted.address } }])
    return opened(tx, userId, { address: accepted.address, userAgent: accepted.userAgent.slice(0, 200) }, at)
  })
}

/** Ends a session at once, on every node. */
export const signOut = (engine: Engine, session: string): Promise<void> => engine.database.write((tx) => endSession(tx, session))

/**
 * Changes the caller's own password and ends all their other sessions.
 * @throws Problem session.refused when `current` is wrong, record.invalid when `next` is too short
 */
export async function changePassword(engine: Engine, actor: Actor, change: { current: string; next: string; session: string; address: string }, at: Date = new Date()): Promise<void> {
  const { id } = actor
  if (id === null) throw new Problem('access.denied')
  acceptPassword(change.next, '/next')
  await limited(engine, actor.email, change.address, async () =>
    (await passwordFits(await passwordOf(engine.database.read, id), change.current)) ? true : null)
  const hash = await hashPassword(change.next)
  await engine.database.write(async (tx) => {
    await setPassword(tx, id, hash, at)
    await endSessionsOf(tx, id, change.session)
    await appendEvents(tx, [{ action: 'passwordChanged', by: id, at, entity: 'user', records: [id], detail: { address: change.address } }])
  })
}
