/** Several lines of text. */
import { html } from 'lit'

import { control } from '../control.js'
import { plain } from '../plain.js'
import { edited } from '../text-input.js'
import type { FieldView } from '../contract.js'

export const longText: FieldView = {
  type: 'longText',
  icon: 'textLong',
  align: 'start',
  columnPx: 280,
  wide: true,
  filters: ['$contains', '$startsWith'],
  input: (slot) => html`
    <vaadin-text-area ${control(slot)}
      @value-changed=${(event: CustomEvent<{ value: string }>) => edited(slot, event.detail.value)}
      .value=${plain(slot.value)} .minRows=${3} .maxRows=${14}></vaadin-text-area>
  `,
  cell: (value) => html`<span class="multiline">${plain(value)}</span>`,
  text: (value) => plain(value),
}
