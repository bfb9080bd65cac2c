/** A real provider of identities (OpenID Connect), in this process; whoever signs in there is who they say. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import Provider from 'oidc-provider'

export interface Person {
  readonly email: string
  readonly verified?: boolean
  readonly name?: string
  readonly groups?: readonly string[]
}

export interface IdentityProvider {
  readonly issuer: string
  /** By subject. */
  readonly people: Map<string, Person>
  /** Goes there as a browser with an account and comes back: the address that the provider sends the browser to. */
  visit(url: string, subject: string): Promise<string>
  close(): Promise<void>
}

export const clientOf = { id: 'tessera', secret: 'a secret of the client that is long enough' } as const

export async function startIdentityProvider(redirectUri: string): Promise<IdentityProvider> {
  const people = new Map<string, Person>()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` // listening on TCP
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientOf.id, client_secret: clientOf.secret, redirect_uris: [redirectUri], token_endpoint_auth_method: 'client_secret_post' }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    cookies: { keys: ['a key of tests'] },
    pkce: { required: () => true },
    findAccount: (_context, subject) => {
      const { email = '', verified = true, name, groups } = people.get(subject) ?? {}
      return { accountId: subject, claims: () => ({ sub: subject, email, email_verified: verified, ...(name === undefined ? {} : { name }), ...(groups === undefined ? {} : { groups: [...groups] }) }) }
    },
  })
  const answer = provider.callback()
  server.on('request', (request, response) => void answer(request, response))
  return { issuer, people, visit: (url, subject) => visit(issuer, url, subject), close: () => new Promise((resolve) => void server.close(() => resolve())) }
}

async function visit(issuer: string, url: string, subject: string): Promise<string> {
  const cookies = new Map<string, string>()
  let next = url
  for (let hops = 0; hops < 12 && next.startsWith(issuer); hops += 1) {
    // Its pages ask who it is, and then whether it may be told.
    const answers = new URL(next).pathname.startsWith('/interaction/')
    const form = answers ? { method: 'POST', body: new URLSearchParams(hops < 3 ? { prompt: 'login', login: subject, password: 'any' } : { prompt: 'consent' }) } : {}
    const response = await fetch(next, { ...form, redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null) throw new Error(`the provider answered ${String(response.status)}: ${(await response.text()).slice(0, 300)}`)
    next = new URL(location, next).href
  }
  return next
}
