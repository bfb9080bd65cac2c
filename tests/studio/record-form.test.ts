/** A form follows its UI schema, shows what may be shown, and says what is wrong where it is wrong. */
import axe from 'axe-core'
import { html } from 'lit'
import { expect, test } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiFormElement } from '../../metadata/contract/ui-model.js'
import '../../studio/forms/record-form.js'
import type { EditDetail, FormMode, RecordForm } from '../../studio/forms/record-form.js'
import { entity, field, settled, show, surroundings } from './support.js'

const control = (key: string): UiFormElement => ({ type: 'Control', scope: `#/properties/${key}` })

async function form(of: UiEntity, values: JsonObject, mode: FormMode = 'update', problems: Record<string, string> = {}): Promise<{ element: RecordForm; edits: EditDetail[] }> {
  const edits: EditDetail[] = []
  const place = await show(html`<record-form .entity=${of} .values=${values} .mode=${mode} .problems=${problems} .surroundings=${surroundings} @edit=${(event: CustomEvent<EditDetail>) => edits.push(event.detail)}></record-form>`)
  await settled()
  const element = place.querySelector('record-form')
  if (element === null) throw new Error('there is no form')
  return { element, edits }
}

const keysOf = (element: Element): (string | null)[] => [...element.querySelectorAll('[data-key]')].map((place) => place.getAttribute('data-key'))

test('rules show and hide by the values', async () => {
  const gift: UiFormElement = { ...control('gift'), rule: { effect: 'SHOW', condition: { scope: '#/properties/tier', schema: { const: 'gold' } } } }
  const of = entity([field('tier', 'text'), field('gift', 'text')], { type: 'VerticalLayout', elements: [control('tier'), gift] })
  expect(keysOf((await form(of, { tier: 'silver' })).element)).toEqual(['tier'])
  expect(keysOf((await form(of, { tier: 'gold' })).element)).toEqual(['tier', 'gift'])
})

test('a field that may not be written is a text, one that is hidden says so', async () => {
  const of = entity([field('no', 'text', { updateable: false }), field('phone', 'text', { masked: true }), field('name', 'text')], { type: 'VerticalLayout', elements: [control('no'), control('phone'), control('name')] })
  const { element } = await form(of, { no: 'A-1', phone: null, name: 'Ada' })
  expect(element.querySelectorAll('input')).toHaveLength(1)
  expect(element.querySelector('[data-key=no]')?.textContent).toContain('A-1')
  expect(element.querySelector('[data-key=phone]')?.textContent).toContain('Hidden from your role')
})

test('a required field that the form forgot is there when creating', async () => {
  const of = entity([field('name', 'text', { required: true })], { type: 'VerticalLayout', elements: [] })
  expect(keysOf((await form(of, {}, 'create')).element)).toEqual(['name'])
  expect(keysOf((await form(of, {}, 'update')).element)).toEqual([])
})

test('the tab with the first mistake is opened and the field focused', async () => {
  const tab = (label: string, key: string): UiFormElement => ({ type: 'Category', label, elements: [control(key)] })
  const of = entity([field('a', 'text'), field('b', 'text')], { type: 'VerticalLayout', elements: [{ type: 'Categorization', elements: [tab('One', 'a'), tab('Two', 'b')] }] })
  const { element } = await form(of, {}, 'update', { '/b': 'Enter a value.' })
  expect(keysOf(element)).toEqual(['a'])
  expect(element.querySelectorAll('[role=tab]')[1]?.textContent).toContain('1')
  await element.showFirstProblem()
  await settled()
  expect(keysOf(element)).toEqual(['b'])
  expect(element.querySelector('[data-key=b]')?.contains(document.activeElement)).toBe(true)
})

test('looking at another tab changes no value', async () => {
  const tab = (label: string, key: string): UiFormElement => ({ type: 'Category', label, elements: [control(key)] })
  const of = entity([field('adults', 'integer'), field('children', 'integer')], { type: 'Categorization', elements: [tab('One', 'adults'), tab('Two', 'children')] })
  const { element, edits } = await form(of, { adults: 2, children: 5 })
  element.querySelectorAll<HTMLElement>('[role=tab]')[1]?.click()
  await settled()
  expect(element.querySelector('input')?.value).toBe('5')
  expect(edits).toEqual([])
})

test('a text that is no value stays behind another tab', async () => {
  const tab = (label: string, key: string): UiFormElement => ({ type: 'Category', label, elements: [control(key)] })
  const of = entity([field('opens', 'time'), field('name', 'text')], { type: 'Categorization', elements: [tab('One', 'opens'), tab('Two', 'name')] })
  const { element } = await form(of, { opens: '08:30' })
  element.addEventListener('unread', () => (element.problems = { '/opens': 'Not a time of day.' }))
  const typed = element.querySelector('input')
  if (typed === null) throw new Error('there is no input')
  typed.focus()
  typed.value = '25:99'
  typed.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  typed.blur()
  await settled()
  tabOf(element, 1)?.click()
  await settled()
  expect([...element.querySelectorAll('[role=tabpanel]:not([hidden]) [data-key]')].map((place) => place.getAttribute('data-key'))).toEqual(['name'])
  tabOf(element, 0)?.click()
  await settled()
  expect(element.querySelector<HTMLInputElement>('[role=tabpanel]:not([hidden]) input')?.value).toBe('25:99')
})

const tabOf = (element: Element, index: number): HTMLElement | undefined => element.querySelectorAll<HTMLElement>('[role=tab]')[index]

test('a new field of the published model comes into the form, typed values stay', async () => {
  const before = entity([field('name', 'text')], { type: 'VerticalLayout', elements: [control('name')] })
  const { element } = await form(before, { name: 'typed' })
  element.entity = entity([field('name', 'text'), field('vip', 'boolean')], { type: 'VerticalLayout', elements: [control('name'), control('vip')] })
  await settled()
  expect(keysOf(element)).toEqual(['name', 'vip'])
  expect(element.querySelector('input')?.value).toBe('typed')
})

test('lines are added, changed and removed as whole values', async () => {
  const schema = { type: 'array', items: { type: 'object', properties: { what: { type: 'string', title: 'What' } } } }
  const of = entity([field('lines', 'json', { options: { schema } })], control('lines'))
  const { element, edits } = await form(of, { lines: [{ what: 'a' }, { what: 'b' }] })
  const buttons = [...element.querySelectorAll<HTMLButtonElement>('json-input button')]
  buttons[0]?.click()
  buttons.at(-1)?.click()
  expect(edits.map((made) => made.value)).toEqual([[{ what: 'b' }], [{ what: 'a' }, { what: 'b' }, {}]])
})

test('a line that goes takes nothing from the lines after it', async () => {
  const schema = { type: 'array', items: { type: 'object', properties: { what: { type: 'string' }, count: { type: 'integer' } } } }
  const of = entity([field('lines', 'json', { options: { schema } })], control('lines'))
  const { element, edits } = await form(of, { lines: [{ what: 'a', count: 1 }, { what: 'b', count: 2 }] })
  element.addEventListener('edit', (event) => {
    const { key, value } = (event as CustomEvent<EditDetail>).detail
    element.values = { ...element.values, [key]: value }
  })
  element.querySelector<HTMLButtonElement>('json-input button')?.click()
  await settled()
  expect(edits.map((made) => made.value)).toEqual([[{ what: 'b', count: 2 }]])
  expect([...element.querySelectorAll('input')].map((input) => input.value)).toEqual(['b', '2'])
})

test('axe finds nothing wrong', async () => {
  const types = ['text', 'longText', 'integer', 'money', 'boolean', 'date', 'instant', 'select', 'multiSelect', 'reference', 'json']
  const fields = types.map((type) => field(type, type, { required: type === 'text' || type === 'instant', help: `About ${type}`, options: { enum: ['a', 'b'], to: 'store', currency: 'USD' } }))
  const of = entity(fields, { type: 'VerticalLayout', elements: [{ type: 'Group', label: 'All', elements: types.map(control) }] })
  const { element } = await form(of, { text: 'x' }, 'update', { '/text': 'Enter less.' })
  const { violations } = await axe.run(element, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target.join(' ')}`))).toEqual([])
})
