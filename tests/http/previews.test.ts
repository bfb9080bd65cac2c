/** A preview shows the application with the rights of a role or a person, never more than its owner sees, and changes nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import { createToken } from '../../engine/operations/people/users.js'
import { startApp, type App } from '../support/app.js'
import { client, signIn, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

const roles = [
  // Shapes the system, and sees no member's income.
  { op: 'add', path: '/roles~1shaper.json', value: { title: 'Shaper', design: true, entities: { store: { read: true, export: true, archive: true, history: true }, member: { read: { fields: { '*': true, income: false } } } } } },
  { op: 'add', path: '/roles~1payroll.json', value: { title: 'Payroll', entities: { member: { read: { fields: ['income'] } } } } },
  { op: 'add', path: '/roles~1front.json', value: { title: 'Front', entities: { store: { read: true } } } },
  { op: 'add', path: '/roles~1checker.json', value: { title: 'Checker', audit: true, entities: { store: { read: true } } } },
]

describe.each(databaseKinds)('previews on %s', (database) => {
  let app: App
  let store: number
  let other: number
  let mine: number
  let clerk: Client
  beforeAll(async () => {
    app = await startApp({ database })
    await app.admin.patch('/api/definitions/draft', roles)
    expect((await app.admin.post('/api/definitions/publish', { consent: [], message: 'Roles' })).status).toBe(201)
    const made = async (entity: string, body: JsonObject): Promise<number> => ((await app.admin.post(`/api/records/${entity}`, body)).body as { id: number }).id
    store = await made('store', { name: 'North', number: 'N1' })
    other = await made('store', { name: 'South', number: 'S1' })
    mine = await made('member', { name: 'Ada', store, income: 52_000 })
    await made('member', { name: 'Bob', store: other, income: 70_000 })
    clerk = await app.as(['clerk'], { stores: [store] })
  })
  afterAll(() => app.close())

  const idOf = async (who: Client): Promise<number> => ((await who.get('/api/session')).body as { id: number }).id
  const begin = (who: Client, as: JsonObject): Promise<Answer> => who.post('/api/previews', as)
  const passOf = async (who: Client, as: JsonObject): Promise<Readonly<Record<string, string>>> => {
    const answer = await begin(who, as)
    expect(answer.status, answer.text).toBe(201)
    return { 'x-tessera-preview': (answer.body as { pass: string }).pass }
  }
  const names = (answer: Answer): readonly unknown[] => (answer.body as { records: JsonObject[] }).records.map(({ name }) => name)

  test('as a user one sees what they see: rows, fields, screens; and stays oneself in the log', async () => {
    const pass = await passOf(app.admin, { user: await idOf(clerk) })
    for (const path of ['/api/records/member?sort=id', '/api/records/store?sort=id', `/api/records/member/${String(mine)}`, '/api/records/purchase', '/api/definitions']) {
      const [theirs, seen] = [await clerk.get(path), await app.admin.get(path, pass)]
      expect(seen.status, path).toBe(theirs.status)
      if (seen.status === 200) expect(seen.body, path).toEqual(theirs.body)
    }
    expect(names(await app.admin.get('/api/records/member', pass))).toEqual(['Ada'])
    expect((await app.admin.get('/api/model', pass)).text).toBe((await clerk.get('/api/model')).text)
    expect(((await app.admin.get('/api/session', pass)).body as JsonObject)).toMatchObject({ id: await idOf(app.admin), roles: ['clerk'] })
    expect((await app.admin.post('/api/records/member/aggregate', { measures: { n: { count: true } } }, pass)).body).toMatchObject({ groups: [{ n: 1 }] })
    // Without the pass the same session is the administrator's again.
    expect(names(await app.admin.get('/api/records/member'))).toHaveLength(2)
    const { entries } = (await app.admin.get('/api/audit?action=previewed')).body as { entries: JsonObject[] }
    expect(entries[0]).toMatchObject({ by: await idOf(app.admin), records: [await idOf(clerk)] })
  })

  test('as a role one sees what it grants, with the attributes of oneself or of somebody', async () => {
    expect(names(await app.admin.get('/api/records/member', await passOf(app.admin, { role: 'clerk' })))).toEqual([])
    expect(names(await app.admin.get('/api/records/member', await passOf(app.admin, { role: 'clerk', user: await idOf(clerk) })))).toEqual(['Ada'])
    expect((await app.admin.get('/api/records/purchase', await passOf(app.admin, { role: 'front' }))).status).toBe(404)
  })

  test('as a role one sees what somebody with given stores would', async () => {
    expect(names(await app.admin.get('/api/records/member', await passOf(app.admin, { role: 'clerk', with: { stores: [store] } })))).toEqual(['Ada'])
    expect(names(await app.admin.get('/api/records/member', await passOf(app.admin, { role: 'clerk', user: await idOf(clerk), with: { stores: [] } })))).toEqual([])
    for (const as of [{ with: { stores: [1] } }, { role: 'clerk', with: { shoes: 1 } }, { role: 'clerk', with: { stores: ['one'] } }, { role: 'clerk', with: [1] }, { role: 'clerk', with: { stores: Array.from({ length: 1500 }, (_, i) => i + 1) } }]) {
      expect(await begin(app.admin, as), JSON.stringify(as).slice(0, 60)).toMatchObject({ status: 400, body: { code: 'request.invalid' } })
    }
  })

  test('nothing is changed in a preview, whatever is asked', async () => {
    const pass = await passOf(app.admin, { role: 'admin' })
    const before = await app.admin.get('/api/records/member?sort=id')
    let refused = 0
    for (const { method, path, reads } of app.routes.filter((route) => route.method !== 'GET' && route.open !== true)) {
      if (reads === true) continue
      const at = path.replace(':entity', 'member').replaceAll(/:\w+/g, String(mine))
      const answer = await app.admin.request(method, at, { ...(method === 'DELETE' ? {} : { body: { name: 'changed' } }), headers: pass })
      expect(answer, `${method} ${path}`).toMatchObject({ status: 403, body: { code: 'preview.readOnly' } })
      refused += 1
    }
    expect(refused).toBeGreaterThan(40)
    expect((await app.admin.get('/api/records/member?sort=id')).body).toEqual(before.body)
    expect((await app.admin.get('/api/session')).status).toBe(200)
  })

  test('A-046 a preview never shows more than its owner sees: it is refused, also when rights change afterwards', async () => {
    const shaper = await app.as(['shaper'])
    const payroll = await app.as(['payroll'])
    for (const as of [{ role: 'payroll' }, { role: 'admin' }, { role: 'clerk' }, { role: 'checker' }, { user: await idOf(payroll) }, { user: await idOf(app.admin) }]) {
      expect(await begin(shaper, as), JSON.stringify(as)).toMatchObject({ status: 403, body: { code: 'preview.wider' } })
    }
    const pass = await passOf(shaper, { role: 'front' })
    expect((await shaper.get('/api/records/store', pass)).status).toBe(200)
    // The person whom one looks as gets more: the pass does not follow.
    const front = await app.as(['front'])
    const theirs = await passOf(shaper, { user: await idOf(front) })
    await app.admin.patch(`/api/records/user/${String(await idOf(front))}`, { roles: ['payroll'] })
    expect(await shaper.get('/api/records/member', theirs)).toMatchObject({ status: 403, body: { code: 'preview.wider' } })
    // Who may no longer shape the system has no preview any more.
    await app.admin.patch(`/api/records/user/${String(await idOf(shaper))}`, { roles: ['front'] })
    expect(await shaper.get('/api/records/store', pass)).toMatchObject({ status: 403, body: { code: 'preview.ended' } })
  })

  test('a pass is good for its own session only, is not made by others, and cannot be altered', async () => {
    const pass = await passOf(app.admin, { user: await idOf(clerk) })
    const value = pass['x-tessera-preview'] ?? ''
    const ended = { status: 403, body: { code: 'preview.ended' } }
    const second = await signIn(app.url, 'admin@example.com', 'an administrator of tests')
    for (const who of [second, clerk]) expect(await who.get('/api/records/member', pass)).toMatchObject(ended)
    const { token } = await createToken(app.engine, { email: 'admin@example.com', name: 'all', roles: ['admin'], expiresAt: null })
    const bearer = client(app.url, { authorization: `Bearer ${token}` })
    expect(await bearer.get('/api/records/member', pass)).toMatchObject(ended)
    expect((await begin(bearer, { role: 'clerk' })).status).toBe(403)
    const [text = '', mark = ''] = value.split('.')
    const altered = Buffer.from(JSON.stringify({ ...(JSON.parse(Buffer.from(text, 'base64url').toString()) as object), user: undefined, role: 'admin' })).toString('base64url')
    for (const forged of ['', 'x', '.', value.slice(0, -2), `${altered}.${mark}`, `${altered}.`, `${text}.${mark}.${mark}x`.slice(0, -40)]) {
      if (forged !== '') expect(await app.admin.get('/api/records/member', { 'x-tessera-preview': forged }), forged).toMatchObject(ended)
    }
    expect((await client(app.url).get('/api/records/member', pass)).status).toBe(401)
    for (const who of [clerk, await app.as(['manager'])]) expect((await begin(who, { role: 'front' })).status).toBe(403)
    expect((await begin(app.admin, { role: 'nothing' })).status).toBe(404)
    expect((await begin(app.admin, { user: 999_999 })).status).toBe(404)
    for (const wrong of [{}, { role: 1 }, { user: 'x' }, { user: -1 }, { role: 'clerk', rights: 'all' }]) expect((await begin(app.admin, wrong)).status).toBe(400)
  })

  test('a plan says who gains and who loses access, with people and numbers, and nothing that its reader may not know', async () => {
    const change = [
      { op: 'replace', path: '/roles~1clerk.json/entities/member/read', value: { fields: { '*': true, income: false } } },
      { op: 'remove', path: '/roles~1clerk.json/tests/own stores only' },
      { op: 'replace', path: '/roles~1front.json/entities/store/read', value: { fields: { number: true, name: 'masked' } } },
    ]
    const access = async (who: Client): Promise<readonly JsonObject[]> => {
      await who.delete('/api/definitions/draft')
      expect((await who.patch('/api/definitions/draft', change)).status).toBe(200)
      const { body } = await who.post('/api/definitions/plan', {})
      expect(body).toMatchObject({ problems: [] })
      await who.delete('/api/definitions/draft')
      return (body as { access: JsonObject[] }).access
    }
    await app.as(['front'])
    const told = await access(app.admin)
    const member = told.find(({ entity, action }) => entity === 'member' && action === 'read')
    expect(member).toMatchObject({ before: 'some', after: 'some', roles: ['clerk'], people: { count: 1, samples: [{ id: await idOf(clerk) }] }, records: { before: 1, after: 2 } })
    expect(told.find(({ entity }) => entity === 'store')).toMatchObject({ before: 'all', after: 'some', roles: ['front'], gained: [], lost: expect.not.arrayContaining(['name']) as unknown, masked: ['name'] })
    expect(told.filter(({ entity }) => entity !== 'member' && entity !== 'store')).toEqual([])
    // Who shapes the system and reads no people learns no names, and no number of records that they do not all read.
    const blind = (await access(await app.as(['shaper']))).find(({ entity }) => entity === 'member')
    expect(blind).toMatchObject({ people: { samples: [{ name: null }] } })
    expect(Object.keys(blind ?? {})).toContain('records')
  })

  test('what must stay so about a role stops every publish that breaks it, and follows renames', async () => {
    const { admin } = app
    await admin.delete('/api/definitions/draft')
    await admin.patch('/api/definitions/draft', [{ op: 'add', path: '/roles~1clerk.json/entities/member/read/fields/income', value: true }])
    const broken = { path: 'roles/clerk.json#/tests/no income', code: 'role.test', message: 'The access test “no income” fails: it says “no”, and it is “limited”.' }
    expect((await admin.post('/api/definitions/check', {})).body).toMatchObject({ problems: [broken] })
    expect((await admin.post('/api/definitions/plan', {})).body).toMatchObject({ steps: [], problems: [broken] })
    expect(await admin.post('/api/definitions/publish', { consent: [], message: '' })).toMatchObject({ status: 422, body: { code: 'definitions.invalid', problems: [broken] } })
    await admin.delete('/api/definitions/draft')
    await admin.patch('/api/definitions/draft', [{ op: 'move', from: '/member~1entity.json/properties/income', path: '/member~1entity.json/properties/earnings' }])
    const { documents } = (await admin.get('/api/definitions/draft')).body as { documents: Record<string, { tests: JsonObject }> }
    expect(documents['roles/clerk.json']?.tests['no income']).toMatchObject({ field: 'earnings', may: 'no' })
    expect((await admin.post('/api/definitions/check', {})).body).toEqual({ problems: [], hints: [] })
    await admin.delete('/api/definitions/draft')
  })

  test('a publish after which nobody could change the system any more is refused', async () => {
    const { admin } = app
    await admin.patch('/api/definitions/draft', ['admin', 'shaper'].map((role) => ({ op: 'remove', path: `/roles~1${role}.json/design` })))
    const locked = { code: 'people.last', path: expect.stringMatching(/^roles\/(admin|shaper)\.json#$/) as unknown }
    expect((await admin.post('/api/definitions/plan', {})).body).toMatchObject({ problems: [locked] })
    expect(await admin.post('/api/definitions/publish', { consent: [], message: '' })).toMatchObject({ status: 422, body: { problems: [locked] } })
    await admin.delete('/api/definitions/draft')
    expect((await admin.get('/api/definitions')).status).toBe(200)
  })
})
