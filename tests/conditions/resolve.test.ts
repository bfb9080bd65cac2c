/** Conditions against the model: rights at every hop, one answer for unknown and hidden, operands that fit. */
import { describe, expect, test } from 'vitest'
import { Problem } from '../../engine/errors.js'
import type { Entity } from '../../engine/model/model.js'
import { everything, nothing, type Predicate, type Search } from '../../engine/model/conditions/predicate.js'
import { resolve, resolveSearch, unrestricted, type EntityLens, type FieldLens, type Lens } from '../../engine/model/conditions/resolve.js'
import type { Json } from '../../metadata/contract/json.js'
import { shop } from './shop.js'

const model = shop()
const full = unrestricted(model)

/** A lens that shows all but what is named: `entity` hides it, `entity.field` sets how the field is seen. */
const lensWith = (changes: Readonly<Record<string, FieldLens | 'hidden'>>, rows: Readonly<Record<string, Predicate>> = {}): Lens => ({
  segment: (name) => full.segment(name),
  entity(name): EntityLens | undefined {
    const seen = full.entity(name)
    if (seen === undefined || changes[name] === 'hidden') return undefined
    return {
      entity: seen.entity,
      rows: rows[name] ?? everything,
      field: (key) => {
        const change = changes[`${name}.${key}`]
        return change === 'hidden' ? undefined : (change ?? seen.field(key))
      },
    }
  },
})

const ask = (condition: Json, lens: Lens = full): Predicate => resolve(model, 'member', condition, lens, '/filter')

function problemOf(work: () => unknown): Problem {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const fieldOf = (entity: string, key: string) => model.entities.get(entity)?.fields.get(key)
const rule = (entity: string, key: string, value: Json): Predicate => resolve(model, entity, { [key]: value }, full, '')
const entityOf = (name: string): Entity | undefined => model.entities.get(name)

describe('A-002, A-003, A-004: a forbidden name is refused like an unknown one, wherever it stands', () => {
  const hidden = lensWith({ 'member.income': 'hidden', 'member.phone': { how: 'masked' }, 'store.rent': 'hidden', 'purchase.amount': 'hidden', user: 'hidden' })
  const wrap: readonly ((leaf: Json) => Json)[] = [
    (leaf) => leaf,
    (leaf) => ({ $not: leaf }),
    (leaf) => ({ $or: [{ tier: 'gold' }, { $and: [{ $not: { $or: [leaf] } }] }] }),
    (leaf) => ({ $and: [{ $or: [] }, leaf] }),
  ]
  test.each([
    ['income', 'outcome'],
    ['phone', 'outcome'],
    ['store.rent', 'store.tax'],
    ['store.manager.name', 'store.tax.name'],
    ['createdBy.email', 'nobody.email'],
    ['rent', 'tax'],
    ['income.x', 'outcome.x'],
    ['name.x', 'title.x'],
    ['constructor', 'outcome'],
    ['__proto__', 'outcome'],
    ['Name', 'Title'],
    ['member.name', 'member.title'],
    ['"name"', '"title"'],
    ['name__fold', 'title__fold'],
    ['store_id', 'title_id'],
  ])('%s', (name, unknown) => {
    for (const dress of wrap) {
      const problem = (key: string): Problem => problemOf(() => ask(dress(JSON.parse(`{${JSON.stringify(key)}:{"$ne":null}}`) as Json), hidden))
      expect(problem(name).code).toBe('access.field')
      expect(problem(name).message.replace(name, '?')).toBe(problem(unknown).message.replace(unknown, '?'))
    }
  })

  test.each<Json>([
    { purchases: { $some: { amount: { $gt: 1 } } } },
    { purchases: { $none: { $or: [{ channel: 'web' }, { amount: 1 }] } } },
    { purchases: { $every: { amount: 1 } } },
    { purchases: { $sum: { amount: 1 } } },
    { purchases: { $some: { amount: 1 }, $count: 1 } },
    { 'store.purchases': { $max: { amount: 1 } } },
    { purchases: { $some: { 'store.rent': 1 } } },
    { purchases: { $some: { 'member.income': 1 } } },
    { 'store.members': { $some: { phone: '+8613812345678' } } },
  ])('%j', (condition) => {
    for (const dress of wrap) expect(problemOf(() => ask(dress(condition), hidden)).code).toBe('access.field')
    expect(() => ask(condition)).not.toThrow()
  })

  test('a relation is hidden with its entity, and with the field that makes it', () => {
    const unknown = problemOf(() => ask({ visits: { $some: {} } }))
    for (const lens of [lensWith({ purchase: 'hidden' }), lensWith({ 'purchase.member': 'hidden' }), lensWith({ 'purchase.member': { how: 'masked' } })]) {
      for (const test of [{ $some: {} }, { $count: 1 }, 5]) {
        const problem = problemOf(() => ask({ purchases: test }, lens))
        expect([problem.code, problem.message.replace('purchases', '?')]).toEqual([unknown.code, unknown.message.replace('visits', '?')])
      }
    }
  })

  test('an entity that is hidden or unknown', () => {
    expect(problemOf(() => resolve(model, 'user', {}, hidden, '')).code).toBe('access.field')
    expect(problemOf(() => resolve(model, 'nothing', {}, full, '')).code).toBe('access.field')
  })
})

describe('A-024: only rows that the caller may read are looked at', () => {
  const north = rule('store', 'region', 'north')
  const own = rule('purchase', 'channel', 'store')
  const lens = lensWith({}, { store: north, purchase: own, member: nothing })

  test('a to-one hop carries the row rule of its target', () => {
    expect(ask({ 'store.name': 'A' }, lens)).toMatchObject({ kind: 'toOne', field: fieldOf('member', 'store'), target: entityOf('store'), of: { kind: 'all', of: [north, { kind: 'compare', operator: '$eq' }] } })
  })

  test('a to-many test carries the row rule and leaves archived records out', () => {
    for (const condition of [{ purchases: { $some: { quantity: 1 } } }, { purchases: { $every: { quantity: 1 } } }, { purchases: { $count: { $lt: 2 } } }]) {
      const predicate = ask(condition, lens)
      expect(predicate).toMatchObject({ rows: { kind: 'all', of: expect.arrayContaining([own, expect.objectContaining({ field: fieldOf('purchase', 'archivedAt'), operator: '$eq' })]) as unknown } })
    }
  })

  test('the row rule of the asked entity itself is left to the caller', () => {
    expect(ask({ tier: 'gold' }, lens)).toMatchObject({ kind: 'compare' })
  })

  test('$some is not asked twice beside an aggregate that needs rows', () => {
    expect(ask({ purchases: { $some: { channel: 'store' }, $count: { $gte: 3 } } })).toMatchObject({ kind: 'measure' })
    expect(ask({ purchases: { $some: { channel: 'store' }, $count: { $lt: 3 } } })).toMatchObject({ kind: 'all', of: [{ kind: 'toMany', quantifier: '$some' }, { kind: 'measure' }] })
  })
})

describe('a field that is seen on some rows is asked on those only', () => {
  const gold = rule('member', 'tier', 'gold')
  const north = rule('store', 'region', 'north')
  const lens = lensWith({ 'member.income': { how: 'full', visible: gold }, 'store.rent': { how: 'full', visible: north } })

  test.each<Json>([{ income: 5 }, { income: { $ne: 5 } }, { income: null }, { $not: { income: { $gt: 5 } } }, { $not: { income: { $in: [5] } } }])('%j', (condition) => {
    expect(ask(condition, lens)).toMatchObject({ kind: 'all', of: [gold, {}] })
  })

  test('on the way of a path, positive and negative', () => {
    expect(ask({ 'store.rent': 5 }, lens)).toMatchObject({ kind: 'toOne', of: { kind: 'all', of: [north, { kind: 'compare', operator: '$eq' }] } })
    expect(ask({ 'store.rent': { $ne: 5 } }, lens)).toMatchObject({
      kind: 'any',
      of: [{ kind: 'not', of: { kind: 'toOne' } }, { kind: 'toOne', of: { kind: 'all', of: [north, { kind: 'compare', operator: '$ne' }] } }],
    })
  })

  test('aggregates count visible values only', () => {
    const purchases = lensWith({ 'purchase.amount': { how: 'full', visible: rule('purchase', 'channel', 'store') } })
    expect(ask({ purchases: { $sum: { amount: { $gt: 1 } } } }, purchases)).toMatchObject({ rows: { of: expect.arrayContaining([rule('purchase', 'channel', 'store')]) as unknown } })
  })
})

describe('operands', () => {
  const operandOf = (condition: Json): unknown => {
    const predicate = ask(condition)
    return 'operand' in predicate ? predicate.operand : predicate
  }
  test.each<[Json, unknown]>([
    [{ phone: '138 1234 5678' }, { kind: 'value', cell: '+8613812345678' }],
    [{ name: { $contains: 'ＬＩ' } }, { kind: 'value', cell: 'li' }],
    [{ joined: '2026-07-01T08:00:00+08:00' }, { kind: 'value', cell: '2026-07-01T00:00:00.000Z' }],
    [{ joined: { $gte: 'now-90d' } }, { kind: 'relative', expression: 'now-90d', as: 'instant' }],
    [{ born: { $lt: 'now/y' } }, { kind: 'relative', expression: 'now/y', as: 'date' }],
    [{ name: 'now/y' }, { kind: 'value', cell: 'now/y' }],
    [{ tier: { $in: ['gold', 'silver'] } }, { kind: 'list', cells: ['gold', 'silver'] }],
    [{ store: { $in: '$user.stores' } }, { kind: 'user', attribute: 'stores' }],
    [{ income: null }, { kind: 'value', cell: null }],
    [{ purchases: { $avg: { quantity: 1.5 } } }, { kind: 'value', cell: 1.5 }],
    [{ purchases: { $max: { day: 'now-1M/M' } } }, { kind: 'relative', expression: 'now-1M/M', as: 'date' }],
  ])('%j', (condition, operand) => {
    expect(operandOf(condition)).toEqual(operand)
  })

  test.each<[Json, string]>([
    [{ income: '5' }, '/filter/income'],
    [{ income: { $gt: 1.5 } }, '/filter/income/$gt'],
    [{ rate: 0.125 }, '/filter/rate'],
    [{ tier: 'tin' }, '/filter/tier'],
    [{ tier: { $gt: 'gold' } }, '/filter/tier/$gt'],
    [{ name: { $gt: 'a' } }, '/filter/name/$gt'],
    [{ income: { $contains: '1' } }, '/filter/income/$contains'],
    [{ born: '2026-02-30' }, '/filter/born'],
    [{ joined: '2026-07-01' }, '/filter/joined'],
    [{ extra: 5 }, '/filter/extra'],
    [{ tags: { $contains: 'spam' } }, '/filter/tags/$contains'],
    [{ purchases: 5 }, '/filter/purchases'],
    [{ purchases: { $count: 1.5 } }, '/filter/purchases/$count'],
    [{ purchases: { $sum: { day: 1 } } }, '/filter/purchases/$sum/day'],
    [{ purchases: { $sum: { channel: 1 } } }, '/filter/purchases/$sum/channel'],
    [{ $or: [{ tier: { $regex: 'x' } }] }, '/filter/$or/0/tier/$regex'],
    ['tier', '/filter'],
  ])('%j does not fit', (condition, at) => {
    const problem = problemOf(() => ask(condition))
    expect(problem.code).toBe('query.invalid')
    expect(problem.message).toContain(`(at ${at})`)
  })
})

describe('free text', () => {
  const lens = (changes: Readonly<Record<string, FieldLens | 'hidden'>> = {}): EntityLens => {
    const entity = lensWith(changes).entity('member')
    if (entity === undefined) throw new Error('member is missing')
    return entity
  }
  const searchedKeys = (search: Search | undefined): readonly string[] => search?.fields.map(({ field }) => field.key) ?? []

  test('words are folded, repeated ones dropped', () => {
    expect(resolveSearch('  Li　ＬＩ\tWang ', lens())).toMatchObject({ kind: 'search', terms: ['li', 'wang'] })
    expect(resolveSearch(' ', lens())).toBeUndefined()
  })

  test('A-008: only fields that the caller reads in full are searched', () => {
    expect(searchedKeys(resolveSearch('x', lens()))).toEqual(['name', 'note'])
    expect(searchedKeys(resolveSearch('x', lens({ 'member.note': 'hidden' })))).toEqual(['name'])
    expect(searchedKeys(resolveSearch('x', lens({ 'member.note': { how: 'masked' }, 'member.name': 'hidden' })))).toEqual([])
    const gold = rule('member', 'tier', 'gold')
    expect(resolveSearch('x', lens({ 'member.note': { how: 'full', visible: gold } }))).toMatchObject({ fields: [{}, { visible: gold }] })
  })

  test('too much is refused', () => {
    expect(problemOf(() => resolveSearch('x'.repeat(201), lens())).code).toBe('query.invalid')
    expect(problemOf(() => resolveSearch('a b c d e f g h i j k l m n o p q', lens())).code).toBe('query.invalid')
    expect(() => resolveSearch('a b c d e f g h i j k l m n o p', lens())).not.toThrow()
  })
})
