/** Records of another entity, any number of them. */
import { html, type TemplateResult } from 'lit'
import { until } from 'lit/directives/until.js'

import type { Json } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import type { FieldSlot, FieldView, Shown } from '../contract.js'
import { idOf, nameIn, reference } from './reference.js'

const targetOf = (field: UiField): string => field.listOf ?? (typeof field.options['to'] === 'string' ? field.options['to'] : '')

const listed = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [])

const ids = (value: Json | undefined): readonly number[] => listed(value).flatMap((one) => idOf(one) ?? [])

/** Chips in a cell; more would not be read there. */
const shownMost = 4

function chips(value: Json, { field, lookup }: Shown): TemplateResult | string {
  const all = listed(value)
  if (all.length === 0) return ''
  const rest = all.length - shownMost
  return html`<span class="badges">${all.slice(0, shownMost).map((one) => {
    const id = idOf(one) ?? 0
    const known = nameIn(one)
    return html`<a class="badge reference" href=${lookup.address(targetOf(field), id)}>${known === '' ? until(lookup.name(targetOf(field), id), `#${id}`) : known}</a>`
  })}${rest > 0 ? html`<span class="badge">+${rest}</span>` : ''}</span>`
}

/** One record, as a reference to the same entity is chosen. */
const one = (slot: FieldSlot): TemplateResult => reference.input({ ...slot, field: { ...slot.field, to: targetOf(slot.field) } })

export const references: FieldView = {
  type: 'references',
  icon: 'links',
  align: 'start',
  columnPx: 240,
  wide: true,
  filters: ['$contains'],
  input: (slot) => html`<references-input .slotted=${slot} .to=${targetOf(slot.field)} .chosen=${ids(slot.value)}></references-input>`,
  filter: one,
  cell: chips,
  text: async (value, { field, lookup }) => {
    // In a filter the operand is one record.
    const all = typeof value === 'number' ? [value] : listed(value)
    const names = all.map(async (each) => nameIn(each) || (await lookup.name(targetOf(field), idOf(each) ?? 0)))
    return (await Promise.all(names)).join(', ')
  },
  needs: (field, displayKey) => [`${field.key}.${displayKey}`],
}
