import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import { createToken, resetUser } from '../../engine/operations/people/users.js'
import { startApp, type App } from '../support/app.js'
import { client, signIn, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

const password = 'a user of tests with a long password'
const emailOf = async (who: Client): Promise<string> => ((await who.get('/api/session')).body as { email: string }).email
const idOf = async (who: Client): Promise<number> => ((await who.get('/api/session')).body as { id: number }).id

describe.each(databaseKinds)('sessions on %s', (database) => {
  let app: App
  beforeAll(async () => {
    app = await startApp({ database })
  })
  afterAll(() => app.close())

  test('signing in gives the caller and a cookie that scripts and other sites do not get', async () => {
    const clerk = await app.as(['clerk'], { locale: 'zh', timeZone: 'Asia/Shanghai' })
    const answer = await client(app.url).post('/api/session', { email: await emailOf(clerk), password })
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({ roles: ['clerk'], locale: 'zh', timeZone: 'Asia/Shanghai' })
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^tessera_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)])
    expect(answer.text).not.toContain('argon2')
    expect((await app.admin.get('/api/session')).body).toMatchObject({ locale: null }) // none was chosen
  })

  test('behind a trusted proxy that speaks https the cookie is Secure; others cannot claim so', async () => {
    const proxied = await startApp({ database, settings: { TESSERA_TRUSTED_PROXIES: '127.0.0.1,::1,::ffff:127.0.0.1' } })
    try {
      const claim = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9', origin: proxied.url.replace('http:', 'https:') }
      const body = { email: 'admin@example.com', password: 'an administrator of tests' }
      expect((await client(proxied.url).post('/api/session', body, claim)).headers.getSetCookie()[0]).toContain('; Secure')
      expect((await client(app.url).post('/api/session', body, { 'x-forwarded-proto': 'https' })).headers.getSetCookie()[0]).not.toContain('Secure')
    } finally {
      await proxied.close()
    }
  })

  test('an unknown user, a wrong password, a disabled and an archived user get the same answer', async () => {
    const [disabled, archived, known] = [await app.as(['clerk']), await app.as(['clerk']), await app.as(['clerk'])]
    const attempts = [
      { email: 'nobody@example.com', password },
      { email: await emailOf(disabled), password },
      { email: await emailOf(archived), password },
      { email: await emailOf(known), password: 'not the password' },
      { email: "' OR 1=1 --", password },
      { email: '*)(mail=*', password },
      { email: '', password: '' },
    ]
    await app.admin.patch(`/api/records/user/${await idOf(disabled)}`, { active: false })
    await app.admin.delete(`/api/records/user/${await idOf(archived)}`)
    const answers = await Promise.all(attempts.map((attempt) => client(app.url).post('/api/session', attempt)))
    for (const { status, body } of answers) {
      expect(status).toBe(401)
      expect({ ...(body as object), requestId: '' }).toEqual({ ...(answers[0]?.body as object), requestId: '' })
      expect(body).toMatchObject({ code: 'session.refused' })
    }
  })

  test('a wrong body is refused', async () => {
    for (const body of [[], 'text', { email: 1, password: 'x' }, { email: 'a@example.com' }, { email: 'a@example.com', password: 'x', admin: true }]) {
      expect((await client(app.url).post('/api/session', body as never)).status).toBe(400)
    }
  })

  test('A-078 tries are counted per account whatever the spelling, and per address; nothing that the client writes changes that', async () => {
    const throttled = await startApp({ database })
    try {
      const spellings = ['Victim@example.com', ' victim@example.com', 'VICTIM@EXAMPLE.COM', 'victim@example.com ', 'ｖictim@example.com']
      const statuses: number[] = []
      for (let n = 0; n < 14; n++) {
        const answer = await client(throttled.url).post('/api/session', { email: spellings[n % spellings.length] ?? '', password: 'guess' }, { 'x-forwarded-for': `198.51.100.${n}`, 'x-real-ip': `198.51.100.${n}` })
        statuses.push(answer.status)
        if (answer.status === 429) {
          expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
          expect(answer.body).toMatchObject({ code: 'session.throttled' })
        }
      }
      expect(statuses).toEqual([...Array<number>(10).fill(401), ...Array<number>(4).fill(429)])
      const many = await Promise.all(Array.from({ length: 90 }, (_one, n) => client(throttled.url).post('/api/session', { email: `other${n}@example.com`, password: 'guess' }, { 'x-forwarded-for': `198.51.100.${n}` })))
      expect(many.filter(({ status }) => status === 429).length).toBeGreaterThan(25)
      for (const path of [`${throttled.url}//api/session`, '/API/session', '/api/session/', '/api/%73ession']) {
        expect((await client(throttled.url).post(path, { email: 'victim@example.com', password: 'guess' })).status).not.toBe(401)
      }
      expect((await throttled.admin.get('/api/session')).status).toBe(200)
    } finally {
      await throttled.close()
    }
  })

  test('good sign-ins are not counted', async () => {
    const clerk = await app.as(['clerk'])
    const email = await emailOf(clerk)
    for (let n = 0; n < 15; n++) expect((await client(app.url).post('/api/session', { email: n % 2 ? email : email.toUpperCase(), password })).status).toBe(201)
  })

  test('A-080 signing out ends the session on every node, and only that one', async () => {
    const [first, other] = [await app.as(['clerk']), await app.another()]
    const email = await emailOf(first)
    const second = await signIn(app.url, email, password)
    const cookie = (await client(app.url).post('/api/session', { email, password })).headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const third = client(app.url, { cookie })
    expect((await third.delete('/api/session')).status).toBe(204)
    expect((await third.get('/api/session')).status).toBe(401)
    expect((await client(other.url, { cookie }).get('/api/session')).status).toBe(401)
    expect((await second.get('/api/session')).status).toBe(200)
  })

  test('A-079 disabling, archiving, other roles count from the next request on, on every node', async () => {
    const other = await app.another()
    const clerk = await app.as(['manager'])
    const email = await emailOf(clerk)
    const there = await signIn(other.url, email, password)
    const path = `/api/records/user/${await idOf(clerk)}`
    expect((await there.get('/api/records/member?limit=1')).status).toBe(200)
    await app.admin.patch(path, { roles: ['employee'] })
    expect((await there.get('/api/session')).body).toMatchObject({ roles: ['employee'] })
    expect((await there.get('/api/records/member?limit=1')).status).toBe(404)
    await app.admin.patch(path, { active: false })
    expect((await there.get('/api/session')).status).toBe(401)
    expect((await clerk.get('/api/session')).status).toBe(401)
    await app.admin.patch(path, { active: true })
    expect((await clerk.get('/api/session')).status).toBe(200)
    await app.admin.delete(path)
    expect((await clerk.get('/api/session')).status).toBe(401)
    expect((await client(app.url).post('/api/session', { email, password })).status).toBe(401)
  })

  test('A-079 a changed password ends the other sessions, a reset one ends all', async () => {
    const first = await app.as(['clerk'])
    const email = await emailOf(first)
    const second = await signIn(app.url, email, password)
    const change = (current: string, next: string) => first.request('PUT', '/api/session/password', { body: { current, next } })
    expect((await change('wrong', 'another long password')).status).toBe(401)
    expect((await change(password, 'short')).status).toBe(422)
    expect((await second.get('/api/session')).status).toBe(200)
    expect((await change(password, 'another long password')).status).toBe(204)
    expect((await first.get('/api/session')).status).toBe(200)
    expect((await second.get('/api/session')).status).toBe(401)
    expect((await client(app.url).post('/api/session', { email, password })).status).toBe(401)
    const reset = await resetUser(app.engine, email, null)
    expect(reset.sessionsEnded).toBe(1)
    expect((await first.get('/api/session')).status).toBe(401)
    expect((await client(app.url).post('/api/session', { email, password: reset.password })).status).toBe(201)
  })

  test('a session ends when it is idle or old, lives on while it is used, and is not revived by the note of its last use', async () => {
    const clerk = await app.as(['clerk'])
    const id = await idOf(clerk)
    const age = (sql: string): Promise<number> => app.engine.database.write((tx) => tx.run(sql, [id]))
    const past = database === 'sqlite' ? '1000' : "TIMESTAMPTZ '2001-01-01T00:00:00Z'"
    await age(`UPDATE tessera_session SET last_seen_at = ${past} WHERE user_id = ?`)
    await app.engine.database.write(async (tx) => {
      await tx.run(`UPDATE tessera_session SET expires_at = ${past} WHERE user_id = ?`, [id])
      // Not committed yet: the session is still good, and the note of this use waits for the row.
      expect((await clerk.get('/api/session')).status).toBe(200)
    })
    await age('UPDATE tessera_session SET user_agent = user_agent WHERE user_id = ?') // comes after the note
    expect((await clerk.get('/api/session')).status).toBe(401)
  })

  test('what a person likes follows them, is their own, and takes only what there is to choose', async () => {
    const [clerk, other] = [await app.as(['clerk']), await app.as(['clerk'])]
    const change = (body: Json): ReturnType<Client['request']> => clerk.request('PATCH', '/api/session/preferences', { body })
    const favourites = [{ entity: 'member' }, { entity: 'member', id: 7 }]
    expect(await change({ theme: 'dark', favourites })).toMatchObject({ status: 200, body: { theme: 'dark', favourites } })
    expect(await change({ theme: null, density: 'compact' })).toMatchObject({ status: 200, body: { density: 'compact', favourites } })
    for (const body of [{ theme: 'pink' }, { favourites: 'all' }, { favourites: [{ entity: 'member', id: 0 }] }, { favourites: [{ entity: 'member', name: 'Ada' }] }, { favourites: Array.from({ length: 51 }, () => ({ entity: 'member' })) }, [], 7]) expect(await change(body)).toMatchObject({ status: 400, body: { code: 'request.invalid' } })
    expect(await change({ admin: true })).toMatchObject({ body: { code: 'field.unknown' } })
    expect((await clerk.get('/api/session')).body).toMatchObject({ preferences: { density: 'compact', favourites } })
    expect((await other.get('/api/session')).body).toMatchObject({ preferences: {} })
  })

  test('A-076 A-087 API tokens: only what was given, only while it lasts', async () => {
    const owner = await app.as(['clerk', 'analyst'])
    const email = await emailOf(owner)
    const made = await createToken(app.engine, { email, name: 'export', roles: ['analyst', 'admin'], expiresAt: null })
    const token = client(app.url, { authorization: `Bearer ${made.token}` })
    expect((await token.get('/api/session')).body).toMatchObject({ email, roles: ['analyst'] })
    expect((await token.get('/api/definitions')).status).toBe(403)
    expect((await token.delete('/api/session')).status).toBe(403)
    const expired = await createToken(app.engine, { email, name: 'old', roles: ['analyst'], expiresAt: new Date(Date.now() - 1000) })
    const bad = ['', 'x', `${made.token}x`, made.token.slice(1), expired.token, 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.', made.token.toLowerCase()]
    for (const value of bad) expect((await client(app.url, { authorization: `Bearer ${value}` }).get('/api/session')).status).toBe(401)
    for (const value of [`Basic ${made.token}`, made.token]) expect((await client(app.url, { authorization: value }).get('/api/session')).status).toBe(401)
    const stored = await app.engine.database.read.all('SELECT token_hash FROM tessera_token', [])
    expect(JSON.stringify(stored)).not.toContain(made.token)
    await app.admin.patch(`/api/records/user/${await idOf(owner)}`, { roles: ['clerk'] })
    expect((await token.get('/api/session')).body).toMatchObject({ roles: [] })
  })

  test('A-082 other sites can neither sign anybody in nor write with their cookie; reading changes nothing', async () => {
    const clerk = await app.as(['clerk'])
    const hostile = { origin: 'https://evil.example' }
    expect((await clerk.delete('/api/session', hostile)).status).toBe(403)
    expect((await client(app.url).post('/api/session', { email: await emailOf(clerk), password }, hostile)).status).toBe(403)
    expect((await clerk.request('POST', '/api/session', { raw: JSON.stringify({ email: 'a', password: 'b' }), headers: { 'content-type': 'text/plain' } })).status).toBe(415)
    expect((await clerk.get('/api/session')).status).toBe(200)
  })

  test('A-083 no answer allows another origin', async () => {
    for (const origin of ['https://evil.example', 'null', `${app.url}.evil.example`, 'https://example.com.evil']) {
      const answer = await app.admin.get('/api/session', { origin })
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
  })
})
