/** Signing in at a provider of identities: who may come in, as whom, with which roles; and what does not let anybody in. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { client, type Answer } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { clientOf, startIdentityProvider, type IdentityProvider } from './identity-provider.js'

const home = 'https://crm.test'

describe.each(databaseKinds)('single sign-on on %s', (database) => {
  let app: App
  let provider: IdentityProvider
  beforeAll(async () => {
    provider = await startIdentityProvider(`${home}/api/session/oidc/callback`)
    app = await startApp({ database, settings: {
      TESSERA_URL: home, TESSERA_OIDC_ISSUER: provider.issuer, TESSERA_OIDC_CLIENT_ID: clientOf.id, TESSERA_OIDC_CLIENT_SECRET: clientOf.secret, TESSERA_OIDC_TITLE: 'Example ID',
      TESSERA_OIDC_DOMAINS: 'example.com', TESSERA_OIDC_ROLES: 'bosses=admin,tills=clerk', TESSERA_OIDC_CREATE: '1',
    } })
  })
  afterAll(async () => {
    await app.close()
    await provider.close()
  })

  interface Left {
    readonly url: string
    readonly cookie: string
  }
  const leave = async (back = '/lists/member'): Promise<Left> => {
    const answer = await client(app.url).get(`/api/session/oidc?return=${encodeURIComponent(back)}`)
    expect(answer.status, answer.text).toBe(302)
    return { url: answer.headers.get('location') ?? '', cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
  }
  const comeBack = (address: string, cookie: string): Promise<Answer> => client(app.url, { cookie }).get(new URL(address).pathname + new URL(address).search)
  const signIn = async (subject: string, back?: string): Promise<Answer> => {
    const { url, cookie } = await leave(back)
    return comeBack(await provider.visit(url, subject), cookie)
  }
  const whoIs = async (answer: Answer): Promise<JsonObject & { readonly id: number }> => {
    expect(answer.headers.get('location')).not.toContain('signIn=')
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('tessera_session='))?.split(';')[0] ?? ''
    return (await client(app.url, { cookie }).get('/api/session')).body as JsonObject & { readonly id: number }
  }
  const reasonOf = (answer: Answer): string | null => new URL(answer.headers.get('location') ?? '', home).searchParams.get('signIn')
  const person = async (email: string, roles: readonly string[]): Promise<number> => ((await app.admin.post('/api/records/user', { name: email, email, roles })).body as { id: number }).id

  test('somebody who is here comes in without a password, ends where they wanted to go, and is out when they sign out', async () => {
    expect((await client(app.url).get('/api/session/ways')).body).toEqual({ oidc: { title: 'Example ID' }, language: 'en' })
    const id = await person('nova@example.com', ['analyst'])
    provider.people.set('nova', { email: 'Nova@Example.com', groups: [] })
    const answer = await signIn('nova', '/lists/member?q=1')
    expect(answer).toMatchObject({ status: 302 })
    expect(answer.headers.get('location')).toBe('/lists/member?q=1')
    expect(answer.headers.getSetCookie()[0]).toMatch(/^tessera_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(await whoIs(answer)).toMatchObject({ id, roles: ['analyst'] })
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect((await client(app.url, { cookie }).delete('/api/session')).status).toBe(204)
    expect((await client(app.url, { cookie }).get('/api/session')).status).toBe(401)
    for (const elsewhere of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) expect((await signIn('nova', elsewhere)).headers.get('location')).toBe('/')
  })

  test('who is new is made with the roles of their groups, which follow the groups from then on; what was given by hand stays', async () => {
    provider.people.set('till', { email: 'till@example.com', name: 'Till Person', groups: ['tills', 'others'] })
    const made = await whoIs(await signIn('till'))
    expect(made).toMatchObject({ name: 'Till Person', email: 'till@example.com', roles: ['clerk'] })
    expect((await app.admin.get(`/api/users?ids=${String(made.id)},1`)).body).toMatchObject({ users: [{ id: 1, identity: false, password: true }, { id: made.id, identity: true, password: false, sessions: 1 }] })
    await app.admin.patch(`/api/records/user/${String(made.id)}`, { roles: ['clerk', 'analyst'] })
    provider.people.set('till', { email: 'renamed@example.com', groups: [] })
    // The subject counts, not the address, which may be another one by now.
    expect(await whoIs(await signIn('till'))).toMatchObject({ id: made.id, email: 'till@example.com', roles: ['analyst'] })
    expect((await app.admin.get(`/api/records/user/${String(made.id)}/history`)).text).toContain('analyst')
    provider.people.set('nobody', { email: 'nobody@example.com', groups: ['others'] })
    expect(reasonOf(await signIn('nobody'))).toBe('refused')
  })

  test('nobody comes in who is blocked, of another domain, with an address that nobody checked, or as somebody whom another identity stands for', async () => {
    const id = await person('taken@example.com', ['analyst'])
    provider.people.set('owner', { email: 'taken@example.com' })
    await whoIs(await signIn('owner'))
    provider.people.set('thief', { email: 'taken@example.com', groups: ['bosses'] })
    provider.people.set('stranger', { email: 'stranger@evil.example', groups: ['bosses'] })
    provider.people.set('unchecked', { email: 'admin@example.com', verified: false, groups: ['bosses'] })
    for (const subject of ['thief', 'stranger', 'unchecked']) expect(reasonOf(await signIn(subject)), subject).toBe('refused')
    await app.admin.post(`/api/users/${String(id)}/block`, {})
    expect(reasonOf(await signIn('owner'))).toBe('refused')
    expect((await app.admin.get('/api/audit?action=signInFailed')).text).toContain('oidc')
  })

  test('A-082 an answer of the provider is good for the browser that asked, once, and unchanged', async () => {
    const [one, two] = [await leave(), await leave()]
    const address = await provider.visit(one.url, 'nova')
    for (const [answer, cookie] of [[address, two.cookie], [address, ''], [address, `${one.cookie}x`], [address.replace(/code=[^&]+/, 'code=guessed'), one.cookie], [`${home}/api/session/oidc/callback?error=access_denied&state=x`, one.cookie]] as const) expect(reasonOf(await comeBack(answer, cookie))).toBe('failed')
    const again = await leave()
    const good = await provider.visit(again.url, 'nova')
    expect(reasonOf(await comeBack(good, again.cookie))).toBeNull()
    expect(reasonOf(await comeBack(good, again.cookie))).toBe('failed')
    expect(JSON.stringify(app.log)).not.toContain(clientOf.secret)
  })

  test('the administrator comes in by password, whatever becomes of the provider, and keeps the right to change the system', async () => {
    provider.people.set('boss', { email: 'admin@example.com', groups: [] })
    expect(await whoIs(await signIn('boss'))).toMatchObject({ email: 'admin@example.com', roles: ['admin'] })
    expect((await client(app.url).post('/api/session', { email: 'admin@example.com', password: 'an administrator of tests' })).status).toBe(201)
  })
})
