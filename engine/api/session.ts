/** `/api/session`: sign in, who am I and how do I like the screens, sign out, change the password. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import { choose, ownPreferences } from '../operations/people/preferences.js'
import { acceptInvitation, changePassword, cookieName, signIn, signOut } from '../operations/people/session.js'
import type { Engine } from '../operations/call.js'
import type { Actor } from '../permissions/actor.js'
import type { Route } from './handler.js'
import { onlyParameters } from './query.js'

/** The routes of `/api/session`. */
export const sessionRoutes = (engine: Engine): readonly Route[] => [
  {
    method: 'POST', path: '/api/session', open: true, bodyMax: 10_000,
    async handle({ body, address, headers, secure }) {
      const { email, password } = texts(body, 'email', 'password')
      const { token, recognised } = await signIn(engine, { email, password, address, userAgent: headers['user-agent'] ?? '' })
      return { status: 201, headers: { 'Set-Cookie': sessionCookie(token, secure) }, body: caller(recognised.actor) }
    },
  },
  {
    method: 'POST', path: '/api/session/invitation', open: true, bodyMax: 10_000,
    async handle({ body, address, headers, secure }) {
      const { token: invitation, password } = texts(body, 'token', 'password')
      const { token, recognised } = await acceptInvitation(engine, { token: invitation, password, address, userAgent: headers['user-agent'] ?? '' })
      return { status: 201, headers: { 'Set-Cookie': sessionCookie(token, secure) }, body: caller(recognised.actor) }
    },
  },
  {
    method: 'GET', path: '/api/session',
    async handle({ call }) {
      return { status: 200, body: { ...caller(call.actor), preferences: await ownPreferences(call) } }
    },
  },
  {
    method: 'PATCH', path: '/api/session/preferences', bodyMax: 20_000,
    async handle({ call, body, query }) {
      onlyParameters(query, new Set())
      if (!isObject(body)) throw new Problem('request.invalid', { reason: 'the body must be a JSON object' })
      return { status: 200, body: await choose(call, body) }
    },
  },
  {
    method: 'DELETE', path: '/api/session',
    async handle({ session, credential, secure }) {
      if (credential !== 'cookie') throw new Problem('access.denied')
      await signOut(engine, session)
      return { status: 204, headers: { 'Set-Cookie': `${sessionCookie('', secure)}; Max-Age=0` } }
    },
  },
  {
    method: 'PUT', path: '/api/session/password', bodyMax: 10_000,
    async handle({ body, call, session, credential, address }) {
      if (credential !== 'cookie') throw new Problem('access.denied')
      const { current, next } = texts(body, 'current', 'next')
      await changePassword(engine, call.actor, { current, next, session, address })
      return { status: 204 }
    },
  },
]

/** Lax: other sites' forms and scripts do not carry it; a link to a record still works when signed in. */
export const sessionCookie = (token: string, secure: boolean): string => `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`

/** `locale` is null for somebody who has chosen none. */
const caller = ({ id, name, email, roles, attributes, timeZone }: Actor): JsonObject => ({ id, name, email, roles: [...roles], locale: attributes.get('locale') ?? null, timeZone })

/** Exactly these members of a body, each a text. */
function texts<K extends string>(body: Json | undefined, ...keys: readonly K[]): Record<K, string> {
  if (!isObject(body)) throw new Problem('request.invalid', { reason: 'the body must be a JSON object' })
  const unknown = Object.keys(body).find((key) => !(keys as readonly string[]).includes(key))
  if (unknown !== undefined) throw new Problem('field.unknown', { field: unknown })
  return Object.fromEntries(keys.map((key) => {
    const value = body[key]
    if (typeof value !== 'string') throw new Problem('request.invalid', { reason: `${key} must be text` })
    return [key, value]
  })) as Record<K, string>
}
