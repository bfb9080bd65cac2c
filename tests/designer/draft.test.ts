import { join } from 'node:path'
import fc from 'fast-check'
import type { JsonObject } from '../../metadata/contract/json.js'
import { describe, expect, test } from 'vitest'

import { addEntity, type AddEntity } from '../../studio/designer/commands/add-entity.js'
import { addReference } from '../../studio/designer/commands/add-reference.js'
import { addField } from '../../studio/designer/commands/add-field.js'
import { archiveEntity, archiveField, removeEntity, removeField, restoreField } from '../../studio/designer/commands/archive.js'
import { startEntity, starterNames, statesAmong, type StarterName } from '../../studio/designer/commands/model-starters.js'
import { renameEntity, renameField } from '../../studio/designer/commands/rename.js'
import { retypeField } from '../../studio/designer/commands/retype-field.js'
import { setChoices } from '../../studio/designer/commands/set-choices.js'
import { setEntitySetting } from '../../studio/designer/commands/set-entity.js'
import { setRules } from '../../studio/designer/commands/set-rules.js'
import { requireField, resetField, setKeyword, setSetting, setTranslation } from '../../studio/designer/commands/set-field.js'
import { entitiesOf, suggestName, type TypeInfo } from '../../studio/designer/draft/definitions.js'
import { openDraft, perform, redo, undo, type Draft } from '../../studio/designer/draft/draft.js'
import { applyAll, type Documents, type Operation } from '../../studio/designer/draft/operations.js'
import { propertyFor, sampleChoices, startOptions } from '../../studio/designer/entities/type-options.js'
import { diagramOf } from '../../studio/designer/diagram/diagram.js'
import { layOut as layDiagramOut } from '../../studio/designer/diagram/lay-out.js'
import { applyDraftOperations } from '../../engine/definitions/rename.js'
import { check } from '../../engine/definitions/check.js'
import { readLayer } from '../../engine/definitions/files.js'
import { mergeLayers } from '../../engine/definitions/layers.js'
import { inferredLines } from '../../engine/model/inferred.js'
import { typeNames } from '../../engine/model/type-names.js'
import { fieldTypes } from '../../engine/fields/index.js'
import { tinyDocuments } from '../model/packs.js'

const types = fieldTypes as unknown as readonly TypeInfo[]
const typeNamed = (name: string): TypeInfo => {
  const found = types.find((type) => type.name === name)
  if (found === undefined) throw new Error(`no type ${name}`)
  return found
}
const original = await tinyDocuments()
const propertyIn = (documents: Documents, path: string, key: string): unknown => (documents[path]?.['properties'] as Record<string, unknown> | undefined)?.[key]
const account = (key: string): { entity: string; key: string } => ({ entity: 'account', key })

type Command = (documents: Documents, a: number, b: number, word: string) => readonly Operation[]

/** Every command, on a field and an entity that numbers pick among those that are there. */
const commands: readonly Command[] = [
  (documents, a, b, word) => pick(documents, a, b, (entity) => addField(documents, { entity, key: suggestName(word, 'field', keysOf(documents, entity)), property: propertyFor(typeAt(b), word, startOptions(typeAt(b), [])), required: b % 2 === 0, inForm: true, inList: a % 2 === 0 })),
  (documents, a, b, word) => pick(documents, a, b, (entity, key) => renameField(documents, { entity, key }, suggestName(word, 'field', keysOf(documents, entity)))),
  (documents, a, b) => pick(documents, a, b, (entity, key) => retypeField(documents, { entity, key }, typeAt(a), startOptions(typeAt(a), []))),
  (documents, a, b) => pick(documents, a, b, (entity, key) => archiveField(documents, { entity, key })),
  (documents, a, b) => pick(documents, a, b, (entity, key) => restoreField(documents, { entity, key })),
  (documents, a, b) => pick(documents, a, b, (entity, key) => removeField(documents, { entity, key })),
  (documents, a, b) => pick(documents, a, b, (entity, key) => requireField(documents, { entity, key }, a % 2 === 0)),
  (documents, a, b, word) => pick(documents, a, b, (entity, key) => setKeyword(documents, { entity, key }, 'title', word === '' ? undefined : word)),
  (documents, a, b) => pick(documents, a, b, (entity, key) => setSetting(documents, { entity, key }, 'unique', a % 2 === 0 ? true : undefined)),
  (documents, a, b, word) => pick(documents, a, b, (entity, key) => setTranslation(documents, 'zh', `${entity}/entity.json`, `/properties/${key}/title`, word)),
  (documents, a, b, word) => pick(documents, a, b, (entity, key) => setChoices(documents, { entity, key }, [{ value: 'x', title: word, color: 'red' }, { value: 'y', title: '', color: '' }])),
  (documents, a, b, word) => pick(documents, a, b, (entity) => setEntitySetting(documents, entity, 'plural', word === '' ? undefined : word)),
  (documents, a, b, word) => pick(documents, a, b, (entity) => renameEntity(documents, entity, suggestName(word, 'entity', entityNames(documents)))),
  (documents, a, b) => pick(documents, a, b, (entity) => archiveEntity(documents, entity)),
  (documents, a, b) => pick(documents, a, b, (entity) => removeEntity(documents, entity)),
  (documents, _a, _b, word) => addEntity(documents, { name: suggestName(word, 'entity', entityNames(documents)), title: word || 'Thing', plural: word, icon: 'box', fields: [['name', { type: 'string' }]] }),
]
const typeAt = (index: number): TypeInfo => types[index % types.length] ?? typeNamed('text')
const entityNames = (documents: Documents): readonly string[] => entitiesOf(documents, {}, 'en').map(({ name }) => name)
const keysOf = (documents: Documents, entity: string): readonly string[] => Object.keys((documents[`${entity}/entity.json`]?.['properties'] ?? {}) as object)

function pick(documents: Documents, a: number, b: number, command: (entity: string, key: string) => readonly Operation[]): readonly Operation[] {
  const names = entityNames(documents)
  const entity = names[a % Math.max(1, names.length)]
  if (entity === undefined) return []
  const keys = keysOf(documents, entity)
  const key = keys[b % Math.max(1, keys.length)]
  return key === undefined ? [] : command(entity, key)
}

const steps = fc.array(fc.record({ command: fc.nat(commands.length - 1), a: fc.nat(50), b: fc.nat(50), word: fc.constantFrom('', 'Shoe size', '等级', 'a_b', 'Über~/x', 'name') }), { maxLength: 25 })

const run = (start: Draft, list: readonly { command: number; a: number; b: number; word: string }[]): Draft =>
  list.reduce((draft, { command, a, b, word }) => perform(draft, commands[command]?.(draft.documents, a, b, word) ?? []).draft, start)

const times = (count: number, draft: Draft, step: (draft: Draft) => { readonly draft: Draft }): Draft => (count === 0 ? draft : times(count - 1, step(draft).draft, step))

describe('draft', () => {
  test('undo of any steps gives the documents back, redo gives the result again', () => {
    fc.assert(fc.property(steps, (list) => {
      const done = run(openDraft(original), list)
      const back = times(done.done.length, done, undo)
      expect(back.documents).toEqual(original)
      expect(times(done.done.length, back, redo).documents).toEqual(done.documents)
    }), { numRuns: 300 })
  })

  test('the operations that the engine is told give the same documents as here', () => {
    fc.assert(fc.property(steps, (list) => {
      let draft = openDraft(original)
      let told: Documents = original
      for (const { command, a, b, word } of list) {
        const changed = perform(draft, commands[command]?.(draft.documents, a, b, word) ?? [])
        draft = changed.draft
        told = applyAll(told, changed.operations)
      }
      for (let step = draft.done.length; step > 0; step -= 1) {
        const changed = undo(draft)
        draft = changed.draft
        told = applyAll(told, changed.operations)
      }
      expect(told).toEqual(original)
    }), { numRuns: 100 })
  })

  test('a step that changes nothing is no step', () => {
    const draft = openDraft(original)
    const same = perform(draft, [{ op: 'replace', path: '/account~1entity.json/title', value: 'Account' }])
    expect(same).toEqual({ draft, operations: [] })
  })

  test('letters typed into one field are one step, two fields are two', () => {
    let draft = openDraft(original)
    for (const title of ['N', 'Na', 'Nam']) draft = perform(draft, setKeyword(draft.documents, account('name'), 'title', title), 'title:name').draft
    draft = perform(draft, setKeyword(draft.documents, account('region'), 'title', 'R'), 'title:region').draft
    expect(draft.done).toHaveLength(2)
    expect(undo(undo(draft).draft).draft.documents).toEqual(original)
  })

  test('an operation without a place leaves the draft as it was', () => {
    const draft = openDraft(original)
    expect(() => perform(draft, [{ op: 'add', path: '/account~1entity.json/title', value: 'X' }, { op: 'remove', path: '/account~1entity.json/properties/nothing' }])).toThrow('nothing')
    expect(draft.documents['account/entity.json']?.['title']).toBe('Account')
  })
})

describe('commands', () => {
  const engineSays = (documents: Documents): readonly string[] => check(documents).findings.map(({ path, code }) => `${code} ${path}`)

  test('a new amount is in the currency that most amounts have', () => {
    const money = (currency: string): JsonObject => ({ crm: { type: 'money', currency } })
    const entities = entitiesOf({ 'a/entity.json': { type: 'object', properties: { net: money('EUR'), tax: money('USD'), gross: money('USD'), tier: { crm: { type: 'formula', expression: '1' } } } } }, {}, 'en')
    expect([startOptions(typeNamed('money'), entities), startOptions(typeNamed('money'), []), startOptions({ ...typeNamed('text'), name: 'formula', options: { properties: { expression: {} }, required: ['expression'] }, examples: [] }, entities)]).toEqual([{ currency: 'USD' }, { currency: 'CNY' }, {}])
  })

  test.each(types.map(({ name }) => name))('a new field of type %s is accepted by the engine', (name) => {
    const type = typeNamed(name)
    // Lines are the rows of a reference that is owned.
    const [before, lines]: readonly [Documents, JsonObject] = name === 'lines' ? [applyAll(original, [{ op: 'add', path: '/contact~1entity.json/properties/account/crm/owned', value: true }]), { of: 'contact.account' }] : [original, {}]
    const needed = { ...(type.options['required'] as readonly string[] | undefined)?.includes('to') ? { to: 'account' } : {}, ...startOptions(type, []), ...lines }
    const options = (type.options['required'] as readonly string[] | undefined)?.includes('enum') ? { ...needed, enum: ['a', 'b'], options: { a: { title: 'A' } } } : needed
    const operations = addField(before, { entity: 'account', key: 'added', property: propertyFor(type, 'Added', options), required: true, inForm: true, inList: true })
    const documents = applyDraftOperations(before, operations, before)
    expect(engineSays(documents)).toEqual([])
    expect(JSON.stringify(documents['account/form.default.json'])).toContain('#/properties/added')
  })

  test('here and in the engine a rename gives the same entity: the identity stays, mentions follow', () => {
    const operations = renameField(original, account('name'), 'label')
    const here = applyAll(original, operations)['account/entity.json']
    expect(here).toEqual(applyDraftOperations(original, operations, original)['account/entity.json'])
    expect(here).toMatchObject({ required: ['label'], properties: { label: { crm: { id: 'name' } } } })
  })

  test.each([['name', 'region'], ['name', 'no name'], ['nothing', 'x'], ['name', 'name'], ['name', '__proto__']])('renaming %s to %s is no step', (from, to) => {
    expect(renameField(original, account(from), to)).toEqual([])
  })

  test('another type keeps the title, the identity and the marks that it can have', () => {
    const renamed = applyAll(original, renameField(original, account('name'), 'label'))
    const first = applyAll(renamed, setSetting(renamed, account('label'), 'requiredWhen', { website: null }))
    const documents = applyAll(first, retypeField(first, account('label'), typeNamed('integer'), {}))
    expect(propertyIn(documents, 'account/entity.json', 'label')).toEqual({ crm: { id: 'name', index: true, type: 'integer', requiredWhen: { website: null } } })
  })

  test.each([[[]], [[...starterNames]], [['lifecycle', 'tasks', 'log']], [['approval']]] as StarterName[][][])('an entity that begins with %s is accepted by the engine, in every language, and undo takes all of it back', async (starters) => {
    const core: Documents = mergeLayers([await readLayer(join(import.meta.dirname, '../../metadata/core'), 'core')]).documents
    const made: AddEntity = { name: 'repair', title: 'Repair', plural: '', icon: 'box', fields: [['what', { type: 'string' }]] }
    const changed = perform(openDraft(core), startEntity(core, made, starters, ''))
    const { findings, model } = check(changed.draft.documents)
    expect(findings).toEqual([])
    const fields = [...(model.entities.get('repair')?.fields.keys() ?? [])]
    expect(fields.includes('assignee')).toBe(starters.includes('assignee'))
    expect(fields.includes('team')).toBe(starters.includes('assignee'))
    expect(Object.hasOwn(changed.draft.documents, 'repair/lifecycle.json')).toBe(starters.includes('lifecycle'))
    expect(model.entities.get('repair')?.lifecycle?.field).toBe(starters.includes('lifecycle') ? 'status' : undefined)
    const asks = JSON.stringify(changed.draft.documents['workflows/repair-approval.json'] ?? {})
    expect(asks.includes('"call":"crm.approve"') && asks.includes('"role":"admin"')).toBe(starters.includes('approval')) // those who may read what is new
    expect(fields.includes('approval')).toBe(starters.includes('approval'))
    expect(model.entities.get('repair')?.history).toBe(starters.includes('log'))
    expect(JSON.stringify(changed.draft.documents['texts/zh.json']).includes('负责人')).toBe(starters.includes('assignee') || JSON.stringify(core['texts/zh.json']).includes('负责人'))
    expect(undo(changed.draft).draft.documents).toEqual(core)
  })

  test('a reference that is drawn in the diagram can be published, has a list on the other side and titles in all languages', async () => {
    const before = await tinyDocuments()
    const drawn = (documents: Documents): Documents => {
      const all = entitiesOf(documents, typeNames(documents), 'en')
      const [from, to] = ['account', 'deal'].map((name) => all.find((entity) => entity.name === name))
      if (from === undefined || to === undefined) throw new Error('the tiny pack has both')
      return applyAll(documents, addReference(documents, { from, to, all }).operations)
    }
    const after = drawn(drawn(before))
    expect(check(after).findings).toEqual([])
    const entities = entitiesOf(after, typeNames(after), 'en')
    const { boxes, arrows } = diagramOf(entities)
    expect(arrows.filter(({ from, to }) => from === 'account' && to === 'deal').map(({ field }) => field.key)).toEqual(['deal', 'deal2'])
    expect(boxes.find(({ entity }) => entity.name === 'account')?.fields.map(({ key }) => key)).toEqual(expect.arrayContaining(['name', 'deal', 'deal2']))
    expect(diagramOf(entities.filter(({ name }) => name === 'account')).arrows).toEqual([])
    const { boxes: places, lines } = layDiagramOut({ boxes, arrows })
    expect([places.size, lines.length]).toEqual([boxes.length, arrows.length])
  })

  test('a lifecycle that a new entity begins with goes over the choice that was said to have the states, or one called a status, and else over a field of its own', () => {
    const made: AddEntity = { name: 'repair', title: 'Repair', plural: '', icon: 'box', fields: [['stage', { title: 'Stage', enum: ['a', 'b'] }]] }
    expect([statesAmong(made.fields), statesAmong([['urgency', { title: 'Urgency', enum: ['high'] }], ['step', { title: '状态', enum: ['a'] }]])]).toEqual(['', 'step'])
    const beside = applyAll(original, startEntity(original, { ...made, fields: [['what', { type: 'string' }], ...made.fields] }, ['lifecycle', 'log'], ''))
    expect(beside['repair/lifecycle.json']?.['field']).toBe('status')
    expect(check(beside).model.entities.get('repair')?.views.get('all')?.columns).toEqual(['what', 'status', 'stage']) // a list tells of the state early
    const documents = applyAll(original, startEntity(original, made, ['lifecycle', 'log'], 'stage'))
    expect(documents['repair/lifecycle.json']).toMatchObject({ field: 'stage', initial: 'a' })
    expect(Object.keys(documents['repair/entity.json']?.['properties'] as object)).toEqual(['stage'])
    const unnamed = applyAll(original, startEntity(original, { ...made, fields: [['stage', { title: 'Stage', enum: sampleChoices }]] }, ['lifecycle'], 'stage'))
    expect(check(unnamed).findings).toEqual([])
    expect(unnamed['repair/lifecycle.json']).toMatchObject({ field: 'stage', initial: 'new', states: { done: { final: true } } })
    expect(unnamed['texts/zh.json']?.['repair/entity.json']).toMatchObject({ '/properties/stage/crm/options/open/title': '处理中' })
  })

  test('an archived field is no longer required', () => {
    const documents = applyAll(original, archiveField(original, account('name')))
    expect(documents['account/entity.json']).toMatchObject({ required: [], properties: { name: { crm: { archived: true } } } })
  })

  test('an archived entity takes the links to it along; lists of related records rest without a problem', () => {
    const linked: Documents = {
      'a/entity.json': { type: 'object', properties: { name: { type: 'string' } } },
      'a/form.default.json': { type: 'VerticalLayout', elements: [{ type: 'Control', scope: '#/properties/name' }, { type: 'RelatedList', options: { relation: 'bs' } }] },
      'b/entity.json': { type: 'object', required: ['a', 'other'], properties: { a: { crm: { type: 'reference', to: 'a', inverse: 'bs' } }, other: { crm: { type: 'reference', to: 'a' } }, title: { type: 'string' } } },
    }
    expect(engineSays(linked)).toEqual([])
    const without = applyAll(linked, archiveEntity(linked, 'a'))
    expect(engineSays(without)).toEqual([])
    expect(without['b/entity.json']).toMatchObject({ required: [], properties: { a: { crm: { archived: true } }, other: { crm: { archived: true } } } })
    expect(engineSays(applyAll(linked, archiveEntity(linked, 'b')))).toEqual([])
  })

  test('choices keep their identity, order is theirs, a default that is gone goes', () => {
    const documents: Documents = { 'a/entity.json': { type: 'object', properties: { s: { enum: ['x', 'y'], default: 'y', crm: { type: 'select', options: { x: { title: 'X', id: 'old' } } } } } } }
    const changed = applyAll(documents, setChoices(documents, { entity: 'a', key: 's' }, [{ value: 'z', title: 'Z', color: 'red' }, { value: 'x', title: 'Ex', color: '' }]))
    expect(propertyIn(changed, 'a/entity.json', 's')).toEqual({ enum: ['z', 'x'], crm: { type: 'select', options: { z: { title: 'Z', color: 'red' }, x: { title: 'Ex', id: 'old' } } } })
  })

  test('a field that was only in the draft goes from its form and list as well', () => {
    const added = applyAll(original, addField(original, { entity: 'deal', key: 'extra', property: { type: 'string' }, required: true, inForm: true, inList: true }))
    expect(JSON.stringify(added)).toContain('extra')
    expect(applyAll(added, removeField(added, { entity: 'deal', key: 'extra' }))).toEqual(original)
  })

  test('what is removed takes its texts along, and what stands behind it in a form keeps its own', () => {
    const form = (...elements: JsonObject[]): JsonObject => ({ type: 'VerticalLayout', elements })
    const [extra, money] = [{ type: 'Control', scope: '#/properties/extra' }, { type: 'Group', label: 'Money', elements: [{ type: 'Control', scope: '#/properties/amount' }] }]
    const before: Documents = {
      'deal/entity.json': { type: 'object', title: 'Deal', properties: { amount: { type: 'number' }, extra: { enum: ['a'], title: 'Extra' } } }, 'deal/form.default.json': form(extra, money),
      'texts/zh.json': { 'deal/entity.json': { '/title': '交易', '/properties/extra/title': '附加', '/properties/extra/crm/options/a/title': '甲', '/properties/extraCost/title': '费用' }, 'deal/form.default.json': { '/elements/1/label': '金额' }, 'layer.json': { '/title': '系统' } },
    }
    const without = applyAll(before, removeField(before, { entity: 'deal', key: 'extra' }))
    expect(without['deal/form.default.json']).toMatchObject(form(money))
    expect(without['texts/zh.json']).toEqual({ 'deal/entity.json': { '/title': '交易', '/properties/extraCost/title': '费用' }, 'deal/form.default.json': { '/elements/0/label': '金额' }, 'layer.json': { '/title': '系统' } })
    expect(applyAll(before, removeEntity(before, 'deal'))).toEqual({ 'texts/zh.json': { 'layer.json': { '/title': '系统' } } })
  })

  test('what a list of objects becomes is shown like every entity, and what is said of it is laid over it', () => {
    const survey: Documents = {
      'survey/entity.json': { type: 'object', title: 'Survey', properties: { answers: { type: 'array', title: 'Answers', items: { type: 'object', required: ['score'], properties: { score: { type: 'integer' }, mood: { enum: ['good', 'bad'] } } } } } },
    }
    const inferred = inferredLines(survey)
    const shown = (documents: Documents) => entitiesOf(documents, {}, 'en', inferred).find(({ name }) => name === 'surveyAnswers')
    expect(shown(survey)).toMatchObject({ plural: 'Answers', lines: { of: 'survey', field: 'answers' }, fields: [{ key: 'survey' }, { key: 'score', required: true, inferred: true }, { key: 'mood' }] })
    const at = (key: string) => ({ entity: 'surveyAnswers', key })
    const steps: readonly ((documents: Documents) => readonly Operation[])[] = [
      (documents) => setKeyword(documents, at('score'), 'title', 'Points'),
      (documents) => setChoices(documents, at('mood'), [{ value: 'good', title: 'Good', color: 'green' }, { value: 'bad', title: '', color: '' }]),
      (documents) => addField(documents, { ...at('note'), property: { type: 'string' }, required: false, inForm: true, inList: true }),
      (documents) => setEntitySetting(documents, 'surveyAnswers', 'icon', 'star'),
      (documents) => setEntitySetting(documents, 'surveyAnswers', 'indexes', [['mood', 'score']]),
      (documents) => setEntitySetting(documents, 'surveyAnswers', 'unique', [['survey', 'mood']]),
      (documents) => setRules(documents, 'surveyAnswers', [{ rule: { cel: 'mood != "bad"', message: 'In good mood only.' }, from: null }]),
      (documents) => archiveField(documents, at('score')),
    ]
    for (const step of steps) expect(engineSays(applyAll(survey, step(survey)))).toEqual([])
    const changed = steps.reduce((documents, step) => applyAll(documents, step(documents)), survey)
    expect(engineSays(changed)).toEqual([])
    expect(shown(changed)).toMatchObject({ icon: 'star', fields: [{ key: 'survey' }, { key: 'score', title: 'Points', archived: true }, { key: 'mood', inferred: true }, { key: 'note', inferred: false }] })
    expect(check(steps.slice(0, 7).reduce((documents, step) => applyAll(documents, step(documents)), survey)).model.entities.get('surveyAnswers')).toMatchObject({ rules: [{ message: 'In good mood only.' }], indexes: expect.arrayContaining([expect.objectContaining({ unique: true })]) })
    expect(check(changed).model.entities.get('surveyAnswers')?.fields.get('mood')?.options).toMatchObject({ enum: ['good', 'bad'] })
  })

  test.each([['Loyalty level!', 'loyaltyLevel'], ['Größe', 'grosse'], ['等级', 'field'], ['2nd phone', 'field2ndPhone'], ['Name', 'name2'], ['', 'field']])('the name suggested for %s is %s', (title, name) => {
    expect(suggestName(title, 'field', ['name'])).toBe(name)
  })
})

test('a field that is reset is what the layers below say, also whether it is required; nothing is left to do then', () => {
  const field = { entity: 'thing', key: 'a' }
  const below = { properties: { a: { title: 'A', type: 'string' } }, required: ['a'] }
  const changed: Documents = { 'thing/entity.json': { properties: { a: { title: 'Changed', type: 'string' } }, required: ['b'] } }
  const reset = applyAll(changed, resetField(changed, field, below) ?? [])
  expect(reset).toEqual({ 'thing/entity.json': { properties: below.properties, required: ['b', 'a'] } })
  expect(resetField(reset, field, below)).toEqual([])
  const optional = applyAll(reset, requireField(reset, field, false))
  expect(applyAll(optional, resetField(optional, field, below) ?? [])).toEqual(reset)
  expect(resetField(reset, field, { properties: {} })).toBeUndefined()
})
