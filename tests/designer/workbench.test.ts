import { readFile } from 'node:fs/promises'

import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'

import { check } from '../../engine/definitions/check.js'
import { readLayer } from '../../engine/definitions/files.js'
import { mergeLayers } from '../../engine/definitions/layers.js'
import { formatDocument, isObject, type JsonObject } from '../../metadata/contract/json.js'
import { noticed } from '../../studio/designer/help/first-hour.js'
import { helpFor } from '../../studio/designer/help/help.js'
import { headingOf } from '../../studio/help/pages.js'
import { findDefinitions } from '../../studio/designer/home/find.js'
import { archiveOf, filesIn, readFiles } from '../../studio/designer/layers/archive.js'
import { applyAll, type Documents } from '../../studio/designer/draft/operations.js'
import { confirmed, earlierKey, percentDone, progressOf, sourceTexts, translatedTexts } from '../../studio/designer/texts/catalog.js'

describe('help inside', () => {
  const addresses = ['', 'overview', 'entities', 'entities/member', 'entities/member/form', 'entities/member/views/all', 'diagram', 'screens', 'screens/navigation', 'screens/dashboards/sales', 'roles/clerk', 'processes', 'processes/lifecycles/case', 'segments', 'people', 'connections', 'texts', 'layers', 'text', 'versions/of']

  test.each(addresses)('what “%s” is for is written where its help leads', async (address) => {
    const { text, page, at } = helpFor(address.split('/'))
    const source = await readFile(`docs/${page}.md`, 'utf8')
    expect([...source.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => headingOf(heading).id)).toContain(at)
    expect(JSON.parse(await readFile('studio/texts/designer.zh.json', 'utf8'))).toHaveProperty([text])
  })

  test('the first hour notices its steps in what differs, and forgets none when it is taken back', () => {
    const hour = { start: 3, done: [], open: true }
    const field = { path: 'member/entity.json#/properties/size', after: { type: 'string', enum: ['s', 'm'] } }
    const form = (key: string): Documents => ({ 'member/form.default.json': { type: 'VerticalLayout', elements: [{ type: 'Control', scope: `#/properties/${key}` }] } })
    expect(noticed(hour, 3, [], {})).toEqual([])
    expect(noticed(hour, 3, [{ path: 'member/entity.json#/properties/size/title', before: 'Size', after: 'Length' }], {})).toEqual([])
    expect(noticed(hour, 3, [field], form('name'))).toEqual(['field'])
    expect(noticed(hour, 3, [field], form('size'))).toEqual(['field', 'form'])
    expect(noticed(hour, 3, [{ ...field, after: { enum: ['s'], crm: { options: { s: { color: 'red' } }, requiredWhen: { a: 1 } } } }], {})).toEqual(['field', 'form', 'colour', 'rule'])
    const done = noticed(hour, 4, [field, { path: 'member/form.default.json#/elements', before: [{}], after: [{ rule: { effect: 'HIDE' } }] }, { path: 'member/entity.json#/properties/tier/crm/options/gold/color', before: 'amber', after: 'red' }], {})
    expect(done).toEqual(['field', 'form', 'colour', 'rule', 'publish'])
    expect(noticed({ ...hour, done }, 4, [], {})).toEqual(done)
    expect(noticed({ ...hour, done }, 5, [], {})).toEqual([...done, 'back'])
  })
})

let pack: Documents = {}
beforeAll(async () => {
  const layers = await Promise.all(['core', 'retail'].map((name) => readLayer(`metadata/${name}`, name)))
  pack = mergeLayers(layers).documents
})

describe('the workbench for translations', () => {
  test('every text that the pack translates is in the list, and nothing else is: the pack is complete', () => {
    const listed = sourceTexts(pack).map(({ path, place }) => `${path}#${place}`).toSorted()
    const translated = Object.entries(pack['texts/zh.json'] ?? {}).flatMap(([path, entries]) => (isObject(entries) ? Object.keys(entries).map((place) => `${path}#${place}`) : [])).toSorted()
    expect(listed).toEqual(translated)
    expect(percentDone(progressOf(translatedTexts(pack, pack, 'zh', new Map())))).toBe(100)
  })

  test('what is missing and what was changed after its translation is told apart', () => {
    const entity = (title: string): JsonObject => ({ type: 'object', title: 'Thing', properties: { a: { type: 'string', title }, stateOf: { enum: ['new'] } } })
    const texts = { 'thing/entity.json': { '/title': 'Ding', '/properties/a/title': 'Eins' } }
    const published: Documents = { 'thing/entity.json': entity('One'), 'texts/de.json': texts }
    const state = (draft: Documents, earlier = new Map<string, string>()) => Object.fromEntries(translatedTexts(draft, published, 'de', earlier).map(({ place, state: how, was }) => [place, was === '' ? how : `${how}: ${was}`]))
    const others = { '/title': 'done', '/properties/stateOf/title': 'missing', '/properties/stateOf/crm/options/new/title': 'missing' }
    expect(state(published)).toEqual({ ...others, '/properties/a/title': 'done' })
    expect(state({ ...published, 'thing/entity.json': entity('Two') })).toEqual({ ...others, '/properties/a/title': 'changed: One' })
    expect(state({ 'thing/entity.json': entity('Two'), 'texts/de.json': { 'thing/entity.json': { ...texts['thing/entity.json'], '/properties/a/title': 'Zwei' } } })).toEqual({ ...others, '/properties/a/title': 'done' })
    const earlier = new Map([[earlierKey('de', 'thing/entity.json', '/properties/a/title'), 'Zero']])
    expect(state(published, earlier)).toEqual({ ...others, '/properties/a/title': 'changed: Zero' })
    const two = { ...published, 'thing/entity.json': entity('Two') }
    const right = applyAll(two, confirmed(two, 'de', { path: 'thing/entity.json', place: '/properties/a/title', text: 'Two', implied: false }))
    expect(state(right, earlier)).toEqual({ ...others, '/properties/a/title': 'done' })
    expect(state({ ...right, 'thing/entity.json': entity('Three') })).toEqual({ ...others, '/properties/a/title': 'changed: One' }) // it was said of another text
    expect(check(right).findings).toEqual([])
  })
})

test('what a workflow computes is no text to be translated, and a translation that loses a mark is to be checked', () => {
  const documents: Documents = { 'workflows/call.json': { do: [{ call: { with: { title: '${ "Call " + .name }', text: 'Dear {name}, {name}' } } }] }, 'texts/de.json': { 'workflows/call.json': { '/do/0/call/with/text': 'Guten Tag' } } }
  expect(translatedTexts(documents, documents, 'de', new Map()).map(({ place, lacks, state }) => ({ place, lacks, state }))).toEqual([{ place: '/do/0/call/with/text', lacks: ['{name}'], state: 'changed' }])
})

describe('the search over all definitions', () => {
  test.each([
    ['Member', 'member/entity.json'], ['会员', 'member/entity.json'], ['memberNo', 'member/entity.json#/properties/memberNo'], ['welcome', 'workflows/welcome.json'],
    ['never sees incomes', 'roles/clerk.json'], ['城市', 'member/entity.json#/properties/city'],
  ])('%s is found', (question, path) => {
    expect(findDefinitions(pack, question).map((found) => found.path)).toContain(path)
  })

  test('the best comes first, and nothing is found by nothing', () => {
    expect(findDefinitions(pack, 'member')[0]?.path).toBe('member/entity.json')
    expect(findDefinitions(pack, '  ')).toEqual([])
  })
})

describe('a layer as an archive', () => {
  const path = fc.constantFrom('layer.json', 'a/entity.json', 'a/view.all.json', 'roles/x.json', 'texts/zh.json')
  const layers = fc.dictionary(path, fc.option(fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }).filter((key) => key !== '__proto__'), fc.string(), { noNullPrototype: true })), { minKeys: 1, noNullPrototype: true }) as fc.Arbitrary<Record<string, JsonObject | null>>

  test('goes out and comes in again, byte for byte, whatever folder it is put into', async () => {
    await fc.assert(fc.asyncProperty(layers, async (layer) => {
      const archive = await archiveOf('studio', layer)
      const read = readFiles(await filesIn(archive))
      expect(read).toEqual({ layer, broken: [], ignored: [] })
      expect(await archiveOf('studio', read.layer)).toEqual(archive)
    }), { numRuns: 60 })
  })

  test('files that are no definitions are left out, broken ones are named', () => {
    const files = [{ path: 'site/a/entity.json', text: formatDocument({ title: 'A' }) }, { path: 'site/package.json', text: '{}' }, { path: 'site/roles/x.json', text: '{ "a": ' }]
    expect(readFiles(files)).toEqual({ layer: { 'a/entity.json': { title: 'A' } }, broken: ['site/roles/x.json'], ignored: ['site/package.json'] })
  })
})
