import { describe, expect, test } from 'vitest'
import { compile } from '../../engine/model/compile.js'
import type { Entity, Model } from '../../engine/model/model.js'
import { tinyDocuments, tinyModel, withEntity } from './packs.js'

/** A model as plain data: what a person can read in a diff. */
function dump(model: Model): unknown {
  return {
    title: model.title,
    navigation: model.navigation,
    roles: [...model.roles.keys()],
    languages: [...model.texts.keys()],
    entities: Object.fromEntries([...model.entities].map(([name, entity]) => [name, dumpEntity(entity)])),
  }
}

const dumpEntity = (entity: Entity): unknown => ({
  table: entity.table,
  title: entity.title,
  plural: entity.plural,
  display: entity.display,
  fields: [...entity.fields.values()].map((field) => ({ ...field, type: field.type.name })),
  relations: [...entity.relations.values()],
  indexes: entity.indexes,
  forms: [...entity.forms.keys()],
  views: Object.fromEntries(entity.views),
  rules: entity.rules,
})

describe('compiling', () => {
  test('the tiny pack gives the model that the golden file shows', async () => {
    const model = await tinyModel()
    expect(model.quarantined).toEqual([])
    await expect(`${JSON.stringify(dump(model), null, 2)}\n`).toMatchFileSnapshot('./tiny.golden.json')
  })

  test('entities whose definitions are the same are the same objects after a publish elsewhere', async () => {
    const before = await tinyModel()
    const after = compile(withEntity(structuredClone(before.documents), 'deal', { properties: { lost: { type: 'boolean' } } }), 2, before)
    const changed = [...after.entities].filter(([name, entity]) => before.entities.get(name) !== entity).map(([name]) => name)
    expect(changed).toEqual(['deal'])
    expect(after.entities.get('deal')?.fields.get('lost')?.type.name).toBe('boolean')
    expect(after.entities.get('deal')?.fields.get('amount')).toBe(before.entities.get('deal')?.fields.get('amount'))
  })

  test('a new inverse reaches the entity on the other side', async () => {
    const before = await tinyModel()
    const after = compile(withEntity(before.documents, 'invoice', { type: 'object', properties: { account: { crm: { type: 'reference', to: 'account', inverse: 'invoices' } } } }), 2, before)
    expect(after.entities.get('account')?.relations.get('invoices')).toMatchObject({ entity: 'invoice', field: 'account' })
    expect(after.entities.get('contact')).toBe(before.entities.get('contact'))
  })

  test('compiling after a change gives the same as compiling from nothing', async () => {
    const before = await tinyModel()
    const documents = withEntity(before.documents, 'account', { $defs: { address: { properties: { country: { type: 'string' } } } }, required: ['name', 'region'] })
    expect(dump(compile(documents, 2, before))).toEqual(dump(compile(documents, 2)))
  })

  test('one damaged definition is left out and named, the others work', async () => {
    const damaged = {
      ...(await tinyDocuments()),
      'contact/entity.json': { type: 'object', properties: 7 },
      'account/view.bad.json': { columns: [] },
      'deal/entity.json': { type: 'object', properties: { title: { type: 'string' }, ghost: { crm: { type: 'reference', to: 'nothing' } }, bad: { crm: { type: 'nonsense' } } } },
    }
    const model = compile(damaged, 3)
    expect([...model.entities.keys()]).toEqual(['account', 'contact', 'deal', 'user'])
    expect(model.entities.get('deal')?.fields.has('title')).toBe(true)
    expect(model.entities.get('deal')?.fields.has('ghost')).toBe(false)
    expect(model.quarantined.map((one) => one.path).sort()).toEqual(['account/view.bad.json#', 'deal/entity.json#/properties/bad/crm/type', 'deal/entity.json#/properties/ghost/crm/to'])
  })

  test('what is in quarantine is told again at every compile', async () => {
    const documents = withEntity(await tinyDocuments(), 'account', { properties: { bad: { crm: { type: 'nonsense' } } } })
    const first = compile(documents, 1)
    expect(compile(documents, 2, first).quarantined).toEqual(first.quarantined)
    expect(first.quarantined).toHaveLength(1)
  })

  test('archived fields keep their columns and leave the API; archived entities leave the model', async () => {
    const documents = withEntity(withEntity(await tinyDocuments(), 'account', { properties: { website: { crm: { archived: true } } } }), 'user', { crm: { archived: true } })
    const model = compile(documents, 1)
    expect(model.entities.get('account')?.fields.has('website')).toBe(false)
    expect(model.entities.get('account')?.archived.map((field) => field.columns[0]?.name)).toEqual(['website'])
    expect(model.entities.has('user')).toBe(false)
  })

  test('a renamed field keeps its column', async () => {
    const model = compile(withEntity(await tinyDocuments(), 'account', { properties: { website: null as never, homePage: { type: 'string', format: 'uri', crm: { id: 'website' } } } }), 1)
    expect(model.entities.get('account')?.fields.get('homePage')?.columns[0]?.name).toBe('website')
  })
})
