/** What the record addresses promise: one, many, changes, conflicts, limits. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startApp, type App } from '../support/app.js'
import { address, client, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

const layers = ['metadata/core', 'tests/packs/access']
const path = '/api/records/member'

interface Page {
  readonly records: readonly Record<string, unknown>[]
  readonly next: string | null
}
const page = (answer: Answer): Page => answer.body as Page
const idOf = (answer: Answer): number => (answer.body as { id: number }).id

describe.each(databaseKinds)('records on %s', (database) => {
  let app: App
  let admin: Client
  let store: number

  beforeAll(async () => {
    app = await startApp({ database, layers })
    admin = app.admin
    store = idOf(await admin.post('/api/records/store', { name: 'Harbour', region: 'north' }))
  })
  afterAll(() => app.close())

  test('a record is created, found at its location, changed and archived', async () => {
    const made = await admin.post(path, { name: 'Li Wei', store, tier: 'gold', income: 5000, joined: '2024-02-29', extra: { shoe: 42 } })
    expect(made).toMatchObject({ status: 201, body: { name: 'Li Wei', version: 1, store, memberNo: expect.stringMatching(/^M\d{4}$/), joined: '2024-02-29', extra: { shoe: 42 } } })
    const location = made.headers.get('location') ?? ''
    expect(location).toBe(`${path}/${idOf(made)}`)
    const found = await admin.get(location)
    expect(found).toMatchObject({ status: 200, body: made.body })
    expect(found.headers.get('etag')).toBe('"1"')
    expect((await admin.get(location, { 'if-none-match': '"1"' })).status).toBe(304)
    expect(await admin.patch(location, { tier: 'silver' })).toMatchObject({ status: 200, body: { tier: 'silver', version: 2, income: 5000 } })
    expect((await admin.delete(location)).status).toBe(204)
    expect(await admin.get(location)).toMatchObject({ status: 404, body: { code: 'record.unavailable' } })
    expect(await admin.get(`${location}?archived=true`)).toMatchObject({ status: 200 })
    expect(await admin.post(`${location}/restore`)).toMatchObject({ status: 200, body: { name: 'Li Wei', archivedAt: null } })
    expect((await admin.delete(`${location}?purge=true`)).status).toBe(204)
    expect(await admin.get(`${location}?archived=true`)).toMatchObject({ status: 404 })
  })

  test('every fault of a body is told at its place, and nothing is stored', async () => {
    const before = page(await admin.get(path)).records.length
    expect(await admin.post(path, { tier: 'platinum', income: -1, store })).toMatchObject({
      status: 422,
      body: { code: 'record.invalid', problems: expect.arrayContaining([expect.objectContaining({ path: '/tier' }), expect.objectContaining({ path: '/income' })]) },
    })
    expect(await admin.post(path, { name: 'Rule', tier: 'gold', income: 3 })).toMatchObject({ status: 422, body: { problems: [{ path: '/income' }] } })
    expect(await admin.post(path, { name: 'Link', store: 999_999 })).toMatchObject({ status: 422, body: { problems: [{ path: '/store', code: 'reference.unavailable' }] } })
    expect(page(await admin.get(path)).records).toHaveLength(before)
  })

  test.each([
    ['A-044 an id', { id: 7 }, 'field.readOnly', '/id'],
    ['A-044 an owner', { owner: 1 }, 'field.readOnly', '/owner'],
    ['A-044 who made it', { createdBy: 1 }, 'field.readOnly', '/createdBy'],
    ['A-044 a version', { version: 9 }, 'field.readOnly', '/version'],
    ['A-044 a number that the engine gives', { memberNo: 'M9999' }, 'field.readOnly', '/memberNo'],
    ['A-047 an unknown key', { nmae: 'x' }, 'field.unknown', '/nmae'],
  ])('%s in a body is refused with its path, never ignored', async (_name, extra, code, at) => {
    expect(await admin.post(path, { name: 'Body', ...extra })).toMatchObject({ status: 400, body: { code, problems: [{ path: at, code }] } })
  })

  test('A-047 an unknown key deep in a value is refused', async () => {
    expect(await admin.post(path, { name: 'Deep', extra: { shoe: 1, hat: 2 } })).toMatchObject({ status: 422, body: { problems: [{ path: expect.stringContaining('/extra') }] } })
  })

  test.each([
    ['A-047 the same key twice', '{"name":"a","name":"b"}', 'request.invalid', '/name'],
    ['A-047 the same key twice, deep', '{"name":"a","extra":{"shoe":1,"sh\\u006fe":2}}', 'request.invalid', '/extra/shoe'],
    ['A-052 __proto__', '{"name":"a","__proto__":{"tier":"gold"}}', 'request.invalid', '/__proto__'],
    ['A-052 constructor.prototype', '{"name":"a","extra":{"constructor":{"prototype":{"x":1}}}}', 'request.invalid', '/extra/constructor'],
    ['A-132 a number beyond all numbers', '{"name":"a","income":1e400}', 'request.invalid', '/income'],
  ])('%s is refused with its path', async (_name, raw, code, at) => {
    const answer = await admin.request('POST', path, { raw, headers: { 'content-type': 'application/json' } })
    expect(answer).toMatchObject({ status: 400, body: { code, problems: [{ path: at }] } })
    expect(({} as Record<string, unknown>)['tier']).toBeUndefined()
  })

  test.each([
    ['A-104 ten megabytes', `{"name":"${'x'.repeat(10_000_000)}"}`, 413],
    ['A-104 a hundred thousand keys', `{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":1`).join()}}`, 400],
    ['A-104 a list of a million', `{"extra":[${'1,'.repeat(400_000)}1]}`, 400],
    ['A-104 a very deep value', `{"extra":${'['.repeat(5000)}${']'.repeat(5000)}}`, 400],
  ])('%s in a body is refused before anything is built', async (_name, raw, status) => {
    expect((await admin.request('POST', path, { raw, headers: { 'content-type': 'application/json' } })).status).toBe(status)
    expect((await client(app.url).get('/healthz')).status).toBe(200)
  })

  test('a body that is no JSON, no UTF-8 or of another type is refused', async () => {
    expect(await admin.request('POST', path, { raw: '{"name":', headers: { 'content-type': 'application/json' } })).toMatchObject({ status: 400 })
    expect(await admin.request('POST', path, { raw: new Uint8Array([0x22, 0xff, 0x22]), headers: { 'content-type': 'application/json' } })).toMatchObject({ status: 400 })
    expect(await admin.request('POST', path, { raw: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).toMatchObject({ status: 415, body: { code: 'request.type' } })
    expect(await admin.request('POST', path, { raw: '{"name":"x"}', headers: { 'content-type': 'text/plain' } })).toMatchObject({ status: 415 })
  })

  describe('saving what somebody else changed', () => {
    test('A-160 an old version is answered with mine, theirs and original, and changes nothing', async () => {
      const at = `${path}/${idOf(await admin.post(path, { name: 'Original', tier: 'bronze' }))}`
      await admin.patch(at, { name: 'Theirs' })
      const answer = await admin.patch(at, { name: 'Mine' }, { 'if-match': '"1"' })
      expect(answer).toMatchObject({ status: 412, body: { code: 'record.stale', version: 2, mine: { name: 'Mine' }, theirs: { name: 'Theirs' }, original: { name: 'Original' } } })
      expect(await admin.get(at)).toMatchObject({ body: { name: 'Theirs', version: 2 } })
    })

    test('without If-Match changes of different fields merge, and of the same field the last wins', async () => {
      const at = `${path}/${idOf(await admin.post(path, { name: 'Merge' }))}`
      await Promise.all([admin.patch(at, { name: 'Merged' }), admin.patch(at, { tier: 'silver' }), admin.patch(at, { income: 3 })])
      expect(await admin.get(at)).toMatchObject({ body: { name: 'Merged', tier: 'silver', income: 3, version: 4 } })
    })
  })

  describe('asking twice', () => {
    test('an idempotency key makes one record, and tells the first answer again', async () => {
      const key = { 'idempotency-key': 'order-1' }
      const first = await admin.post(path, { name: 'Once' }, key)
      const second = await admin.post(path, { name: 'Once' }, key)
      expect(second).toMatchObject({ status: 201, body: first.body })
      expect(second.headers.get('location')).toBe(first.headers.get('location'))
      expect(await admin.post(path, { name: 'Other' }, key)).toMatchObject({ status: 422, body: { code: 'idempotency.mismatch' } })
      expect(page(await admin.get(address(path, { filter: { name: 'Once' } }))).records).toHaveLength(1)
    })

    test('at the same time: one does it, the others are told to wait or get the same answer', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => admin.post(path, { name: 'Race' }, { 'idempotency-key': 'race' })))
      expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true)
      expect(answers.some(({ status }) => status === 201)).toBe(true)
      expect(page(await admin.get(address(path, { filter: { name: 'Race' } }))).records).toHaveLength(1)
    })

    test('a refused request does not use its key up', async () => {
      const key = { 'idempotency-key': 'retry' }
      expect(await admin.post(path, { name: 'Retry', tier: 'none' }, key)).toMatchObject({ status: 422 })
      expect(await admin.post(path, { name: 'Retry' }, key)).toMatchObject({ status: 201 })
    })
  })

  describe('lists', () => {
    beforeAll(async () => {
      const rows = Array.from({ length: 25 }, (_, i) => ({ name: `Page ${String(i).padStart(2, '0')}`, tier: i % 2 === 0 ? 'gold' : 'silver', income: i % 5 === 0 ? null : 100 + (i % 3), store }))
      expect(await admin.post(`${path}/bulk`, { create: rows })).toMatchObject({ status: 200, body: { created: 25 } })
    })
    const filter = { name: { $startsWith: 'Page ' } }

    test('pages by cursor give every record once, in order, whatever the sort', async () => {
      for (const sort of ['name', '-name', 'tier,-income', '-income,name']) {
        const all = page(await admin.get(address(path, { filter, sort, limit: '100' }))).records.map((record) => record['id'])
        const paged: unknown[] = []
        let cursor: string | null = null
        do {
          const got: Page = page(await admin.get(address(path, { filter, sort, limit: '7', ...(cursor === null ? {} : { cursor }) })))
          paged.push(...got.records.map((record) => record['id']))
          cursor = got.next
        } while (cursor !== null)
        expect(paged).toEqual(all)
        expect(new Set(paged).size).toBe(25)
      }
    })

    test('count, fields, expand and search', async () => {
      expect(await admin.get(address(path, { filter, count: 'true', limit: '1' }))).toMatchObject({ body: { count: 25, capped: false } })
      const [one] = page(await admin.get(address(path, { filter, fields: 'name,store.name', limit: '1', sort: 'name' }))).records
      expect(one).toEqual({ id: expect.any(Number), version: 1, name: 'Page 00', store: { id: store, name: 'Harbour' } })
      const [whole] = page(await admin.get(address(path, { filter, expand: 'store', limit: '1' }))).records
      expect(whole).toMatchObject({ store: { name: 'Harbour', region: 'north' } })
      const stores = page(await admin.get(address('/api/records/store', { fields: 'name,members.name' }))).records
      expect((stores[0] as { members: unknown[] } | undefined)?.members.length).toBeGreaterThan(20)
      expect(page(await admin.get(address(path, { q: 'page 07' }))).records).toMatchObject([{ name: 'Page 07' }])
      expect(await admin.get('/api/search?q=page%2007')).toMatchObject({ status: 200, body: { results: [{ entity: 'member', title: 'Page 07' }] } })
    })

    test('groups with measures', async () => {
      const body = { filter, groupBy: ['tier'], measures: { n: { count: true }, sum: { sum: 'income' } }, sort: ['tier'] }
      expect(await admin.post(`${path}/aggregate`, body)).toMatchObject({ status: 200, body: { groups: [{ tier: 'gold', n: 13 }, { tier: 'silver', n: 12 }] } })
      expect(await admin.post(`${path}/aggregate`, { q: 'page 07', measures: { n: { count: true } } })).toMatchObject({ status: 200, body: { groups: [{ n: 1 }] } })
      expect(await admin.post(`${path}/aggregate`, { q: 7 })).toMatchObject({ status: 400 })
    })

    test.each([
      ['A-108 a limit without end', { limit: '1e9' }],
      ['A-108 a negative limit', { limit: '-1' }],
      ['A-108 a limit of zero', { limit: '0' }],
      ['A-108 a limit that is no number', { limit: 'NaN' }],
      ['A-108 a limit beyond 500', { limit: '501' }],
      ['an unknown parameter', { offset: '1000000000000' }],
      ['a filter that is no JSON', { filter: '{' }],
      ['an unknown operator', { filter: { name: { $regex: '.*' } } }],
      ['A-052 __proto__ in a filter', { filter: '{"__proto__":{"a":1}}' }],
      ['a value that does not fit', { filter: { income: 'many' } }],
      ['a count that is neither true nor false', { count: 'yes' }],
      ['A-062 a text without end', { q: 'x'.repeat(5000) }],
    ])('%s is refused', async (_name, query) => {
      expect(await admin.get(address(path, query))).toMatchObject({ status: 400, body: { code: 'query.invalid' } })
    })

    test('a parameter given twice is refused', async () => {
      expect(await admin.get(`${path}?limit=1&limit=2`)).toMatchObject({ status: 400 })
    })

    test.each(['"', '%', "' OR 1=1 --", 'a" AND b', '*', 'NEAR(', '中文', '\\', '(((', 'AND OR NOT'])('A-062 the text %j is looked for and nothing else', async (q) => {
      expect(await admin.get(address(path, { q }))).toMatchObject({ status: 200 })
      expect(await admin.get(address('/api/search', { q }))).toMatchObject({ status: 200 })
    })

    test('A-012 a page marker that was changed, or belongs to another user or question, is refused', async () => {
      const query = { filter, sort: 'name', limit: '5' }
      const cursor = page(await admin.get(address(path, query))).next ?? ''
      const flipped = `${cursor.slice(0, -2)}${cursor.endsWith('AA') ? 'BB' : 'AA'}`
      const other = await app.as(['admin'])
      const refused = { status: 400, body: { code: 'query.cursor' } }
      expect(await admin.get(address(path, { ...query, cursor }))).toMatchObject({ status: 200 })
      expect(await admin.get(address(path, { ...query, limit: '1', fields: 'id', cursor }))).toMatchObject({ status: 200 })
      expect(await admin.get(address(path, { ...query, cursor: flipped }))).toMatchObject(refused)
      expect(await admin.get(address(path, { ...query, cursor: '' }))).toMatchObject(refused)
      expect(await admin.get(address(path, { ...query, sort: '-name', cursor }))).toMatchObject(refused)
      expect(await admin.get(address('/api/records/store', { cursor }))).toMatchObject(refused)
      expect(await other.get(address(path, { ...query, cursor }))).toMatchObject(refused)
    })
  })

  describe('many at once', () => {
    test('all or nothing, with the place of every fault', async () => {
      const answer = await admin.post(`${path}/bulk`, { create: [{ name: 'Bulk 1' }, { tier: 'gold' }, { name: 'Bulk 3', tier: 'none' }] })
      expect(answer).toMatchObject({ status: 422, body: { problems: [{ path: expect.stringMatching(/^\/create\/1/) }, { path: '/create/2/tier' }] } })
      expect(page(await admin.get(address(path, { filter: { name: { $startsWith: 'Bulk' } } }))).records).toEqual([])
    })

    test('dryRun checks everything and keeps nothing', async () => {
      expect(await admin.post(`${path}/bulk?dryRun=true`, { create: [{ name: 'Dry' }] })).toMatchObject({ status: 200, body: { created: 1, dryRun: true } })
      expect(page(await admin.get(address(path, { filter: { name: 'Dry' } }))).records).toEqual([])
    })

    test('upsert finds records by a unique key', async () => {
      const made = await admin.post(`${path}/bulk`, { upsert: [{ code: 'U1', name: 'One' }, { code: 'U2', name: 'Two' }], key: 'code' })
      expect(made).toMatchObject({ status: 200, body: { created: 2, updated: 0 } })
      const again = await admin.post(`${path}/bulk`, { upsert: [{ code: 'U3', name: 'Three' }, { code: 'U1', name: 'Uno' }], key: 'code' })
      expect(again).toMatchObject({ status: 200, body: { created: 1, updated: 1 } })
      const found = page(await admin.get(address(path, { filter: { code: { $in: ['U1', 'U2', 'U3'] } }, sort: 'code', fields: 'name' })))
      expect(found.records.map((record) => record['name'])).toEqual(['Uno', 'Two', 'Three'])
      expect(await admin.post(`${path}/bulk`, { upsert: [{ name: 'x' }], key: 'name' })).toMatchObject({ status: 400 })
    })

    test('where and set, and rows by id with their version', async () => {
      await admin.post(`${path}/bulk`, { create: [{ name: 'Set 1' }, { name: 'Set 2' }] })
      expect(await admin.post(`${path}/bulk`, { where: { name: { $startsWith: 'Set ' } }, set: { tier: 'silver' } })).toMatchObject({ status: 200, body: { updated: 2 } })
      const [one] = page(await admin.get(address(path, { filter: { name: 'Set 1' } }))).records
      expect(one).toMatchObject({ tier: 'silver', version: 2 })
      expect(await admin.post(`${path}/bulk`, { update: [{ id: one?.['id'] as number, version: 1, tier: 'gold' }] })).toMatchObject({ status: 412 })
      expect(await admin.post(`${path}/bulk`, { update: [{ id: one?.['id'] as number, version: 2, tier: 'gold' }, { id: 999_999, tier: 'gold' }] })).toMatchObject({ status: 404, body: { problems: [{ path: '/update/1/id' }] } })
      expect(await admin.get(`${path}/${String(one?.['id'])}`)).toMatchObject({ body: { tier: 'silver' } })
    })

    test('a unique value that another row or record has is told at the row that wanted it', async () => {
      const made = page(await admin.post(`${path}/bulk`, { create: [{ name: 'Own 1', code: 'OWN1' }, { name: 'Own 2' }, { name: 'Own 3' }] })).records.map(({ id }) => id as number)
      const taken = { status: 409, body: { code: 'record.conflict', problems: [{ path: '/update/1/code', code: 'unique' }] } }
      expect(await admin.post(`${path}/bulk`, { update: [{ id: made[1] ?? 0, tier: 'gold' }, { id: made[2] ?? 0, code: 'OWN1' }] })).toMatchObject(taken)
      expect(await admin.post(`${path}/bulk`, { update: [{ id: made[1] ?? 0, code: 'OWN4' }, { id: made[2] ?? 0, code: 'OWN4' }] })).toMatchObject(taken)
    })

    test('more than 1,000 rows are refused', async () => {
      expect(await admin.post(`${path}/bulk`, { create: Array.from({ length: 1001 }, () => ({ name: 'x' })) })).toMatchObject({ status: 413 })
    })

    test('A-159 a unique value is taken once, whoever comes first, and freed by archiving', async () => {
      const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => admin.post(path, { name: `Twin ${i}`, code: 'TWIN' })))
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409, 409])
      expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'record.conflict', problems: [{ path: '/code' }] })
      const winner = answers.find(({ status }) => status === 201)
      await admin.delete(winner?.headers.get('location') ?? '')
      expect(await admin.post(path, { name: 'Heir', code: 'TWIN' })).toMatchObject({ status: 201 })
      expect(await admin.post(`${winner?.headers.get('location') ?? ''}/restore`)).toMatchObject({ status: 409 })
    })
  })

  test('the history tells who changed what', async () => {
    const at = `${path}/${idOf(await admin.post(path, { name: 'Before' }))}`
    await admin.patch(at, { name: 'After', tier: 'silver' })
    expect(await admin.get(`${at}/history`)).toMatchObject({
      status: 200,
      body: { entries: [{ version: 2, action: 'updated', by: expect.any(Number), changes: { name: ['Before', 'After'], tier: ['bronze', 'silver'] } }, { version: 1, action: 'created' }] },
    })
  })

  describe('files', () => {
    test('A-074 cells that a spreadsheet would run are made harmless; signed numbers and phone numbers stay', async () => {
      const names = ['=1+1', '+SUM(A1)', '-2+3', '@cmd', '\tx', 'a,"b"', '-5', '+8613812345678']
      await admin.post(`${path}/bulk`, { create: names.map((nickname) => ({ name: 'Cell', nickname })) })
      const answer = await admin.get(address(`${path}/export`, { format: 'csv', fields: 'nickname', filter: { name: 'Cell' }, sort: 'id' }))
      expect(answer.headers.get('content-type')).toMatch(/^text\/csv/)
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="[^"]+\.csv"; filename\*=UTF-8''/)
      const cells = answer.text.split('\r\n').slice(1, -1)
      expect(cells).toEqual(["'=1+1", "'+SUM(A1)", "'-2+3", "'@cmd", expect.stringContaining("'"), '"a,""b"""', '-5', '+8613812345678'])
    })

    test('lines of JSON, and formats that are not there', async () => {
      const answer = await admin.get(address(`${path}/export`, { format: 'jsonl', fields: 'name', filter: { name: 'Cell' } }))
      expect(answer.text.trim().split('\n').map((line) => (JSON.parse(line) as { name: string }).name)).toEqual(Array(8).fill('Cell'))
      expect(await admin.get(`${path}/export?format=pdf`)).toMatchObject({ status: 400, body: { code: 'request.invalid' } })
    })
  })
})
