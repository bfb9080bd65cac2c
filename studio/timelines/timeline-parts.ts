/** How a timeline draws its scale, its rows and their bars. Templates only. */
import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'

import type { UiField } from '../../metadata/contract/ui-model.js'
import type { Days, Period } from '../calendars/placed.js'
import { dayAfter, daysBetween } from '../client/days.js'
import { day as dayText, t } from '../client/i18n.js'
import type { Rec } from '../client/records.js'
import { optionOf } from '../fields/choices.js'
import { viewOf } from '../fields/index.js'
import { nameOf } from '../fields/name-of.js'
import type { Question } from '../lists/question.js'
import { icon } from '../ui/icon.js'
import type { Bar, Row } from './rows.js'
import { partAt, type Scale } from './scale.js'

/** What stands over several columns is named where it has as much room. */
const labelPx = 80

/** For whom bars are drawn, and what can be done. */
export interface Drawing {
  readonly question: Question
  readonly days: Days
  readonly scale: Scale
  readonly color: UiField | undefined
  readonly group: UiField | undefined
  /** Where the present moment is on the scale; null where it is not on it. */
  readonly now: number | null
  /** Id of the bar that Tab comes to. */
  readonly chosen: number | undefined
  /** Id of the record that is held, and the days that are chosen for it. */
  readonly held: { readonly id: number; readonly to: Period } | null
  readonly may: { readonly first: boolean; readonly last: boolean }
  readonly change: (record: Rec) => void
}

/** `first – last` in the reader's words; one day alone. */
export const periodText = ({ first, last }: Period): string => (first === last ? dayText(first) : t('bars.period', { first: dayText(first), last: dayText(last) }))

/** The head with the columns; what names the rows stands before it. */
export const scaleHead = ({ scale, now, group }: Drawing): TemplateResult => html`
  <div class="names-head">${group?.title ?? ''}</div>
  <div class="scale" aria-hidden="true">
    <div class="above">${scale.above.map(({ first, days, label }) => html`<span style=${place(scale, { first, last: dayAfter(first, days - 1) })}><b>${days * scale.dayPx < labelPx ? nothing : label}</b></span>`)}</div>
    <div class="columns">${scale.columns.map(({ first, days, label }) => html`<span style=${place(scale, { first, last: dayAfter(first, days - 1) })}>${label}</span>`)}</div>
    ${now === null ? nothing : html`<i class="now-head" style="--at: ${now}">${t('bars.now')}</i>`}
  </div>`

/** What stands behind all bars: the edges of the columns, free days, and the present. */
export const scaleGround = ({ scale, now }: Drawing): TemplateResult => html`
  <div class="ground" aria-hidden="true">
    ${scale.columns.map(({ first, days }) => html`<i class=${scale.unit === 'day' && isWeekend(first) ? 'free' : ''} style=${place(scale, { first, last: dayAfter(first, days - 1) })}></i>`)}
    ${now === null ? nothing : html`<i class="now" style="--at: ${now}"></i>`}
  </div>`

const isWeekend = (day: string): boolean => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())

const place = (scale: Scale, { first, last }: Period): string => `--at: ${partAt(scale, first)}; --length: ${(daysBetween(first, last) + 1) / scale.days}`

export const timelineRow = (drawing: Drawing, row: Row): TemplateResult => html`
  <div class="name" ?hidden=${drawing.group === undefined} id=${idOf(row)}>${nameOfRow(drawing, row)}<small>${row.bars.length}</small></div>
  <ul class="track" aria-labelledby=${drawing.group === undefined ? nothing : idOf(row)} aria-label=${drawing.group === undefined ? drawing.question.entity.plural : nothing} style="--lanes: ${row.lanes}">
    ${repeat(row.bars, ({ placed }) => placed.record.id, (bar) => barOf(drawing, bar))}
  </ul>`

const idOf = ({ value }: Row): string => `row-${JSON.stringify(value).replace(/[^\w-]/g, '_')}`

function nameOfRow({ group, question: { surroundings } }: Drawing, { value, record }: Row): unknown {
  if (group === undefined) return nothing
  return html`<span>${value === null ? t('bars.none', { field: group.title }) : viewOf(group.type).cell(value, { ...surroundings, field: group, record })}</span>`
}

/** A step of the field of colours that a record stands in. */
function stepOf({ color }: Drawing, record: Rec): { readonly color: string; readonly label: string } {
  const value = color === undefined ? null : (record[color.key] ?? null)
  if (color === undefined || value === null) return { color: '', label: '' }
  return viewOf(color.type).steps?.(color).find((step) => step.value === value) ?? optionOf(color, value)
}

function barOf(drawing: Drawing, { placed, shown, lane, short }: Bar): TemplateResult {
  const { question: { entity, address }, days, scale, held, may, chosen, change } = drawing
  const { record } = placed
  const name = nameOf(entity, record)
  const { color, label } = stepOf(drawing, record)
  const mine = held?.id === record.id ? held.to : undefined
  const period = mine ?? placed
  const words = [name, periodText(period), label].filter((word) => word !== '').join(', ')
  const draws = may.first || may.last
  const seen = mine === undefined ? shown : { first: mine.first > scale.first ? mine.first : scale.first, last: mine.last < scale.last ? mine.last : scale.last }
  return html`
    <li class="bar ${short ? 'short' : ''} ${mine === undefined ? '' : 'held'} ${period.first < scale.first ? 'goes-on' : ''} ${period.last > scale.last ? 'goes-further' : ''}" data-id=${record.id} style="${place(scale, seen)}; --lane: ${lane}">
      <a class="badge" data-color=${color} href=${address(record)} draggable="false" tabindex=${record.id === chosen ? 0 : -1} title=${words} aria-label=${words} aria-describedby=${draws ? 'bars-keys' : nothing}><span class="bar-name">${name}</span></a>
      ${may.first && period.first >= scale.first ? html`<i class="grip first" data-grip="first"></i>` : nothing}
      ${may.last && days.end !== undefined && period.last <= scale.last ? html`<i class="grip last" data-grip="last"></i>` : nothing}
      ${draws ? html`<button type="button" class="plain icon-only bar-change" tabindex=${record.id === chosen ? 0 : -1} title=${t('bars.menu')} aria-label=${t('bars.changeOf', { name })} @click=${() => change(record)}>${icon('calendar')}</button>` : nothing}
      ${mine === undefined ? nothing : html`<span class="bar-hint" aria-hidden="true">${periodText(mine)}</span>`}
    </li>`
}
