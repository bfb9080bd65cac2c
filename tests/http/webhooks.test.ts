/** Other systems are told of changes: signed, once, with the rights of an owner, and again until it arrives. */
import { createHmac } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { sealAllAnew, secretNamed } from '../../engine/operations/secrets/secrets.js'
import { seal, unseal, type Vault } from '../../engine/operations/secrets/vault.js'
import { deliverDue } from '../../engine/operations/webhooks/deliver.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { client, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { signatureOf, startReceiver, type Received, type Receiver } from './receiver.js'

interface Webhook extends JsonObject {
  readonly id: number
  readonly secret: string
  readonly name: string
}
interface Delivery extends JsonObject {
  readonly id: number
  readonly state: string
  readonly error: string | null
}
const day = 86_400_000

describe.each(databaseKinds)('webhooks on %s', (database) => {
  let app: App
  let receiver: Receiver
  let [own, foreign] = [0, 0]
  let clerk: Client
  let clerkId = 0
  beforeAll(async () => {
    receiver = await startReceiver()
    app = await startApp({ database, settings: { TESSERA_OUTBOUND_ALLOW: `127.0.0.1:${String(receiver.port)}` } })
    ;[own, foreign] = [await create('store', { name: 'Own', number: '1' }), await create('store', { name: 'Foreign', number: '2' })]
    clerk = await app.as(['clerk'], { stores: [own] })
    clerkId = ((await clerk.get('/api/session')).body as { id: number }).id
  })
  afterAll(async () => {
    await app.close()
    await receiver.close()
  })

  async function create(entity: string, values: JsonObject): Promise<number> {
    const answer = await app.admin.post(`/api/records/${entity}`, values)
    expect(answer.status, answer.text).toBe(201)
    return (answer.body as { id: number }).id
  }
  async function make(path: string, events: Json, more: JsonObject = {}): Promise<Webhook> {
    const answer = await app.admin.post('/api/webhooks', { name: path, url: `${receiver.url}${path}`, events, ...more })
    expect(answer.status, answer.text).toBe(201)
    return answer.body as Webhook
  }
  const at = (path: string): readonly Received[] => receiver.received.filter((one) => one.path === path)
  const bodies = (path: string): readonly { readonly type: string; readonly data: JsonObject }[] =>
    at(path).map(({ body }) => JSON.parse(body) as { type: string; data: JsonObject }).toSorted((a, b) => Number(a.data['version']) - Number(b.data['version']))
  const deliveries = async ({ id }: Webhook, query = ''): Promise<readonly Delivery[]> => ((await app.admin.get(`/api/webhooks/${String(id)}/deliveries${query}`)).body as { deliveries: Delivery[] }).deliveries
  const of = ({ id }: Webhook, rest = ''): string => `/api/webhooks/${String(id)}${rest}`
  async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
    const late = Date.now() + 30_000
    while (!(await holds())) {
      if (Date.now() > late) throw new Error('it did not come to this')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  /** A change that everybody who listens to members hears of: then everything before was told as well. */
  async function told(...hooks: readonly Webhook[]): Promise<void> {
    const last = await create('member', { name: 'The last one', store: own })
    for (const hook of hooks) await until(() => bodies(hook.name).some(({ data }) => data['id'] === last))
    for (const hook of hooks) await until(async () => (await deliveries(hook, '?state=waiting')).length === 0)
  }

  test('changes are told once, signed, in what their owner may read: neither records of other stores nor hidden fields', async () => {
    const all = await make('/all', [{ type: 'crm.member.created' }, { type: 'crm.member.changed' }, { type: 'crm.member.archived' }])
    const theirs = await make('/clerk', [{ type: 'crm.member.created' }, { type: 'crm.member.changed' }], { owner: clerkId })
    const hidden = await create('member', { name: 'Hidden', store: foreign })
    const seen = await create('member', { name: 'Seen', store: own, income: 4200 })
    await app.admin.patch(`/api/records/member/${String(seen)}`, { name: 'Seen again', income: 5000 })
    await app.admin.delete(`/api/records/member/${String(hidden)}`)
    await told(theirs, all)

    expect(bodies('/clerk').map(({ data }) => data['id'])).not.toContain(hidden)
    expect(at('/clerk').map(({ body }) => body).join()).not.toMatch(/income|4200|5000|Hidden/)
    expect(bodies('/clerk').filter(({ data }) => data['id'] === seen)).toMatchObject([{ type: 'crm.member.created' }, { type: 'crm.member.changed', data: { fields: ['name'], record: { name: 'Seen again', store: own } } }])
    expect(bodies('/all').filter(({ data }) => data['id'] === hidden)).toMatchObject([{ type: 'crm.member.created' }, { type: 'crm.member.archived', data: { record: { name: 'Hidden' } } }])
    expect(bodies('/all').find(({ type, data }) => type === 'crm.member.changed' && data['id'] === seen)?.data).toMatchObject({ fields: expect.arrayContaining(['income', 'name']) as unknown, record: { income: 5000 } })

    for (const [path, { secret }] of [['/all', all], ['/clerk', theirs]] as const) for (const one of at(path)) expect(one.headers['webhook-signature']).toBe(signatureOf(one, secret))
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids).size).toBe(ids.length)
    expect((await deliveries(theirs)).every(({ state }) => state === 'delivered')).toBe(true)
    await app.admin.delete(of(theirs))
    await app.admin.delete(of(all))
    expect((await app.admin.get(of(all))).body).toMatchObject({ code: 'webhook.unavailable' })
  })

  test('a condition and watched fields decide; what their owner may not read is refused like what does not exist', async () => {
    const gold = await make('/gold', [{ type: 'crm.member.changed', where: { tier: 'gold' }, fields: ['tier'] }, { type: 'crm.member.created', where: { name: 'The last one' } }])
    const [one, two] = [await create('member', { name: 'One', store: own }), await create('member', { name: 'Two', store: own })]
    for (const [id, values] of [[one, { tier: 'gold' }], [one, { name: 'Still gold' }], [two, { tier: 'silver' }]] as const) await app.admin.patch(`/api/records/member/${String(id)}`, values)
    await told(gold)
    expect(bodies('/gold').filter(({ type }) => type === 'crm.member.changed').map(({ data }) => [data['id'], data['fields']])).toEqual([[one, ['tier']]])
    await app.admin.delete(of(gold))

    const refused = async (event: JsonObject): Promise<unknown> => (await app.admin.post('/api/webhooks', { name: 'x', url: receiver.url, owner: clerkId, events: [event] })).body
    const [income, nothing] = [await refused({ type: 'crm.member.changed', where: { income: 1 } }), await refused({ type: 'crm.member.changed', where: { nothing: 1 } })]
    expect(JSON.stringify(income).replaceAll('income', 'nothing').replace(/"requestId":"[^"]+"/, '')).toBe(JSON.stringify(nothing).replace(/"requestId":"[^"]+"/, ''))
    expect(income).toMatchObject({ code: 'access.field' })
    for (const event of [{ type: 'crm.member.changed', fields: ['income'] }, { type: 'crm.member.eaten' }, { type: 'crm.nothing.changed' }, { type: 7 }, { type: 'crm.member.changed', more: 1 }] as const) expect(await refused(event)).toMatchObject({ code: expect.stringMatching(/^(access.field|request.invalid)$/) as unknown })
  })

  test('nobody gives more than they hold: an owner who sees what the caller may not is refused, in what is made and in what is changed', async () => {
    await app.admin.patch('/api/definitions/draft', [{ op: 'add', path: '/roles~1shaper.json', value: { title: 'Shaper', design: true, entities: { store: { read: true } } } }, { op: 'add', path: '/roles~1porter.json', value: { title: 'Porter', entities: { store: { read: { fields: ['name'] } } } } }])
    expect((await app.admin.post('/api/definitions/publish', { consent: [], message: 'Roles' })).status).toBe(201)
    const idOf = async (who: Client): Promise<number> => ((await who.get('/api/session')).body as { id: number }).id
    const shaper = await app.as(['shaper'])
    const [self, lesser, greater] = [await idOf(shaper), await idOf(await app.as(['porter'])), await idOf(app.admin)]
    const events = [{ type: 'crm.store.created' }]
    const begin = (owner: number, who: Client = shaper): Promise<Answer> => who.post('/api/webhooks', { name: 'Given', url: `${receiver.url}/given`, events, owner, state: 'paused' })
    const refused = { status: 403, body: { code: 'access.denied', problems: [{ path: '/owner' }] } }
    for (const owner of [greater, clerkId]) expect(await begin(owner)).toMatchObject(refused)
    const [mine, lessers, theirs] = [(await begin(self)).body as Webhook, (await begin(lesser)).body as Webhook, (await begin(greater, app.admin)).body as Webhook]
    expect([mine['owner'], lessers['owner'], theirs['owner']]).toEqual([self, lesser, greater])
    expect(await shaper.patch(of(mine), { owner: greater })).toMatchObject(refused)
    // What it tells, and whom, is the caller's doing as well.
    for (const change of [{ url: `${receiver.url}/elsewhere` }, { events: [{ type: 'crm.member.created' }] }]) expect(await shaper.patch(of(theirs), change)).toMatchObject(refused)
    expect((await app.admin.get(of(theirs))).body).toMatchObject({ url: theirs['url'], events, owner: greater })
    for (const change of [{ state: 'paused' }, { name: 'Named anew' }, { owner: self }]) expect((await shaper.patch(of(theirs), change)).status).toBe(200)
    for (const hook of [mine, lessers, theirs]) await app.admin.delete(of(hook))
  })

  test('a secret is told once and kept sealed; a new one signs beside the one before', async () => {
    const hook = await make('/turned', [{ type: 'crm.member.created' }])
    const { secret } = (await app.admin.post(of(hook, '/secret'), {})).body as { secret: string }
    expect((await app.admin.post(of(hook, '/test'), {})).body).toMatchObject({ type: 'webhook.test', state: 'delivered', status: 204 })
    const [message] = at('/turned')
    if (message === undefined) throw new Error('nothing came')
    expect(message.headers['webhook-signature']).toBe(`${signatureOf(message, secret)} ${signatureOf(message, hook.secret)}`)
    const kept = JSON.stringify([await app.engine.database.read.all('SELECT * FROM tessera_webhook', []), (await app.admin.get('/api/webhooks')).body, (await app.admin.get('/api/audit?action=webhookChanged')).body, app.log])
    for (const one of [secret, hook.secret]) expect(kept).not.toContain(one.slice('whsec_'.length))
    expect(kept).toContain('secretRenewed')
    await app.admin.delete(of(hook))
  })

  test('A-162 what does not arrive is tried again, given up in the end, and sent again by hand; what nothing reaches for days is paused and its owner told', async () => {
    const hook = await make('/broken', [{ type: 'crm.member.created' }])
    receiver.answers.set('/broken', 500)
    const member = await create('member', { name: 'Lost', store: own })
    await until(async () => (await deliveries(hook, '?state=waiting'))[0]?.['status'] === 500)
    const start = Date.now()
    for (let days = 1; days < 12 && (await deliveries(hook, '?state=dead')).length === 0; days += 1) {
      await app.admin.patch(of(hook), { state: 'active' })
      await deliverDue(app.engine, new Date(start + days * day))
    }
    expect(await deliveries(hook)).toMatchObject([{ state: 'dead', attempts: 10, status: 500, record: { entity: 'member', id: member } }])
    expect(new Set(at('/broken').map(({ headers }) => headers['webhook-id'])).size).toBe(1)

    receiver.answers.delete('/broken')
    expect((await app.admin.post(of(hook, '/again'), {})).body).toEqual({ sent: 1 })
    await until(async () => (await deliveries(hook))[0]?.state === 'delivered')
    expect((await app.admin.post(of(hook, `/deliveries/${String((await deliveries(hook))[0]?.id)}/again`), {})).status).toBe(404)

    receiver.answers.set('/broken', 301) // a redirect is no arrival, and is not followed
    await create('member', { name: 'Moved', store: own })
    await until(async () => (await deliveries(hook))[0]?.['status'] === 301)
    for (const days of [1, 5]) await deliverDue(app.engine, new Date(Date.now() + days * day))
    expect((await app.admin.get(of(hook))).body).toMatchObject({ state: 'paused', reason: 'failing' })
    expect((await app.admin.get('/api/notifications')).text).toContain('“/broken” was paused')
    receiver.answers.set('/broken', 410)
    const speak = async (locale: string | null): Promise<void> => expect(await app.admin.patch('/api/records/user/1', { locale })).toMatchObject({ status: 200 })
    await speak('zh-CN')
    await app.admin.patch(of(hook), { state: 'active' })
    await deliverDue(app.engine, new Date(Date.now() + 20 * day))
    expect((await app.admin.get(of(hook))).body).toMatchObject({ state: 'paused', reason: 'gone' })
    expect((await app.admin.get('/api/notifications')).text).toContain('Webhook“/broken”已暂停')
    await speak(null)
    await app.admin.delete(of(hook))
  })

  test('a right that was taken away counts for what waits; an owner who is blocked sends nothing, not what waits either', async () => {
    const moved = await make('/moved', [{ type: 'crm.member.created' }], { owner: clerkId })
    receiver.answers.set('/moved', 503)
    const member = await create('member', { name: 'Moving', store: own })
    await until(async () => (await deliveries(moved))[0]?.['status'] === 503)
    await app.admin.patch(`/api/records/member/${String(member)}`, { store: foreign })
    await deliverDue(app.engine, new Date(Date.now() + day))
    expect(await deliveries(moved)).toMatchObject([{ state: 'dead', error: 'Its owner may not read the record' }])
    expect(at('/moved')).toHaveLength(1)
    await app.admin.delete(of(moved))
    const hook = await make('/blocked', [{ type: 'crm.member.created' }], { owner: clerkId })
    receiver.answers.set('/blocked', 503)
    await create('member', { name: 'Waiting', store: own })
    await until(async () => (await deliveries(hook))[0]?.['status'] === 503)
    receiver.answers.delete('/blocked')
    const before = at('/blocked').length
    expect((await app.admin.post(`/api/users/${String(clerkId)}/block`, {})).status).toBe(204)
    await create('member', { name: 'After', store: own })
    await deliverDue(app.engine, new Date(Date.now() + day))
    expect(await deliveries(hook)).toMatchObject([{ state: 'dead', error: 'Its owner is archived or blocked' }])
    expect(at('/blocked')).toHaveLength(before)
    expect((await app.admin.post(`/api/users/${String(clerkId)}/unblock`, {})).status).toBe(204)
    await app.admin.delete(of(hook))
  })

  test('A-090 A-091 A-095 no webhook reaches what is not open to it, by whatever spelling; nobody but designers knows of webhooks and secrets', async () => {
    const hook = await make('/x', [{ type: 'crm.member.created' }])
    for (const url of ['http://127.0.0.1:1/', 'http://2130706433/', 'http://[::ffff:7f00:1]/', 'http://0x7f.1/', 'http://169.254.169.254/latest', 'http://localhost/', 'http://10.0.0.1/', 'http://[fd00::1]/']) {
      expect((await app.admin.patch(of(hook), { url })).status).toBe(200)
      expect((await app.admin.post(of(hook, '/test'), {})).body).toMatchObject({ state: 'dead', status: null, error: expect.stringContaining('may not be called') as unknown })
    }
    for (const url of ['file:///etc/passwd', 'gopher://x/', 'http://user:word@example.com/', '//x', '']) expect((await app.admin.patch(of(hook), { url })).status).toBe(400)
    clerk = await app.as(['clerk'], { stores: [own] })
    for (const path of ['/api/webhooks', of(hook), of(hook, '/deliveries'), '/api/secrets']) expect((await clerk.get(path)).status).toBe(403)
    expect((await clerk.post('/api/webhooks', { name: 'x', url: receiver.url, events: [{ type: 'crm.member.created' }] })).status).toBe(403)
    expect((await clerk.delete(of(hook))).status).toBe(403)
    expect((await clerk.request('PUT', '/api/secrets/SHOP', { body: { value: 'a value that is long enough' } })).status).toBe(403)
    await app.admin.delete(of(hook))
  })

  test('A-127 a signed message begins a workflow with what it says; wrong, old, changed or replayed ones are refused like an unknown name', async () => {
    const secret = 'a secret that both sides know'
    await app.admin.request('PUT', '/api/secrets/PARTNER', { body: { value: secret } })
    const workflow = (name: string, hook: JsonObject, more: JsonObject = {}): JsonObject => ({ op: 'add', path: `/workflows~1${name}.json`, value: {
      document: { dsl: '1.0.0', namespace: 'test', name, version: '1.0.0', metadata: { role: 'admin' } }, evaluate: { language: 'cel' }, schedule: { hook }, do: [{ keep: { set: { order: '${ data.order }' } } }], ...more,
    } })
    const schema = { input: { schema: { document: { type: 'object', required: ['order'], properties: { order: { type: 'integer' } } } } } }
    const checked = await app.admin.patch('/api/definitions/draft', [workflow('paid', { secret: 'PARTNER' }, schema), workflow('pushed', { secret: 'PARTNER', scheme: 'github' }), workflow('charged', { secret: 'PARTNER', scheme: 'stripe' }), workflow('bought', { secret: 'PARTNER', scheme: 'shopify' }), workflow('lost', { secret: 'NOWHERE' })])
    expect(checked.status, checked.text).toBe(200)
    const published = await app.admin.post('/api/definitions/publish', {})
    expect(published.status, published.text).toBe(201)
    const outside = client(app.url)
    const hash = (content: string, as: 'hex' | 'base64', key = secret): string => createHmac('sha256', key).update(content).digest(as)
    const send = (name: string, raw: string, headers: Readonly<Record<string, string>>): Promise<Answer> => outside.request('POST', `/api/hooks/${name}`, { raw, headers: { 'content-type': 'application/json', ...headers } })
    const standard = (id: string, raw: string, seconds = 0, key = secret): Readonly<Record<string, string>> => {
      const at = String(Math.floor(Date.now() / 1000) + seconds)
      return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${hash(`old.${raw}`, 'base64')} v1,${hash(`${id}.${at}.${raw}`, 'base64', key)}` }
    }
    const runOf = async (answer: Answer): Promise<JsonObject> => {
      const { run } = answer.body as { run: string }
      let told: JsonObject = {}
      await until(async () => (told = (await app.admin.get(`/api/workflows/runs/${run}`)).body as JsonObject)['status'] === 'completed')
      return told
    }

    const body = '{ "order": 7 }'
    const first = standard('m1', body)
    const begun = await send('paid', body, first)
    expect(begun).toMatchObject({ status: 202 })
    expect(await runOf(begun)).toMatchObject({ workflow: 'paid', input: { order: 7 }, output: { order: 7 } })
    // Sent anew by its sender it is the same run; the same bytes again are a replay.
    expect((await send('paid', body, standard('m1', body, 1))).body).toEqual(begun.body)
    const unknown = await send('nothing', body, standard('m2', body))
    const alike = (answer: Answer): string => `${String(answer.status)} ${answer.text.replace(/"requestId":"[^"]+"/, '')}`
    for (const refused of [
      await send('paid', body, first), await send('paid', '{"order":7}', standard('m3', body)), await send('paid', body, standard('m4', body, -600)), await send('paid', body, standard('m5', body, 600)),
      await send('paid', body, standard('m6', body, 0, 'another secret of somebody')), await send('paid', body, {}), await send('pushed', body, standard('m7', body)), await send('lost', body, standard('m8', body)), await send('paid', body, standard('', body)),
    ]) expect(alike(refused)).toBe(alike(unknown))
    expect(unknown).toMatchObject({ status: 401, body: { code: 'hook.refused' } })

    expect((await send('paid', '{ "order": "x" }', standard('m9', '{ "order": "x" }'))).body).toMatchObject({ code: 'record.invalid', problems: [{ path: '/order' }] })
    expect((await send('paid', '{ "order"', standard('m10', '{ "order"'))).status).toBe(400)
    const large = `{ "order": 1, "more": "${'x'.repeat(1_000_001)}" }`
    expect((await send('paid', large, standard('m11', large))).status).toBe(413)
    const at = String(Math.floor(Date.now() / 1000))
    for (const [name, headers] of [['pushed', { 'x-hub-signature-256': `sha256=${hash(body, 'hex')}` }], ['bought', { 'x-shopify-hmac-sha256': hash(body, 'base64') }], ['charged', { 'stripe-signature': `t=${at},v1=${'0'.repeat(64)},v1=${hash(`${at}.${body}`, 'hex')}` }]] as const) {
      const answer = await send(name, body, headers)
      expect(answer.status, name).toBe(202)
      expect(await runOf(answer)).toMatchObject({ workflow: name, output: { order: 7 } })
      expect((await send(name, body, headers)).status).toBe(401)
    }
    // Whoever guesses is stopped, whichever names they try.
    let stopped = unknown
    for (let i = 0; i < 100 && stopped.status !== 429; i += 1) stopped = await send(`guess${String(i)}`, body, {})
    expect(stopped).toMatchObject({ status: 429, body: { code: 'limit.rate' } })
    expect(JSON.stringify([app.log, await app.engine.database.read.all('SELECT * FROM tessera_hook_seen', [])])).not.toContain(secret)
    await app.admin.patch('/api/definitions/draft', [{ op: 'remove', path: '/workflows~1paid.json/document/metadata/role' }])
    expect((await app.admin.post('/api/definitions/check', {})).text).toContain('workflows/paid.json#/document/metadata')
    await app.admin.delete('/api/secrets/PARTNER')
  })

  test('a secret of the studio is used and never told; with another key it is sealed anew, and without its key nobody reads it', async () => {
    const value = 'a secret of the studio'
    expect((await app.admin.request('PUT', '/api/secrets/SHOP', { body: { value } })).status).toBe(204)
    expect((await app.admin.request('PUT', '/api/secrets/shop', { body: { value } })).status).toBe(400)
    expect((await app.admin.request('PUT', '/api/secrets/SHORT', { body: { value: 'short' } })).status).toBe(400)
    expect((await app.admin.get('/api/secrets')).body).toMatchObject({ secrets: [{ name: 'SHOP', source: 'studio', readable: true, hidden: false }] })
    const kept = async (): Promise<string> => JSON.stringify([await app.engine.database.read.all('SELECT * FROM tessera_kept_secret', []), (await app.admin.get('/api/secrets')).body, (await app.admin.get('/api/audit?action=secretChanged')).body, app.log])
    expect(await kept()).not.toContain(value)
    expect(await secretNamed(app.engine, 'SHOP')).toBe(value)

    const fresh = { id: 'next', key: Buffer.alloc(32, 7) }
    await sealAllAnew({ ...app.engine, vault: [fresh, ...app.engine.vault] })
    expect(await secretNamed({ ...app.engine, vault: [fresh] }, 'SHOP')).toBe(value)
    await expect(secretNamed(app.engine, 'SHOP')).rejects.toMatchObject({ code: 'secret.sealed' })
    expect((await app.admin.get('/api/secrets')).body).toMatchObject({ secrets: [{ readable: false }] })
    expect((await app.admin.delete('/api/secrets/SHOP')).status).toBe(204)
    expect((await app.admin.delete('/api/secrets/SHOP')).status).toBe(409)
    expect(await kept()).toContain('removed')
  })
})

test('what is sealed opens with its key, for what it was sealed for, and unchanged only', () => {
  const vault: Vault = [{ id: 'a', key: Buffer.alloc(32, 1) }]
  const sealed = seal(vault, '秘密', 'secret A')
  expect(unseal(vault, sealed, 'secret A')).toBe('秘密')
  expect(seal(vault, '秘密', 'secret A')).not.toBe(sealed)
  const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`
  for (const [text, about, keys] of [[sealed, 'secret B', vault], [changed, 'secret A', vault], [sealed, 'secret A', [{ id: 'a', key: Buffer.alloc(32, 2) }]], [sealed, 'secret A', [{ id: 'b', key: Buffer.alloc(32, 1) }]], ['', 'secret A', vault]] as const) expect(() => unseal(keys, text, about)).toThrow(/sealed/)
})
