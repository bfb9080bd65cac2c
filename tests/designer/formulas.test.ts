import fc from 'fast-check'
import { expect, test } from 'vitest'

import { expressionProblem } from '../../engine/formulas/check.js'
import { check } from '../../engine/definitions/check.js'
import { mergeLayers } from '../../engine/definitions/layers.js'
import { offeredFunctions } from '../../engine/formulas/functions.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { TypeInfo } from '../../studio/designer/draft/definitions.js'
import { entitiesOf } from '../../studio/designer/draft/definitions.js'
import { callSnippet, entityLanguage, offersAt, usableSystemKeys, type EntityLanguage } from '../../studio/designer/formulas/offers.js'
import { runLanguage } from '../../studio/designer/steps/run-language.js'
import en from '../../studio/texts/designer.en.json' with { type: 'json' }
import zh from '../../studio/texts/designer.zh.json' with { type: 'json' }

const documents = {
  'member/entity.json': {
    title: 'Member', type: 'object',
    properties: {
      nameDay: { type: 'string', crm: { type: 'text' } },
      name: { type: 'string', title: 'Full name', crm: { type: 'text' } },
      tier: { enum: ['bronze', 'gold'], title: 'Loyalty level', crm: { type: 'select', options: { gold: { title: 'Gold' } } } },
      store: { crm: { type: 'reference', to: 'store' } },
      picture: { crm: { type: 'image' } },
      worth: { crm: { type: 'formula', cel: '1' } },
      old: { type: 'string', crm: { type: 'text', archived: true } },
    },
  },
  'store/entity.json': {
    title: 'Store', type: 'object',
    properties: { region: { type: 'string', title: 'Region', crm: { type: 'text' } }, size: { enum: ['s', 'l'], crm: { type: 'select' } }, head: { crm: { type: 'reference', to: 'member' } } },
  },
  'texts/zh.json': { 'member/entity.json': { '/properties/tier/title': '等级', '/properties/tier/crm/options/gold/title': '金卡' } },
}
const type = (name: string, formula: NonNullable<TypeInfo['formula']>): TypeInfo => ({ name, formula, options: {}, operators: [], measures: [], examples: [] })
const types: readonly TypeInfo[] = [{ name: 'formula', computed: true, options: {}, operators: [], measures: [], examples: [] }, type('text', 'text'), type('select', 'text'), type('reference', 'link'), type('image', 'none')]

function languageFor(more: Partial<EntityLanguage> = {}): ReturnType<typeof entityLanguage> {
  const entities = entitiesOf(documents, {}, more.reads ?? 'en')
  const entity = entities.find(({ name }) => name === 'member')
  if (entity === undefined) throw new Error('the entity is there')
  return entityLanguage({ documents, entities, entity, types, functions: offeredFunctions, reads: 'en', without: 'worth', use: 'computed', ...more })
}

/** What is offered at the bar, as text. */
const offered = (text: string, more: Partial<EntityLanguage> = {}): readonly string[] =>
  offersAt(languageFor(more), text.replace('|', ''), text.indexOf('|')).offers.filter(({ kind }) => kind !== 'function').map(({ text: written }) => written)

test('fields of the draft are offered, those that a formula can use, and over a reference those of the other record', () => {
  expect(offered('|')).toEqual(['name', 'nameDay', 'tier', 'store.', 'today', 'true', 'false', 'null'])
  expect(offered('1 + na|')).toEqual(offered('|'))
  expect(offered('store.|')).toEqual(['store.region', 'store.size', 'store.head.'])
  expect(offered('lower(store.re|')).toEqual(offered('store.|'))
  expect(offered('store.head.|')).toEqual(['store.head.name', 'store.head.nameDay', 'store.head.tier', 'store.head.store.', 'store.head.worth'])
  expect(offered('name.|')).toEqual([])
  expect(offered('|', { use: 'rule', without: '' })).toEqual(['name', 'nameDay', 'tier', 'store', 'worth', 'today', 'now', 'true', 'false', 'null'])
  expect(offered('|', { use: 'setting', without: '' })).not.toContain('worth')
  expect(offered('store.|', { use: 'rule' })).toEqual([])
})

test('what every record has and parts of values are offered where a formula can use them', () => {
  const field = (key: string, more: JsonObject): JsonObject => ({ key, title: key, type: 'text', options: {}, ...more })
  const own = [field('picture', { type: 'address', parts: [field('city', { options: { enum: ['a'], options: { a: { title: 'Aachen' } } } }), field('map', { type: 'image' })] }), field('id', { system: true }), field('createdAt', { system: true }), field('updatedAt', { system: true }), field('owner', { system: true, to: 'store' })]
  const model = { entities: { member: { fields: own }, store: { fields: [field('createdAt', { system: true })] } } } as unknown as UiModel
  expect(offered('|', { model })).toEqual(['name', 'nameDay', 'tier', 'store.', 'picture.', 'createdAt', 'owner.', 'today', 'true', 'false', 'null'])
  expect(offered('picture.|', { model })).toEqual(['picture.city'])
  expect(languageFor({ model }).names('picture')).toMatchObject([{ choices: [{ value: 'a', title: 'Aachen' }] }])
  expect(offered('owner.|', { model })).toEqual(['owner.region', 'owner.size', 'owner.head.', 'owner.createdAt'])
  expect(offered('owner.head.pic|', { model })).toContain('owner.head.picture.')
  for (const use of ['rule', 'setting'] as const) expect(offered('|', { model, use })).not.toContain('createdAt')
  const problems = (cel: string): number => check(mergeLayers([{ name: 'a', documents: { 'thing/entity.json': { type: 'object', properties: { x: { readOnly: true, crm: { type: 'formula', cel } } } } } }]).documents).findings.length
  expect(usableSystemKeys.filter((key) => key !== 'owner').map((key) => problems(`string(${key}) == "" ? 1 : 2`) === 0 || problems(`${key} == null ? 1 : 2`) === 0)).toEqual([true, true])
  expect(problems('updatedAt == null ? 1 : 2')).toBeGreaterThan(0)
})

test('the other side of a comparison is one of the choices, in the language of who reads, with or without a quote begun', () => {
  expect(offered('tier == |').slice(0, 2)).toEqual(['"bronze"', '"gold"'])
  for (const before of ['tier == "|', "tier != 'go|", 'tier in ["bronze", "|', 'store.region == "x" && tier == "|"']) expect(offered(before)).toEqual(['"bronze"', '"gold"'])
  expect(offered('store.size == "|')).toEqual(['"s"', '"l"'])
  expect(offered('name == "|')).toEqual([])
  const { offers } = offersAt(languageFor({ reads: 'zh' }), 'tier == ', 8)
  expect(offers.flatMap((offer) => (offer.kind === 'choice' ? offer.choice.title : []))).toEqual(['Bronze', '金卡'])
  expect(offers.flatMap((offer) => (offer.kind === 'field' && offer.name.path === 'tier' ? offer.name.title : []))).toEqual(['等级'])
})

test('what is offered takes the place of the whole name or quoted text that the caret stands in', () => {
  const taken = (text: string): string => {
    const { from, to } = offersAt(languageFor(), text.replace('|', ''), text.indexOf('|'))
    return text.replace('|', '').slice(from, to)
  }
  expect(taken('1 + st|ore')).toBe('store')
  expect(taken('1 + store.re|gi + 1')).toBe('store.regi')
  expect(taken('tier == "go|ld" && true')).toBe('"gold"')
  expect(taken('tier == "go| && true')).toBe('"go')
  expect(taken('等|')).toBe('等')
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ab. "\'\\=([1,]等') }), fc.nat(), (text, at) => {
    const caret = at % (text.length + 1)
    const { from, to } = offersAt(languageFor(), text, caret)
    expect(from).toBeLessThanOrEqual(caret)
    expect(to).toBeGreaterThanOrEqual(caret)
    expect(to).toBeLessThanOrEqual(text.length)
  }))
})

test('each offered function can be called as its places say, and is explained in both languages', () => {
  expect(callSnippet('round(number, digits)')).toBe('round(${1:number}, ${2:digits})')
  for (const { name, usage } of offeredFunctions) {
    expect(en).toHaveProperty([`formula.function.${name}`])
    expect(zh).toHaveProperty([`formula.function.${name}`])
    expect(expressionProblem(`${name}()`, []) ?? '', usage).toContain(usage)
  }
})

test('a workflow offers what the step can look at, by its whole path', () => {
  const source = (path: string): Parameters<typeof runLanguage>[0][number] => ({ path, title: 'Tier', group: 'The member', record: '', entity: 'member', field: languageField('tier'), list: false })
  const languageField = (key: string): NonNullable<Parameters<typeof runLanguage>[0][number]['field']> => {
    const field = entitiesOf(documents, {}, 'en').flatMap(({ fields }) => fields).find((one) => one.key === key)
    if (field === undefined) throw new Error('the field is there')
    return field
  }
  const language = runLanguage([source('workflow.input[0].data.record.tier'), source('data.id'), source('.jq')], [])
  const texts = (text: string): readonly string[] => offersAt(language, text, text.length).offers.map((offer) => offer.text)
  expect(texts('')).toEqual(['workflow.input[0].data.record.tier', 'data.id', 'true', 'false', 'null'])
  expect(texts('workflow.input[0].data.')).toEqual(['workflow.input[0].data.record.tier'])
  expect(texts('workflow.input[0].data.record.tier == "')).toEqual(['"bronze"', '"gold"'])
})
