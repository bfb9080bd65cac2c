import { describe, expect, test } from 'vitest'
import { check } from '../../engine/definitions/check.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { modelOf, tinyModel } from './packs.js'

const codes = (result: { findings: readonly { path: string; code: string }[] }): string[] => result.findings.map((one) => `${one.code} ${one.path}`)

const thing = (properties: JsonObject, required: readonly string[] = []) => {
  const entity = modelOf({ properties, required }).entities.get('thing')
  if (entity === undefined) throw new Error('the entity did not compile')
  return entity
}

describe('creating', () => {
  test('gives canonical values and defaults', async () => {
    const account = (await tinyModel()).entities.get('account')
    expect(account?.validateCreate({ name: 'Ada', phone: '(202) 555-0123' })).toEqual({ values: { name: 'Ada', phone: '+12025550123', active: true }, findings: [] })
  })

  test('asks for what is required, and takes null for missing', async () => {
    const contact = (await tinyModel()).entities.get('contact')
    expect(codes(contact?.validateCreate({ name: null, phone: null }) ?? { findings: [] })).toEqual(['value.required /name', 'value.required /account'])
  })

  test('tells everything at once, in plain English', () => {
    const { findings } = thing({ age: { type: 'integer', minimum: 0 }, mail: { type: 'string', format: 'email' }, tier: { enum: ['gold'] } }).validateCreate({ age: -1, mail: 'x', tier: 'tin' })
    expect(findings.map((one) => one.message)).toEqual(['Age must be at least 0.', expect.stringContaining('Mail must'), 'Tier must be one of gold.'])
  })

  test('refuses what the engine fills and what does not exist', async () => {
    const account = (await tinyModel()).entities.get('account')
    expect(codes(account?.validateCreate({ name: 'x', accountNo: 'A1', id: 1, version: 2, owner: 3, nmae: 1 }) ?? { findings: [] })).toEqual(['field.readOnly /accountNo', 'field.readOnly /id', 'field.readOnly /version', 'field.readOnly /owner', 'field.unknown /nmae'])
  })

  test('A-051 A-052 finds dangerous names at every depth and changes no prototype', () => {
    const entity = thing({ data: { type: 'object' } })
    const body = JSON.parse('{"__proto__":{"x":1},"constructor":1,"data":{"a":[{"__proto__":{"polluted":1}}]}}') as JsonObject
    expect(codes(entity.validateCreate(body))).toEqual(['field.readOnly /__proto__', 'field.readOnly /constructor', 'value.key /data/a/0/__proto__'].map((one) => expect.stringContaining(one.split(' ')[1] ?? '')))
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('refuses values that are nested too deeply', () => {
    let deep: JsonObject = {}
    for (let i = 0; i < 20; i++) deep = { deep }
    expect(thing({ data: { type: 'object' } }).validateCreate({ data: deep }).findings.map((one) => one.code)).toEqual(['value.depth'])
  })

  test('stops telling after a hundred findings', () => {
    const body = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x${i}`, 1]))
    expect(thing({}).validateCreate(body).findings).toHaveLength(100)
  })
})

describe('patching', () => {
  test('takes only what is sent; null clears, but not what is required', () => {
    const entity = thing({ name: { type: 'string', default: 'x' }, note: { type: 'string' } }, ['name'])
    expect(entity.validatePatch({ note: null })).toEqual({ values: { note: null }, findings: [] })
    expect(codes(entity.validatePatch({ name: null }))).toEqual(['value.required /name'])
  })
})

describe('keywords of the property narrow the type', () => {
  test.each<[string, JsonObject, unknown, unknown]>([
    ['maxLength', { type: 'string', maxLength: 3 }, 'abc', 'abcd'],
    ['pattern', { type: 'string', pattern: '^[a-z]+$' }, 'abc', 'a1'],
    ['minimum', { type: 'integer', minimum: 5 }, 5, 4],
    ['exclusiveMaximum', { type: 'number', exclusiveMaximum: 5 }, 4.9, 5],
    ['multipleOf', { type: 'number', multipleOf: 0.01 }, 0.07, 0.075],
    ['a nested pattern', { type: 'object', properties: { zip: { type: 'string', pattern: '^\\d{5}$' } } }, { zip: '12345' }, { zip: '1234' }],
    ['maxItems', { type: 'array', items: { enum: ['a', 'b'] }, uniqueItems: true, maxItems: 1 }, ['a'], ['a', 'b']],
  ])('%s', (_keyword, property, good, bad) => {
    const entity = thing({ field: property })
    expect(entity.validateCreate({ field: good } as JsonObject).findings).toEqual([])
    expect(entity.validateCreate({ field: bad } as JsonObject).findings).toHaveLength(1)
  })

  test.each([[Number('12345678901234567890')], [Number('0.12345678901234567')], [Number.NaN], [Number.POSITIVE_INFINITY]])('A-132 %d is refused, never rounded', (value) => {
    expect(thing({ field: { type: 'number' } }).validateCreate({ field: value }).findings).not.toEqual([])
  })
})

describe('rules', () => {
  test('hold, are broken, or have nothing to say', async () => {
    const deal = (await tinyModel()).entities.get('deal')
    expect(deal?.checkRules({ stage: 'won', amount: 10 })).toEqual([])
    expect(deal?.checkRules({ stage: 'won', amount: 0 })).toEqual([{ path: '/amount', code: 'value.rule', message: 'A deal that was won has an amount.' }])
    expect(deal?.checkRules({ stage: 'won', amount: null })).toEqual([])
    expect(deal?.checkRules({ stage: 'lead', amount: null })).toEqual([])
  })

  const checked = (rules: Json): readonly string[] => {
    const amount = { type: 'number', maximum: 100 }
    const document = { type: 'object', properties: { name: { type: 'string' }, amount, other: amount, tier: { enum: ['low', 'high'] }, on: { type: 'string', format: 'date' }, tags: { type: 'array', items: { type: 'string' } }, twice: { readOnly: true, crm: { type: 'formula', cel: 'amount * 2' } } }, crm: { rules } }
    return check({ 'thing/entity.json': document }).findings.map(({ path, message }) => `${path.replace('thing/entity.json#/crm/rules', '')} ${message}`)
  }

  test('that set fields are typed when they are checked', () => {
    expect(checked([{ when: 'amount > 5', on: 'create', changed: ['name'], set: { tier: "'low'", on: 'today + 1', amount: 'coalesce(amount, 5)', name: "amount > 5 ? name + '!' : null" } }])).toEqual([])
    expect(checked([{ set: { amount: 'name', tier: "amount > 1 ? 'low' : 'middle'", on: 'now', tags: 'tags', twice: '4', other: 'twice', gone: '1' }, when: 'name', changed: ['nothing'] }])).toEqual([
      '/0/changed/0 There is no field “nothing” in thing.',
      '/0/when The rule cannot be used: It gives a text, but it must give a yes/no value.',
      '/0/set/amount The rule cannot be used: It must give a number, because “Amount” holds one.',
      '/0/set/tier The rule cannot be used: Tier must be one of low, high.',
      '/0/set/on The rule cannot be used: It must give a date, because “On” holds one.',
      '/0/set/tags A rule cannot set “tags”: its value is more than one text, number, day, moment or yes/no.',
      '/0/set/twice A rule cannot set “twice”: the engine fills it.',
      '/0/set/other The rule cannot be used: “twice” is computed from what rules set; name the fields that it is computed from.',
      '/0/set/gone There is no field “gone” in thing.',
    ])
    expect(checked([{ set: { amount: 'other' } }, { set: { other: 'amount' } }])).toEqual(['/0 It reads “other”, which rule 2 sets afterwards.'])
    expect(checked([{ set: {} }, { when: 'true' }, { set: { name: '' }, cel: 'true' }])).toHaveLength(6)
  })

  test('that set references take them from references to the same entity, of the record or of one that it refers to', () => {
    const to = (entity: string, inverse: string, more: JsonObject = {}): JsonObject => ({ crm: { type: 'reference', to: entity, inverse, onDelete: 'clear', ...more } })
    const shop = { type: 'object', properties: { name: { type: 'string' }, opens: { type: 'string' }, head: to('person', 'shops'), above: to('shop', 'below', { hierarchy: true }) } }
    const sets = (set: JsonObject): readonly string[] => {
      const visit = { type: 'object', properties: { note: { type: 'string' }, shop: to('shop', 'visits'), first: to('person', 'firsts'), second: to('person', 'seconds') }, crm: { rules: [{ set }] } }
      const person = { type: 'object', properties: { name: { type: 'string' }, shop: to('shop', 'staff') } }
      return check({ 'shop/entity.json': { ...shop, crm: set['above'] === undefined ? {} : { rules: [{ set }] } }, 'person/entity.json': person, 'visit/entity.json': set['above'] === undefined ? visit : { ...visit, crm: {} } }).findings.map(({ message }) => message)
    }
    for (const cel of ['second', 'shop.head', 'coalesce(first, shop.head, second)', "note == 'x' ? second : shop.above.head", 'shop == null ? null : shop.head']) expect(sets({ first: cel }), cel).toEqual([])
    const wrong = expect.stringContaining('It must give a reference to Person') as string
    for (const cel of ['shop', 'shop.above', '7', 'coalesce(first, 7)', 'second + 1']) expect(sets({ first: cel }), cel).toEqual([wrong])
    expect(sets({ first: 'shop.opens' })).toEqual([expect.stringContaining('of other records, a rule takes references only')])
    expect(sets({ first: 'shop.nobody' })).toEqual([expect.stringContaining('There is no field “shop.nobody”')])
    expect(sets({ above: 'above' })).toEqual([expect.stringContaining('it says where the record belongs')])
  })

  test('that set fields see what those above them set, and stand still when nothing is left to do', () => {
    const entity = modelOf({ properties: { a: { type: 'integer' }, b: { type: 'integer' }, c: { type: 'number', multipleOf: 0.01 } }, crm: { rules: [{ set: { a: 'coalesce(a, 1)' } }, { when: 'b != 9', set: { b: 'a + 1' } }, { set: { c: 'b / 3.0' } }] } }).entities.get('thing')
    const run = (before: JsonObject | null, record: JsonObject): JsonObject => entity?.sets?.apply(before, record, new Date()).values ?? {}
    expect(run(null, {})).toEqual({ a: 1, b: 2, c: 0.67 })
    expect(run({ a: 1, b: 2, c: 0.67 }, { a: 1, b: 2, c: 0.67 })).toEqual({})
    expect(run({ a: 1, b: 2, c: 0.67 }, { a: 1, b: 9, c: 0.67 })).toEqual({ c: 3 })
    expect(modelOf({ properties: { a: { type: 'integer' } }, crm: { rules: [{ set: { a: 'b ==' } }] } }).entities.get('thing')?.sets?.apply(null, {}, new Date()).findings).toMatchObject([{ path: '/a', code: 'value.ruleSets' }])
  })

  test('a rule that cannot be read refuses every record', () => {
    const entity = modelOf({ properties: { a: { type: 'string' } }, crm: { rules: [{ cel: 'a ==', message: 'no', at: 'a' }] } }).entities.get('thing')
    expect(entity?.checkRules({ a: 'x' })).toHaveLength(1)
  })
})
