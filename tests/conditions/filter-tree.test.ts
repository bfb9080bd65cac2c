/** What people see and change of a condition means what the condition means, however it was written. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { matches } from '../../metadata/contract/condition.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { changeAt, readFilter, writeFilter, type Group, type Part } from '../../studio/lists/filter/filter-tree.js'

const context = { now: new Date('2026-07-01T08:30:00Z'), timeZone: 'UTC', user: (): undefined => undefined }

const number = fc.integer({ min: -1, max: 4 })
const test1 = fc.oneof(
  fc.record({ n: fc.oneof(number, fc.constant(null), fc.dictionary(fc.constantFrom('$gte', '$lt', '$ne', '$eq'), number, { minKeys: 1 })) }),
  fc.constantFrom<JsonObject>({ tier: { $in: ['a', 'b'] } }, { tier: 'a' }, { at: { $gte: 'now-90d' } }, { at: { $gte: 'now/d', $lt: 'now+1d/d' } }, { at: { $gte: 'now', $lte: 'now+3d' } }, { at: { $gte: 'now-1d/d', $lt: 'now' } }, { 'store.n': 2 }),
)
const rows = fc.oneof(fc.constant({}), fc.record({ n: fc.oneof(number, fc.record({ $gt: number })) }))
const comparison = fc.dictionary(fc.constantFrom('$gte', '$gt', '$lt', '$lte', '$eq'), number, { minKeys: 1, maxKeys: 2 })
const relation = fc.record({ $some: rows, $none: rows, $every: rows, $count: comparison, $sum: comparison.map((n) => ({ n })), $max: comparison.map((n) => ({ n })) }, { requiredKeys: [] })
  .filter((tests) => Object.keys(tests).length > 0).map((buys): JsonObject => ({ buys }))
const { condition } = fc.letrec<{ condition: JsonObject }>((tie) => ({
  condition: fc.oneof({ depthSize: 'small', withCrossShrink: true }, test1, relation, fc.constant({}),
    fc.record({ $or: fc.array(tie('condition'), { maxLength: 3 }) }), fc.record({ $and: fc.array(tie('condition'), { maxLength: 3 }) }), fc.record({ $not: tie('condition') }),
    fc.tuple(test1, relation).map(([a, b]) => ({ ...a, ...b }))),
}))
const row = fc.record({ n: fc.option(number) })
const record = fc.record({ n: fc.option(number), tier: fc.constantFrom('a', 'b', 'c', null), at: fc.constantFrom(null, '2026-07-01T10:00:00.000Z', '2026-05-01T00:00:00.000Z', '2026-07-03T00:00:00.000Z', '2020-01-01T00:00:00.000Z'), store: fc.option(row), buys: fc.array(row, { maxLength: 4 }) })

const holds = (asked: JsonObject, of: Json): boolean => matches(asked, of as JsonObject, context)

test('reading a condition and writing it again changes its form, never what it lets through', () => {
  fc.assert(fc.property(condition, record, (asked, of) => {
    const written = writeFilter(readFilter(asked)) ?? {}
    expect(holds(written, of), JSON.stringify(written)).toBe(holds(asked, of))
  }), { numRuns: 2_000, examples: [[{ buys: { $some: {}, $sum: { n: { $gte: 0 } } } }, { n: null, tier: 'a', at: null, store: null, buys: [] }]] })
})

test('what people ask of related records has a form that says so, also for few and for none', () => {
  const bought = (more: Partial<Extract<Part, { kind: 'related' }>>): Group => ({
    kind: 'group', match: 'all',
    parts: [{ kind: 'related', path: 'buys', measure: '$count', field: '', operator: '$gte', value: 3, rows: { kind: 'group', match: 'all', parts: [{ kind: 'test', path: 'channel', comparison: '$eq', value: 'store' }, { kind: 'test', path: 'at', comparison: 'past', value: '90d' }] }, ...more }],
  })
  const some = { channel: 'store', at: { $gte: 'now-90d' } }
  expect(writeFilter(bought({}))).toEqual({ buys: { $some: some, $count: { $gte: 3 } } })
  expect(writeFilter(bought({ operator: '$lt' }))).toEqual({ $not: { buys: { $some: some, $count: { $gte: 3 } } } })
  expect(writeFilter(bought({ measure: '$none' }))).toEqual({ buys: { $none: some } })
  expect(writeFilter(bought({ measure: '$sum', field: 'amount', operator: '$gt', value: 100 }))).toEqual({ buys: { $some: some, $sum: { amount: { $gt: 100 } } } })
  for (const group of [bought({}), bought({ operator: '$lt' }), bought({ measure: '$sum', field: 'amount', operator: '$lte', value: 9 }), bought({ operator: '$lt', rows: readFilter({}) })]) expect(readFilter(writeFilter(group))).toEqual(group)
  expect(writeFilter(bought({ value: null }))).toBeUndefined()
  expect(writeFilter(changeAt(bought({}), [0, 1], () => null))).toEqual({ buys: { $some: { channel: 'store' }, $count: { $gte: 3 } } })
})
