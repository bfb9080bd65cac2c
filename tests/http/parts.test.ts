/** Parts of values (`home.city`) are asked for like fields, wherever a field is, with the rights of the field that they belong to. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { address, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

const people = '/api/records/person'
const recordsOf = (answer: Answer): readonly Record<string, Json>[] => (answer.body as { records: Record<string, Json>[] }).records
const idOf = (answer: Answer): number => (answer.body as { id: number }).id

const rows: readonly Record<string, Json>[] = [
  { name: { family: '王', given: '芳' }, home: { city: '成都市', country: 'CN' }, mailing: { state: 'granted', at: '2026-07-01T08:00:00Z' }, took: '1h 30m', labels: ['VIP', 'vip'] },
  { name: 'Ada King Lovelace', home: { street: '1 High Street', city: 'London', postcode: 'N1', country: 'gb' }, mailing: { state: 'granted', at: '2026-07-02T08:00:00Z' }, took: 'PT10M' },
  { name: { given: 'José', family: 'Álvarez' }, home: { city: 'León', country: 'ES' }, mailing: { state: 'withdrawn', at: '2026-07-03T08:00:00Z' }, work: { city: 'Madrid' } },
  { name: { full: 'Cher' } },
]

describe.each(databaseKinds)('parts on %s', (database) => {
  let app: App
  let admin: Client
  let clerk: Client
  const ids: number[] = []

  beforeAll(async () => {
    app = await startApp({ database, layers: ['metadata/core', 'tests/packs/parts'] })
    admin = app.admin
    const branch = idOf(await admin.post('/api/records/branch', { name: 'North', seat: { city: 'Leeds' }, place: { lat: 53.8, lng: -1.55 }, safe: { city: 'CANARY' } }))
    for (const row of rows) {
      const answer = await admin.post(people, { ...row, branch })
      expect(answer.status, JSON.stringify(answer.body)).toBe(201)
      ids.push(idOf(answer))
    }
    clerk = await app.as(['clerk'])
  })
  afterAll(() => app.close())

  const found = async (query: Record<string, Json>): Promise<readonly number[]> => recordsOf(await admin.get(address(people, { sort: 'id', ...query }))).map(({ id }) => ids.indexOf(Number(id)))

  test('values come back whole, in their one spelling', async () => {
    expect(await admin.get(`${people}/${String(ids[1])}`)).toMatchObject({ body: { name: { given: 'Ada', middle: 'King', family: 'Lovelace' }, home: { city: 'London', country: 'GB' }, took: 'PT10M' } })
    expect(await admin.get(`${people}/${String(ids[0])}`)).toMatchObject({ body: { took: 'PT1H30M', labels: ['VIP'] } })
  })

  test.each<readonly [Record<string, Json>, readonly number[]]>([
    [{ 'home.city': '成都市' }, [0]],
    [{ 'home.city': { $startsWith: 'l' } }, [1, 2]],
    [{ 'home.country': { $in: ['GB', 'CN'] } }, [0, 1]],
    [{ 'home.street': null }, [0, 2, 3]],
    [{ home: null }, [3]],
    [{ 'mailing.state': { $ne: 'granted' } }, [2, 3]],
    [{ 'mailing.at': { $gte: '2026-07-02T08:00:00Z' } }, [1, 2]],
    [{ 'name.family': 'Álvarez' }, [2]],
    [{ 'branch.seat.city': 'Leeds', 'branch.place.lat': { $gt: 53, $lt: 54 } }, [0, 1, 2, 3]],
    [{ took: { $gt: '0:15' } }, [0]],
    [{ labels: { $contains: 'VIP' } }, [0]],
    [{ labels: { $contains: 'vip' } }, [0]],
    [{ labels: { $contains: 'vi' } }, []],
  ])('a filter asks for them: %j', async (filter, expected) => {
    expect(await found({ filter })).toEqual(expected)
  })

  test('a list is sorted by them, missing ones smallest, page by page', async () => {
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const page = await admin.get(address(people, { sort: '-home.country,home.city', fields: 'home.city', limit: 1, ...(cursor === undefined ? {} : { cursor }) }))
      seen.push(...recordsOf(page).map(({ id }) => ids.indexOf(Number(id))))
      cursor = (page.body as { next: string | null }).next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual([1, 2, 0, 3])
  })

  test('names are sorted by their sound', async () => {
    expect(recordsOf(await admin.get(address(people, { sort: 'name' }))).map(({ id }) => ids.indexOf(Number(id)))).toEqual([2, 3, 1, 0])
  })

  test('an answer has the parts that were asked for, and the whole where both are', async () => {
    const [first] = recordsOf(await admin.get(address(people, { filter: { id: ids[1] ?? 0 }, fields: 'home.city,home.region,branch.seat.city' })))
    expect(first).toMatchObject({ home: { city: 'London', region: null }, branch: { seat: { city: 'Leeds' } } })
    expect(Object.keys(first?.['home'] as object)).toEqual(['city', 'region'])
    const [last] = recordsOf(await admin.get(address(people, { filter: { id: ids[3] ?? 0 }, fields: 'home.city' })))
    expect(last?.['home']).toBeNull()
    const [both] = recordsOf(await admin.get(address(people, { filter: { id: ids[1] ?? 0 }, fields: 'home,home.city' })))
    expect(both?.['home']).toMatchObject({ street: '1 High Street', city: 'London' })
  })

  test('groups and measures take them', async () => {
    expect(await admin.post(`${people}/aggregate`, { groupBy: ['mailing.state'], measures: { n: { count: true }, last: { max: 'mailing.at' } }, sort: '-n' })).toMatchObject({
      body: { groups: [{ 'mailing.state': 'granted', n: 2, last: '2026-07-02T08:00:00.000Z' }, { 'mailing.state': null }, { 'mailing.state': 'withdrawn' }] },
    })
    expect(await admin.post(`${people}/aggregate`, { measures: { total: { sum: 'took' }, longest: { max: 'took' } } })).toMatchObject({ body: { groups: [{ total: 6000, longest: 'PT1H30M' }] } })
  })

  test.each<readonly [string, readonly number[]]>([
    ['王芳', [0]], ['wang fang', [0]], ['wangfang', [0]], ['wáng', [0]], ['jose', [2]], ['Lovelace Ada', [1]], ['high street', [1]], ['成都', [0]], ['vip', [0]],
  ])('q finds %s', async (q, expected) => {
    expect(await found({ q })).toEqual(expected)
  })

  test('a change gives the whole value: parts that are not sent are gone', async () => {
    const id = idOf(await admin.post(people, { name: 'Eve', home: { street: 'Old Street', city: 'London' } }))
    expect(await admin.patch(`${people}/${String(id)}`, { home: { city: 'Paris' } })).toMatchObject({ status: 200, body: { home: { city: 'Paris' } } })
    expect(recordsOf(await admin.get(address(people, { filter: { 'home.street': 'Old Street' } })))).toEqual([])
    expect(await admin.patch(`${people}/${String(id)}`, { 'home.city': 'Rome' })).toMatchObject({ status: 400, body: { code: 'field.unknown' } })
    await admin.delete(`${people}/${String(id)}`)
  })

  test('formulas and lookups read them, and follow when they change', async () => {
    const branch = idOf(await admin.post('/api/records/branch', { name: 'South', seat: { city: 'Bath' } }))
    const id = idOf(await admin.post(people, { name: 'Eve', home: { city: 'London' }, mailing: { state: 'granted', at: '2026-07-01T08:00:00Z' }, branch }))
    const read = async (): Promise<unknown> => (await admin.get(`${people}/${String(id)}`)).body
    expect(await read()).toMatchObject({ greeting: 'Hello London', branchCity: 'Bath' })
    await admin.patch(`${people}/${String(id)}`, { home: { city: 'Paris' } })
    await admin.patch(`/api/records/branch/${String(branch)}`, { seat: { city: 'York' } })
    expect(await read()).toMatchObject({ greeting: 'Hello Paris', branchCity: 'York' })
    await admin.patch(`${people}/${String(id)}`, { mailing: 'unknown' })
    expect(await read()).toMatchObject({ greeting: '' })
    await admin.delete(`${people}/${String(id)}`)
  })

  test('a wrong part is named by its place', async () => {
    expect(await admin.post(people, { name: 'Eve', home: { city: 7 } })).toMatchObject({ status: 422, body: { problems: [{ path: '/home/city' }] } })
  })

  describe('rights are those of the whole field', () => {
    const refused = { status: 403, body: { code: 'access.field' } }

    test.each<readonly [string, Record<string, Json>]>([
      ['filtering by a hidden one', { filter: { 'work.city': 'Madrid' } }],
      ['filtering by a masked one', { filter: { 'home.city': 'London' } }],
      ['through a reference', { filter: { 'branch.safe.city': 'CANARY' } }],
      ['sorting by a masked one', { sort: 'home.city' }],
      ['sorting by a hidden one', { sort: 'work.city' }],
      ['naming a hidden one', { fields: 'work.city' }],
      ['naming a hidden one through a reference', { fields: 'branch.safe.city' }],
      ['naming what is no part', { fields: 'mailing.nothing' }],
      ['naming what lies behind a part', { fields: 'mailing.state.nothing' }],
      ['expanding a value', { expand: 'mailing' }],
      ['filtering by what is no part', { filter: { 'mailing.nothing': 1 } }],
      ['the physical column', { filter: { 'mailing__state': 'granted' } }],
    ])('%s is refused', async (_name, query) => {
      expect(await clerk.get(address(people, query))).toMatchObject(refused)
    })

    test.each(['work.city', 'home.city'])('grouping by %s is refused', async (path) => {
      expect(await clerk.post(`${people}/aggregate`, { groupBy: [path] })).toMatchObject(refused)
      expect(await clerk.post(`${people}/aggregate`, { measures: { n: { count: path } } })).toMatchObject(refused)
    })

    test('a masked value has no parts to see, and the search does not find by it', async () => {
      for (const record of recordsOf(await clerk.get(address(people, { fields: 'name,home.city' })))) expect(record['home']).toBeNull()
      expect(recordsOf(await clerk.get(address(people, { q: 'high street' })))).toEqual([])
    })

    test('the screens are told of the parts that may be asked for', async () => {
      const model = (await clerk.get('/api/model')).body as { entities: Record<string, { fields: { key: string; parts?: { key: string; operators: string[] }[] }[]; lists: { name: string; columns: string[]; sort: string }[] }> }
      const person = model.entities['person']
      expect(person?.fields.find(({ key }) => key === 'mailing')?.parts?.map(({ key }) => key)).toEqual(['state', 'at', 'source', 'textVersion'])
      expect(person?.fields.find(({ key }) => key === 'home')?.parts?.flatMap(({ operators }) => operators)).toEqual([])
      expect(person?.fields.some(({ key }) => key === 'work')).toBe(false)
      expect(person?.lists[0]).toMatchObject({ name: 'cities', columns: ['name', 'home.city', 'branch.seat.city'], sort: '-mailing.at' })
    })
  })
})
