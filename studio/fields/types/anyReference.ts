/** A record of one of several entities. */
import { html, type TemplateResult } from 'lit'
import { until } from 'lit/directives/until.js'

import { isObject, type Json } from '../../../metadata/contract/json.js'
import type { FieldView, Shown } from '../contract.js'

/** A record of one of several entities. */
export interface Named {
  readonly entity: string
  readonly id: number
}

/** The record that a value names, as it came from the engine or as conditions write it (`member/5`). */
export function namedIn(value: Json | undefined): Named | null {
  if (typeof value === 'string') {
    const [entity = '', id = ''] = value.split('/')
    return /^[1-9]\d*$/.test(id) && entity !== '' ? { entity, id: Number(id) } : null
  }
  return isObject(value) && typeof value['entity'] === 'string' && typeof value['id'] === 'number' ? { entity: value['entity'], id: value['id'] } : null
}

const nameOf = (value: Json, { lookup }: Shown): string | Promise<string> => {
  const named = namedIn(value)
  if (named === null) return ''
  return isObject(value) && typeof value['label'] === 'string' ? value['label'] : lookup.name(named.entity, named.id)
}

function link(value: Json, shown: Shown): TemplateResult | string {
  const named = namedIn(value)
  if (named === null) return ''
  const kind = shown.lookup.entity(named.entity)?.title ?? named.entity
  const name = nameOf(value, shown)
  return html`<a class="reference" href=${shown.lookup.address(named.entity, named.id)} title=${kind}>${typeof name === 'string' ? name : until(name, `#${String(named.id)}`)}</a> <span class="quiet">${kind}</span>`
}

export const anyReference: FieldView = {
  type: 'anyReference',
  icon: 'links',
  align: 'start',
  columnPx: 220,
  wide: true,
  filters: ['$eq', '$ne'],
  input: (slot) => html`<any-reference-input .slotted=${slot} .creates=${true}></any-reference-input>`,
  // A condition names the record by one word.
  filter: (slot) => html`<any-reference-input .slotted=${{ ...slot, change: (value: Json) => slot.change(wordOf(value)) }}></any-reference-input>`,
  cell: link,
  parse: (text) => {
    const named = namedIn(text.trim())
    return named === null ? undefined : { ...named }
  },
  text: (value, shown) => nameOf(value, shown),
  needs: (field) => [`${field.key}.label`],
}

/** How a record is named in conditions. */
function wordOf(value: Json): Json {
  const named = namedIn(value)
  return named === null ? null : `${named.entity}/${String(named.id)}`
}
