/** A moment in time, shown in the reader's zone and kept in UTC. */
import { html, nothing, type TemplateResult } from 'lit'

import { instant as written, t } from '../../client/i18n.js'
import { browserZone, fromWall, gapBefore, offsetName, toWall, twinsOf } from '../../client/zone.js'
import { control } from '../control.js'
import { dateWords } from '../date-words.js'
import { plain } from '../plain.js'
import { todayIn } from '../today.js'
import type { FieldSlot, FieldView } from '../contract.js'

/** An edit of the minutes shown keeps nothing of the seconds; without an edit the exact instant stays. */
function chosen(slot: FieldSlot, wall: string): void {
  if (wall === toWall(plain(slot.value), slot.timeZone)) return
  slot.change(wall === '' ? null : fromWall(wall, slot.timeZone))
}

/** The picker is a group of two inputs, and a group may not be `aria-required`: the label says it instead. */
const grouped = (slot: FieldSlot): FieldSlot => (slot.required && slot.label !== '' ? { ...slot, required: false, label: `${slot.label} *` } : { ...slot, required: false })

/** Whose clock the picker shows, where it is not the one on the person's desk; and hours that this clock skipped. */
function helpOf(slot: FieldSlot): string {
  const value = plain(slot.value)
  const gap = gapBefore(value, slot.timeZone)
  const zone = slot.timeZone !== '' && slot.timeZone !== browserZone() ? t('time.zone', { zone: slot.timeZone }) : ''
  const skipped = gap === null ? '' : t('time.gap', { from: gap.from.slice(11), to: gap.to.slice(11) })
  return [slot.help, zone, skipped].filter((text) => text !== '').join(' ')
}

/** A time that the clock shows twice: which one is meant. */
function twins(slot: FieldSlot): TemplateResult | typeof nothing {
  const value = plain(slot.value)
  const both = twinsOf(value, slot.timeZone)
  if (both === null) return nothing
  const names = [t('time.first'), t('time.second')]
  return html`<span class="time-twins" role="group" aria-label=${t('time.twice')}><small>${t('time.twice')}</small>${both.map((at, index) => html`
    <button type="button" class="chip" ?disabled=${slot.disabled} aria-pressed=${new Date(value).getTime() === new Date(at).getTime() ? 'true' : 'false'} @click=${() => slot.change(at)}>${names[index]} (${offsetName(at, slot.timeZone)})</button>`)}</span>`
}

export const instant: FieldView = {
  type: 'instant',
  icon: 'clock',
  align: 'start',
  columnPx: 180,
  wide: false,
  periods: true,
  moment: true,
  filters: ['$gte', '$lte', '$gt', '$lt'],
  unread: 'check.unread.instant',
  input: (slot) => {
    todayIn(slot.timeZone)
    return html`
    <vaadin-date-time-picker ${control(grouped({ ...slot, help: helpOf(slot) }))}
      @value-changed=${(event: CustomEvent<{ value: string }>) => chosen(slot, event.detail.value)}
      .i18n=${dateWords()} .value=${toWall(plain(slot.value), slot.timeZone)}></vaadin-date-time-picker>
    ${twins(slot)}
  `
  },
  cell: (value, { timeZone }) => html`<time datetime=${plain(value)}>${written(plain(value), timeZone) || plain(value)}</time>`,
  text: (value, { timeZone }) => written(plain(value), timeZone) || plain(value),
}
