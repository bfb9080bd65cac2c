/**
 * What the product offers beside records: processes that act for people, and every value in every place that takes one. Nothing of it
 * does for somebody what they may not do, and nothing that anybody sends is a fault of ours.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { address, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { alive, clients, deals, ground, nowhere, shape, withoutTrace, type Ground } from './ground.js'

type Body = readonly [method: string, path: string, body: Json]

/** A body that each address takes, or nearly: what is wrong in the end is found behind the checks of its values. `client` stands for the own client. */
const bodies = (mine: number): readonly Body[] => {
  const one = `${clients}/${mine}`
  const view: JsonObject = { kind: 'list', columns: ['name'], sort: 'name', filter: { score: 3 } }
  return [
    ['POST', clients, { name: 'x', code: 'c', score: 1, labels: ['a'], tier: 'gold', branch: 1 }], ['POST', deals, { client: mine, title: 't', amount: 1.5, rate: 1.5, at: '2024-01-01T00:00:00Z' }], ['PATCH', one, { name: 'x', parent: null }],
    ['POST', `${clients}/bulk`, { create: [{ name: 'x' }], dryRun: true }], ['POST', `${clients}/bulk`, { update: [{ id: mine, version: 1, name: 'x' }] }], ['POST', `${clients}/bulk`, { where: { score: 99 }, set: { name: 'y' } }], ['POST', `${clients}/bulk`, { upsert: [{ code: 'x', name: 'x' }], key: 'code' }],
    ['POST', `${clients}/aggregate`, { filter: { name: 'x', id: 3 }, q: 'x', groupBy: ['tier'], measures: { n: { count: true } }, sort: ['-n'], limit: 5 }], ['POST', `${clients}/rules`, { id: mine, values: { name: 'x' } }],
    ['POST', `${clients}/duplicates`, { id: mine, values: { name: 'x', secret: 'x' } }], ['POST', `${clients}/duplicates/distinct`, { ids: [mine, 3] }], ['POST', `${clients}/merge`, { survivor: nowhere, others: [3], values: { name: 3 } }], ['POST', `${clients}/unmerge`, { merge: 1 }],
    ['POST', `${one}/restore`, {}], ['POST', `${one}/transitions/none`, { name: 'x' }], ['PUT', `${one}/presence`, { page: 'a-page-of-these-tests', editing: true }], ['PUT', '/api/definitions/presence', { page: 'a-page-of-these-tests', editing: true }], ['POST', '/api/files/links', { entity: 'note', field: 'files', records: [1], size: 96, archived: false }],
    ['POST', '/api/views', { entity: 'client', title: 'x', roles: ['agent'], definition: view }], ['PUT', '/api/views/first', { entity: 'client', view: 'all' }], ['PATCH', '/api/views/1', { title: 'x', roles: [], definition: view }], ['POST', '/api/views/1/restore', {}],
    ['POST', '/api/notifications/read', { ids: [1], read: true }], ['POST', '/api/notifications/read', { upTo: 1 }],
    ['POST', '/api/workflows/stamp/runs', { input: { a: 'x' }, record: { entity: 'client', id: nowhere } }], ['POST', '/api/workflows/stamp/runs', { records: { entity: 'client', ids: [nowhere] } }], ['POST', '/api/workflows/stamp/move', { runs: ['1'], mapping: { '/do/0': '/do/1' }, reason: 'x' }], ['POST', '/api/workflows/runs/1/cancel', { reason: 'x', output: null }],
    ['POST', '/api/workflows/simulate', { definition: { document: { dsl: '1.0.3', namespace: 'a', name: 'a', version: '1.0.0' }, evaluate: { language: 'cel' }, do: [] }, input: {}, clock: '2026-01-01T00:00:00Z' }],
    ['POST', `/api/users/${nowhere}/tokens`, { name: 'x', roles: ['agent'], days: 3 }], ['POST', `/api/users/${nowhere}/invitation`, {}], ['POST', '/api/session/invitation', { token: 'x', password: 'a long password of tests' }], ['POST', '/api/session', { email: 'a@b.cd', password: 'x' }],
    ['PATCH', '/api/session/preferences', { theme: 'dark', favourites: [{ entity: 'client', id: 3 }], notify: { mentioned: true } }], ['POST', '/api/previews', { user: 2 }], ['POST', '/api/previews', { role: 'agent' }],
    ['PUT', '/api/approvals/absence', { delegate: 2, from: '2026-01-01T00:00:00Z', until: '2026-12-31T00:00:00Z' }], ['POST', '/api/approvals/1/vote', { decision: 'approve', comment: 'x', values: { a: 1 } }],
    ['POST', '/api/webhooks', { name: 'x', url: 'https://x.test/', events: [{ type: 'crm.client.created', where: { name: 'x' }, fields: ['name'] }] }], ['PATCH', '/api/webhooks/1', { state: 'paused' }], ['PUT', '/api/secrets/A_NAME', { value: 'x' }],
    ['POST', '/api/definitions/publish', { message: 'x', consent: ['x'], base: 1 }], ['POST', '/api/definitions/plan', { restore: 1 }], ['POST', '/api/definitions/check', {}], ['POST', '/api/definitions/computed', { entity: 'client', key: 'worth', property: { crm: { type: 'formula', cel: 'score + 1' } } }],
    ['PATCH', '/api/definitions/draft', [{ op: 'add', path: '/client~1entity.json/properties/zz', value: { type: 'string' } }]], ['PUT', '/api/definitions/draft/layer', { documents: { 'layer.json': { name: 'x', title: 'x' } } }], ['POST', '/api/definitions/draft/rebase', { prefer: 'mine' }],
    ['POST', '/api/definitions/upgrade', { layer: 'attacks', documents: {}, decisions: [] }], ['POST', '/api/definitions/upgrade/publish', { layer: 'attacks', documents: {}, decisions: [], consent: [], base: 99 }], ['POST', '/api/definitions/versions/1/restore', {}],
    ['PATCH', '/api/imports/1', { mode: 'create', key: null, columns: [] }], ['POST', '/api/imports/1/check', {}], ['POST', '/api/imports/1/start', {}], ['POST', '/api/imports/1/undo', {}], ['POST', '/api/jobs/1/cancel', {}], ['POST', '/api/jobs/1/resume', {}],
    ['POST', '/api/forms/join', { values: { name: 'x', code: 'x', mail: 'a@b.cd' }, trap: '' }], ['POST', '/api/hooks/x', { a: 1 }], ['POST', `/api/users/${nowhere}/block`, {}], ['POST', `/api/users/${nowhere}/unblock`, {}], ['POST', `/api/users/${nowhere}/password`, {}],
    ['PUT', '/api/session/password', { current: 'x', next: 'a long password of tests' }], ['POST', '/api/webhooks/1/secret', {}], ['POST', '/api/webhooks/1/test', {}], ['POST', '/api/webhooks/1/again', {}], ['POST', '/api/webhooks/1/deliveries/1/again', {}],
  ]
}

/** Values of every kind that somebody may put where another one is meant. */
const values: readonly Json[] = ['\u0001\u202E', 'x'.repeat(5_000), '0000-01-01T00:00:00Z', 9_007_199_254_740_991, 1.5, -1e300, null, { $gt: { a: [] } }]
/** The same for what stands in an address. */
const texts = ['\0', 'x'.repeat(3000), '9007199254740991', '999999999999999', '{"id":1e300}', '0000-01-01T00:00:00Z', 'client/999999999999999', 'zz-ZZZZZZZZ-1', '%', '٣'] as const

/** Every place of a value. */
function places(value: Json, at: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  const inside = Array.isArray(value) ? (value as readonly Json[]).map((one, index): [number, Json] => [index, one]) : isObject(value) ? Object.entries(value) : []
  return [at, ...inside.flatMap(([key, one]) => places(one, [...at, key]))]
}

function replaced(value: Json, [key, ...rest]: readonly (string | number)[], by: Json): Json {
  if (key === undefined) return by
  if (Array.isArray(value)) return (value as readonly Json[]).map((one, index) => (index === key ? replaced(one, rest, by) : one))
  return isObject(value) ? { ...value, [key]: replaced(value[key] ?? null, rest, by) } : value
}

describe.each(databaseKinds)('surfaces on %s', (database) => {
  let place: Ground
  beforeAll(async () => {
    place = await ground(database)
  })
  afterAll(() => place.app.close())

  test('A-022 A-040 a process that has more rights than who starts it acts on no record but one that they read and that it is for', async () => {
    const { agent, admin, app, mine, theirs } = place
    const start = (body: JsonObject): Promise<Answer> => agent.post('/api/workflows/stamp/runs', body)
    await withoutTrace(app, async () => {
      for (const hidden of [theirs.client, nowhere]) {
        for (const body of [{ record: { entity: 'client', id: hidden } }, { records: { entity: 'client', ids: [mine.client, hidden] } }]) expect(shape(await start(body)), JSON.stringify(body)).toEqual(shape(await start({ record: { entity: 'client', id: nowhere } })))
        // Neither by naming it beside the record, nor without one, nor by a record of another kind that has its number.
        for (const claimed of [{ id: hidden }, { entity: 'client' }, { record: { id: hidden } }] as JsonObject[]) {
          for (const body of [{ input: claimed }, { input: claimed, record: { entity: 'client', id: mine.client } }]) expect(await start(body), JSON.stringify(body)).toMatchObject({ status: 400, body: { code: 'request.invalid' } })
        }
      }
      for (const body of [{}, { record: { entity: 'deal', id: mine.deal } }, { records: { entity: 'deal', ids: [mine.deal] } }]) expect(await start(body), JSON.stringify(body)).toMatchObject({ status: 400, body: { code: 'request.invalid' } })
    })
    const { id } = (await start({ record: { entity: 'client', id: mine.client }, input: { other: 1 } })).body as { id: string }
    await expect.poll(async () => (await agent.get(`/api/workflows/runs/${id}`)).body).toMatchObject({ status: 'completed', output: null, steps: [{ input: null, output: null }, {}] })
    expect((await admin.get(`${clients}/${mine.client}`)).body).toMatchObject({ notes: 'stamped' })
    expect((await admin.get(`${clients}/${theirs.client}`)).body).toMatchObject({ notes: null })
  })

  test('A-132 A-146 no value in any place of any body is a fault of ours', async () => {
    const { admin, app, mine } = place
    const known = bodies(mine.client)
    const taken = app.routes.filter(({ method, raw }) => raw !== true && method !== 'GET' && method !== 'DELETE').map(({ method, path }) => ({ method, path, pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`) }))
    expect(taken.filter(({ method, pattern }) => !known.some(([asked, at]) => asked === method && pattern.test(at))).map(({ method, path }) => `${method} ${path}`), 'an address that takes a body stands in the list').toEqual([])
    const faults: string[] = []
    for (const [method, path, body] of known) {
      for (const at of places(body)) {
        const sent = values.map((value) => admin.request(method, path, { body: replaced(body, at, value) }).then(({ status }) => (status < 500 ? [] : [`${method} ${path} /${at.join('/')} ${JSON.stringify(value).slice(0, 40)}`])))
        faults.push(...(await Promise.all(sent)).flat())
      }
    }
    expect(faults).toEqual([])
    await alive(app)
  }, 120_000)

  test('A-062 A-108 A-132 nothing that stands in an address is a fault of ours', async () => {
    const { admin, app } = place
    const { paths } = (await admin.get('/api/openapi.json')).body as { paths: Record<string, Record<string, { parameters?: readonly { name: string; in: string }[] }>> }
    const read = Object.entries(paths).flatMap(([path, { get }]) => (get === undefined ? [] : [{ path: path.replaceAll(/\{\w+\}/g, '1').replace('/records/1', '/records/client'), names: (get.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name) }]))
    expect(read.filter(({ names }) => names.length > 0).length).toBeGreaterThan(10)
    const faults: string[] = []
    const ask = async (method: string, path: string): Promise<void> => {
      const { status } = await admin.request(method, path, method === 'GET' || method === 'DELETE' ? {} : { body: {} })
      if (status >= 500) faults.push(`${method} ${path.slice(0, 100)}`)
    }
    for (const { path, names } of read) for (const name of names) await Promise.all(texts.map((text) => ask('GET', address(path, { [name]: text }))))
    const addresses = app.routes.filter(({ method, path }) => path.includes('/:') && `${method} ${path}` !== 'DELETE /api/session')
    for (const { method, path } of addresses) await Promise.all(['999999999999999', '2147483648', '0', '%00', 'constructor', 'x'.repeat(300)].map((text) => ask(method, path.replace(':entity', 'client').replaceAll(/:\w+/g, text))))
    expect(faults).toEqual([])
    await alive(app)
  }, 120_000)

  test('A-132 a language or a time zone that there is not harms nobody, the one who has it included', async () => {
    const { app, mine } = place
    /** Somebody whose record has held this since before such texts were refused. */
    const holding = async (roles: readonly string[], key: 'locale' | 'timeZone', text: string): Promise<Client> => {
      const who = await app.as(roles, roles.includes('agent') ? { branches: [mine.branch] } : {})
      const { id } = (await who.get('/api/session')).body as { id: number }
      expect((await app.admin.patch(`/api/records/user/${String(id)}`, { [key]: text })).status, text).toBe(422)
      const users = app.engine.current.get().entities.get('user')
      await app.engine.database.write((tx) => tx.run(`UPDATE "${users?.table ?? ''}" SET "${users?.fields.get(key)?.columns[0]?.name ?? ''}" = ? WHERE id = ?`, [text, id]))
      return who
    }
    for (const [key, text] of [['locale', '!!'], ['locale', 'zz-ZZZZZZZZ-1'], ['timeZone', "UTC'; --"], ['timeZone', 'No/Where']] as const) {
      const person = await holding(['agent'], key, text)
      for (const path of ['/api/session', '/api/model', clients, `${clients}/${mine.client}/timeline`, `${clients}/export`, '/api/approvals', '/api/notifications', address(deals, { filter: { at: { $gt: 'now-1d/d' } } })]) expect((await person.get(path)).status, `${text} ${path}`).toBe(200)
      expect((await person.post(`${deals}/aggregate`, { groupBy: ['at:day'] })).status).toBe(200)
    }
    // Titles of roles are put in order by the language of who reads them.
    for (const locale of ['!!', 'zz-ZZZZZZZZ-1']) expect((await (await holding(['admin'], 'locale', locale)).get('/api/users')).status, locale).toBe(200)
  })
})
