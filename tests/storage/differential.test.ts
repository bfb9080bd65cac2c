/** the same random questions get the same rows, in the same order, from both databases. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Json } from '../../metadata/contract/json.js'
import type { Condition } from '../../metadata/contract/condition.js'
import { everything, type Predicate } from '../../engine/model/conditions/predicate.js'
import { resolve, unrestricted } from '../../engine/model/conditions/resolve.js'
import type { AggregateQuery, ListQuery } from '../../engine/storage/contract.js'
import * as records from '../../engine/storage/records.js'
import { databaseKinds } from '../support/databases.js'
import { entityOf, must, nobody, openStore, reference, whole, type Store } from './store.js'

const text = { type: 'string', maxLength: 100 }
const documents = {
  'place/entity.json': entityOf({ name: { ...text, crm: { search: true } }, rank: { type: 'integer' } }),
  'thing/entity.json': entityOf({
    name: { ...text, crm: { search: true } }, size: { type: 'integer' }, price: { type: 'number', crm: { type: 'money', currency: 'CNY' } },
    on: { type: 'string', format: 'date' }, at: { type: 'string', format: 'date-time' }, open: { type: 'boolean' }, kind: { enum: ['a', 'B', 'ä'] },
    place: reference('place', 'clear', { inverse: 'things' }),
  }, { crm: { indexes: [['place', 'size'], ['kind', 'name']] } }),
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 3 })
const words = fc.constantFrom('', 'a', 'B', 'Ab', 'aB', 'Ä', 'ä', 'ß', 'straße', 'STRASSE', '成都', '成', '100%', '_', '\\', "it's", '"', 'ﬁ', 'İ', '\u{1F600}', '\uFFFD', ' a')
const days = fc.constantFrom('0001-01-01', '1969-12-31', '2026-02-28', '2026-03-29', '9999-12-31')
const moments = fc.constantFrom('1969-12-31T23:59:59.999Z', '2026-03-29T00:59:59.999Z', '2026-03-29T01:00:00.000Z', '2026-10-25T00:30:00.000Z')
const prices = fc.constantFrom(0, 0.01, -0.01, 0.1, 0.2, 1.1, 9999999999999.99, -9999999999999.99)
const sizes = fc.constantFrom(-1, 0, 1, 2, 2147483648, -2147483649, 9007199254740991)
const thing = fc.record({ name: maybe(words), size: maybe(sizes), price: maybe(prices), on: maybe(days), at: maybe(moments), open: maybe(fc.boolean()), kind: maybe(fc.constantFrom('a', 'B', 'ä')), place: maybe(fc.integer({ min: 1, max: 5 })) })

const order = fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte')
const leafOf = (key: string, operand: fc.Arbitrary<Json>, operators: fc.Arbitrary<string> = order) => fc.tuple(operators, operand).map(([operator, value]): Condition => ({ [key]: { [operator]: value } }))
const equality = fc.constantFrom('$eq', '$ne')
const thingLeaf = fc.oneof(
  leafOf('name', words, fc.constantFrom('$eq', '$ne', '$contains', '$startsWith')), leafOf('size', sizes), leafOf('price', prices), leafOf('on', days), leafOf('at', moments),
  leafOf('open', fc.boolean(), equality), leafOf('kind', fc.constantFrom('a', 'B', 'ä', null), equality),
  fc.array(sizes, { minLength: 1, maxLength: 3 }).map((list): Condition => ({ size: { $in: list } })), fc.array(words, { minLength: 1, maxLength: 3 }).map((list): Condition => ({ name: { $nin: list } })),
  leafOf('place.rank', fc.integer({ min: 0, max: 3 })), leafOf('place.name', words, fc.constantFrom('$eq', '$ne', '$contains')),
)
const condition = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3 }, thingLeaf, thingLeaf, fc.array(tie('tree'), { maxLength: 3 }).map((of): Condition => ({ $or: of })), fc.array(tie('tree'), { maxLength: 3 }).map((of): Condition => ({ $and: of })), tie('tree').map((of): Condition => ({ $not: of }))),
})).tree
const sortable = ['name', 'size', 'price', 'on', 'at', 'open', 'kind', 'place', 'id'] as const
const sorts = fc.uniqueArray(fc.tuple(fc.constantFrom(...sortable), fc.boolean()), { maxLength: 3, selector: ([key]) => key })
const groupings = fc.uniqueArray(fc.constantFrom('name', 'size', 'kind', 'open', 'place', 'on:month', 'on:week', 'at:day', 'at:quarter', 'at:year'), { maxLength: 2 })

const stores: Store[] = []
beforeAll(async () => {
  const [sample] = fc.sample(fc.array(thing, { minLength: 150, maxLength: 150, size: 'max' }), { numRuns: 1, seed: 134 })
  for (const kind of databaseKinds) {
    const store = await openStore(kind, documents)
    stores.push(store)
    await store.insert('place', Array.from({ length: 5 }, (_, i) => ({ name: ['Ab', '成都', null, 'straße', ''][i] ?? null, rank: i === 2 ? null : i })))
    await store.insert('thing', must(sample))
  }
})
afterAll(async () => {
  for (const store of stores) await store.close()
})

/** The answers of all databases to one question. */
const answers = <T>(ask: (store: Store) => Promise<T>): Promise<readonly T[]> => Promise.all(stores.map(ask))

function assertSame(given: readonly unknown[]): void {
  for (const answer of given) expect(answer).toEqual(given[0])
}

const rowsOf = (store: Store, tree: Condition | undefined): Predicate => (tree === undefined ? everything : resolve(store.model, 'thing', tree, unrestricted(store.model), ''))

test('lists, pages and counts', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(condition, sorts, fc.integer({ min: 1, max: 40 }), async (tree, sort, limit) => {
      const query = (store: Store): ListQuery => ({
        entity: store.entity('thing'), rows: rowsOf(store, tree), archived: 'without', selection: whole(store.entity('thing')), limit,
        sort: sort.map(([key, descending]) => ({ field: must(store.entity('thing').fields.get(key)), descending })),
      })
      const first = await answers((store) => records.list(store.db.read, query(store), nobody))
      assertSame(first)
      const { next } = must(first[0])
      if (next !== null) assertSame(await answers((store) => records.list(store.db.read, { ...query(store), after: next }, nobody)))
      assertSame(await answers((store) => records.count(store.db.read, query(store), 100, nobody)))
    }),
    { numRuns: 250 },
  )
})

test('groups', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.option(condition, { nil: undefined }), groupings, fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Shanghai', 'America/St_Johns'), fc.boolean(), async (tree, groups, timeZone, descending) => {
      assertSame(await answers((store) => {
        const fieldOf = (key: string) => must(store.entity('thing').fields.get(key))
        const measure = (name: string, kind: 'sum' | 'avg' | 'min' | 'max', key: string): AggregateQuery['measures'][number] => ({ name, measure: kind, field: fieldOf(key), distinct: false })
        const query: AggregateQuery = {
          entity: store.entity('thing'), rows: rowsOf(store, tree), timeZone, limit: 20, sort: [{ name: 'n', descending }],
          groupBy: groups.map((name) => {
            const [key = '', bucket] = name.split(':')
            return { name, via: [], field: fieldOf(key), ...(bucket === undefined ? {} : { bucket: bucket as 'day' | 'week' | 'month' | 'quarter' | 'year' }) }
          }),
          measures: [{ name: 'n', measure: 'count', field: null, distinct: false }, measure('sum', 'sum', 'price'), measure('mean', 'avg', 'price'), measure('least', 'min', 'at'), measure('most', 'max', 'on')],
        }
        return records.aggregate(store.db.long, query, nobody)
      }))
    }),
    { numRuns: 120 },
  )
})
