/**
 * Records on the days of a month or a week. Arrows go from day to day, Page Up and Page Down to the next month or week, T to today;
 * Enter opens the list of a day. A record is moved by dragging it, by its menu, or by keys as on a board.
 */
import '../ui/days-bar.css'
import '../ui/segments.css'
import './calendar-view.css'
import './agenda.css'
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiCalendar } from '../../metadata/contract/ui-model.js'
import { draggedCards } from '../boards/dragging.js'
import { Moves, stepOf } from '../boards/moves.js'
import { choicesMade } from '../charts/choice-select.js'
import { dayAfter, daysBetween, firstWeekday, todayIn } from '../client/days.js'
import { day as dayText, language, localeOf, t } from '../client/i18n.js'
import { fieldOf } from '../client/model.js'
import type { Rec } from '../client/records.js'
import { Watch } from '../client/store.js'
import { nameOf } from '../fields/name-of.js'
import { narrowing } from '../lists/narrow.js'
import type { Question } from '../lists/question.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem, toastNote } from '../ui/toast.js'
import { colorFields, colorOf, dayFields, daysOf, mayMove } from './calendar-fields.js'
import { agenda, dayCell, longDay, type Drawing } from './calendar-parts.js'
import { isOn, movedTo, placedBy, segmentsOf, type Days, type Placed } from './placed.js'
import { nearestDay, recordsWithin, shownMost, type Within } from './records-within.js'
import { turned, units, weeksOf, type Span } from './spans.js'

/** Rows of records in a week of a month; what is below is counted. A week alone shows them all. */
const lanesInMonth = 3

/** `<calendar-view .calendar .question .span .turn>`; `turn` is told of another month, week or day, which then comes back as `span`. */
@customElement('calendar-view')
export class CalendarView extends LightElement {
  static override properties = { calendar: { attribute: false }, question: { attribute: false }, span: { attribute: false }, turn: { attribute: false }, shown: { state: true }, failed: { state: true }, open: { state: true } }
  declare calendar: UiCalendar | undefined
  declare question: Question | undefined
  declare span: Span | undefined
  declare turn: (span: Span) => void
  declare shown: Within | null
  declare failed: string
  /** True while the list of the chosen day is beside the grid; on a phone it always is. */
  declare open: boolean
  #request = new AbortController()
  #asked: readonly unknown[] = []
  #release: (() => void) | null = null
  readonly #moves = new Moves<string>(this, {
    words: 'calendar',
    of: () => (this.question === undefined ? undefined : { client: this.question.client, entity: this.question.entity }),
    next: (day, key) => this.#carriedTo(day, key),
    label: (day) => dayText(day),
    hint: (day) => t('calendar.hint', { place: longDay(day), count: this.#placed.filter((one) => isOn(one, day)).length }),
    values: (card, from, to) => this.#valuesOf(card, from, to),
    put: (card, values) => {
      const { shown } = this
      if (shown !== null) this.shown = { ...shown, records: shown.records.map((record) => (record.id === card.id ? { ...record, ...values } : record)) }
    },
    focus: (id) => void this.updateComplete.then(() => [...this.querySelectorAll<HTMLElement>(`[data-id="${id}"] a`)].find((link) => link.offsetParent !== null)?.focus()),
    load: () => this.#load(),
  })

  constructor() {
    super()
    this.turn = () => {}
    this.shown = null
    this.failed = ''
    this.open = false
    new Watch(this, language, narrowing)
  }

  override willUpdate(): void {
    const { question, weeks } = this
    const asked = [question, JSON.stringify(this.calendar), weeks[0]?.[0], weeks.at(-1)?.[6]]
    if (question === undefined || asked.every((part, i) => part === this.#asked[i])) return
    this.#asked = asked
    void this.#load()
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('shown') && !changed.has('span')) return
    this.#release?.()
    const grid = this.querySelector<HTMLElement>('.days')
    this.#release = grid === null || !this.#mayMove ? null : draggedCards(grid, { dropped: (card, day) => this.#dropped(Number(card.dataset['id']), card.dataset['from'] ?? '', day) })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#release?.()
    this.#request.abort()
    this.#asked = []
  }

  get #timeZone(): string {
    return this.question?.surroundings.timeZone ?? ''
  }

  /** The span that is shown: that of today where the address says none. */
  get shownSpan(): Span & { readonly unit: (typeof units)[number] } {
    const { unit, day } = this.span ?? { day: todayIn(this.#timeZone) }
    return { unit: unit === 'week' ? unit : 'month', day }
  }

  get weeks(): readonly (readonly string[])[] {
    return weeksOf(this.shownSpan, firstWeekday(localeOf()))
  }

  get #days(): Days | undefined {
    const { question, calendar } = this
    return question === undefined || calendar === undefined ? undefined : daysOf(question.entity, calendar, this.#timeZone)
  }

  get #placed(): readonly Placed[] {
    const days = this.#days
    return days === undefined ? [] : placedBy(this.shown?.records ?? [], days)
  }

  get #mayMove(): boolean {
    return this.question !== undefined && this.calendar !== undefined && mayMove(this.question.entity, this.calendar)
  }

  async #load(): Promise<void> {
    const { question, calendar, weeks } = this
    const days = this.#days
    if (question === undefined || calendar === undefined || days === undefined) return
    this.#request.abort()
    const { signal } = (this.#request = new AbortController())
    try {
      const shown = await recordsWithin(question, calendar, days, [weeks[0]?.[0] ?? '', weeks.at(-1)?.[6] ?? ''], signal)
      if (signal.aborted || this.#moves.going) return
      this.shown = shown
      this.failed = ''
      // Who comes without saying where begins where something is.
      if (shown.records.length === 0 && this.span === undefined) await this.#nearest(question, days)
    } catch (thrown) {
      if (!signal.aborted) this.failed = describeProblem(thrown)
    }
  }

  /** Turns to the nearest record; false when none has a day. */
  async #nearest(question: Question, days: Days): Promise<boolean> {
    const { weeks } = this
    try {
      const day = await nearestDay(question, days, { first: weeks[0]?.[0] ?? '', last: weeks.at(-1)?.[6] ?? '' }, this.#request.signal)
      if (day === null) return false
      this.shown = null // what was not found there says nothing of the other days
      this.turn({ ...this.shownSpan, day })
    } catch (thrown) {
      if (!this.#request.signal.aborted) this.failed = describeProblem(thrown)
    }
    return true
  }

  async #goToNearest(question: Question, days: Days): Promise<void> {
    if (!(await this.#nearest(question, days))) toastNote(t('bars.undated', { entity: question.entity.plural }))
  }

  override render(): TemplateResult | typeof nothing {
    const { question, calendar, weeks } = this
    const days = this.#days
    if (question === undefined || calendar === undefined || days === undefined) return nothing
    const placed = this.#placed
    const drawing = this.#drawing(question, calendar, days)
    return html`
      ${this.#bar(question, calendar)}
      ${this.failed === '' ? nothing : html`<p class="list-note" role="alert">${icon('warning')}${this.failed}<button type="button" class="plain accent" @click=${() => void this.#load()}>${t('retry')}</button></p>`}
      ${this.shown?.cut === true ? html`<p class="list-note" role="status">${icon('warning')}${t('calendar.cut', { count: shownMost, day: dayText(placed.at(-1)?.first ?? '') })}</p>` : nothing}
      ${this.shown?.records.length === 0 ? html`<p class="nothing-there" role="status">${t('bars.nothing', { entity: question.entity.plural })}<button type="button" class="plain accent" @click=${() => void this.#goToNearest(question, days)}>${t('bars.nearest')}</button></p>` : nothing}
      <p class="visually-hidden" role="status">${this.#moves.said}</p>
      <p class="visually-hidden" id="calendar-keys">${this.#mayMove ? t('calendar.keys') : ''}</p>
      <div class="calendar-body ${this.open ? 'with-agenda' : ''}">
        <div class="days ${this.shownSpan.unit}" role="grid" aria-label=${this.#title} aria-busy=${this.shown === null ? 'true' : 'false'}
          @keydown=${(event: KeyboardEvent) => this.#key(event)} @focusout=${(event: FocusEvent) => this.#moves.dropWhenLeft(event)} @click=${(event: MouseEvent) => this.#clicked(event)}>
          <div role="row" class="weekdays">${(weeks[0] ?? []).map((day) => html`<span role="columnheader" aria-label=${dayText(day, { weekday: 'long' })}>${dayText(day, { weekday: 'short' })}</span>`)}</div>
          ${weeks.map((week) => this.#week(drawing, week, placed))}
        </div>
        ${agenda(drawing, placed, () => this.#closeDay())}
      </div>
    `
  }

  #drawing(question: Question, { by, ...calendar }: UiCalendar, days: Days): Drawing {
    const { lifted } = this.#moves
    return {
      question, days,
      color: colorOf(question.entity, { by, ...calendar }),
      today: todayIn(this.#timeZone),
      chosen: this.shownSpan.day,
      carried: lifted === null ? null : { id: lifted.card.id, to: lifted.place },
      move: this.#mayMove ? (record, from) => void this.#ask(record, from) : undefined,
      mayCreate: question.entity.may.create && fieldOf(question.entity, by)?.createable === true,
      openDay: (day) => this.#openDay(day),
    }
  }

  #week(drawing: Drawing, week: readonly string[], placed: readonly Placed[]): TemplateResult {
    const { unit, day: chosen } = this.shownSpan
    const segments = segmentsOf(week, placed)
    const used = Math.max(1, ...segments.map(({ lane }) => lane + 1))
    const lanes = unit === 'month' ? Math.min(lanesInMonth, used) : Math.max(lanesInMonth, used)
    return html`<div role="row" class="week" style="--lanes: ${lanes}">${week.map((day) => {
      const all = placed.filter((one) => isOn(one, day))
      const below = segments.filter(({ placed: one, lane }) => lane >= lanes && isOn(one, day))
      return dayCell(drawing, day, unit === 'week' || day.slice(0, 7) === chosen.slice(0, 7), segments.filter(({ first, lane }) => first === day && lane < lanes), all, below.length)
    })}</div>`
  }

  get #title(): string {
    const { unit, day } = this.shownSpan
    const [week = []] = this.weeks
    return unit === 'month' ? dayText(day, { month: 'long', year: 'numeric' }) : t('calendar.period', { first: dayText(week[0] ?? day), last: dayText(week[6] ?? day) })
  }

  #bar(question: Question, calendar: UiCalendar): TemplateResult {
    const { entity, choose } = question
    const { unit, day } = this.shownSpan
    const { color: _color, ...plain } = calendar
    const named = (fields: ReturnType<typeof dayFields>): readonly { readonly text: string; readonly label: string }[] => fields.map(({ key, title }) => ({ text: key, label: title }))
    const turn = (by: 1 | -1): TemplateResult => html`<button type="button" class="plain icon-only turn" title=${t(`calendar.${by === 1 ? 'next' : 'previous'}.${unit}`)} aria-label=${t(`calendar.${by === 1 ? 'next' : 'previous'}.${unit}`)} @click=${() => this.turn(turned(this.shownSpan, by))}>${icon(by === 1 ? 'chevronRight' : 'chevronLeft')}</button>`
    return html`
      <div class="days-bar">
        ${turn(-1)}<button type="button" class="plain" @click=${() => this.turn({ unit, day: todayIn(this.#timeZone) })}>${t('calendar.today')}</button>${turn(1)}
        <h2 role="status">${this.#title}</h2>
        ${choicesMade(t('calendar.made'), [
          { label: t('calendar.by'), choices: named(dayFields(entity)), value: calendar.by, choose: (by) => choose({ kind: 'calendar', calendar: { by, ...(calendar.color === undefined ? {} : { color: calendar.color }) } }) },
          ...(colorFields(entity).length === 0 ? [] : [{ label: t('calendar.color'), choices: named(colorFields(entity)), value: calendar.color ?? '', choose: (color: string) => choose({ kind: 'calendar', calendar: color === '' ? plain : { ...plain, color } }), none: t('calendar.noColor') }]),
        ])}
        <span class="segments" role="group" aria-label=${t('calendar.unit')}>${units.map((one) => html`<button type="button" class="plain" aria-pressed=${one === unit ? 'true' : 'false'} @click=${() => this.turn({ unit: one, day })}>${t(`calendar.${one}`)}</button>`)}</span>
      </div>`
  }

  // ── a day ──

  #clicked(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : null
    const day = target?.closest<HTMLElement>('[data-place]')?.dataset['place']
    if (day !== undefined && target?.closest('a, button, [data-id]') === null) this.turn({ ...this.shownSpan, day })
  }

  #openDay(day: string): void {
    this.turn({ ...this.shownSpan, day })
    this.open = true
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.agenda h3')?.focus())
  }

  #closeDay(): void {
    this.open = false
    this.#focusDay(this.shownSpan.day)
  }

  #focusDay(day: string): void {
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`[data-place="${day}"]`)?.focus())
  }

  // ── keys ──

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement) || event.target instanceof HTMLButtonElement) return
    const card = event.target.closest<HTMLElement>('[data-id]')
    const day = event.target.closest<HTMLElement>('[data-place]')?.dataset['place']
    if (day === undefined) return
    const understood = this.#moves.lifted === null ? (card !== null && this.#take(card, event.key)) || this.#walk(event.key, day, event.target) : this.#moves.carry(event.key)
    if (understood) event.preventDefault()
  }

  #take(card: HTMLElement, key: string): boolean {
    const record = this.#record(Number(card.dataset['id']))
    if (key !== ' ' || record === undefined || !this.#mayMove) return false
    this.#moves.take(record, card.dataset['from'] ?? '')
    return true
  }

  /** Between days. True when the key was understood. */
  #walk(key: string, day: string, on: HTMLElement): boolean {
    const onDay = on.dataset['place'] !== undefined
    if (key === 'Escape' && !onDay) {
      this.#focusDay(day)
      return true
    }
    if ((key === 'Enter' || key === ' ') && onDay) {
      this.#openDay(day)
      return true
    }
    const there = this.#from(day, key)
    if (there === undefined) return false
    this.turn({ ...this.shownSpan, day: there })
    this.#focusDay(there)
    return true
  }

  /** The day that a key leads to. */
  #from(day: string, key: string): string | undefined {
    const week = this.weeks.find((one) => one.includes(day))
    const step = stepOf(key) || (key === 'ArrowDown' ? 7 : key === 'ArrowUp' ? -7 : 0)
    if (step !== 0) return dayAfter(day, step)
    if (key === 'PageUp' || key === 'PageDown') return turned({ ...this.shownSpan, day }, key === 'PageUp' ? -1 : 1).day
    if (key === 'Home' || key === 'End') return key === 'Home' ? week?.[0] : week?.[6]
    return key.toLowerCase() === 't' ? todayIn(this.#timeZone) : undefined
  }

  // ── moving ──

  /** Among the days that are shown: further ones are reached by the menu. */
  #carriedTo(day: string, key: string): string | undefined {
    const to = this.#from(day, key)
    return to === undefined ? undefined : this.weeks.some((week) => week.includes(to)) ? to : day
  }

  #record(id: number): Rec | undefined {
    return this.shown?.records.find((record) => record.id === id)
  }

  #valuesOf(card: Rec, from: string, to: string): { readonly after: JsonObject; readonly before: JsonObject } {
    const days = this.#days
    const [placed] = days === undefined ? [] : placedBy([card], days)
    if (days === undefined || placed === undefined) return { after: {}, before: {} }
    const after = movedTo(placed, dayAfter(placed.first, daysBetween(from, to)), days)
    return { after, before: Object.fromEntries(Object.keys(after).map((key) => [key, card[key] ?? null])) }
  }

  #dropped(id: number, from: string, to: string): void {
    const record = this.#record(id)
    if (record !== undefined) void this.#moves.move(record, from, to)
  }

  async #ask(record: Rec, from: string): Promise<void> {
    await import('./move-dialog.js')
    const dialog = document.createElement('move-dialog')
    Object.assign(dialog, { name: nameOf(this.question?.entity, record), day: from })
    const to = await dialog.open()
    if (to !== null) await this.#moves.move(record, from, to)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'calendar-view': CalendarView
  }
}
