import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { check } from '../../engine/definitions/check.js'
import { changeForm } from '../../studio/designer/commands/change-form.js'
import { addForm, copyForm, formsOf, moveForm } from '../../studio/designer/commands/forms.js'
import { removeDocument } from '../../studio/designer/commands/remove-document.js'
import { setValue } from '../../studio/designer/commands/set-value.js'
import { openDraft, perform, undo, type Draft } from '../../studio/designer/draft/draft.js'
import type { Documents } from '../../studio/designer/draft/operations.js'
import { addTab, move, pair, place, remove, set, step, translate } from '../../studio/designer/screens/form-edits.js'
import { comparisons, questionIn, schemaFor } from '../../studio/designer/screens/form-rules.js'
import { control, fieldOf, formPath, newNode, nodeOf, placesIn, readForm, typeOf, type FormNode } from '../../studio/designer/screens/form-tree.js'
import { tinyDocuments } from '../model/packs.js'

const path = formPath('account')
const fields = (form: FormNode): readonly string[] => placesIn(form).map(({ node }) => fieldOf(node)).filter((key) => key !== '').toSorted()
const groups = [{ type: 'Group', label: 'One', elements: [control('name'), control('region')] }, { type: 'Group', label: 'Two', elements: [] }]
const start = nodeOf({ type: 'VerticalLayout', elements: groups })
const plain = await tinyDocuments()
const { [path]: _old, ...rest } = plain
const documents: Documents = { ...rest, [path]: { type: 'VerticalLayout', elements: groups }, 'texts/zh.json': { [path]: { '/elements/0/label': '一', '/elements/1/label': '二' } } }

type Edit = (form: FormNode, a: number, b: number) => FormNode
const at = (form: FormNode, index: number): readonly number[] => { const all = [[], ...placesIn(form).map(({ place: one }) => one)]; return all[index % all.length] ?? [] }
const moves: readonly Edit[] = [
  (form, a, b) => move(form, at(form, a), { into: at(form, b), index: b % 4 }),
  (form, a, b) => move(form, at(form, a), { beside: at(form, b), side: b % 2 === 0 ? 'start' : 'end' }),
  (form, a, b) => step(form, at(form, a), b % 2 === 0 ? 1 : -1),
  (form, a) => pair(form, at(form, a)),
  (form, a) => addTab(form, `Tab ${String(a)}`, ['zh']),
  (form, a, b) => place(form, newNode({ type: 'Group', label: `Section ${String(a)}` }), { into: at(form, b), index: a % 3 }),
  (form, a, b) => set(form, at(form, a), 'label', `L${String(b)}`),
]
const steps = fc.array(fc.tuple(fc.nat(moves.length - 1), fc.nat(30), fc.nat(30)), { maxLength: 20 })
const run = (list: readonly (readonly [number, number, number])[]): Draft =>
  list.reduce((draft, [edit, a, b]) => perform(draft, changeForm(draft.documents, path, start, (form) => moves[edit]?.(form, a, b) ?? form)).draft, openDraft(documents))

describe('a form that is changed by hand', () => {
  test('stays a form that the engine accepts, loses no field, and every step is undone', () => {
    fc.assert(fc.property(steps, (list) => {
      const draft = run(list)
      const form = readForm(draft.documents, path)
      expect(form === null ? [] : fields(form)).toEqual(['name', 'region'])
      expect([...placesIn(form ?? start)].flatMap(({ node }) => (node.children ?? []).map((child) => (typeOf(node) === 'Categorization') === (typeOf(child) === 'Category'))).every(Boolean)).toBe(true)
      expect(check(draft.documents).findings.filter((finding) => finding.path.startsWith(path))).toEqual([])
      expect(draft.done.reduce((back) => undo(back).draft, draft).documents).toEqual(documents)
    }), { numRuns: 60 })
  })

  test('a translation goes where its element goes', () => {
    fc.assert(fc.property(steps, (list) => {
      const form = readForm(run(list.filter(([edit]) => edit !== 6)).documents, path)
      const labels = form === null ? [] : placesIn(form).filter(({ node }) => node.texts['zh'] !== undefined).map(({ node }) => [node.own['label'], node.texts['zh']?.['/label']])
      const { General: general = '常规', ...own } = Object.fromEntries(labels) as Readonly<Record<string, unknown>>
      expect([general, own]).toEqual(['常规', { One: '一', Two: '二' }])
    }), { numRuns: 60 })
  })

  test('what is taken out goes with its translations, and comes back by undo; what the designer does not know is kept', () => {
    const strange = { ...documents, [path]: { ...documents[path], 'i18n': 'x', elements: [...groups, { type: 'Control', scope: '#/properties/gone', options: { format: 'radio' }, rule: { effect: 'SHOW', condition: { scope: '#/properties/name', schema: { pattern: '^A' } } } }] } }
    const { draft } = perform(openDraft(strange), changeForm(strange, path, start, (form) => remove(form, [0])))
    expect(draft.documents['texts/zh.json']).toEqual({ [path]: { '/elements/0/label': '二' } })
    expect(draft.documents[path]).toMatchObject({ i18n: 'x', elements: [{ label: 'Two' }, { scope: '#/properties/gone', options: { format: 'radio' } }] })
    expect(undo(draft).draft.documents).toEqual(strange)
    expect(changeForm(strange, path, start, (form) => set(form, [0], 'label', 'One'))).toEqual([])
    expect(changeForm(strange, path, start, (form) => move(form, [0], { into: [0], index: 0 }))).toEqual([])
  })

  test('without a form the generated one becomes the form, and a first tab takes all that was there', () => {
    const { [path]: _none, ...none } = documents
    const { draft } = perform(openDraft(none), changeForm(none, path, start, (form) => addTab(form, 'More', ['zh'])))
    const form = readForm(draft.documents, path)
    expect(form?.children?.map((tab) => [typeOf(tab), tab.own['label'], tab.children?.length])).toEqual([['Category', 'General', 2], ['Category', 'More', 0]])
    expect(translate(start, [0], 'zh', '/label', '一').children?.[0]?.texts).toEqual({ zh: { '/label': '一' } })
  })

  test('a rule that was clicked together is read again as it was; another is left to the text', () => {
    fc.assert(fc.property(fc.constantFrom(...comparisons), fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { minLength: 1, maxLength: 3 }), (comparison, values) => {
      const wanted = comparison === 'filled' || comparison === 'empty' ? [] : comparison === 'is' || comparison === 'isNot' ? values : [values.find((one) => typeof one === 'number') ?? 0]
      const question = { field: 'tier', comparison, values: wanted }
      expect(questionIn({ scope: '#/properties/tier', schema: schemaFor(question) })).toEqual(question)
    }))
    expect(questionIn({ scope: '#/properties/tier', schema: { const: 'gold' } })).toEqual({ field: 'tier', comparison: 'is', values: ['gold'] })
    expect(questionIn({ scope: '#/properties/tier', schema: { pattern: '^g' } })).toBeNull()
  })
})

describe('the forms of an entity', () => {
  const named = (draft: Documents): readonly string[] => formsOf(draft, 'account', 'en').map(({ name, title, roles }) => `${name} ${title} ${roles.join()}`.trim().replace(/ +/g, ' '))
  const formOf = (name: string): string => formPath('account', name)

  test('are made, copied with their texts, ordered, and taken away; each step is accepted by the engine and undone', () => {
    const source = { ...documents, [path]: { ...documents[path], position: 7, title: 'Old', roles: ['admin'] } as Documents[string] }
    const steps: readonly ((now: Documents) => ReturnType<typeof addForm>)[] = [
      (now) => copyForm(now, 'account', 'default', 'brief', 'Brief'),
      (now) => addForm(now, 'account', 'plain', { type: 'VerticalLayout', elements: [control('name')], title: 'Plain' }),
      (now) => setValue(now, [formOf('brief'), 'roles'], ['sales']),
      (now) => setValue(now, [formOf('plain'), 'roles'], ['viewer']),
      (now) => moveForm(now, 'account', 'plain', -1),
      (now) => setValue(now, [path, 'roles'], undefined),
    ]
    const draft = steps.reduce((now, one) => perform(now, one(now.documents)).draft, openDraft(source))
    expect(check(draft.documents).findings).toEqual([])
    expect(named(draft.documents)).toEqual(['plain Plain viewer', 'brief Brief sales', 'default Old'])
    expect(draft.documents['texts/zh.json']?.[formOf('brief')]).toEqual({ '/elements/0/label': '一', '/elements/1/label': '二' })
    expect(draft.documents[formOf('brief')]).not.toHaveProperty('position', 7)
    const gone = perform(draft, removeDocument(draft.documents, formOf('brief'))).draft
    expect(JSON.stringify(gone.documents)).not.toContain('form.brief')
    let back = gone
    for (let count = 0; count < steps.length + 1; count += 1) back = undo(back).draft
    expect(back.documents).toEqual(source)
    expect(addForm(source, 'account', 'default', {})).toEqual([])
    expect(copyForm(source, 'account', 'default', 'not a name', '')).toEqual([])
  })

  test('keep their name, their roles and what is public outside of the first tab', () => {
    const whole = { type: 'Group', label: 'All', title: 'Brief', roles: ['admin'], position: 1, elements: [control('name')] }
    const draft = { ...documents, [path]: whole, 'texts/zh.json': { [path]: { '/title': '简', '/label': '全部' } } }
    const next = perform(openDraft(draft), changeForm(draft, path, start, (form) => addTab(form, 'More', []))).draft.documents
    expect(next[path]).toMatchObject({ type: 'Categorization', title: 'Brief', roles: ['admin'], position: 1, elements: [{ type: 'Category', elements: [{ type: 'Group', label: 'All' }] }, { label: 'More' }] })
    expect(next['texts/zh.json']?.[path]).toMatchObject({ '/title': '简', '/elements/0/elements/0/label': '全部' })
    expect(check(next).findings).toEqual([])
  })
})
