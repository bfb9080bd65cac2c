/** Conditions in memory: every operator, missing values, negation, relations, placeholders; and what cannot be read. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conditionLimits, ConditionError, matches, parseCondition, type Condition } from '../../metadata/contract/condition.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'

const context = {
  now: new Date('2026-07-01T08:30:00Z'),
  timeZone: 'Asia/Shanghai',
  user: (name: string): Json | undefined => new Map<string, Json>([['id', 7], ['stores', [1, 2]], ['region', 'north'], ['none', null], ['noStores', []]]).get(name),
}

const member: JsonObject = {
  id: 5,
  name: 'Wáng Fang 100%_x',
  tier: 'gold',
  income: 3000,
  nick: null,
  active: true,
  born: '1990-02-28',
  at: '2026-06-30T20:00:00.000Z',
  tags: ['news', 'offers'],
  store: { id: 2, region: 'north', manager: { id: 7, name: 'Li' } },
  home: null,
  purchases: [
    { channel: 'store', amount: 0.1, at: '2026-06-01T00:00:00.000Z', store: 1 },
    { channel: 'store', amount: 0.2, at: '2026-06-15T00:00:00.000Z', store: 2 },
    { channel: 'web', amount: 50, at: '2025-01-01T00:00:00.000Z', store: null },
  ],
  visits: [],
}

const holds: readonly Condition[] = [
  {},
  { tier: 'gold' },
  { tier: { $ne: 'silver' } },
  { income: { $gte: 3000, $lt: 5000 } },
  { tier: { $in: ['gold', 'silver'] } },
  { tier: { $nin: ['bronze'] } },
  { name: { $contains: 'FANG' } },
  { name: { $contains: '100%_' } },
  { name: { $startsWith: 'WÁNG' } },
  { name: { $contains: 'ＦＡＮＧ' } },
  { tags: { $contains: 'news' } },
  { tags: { $contains: 'Néws' } },
  { active: true },
  { born: { $lt: '1990-03-01' } },
  { at: { $gte: 'now-1d' } },
  { at: { $lt: 'now/d+1d' } },
  { at: { $gte: 'now/d-1d' } },
  { at: { $eq: '2026-07-01T04:00:00+08:00' } },
  // Missing values: a comparison is false, its opposite true.
  { nick: null },
  { nick: { $ne: 'Bo' } },
  { nick: { $nin: ['Bo'] } },
  { $not: { nick: { $gt: 'a' } } },
  { $not: { nick: { $contains: '' } } },
  { unknown: null },
  { tier: { $ne: null } },
  { $and: [] },
  { $not: { $or: [] } },
  { $or: [{ tier: 'silver' }, { income: 3000 }] },
  { $not: { $and: [{ tier: 'gold' }, { income: 1 }] } },
  // To-one.
  { store: 2 },
  { store: { $in: [2, 3] } },
  { 'store.region': 'north' },
  { 'store.manager.name': { $startsWith: 'l' } },
  { 'home.region': null },
  { 'home.region': { $ne: 'north' } },
  { $not: { 'home.region': 'north' } },
  // To-many.
  { purchases: { $some: { channel: 'web' } } },
  { purchases: { $none: { channel: 'phone' } } },
  { purchases: { $every: { amount: { $gt: 0 } } } },
  { visits: { $every: { amount: 1 }, $none: {} } },
  { $not: { visits: { $some: {} } } },
  { $not: { purchases: { $every: { channel: 'store' } } } },
  { purchases: { $count: 3 } },
  { visits: { $count: 0 } },
  { visits: { $sum: { amount: 0 } } },
  { purchases: { $some: { channel: 'store' }, $count: { $eq: 2 }, $sum: { amount: { $eq: 0.3 } } } },
  { purchases: { $some: { channel: 'store' }, $avg: { amount: 0.15 } } },
  { purchases: { $min: { amount: 0.1 }, $max: { amount: { $gte: 50 } } } },
  { purchases: { $max: { at: { $gte: 'now-30d' } } } },
  { $not: { visits: { $avg: { amount: 10 } } } },
  { $not: { visits: { $avg: { amount: { $ne: 10 } } } } },
  // Placeholders.
  { 'store.manager': '$user.id' },
  { store: { $in: '$user.stores' } },
  { store: { $nin: '$user.noStores' } },
  { store: { $in: '$user.stores' }, 'store.region': { $in: '$user.region' } },
  { purchases: { $some: { store: { $in: '$user.stores' } } } },
]

const fails: readonly Condition[] = [
  { $or: [] },
  { $not: {} },
  { tier: 'Gold' },
  { income: '3000' },
  { nick: { $gt: '' } },
  { nick: { $in: [''] } },
  { nick: { $contains: '' } },
  { nick: { $startsWith: '' } },
  { name: { $contains: 'Fangs' } },
  { tags: { $contains: 'new' } },
  { 'home.region': 'north' },
  { 'home.region': { $ne: null } },
  { 'store.region': { $ne: 'north' } },
  { 'home.visits': { $count: 0 } },
  { visits: { $min: { amount: { $lt: 10 } } } },
  { visits: { $max: { amount: { $ne: 10 } } } },
  { purchases: { $every: { channel: 'store' } } },
  { purchases: { $none: { channel: 'store' } } },
  { constructor: { $ne: null } },
  { __proto__x: { $ne: null } },
  // An attribute that the caller has not: nothing, however it is asked.
  ...['missing', 'none'].flatMap((name): readonly Condition[] => [
    { store: `$user.${name}` },
    { store: { $ne: `$user.${name}` } },
    { store: { $nin: `$user.${name}` } },
    { store: { $in: `$user.${name}` } },
    { nick: { $ne: `$user.${name}` } },
    { $not: { store: `$user.${name}` } },
    { $not: { store: { $nin: `$user.${name}` } } },
    { $not: { $not: { store: { $ne: `$user.${name}` } } } },
    { $not: { $or: [{ store: `$user.${name}` }, { tier: 'x' }] } },
    { purchases: { $none: { store: `$user.${name}` } } },
    { visits: { $none: { store: `$user.${name}` } } },
    { visits: { $every: { store: `$user.${name}` } } },
    { $not: { purchases: { $some: { store: `$user.${name}` } } } },
    { $not: { purchases: { $every: { store: `$user.${name}` } } } },
    { purchases: { $some: { store: { $ne: `$user.${name}` } } } },
    { purchases: { $count: { $ne: `$user.${name}` } } },
    { purchases: { $some: { store: { $ne: `$user.${name}` } }, $count: { $gte: 0 } } },
    { $not: { purchases: { $count: `$user.${name}` } } },
  ]),
  // A list where one value must stand.
  { store: '$user.stores' },
  { $not: { store: '$user.stores' } },
  { store: { $in: '$user.noStores' } },
]

test.each(holds)('%j holds', (condition) => {
  expect(matches(condition, member, context)).toBe(true)
})

test.each(fails)('%j does not hold', (condition) => {
  expect(matches(condition, member, context)).toBe(false)
})

describe('what cannot be read is refused with its place', () => {
  const deep = (levels: number): Json => (levels === 0 ? { a: 1 } : { $not: deep(levels - 1) })
  test.each<readonly [Json, string]>([
    [[], ''],
    ['tier', ''],
    [{ tier: { $like: 'x' } }, '/tier/$like'],
    [{ $nor: [] }, '/$nor'],
    [{ $or: { a: 1 } }, '/$or'],
    [{ $or: [{ a: 1 }, { b: { $gt: null } }] }, '/$or/1/b/$gt'],
    [{ 'a/b': {} }, '/a~1b'],
    [{ tier: ['gold'] }, '/tier'],
    [{ tier: { $eq: { x: 1 } } }, '/tier/$eq'],
    [{ tier: { $in: 'gold' } }, '/tier/$in'],
    [{ tier: { $in: ['gold', null] } }, '/tier/$in/1'],
    [{ tier: { $in: ['$user.tier'] } }, '/tier/$in/0'],
    [{ tier: { $in: Array.from({ length: conditionLimits.list + 1 }, (_, i) => i) } }, '/tier/$in'],
    [{ purchases: { $some: { $where: 'x' } } }, '/purchases/$some/$where'],
    [{ purchases: { $sum: 5 } }, '/purchases/$sum'],
    [{ purchases: { $sum: { amount: { $contains: 'x' } } } }, '/purchases/$sum/amount/$contains'],
    [{ purchases: { $count: { $in: [1] } } }, '/purchases/$count/$in'],
    [{ purchases: { $count: {} } }, '/purchases/$count'],
    [{ purchases: { $max: { at: null } } }, '/purchases/$max/at'],
    [{ 'a.b.c.d.e.f.g': 1 }, '/a.b.c.d.e.f.g'],
    [deep(conditionLimits.depth), '/$not'.repeat(conditionLimits.depth)],
    [{ $or: Array.from({ length: conditionLimits.leaves + 1 }, (_, i) => ({ a: i })) }, `/$or/${String(conditionLimits.leaves)}/a`],
  ])('%j at %s', (condition, path) => {
    const problem = (): unknown => {
      try {
        return parseCondition(condition)
      } catch (error) {
        return error
      }
    }
    expect(problem()).toBeInstanceOf(ConditionError)
    expect(problem()).toMatchObject({ path })
  })

  test('the limits themselves are allowed', () => {
    expect(() => parseCondition(deep(conditionLimits.depth - 1))).not.toThrow()
    expect(() => parseCondition({ $or: Array.from({ length: conditionLimits.leaves }, (_, i) => ({ a: i })) })).not.toThrow()
    expect(() => parseCondition({ a: { $in: Array.from({ length: conditionLimits.list }, (_, i) => i) } })).not.toThrow()
  })

  test('any JSON is read or refused, nothing else happens', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          return typeof matches(parseCondition(value as Json), member, context) === 'boolean'
        } catch (error) {
          return error instanceof ConditionError
        }
      }),
    )
  })
})

test('without placeholders a condition and its opposite never agree', () => {
  const value = fc.constantFrom<Json>('gold', 3000, true, 'now-1d', '1990-02-28', 0.3, 2)
  const leaf = fc
    .tuple(fc.constantFrom('tier', 'income', 'nick', 'born', 'at', 'store', 'store.region', 'home.region', 'tags'), fc.constantFrom('$eq', '$ne', '$gt', '$lte', '$contains'), value)
    .map(([path, operator, operand]): JsonObject => ({ [path]: { [operator]: operand } }))
  const { condition } = fc.letrec<{ condition: JsonObject }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('condition'), { maxLength: 3 }).map((parts): JsonObject => ({ $or: parts })),
      fc.array(tie('condition'), { maxLength: 3 }).map((parts): JsonObject => ({ $and: parts })),
      tie('condition').map((part): JsonObject => ({ $not: part })),
      fc.tuple(fc.constantFrom('$some', '$none', '$every'), leaf).map(([quantifier, of]): JsonObject => ({ purchases: { [quantifier]: of } })),
    ),
  }))
  fc.assert(fc.property(condition, (one) => matches(one, member, context) !== matches({ $not: one }, member, context)), { numRuns: 1000 })
})
