import { beforeAll, describe, expect, test } from 'vitest'

import { readLayer } from '../../engine/definitions/files.js'
import { mergeLayers } from '../../engine/definitions/layers.js'
import { compile } from '../../engine/model/compile.js'
import { setEntitySetting, setNotice } from '../../studio/designer/commands/set-entity.js'
import { entityNamed, type EntityDefinition } from '../../studio/designer/draft/definitions.js'
import { applyAll, type Documents } from '../../studio/designer/draft/operations.js'
import { combinationsOf, withKeys, writtenAs } from '../../studio/designer/entities/combinations.js'
import { differentValues, publishedPlace } from '../../studio/designer/entities/samples.js'
import { answers, helpedBy, lookupsOf, ownIndexes } from '../../studio/designer/entities/lookups.js'

let pack: Documents = {}
beforeAll(async () => {
  pack = mergeLayers(await Promise.all(['core', 'retail'].map((name) => readLayer(`metadata/${name}`, name)))).documents
})

const named = (documents: Documents, name: string): EntityDefinition => {
  const found = entityNamed(documents, {}, 'en', name)
  if (found === null) throw new Error(`no entity ${name}`)
  return found
}

describe('combinations of fields', () => {
  test('reading and writing them changes nothing; what the editor does not know of one stays', () => {
    for (const kind of ['duplicates', 'unique', 'indexes'] as const) {
      const all = combinationsOf(named(pack, 'member'), kind)
      expect(applyAll(pack, setEntitySetting(pack, 'member', kind, writtenAs(all)))).toEqual(pack)
    }
    expect(withKeys('duplicates', { written: { match: ['a'], 'x-why': 'kept' } }, ['b~', 'c']).written).toEqual({ match: ['b~', 'c'], 'x-why': 'kept' })
    expect(writtenAs([])).toBeUndefined()
  })

  test('with the last one who is told, the whole setting is gone', () => {
    const told = applyAll(pack, setNotice(pack, 'member', 'assigned', { to: 'owner' }))
    expect(told['member/entity.json']).toMatchObject({ crm: { notify: { assigned: { to: 'owner' } } } })
    expect(applyAll(told, setNotice(told, 'member', 'assigned', undefined))).toEqual(pack)
    const more = applyAll(told, setNotice(told, 'member', 'mentioned', { to: 'owner' }))
    expect(applyAll(more, setNotice(more, 'member', 'mentioned', undefined))).toEqual(told)
  })
})

describe('sample values', () => {
  test('a field is found under the names that it is published by, whatever the draft calls it and its entity', () => {
    const documents: Documents = { 'client/entity.json': { type: 'object', properties: { town: { type: 'string', crm: { id: 'city' } }, fresh: { type: 'string' } }, crm: { id: 'member' } } }
    const entity = named(documents, 'client')
    expect(entity.fields.map((field) => publishedPlace(pack, entity, field))).toEqual([{ entity: 'member', key: 'city' }, null])
    expect(publishedPlace({}, entity, entity.fields[0] ?? expect.fail())).toBeNull()
  })

  test('those that differ are shown, in their order, and nothing that is empty', () => {
    expect(differentValues(['b', null, 'a', 'b', '', [], 'c'], 2)).toEqual(['b', 'a'])
    expect(differentValues([{ x: 1, y: 2 }, { y: 2, x: 1 }, 0, false], 9)).toEqual([{ x: 1, y: 2 }, 0, false])
  })
})

describe('why a lookup is there', () => {
  const documents: Documents = {
    'case/entity.json': { type: 'object', properties: { store: { crm: { to: 'store', inverse: 'cases' } }, due: {}, status: {}, at: {} } },
    'store/entity.json': { type: 'object', properties: { open: { crm: { type: 'rollup', of: 'case.store', where: { status: 'open' } } } }, crm: { timeline: ['cases.at'] } },
    'case/view.mine.json': { filter: { status: 'open', $or: [{ due: 1 }, { due: 2 }] }, sort: '-due,id' },
    'case/view.all.json': { sort: '-id' },
    'roles/clerk.json': { entities: { case: { read: { where: { $and: [{ store: 1 }] } } } } },
    'segments/late.json': { entity: 'case', where: { due: { $lt: 1 } } },
  }
  const of = (...keys: string[]): readonly unknown[] => helpedBy(keys, lookupsOf(documents, 'case'))

  test('lists, roles, segments, counted values and timelines are named with what it does for them', () => {
    expect(of('status', 'due')).toEqual([{ path: 'case/view.mine.json', by: ['status'], sort: 'due' }])
    expect(of('store', 'at')).toEqual([
      { path: 'store/entity.json#/properties/open', by: ['store'], sort: '' },
      { path: 'store/entity.json#/crm/timeline/0', by: ['store'], sort: 'at' },
      { path: 'roles/clerk.json#/entities/case', by: ['store'], sort: '' },
    ])
    expect(of('due')).toEqual([{ path: 'case/view.mine.json', by: [], sort: 'due' }, { path: 'segments/late.json', by: ['due'], sort: '' }])
    expect(of('at')).toEqual([])
    expect(of('id')).toEqual([])
  })

  test('those of the product are as many as the engine makes', () => {
    const model = compile(pack, 1)
    for (const [name, { indexes }] of model.entities) {
      const entity = named(pack, name)
      const asked = combinationsOf(entity, 'indexes').map(({ keys }) => keys)
      const own = ownIndexes(entity).filter((one) => !asked.some((keys) => answers(keys, one)))
      expect({ name, uniques: own.filter(({ reasons }) => reasons.includes('unique')).length + combinationsOf(entity, 'unique').length }).toEqual({ name, uniques: indexes.filter(({ unique }) => unique).length })
    }
  })
})
