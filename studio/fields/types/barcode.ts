/** The number under a bar code or on a card. */
import { html } from 'lit'

import type { Json } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { plain } from '../plain.js'
import { textInput } from '../text-input.js'
import type { FieldView } from '../contract.js'

/** Cards are read out in groups of four; article numbers are printed without spaces. */
const spaced = (value: Json, field: UiField): string =>
  (field.options['kind'] === 'card' ? plain(value).replaceAll(/(\d{4})(?=\d)/g, '$1 ') : plain(value))

export const barcode: FieldView = {
  type: 'barcode',
  icon: 'barcode',
  align: 'start',
  columnPx: 170,
  wide: false,
  filters: ['$startsWith', '$contains', '$eq', '$ne'],
  input: (slot) => textInput(slot, 'numeric'),
  cell: (value, { field }) => html`<bdi class="number" dir="ltr">${spaced(value, field)}</bdi>`,
  text: (value, { field }) => spaced(value, field),
}
