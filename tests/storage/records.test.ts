/** Reading and writing records: order, pages, exact sums, numbers, constraints, expansions, the same on both databases. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { Cell } from '../../engine/fields/contract.js'
import { all, everything, type Predicate } from '../../engine/model/conditions/predicate.js'
import type { AggregateQuery, ListQuery, Selection } from '../../engine/storage/contract.js'
import * as records from '../../engine/storage/records.js'
import { databaseKinds } from '../support/databases.js'
import { entityOf, must, nobody, openStore, pick, reference, stamp, whole, type Store } from './store.js'

const text = { type: 'string', maxLength: 100 }
const documents = {
  'shop/entity.json': entityOf({ name: { ...text, crm: { search: true } }, city: text, secret: text }, { crm: { indexes: [['city']] } }),
  'sale/entity.json': entityOf({
    no: { type: 'string', crm: { type: 'autonumber', format: 'S{yyyy}-{0000}' } },
    shop: reference('shop', 'cascade', { inverse: 'sales' }),
    at: { type: 'string', format: 'date-time' },
    on: { type: 'string', format: 'date' },
    amount: { type: 'number', crm: { type: 'money', currency: 'CNY' } },
    note: { ...text, crm: { search: true } },
    code: { ...text, crm: { unique: true } },
    tags: { type: 'array', items: { enum: ['a', 'b', 'c'] } },
    open: { type: 'boolean' },
  }, { crm: { indexes: [['shop', 'amount']] } }),
}

describe.each(databaseKinds)('%s', (kind) => {
  let store: Store
  beforeAll(async () => {
    store = await openStore(kind, documents)
  })
  afterAll(() => store.close())

  const field = (entity: string, key: string) => must(store.entity(entity).fields.get(key))
  const compare = (entity: string, key: string, operator: '$eq' | '$ne' | '$gte' | '$in' | '$contains', cell: Cell): Predicate => ({ kind: 'compare', field: field(entity, key), operator, operand: { kind: 'value', cell } })
  const select = (entity: string, keys: readonly string[], more: Partial<Selection> = {}): Selection => ({ fields: keys.map((key) => ({ field: field(entity, key), masked: false })), toOne: [], toMany: [], ...more })
  const listing = (entity: string, keys: readonly string[], more: Partial<ListQuery> = {}): ListQuery => ({ entity: store.entity(entity), rows: everything, archived: 'without', selection: select(entity, keys), sort: [], limit: 100, ...more })
  const fresh = async (entity: string, rows: readonly JsonObject[]): Promise<Predicate> => {
    const saved = await store.insert(entity, rows)
    return { kind: 'compare', field: field(entity, 'id'), operator: '$in', operand: { kind: 'list', cells: pick(saved, 'id') } }
  }

  test('a stored record comes back as it was written, in every reading', async () => {
    const [shop] = await store.insert('shop', [{ name: 'Straße 成都' }])
    const sent = { shop: must(shop)['id'] ?? null, at: '2026-02-28T23:59:59.999Z', on: '0001-01-01', amount: 9999999999999.99, note: "it's 100% \\ _ \"q\"", tags: ['a', 'c'], open: false, code: 'x1' }
    const [saved] = await store.insert('sale', [sent])
    const id = Number(must(saved)['id'])
    expect(saved).toMatchObject({ ...sent, version: 1, createdAt: stamp.at.toISOString(), archivedAt: null })
    const sale = store.entity('sale')
    expect(await records.get(store.db.read, { entity: sale, rows: everything, id, archived: 'without', selection: whole(sale) }, nobody)).toEqual(saved)
    expect(await records.load(store.db.read, sale, id, everything, nobody)).toEqual(saved)
    const updated = await store.db.write((tx) => records.update(tx, sale, id, { amount: -0.01, open: null, on: '9999-12-31' }, { by: 7, at: stamp.at }, 1))
    expect(updated).toEqual({ ...saved, version: 2, updatedBy: 7, amount: -0.01, open: null, on: '9999-12-31' })
    expect(await store.db.write((tx) => records.update(tx, sale, id, { open: true }, stamp, 1))).toBeNull()
  })

  test('lists go on where they stopped, whatever is missing or equal, in every direction', async () => {
    const notes = [null, 'b', 'a', 'B', 'ä', '', null, 'a', '成', 'Z']
    const rows = await fresh('sale', Array.from({ length: 60 }, (_, i) => ({ note: notes[i % 10] ?? null, amount: i % 4 === 0 ? null : (i % 7) - 3, on: i % 5 === 0 ? null : `2026-01-0${String((i % 3) + 1)}` })))
    for (const pattern of [['note'], ['-note'], ['amount', '-note'], ['-amount', 'note'], ['-on', '-amount'], ['on', 'amount', '-note'], [], ['-id']]) {
      const sort = pattern.map((part) => ({ field: field('sale', part.replace('-', '')), descending: part.startsWith('-') }))
      const complete = (await records.list(store.db.read, listing('sale', ['id', 'note', 'amount', 'on'], { rows, sort }), nobody)).records
      expect(complete).toHaveLength(60)
      const paged: records.Rec[] = []
      let after: readonly Cell[] | null | undefined
      while (after !== null) {
        const page: Awaited<ReturnType<typeof records.list>> = await records.list(store.db.read, listing('sale', ['id', 'note', 'amount', 'on'], { rows, sort, limit: 7, ...(after === undefined ? {} : { after }) }), nobody)
        paged.push(...page.records)
        after = page.next
      }
      expect(paged).toEqual(complete)
    }
  })

  test('missing is smallest and text is ordered by its folded code points', async () => {
    const rows = await fresh('sale', [{ note: 'b' }, { note: null }, { note: '成都' }, { note: 'Ab' }, { note: 'aa' }, { note: 'Ä' }, { note: '\u{1F600}' }, { note: '\uFF21z' }])
    const sorted = async (descending: boolean) => pick((await records.list(store.db.read, listing('sale', ['note'], { rows, sort: [{ field: field('sale', 'note'), descending }] }), nobody)).records, 'note')
    expect(await sorted(false)).toEqual([null, 'Ä', 'aa', 'Ab', '\uFF21z', 'b', '成都', '\u{1F600}'])
    expect(await sorted(true)).toEqual((await sorted(false)).toReversed())
  })

  test('A-131 money adds up exactly', async () => {
    const rows = await fresh('sale', [...Array.from({ length: 1000 }, (_, i) => ({ amount: 0.1, note: String(i % 3) })), { amount: 0.2, note: 'big' }, { amount: 9999999999999.99, note: 'big' }, { amount: -9999999999999.99, note: 'big' }])
    const query: AggregateQuery = {
      entity: store.entity('sale'), rows, timeZone: 'UTC', limit: 10,
      groupBy: [{ name: 'note', via: [], field: field('sale', 'note') }], sort: [{ name: 'total', descending: true }, { name: 'note', descending: false }],
      measures: [
        { name: 'total', measure: 'sum', field: field('sale', 'amount'), distinct: false }, { name: 'mean', measure: 'avg', field: field('sale', 'amount'), distinct: false },
        { name: 'least', measure: 'min', field: field('sale', 'amount'), distinct: false }, { name: 'n', measure: 'count', field: null, distinct: false },
        { name: 'kinds', measure: 'count', field: field('sale', 'amount'), distinct: true },
      ],
    }
    expect(await records.aggregate(store.db.long, query, nobody)).toEqual([
      { note: '0', total: 33.4, mean: 0.1, least: 0.1, n: 334, kinds: 1 },
      { note: '1', total: 33.3, mean: 0.1, least: 0.1, n: 333, kinds: 1 },
      { note: '2', total: 33.3, mean: 0.1, least: 0.1, n: 333, kinds: 1 },
      { note: 'big', total: 0.2, mean: 0.0666666666666667, least: -9999999999999.99, n: 3, kinds: 3 },
    ])
    const { groupBy: _groupBy, ...rest } = query
    expect(await records.aggregate(store.db.long, { ...rest, groupBy: [], sort: [], measures: [must(query.measures[0])] }, nobody)).toEqual([{ total: 100.2 }])
  })

  test('buckets begin when the day begins in the zone, also where clocks change', async () => {
    const rows = await fresh('sale', ['2026-03-29T00:59:59.999Z', '2026-03-28T22:59:59.999Z', '2026-03-28T23:00:00.000Z', '2026-10-25T21:59:59.999Z', '2026-10-25T22:59:59.999Z', '2026-10-25T23:00:00.000Z', '1969-12-31T22:59:59.999Z'].map((at) => ({ at })))
    const grouped = async (bucket: 'day' | 'week' | 'month' | 'quarter' | 'year', timeZone: string) => {
      const query: AggregateQuery = { entity: store.entity('sale'), rows, timeZone, limit: 50, groupBy: [{ name: 'b', via: [], field: field('sale', 'at'), bucket }], measures: [{ name: 'n', measure: 'count', field: null, distinct: false }], sort: [] }
      return Object.fromEntries((await records.aggregate(store.db.long, query, nobody)).map((row) => [row['b'] as string, row['n']]))
    }
    expect(await grouped('day', 'Europe/Berlin')).toEqual({ '1969-12-31': 1, '2026-03-28': 1, '2026-03-29': 2, '2026-10-25': 2, '2026-10-26': 1 })
    expect(await grouped('week', 'Europe/Berlin')).toEqual({ '1969-12-29': 1, '2026-03-23': 3, '2026-10-19': 2, '2026-10-26': 1 })
    expect(await grouped('month', 'Asia/Shanghai')).toEqual({ '1970-01-01': 1, '2026-03-01': 3, '2026-10-01': 3 })
    expect(await grouped('quarter', 'UTC')).toEqual({ '1969-10-01': 1, '2026-01-01': 3, '2026-10-01': 3 })
    expect(await grouped('year', 'America/New_York')).toEqual({ '1969-01-01': 1, '2026-01-01': 6 })
  })

  test('numbers have no gap and no double, whoever draws at the same time and whoever fails', async () => {
    const before = await store.insert('sale', [{}])
    const numberOf = (no: Json | undefined): number => Number((no as string).slice(-4))
    const first = numberOf(must(before[0])['no'])
    const attempts = await Promise.allSettled(
      Array.from({ length: 40 }, (_, i) =>
        store.db.write(async (tx) => {
          const saved = await records.insert(tx, store.entity('sale'), [{}, {}], stamp)
          if (i % 4 === 0) throw new Error('changed its mind')
          return pick(saved, 'no')
        }),
      ),
    )
    const drawn = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? attempt.value : []))
    expect(drawn.map(numberOf).sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => first + 1 + i))
    expect(drawn[0]).toMatch(/^S2026-\d{4}$/)
  })

  test('A-166 a unique value is taken until its record is archived', async () => {
    const [one] = await store.insert('sale', [{ code: 'u1' }])
    const id = Number(must(one)['id'])
    const conflict = { code: 'record.conflict', problems: [{ path: '/code', code: 'unique' }] }
    await expect(store.insert('sale', [{ code: 'u1' }])).rejects.toMatchObject(conflict)
    const sale = store.entity('sale')
    await store.db.write((tx) => records.setArchived(tx, sale, id, true, stamp))
    await store.insert('sale', [{ code: 'u1' }])
    await expect(store.db.write((tx) => records.setArchived(tx, sale, id, false, stamp))).rejects.toMatchObject(conflict)
    await expect(store.insert('sale', [{ code: 'u2' }, { code: 'u3' }, { code: 'u1' }, { code: 'u4' }, {}, {}, {}, {}])).rejects.toMatchObject({ problems: [{ path: '/code' }] })
    const rows = [{ code: 'u2' }, { code: 'u3' }, {}, {}, {}, {}, {}, { code: 'u3' }]
    await expect(store.db.write((tx) => records.insert(tx, sale, rows, stamp, (row) => `/create/${String(row)}`))).rejects.toMatchObject({ problems: [{ path: '/create/7/code' }] })
    expect(await records.count(store.db.read, { entity: sale, rows: compare('sale', 'code', '$eq', 'u2'), archived: 'with' }, 10, nobody)).toBe(0)
  })

  test('a reference to nothing is refused at its field; what is referred to follows the definition', async () => {
    await expect(store.insert('sale', [{ shop: 999_999 }])).rejects.toMatchObject({ code: 'record.invalid', problems: [{ path: '/shop', code: 'reference.unavailable' }] })
    const [shop] = await store.insert('shop', [{ name: 'short-lived' }])
    const saved = await store.insert('sale', [{ shop: must(shop)['id'] ?? null }])
    expect(await store.db.write((tx) => records.purge(tx, store.entity('shop'), [Number(must(shop)['id'])]))).toBe(1)
    expect(await records.exists(store.db.read, { entity: store.entity('sale'), rows: everything, id: Number(must(saved[0])['id']) }, nobody)).toBe(false)
  })

  test('A-028 expansions are whole, follow rules and what is hidden, with one statement for each relation', async () => {
    const shops = await store.insert('shop', [{ name: 'North', city: 'A', secret: 's1' }, { name: 'South', city: 'B', secret: 's2' }, { name: 'Empty' }])
    const [north = null, south = null, empty = null] = pick(shops, 'id')
    await store.insert('sale', [{ shop: north, amount: 1 }, { shop: south, amount: 2 }, { shop: north, amount: 3 }, { shop: north, amount: 4 }, { shop: north, amount: -5 }])
    const rows: Predicate = { kind: 'compare', field: field('shop', 'id'), operator: '$in', operand: { kind: 'list', cells: [north, south, empty] } }
    const inA = compare('shop', 'city', '$eq', 'A')
    let statements = 0
    const counting = { ...store.db.read, dialect: store.db.dialect, writing: false, all: (sql: string, bindings: readonly unknown[]) => {
      statements++
      return store.db.read.all(sql, bindings)
    }, run: () => Promise.resolve(0) }
    const sales = { relation: { name: 'sales', title: 'Sales', entity: 'sale', field: 'shop', through: null }, target: store.entity('sale'), rows: compare('sale', 'amount', '$gte', 0), selection: select('sale', ['amount'], { toOne: [{ field: field('sale', 'shop'), target: store.entity('shop'), rows: inA, selection: select('shop', ['name']) }] }) }
    const selection: Selection = { fields: [{ field: field('shop', 'name'), masked: false }, { field: field('shop', 'secret'), masked: false, visible: inA }, { field: field('shop', 'city'), masked: true, visible: inA }], toOne: [], toMany: [sales] }
    const page = await records.list(counting, { ...listing('shop', []), rows, selection }, nobody)
    expect(page.records).toEqual([
      { name: 'North', secret: 's1', city: 'A', sales: [{ amount: 1, shop: { name: 'North' } }, { amount: 3, shop: { name: 'North' } }, { amount: 4, shop: { name: 'North' } }] },
      { name: 'South', city: null, sales: [{ amount: 2, shop: null }] },
      { name: 'Empty', city: null, sales: [] },
    ])
    expect(statements).toBe(2)
    await store.insert('sale', Array.from({ length: 600 }, (_, i) => ({ shop: south, amount: i })))
    const [, second] = (await records.list(store.db.read, { ...listing('shop', []), rows, selection }, nobody)).records
    expect(second?.['sales']).toHaveLength(601)
  })

  test('A-008 A-062 a word is found in the fields that may be read, whatever its characters', async () => {
    const shops = await store.insert('shop', [{ name: 'Straße "Nord" (1) AND', city: 'X' }, { name: '成都春熙路店', city: 'Y' }, { name: 'strasse', city: 'X' }])
    const ids = pick(shops, 'id')
    const inX = compare('shop', 'city', '$eq', 'X')
    const find = async (terms: readonly string[], visible?: Predicate): Promise<readonly Json[]> => {
      const rows = all({ kind: 'search', terms, fields: [{ field: field('shop', 'name'), ...(visible === undefined ? {} : { visible }) }], phrase: terms.join(' '), title: null }, { kind: 'compare', field: field('shop', 'id'), operator: '$in', operand: { kind: 'list', cells: ids } })
      return pick((await records.list(store.db.read, listing('shop', ['id'], { rows }), nobody)).records, 'id').map((id) => ids.indexOf(id))
    }
    expect(await find(['strasse'])).toEqual([0, 2])
    expect(await find(['str'])).toEqual([0, 2])
    expect(await find(['"nord"'])).toEqual([0])
    expect(await find(['(1)', 'and', 'st'])).toEqual([0])
    expect(await find(['春熙路'])).toEqual([1])
    expect(await find(['成都', '店'])).toEqual([1])
    expect(await find(['%'])).toEqual([])
    expect(await find(['* or name__fold : "x" ^ near('])).toEqual([])
    expect(await find(['春熙路'], inX)).toEqual([])
    expect(await find(['str'], inX)).toEqual([0, 2])
    const shop = store.entity('shop')
    await store.db.write(async (tx) => {
      await records.update(tx, shop, Number(ids[2]), { name: 'renamed' }, stamp, null)
      await records.purge(tx, shop, [Number(ids[1])])
    })
    expect(await find(['strasse'])).toEqual([0])
    expect(await find(['renamed'])).toEqual([2])
    expect(await find(['春熙路'])).toEqual([])
  })

  test('A-108 a count stops at its cap', async () => {
    await store.insert('shop', Array.from({ length: 30 }, () => ({ name: 'counted' })))
    expect(await records.count(store.db.read, { entity: store.entity('shop'), rows: compare('shop', 'name', '$eq', 'counted'), archived: 'without' }, 10, nobody)).toBe(11)
    expect(await records.count(store.db.read, { entity: store.entity('shop'), rows: compare('shop', 'name', '$eq', 'counted'), archived: 'without' }, 1000, nobody)).toBe(30)
  })
})
