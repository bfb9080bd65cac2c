/** A calendar day, without a time zone. */
import { html } from 'lit'

import { day } from '../../client/i18n.js'
import { control } from '../control.js'
import { dateWords, isoDay, parseDay } from '../date-words.js'
import { plain } from '../plain.js'
import { todayIn } from '../today.js'
import type { FieldView } from '../contract.js'

export const date: FieldView = {
  type: 'date',
  icon: 'calendar',
  align: 'start',
  columnPx: 150,
  wide: false,
  periods: true,
  filters: ['$gte', '$lte', '$eq', '$gt', '$lt', '$ne'],
  unread: 'check.unread.date',
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
  parse: (text) => {
    const read = parseDay(text)
    return read === undefined ? undefined : isoDay(read)
  },
  text: (value) => day(plain(value)) || plain(value),
}
