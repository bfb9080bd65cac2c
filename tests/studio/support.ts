/** What element tests need: Aura, a place on the page, fields and surroundings without a server. */
import '@vaadin/aura/aura.css'
import '../../studio/shell/tokens.css'
import '../../studio/shell/base.css'
import '../../studio/shell/controls.css'
import '../../studio/shell/marks.css'

import { render, type TemplateResult } from 'lit'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiField, UiFormElement } from '../../metadata/contract/ui-model.js'
import type { FieldSlot, Surroundings } from '../../studio/fields/contract.js'
import { viewOf } from '../../studio/fields/index.js'

/** Renders into a fresh place and gives its element. */
export async function show(template: TemplateResult): Promise<HTMLElement> {
  const place = document.createElement('div')
  document.body.replaceChildren(place)
  render(template, place)
  await settled()
  return place
}

/** After the elements on the page have rendered what they were told. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
}

export const field = (key: string, type: string, more: Partial<UiField> = {}): UiField => ({
  key, type,
  title: key, options: {}, required: false, createable: true, updateable: true, masked: false, system: false,
  operators: [], sortable: false, measures: [], buckets: [],
  ...more,
})

export const entity = (fields: readonly UiField[], form: UiFormElement, schema: JsonObject = {}): UiEntity => ({
  name: 'thing', title: 'Thing', plural: 'Things', icon: 'box', fields, form,
  facts: [], timeline: [], relations: [], lists: [], rules: [], searchable: false,
  schema: { type: 'object', properties: schema },
  may: { create: true, update: true, archive: true, purge: false, export: false, history: false },
})

export const surroundings: Surroundings = {
  timeZone: 'Asia/Shanghai',
  viewOf,
  lookup: {
    name: async (to, id) => `${to} ${id}`,
    find: async () => ({ items: [{ id: 1, name: 'North' }, { id: 2, name: 'South' }], next: null }),
    above: async () => [],
    address: (to, id) => `/records/${to}/${id}`,
    entity: (name) => (name === 'line' ? entity([field('name', 'text')], { type: 'VerticalLayout' }) : undefined),
  },
}

/** A slot whose edits are collected in `edits`. */
export function slot(of: UiField, value: FieldSlot['value'], more: Partial<FieldSlot> = {}): FieldSlot & { readonly edits: unknown[] } {
  const edits: unknown[] = []
  return { ...surroundings, field: of, value, label: of.title, required: false, disabled: false, error: '', help: '', change: (next) => edits.push(next), touch: () => {}, edits, ...more }
}
