/** What may not be set, in every channel that writes; rights that nobody may give away. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import { client, type Answer } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { alive, clients, ground, idOf, shape, withoutTrace, type Ground } from './ground.js'

/** Every way to write one value into a client. */
const channels: Readonly<Record<string, (place: Ground, values: Record<string, Json>) => Promise<Answer>>> = {
  create: ({ agent, mine }, values) => agent.post(clients, { name: 'x', branch: mine.branch, ...values }),
  change: ({ agent, mine }, values) => agent.patch(`${clients}/${mine.client}`, values),
  'bulk create': ({ agent, mine }, values) => agent.post(`${clients}/bulk`, { create: [{ name: 'x', branch: mine.branch, ...values }] }),
  'bulk change': ({ agent, mine }, values) => agent.post(`${clients}/bulk`, { update: [{ ...values, id: mine.client }] }),
  'bulk change by condition': ({ agent }, values) => agent.post(`${clients}/bulk`, { where: {}, set: values }),
  'upsert of a new one': ({ agent, mine }, values) => agent.post(`${clients}/bulk`, { upsert: [{ code: 'new', name: 'x', branch: mine.branch, ...values }], key: 'code' }),
  'upsert of a known one': ({ agent, mine }, values) => agent.post(`${clients}/bulk`, { upsert: [{ code: 'My code', branch: mine.branch, ...values }], key: 'code' }),
}

const readOnly: Readonly<Record<string, Json>> = {
  id: 1, owner: 1, createdBy: 1, createdAt: '2001-01-01T00:00:00Z', updatedBy: 1, updatedAt: '2001-01-01T00:00:00Z', version: 99, archivedAt: null, clientNo: 'C9999',
}
const unknown: Readonly<Record<string, Json>> = {
  secret: 'x', secretCode: 'x', ceiling: 1, role: 'admin', roles: ['admin'], tenant: 1, tenantId: 1, deletedAt: null, archived_at: null, created_by: 1, children: [1], deals: [{ title: 'x' }], _id: 1, $set: { name: 'x' }, Name: 'x', 'branch.name': 'x', hasOwnProperty: 1, toString: 'x',
}

describe.each(databaseKinds)('writes on %s', (database) => {
  let place: Ground
  beforeAll(async () => {
    place = await ground(database)
  })
  afterAll(() => place.app.close())

  test.each(Object.keys(channels))('A-044 %s: what the engine fills, and what is hidden or unknown, is refused with its path and never ignored', async (channel) => {
    const write = channels[channel]
    if (write === undefined) throw new Error('no such channel')
    await withoutTrace(place.app, async () => {
      for (const [key, value] of Object.entries(readOnly)) {
        if (channel === 'bulk change' && (key === 'id' || key === 'version')) continue // these name the record there
        expect(await write(place, { [key]: value }), key).toMatchObject({ status: 400, body: { code: 'field.readOnly', problems: [{ path: expect.stringMatching(new RegExp(`/${key}$`)) as unknown }] } })
      }
      const never = await write(place, { nothingAtAll: 1 })
      for (const [key, value] of Object.entries(unknown)) {
        const answer = await write(place, { [key]: value })
        expect(answer, key).toMatchObject({ status: 400, body: { code: 'field.unknown' } })
        expect(JSON.stringify(shape(answer)).replaceAll(key, '?'), key).toBe(JSON.stringify(shape(never)).replaceAll('nothingAtAll', '?'))
      }
    })
  })

  test('A-046 who keeps the accounts gives no right that they do not hold, in no channel, and takes none by a detour', async () => {
    const { app, admin } = place
    const keeper = await app.as(['people'])
    const { id: own } = (await keeper.get('/api/session')).body as { id: number }
    const other = idOf(await admin.post('/api/records/user', { name: 'Plain', email: 'plain@example.com', roles: [] }))
    const users = '/api/records/user'
    const person = { name: 'New', email: 'new@example.com' }
    await withoutTrace(app, async () => {
      for (const roles of [['admin'], ['people', 'admin'], ['agent'], ['viewer'], ['employee', 'viewer'], ['neverPublished'], ['ADMIN'], ['__proto__']]) {
        const attempts = [
          keeper.post(users, { ...person, roles }), keeper.patch(`${users}/${own}`, { roles }), keeper.patch(`${users}/${other}`, { roles }),
          keeper.post(`${users}/bulk`, { create: [{ ...person, roles }] }), keeper.post(`${users}/bulk`, { update: [{ id: own, roles }] }),
          keeper.post(`${users}/bulk`, { upsert: [{ ...person, roles }], key: 'email' }), keeper.post(`${users}/bulk`, { upsert: [{ email: 'plain@example.com', roles }], key: 'email' }),
          keeper.post(`${users}/bulk`, { where: { id: other }, set: { roles } }),
        ]
        for (const answer of await Promise.all(attempts)) expect(answer, JSON.stringify(roles)).toMatchObject({ status: 403, body: { code: 'access.denied' } })
      }
    })
    expect((await keeper.get('/api/session')).body).toMatchObject({ roles: ['people'] })
    // What is held, or inherited, may be given.
    expect(await keeper.patch(`${users}/${other}`, { roles: ['employee', 'people'] })).toMatchObject({ status: 200, body: { roles: ['employee', 'people'] } })
    await alive(app)
  })

  test('A-047 an unknown key in the body of any address is refused, at any depth', async () => {
    const { agent, admin, app, mine } = place
    await withoutTrace(app, async () => {
      const bodies: readonly (readonly [string, string, Json])[] = [
        ['POST', '/api/session', { email: 'a@b.c', password: 'x', remember: true }], ['PUT', '/api/session/password', { current: 'x', next: 'y', other: 1 }],
        ['POST', `${clients}/aggregate`, { having: {} }], ['POST', `${clients}/aggregate`, { measures: { n: { count: true, over: 1 } } }], ['POST', `${clients}/aggregate`, { measures: { n: { count: { of: 'x' } } } }],
        ['POST', `${clients}/bulk`, { create: [], also: [] }], ['POST', `${clients}/bulk`, { delete: [1] }], ['POST', `${clients}/bulk`, { create: [], update: [] }], ['POST', `${clients}/bulk`, { create: [{ name: 'x', nmae: 'y' }] }],
        ['POST', '/api/definitions/publish', { consent: [], force: true }], ['POST', '/api/definitions/plan', { restroe: 1 }], ['POST', '/api/definitions/draft/rebase', { prefre: 'mine' }],
        ['POST', '/api/definitions/check', { all: true }], ['POST', `${clients}/${mine.client}/restore`, { name: 'x' }], ['PATCH', '/api/definitions/draft', [{ op: 'add', path: '/x', value: 1, force: true }]],
      ]
      for (const [method, path, body] of bodies) {
        const answer = await admin.request(method, path, { body })
        expect(answer.status, `${method} ${path} ${JSON.stringify(body)} ${answer.text}`).toBe(400)
      }
      for (const labels of [[{ a: 1 }], { a: 'b' }, ['a', ['b']]] as Json[]) expect(await agent.patch(`${clients}/${mine.client}`, { labels })).toMatchObject({ status: 422 })
    })
  })

  test('A-047 A-052 duplicate and dangerous keys are refused in the body of every address that takes one', async () => {
    const { admin, app, mine } = place
    const body = (key: string): readonly string[] => [`{"${key}":{"polluted":1}}`, `{"name":"x","labels":[{"${key}":{"polluted":1}}]}`, `[{"op":"add","path":"/x","value":{"${key}":{"polluted":1}}}]`]
    const raws = ['{"name":"a","name":"b"}', '{"a":{"b":1,"\\u0062":2}}', ...['__proto__', 'constructor', 'prototype', '\\u005f_proto__'].flatMap(body)]
    await withoutTrace(app, async () => {
      // A file is sent as it is: no JSON is read from it.
      for (const { method, path } of app.routes.filter((route) => route.method !== 'GET' && route.method !== 'DELETE' && route.raw !== true)) {
        for (const raw of raws) {
          const at = path.replace(':entity', 'client').replace(':id', String(mine.client)).replace(':n', '1')
          const answer = await admin.request(method, at, { raw, headers: { 'content-type': 'application/json' } })
          expect(answer, `${method} ${path} ${raw}`).toMatchObject({ status: 400, body: { code: 'request.invalid' } })
        }
      }
      for (const name of ['__proto__', 'constructor', 'prototype', '__proto__[tier]', 'constructor.prototype.tier', '__proto__.polluted']) {
        expect((await admin.get(`${clients}?${encodeURIComponent(name)}=1`)).status, name).toBe(400)
        for (const path of [`/api/records/${name}`, `/api/records/client/${name}`, `/schemas/${name}`, `/${name}`]) expect((await admin.get(encodeURI(path))).status).toBeOneOf([404, 200]) // 200: the studio's page
      }
    })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect((await client(app.url).get('/api/session')).status).toBe(401)
  })

  test('A-032 nothing that is refused half-way leaves a half', async () => {
    const { agent, app, mine } = place
    await withoutTrace(app, async () => {
      const rows = [...Array.from({ length: 99 }, (_, i) => ({ name: `ok ${i}`, branch: mine.branch })), { name: 'last', branch: mine.branch, code: 'CANARY-code-theirs' }]
      expect((await agent.post(`${clients}/bulk`, { create: rows })).status).toBe(409)
      expect((await agent.post(`${clients}/bulk`, { update: [{ id: mine.client, name: 'changed' }, { id: mine.client, branch: null }] })).status).toBe(403)
      expect((await agent.post(clients, { name: 'x' }, { 'idempotency-key': 'refused' })).status).toBe(403)
    })
  })
})
