/** A number that the engine gives when the record is saved. */
import { html } from 'lit'

import { t } from '../../client/i18n.js'
import { control } from '../control.js'
import { plain } from '../plain.js'
import { textInput } from '../text-input.js'
import type { FieldView } from '../contract.js'

export const autonumber: FieldView = {
  type: 'autonumber',
  icon: 'hash',
  align: 'start',
  columnPx: 140,
  wide: false,
  filters: ['$startsWith', '$contains', '$eq', '$ne'],
  input: (slot) => html`<vaadin-text-field ${control(slot)} readonly .value=${plain(slot.value)} .placeholder=${t('field.autonumber')}></vaadin-text-field>`,
  filter: (slot) => textInput(slot),
  cell: (value) => html`<span class="number">${plain(value)}</span>`,
  text: (value) => plain(value),
}
