/** How a calendar draws a day, what stands on it, and the list of one day. Templates only. */
import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'

import type { UiField } from '../../metadata/contract/ui-model.js'
import { dayAfter } from '../client/days.js'
import { day as dayText, instant, t } from '../client/i18n.js'
import type { Rec } from '../client/records.js'
import { optionOf } from '../fields/choices.js'
import { viewOf } from '../fields/index.js'
import { nameOf } from '../fields/name-of.js'
import { valueAt } from '../lists/table/columns.js'
import type { Question } from '../lists/question.js'
import { createPath } from '../shell/routes.js'
import { icon } from '../ui/icon.js'
import { peekButton } from '../ui/peek-button.js'
import { isOn, newOn, type Days, type Placed, type Segment } from './placed.js'

/** Dots that stand for records where there is no room for them. */
const dotsMost = 4
/** Values that the list of a day shows of a record besides its name. */
const agendaValues = 4

/** For whom days are drawn, and what can be done. */
export interface Drawing {
  readonly question: Question
  readonly days: Days
  readonly color: UiField | undefined
  readonly today: string
  /** The day that Tab comes to. */
  readonly chosen: string
  /** Id of the record that is carried, and the day that is chosen for it. */
  readonly carried: { readonly id: number; readonly to: string } | null
  /** Undefined where records are not moved. */
  readonly move: ((record: Rec, from: string) => void) | undefined
  readonly mayCreate: boolean
  /** Shows the list of a day. */
  readonly openDay: (day: string) => void
}

export const longDay = (day: string): string => dayText(day, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

/** A step of the field of colours that a record stands in. */
function optionFor({ color }: Drawing, record: Rec): { readonly color: string; readonly label: string } {
  const value = color === undefined ? null : (record[color.key] ?? null)
  if (color === undefined || value === null) return { color: '', label: '' }
  return viewOf(color.type).steps?.(color).find((step) => step.value === value) ?? optionOf(color, value)
}

/** A cell of the grid: `starts` are the records whose part of the week begins here, `all` those that stand on the day. */
export function dayCell(drawing: Drawing, day: string, inSpan: boolean, starts: readonly Segment[], all: readonly Placed[], hidden: number): TemplateResult {
  const { today, chosen, carried, openDay, question } = drawing
  const classes = `day ${inSpan ? '' : 'outside'} ${day === today ? 'today' : ''} ${day === chosen ? 'chosen' : ''} ${carried?.to === day ? 'target' : ''}`
  return html`
    <div role="gridcell" class=${classes} data-place=${day} tabindex=${day === chosen ? 0 : -1} aria-selected=${day === chosen ? 'true' : 'false'} aria-current=${day === today ? 'date' : nothing}>
      <span class="visually-hidden">${t('calendar.dayOf', { day: longDay(day), count: all.length })}</span>
      <span class="day-head">
        <span class="day-number" aria-hidden="true">${day.endsWith('-01') ? dayText(day, { month: 'short', day: 'numeric' }) : Number(day.slice(8))}</span>
        ${hidden === 0 ? nothing : html`<button type="button" class="plain day-more" tabindex=${day === chosen ? 0 : -1} aria-label=${t('calendar.moreOn', { count: hidden, day: longDay(day) })} @click=${() => openDay(day)}>${t('calendar.more', { count: hidden })}</button>`}
        ${drawing.mayCreate ? html`<a class="plain icon-only day-new" tabindex=${day === chosen ? 0 : -1} href=${createPath(question.entity.name, newOn(day, drawing.days))} title=${t('calendar.newOn', { entity: question.entity.title, day: dayText(day) })} aria-label=${t('calendar.newOn', { entity: question.entity.title, day: longDay(day) })}>${icon('plus')}</a>` : nothing}
      </span>
      <span class="dots" aria-hidden="true">${all.slice(0, dotsMost).map(({ record }) => html`<i class="badge" data-color=${optionFor(drawing, record).color}></i>`)}</span>
      ${repeat(starts, ({ placed }) => placed.record.id, (segment) => event(drawing, segment, day === chosen))}
    </div>`
}

function event(drawing: Drawing, { placed, first, days, lane }: Segment, focusable: boolean): TemplateResult {
  const { question: { entity, address }, carried, move } = drawing
  const { record } = placed
  const name = nameOf(entity, record)
  const { color, label } = optionFor(drawing, record)
  const period = placed.first === placed.last ? '' : t('calendar.period', { first: dayText(placed.first), last: dayText(placed.last) })
  const words = [timeOf(drawing, placed, first), name, label, period].filter((word) => word !== '').join(', ')
  return html`
    <span class="event badge ${carried?.id === record.id ? 'lifted' : ''} ${placed.first < first ? 'goes-on' : ''} ${placed.last > dayAfter(first, days - 1) ? 'goes-further' : ''}" data-color=${color} data-id=${record.id} data-from=${first} style="--days: ${days}; --lane: ${lane}">
      <a href=${address(record)} draggable="false" tabindex=${focusable ? 0 : -1} title=${words} aria-label=${words} aria-describedby=${move === undefined ? nothing : 'calendar-keys'}>${timeOf(drawing, placed, first) === '' ? nothing : html`<small>${timeOf(drawing, placed, first)}</small>`}${name}</a>
      ${mover(drawing, record, first, name, focusable)}
    </span>`
}

/** The time at which a moment stands on its first day. */
function timeOf({ days: { by, timeZone } }: Drawing, { record, first }: Placed, day: string): string {
  const value = record[by.key]
  return by.moment && day === first && typeof value === 'string' ? instant(value, timeZone, { timeStyle: 'short' }) : ''
}

const mover = ({ move }: Drawing, record: Rec, from: string, name: string, focusable: boolean): TemplateResult | typeof nothing =>
  move === undefined ? nothing : html`<button type="button" class="plain icon-only event-move" tabindex=${focusable ? 0 : -1} title=${t('calendar.moveMenu')} aria-label=${t('calendar.moveTo', { name })} @click=${() => move(record, from)}>${icon('calendar')}</button>`

/** Everything that stands on one day. */
export function agenda(drawing: Drawing, placed: readonly Placed[], close: () => void): TemplateResult {
  const { chosen, question, mayCreate, days } = drawing
  const there = placed.filter((one) => isOn(one, chosen))
  return html`
    <aside class="agenda" aria-label=${longDay(chosen)} @keydown=${(key: KeyboardEvent) => key.key === 'Escape' && close()}>
      <header><h3 tabindex="-1">${longDay(chosen)}</h3><button type="button" class="plain icon-only agenda-close" aria-label=${t('close')} @click=${close}>${icon('close')}</button></header>
      ${there.length === 0 ? html`<p class="quiet">${t('calendar.nothing', { entity: question.entity.plural })}</p>` : html`<ul>${repeat(there, ({ record }) => record.id, (one) => agendaItem(drawing, one))}</ul>`}
      ${mayCreate ? html`<a class="plain accent" href=${createPath(question.entity.name, newOn(chosen, days))}>${icon('plus')}<span>${t('list.new', { entity: question.entity.title })}</span></a>` : nothing}
    </aside>`
}

function agendaItem(drawing: Drawing, placed: Placed): TemplateResult {
  const { question: { entity, address, columns, surroundings }, days, color } = drawing
  const { record } = placed
  const name = nameOf(entity, record)
  const option = optionFor(drawing, record)
  const shown = columns.filter(({ path }) => ![entity.display, days.by.key, color?.key].includes(path) && valueAt(record, path) !== null).slice(0, agendaValues)
  const time = timeOf(drawing, placed, drawing.chosen)
  return html`
    <li>
      <div class="agenda-head"><a href=${address(record)}>${name}</a>${mover(drawing, record, placed.first, name, true)}${peekButton(address(record), name)}</div>
      <div class="agenda-facts">${time === '' ? nothing : html`<time>${time}</time>`}${option.label === '' ? nothing : html`<span class="badge" data-color=${option.color}>${option.label}</span>`}
        ${shown.map(({ path, title, view, field }) => html`<span title=${title}>${view.cell(valueAt(record, path), { ...surroundings, field, record })}</span>`)}</div>
    </li>`
}
