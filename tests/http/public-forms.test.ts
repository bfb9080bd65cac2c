/** Forms for people without an account: they set what stands on the form, read nothing, and cannot flood it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { client, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

const control = (key: string): JsonObject => ({ type: 'Control', scope: `#/properties/${key}` })
const form = (offer: JsonObject, ...elements: readonly JsonObject[]): JsonObject => ({ type: 'VerticalLayout', public: offer, elements: [...elements] })

describe.each(databaseKinds)('public forms on %s', (database) => {
  let app: App
  let stranger: Client
  /** Behind the proxy each household has an address of its own. */
  const from = (address: string): Readonly<Record<string, string>> => ({ 'x-forwarded-for': address })
  const send = (values: JsonObject, address: string, more: JsonObject = {}): Promise<Answer> => stranger.post('/api/forms/club', { values, ...more }, from(address))
  const offer = async (name: string, document: JsonObject): Promise<Answer> => {
    await app.admin.patch('/api/definitions/draft', [{ op: 'add', path: `/member~1form.${name}.json`, value: document }])
    return app.admin.post('/api/definitions/publish', {})
  }
  const members = async (filter: JsonObject): Promise<readonly JsonObject[]> =>
    ((await app.admin.get(`/api/records/member?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body as { records: readonly JsonObject[] }).records

  beforeAll(async () => {
    app = await startApp({ database, layers: ['metadata/core', 'tests/packs/access'], settings: { TESSERA_TRUSTED_PROXIES: '127.0.0.1' } })
    stranger = client(app.url)
    expect((await offer('club', form({ address: 'club', title: 'Join', thanks: 'Thank you', set: { tier: 'silver', nickname: 'from the web' } }, control('name'), control('code'), control('phone')))).status).toBe(201)
  })
  afterAll(() => app.close())

  test('a stranger is told the form and its fields, and nothing else of the system', async () => {
    const { status, body, text } = await stranger.get('/api/forms/club')
    expect(status).toBe(200)
    const { model } = body as { model: { entities: Record<string, { fields: { key: string }[]; lists: { columns: string[] }[] }>; navigation: unknown[] } }
    expect(Object.keys(model.entities)).toEqual(['member'])
    expect(model.entities['member']?.fields.map(({ key }) => key)).toEqual(['name', 'code', 'phone'])
    expect(model.navigation).toEqual([])
    for (const secret of ['income', 'nickname', 'from the web', 'visit', 'store']) expect(text).not.toContain(secret)
    expect(await stranger.get('/api/forms/none')).toMatchObject({ status: 404, body: { code: 'form.unavailable' } })
  })

  test('what is sent becomes a record with what the form sets by itself; nothing of it is answered', async () => {
    expect(await send({ name: 'Wanda Web', phone: '+4930123456' }, '203.0.113.1')).toMatchObject({ status: 201, body: {} })
    expect(await members({ name: 'Wanda Web' })).toMatchObject([{ phone: '+4930123456', tier: 'silver', nickname: 'from the web', createdBy: null }])
    for (const path of ['/api/records/member', '/api/model', '/api/session']) expect((await stranger.get(path)).status).toBe(401)
  })

  test('what does not stand on the form is not taken, also what the form sets', async () => {
    for (const values of [{ name: 'Eve', income: 1 }, { name: 'Eve', tier: 'gold' }, { name: 'Eve', nickname: 'x' }, { name: 'Eve', id: 1 }, { name: 'Eve', owner: 1 }, { name: 'Eve', nothing: 1 }] satisfies JsonObject[])
      expect(await send(values, '203.0.113.2'), JSON.stringify(values)).toMatchObject({ status: 400, body: { code: 'field.unknown' } })
    for (const body of [[], { values: [] }, { values: {}, trap: 1 }, { values: {}, more: 1 }]) expect((await stranger.post('/api/forms/club', body, from('203.0.113.3'))).status).toBe(400)
    expect(await members({ name: 'Eve' })).toEqual([])
  })

  test('mistakes are named at their fields and cost nothing; that somebody has a value already is said without telling which', async () => {
    for (let i = 0; i < 8; i++) expect(await send({ phone: 'none' }, '203.0.113.4')).toMatchObject({ status: 422, body: { code: 'record.invalid', problems: expect.arrayContaining([expect.objectContaining({ path: '/name' }), expect.objectContaining({ path: '/phone' })]) } })
    expect((await app.admin.post('/api/records/member', { name: 'Owner', code: 'C-1' })).status).toBe(201)
    const taken = await send({ name: 'Again', code: 'C-1' }, '203.0.113.4')
    expect(taken).toMatchObject({ status: 409, body: { code: 'form.taken', problems: [] } })
    expect(taken.text).not.toContain('code"]')
  })

  test('what a machine fills in is answered as if it were taken; the sixth in a minute from one place has to wait', async () => {
    expect(await send({ name: 'Bot' }, '203.0.113.5', { trap: 'https://spam.example' })).toMatchObject({ status: 201, body: {} })
    expect(await members({ name: 'Bot' })).toEqual([])
    const answers: number[] = []
    for (let i = 0; i < 6; i++) answers.push((await send({ name: `Many ${String(i)}` }, '2001:db8::1')).status)
    expect(answers).toEqual([201, 201, 201, 201, 201, 429])
    expect(await send({ name: 'Same household' }, '2001:db8::2')).toMatchObject({ status: 429, body: { code: 'limit.rate' } })
    expect((await send({ name: 'Neighbour' }, '203.0.113.6')).status).toBe(201)
  })

  test('sent again with the same key it is one record; another site cannot send it', async () => {
    const twice = (): Promise<Answer> => stranger.post('/api/forms/club', { values: { name: 'Once' } }, { ...from('203.0.113.7'), 'idempotency-key': 'one-and-only' })
    expect([(await twice()).status, (await twice()).status]).toEqual([201, 201])
    expect(await members({ name: 'Once' })).toHaveLength(1)
    expect((await stranger.post('/api/forms/club', { values: { name: 'Forged' } }, { ...from('203.0.113.8'), origin: 'https://elsewhere.example' })).status).toBe(403)
  })

  test('a form that would let strangers do more than fill it in is not published, and says why', async () => {
    const bad: readonly (readonly [JsonObject, string])[] = [
      [form({ address: 'club' }, control('name')), 'has this address already'],
      [form({ address: 'two' }, control('code')), 'required and not on it'],
      [form({ address: 'two' }, control('name'), control('store')), 'right to see records'],
      [form({ address: 'two' }, control('name'), control('memberNo')), 'nobody fills it in'],
      [form({ address: 'two', set: { tier: 'platinum' } }, control('name')), ''],
      [form({ address: 'two', set: { nothing: 1 } }, control('name')), 'nothing'],
      [form({ address: 'Two Words' }, control('name')), ''],
    ]
    for (const [document, reason] of bad) {
      const refused = await offer('two', document)
      expect(refused, reason).toMatchObject({ status: 422, body: { code: 'definitions.invalid' } })
      expect(refused.text).toContain(reason)
    }
    await app.admin.patch('/api/definitions/draft', [{ op: 'remove', path: '/member~1form.two.json' }, { op: 'add', path: '/user~1form.join.json', value: form({ address: 'staff' }, control('name'), control('email')) }])
    expect((await app.admin.post('/api/definitions/publish', {})).text).toContain('accounts are made by administrators only')
    await app.admin.patch('/api/definitions/draft', [{ op: 'remove', path: '/user~1form.join.json' }])
  })

  test('a consent keeps when it was given, where and to which text; what a stranger says of that is not believed', async () => {
    await app.admin.patch('/api/definitions/draft', [{ op: 'add', path: '/member~1entity.json/properties/news', value: { title: 'News', description: 'Yes, write to me.', crm: { type: 'consent', textVersion: '2026-11' } } }])
    expect((await offer('news', form({ address: 'news' }, control('name'), control('news')))).status).toBe(201)
    const ask = (name: string, news: JsonObject | string): Promise<Answer> => stranger.post('/api/forms/news', { values: { name, news } }, from('203.0.113.10'))
    const forged = { at: '2001-01-01T00:00:00.000Z', source: 'by word of mouth', textVersion: '1' }
    expect((await ask('Yes', { state: 'granted', ...forged })).status).toBe(201)
    expect((await ask('No idea', { state: 'unknown', ...forged })).status).toBe(201)
    expect((await ask('Nonsense', { state: 'perhaps', ...forged })).status).toBe(422)
    expect((await ask('Nonsense', 'granted')).status).toBe(422)
    const [yes] = await members({ name: 'Yes' }) as readonly { news: { at: string } }[]
    expect(yes?.news).toMatchObject({ state: 'granted', source: 'web form news', textVersion: '2026-11' })
    expect(Math.abs(Date.now() - Date.parse(yes?.news.at ?? ''))).toBeLessThan(60_000)
    expect(await members({ name: 'No idea' })).toMatchObject([{ news: { state: 'unknown' } }])
  })

  test('once taken back it takes nothing more', async () => {
    await app.admin.patch('/api/definitions/draft', [{ op: 'remove', path: '/member~1form.club.json/public' }])
    expect((await app.admin.post('/api/definitions/publish', {})).status).toBe(201)
    expect((await send({ name: 'Late' }, '203.0.113.9')).status).toBe(404)
    expect((await stranger.get('/api/forms/club')).status).toBe(404)
  })
})
