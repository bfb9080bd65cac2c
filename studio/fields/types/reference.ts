/** A record of another entity. */
import { html, nothing, type TemplateResult } from 'lit'
import { until } from 'lit/directives/until.js'

import { isObject, type Json } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { plain } from '../plain.js'
import { peekButton } from '../../ui/peek-button.js'
import type { FieldView, Shown } from '../contract.js'

/** The entity that a field points to. */
const targetOf = (field: UiField): string => field.to ?? (typeof field.options['to'] === 'string' ? field.options['to'] : '')

/** The record's id, whether it came alone or expanded. */
export function idOf(value: Json): number | null {
  const id = isObject(value) ? value['id'] : value
  return typeof id === 'number' ? id : null
}

/** The name that came along with an expanded record: its only member besides the id. */
export function nameIn(value: Json): string {
  if (!isObject(value)) return ''
  const names = Object.entries(value).filter(([key, part]) => key !== 'id' && key !== 'version' && (typeof part === 'string' || typeof part === 'number'))
  const [only] = names
  return names.length === 1 && only !== undefined ? plain(only[1]) : ''
}

function link(value: Json, { field, lookup }: Shown): TemplateResult | string {
  const id = idOf(value)
  if (id === null) return ''
  const known = nameIn(value)
  const name = known === '' ? until(lookup.name(targetOf(field), id), `#${id}`) : known
  return html`<a class="reference" href=${lookup.address(targetOf(field), id)}>${name}</a>`
}

function peekAt(value: Json, { field, lookup }: Shown): TemplateResult | typeof nothing {
  const id = idOf(value)
  return id === null || lookup.entity(targetOf(field)) === undefined ? nothing : peekButton(lookup.address(targetOf(field), id), nameIn(value) || undefined)
}

export const reference: FieldView = {
  type: 'reference',
  icon: 'link',
  align: 'start',
  columnPx: 180,
  wide: false,
  filters: ['$eq', '$ne', '$below', '$above', '$level'],
  input: (slot) => html`<reference-input .slotted=${slot} .to=${targetOf(slot.field)} .chosen=${idOf(slot.value ?? null)} .creates=${true}></reference-input>`,
  // A level is a number, not a record.
  filter: (slot, operator) => operator === '$level' ? slot.viewOf('integer').input({ ...slot, field: { ...slot.field, type: 'integer', options: { minimum: 1 } } }) : html`<reference-input .slotted=${slot} .to=${targetOf(slot.field)} .chosen=${idOf(slot.value ?? null)}></reference-input>`,
  cell: link,
  page: (value, shown) => html`${link(value, shown)}${peekAt(value, shown)}${shown.lookup.entity(targetOf(shown.field))?.tree === undefined ? nothing : html`<tree-path .lookup=${shown.lookup} .entity=${targetOf(shown.field)} .recordId=${idOf(value)}></tree-path>`}`,
  parse: async (text, { field, lookup }) => {
    const { items } = await lookup.find(targetOf(field), text, null)
    return items.find(({ name }) => name.toLowerCase() === text.toLowerCase())?.id
  },
  text: (value, { field, lookup }) => {
    const id = idOf(value)
    return id === null ? '' : nameIn(value) || lookup.name(targetOf(field), id)
  },
  needs: (field, displayKey) => [`${field.key}.${displayKey}`],
}
