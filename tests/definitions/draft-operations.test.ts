import { describe, expect, it, test } from 'vitest'
import type { Json } from '../../metadata/contract/json.js'
import { applyPatch, PatchError, readOperations } from '../../engine/definitions/json-patch.js'
import { mergeLayers } from '../../engine/definitions/layers.js'
import { applyDraftOperations } from '../../engine/definitions/rename.js'
import { mergedDocuments } from '../../engine/operations/definitions/published.js'

describe('JSON Patch', () => {
  const cases: readonly { name: string; value: Json; patch: readonly unknown[]; result: Json | 'refused' }[] = [
    { name: 'add a member', value: { a: 1 }, patch: [{ op: 'add', path: '/b', value: 2 }], result: { a: 1, b: 2 } },
    { name: 'add null', value: { a: 1 }, patch: [{ op: 'add', path: '/b', value: null }], result: { a: 1, b: null } },
    { name: 'add in a list', value: [1, 3], patch: [{ op: 'add', path: '/1', value: 2 }], result: [1, 2, 3] },
    { name: 'append', value: { l: [1] }, patch: [{ op: 'add', path: '/l/-', value: 2 }], result: { l: [1, 2] } },
    { name: 'beyond the end', value: [1], patch: [{ op: 'add', path: '/2', value: 2 }], result: 'refused' },
    { name: 'no parent', value: {}, patch: [{ op: 'add', path: '/a/b', value: 2 }], result: 'refused' },
    { name: 'replace', value: { a: { b: 1 } }, patch: [{ op: 'replace', path: '/a/b', value: 2 }], result: { a: { b: 2 } } },
    { name: 'replace what is missing', value: {}, patch: [{ op: 'replace', path: '/a', value: 2 }], result: 'refused' },
    { name: 'replace all', value: { a: 1 }, patch: [{ op: 'replace', path: '', value: { b: 1 } }], result: { b: 1 } },
    { name: 'remove', value: { a: [1, 2] }, patch: [{ op: 'remove', path: '/a/0' }], result: { a: [2] } },
    { name: 'remove what is missing', value: { a: [1] }, patch: [{ op: 'remove', path: '/a/1' }], result: 'refused' },
    { name: 'move', value: { a: { b: 1 } }, patch: [{ op: 'move', from: '/a/b', path: '/c' }], result: { a: {}, c: 1 } },
    { name: 'move into itself', value: { a: {} }, patch: [{ op: 'move', from: '/a', path: '/a/b' }], result: 'refused' },
    { name: 'copy', value: { a: 1 }, patch: [{ op: 'copy', from: '/a', path: '/b' }], result: { a: 1, b: 1 } },
    { name: 'test holds', value: { a: { x: 1, y: [2] } }, patch: [{ op: 'test', path: '/a', value: { y: [2], x: 1 } }], result: { a: { x: 1, y: [2] } } },
    { name: 'test fails', value: { a: 1 }, patch: [{ op: 'test', path: '/a', value: '1' }], result: 'refused' },
    { name: 'escaped keys', value: { 'a/b': { '~': 1 } }, patch: [{ op: 'replace', path: '/a~1b/~0', value: 2 }], result: { 'a/b': { '~': 2 } } },
    { name: 'all or nothing', value: { a: 1 }, patch: [{ op: 'remove', path: '/a' }, { op: 'remove', path: '/a' }], result: 'refused' },
    { name: 'A-052 __proto__', value: {}, patch: [{ op: 'add', path: '/__proto__/polluted', value: true }], result: 'refused' },
    { name: 'A-052 constructor', value: {}, patch: [{ op: 'add', path: '/constructor/prototype/polluted', value: true }], result: 'refused' },
    { name: 'inherited names are not there', value: {}, patch: [{ op: 'copy', from: '/toString', path: '/a' }], result: 'refused' },
    { name: 'leading zero', value: [1, 2], patch: [{ op: 'remove', path: '/01' }], result: 'refused' },
    { name: 'unknown op', value: {}, patch: [{ op: 'eval', path: '/a', value: 1 }], result: 'refused' },
    { name: 'value missing', value: {}, patch: [{ op: 'add', path: '/a' }], result: 'refused' },
  ]
  it.each(cases)('$name', ({ value, patch, result }) => {
    const before = JSON.stringify(value)
    const run = (): Json => applyPatch(value, readOperations(patch))
    if (result === 'refused') expect(run).toThrow(PatchError)
    else expect(run()).toEqual(result)
    expect(JSON.stringify(value)).toBe(before)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })
})

test('a renamed field keeps its place in the condition that another is required by', () => {
  const before = { 'e/entity.json': { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string', crm: { requiredWhen: { $or: [{ a: 'a' }, { b: 'a' }] } } } } } }
  expect(applyDraftOperations(before, readOperations([{ op: 'move', from: '/e~1entity.json/properties/a', path: '/e~1entity.json/properties/z' }]), before)).toMatchObject({ 'e/entity.json': { properties: { b: { crm: { requiredWhen: { $or: [{ z: 'a' }, { b: 'a' }] } } } } } })
})

test('a renamed field keeps its place in a lifecycle', () => {
  const state = { entry: { set: { b: 1 } }, exit: { set: { b: null } }, on: { go: { target: 'y', require: ['a', 'b'], guard: { b: { $ne: null }, $or: [{ b: 2 }, { a: 'x' }] }, set: { b: 3 } } } }
  const before = { 'e/entity.json': { type: 'object', properties: { a: { enum: ['x', 'y'] }, b: { type: 'integer' } } }, 'e/lifecycle.json': { field: 'a', initial: 'x', states: { x: state, y: { final: true } } } }
  const move = (from: string, to: string) => readOperations([{ op: 'move', from: `/e~1entity.json/properties/${from}`, path: `/e~1entity.json/properties/${to}` }])
  const after = applyDraftOperations(applyDraftOperations(before, move('a', 'phase'), before), move('b', 'level'), before)
  expect(after['e/lifecycle.json']).toEqual({
    field: 'phase', initial: 'x',
    states: { x: { entry: { set: { level: 1 } }, exit: { set: { level: null } }, on: { go: { target: 'y', require: ['phase', 'level'], guard: { level: { $ne: null }, $or: [{ level: 2 }, { phase: 'x' }] }, set: { level: 3 } } } }, y: { final: true } },
  })
})

const documents = {
  'layer.json': { name: 'test', navigation: [{ title: 'All', entities: ['member', 'purchase'] }] },
  'store/entity.json': { type: 'object', properties: { region: { type: 'string' } } },
  'member/entity.json': {
    type: 'object', required: ['vip'],
    properties: { vip: { type: 'boolean' }, name: { type: 'string' }, store: { crm: { type: 'reference', to: 'store', inverse: 'members' } } },
    crm: { display: 'vip', unique: [['vip', 'name']], indexes: [['vip']], duplicates: [{ match: ['vip~'] }], rules: [{ cel: 'vip == true || name == "vip" || store.region == \'x\'', message: 'vip', at: 'vip' }] },
  },
  'purchase/entity.json': { type: 'object', properties: { member: { crm: { type: 'reference', to: 'member', inverse: 'purchases' } }, vip: { type: 'boolean' } } },
  'member/view.all.json': { kind: 'list', columns: ['vip', 'store.region'], sort: '-vip,name', filter: { $or: [{ vip: true }, { purchases: { $some: { vip: true }, $sum: { vip: { $gt: 1 } } } }] } },
  'purchase/view.all.json': { kind: 'list', columns: ['vip', 'member.vip'], sort: '-member.vip', filter: { 'member.vip': true } },
  'member/form.default.json': { type: 'VerticalLayout', elements: [{ type: 'Control', scope: '#/properties/vip', rule: { effect: 'HIDE', condition: { scope: '#/properties/vip', schema: { const: true } } } }, { type: 'RelatedList', options: { relation: 'purchases', columns: ['vip', 'member.vip'] } }] },
  'roles/clerk.json': { title: 'Clerk', entities: { member: { read: { where: { vip: true }, fields: { '*': true, vip: false } }, create: { fields: ['vip', 'name'] } }, purchase: { read: { where: { 'member.vip': true } } } } },
  'dashboards/sales.json': {
    title: 'vip', period: { default: 'month', newest: 'member.vip' }, filters: { vip: { field: 'purchase.member.vip' } },
    tiles: { vip: { kind: 'chart', title: 'vip', entity: 'purchase', filter: { 'member.vip': true }, period: 'vip', filters: { vip: 'member.vip' }, chart: { type: 'bar', by: 'member.vip', series: 'vip:month', measure: { sum: 'vip' } } }, all: { kind: 'list', title: 'All', entity: 'member', measure: { count: 'vip' }, list: { columns: ['vip'], sort: '-vip' }, steps: [{ title: 'vip', filter: { vip: true } }] } },
  },
  'texts/zh.json': { 'member/entity.json': { '/properties/vip/title': '贵宾' }, 'member/view.all.json': { '/title': '全部' }, 'dashboards/sales.json': { '/title': '销售' } },
}

describe('workflows follow renames', () => {
  const tests = { kept: { input: [{ type: 'crm.member.changed', data: { entity: 'member', fields: ['tier'], record: { tier: 'gold' } } }], expect: { steps: [{ name: 'change', call: 'crm.update', with: { entity: 'member', values: { tier: 'gold' } } }] } } }
  const workflow = (schedule: Json, steps: Json): Json => ({ document: { dsl: '1.0.3', namespace: 'n', name: 'w', version: '1.0.0', metadata: { tests } }, schedule, do: steps })
  const before = {
    'member/entity.json': { type: 'object', title: 'Member', properties: { tier: { type: 'string' }, name: { type: 'string' } } },
    'segments/gold.json': { title: 'Gold', entity: 'member', where: { $or: [{ tier: 'gold' }] } },
    'workflows/w.json': workflow({ on: { one: { with: { type: 'crm.member.changed', fields: ['tier'], where: { tier: 'gold' } } } } }, [
      { loop: { for: { each: 'one', in: '${ [1] }' }, do: [{ find: { call: 'crm.find', with: { entity: 'member', filter: { $or: [{ tier: '${ one }' }] }, sort: '-tier,name' } } }] } },
      { change: { call: 'crm.update', with: { entity: 'member', id: 1, values: { tier: '${ workflow.input[0].data.record.tier }' } } } },
    ]),
  } as unknown as Parameters<typeof applyDraftOperations>[0]
  const renamed = (from: string, to: string, path: string): string => JSON.stringify(applyDraftOperations(before, [{ op: 'move', from, path: to }], before)[path])

  test('of a field: in what begins them, in calls, and in the record that began them', () => {
    for (const path of ['workflows/w.json', 'segments/gold.json']) expect(renamed('/member~1entity.json/properties/tier', '/member~1entity.json/properties/level', path)).toBe(JSON.stringify(before[path]).replaceAll('tier', 'level'))
  })

  test('of an entity', () => {
    for (const path of ['workflows/w.json', 'segments/gold.json']) expect(renamed('/member~1entity.json', '/customer~1entity.json', path)).toBe(JSON.stringify(before[path]).replaceAll('member', 'customer'))
  })
})

describe('rename', () => {
  it('rewrites every reference to a field, and nothing else of the same name', () => {
    const renamed = applyDraftOperations(documents, [{ op: 'move', from: '/member~1entity.json/properties/vip', path: '/member~1entity.json/properties/gold' }], documents)
    expect(renamed['member/entity.json']).toEqual({
      type: 'object', required: ['gold'],
      properties: { gold: { type: 'boolean', crm: { id: 'vip' } }, name: { type: 'string' }, store: { crm: { type: 'reference', to: 'store', inverse: 'members' } } },
      crm: { display: 'gold', unique: [['gold', 'name']], indexes: [['gold']], duplicates: [{ match: ['gold~'] }], rules: [{ cel: 'gold == true || name == "vip" || store.region == \'x\'', message: 'vip', at: 'gold' }] },
    })
    expect(Object.keys((renamed['member/entity.json'] as { properties: object }).properties)).toEqual(['gold', 'name', 'store'])
    expect(renamed['member/view.all.json']).toEqual({ kind: 'list', columns: ['gold', 'store.region'], sort: '-gold,name', filter: { $or: [{ gold: true }, { purchases: { $some: { vip: true }, $sum: { vip: { $gt: 1 } } } }] } })
    expect(renamed['purchase/view.all.json']).toEqual({ kind: 'list', columns: ['vip', 'member.gold'], sort: '-member.gold', filter: { 'member.gold': true } })
    expect(renamed['member/form.default.json']).toEqual({ type: 'VerticalLayout', elements: [{ type: 'Control', scope: '#/properties/gold', rule: { effect: 'HIDE', condition: { scope: '#/properties/gold', schema: { const: true } } } }, { type: 'RelatedList', options: { relation: 'purchases', columns: ['vip', 'member.gold'] } }] })
    expect(renamed['roles/clerk.json']).toEqual({ title: 'Clerk', entities: { member: { read: { where: { gold: true }, fields: { '*': true, gold: false } }, create: { fields: ['gold', 'name'] } }, purchase: { read: { where: { 'member.gold': true } } } } })
    expect(renamed['texts/zh.json']).toEqual({ 'member/entity.json': { '/properties/gold/title': '贵宾' }, 'member/view.all.json': { '/title': '全部' }, 'dashboards/sales.json': { '/title': '销售' } })
    expect(renamed['dashboards/sales.json']).toEqual({
      title: 'vip', period: { default: 'month', newest: 'member.gold' }, filters: { vip: { field: 'purchase.member.gold' } },
      tiles: { vip: { kind: 'chart', title: 'vip', entity: 'purchase', filter: { 'member.gold': true }, period: 'vip', filters: { vip: 'member.gold' }, chart: { type: 'bar', by: 'member.gold', series: 'vip:month', measure: { sum: 'vip' } } }, all: { kind: 'list', title: 'All', entity: 'member', measure: { count: 'gold' }, list: { columns: ['gold'], sort: '-gold' }, steps: [{ title: 'vip', filter: { gold: true } }] } },
    })
  })

  it('keeps the identity through several renames and drops it when the old name is back', () => {
    const to = (from: string, path: string) => ({ op: 'move' as const, from: `/member~1entity.json/properties/${from}`, path: `/member~1entity.json/properties/${path}` })
    const twice = applyDraftOperations(documents, [to('vip', 'a'), to('a', 'b')], documents)
    expect((twice['member/entity.json'] as { properties: object }).properties).toMatchObject({ b: { crm: { id: 'vip' } } })
    expect(applyDraftOperations(twice, [to('b', 'vip')], documents)).toEqual(documents)
  })

  it('gives no identity to a field that was never published', () => {
    const operations = [
      { op: 'add' as const, path: '/member~1entity.json/properties/fresh', value: { type: 'string' } },
      { op: 'move' as const, from: '/member~1entity.json/properties/fresh', path: '/member~1entity.json/properties/better' },
    ]
    expect((applyDraftOperations(documents, operations, documents)['member/entity.json'] as { properties: Record<string, Json> }).properties['better']).toEqual({ type: 'string' })
  })

  it('moves an entity with its folder and every reference', () => {
    const renamed = applyDraftOperations(documents, [{ op: 'move', from: '/member~1entity.json', path: '/client~1entity.json' }], documents)
    expect(renamed['client/entity.json']).toMatchObject({ crm: { id: 'member' } })
    expect(Object.keys(renamed).filter((path) => path.startsWith('member/'))).toEqual([])
    expect(renamed['client/form.default.json']).toEqual(documents['member/form.default.json'])
    expect(renamed['purchase/entity.json']).toMatchObject({ properties: { member: { crm: { to: 'client' } } } })
    expect(renamed['layer.json']).toMatchObject({ navigation: [{ entities: ['client', 'purchase'] }] })
    expect(Object.keys((renamed['roles/clerk.json'] as { entities: object }).entities)).toEqual(['client', 'purchase'])
    expect(Object.keys(renamed['texts/zh.json'] as object)).toEqual(['client/entity.json', 'client/view.all.json', 'dashboards/sales.json'])
    expect(renamed['dashboards/sales.json']).toMatchObject({ period: { newest: 'client.vip' }, filters: { vip: { field: 'purchase.member.vip' } }, tiles: { vip: { entity: 'purchase' }, all: { entity: 'client' } } })
  })

  it('refuses a name that is taken', () => {
    expect(() => applyDraftOperations(documents, [{ op: 'move', from: '/member~1entity.json/properties/vip', path: '/member~1entity.json/properties/name' }], documents)).toThrow(PatchError)
  })
})

describe('merging with the studio on top', () => {
  it('gives what merging all layers gives, also where the studio adds, changes and removes documents', () => {
    const layers = [
      { name: 'core', documents },
      { name: 'retail', documents: { 'member/entity.json': { properties: { extra: { type: 'string' } } }, 'roles/clerk.json': { title: 'Till' } } },
      { name: 'studio', documents: { 'member/entity.json': { properties: { extra: null, more: { type: 'integer' } } }, 'store/entity.json': null, 'shelf/entity.json': { type: 'object' } } },
    ]
    expect(mergedDocuments(layers)).toEqual(mergeLayers(layers).documents)
    expect(Object.keys(mergedDocuments(layers))).toEqual(Object.keys(mergeLayers(layers).documents))
    expect(mergedDocuments(layers)['purchase/entity.json']).toBe(mergedDocuments(layers.slice(0, 2))['purchase/entity.json'])
  })
})
