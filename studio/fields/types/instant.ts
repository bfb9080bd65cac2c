/** A moment in time, shown in the reader's zone and kept in UTC. */
import '@vaadin/date-time-picker'

import { html } from 'lit'

import { instant as written } from '../../client/i18n.js'
import { fromWall, toWall } from '../../client/zone.js'
import { control } from '../control.js'
import { dateWords } from '../date-words.js'
import { plain } from '../plain.js'
import type { FieldSlot, FieldView } from '../contract.js'

/** An edit of the minutes shown keeps nothing of the seconds; without an edit the exact instant stays. */
function chosen(slot: FieldSlot, wall: string): void {
  if (wall === toWall(plain(slot.value), slot.timeZone)) return
  slot.change(wall === '' ? null : fromWall(wall, slot.timeZone))
}

/** The picker is a group of two inputs, and a group may not be `aria-required`: the label says it instead. */
const grouped = (slot: FieldSlot): FieldSlot => (slot.required && slot.label !== '' ? { ...slot, required: false, label: `${slot.label} *` } : { ...slot, required: false })

export const instant: FieldView = {
  type: 'instant',
  icon: 'clock',
  align: 'start',
  columnPx: 180,
  wide: false,
  filters: ['$gte', '$lte', '$gt', '$lt'],
  input: (slot) => html`
    <vaadin-date-time-picker ${control(grouped(slot))}
      @value-changed=${(event: CustomEvent<{ value: string }>) => chosen(slot, event.detail.value)}
      .i18n=${dateWords()} .value=${toWall(plain(slot.value), slot.timeZone)}></vaadin-date-time-picker>
  `,
  cell: (value, { timeZone }) => html`<time datetime=${plain(value)}>${written(plain(value), timeZone) || plain(value)}</time>`,
  text: (value, { timeZone }) => written(plain(value), timeZone) || plain(value),
}
