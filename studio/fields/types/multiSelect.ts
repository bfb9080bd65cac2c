/** Several of a list of values. */
import { html } from 'lit'

import type { Json } from '../../../metadata/contract/json.js'
import { badge, optionOf } from '../choices.js'
import type { FieldView } from '../contract.js'
import { select, severalInput } from './select.js'

const several = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [value])

export const multiSelect: FieldView = {
  type: 'multiSelect',
  icon: 'tags',
  align: 'start',
  columnPx: 200,
  wide: false,
  filters: ['$contains'],
  input: severalInput,
  filter: (slot) => select.input(slot),
  cell: (value, { field }) => html`<span class="badges">${several(value).map((one) => badge(optionOf(field, one)))}</span>`,
  text: (value, { field }) => several(value).map((one) => optionOf(field, one).label).join(', '),
}
