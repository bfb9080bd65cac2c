/** Accounts of people, as the engine tells and changes them. */
import type { Account, Accounts } from '../../../metadata/contract/account.js'
import type { Api } from '../../client/api.js'

/** What lets somebody in; it is told once. */
export interface Secret {
  readonly kind: 'link' | 'password' | 'token' | 'webhook'
  readonly value: string
}

const of = (id: number, rest = ''): string => `/api/users/${String(id)}${rest}`

/** Those of these people whom the caller may administer, and the roles that they may give. */
export const accountsOf = async (api: Api, ids: readonly number[]): Promise<Accounts> => (await api.get<Accounts>('/api/users', { query: { ids: ids.join(','), locale: api.language } })).body

export const accountOf = async (api: Api, id: number): Promise<Account> => (await api.get<Account>(of(id))).body

export async function invite(api: Api, id: number): Promise<Secret> {
  const { body } = await api.post<{ readonly link: string }>(of(id, '/invitation'), {})
  return { kind: 'link', value: `${location.origin}${body.link}` }
}

export async function resetPassword(api: Api, id: number): Promise<Secret> {
  const { body } = await api.post<{ readonly password: string }>(of(id, '/password'), {})
  return { kind: 'password', value: body.password }
}

export async function makeToken(api: Api, id: number, token: { readonly name: string; readonly roles: readonly string[]; readonly days: number | null }): Promise<Secret> {
  const { body } = await api.post<{ readonly token: string }>(of(id, '/tokens'), token)
  return { kind: 'token', value: body.token }
}

export const uninvite = (api: Api, id: number): Promise<unknown> => api.delete(of(id, '/invitation'))
export const block = (api: Api, id: number, blocked: boolean): Promise<unknown> => api.post(of(id, blocked ? '/block' : '/unblock'), {})
export const endSessions = (api: Api, id: number, session: string | null): Promise<unknown> => api.delete(of(id, session === null ? '/sessions' : `/sessions/${encodeURIComponent(session)}`))
export const revokeToken = (api: Api, id: number, token: number): Promise<unknown> => api.delete(of(id, `/tokens/${String(token)}`))

/** `Chrome · Windows`, as far as the browser said. */
export function browserWords(userAgent: string): string {
  const found = (names: readonly (readonly [RegExp, string])[]): string => names.find(([pattern]) => pattern.test(userAgent))?.[1] ?? ''
  const browser = found([[/Edg\//, 'Edge'], [/Firefox\//, 'Firefox'], [/Chrom(?:e|ium)\//, 'Chrome'], [/Safari\//, 'Safari']])
  const system = found([[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux']])
  return [browser, system].filter((word) => word !== '').join(' · ') || userAgent.slice(0, 40)
}
