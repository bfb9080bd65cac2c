/** A time on the wall clock, without a time zone. */
import { html } from 'lit'

import { control } from '../control.js'
import { plain } from '../plain.js'
import type { FieldView } from '../contract.js'

const quarterHour = 900

export const time: FieldView = {
  type: 'time',
  icon: 'clock',
  align: 'start',
  columnPx: 100,
  wide: false,
  filters: ['$gte', '$lte', '$eq', '$gt', '$lt', '$ne'],
  unread: 'check.unread.time',
  input: (slot) => html`
    <vaadin-time-picker ${control(slot)}
      @value-changed=${(event: CustomEvent<{ value: string }>) => {
        if (event.detail.value !== plain(slot.value)) slot.change(event.detail.value === '' ? null : event.detail.value)
      }}
      .step=${/^\d\d:\d\d:\d\d$/.test(plain(slot.value)) ? 1 : quarterHour} .value=${plain(slot.value)} clear-button-visible autocomplete="off"></vaadin-time-picker>
  `,
  cell: (value) => html`<time class="number">${plain(value)}</time>`,
  text: (value) => plain(value),
}
