/** A calendar day, without a time zone. */
import { html } from 'lit'

import { day } from '../../client/i18n.js'
import { control } from '../control.js'
import { dateWords } from '../date-words.js'
import { plain } from '../plain.js'
import { todayIn } from '../today.js'
import type { FieldView } from '../contract.js'

export const date: FieldView = {
  type: 'date',
  icon: 'calendar',
  align: 'start',
  columnPx: 130,
  wide: false,
  periods: true,
  filters: ['$gte', '$lte', '$eq', '$gt', '$lt', '$ne'],
  input: (slot) => {
    todayIn(slot.timeZone)
    return html`
    <vaadin-date-picker ${control(slot)}
      @value-changed=${(event: CustomEvent<{ value: string }>) => {
        if (event.detail.value !== plain(slot.value)) slot.change(event.detail.value === '' ? null : event.detail.value)
      }}
      .i18n=${dateWords()} .value=${plain(slot.value)} autocomplete="off"></vaadin-date-picker>
  `
  },
  cell: (value) => day(plain(value)) || plain(value),
  parse: (text) => /^\d{4}-\d{2}-\d{2}$/.exec(text.replaceAll('/', '-').replace(/-(\d)(?=-|$)/g, '-0$1'))?.[0],
  text: (value) => day(plain(value)) || plain(value),
}
