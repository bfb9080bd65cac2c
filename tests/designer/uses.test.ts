/** What the designer says before a field is put away is what the engine's check says afterwards. */
import { describe, expect, test } from 'vitest'

import { check } from '../../engine/definitions/check.js'
import { readLayer } from '../../engine/definitions/files.js'
import { mergeLayers } from '../../engine/definitions/layers.js'
import { referencesTo } from '../../engine/definitions/references.js'
import { isReserved, systemColumns } from '../../engine/model/names.js'
import { addEntity } from '../../studio/designer/commands/add-entity.js'
import { archiveEntity, archiveField } from '../../studio/designer/commands/archive.js'
import { entitiesOf, suggestName, systemKeys, titleFrom } from '../../studio/designer/draft/definitions.js'
import { usesOf, usesOfEntity } from '../../studio/designer/entities/field-uses.js'
import { applyAll, type Documents } from '../../studio/designer/draft/operations.js'
import { readableChanges } from '../../studio/designer/words.js'
import { tinyDocuments } from '../model/packs.js'

const metadata = new URL('../../metadata/', import.meta.url).pathname
const retail: Documents = mergeLayers([await readLayer(`${metadata}core`, 'core'), await readLayer(`${metadata}retail`, 'retail')]).documents
const tiny: Documents = await tinyDocuments()

const fieldsIn = (documents: Documents): readonly (readonly [entity: string, key: string])[] =>
  entitiesOf(documents, {}, 'en').flatMap(({ name, fields }) => fields.filter(({ archived }) => !archived).map(({ key }) => [name, key] as const))

/** Places at the depth that people are told: a role's entity, a list, an entity. */
const place = (path: string): string => (path.startsWith('roles/') ? path.split('/').slice(0, 4).join('/') : path.split('#')[0] ?? '')

describe.each([['retail', retail], ['tiny', tiny]] as const)('who uses a field of the %s pack', (_name, documents) => {
  test('those that need it are exactly those that the check refuses without it', () => {
    expect(fieldsIn(documents).length).toBeGreaterThan(10)
    for (const [entity, key] of fieldsIn(documents)) {
      const refused = check(applyAll(documents, archiveField(documents, { entity, key }))).findings.map(({ path }) => place(path))
      const said = usesOf(documents, entity, key).filter(({ needsIt }) => needsIt).map(({ path }) => place(path))
      expect({ entity, key, places: [...new Set(said)].toSorted() }).toEqual({ entity, key, places: [...new Set(refused)].toSorted() })
    }
  })

  test('of an entity, the same: its links go with it, and who needs one of them is told', () => {
    // Fields of type `user` point to people without naming the entity; nobody puts people away.
    for (const { name } of entitiesOf(documents, {}, 'en').filter((entity) => !entity.archived && entity.name !== 'user')) {
      const refused = check(applyAll(documents, archiveEntity(documents, name))).findings.map(({ path }) => place(path))
      const said = usesOfEntity(documents, name).filter(({ needsIt }) => needsIt).map(({ path }) => place(path))
      expect({ name, places: [...new Set(said)].toSorted() }).toEqual({ name, places: [...new Set(refused)].toSorted() })
    }
  })

  test('every role, list and form that the engine knows to name it is told', () => {
    for (const [entity, field] of fieldsIn(documents)) {
      const known = referencesTo(documents, { entity, field }).filter((path) => /^roles\/|^dashboards\/|^workflows\/|\/view\.|\/form\./.test(path))
      const said = new Set(usesOf(documents, entity, field).map(({ path }) => path.split('#')[0]))
      expect({ entity, field, missing: known.filter((path) => !said.has(path)) }).toEqual({ entity, field, missing: [] })
    }
  })
})

test('a renamed field is one change; what left and what came are two', () => {
  const at = (key: string): string => `a/entity.json#/properties/${key}`
  const gone = { path: at('device'), before: { title: 'Device' } }
  const renamed = { path: at('machine'), after: { title: 'Device', crm: { id: 'device' } } }
  const came = { path: at('other'), after: { title: 'Other' } }
  expect(readableChanges([gone, renamed, came])).toEqual([{ ...renamed, before: gone.before, renamedFrom: 'device' }, came])
  expect(readableChanges([gone, came])).toEqual([gone, came])
  expect(readableChanges([gone, { ...renamed, path: 'b/entity.json#/properties/machine' }])).toHaveLength(2)
})

test.each([...Object.keys(systemColumns), 'prototype', 'constructor', 'toString'])('no field is suggested the name %s, which the engine keeps', (name) => {
  expect(isReserved(name)).toBe(true)
  expect(isReserved(suggestName(titleFrom(name), 'field', []))).toBe(false)
  expect(systemKeys).toContain(name)
})

test('an entity that is named in two languages is accepted, and the other texts stay', () => {
  const fields = [['ticket', { type: 'string', title: 'Ticket' }], ['member', { title: 'Member', crm: { type: 'reference', to: 'member' } }]] as const
  const made = applyAll(retail, addEntity(retail, { name: 'repairOrder', title: 'Repair order', plural: '', icon: '', fields, texts: { zh: { '/title': '维修单', '/properties/ticket/title': '工单' } } }))
  expect(check(made).findings).toEqual([])
  expect(made['texts/zh.json']).toEqual({ ...retail['texts/zh.json'], 'repairOrder/entity.json': { '/title': '维修单', '/properties/ticket/title': '工单' } })
})
