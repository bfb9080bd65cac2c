/** What costs too much is refused or cut before it costs: bodies, pages, relations, questions. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import { address, client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { processorTime } from '../support/processor.js'
import { alive, clients, deals, ground, idOf, recordsOf, withoutTrace, type Ground } from './ground.js'

describe.each(databaseKinds)('limits on %s', (database) => {
  let place: Ground
  beforeAll(async () => {
    place = await ground(database)
  })
  afterAll(() => place.app.close())

  // What is refused before a database is asked is tried on one.
  test.runIf(database === databaseKinds[0])('A-104 large, wide, deep and endless bodies are refused by every address, and nobody waits for them', async () => {
    const { admin, app, mine } = place
    const bombs = {
      large: `{"name":"${'x'.repeat(11_000_000)}"}`,
      text: `{"name":"${'x'.repeat(990_000)}"}`,
      wide: `{${Array.from({ length: 250_000 }, (_, i) => `"k${i}":1`).join()}}`,
      list: `{"labels":[${'1,'.repeat(1_000_000)}1]}`,
      deep: `{"labels":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      objects: `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
      escapes: `{"name":"${'\\u0041'.repeat(160_000)}"}`,
      number: `{"score":${'9'.repeat(900_000)}}`,
    }
    await withoutTrace(app, async () => {
      let most = 0
      for (const { method, path } of app.routes.filter((route) => route.method !== 'GET' && route.method !== 'DELETE')) {
        const at = path.replace(':entity', 'client').replace(':id', String(mine.client)).replace(':n', '1')
        for (const [name, raw] of Object.entries(bombs)) {
          const spent = processorTime()
          const answer = await admin.request(method, at, { raw, headers: { 'content-type': 'application/json' } })
          most = Math.max(most, spent())
          expect(answer.status, `${method} ${path} ${name} ${answer.text.slice(0, 200)}`).toBeOneOf(path === '/api/hooks/:name' ? [401, 413] : [400, 404, 413, 422])
        }
      }
      // Others wait as long as a body keeps the processor busy. Client and server share this process, so this is more than the
      // server's part. A machine that is shared counts what it took away, too.
      expect(most).toBeLessThan(4_000)
    })
  }, 120_000)

  test('A-108 sizes and places that are no plain numbers are refused by every address that has them', async () => {
    const { admin, app } = place
    const numbers = ['1e9', '-1', '0', 'NaN', '1e308', 'Infinity', '1.5', '0x10', '501', '9999999999999999', ' 5', '+5', '5;', '', '٣', '1,000', 'null']
    await withoutTrace(app, async () => {
      for (const limit of numbers) {
        for (const path of [clients, '/api/search']) expect((await admin.get(address(path, { q: 'x', limit }))).status, `${path} ${limit}`).toBe(400)
      }
      for (const limit of [1e9, -1, 0, 1.5, '5', null, true, [5], {}] as Json[]) expect((await admin.post(`${clients}/aggregate`, { limit })).status, JSON.stringify(limit)).toBe(400)
      for (const name of ['offset', 'page', 'skip', 'size', 'per_page', 'limit[]', 'Limit']) expect((await admin.get(`${clients}?${encodeURIComponent(name)}=1`)).status, name).toBe(400)
      for (const limit of ['1', '500']) expect((await admin.get(`${clients}?limit=${limit}`)).status).toBe(200)
    })
  })

  test('A-112 very many at once: lists, writes, long questions and imports all come to their end, and none waits for another one that waits for it', async () => {
    const { admin, app } = place
    const times = (count: number, ask: (i: number) => Promise<{ readonly status: number }>): readonly Promise<number>[] => Array.from({ length: count }, async (_, i) => (await ask(i)).status)
    const settings = encodeURIComponent(JSON.stringify({ mode: 'create', key: null }))
    const statuses = await Promise.all([
      ...times(200, () => admin.get(`${clients}?limit=20`)),
      ...times(50, (i) => admin.post('/api/records/branch', { name: `Crowd ${String(i)}` })),
      ...times(20, () => admin.post(`${clients}/aggregate`, { groupBy: ['branch'] })),
      ...times(20, (i) => admin.request('POST', `/api/imports?entity=branch&settings=${settings}&start=true`, { raw: `name\nImported ${String(i)}\n`, headers: { 'content-type': 'text/csv' } })),
    ])
    const counted = new Map<number, number>()
    for (const status of statuses) counted.set(status, (counted.get(status) ?? 0) + 1)
    expect(Object.fromEntries(counted)).toEqual({ 200: 220, 201: 50, 202: 20 })
    await expect.poll(async () => recordsOf(await admin.get(address('/api/records/branch', { filter: { name: { $contains: 'Imported' } }, limit: '50' }))).length, { timeout: 60_000 }).toBe(20)
    await alive(app)
  }, 120_000)

  test('A-110 the cost of a question is counted as a whole, however it is split or repeated', async () => {
    const { admin, app } = place
    const heavy: Json = { deals: { $some: { title: { $contains: 'x' } } } }
    await withoutTrace(app, async () => {
      const questions: Record<string, Json>[] = [
        { filter: { $or: Array.from({ length: 1_000 }, () => heavy) } }, { filter: Array.from({ length: 20 }).reduce<Json>((inner) => ({ deals: { $some: { 'client.deals': inner } } }), { $count: 1 }) },
        { filter: { id: { $in: Array.from({ length: 5_000 }, (_, i) => i) } } }, { sort: Array.from({ length: 200 }, () => 'name').join() }, { fields: Array.from({ length: 1_000 }, () => 'name').join() },
        { expand: 'deals.client.deals.client.deals' }, { expand: Array.from({ length: 300 }, () => 'deals').join() }, { q: Array.from({ length: 50 }, (_, i) => `w${i}`).join(' ') },
      ]
      for (const question of questions) expect((await admin.request('GET', address(clients, question))).status, JSON.stringify(question).slice(0, 100)).toBeOneOf([400, 413, 414, 431])
      for (const body of [
        { filter: { $or: Array.from({ length: 1_000 }, () => heavy) } }, { groupBy: ['code', 'name', 'tier', 'score', 'branch'] }, { measures: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`m${i}`, { count: 'name' }])) },
      ] as Json[]) expect((await admin.post(`${clients}/aggregate`, body)).status).toBe(400)
      expect((await admin.post(`${clients}/bulk`, { create: Array.from({ length: 1_001 }, () => ({ name: 'x' })) })).status).toBe(413)
    })
  })

  test('A-110 what an answer expands is bounded as a whole: relations of relations do not multiply', async () => {
    const { admin, app } = place
    const branch = idOf(await admin.post('/api/records/branch', { name: 'Wide' }))
    const rows = await admin.post(`${clients}/bulk`, { create: Array.from({ length: 300 }, (_, i) => ({ name: `Wide ${i}`, branch })) })
    const ids = (rows.body as { records: { id: number }[] }).records.map(({ id }) => id)
    expect((await admin.post(`${deals}/bulk`, { create: ids.slice(0, 100).flatMap((id) => Array.from({ length: 10 }, (_, i) => ({ client: id, title: `Deal ${i}` }))) })).status).toBe(200)
    // 300 clients, each with the 100 first of their branch, each with 10 deals: 300,000 records if nobody counts.
    const answer = await admin.get(address(clients, { filter: { branch }, limit: '500', expand: 'branch.clients.deals' }))
    expect([answer.status, answer.text.length < 2_000]).toEqual([400, true]) // not the answer itself, which nobody could compare when it is there
    expect(answer.body).toMatchObject({ code: 'query.invalid' })
    // The same for fewer is answered in full.
    const few = recordsOf(await admin.get(address(clients, { filter: { branch }, limit: '5', sort: 'id', expand: 'branch.clients.deals' })))
    expect(few).toHaveLength(5)
    expect((few[0] as { branch: { clients: { deals: unknown[] }[] } }).branch.clients[0]?.deals).toHaveLength(10)
    await alive(app)
  }, 60_000)

  test('A-110 health costs the same however often it is asked, and tells nothing', async () => {
    const stranger = client(place.app.url)
    const answers = await Promise.all(Array.from({ length: 500 }, () => stranger.get('/healthz')))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['200 {"status":"ok"}']))
    for (const path of ['/healthz', '/readyz', '/schemas/entity.json', '/api/session']) expect((await stranger.get(path)).text).not.toMatch(/CANARY|client|agent|sqlite|postgres/)
  })
})
