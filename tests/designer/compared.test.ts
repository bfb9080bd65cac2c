import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { check } from '../../engine/definitions/check.js'
import { describe as describeModel } from '../../engine/forms/describe.js'
import { accessFor } from '../../engine/permissions/compile.js'
import type { Json } from '../../metadata/contract/json.js'
import { applyAll, type Documents } from '../../studio/designer/draft/operations.js'
import { differences, type Part } from '../../studio/designer/versions/parts.js'
import { changedScreens, entityWith, valuesOn, type FormChange, type ScreenChanges, type Side } from '../../studio/designer/versions/screens.js'

const control = (key: string): Json => ({ type: 'Control', scope: `#/properties/${key}` })
const start: Documents = {
  'layer.json': { title: 'Test' },
  'roles/admin.json': { title: 'Admin', entities: { '*': { read: true, create: true, update: true } }, design: true },
  'member/entity.json': { type: 'object', title: 'Member', required: ['name'], properties: { name: { type: 'string' }, phone: { type: 'string' }, city: { type: 'string' }, level: { type: 'string', title: 'Level' } } },
  'member/form.default.json': { type: 'Categorization', elements: [
    { type: 'Category', label: 'Person', elements: [{ type: 'HorizontalLayout', elements: [control('name'), control('phone')] }, { type: 'Group', label: 'Home', elements: [control('city')] }] },
    { type: 'Category', label: 'Shop', elements: [control('level')] },
  ] },
  'member/view.all.json': { kind: 'list', title: 'All', columns: ['name', 'phone'], sort: 'name' },
  'visit/entity.json': { type: 'object', title: 'Visit', properties: { name: { type: 'string' }, at: { type: 'string', format: 'date' } } },
  'texts/zh.json': { 'member/form.default.json': { '/elements/1/label': '店铺' } },
}

function sideOf(documents: Documents): Side {
  const { model } = check(documents)
  return { documents, model: describeModel(model, accessFor(model, ['admin'], { error: () => {} }), { id: 1, roles: ['admin'], locale: 'en', attributes: new Map() } as unknown as Parameters<typeof describeModel>[2], 'en') }
}

const before = sideOf(start)
type Step = Parameters<typeof applyAll>[1][number]
const after = (...operations: readonly Step[]): Side => sideOf(applyAll(start, operations))
const changed = (side: Side, tag = 'en'): ScreenChanges => changedScreens(before, side, tag)
const form = '/member~1form.default.json'
const property = '/member~1entity.json/properties'
/** As somebody reads it: `moved Phone`, with the title from before where there is another one now. */
const told = (change: FormChange | undefined): readonly string[] =>
  (change?.differences ?? []).map(({ kinds, aspects, before: was, after: is }) => [kinds.join('+'), is?.title ?? was?.title, ...(kinds.includes('renamed') ? [`was ${was?.title ?? ''}`] : []), ...aspects].join(' '))

describe('screens before and after a change', () => {
  test('are none where nothing that people see was changed', () => {
    expect(changed(before)).toEqual({ forms: [], lists: [] })
    expect(changed(after({ op: 'add', path: '/member~1entity.json/description', value: 'Somebody' }))).toEqual({ forms: [], lists: [] })
  })

  test('a form tells what was added, removed, moved, called otherwise and changed, at the places of either side', () => {
    const { forms } = changed(after(
      { op: 'add', path: `${property}/vip`, value: { type: 'boolean', title: 'VIP' } },
      { op: 'add', path: `${form}/elements/1/elements/1`, value: control('vip') },
      { op: 'remove', path: `${form}/elements/0/elements/1/elements/0` },
      { op: 'remove', path: `${form}/elements/0/elements/0/elements/1` }, { op: 'add', path: `${form}/elements/1/elements/0`, value: control('phone') },
      { op: 'replace', path: `${form}/elements/1/label`, value: 'Buying' },
      { op: 'add', path: '/member~1entity.json/required/1', value: 'level' },
    ))
    expect(forms.map(({ path }) => path)).toEqual(['member/form.default.json'])
    expect(told(forms[0])).toEqual(['renamed Buying was Shop', 'moved Phone', 'changed Level required', 'added VIP', 'removed City'])
    expect(forms[0]?.differences.map(({ before: was, after: is }) => [was?.place ?? null, is?.place ?? null])).toEqual([['/1', '/1'], ['/0/0/1', '/1/0'], ['/1/0', '/1/1'], [null, '/1/2'], ['/0/1/0', null]])
  })

  test('a field that is renamed stays the same one, and is shown with the values that it has', () => {
    const side = after({ op: 'remove', path: `${property}/phone` }, { op: 'add', path: `${property}/mobile`, value: { type: 'string', crm: { id: 'phone' } } }, { op: 'replace', path: `${form}/elements/0/elements/0/elements/1`, value: control('mobile') }, { op: 'replace', path: '/member~1view.all.json/columns/1', value: 'mobile' })
    const { forms, lists } = changed(side)
    expect(told(forms[0])).toEqual(['renamed Mobile was Phone'])
    expect(lists[0]?.differences.map(({ kinds, before: was, after: is }) => [kinds, was?.place, is?.place])).toEqual([[['renamed'], 'phone', 'mobile']])
    const entity = entityWith(side, 'member')
    expect(entity === undefined ? null : valuesOn(side, entity, before, { id: 7, name: 'Ada', phone: '123' })).toMatchObject({ id: 7, name: 'Ada', mobile: '123' })
  })

  test('a list that sorts, filters and sums up by a field that is renamed is the same list', () => {
    const listed: Documents = { ...start, 'member/view.all.json': { kind: 'list', title: 'city', columns: ['name'], sort: '-city,name', filter: { $or: [{ city: { $eq: 'Aachen' } }, { phone: '1' }] }, groupBy: ['city'], totals: { city: 'max' } } }
    const { city: _city, ...properties } = (listed['member/entity.json']?.['properties'] ?? {}) as Record<string, Json>
    const town = (filter: Json): Documents => ({
      ...listed, 'member/entity.json': { ...listed['member/entity.json'], properties: { ...properties, town: { type: 'string', title: 'City', crm: { id: 'city' } } } },
      'member/form.default.json': JSON.parse(JSON.stringify(listed['member/form.default.json']).replace('properties/city', 'properties/town')) as Documents[string],
      'member/view.all.json': { kind: 'list', title: 'city', columns: ['name'], sort: '-town,name', filter, groupBy: ['town'], totals: { town: 'max' } },
    })
    expect(changedScreens(sideOf(listed), sideOf(town({ $or: [{ town: { $eq: 'Aachen' } }, { phone: '1' }] })), 'en')).toEqual({ forms: [], lists: [] })
    expect(changedScreens(sideOf(listed), sideOf(town({ town: 'Aachen' })), 'en').lists).toHaveLength(1)
  })

  test('another API name of an entity is nothing that people see', () => {
    const linked: Documents = { ...start, 'visit/entity.json': { type: 'object', title: 'Visit', properties: { name: { type: 'string' }, member: { type: 'string', crm: { type: 'reference', to: 'member' } } } } }
    const { 'member/entity.json': entity = {}, 'member/form.default.json': shown = {}, 'member/view.all.json': list = {}, 'texts/zh.json': _texts, ...rest } = linked
    const renamed = sideOf({ ...rest, 'person/entity.json': { ...entity, crm: { id: 'member' } }, 'person/form.default.json': shown, 'person/view.all.json': list, 'visit/entity.json': { type: 'object', title: 'Visit', properties: { name: { type: 'string' }, member: { type: 'string', crm: { type: 'reference', to: 'person' } } } } })
    expect(changedScreens(sideOf(linked), renamed, 'en')).toEqual({ forms: [], lists: [] })
  })

  test('of what became another type, or is not in force, there are no values', () => {
    const side = after({ op: 'replace', path: `${property}/phone`, value: { type: 'integer' } }, { op: 'add', path: `${property}/vip`, value: { type: 'boolean' } })
    const entity = entityWith(side, 'member')
    expect(entity === undefined ? null : valuesOn(side, entity, before, { id: 7, name: 'Ada', phone: '123' })).toMatchObject({ name: 'Ada', phone: null, vip: null })
    expect(told(changed(side).forms[0])).toEqual(['changed Phone type'])
  })

  test('a section that comes or goes is told once, and not with all that stands in it', () => {
    expect(told(changed(after({ op: 'remove', path: `${form}/elements/0/elements/1` })).forms[0])).toEqual(['removed Home'])
    expect(told(changed(after({ op: 'add', path: `${property}/vip`, value: { type: 'boolean' } }, { op: 'add', path: `${form}/elements/2`, value: { type: 'Category', label: 'New', elements: [control('vip')] } })).forms[0])).toEqual(['added New'])
  })

  test('what a line of the form is made conditional by is told of what stands in it', () => {
    const rule = { effect: 'SHOW', condition: { scope: '#/properties/level', schema: { const: 'Gold' } } }
    expect(told(changed(after({ op: 'add', path: `${form}/elements/0/elements/0/rule`, value: rule })).forms[0])).toEqual(['changed Name condition', 'changed Phone condition'])
  })

  test('only arranged in another way is a change without differences', () => {
    const { forms } = changed(after({ op: 'replace', path: `${form}/elements/0/elements/0/type`, value: 'VerticalLayout' }, { op: 'add', path: `${form}/elements/0/elements/0`, value: { type: 'VerticalLayout', elements: [] } }))
    expect(forms.map(({ differences: found }) => found)).toEqual([[]])
  })

  test('texts are those of the reader; a translation alone changes the screen of those who read it', () => {
    const side = after({ op: 'replace', path: '/texts~1zh.json/member~1form.default.json/~1elements~11~1label', value: '购物' })
    expect(changed(side)).toEqual({ forms: [], lists: [] })
    expect(told(changed(side, 'zh').forms[0])).toEqual(['renamed 购物 was 店铺'])
  })

  test('a form that is made from the fields follows them; a list tells of its columns; what is new as a whole has no other side', () => {
    const side = after(
      { op: 'add', path: '/visit~1entity.json/properties/till', value: { type: 'string' } }, { op: 'replace', path: '/member~1view.all.json/columns', value: ['city', 'name'] },
      { op: 'add', path: '/order~1entity.json', value: { type: 'object', title: 'Order', properties: { name: { type: 'string' } } } },
    )
    const { forms, lists } = changed(side)
    expect(forms.map((change) => [change.path, told(change), change.before === null])).toEqual([['visit/form.default.json', ['added Till'], false], ['order/form.default.json', [], true]])
    expect(lists.map((change) => [change.path, change.differences.map(({ kinds, after: is, before: was }) => `${kinds.join()} ${(is ?? was)?.title ?? ''}`)])).toEqual([['member/view.all.json', ['added City', 'removed Phone']], ['visit/view.all.json', ['added Till']], ['order/view.all.json', []]])
    expect(changed(after({ op: 'add', path: '/member~1view.all.json/title', value: 'Everybody' })).lists.map((change) => [change.after?.list.title, change.differences])).toEqual([['Everybody', []]])
    expect(changed(after({ op: 'replace', path: '/member~1view.all.json/sort', value: '-name' })).lists.map((change) => change.differences)).toEqual([[]])
  })
})

const leaf = (key: string, index: number): Part => ({ place: `/${String(index)}`, key, title: key, section: '', parent: '', aspects: {} })
const listed = (keys: readonly string[]): readonly Part[] => keys.map(leaf)
const keys = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 })

describe('parts in another order', () => {
  test('what is on one side only came or went, and taking the moved ones out leaves both sides in one order', () => {
    fc.assert(fc.property(keys, keys, (was, is) => {
      const found = differences(listed(was), listed(is))
      const of = (kind: string): readonly string[] => found.filter(({ kinds }) => kinds.some((one) => one === kind)).map(({ before: gone, after: there }) => (there ?? gone)?.key ?? '')
      expect(of('added')).toEqual(is.filter((key) => !was.includes(key)))
      expect(of('removed')).toEqual(was.filter((key) => !is.includes(key)))
      const still = (all: readonly string[]): readonly string[] => all.filter((key) => was.includes(key) && is.includes(key) && !of('moved').includes(key))
      expect(still(is)).toEqual(still(was))
    }))
  })

  test('one that went from the first place to the last is the only one that moved', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { minLength: 3, maxLength: 8 }), (was) => {
      const [first = '', ...rest] = was
      expect(differences(listed(was), listed([...rest, first])).map(({ after: there }) => there?.key)).toEqual([first])
    }))
  })
})
