/** Columns are chosen and moved by keyboard, and the keyboard is not lost on the way. */
import { html } from 'lit'
import { expect, test } from 'vitest'

import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { ColumnPicker } from '../../studio/lists/table/column-picker.js'
import '../../studio/lists/table/column-picker.js'
import { entity, field, settled, show } from './support.js'

test('a column is added, moved forward and taken away; the last one stays', async () => {
  const of = entity([field('name', 'text'), field('city', 'text'), field('store', 'reference', { to: 'store' })], { type: 'VerticalLayout' })
  const store = entity([field('region', 'text')], { type: 'VerticalLayout' })
  const model = { entities: { thing: of, store } } as unknown as UiModel
  const place = await show(html`<column-picker .model=${model} .entity=${of} .paths=${['name', 'city']} .usual=${['name', 'city']}></column-picker>`)
  const picker = place.querySelector<ColumnPicker>('column-picker')
  if (picker === null) throw new Error('there is no picker')
  picker.addEventListener('columns', (event) => {
    const paths = (event as CustomEvent<readonly string[]>).detail
    picker.paths = paths.length === 0 ? picker.usual : paths
  })
  expect(picker.querySelector('vaadin-popover')).toBeNull() // nothing of it is there before somebody wants it
  picker.querySelector('button')?.focus()
  picker.querySelector('button')?.click()
  const control = (path: string, selector: string): HTMLElement | null => picker.querySelector<HTMLElement>(`.column-form [data-path="${path}"] ${selector}`)
  await expect.poll(() => control('store.region', 'input')).not.toBeNull()

  control('store.region', 'input')?.click()
  await settled()
  expect(picker.paths).toEqual(['name', 'city', 'store.region'])
  expect(document.activeElement).toBe(control('store.region', 'input'))

  control('store.region', '.up')?.click()
  await settled()
  expect(picker.paths).toEqual(['name', 'store.region', 'city'])
  expect(document.activeElement).toBe(control('store.region', '.up'))

  for (const path of ['city', 'store.region']) {
    control(path, 'input')?.click()
    await settled()
  }
  expect(picker.paths).toEqual(['name'])
  expect((control('name', 'input') as HTMLInputElement).disabled).toBe(true)
  picker.querySelector<HTMLElement>('.column-form header button')?.click()
  await settled()
  expect(picker.paths).toEqual(['name', 'city'])

  control('city', 'input')?.focus()
  control('city', 'input')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }))
  await expect.poll(() => document.activeElement).toBe(picker.querySelector('button'))
})
