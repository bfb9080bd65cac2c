/** The two evaluators agree: random conditions over random records, in memory and on both databases, missing values and all. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decide } from '../../engine/model/conditions/decide.js'
import type { Entity } from '../../engine/model/model.js'
import { resolve, unrestricted } from '../../engine/model/conditions/resolve.js'
import type { Database } from '../../engine/storage/contract.js'
import { openDatabase } from '../../engine/storage/database.js'
import * as records from '../../engine/storage/records.js'
import { matches } from '../../metadata/contract/condition.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { databaseKinds, freshDatabase, type TestDatabase } from '../support/databases.js'
import { shop } from './shop.js'
import { createTables } from './tables.js'

const model = shop()
const entityOf = (name: string): Entity => {
  const entity = model.entities.get(name)
  if (entity === undefined) throw new Error(`no entity ${name}`)
  return entity
}

const user = new Map<string, Json>([['id', 2], ['stores', [1, 3]], ['tier', 'gold'], ['tag', 'news'], ['none', []], ['name', 'li']])
const context = { now: new Date('2026-07-01T18:30:00Z'), timeZone: 'America/New_York', user: (name: string) => user.get(name) }

// ── values: few per field, so that comparisons hit; `operands` has more than `values` ──

const texts = ['Li', 'li', 'LI WEI', 'Wáng', '王芳', '100%', 'a_b', "o'neil", 'back\\slash', '', 'ﬁ', 'İ', '😀 z', '\uffee z', 'now', '$']
const days = ['2026-06-30', '2026-07-01', '2024-02-29', '0001-01-01', '9999-12-31']
const instants = ['2026-07-01T18:30:00.000Z', '2026-07-01T04:00:00.000Z', '2026-07-01T03:59:59.999Z', '2026-06-30T18:30:00.000Z', '1969-12-31T23:59:59.999Z', '0001-01-01T00:00:00.000Z']
const relative = ['now', 'now/d', 'now-1d', 'now/M', 'now-1y', 'now+2h']
const integers = [0, 1, -1, 3000, 9007199254740991]
const amounts = [0, 0.1, 0.2, 0.3, -5.25, 9999999999999.99]

const order = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'] as const
const equality = ['$eq', '$ne'] as const
const text = { values: texts, operators: [...equality, '$contains', '$startsWith'], operands: [...texts, 'L', 'W', '%', '_', '\\', 'Fi', '$user.name', '$user.missing'] }
const day = { values: days, operators: order, operands: [...days, ...relative] }
const instant = { values: instants, operators: order, operands: [...instants, ...relative, '2026-07-01T14:30:00-04:00'] }
const integer = { values: integers, operators: order, operands: [...integers, 2, '$user.id', '$user.missing'] }
const amount = { values: amounts, operators: order, operands: [...amounts, 0.15, 1] }

const lengths = ['PT0S', 'PT9M', 'PT10M', 'PT1H', 'PT1H30M', 'PT100H']
const length = { values: lengths, operators: order, operands: [...lengths, 'PT2H'] }
/** Values made of parts: of the whole only emptiness is asked. */
const whole = (...values: readonly JsonObject[]): Pool => ({ values, operators: equality, operands: [null] })

interface Pool {
  readonly values: readonly Json[]
  readonly operators: readonly string[]
  readonly operands: readonly Json[]
  /** A list of records is never missing. */
  readonly list?: true
}

const ids = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1)
const link = (count: number, placeholders: readonly Json[] = []): Pool => ({ values: ids(count), operators: equality, operands: [...ids(count), 99, ...placeholders] })
const choice = (...values: readonly string[]): Pool => ({ values, operators: equality, operands: [...values, '$user.tier', '$user.missing'].filter((one) => one !== '$user.tier' || values.includes('gold')) })

const pools: Readonly<Record<string, Readonly<Record<string, Pool>>>> = {
  user: { name: text },
  store: { name: text, region: choice('north', 'south'), rent: amount, manager: link(3, ['$user.id', '$user.missing']), place: whole({ lat: 30.5, lng: 104 }, { lat: -0.1, lng: 0.3 }), opens: { values: ['08:30', '08:30:15', '21:00'], operators: order, operands: ['08:30', '09:00', '23:59:59'] }, visitors: { values: [[], [1], [2, 3], [1, 2, 5, 8, 13], [21, 34]], operators: ['$contains'], operands: [1, 2, 3, 8, 34, 99, '$user.id', '$user.missing'], list: true } },
  member: {
    name: text,
    note: text,
    tier: choice('bronze', 'silver', 'gold'),
    income: integer,
    rate: amount,
    active: { values: [true, false], operators: equality, operands: [true, false] },
    born: day,
    joined: instant,
    tags: { values: [[], ['news'], ['news', 'offers'], ['events']], operators: ['$contains'], operands: ['news', 'offers', 'events', '$user.tag', '$user.missing'] },
    // One tag is one word, in whatever letters it is written; a part of it is another.
    labels: { values: [[], ['VIP'], ['vip', 'a_b'], ['Öko', '100%'], ['ﬁ', 'İ']], operators: ['$contains'], operands: ['VIP', 'vip', 'V', 'VI', 'oko', 'ÖKO', 'A_B', '_', '%', 'fi', 'FI', 'i', '', '$user.name', '$user.missing'] },
    home: whole({ city: '王芳', country: 'CN' }, { street: 'back\\slash', city: 'LI WEI' }, { country: 'US' }),
    mailing: whole({ state: 'unknown' }, { state: 'granted', at: '2026-07-01T04:00:00.000Z' }, { state: 'withdrawn', at: '1969-12-31T23:59:59.999Z', source: 'a_b' }),
    extra: { values: [{ a: 1 }, {}], operators: ['$eq', '$ne'], operands: [null] },
    store: link(4, ['$user.missing']),
  },
  purchase: { member: link(40), store: link(4, ['$user.id']), amount, quantity: integer, took: length, channel: choice('store', 'web'), at: instant, day },
}

const partPools: Readonly<Record<string, Readonly<Record<string, Pool>>>> = {
  store: { 'place.lat': { ...amount, operands: [30.5, -0.1, 0, 90] }, 'place.lng': { ...amount, operands: [104, 0.3, -180] } },
  member: { 'home.city': text, 'home.street': text, 'home.country': { values: [], operators: equality, operands: ['CN', 'US', 'DE'] }, 'mailing.state': { values: [], operators: equality, operands: ['granted', 'withdrawn', 'unknown', '$user.missing'] }, 'mailing.at': instant, 'mailing.source': text },
}

const toOne: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  store: { manager: 'user' }, member: { store: 'store' }, purchase: { store: 'store', member: 'member' },
}
/** Fields that list records, with the entity and the name of the other side. */
const lists: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>> = { store: { visitors: ['member', 'visited'] } }
const toMany: Readonly<Record<string, Readonly<Record<string, string>>>> = { member: { purchases: 'purchase', visited: 'store' }, store: { purchases: 'purchase', members: 'member', visitors: 'member' } }
const sums: Readonly<Record<string, Readonly<Record<string, readonly Json[]>>>> = {
  purchase: { amount: [...amounts, 0.15], took: length.operands }, member: { rate: [...amounts, 0.15] }, store: { rent: [...amounts, 0.15] },
}

// ── conditions ──

const valueTest = (pool: Pool): fc.Arbitrary<Json> => {
  const single = fc.tuple(fc.constantFrom(...pool.operators), fc.constantFrom(...pool.operands)).map(([operator, operand]): Json => ({ [operator]: operand }))
  const missing = fc.constantFrom<Json>(null, { $ne: null })
  if (pool.list) return single
  if (!pool.operators.includes('$ne') || pool.operands.length === 1) return fc.oneof(single, missing)
  // Within lists neither placeholders nor relative times are allowed.
  const listed = pool.operands.filter((operand) => typeof operand !== 'string' || !/^(\$user\.|now)/.test(operand))
  const list = fc.tuple(fc.constantFrom('$in', '$nin'), fc.oneof(fc.subarray([...listed], { maxLength: Math.min(4, listed.length) }), fc.constantFrom<Json>('$user.none', '$user.missing'))).map(([operator, operand]): Json => ({ [operator]: operand }))
  return fc.oneof({ weight: 4, arbitrary: single }, missing, list)
}

const pathsOf = (entity: string, depth = 2): readonly (readonly [string, Pool])[] => [
  ...Object.entries({ ...pools[entity], ...partPools[entity] }),
  ...(depth === 0 ? [] : Object.entries(toOne[entity] ?? {}).flatMap(([key, target]) => pathsOf(target, depth - 1).map(([path, pool]) => [`${key}.${path}`, pool] as const))),
]

function measureTest(entity: string): fc.Arbitrary<Json> {
  const count = fc.tuple(fc.constantFrom(...order), fc.integer({ min: 0, max: 4 })).map(([operator, n]): JsonObject => ({ $count: { [operator]: n } }))
  // Not of `quantity`: sums beyond 2^53 are not exact on the wire.
  const summed = fc.constantFrom(...Object.entries(sums[entity] ?? {})).chain(([field, operands]) =>
    fc.tuple(fc.constantFrom('$sum', '$avg', '$min', '$max'), fc.constant(field), fc.constantFrom(...order), fc.constantFrom(...operands)))
  const latest = fc.tuple(fc.constantFrom('$min', '$max'), fc.constantFrom(...order), fc.constantFrom<Json>(...instant.operands))
  return fc.oneof(
    count,
    summed.map(([measure, field, operator, operand]): JsonObject => ({ [measure]: { [field]: { [operator]: operand } } })),
    ...(entity === 'purchase' ? [latest.map(([measure, operator, operand]): JsonObject => ({ [measure]: { at: { [operator]: operand } } }))] : []),
  )
}

function conditionOn(entity: string, depth: number): fc.Arbitrary<JsonObject> {
  const leaf = fc.constantFrom(...pathsOf(entity)).chain(([path, pool]) => valueTest(pool).map((one): JsonObject => ({ [path]: one })))
  if (depth === 0) return leaf
  const inner = conditionOn(entity, depth - 1)
  const group = fc.tuple(fc.constantFrom('$and', '$or'), fc.array(inner, { maxLength: 3 })).map(([key, parts]): JsonObject => ({ [key]: parts }))
  const relations = [
    ...Object.entries(toMany[entity] ?? {}),
    ...Object.entries(toOne[entity] ?? {}).flatMap(([key, target]) => Object.entries(toMany[target] ?? {}).map(([name, other]) => [`${key}.${name}`, other] as const)),
  ]
  const related = relations.map(([path, other]) => {
    const some = conditionOn(other, depth - 1)
    return fc.oneof(
      fc.tuple(fc.constantFrom('$some', '$none', '$every'), some).map(([quantifier, of]): JsonObject => ({ [path]: { [quantifier]: of } })),
      fc.tuple(fc.option(some, { nil: undefined }), measureTest(other)).map(([of, one]): JsonObject => ({ [path]: { ...(of === undefined ? {} : { $some: of }), ...(one as JsonObject) } })),
    )
  })
  return fc.oneof({ weight: 2, arbitrary: leaf }, { weight: 2, arbitrary: group }, inner.map((part): JsonObject => ({ $not: part })), ...related.map((arbitrary) => ({ weight: 2, arbitrary })))
}

// ── records ──

const recordOf = (entity: string): fc.Arbitrary<JsonObject> =>
  fc.record(Object.fromEntries(Object.entries(pools[entity] ?? {}).map(([key, pool]) => [key, fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 3, arbitrary: fc.constantFrom<Json>(...pool.values) })])))

const counts: Readonly<Record<string, number>> = { user: 3, store: 4, member: 40, purchase: 90 }
const data = new Map(Object.entries(counts).map(([entity, count]) => [entity, fc.sample(recordOf(entity), { seed: 17, numRuns: count })]))
/** Every tenth purchase is archived: relations must not see it. */
const isArchived = (entity: string, id: number): boolean => entity === 'purchase' && id % 10 === 0

/** The same records as a graph for the evaluator in memory: references expanded, relations as lists. */
function graph(): ReadonlyMap<string, readonly JsonObject[]> {
  const nodes = new Map([...data].map(([entity, rows]) => [entity, rows.map((row, i): Record<string, Json> => ({ ...row, id: i + 1 }))]))
  for (const [entity, rows] of nodes) {
    for (const [key, target] of Object.entries(toOne[entity] ?? {})) {
      const relation = Object.entries(toMany[target] ?? {}).find(([, other]) => other === entity)?.[0]
      if (relation !== undefined) for (const node of nodes.get(target) ?? []) node[relation] = rows.filter((row) => row[key] === node.id && !isArchived(entity, Number(row.id)))
    }
  }
  for (const [entity, rows] of nodes) {
    for (const [key, [target, inverse]] of Object.entries(lists[entity] ?? {})) {
      const ids = (row: JsonObject): readonly Json[] => (data.get(entity)?.[Number(row.id) - 1]?.[key] ?? []) as readonly Json[]
      for (const node of nodes.get(target) ?? []) node[inverse] = rows.filter((row) => ids(row).includes(node.id ?? null))
      for (const row of rows) row[key] = ids(row).map((id) => nodes.get(target)?.[Number(id) - 1] ?? null)
    }
  }
  for (const [entity, rows] of nodes) {
    for (const [key, target] of Object.entries(toOne[entity] ?? {})) for (const row of rows) row[key] = nodes.get(target)?.[Number(row[key]) - 1] ?? null
  }
  return nodes
}

const nodes = graph()

describe.each(databaseKinds)('%s', (kind) => {
  let file: TestDatabase
  let database: Database

  beforeAll(async () => {
    file = await freshDatabase(kind)
    database = await openDatabase(file.url)
    await createTables(database, model)
    const stamp = { by: null, at: new Date('2026-01-01T00:00:00Z'), owner: null }
    await database.write(async (tx) => {
      // Nothing is linked before it is there: the tables have no foreign keys.
      for (const [name, rows] of data) {
        const saved = await records.insert(tx, entityOf(name), rows, stamp)
        for (const { id } of saved) if (isArchived(name, Number(id))) await records.setArchived(tx, entityOf(name), Number(id), true, stamp)
      }
      await tx.run('ANALYZE', []) // as servers do by themselves, only later
    })
  })

  afterAll(async () => {
    await database.close()
    await file.drop()
  })

  const inDatabase = async (name: string, condition: JsonObject): Promise<readonly number[]> => {
    const entity = entityOf(name)
    const rows = resolve(model, name, condition, unrestricted(model), '')
    const fields = [...entity.fields.values()].filter(({ key }) => key === 'id').map((field) => ({ field, masked: false }))
    const page = await records.list(database.read, { entity, rows, archived: 'without', selection: { fields, toOne: [], toMany: [] }, sort: [], limit: 500 }, context)
    return page.records.map((record) => Number(record['id'])).toSorted((a, b) => a - b)
  }

  const inMemory = (name: string, condition: JsonObject): readonly number[] =>
    (nodes.get(name) ?? []).filter((record) => !isArchived(name, Number(record.id)) && matches(condition, record, context)).map((record) => Number(record.id))

  const decidedAlone = (name: string, condition: JsonObject): readonly (readonly [number, boolean])[] => {
    const rows = resolve(model, name, condition, unrestricted(model), '')
    return (data.get(name) ?? []).flatMap((record, i) => {
      const answer = isArchived(name, i + 1) ? undefined : decide(rows, { ...record, id: i + 1 }, context.user)
      return answer === undefined ? [] : [[i + 1, answer] as const]
    })
  }

  test.each(['member', 'store', 'purchase'])('random conditions on %s', async (name) => {
    const found = new Set<number>()
    const decided = { true: 0, false: 0 }
    await fc.assert(
      fc.asyncProperty(conditionOn(name, 3), async (condition) => {
        const expected = inMemory(name, condition)
        found.add(expected.length)
        expect((await inDatabase(name, condition)).join(' ')).toBe(expected.join(' '))
        // What is decided on a record at hand is what the database says.
        for (const [id, answer] of decidedAlone(name, condition)) {
          decided[answer ? 'true' : 'false'] += 1
          expect([id, answer]).toEqual([id, expected.includes(id)])
        }
      }),
      { numRuns: 250, seed: process.env.TESSERA_TEST_SEED === undefined ? 20260701 : Number(process.env.TESSERA_TEST_SEED) },
    )
    // The conditions must be neither all true nor all false, or the agreement would say nothing.
    expect(found.size).toBeGreaterThan(4)
    expect(Math.min(decided.true, decided.false)).toBeGreaterThan(20)
  }, 60_000)
})
