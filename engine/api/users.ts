/** `/api/users`: accounts of people, for those who administer people. Their records are at `/api/records/user`. */
import type { Json } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import { account, accounts, block, endSessions, endTokenOf, invite, makeToken, offeredRoles, resetPassword, uninvite } from '../operations/people/administration.js'
import { onlyMembers } from './body.js'
import type { ApiRequest, Route } from './handler.js'
import { localeOf, names, onlyParameters, recordId } from './query.js'

const idsMost = 100
const nameMost = 120
const daysMost = 3650
const day = 86_400_000

export const userRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/api/users',
    async handle({ call, query }) {
      onlyParameters(query, new Set(['ids', 'locale']))
      const ids = (names(query, 'ids') ?? []).map((text) => recordId(text))
      if (ids.length > idsMost) throw new Problem('query.invalid', { reason: `ids names at most ${String(idsMost)} people` })
      const found = await accounts(call, ids)
      const roles = offeredRoles(call, localeOf(query.get('locale'), call.actor.locale))
      return { status: 200, body: { users: [...found].map(([id, summary]): Json => ({ id, ...summary })), roles: roles.map((role): Json => ({ ...role })) } }
    },
  },
  { method: 'GET', path: '/api/users/:id', handle: async (request) => ({ status: 200, body: (await account(request.call, idOf(request), request.session)) as unknown as Json }) },
  {
    method: 'POST', path: '/api/users/:id/invitation',
    async handle(request) {
      onlyMembers(signedIn(request).body)
      const { token, expiresAt } = await invite(request.call, idOf(request))
      return { status: 201, body: { link: `/invitation#${token}`, expiresAt } }
    },
  },
  {
    method: 'DELETE', path: '/api/users/:id/invitation',
    async handle(request) {
      await uninvite(request.call, idOf(request))
      return { status: 204 }
    },
  },
  {
    method: 'POST', path: '/api/users/:id/password',
    async handle(request) {
      onlyMembers(signedIn(request).body)
      return { status: 200, body: { password: await resetPassword(request.call, idOf(request)) } }
    },
  },
  { method: 'POST', path: '/api/users/:id/block', handle: (request) => blocked(request, true) },
  { method: 'POST', path: '/api/users/:id/unblock', handle: (request) => blocked(request, false) },
  { method: 'DELETE', path: '/api/users/:id/sessions', handle: async (request) => ({ status: 200, body: { ended: await endSessions(request.call, idOf(request)) } }) },
  {
    method: 'DELETE', path: '/api/users/:id/sessions/:session',
    async handle(request) {
      await endSessions(request.call, idOf(request), request.params['session'] ?? '')
      return { status: 204 }
    },
  },
  {
    method: 'POST', path: '/api/users/:id/tokens',
    async handle(request) {
      const made = await makeToken(request.call, idOf(request), newToken(signedIn(request)))
      return { status: 201, body: { ...made } }
    },
  },
  {
    method: 'DELETE', path: '/api/users/:id/tokens/:token',
    async handle(request) {
      await endTokenOf(request.call, idOf(request), recordId(request.params['token']))
      return { status: 204 }
    },
  },
]

const idOf = ({ params }: ApiRequest): number => recordId(params['id'])

/** What lets somebody in is made by people who are signed in, not by tokens: a token that leaks must not breed. */
function signedIn(request: ApiRequest): ApiRequest {
  if (request.credential !== 'cookie') throw new Problem('access.denied')
  return request
}

async function blocked(request: ApiRequest, wanted: boolean): Promise<{ readonly status: number }> {
  onlyMembers(request.body)
  await block(request.call, idOf(request), wanted)
  return { status: 204 }
}

function newToken({ body, call }: ApiRequest): { readonly name: string; readonly roles: readonly string[]; readonly expiresAt: Date | null } {
  const { name, roles, days } = onlyMembers(body, 'name', 'roles', 'days')
  if (typeof name !== 'string' || name.trim() === '' || name.length > nameMost) throw new Problem('request.invalid', { reason: `name must be text of at most ${String(nameMost)} characters` })
  if (!Array.isArray(roles) || !roles.every((role): role is string => typeof role === 'string')) throw new Problem('request.invalid', { reason: 'roles must be a list of names' })
  if (days !== undefined && days !== null && !(typeof days === 'number' && Number.isSafeInteger(days) && days > 0 && days <= daysMost)) throw new Problem('request.invalid', { reason: `days must be a whole number from 1 to ${String(daysMost)}` })
  return { name: name.trim(), roles, expiresAt: typeof days === 'number' ? new Date(call.at.getTime() + days * day) : null }
}
