/** People as administrators see to them: invitations, passwords, sessions, tokens; and that nobody gets more than they may give. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { client, signIn, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

const idOf = async (who: Client): Promise<number> => ((await who.get('/api/session')).body as { id: number }).id
const emailOf = async (who: Client): Promise<string> => ((await who.get('/api/session')).body as { email: string }).email
const of = (id: number, rest = ''): string => `/api/users/${String(id)}${rest}`
const events = async (app: App, action: string, id: number): Promise<readonly JsonObject[]> =>
  ((await app.admin.get(`/api/audit?action=${action}&entity=user&record=${String(id)}`)).body as { entries: JsonObject[] }).entries

/** Who administers people, but not the system: changes users who work in no other store than 1. */
/** Sees the tasks of the own teams. */
const mate = { op: 'add', path: '/roles~1mate.json', value: { title: 'Mate', inherits: ['employee'], entities: { task: { read: { where: { team: { $in: '$user.teams' } } } } } } }
const teamOfTask = { op: 'add', path: '/task~1entity.json/properties/team', value: { title: 'Team', crm: { type: 'reference', to: 'team' } } }
const lead = { op: 'add', path: '/roles~1lead.json', value: { title: 'Team lead', people: true, inherits: ['clerk'], entities: { user: { read: true, create: true, update: true } } } }

describe.each(databaseKinds)('people on %s', (database) => {
  let app: App
  let person: Client
  beforeAll(async () => {
    app = await startApp({ database })
    expect((await app.admin.patch('/api/definitions/draft', [lead, mate, teamOfTask])).status).toBe(200)
    expect((await app.admin.post('/api/definitions/publish', { consent: [], message: 'Leads' })).status).toBe(201)
    person = await app.as(['lead'])
  })
  afterAll(() => app.close())

  const invited = async (by: Client, id: number): Promise<string> => {
    const answer = await by.post(of(id, '/invitation'), {})
    expect(answer).toMatchObject({ status: 201, body: { link: expect.stringMatching(/^\/invitation#[\w-]{43}$/) as unknown } })
    return (answer.body as { link: string }).link.slice('/invitation#'.length)
  }
  const accept = (token: string, password = 'chosen by the person'): Promise<Answer> => client(app.url).post('/api/session/invitation', { token, password })

  test('A-084 somebody is made, invited by a link that is good once and names no host, chooses a password and is signed in', async () => {
    const made = await app.admin.post('/api/records/user', { name: 'Nova', email: 'nova@example.com', roles: ['clerk'] })
    const { id } = made.body as { id: number }
    expect((await app.admin.get(`/api/users?ids=${String(id)}`)).body).toMatchObject({ users: [{ id, password: false, invited: null, sessions: 0, tokens: 0, lastSeenAt: null }] })

    const first = await invited(app.admin, id)
    const token = await invited(app.admin, id)
    expect((await accept(first)).body).toMatchObject({ code: 'invitation.unavailable' }) // a later one ends it
    expect((await accept(token, 'short')).status).toBe(422)
    const answer = await accept(token)
    expect(answer).toMatchObject({ status: 201, body: { id, roles: ['clerk'] } })
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^tessera_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)])
    expect((await accept(token)).status).toBe(404)
    expect((await signIn(app.url, 'nova@example.com', 'chosen by the person')).url).toBe(app.url)
    expect(await events(app, 'invited', id)).toHaveLength(2)
    expect((await app.admin.get(of(id))).text).not.toContain('argon2')
  })

  test('the stores, time zone and language of somebody are ones that there are', async () => {
    const store = ((await app.admin.post('/api/records/store', { number: 'P1', name: 'Pier' })).body as { id: number }).id
    const somebody = { name: 'Zoe', email: 'zoe@example.com', stores: [store], timeZone: 'Asia/Shanghai', locale: 'zh' }
    expect(await app.admin.post('/api/records/user', somebody)).toMatchObject({ status: 201, body: { stores: [store] } })
    for (const [wrong, place, code] of [[{ stores: [store, 99_999] }, '/stores', 'reference.unavailable'], [{ timeZone: 'Asia/Atlantis' }, '/timeZone', 'value.format'], [{ locale: 'no such' }, '/locale', 'value.format']] as const) {
      expect(await app.admin.post('/api/records/user', { ...somebody, email: 'yan@example.com', ...wrong })).toMatchObject({ status: 422, body: { problems: [{ path: place, code }] } })
    }
  })

  test('rules name the teams of whoever asks, as they are at that moment, by session and by token', async () => {
    const make = async (entity: string, values: JsonObject): Promise<number> => ((await app.admin.post(`/api/records/${entity}`, values)).body as { id: number }).id
    const somebody = await app.as(['mate'])
    const id = await idOf(somebody)
    const [north, south] = [await make('team', { name: 'North', lead: id }), await make('team', { name: 'South' })]
    const [ours, theirs] = [await make('task', { title: 'Ours', team: north }), await make('task', { title: 'Theirs', team: south })]
    await make('task', { title: 'Nobody' })
    const { token } = (await app.admin.post(of(id, '/tokens'), { name: 'reader', roles: ['mate'], days: 1 })).body as { token: string }
    const seen = async (who: Client): Promise<readonly number[]> => ((await who.get('/api/records/task?fields=id&sort=id')).body as { records: { id: number }[] }).records.map((task) => task.id)
    const belongs = async (teams: readonly number[]): Promise<void> => expect((await app.admin.patch(`/api/records/user/${String(id)}`, { teams: [...teams] })).status).toBe(200)
    for (const [teams, tasks] of [[[], []], [[south, north], [ours, theirs]], [[south], [theirs]], [[], []]] as const) {
      await belongs(teams)
      for (const who of [somebody, client(app.url, { authorization: `Bearer ${token}` })]) expect(await seen(who)).toEqual(tasks)
    }
    await belongs([north])
    expect((await app.admin.get(`/api/records/team/${String(north)}?expand=members,lead`)).body).toMatchObject({ members: [{ id }], lead: { id } })
    expect((await somebody.get('/api/records/team?fields=name,lead')).status).toBe(200)
    expect((await somebody.patch(`/api/records/user/${String(id)}`, { teams: [south] })).body).toMatchObject({ code: 'field.unknown' })
  })

  test('A-084 an invitation that was taken back, or of somebody who was archived, lets nobody in', async () => {
    const [one, two] = [await app.as(['clerk']), await app.as(['clerk'])]
    const [back, gone] = [await invited(app.admin, await idOf(one)), await invited(app.admin, await idOf(two))]
    expect((await app.admin.delete(of(await idOf(one), '/invitation'))).status).toBe(204)
    await app.admin.delete(`/api/records/user/${String(await idOf(two))}`)
    for (const token of [back, gone, '', 'x'.repeat(43)]) expect((await accept(token)).status).toBeGreaterThanOrEqual(400)
  })

  test('a password is handed over, and whoever was signed in is out; blocked people stay out until they are let in, without their old sessions', async () => {
    const clerk = await app.as(['clerk'])
    const [id, email] = [await idOf(clerk), await emailOf(clerk)]
    const { password } = (await app.admin.post(of(id, '/password'), {})).body as { password: string }
    expect((await clerk.get('/api/session')).status).toBe(401)
    const again = await signIn(app.url, email, password)
    expect(await events(app, 'passwordReset', id)).toHaveLength(1)

    expect((await app.admin.post(of(id, '/block'), {})).status).toBe(204)
    expect((await again.get('/api/session')).status).toBe(401)
    expect((await client(app.url).post('/api/session', { email, password })).status).toBe(401)
    expect((await app.admin.post(of(id, '/unblock'), {})).status).toBe(204)
    expect((await again.get('/api/session')).status).toBe(401)
    expect((await signIn(app.url, email, password)).url).toBe(app.url)
  })

  test('sessions are seen and ended, one or all', async () => {
    const clerk = await app.as(['clerk'])
    const [id, email] = [await idOf(clerk), await emailOf(clerk)]
    const other = await signIn(app.url, email, 'a user of tests with a long password')
    const { open } = (await app.admin.get(of(id))).body as { open: { id: string }[] }
    expect(open).toMatchObject([{ own: false }, { own: false }])
    const mine = (await app.admin.get(of(await idOf(app.admin)))).body as { open: { own: boolean }[] }
    expect(mine.open.map(({ own }) => own)).toEqual([true])
    expect((await app.admin.delete(of(id, `/sessions/${open[0]?.id ?? ''}`))).status).toBe(204)
    expect([(await clerk.get('/api/session')).status, (await other.get('/api/session')).status].toSorted((a, b) => a - b)).toEqual([200, 401])
    expect((await app.admin.delete(of(id, `/sessions/${open[0]?.id ?? ''}`))).status).toBe(404)
    expect((await app.admin.delete(of(id, '/sessions'))).body).toEqual({ ended: 1 })
    expect(await events(app, 'sessionsEnded', id)).toHaveLength(2)
  })

  test('A-079 a token is told once, has no more than its owner, and is gone with the next request when it is revoked', async () => {
    const clerk = await app.as(['clerk', 'analyst'])
    const id = await idOf(clerk)
    for (const roles of [['admin'], ['clerk', 'manager'], []]) expect((await app.admin.post(of(id, '/tokens'), { name: 'wide', roles })).status).toBe(422)
    const made = (await app.admin.post(of(id, '/tokens'), { name: 'till', roles: ['clerk'], days: 30 })).body as { id: number; token: string }
    const bearer = client(app.url, { authorization: `Bearer ${made.token}` })
    expect((await bearer.get('/api/session')).body).toMatchObject({ id, roles: ['clerk'] })
    expect((await app.admin.get(of(id))).text).not.toContain(made.token)
    expect((await app.admin.get(of(id))).body).toMatchObject({ tokens: 1, apiTokens: [{ id: made.id, name: 'till', roles: ['clerk'] }] })
    // The owner loses the role: the token is not wider than they are.
    await app.admin.patch(`/api/records/user/${String(id)}`, { roles: ['analyst'] })
    expect((await bearer.get('/api/session')).body).toMatchObject({ roles: [] })
    const someone = await idOf(await app.as(['clerk']))
    expect((await app.admin.delete(of(someone, `/tokens/${String(made.id)}`))).status).toBe(404) // not theirs
    expect((await app.admin.delete(of(id, `/tokens/${String(made.id)}`))).status).toBe(204)
    expect((await bearer.get('/api/session')).status).toBe(401)
  })

  test('A-046 nobody gives more than they have, and whoever holds more is out of reach', async () => {
    const [clerk, manager] = [await app.as(['clerk']), await app.as(['manager'])]
    const admin = await idOf(app.admin)
    expect((await person.get(of(await idOf(clerk)))).status).toBe(200)
    await invited(person, await idOf(clerk))
    for (const id of [await idOf(manager), admin, 999_999]) {
      for (const [method, rest] of [['GET', ''], ['POST', '/invitation'], ['POST', '/password'], ['POST', '/block'], ['POST', '/unblock'], ['DELETE', '/sessions'], ['DELETE', '/invitation']] as const) {
        const answer = await person.request(method, of(id, rest), method === 'POST' ? { body: {} } : {})
        expect(answer, `${method} ${rest}`).toMatchObject({ status: 404, body: { code: 'record.unavailable' } })
      }
      expect((await person.post(of(id, '/tokens'), { name: 'x', roles: ['manager'] })).status).toBe(404)
    }
    expect((await person.get(`/api/users?ids=${[admin, await idOf(clerk)].join()}`)).body).toMatchObject({ users: [{ id: await idOf(clerk) }] })
    expect((await app.admin.get('/api/session')).status).toBe(200)
    expect(((await person.get('/api/users')).body as { roles: { name: string }[] }).roles.map(({ name }) => name).toSorted()).toEqual(['author', 'clerk', 'collaborator', 'employee', 'lead'])
    // Neither to others, nor to oneself, nor by making somebody.
    for (const roles of [['admin'], ['lead', 'manager']]) {
      expect((await person.patch(`/api/records/user/${String(await idOf(person))}`, { roles })).status).toBe(403)
      expect((await person.patch(`/api/records/user/${String(await idOf(clerk))}`, { roles })).status).toBe(403)
      expect((await person.post('/api/records/user', { name: 'Two', email: 'two@example.com', roles })).status).toBe(403)
    }
  })

  test('who may not administer people is denied everything, whoever it is about', async () => {
    const clerk = await app.as(['clerk'])
    for (const id of [await idOf(clerk), await idOf(app.admin), 999_999]) {
      expect((await clerk.get(of(id))).status).toBe(403)
      for (const rest of ['/invitation', '/password', '/block', '/unblock']) expect((await clerk.post(of(id, rest), {})).status).toBe(403)
    }
    expect((await clerk.get(`/api/users?ids=1`)).status).toBe(403)
  })

  test('a token lets nobody else in: passwords, invitations and tokens are made by people who are signed in', async () => {
    const other = await app.as(['admin'])
    const id = await idOf(other)
    const { token } = (await app.admin.post(of(id, '/tokens'), { name: 'all', roles: ['admin'] })).body as { token: string }
    const bearer = client(app.url, { authorization: `Bearer ${token}` })
    for (const rest of ['/invitation', '/password', '/tokens']) expect((await bearer.post(of(await idOf(person), rest), {})).status).toBe(403)
    expect((await bearer.get(of(id))).status).toBe(200)
    await app.admin.patch(`/api/records/user/${String(id)}`, { roles: ['clerk'] })
  })

  test('the last administrator cannot lock everybody out: not by roles, blocking, archiving, erasing, or many at once', async () => {
    const id = await idOf(app.admin)
    const record = `/api/records/user/${String(id)}`
    const last = { status: 409, body: { code: 'people.last' } }
    expect(await app.admin.patch(record, { roles: ['clerk'] })).toMatchObject(last)
    expect(await app.admin.patch(record, { active: false })).toMatchObject(last)
    expect(await app.admin.post(of(id, '/block'), {})).toMatchObject(last)
    expect(await app.admin.delete(record)).toMatchObject(last)
    expect(await app.admin.post('/api/records/user/bulk', { where: { id }, set: { roles: [] } })).toMatchObject(last)
    expect((await app.admin.get('/api/session')).body).toMatchObject({ roles: ['admin'] })
    // Beside a second one who signs in, the first may go.
    const second = await app.as(['admin'])
    expect((await second.patch(record, { roles: ['admin', 'clerk'] })).status).toBe(200)
    expect((await second.post(of(id, '/block'), {})).status).toBe(204)
    expect((await second.post(of(id, '/unblock'), {})).status).toBe(204)
  })
})
