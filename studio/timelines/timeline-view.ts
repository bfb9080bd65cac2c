/**
 * Records as bars from one day to another, in rows. Arrows go from bar to bar, Page Up and Page Down to other days, T to today, + and -
 * to closer and wider columns. A bar is moved, and its ends are drawn, with the mouse, by its dialog, or by keys: Space takes it, arrows
 * move it, with Shift its last day, Space puts it down, Escape leaves it where it was.
 */
import '../ui/days-bar.css'
import '../ui/segments.css'
import './timeline-view.css'
import './bars.css'
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiTimeline } from '../../metadata/contract/ui-model.js'
import { Moves, stepOf } from '../boards/moves.js'
import { colorFields, colorOf, dayFields, daysOf } from '../calendars/calendar-fields.js'
import { lastingTo, placedBy, type Days, type Period, type Placed } from '../calendars/placed.js'
import { nearestDay } from '../calendars/records-within.js'
import { zooms, type Span } from '../calendars/spans.js'
import { choicesMade, type Choice } from '../charts/choice-select.js'
import { todayIn } from '../client/days.js'
import { day as dayText, language, t } from '../client/i18n.js'
import type { Rec } from '../client/records.js'
import { Watch } from '../client/store.js'
import { toWall } from '../client/zone.js'
import { nameOf } from '../fields/name-of.js'
import { narrowing } from '../lists/narrow.js'
import type { Question } from '../lists/question.js'
import { emptyState } from '../shell/pages.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem, toastNote } from '../ui/toast.js'
import { barsMost, barsWithin, pageOfBars, type BarsShown } from './bars-within.js'
import { drawn, followPointer, type Grip } from './drawing.js'
import { barNext, rowsOf, type Row } from './rows.js'
import { partAt, scaleOf, turnedScale, type Scale } from './scale.js'
import { mayDraw, rowFieldOf, rowFields } from './timeline-fields.js'
import { periodText, scaleGround, scaleHead, timelineRow, type Drawing } from './timeline-parts.js'

/** The room that a name has, inside of its bar or behind it. */
const namePx = 150
/** Further records are asked for when the end is as near as this. */
const nearEndPx = 600
const minuteMs = 60_000

/** `<timeline-view .timeline .question .span .turn>`; `turn` is told of other days or another zoom, which then come back as `span`. */
@customElement('timeline-view')
export class TimelineView extends LightElement {
  static override properties = { timeline: { attribute: false }, question: { attribute: false }, span: { attribute: false }, turn: { attribute: false }, shown: { state: true }, failed: { state: true }, chosen: { state: true }, pulled: { state: true } }
  declare timeline: UiTimeline | undefined
  declare question: Question | undefined
  declare span: Span | undefined
  declare turn: (span: Span) => void
  declare shown: BarsShown | null
  declare failed: string
  /** Id of the bar that was used last. */
  declare chosen: number
  /** What the mouse holds. */
  declare pulled: { readonly id: number; readonly to: Period } | null
  #request = new AbortController()
  #asked: readonly unknown[] = []
  #loading = false
  #clock: number | undefined
  readonly #moves = new Moves<string>(this, {
    words: 'bars',
    of: () => (this.question === undefined ? undefined : { client: this.question.client, entity: this.question.entity }),
    next: (place, key) => this.#carriedTo(read(place), key),
    label: (place) => periodText(read(place)),
    hint: (place) => periodText(read(place)),
    values: (card, _from, to) => this.#valuesOf(card, read(to)),
    put: (card, values) => {
      const { shown } = this
      if (shown !== null) this.shown = { ...shown, records: shown.records.map((record) => (record.id === card.id ? { ...record, ...values } : record)) }
    },
    focus: (id) => this.#focus(id),
    load: () => this.#load(Math.max(pageOfBars, this.shown?.records.length ?? 0)),
  })

  constructor() {
    super()
    this.turn = () => {}
    this.shown = this.pulled = null
    this.failed = ''
    this.chosen = 0
    new Watch(this, language, narrowing)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#clock = window.setInterval(() => this.requestUpdate(), minuteMs)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearInterval(this.#clock)
    this.#request.abort()
    this.#asked = []
  }

  override willUpdate(): void {
    const { first, last } = this.#scale
    const asked = [this.question, JSON.stringify(this.timeline), first, last]
    if (this.question === undefined || asked.every((part, i) => part === this.#asked[i])) return
    // The same days again, because something has changed meanwhile: what was scrolled to stays.
    const again = asked.slice(1).every((part, i) => part === this.#asked[i + 1])
    this.#asked = asked
    this.#request.abort()
    this.#request = new AbortController()
    this.#loading = false
    void this.#load(again ? Math.max(pageOfBars, this.shown?.records.length ?? 0) : pageOfBars)
  }

  override updated(changed: PropertyValues<this>): void {
    const body = this.querySelector<HTMLElement>('.timeline-body')
    if (body === null) return
    if (changed.has('span') || changed.has('question')) this.#bringIntoSight(body)
    this.#scrolled(body)
  }

  get #timeZone(): string {
    return this.question?.surroundings.timeZone ?? ''
  }

  /** Weeks around today where the address says nothing. */
  get #shownSpan(): Span {
    return this.span ?? { unit: 'week', day: todayIn(this.#timeZone) }
  }

  get #scale(): Scale {
    return scaleOf(this.#shownSpan)
  }

  get #days(): Days | undefined {
    const { question, timeline } = this
    return question === undefined || timeline === undefined ? undefined : daysOf(question.entity, timeline, this.#timeZone)
  }

  get #rows(): readonly Row[] {
    const { question, timeline, shown } = this
    const [days, scale] = [this.#days, this.#scale]
    if (question === undefined || timeline === undefined || days === undefined) return []
    return rowsOf(shown?.records ?? [], days, rowFieldOf(question.entity, timeline)?.key, scale, namePx / scale.dayPx)
  }

  /** So many records from the start, or a page behind those that are there. */
  async #load(howMany: number | 'more'): Promise<void> {
    const { question, timeline, shown } = this
    const days = this.#days
    if (question === undefined || timeline === undefined || days === undefined || this.#loading) return
    const { signal } = this.#request
    this.#loading = true
    try {
      const found = await barsWithin(question, timeline, days, this.#scale, howMany === 'more' && shown !== null ? shown : Number(howMany), signal)
      if (signal.aborted || this.#moves.going) return
      this.shown = found
      this.failed = ''
      // Who comes without saying where begins where something is.
      if (found.records.length === 0 && this.span === undefined) await this.#nearest(question, days, this.#scale)
    } catch (thrown) {
      if (!signal.aborted) this.failed = describeProblem(thrown)
    } finally {
      if (!signal.aborted) this.#loading = false
    }
  }

  /** A screen that is higher than the first rows has nothing to scroll. */
  #scrolled(body: HTMLElement): void {
    const more = (this.shown?.next ?? null) !== null && this.failed === ''
    if (more && body.scrollHeight - body.scrollTop - body.clientHeight < nearEndPx) void this.#load('more')
  }

  /** Where the scale is wider than the screen, the chosen day comes into its first third. */
  #bringIntoSight(body: HTMLElement): void {
    const width = this.querySelector<HTMLElement>('.scale')?.offsetWidth ?? 0
    if (body.scrollWidth <= body.clientWidth) return
    const forward = document.documentElement.dir === 'rtl' ? -1 : 1
    body.scrollLeft = forward * Math.max(0, partAt(this.#scale, this.#shownSpan.day) * width - body.clientWidth / 4)
  }

  // ── drawing ──

  override render(): TemplateResult | typeof nothing {
    const { question, timeline, shown } = this
    const days = this.#days
    if (question === undefined || timeline === undefined || days === undefined) return nothing
    const rows = this.#rows
    const drawing = this.#drawing(question, timeline, days, rows)
    const { scale } = drawing
    return html`
      ${this.#bar(question, timeline, scale)}
      ${this.failed === '' ? nothing : html`<p class="list-note" role="alert">${icon('warning')}${this.failed}<button type="button" class="plain accent" @click=${() => void this.#load(shown?.records.length || pageOfBars)}>${t('retry')}</button></p>`}
      ${shown?.cut === true ? html`<p class="list-note" role="status">${icon('warning')}${t('bars.cut', { count: barsMost })}</p>` : nothing}
      <p class="visually-hidden" role="status">${this.#moves.said}</p>
      <p class="visually-hidden" id="bars-keys">${t('bars.keys')}</p>
      <div class="timeline-body" role="region" tabindex=${rows.length === 0 ? 0 : -1} aria-label=${periodText(scale)} aria-busy=${shown === null ? 'true' : 'false'} @scroll=${(event: Event & { currentTarget: HTMLElement }) => this.#scrolled(event.currentTarget)}
        @keydown=${(event: KeyboardEvent) => this.#key(event)} @focusout=${(event: FocusEvent) => this.#moves.dropWhenLeft(event)} @focusin=${(event: FocusEvent) => this.#focused(event)} @pointerdown=${(event: PointerEvent) => this.#grab(event)}>
        <div class="canvas ${drawing.group === undefined ? 'plain-rows' : ''}" style="--scale-px: ${Math.ceil(scale.days * scale.dayPx)}px">
          ${scaleGround(drawing)}${scaleHead(drawing)}
          ${repeat(rows, ({ value }) => JSON.stringify(value), (row) => timelineRow(drawing, row))}
        </div>
        ${shown !== null && rows.length === 0 ? this.#nothing(question, days, scale) : nothing}
      </div>
    `
  }

  #drawing(question: Question, timeline: UiTimeline, days: Days, rows: readonly Row[]): Drawing {
    const scale = this.#scale
    const { lifted } = this.#moves
    const bars = rows.flatMap((row) => row.bars)
    const [today, time = ''] = toWall(new Date().toISOString(), this.#timeZone).split('T')
    const [hours = 0, minutes = 0] = time.split(':').map(Number)
    const now = partAt(scale, today ?? '') + (hours * 60 + minutes) / 1_440 / scale.days
    return {
      question, days, scale,
      color: colorOf(question.entity, timeline),
      group: rowFieldOf(question.entity, timeline),
      now: now >= 0 && now <= 1 ? now : null,
      chosen: (bars.find(({ placed }) => placed.record.id === this.chosen) ?? bars[0])?.placed.record.id,
      held: this.pulled ?? (lifted === null ? null : { id: lifted.card.id, to: read(lifted.place) }),
      may: mayDraw(question.entity, timeline),
      change: (record) => void this.#ask(record),
    }
  }

  #nothing(question: Question, days: Days, scale: Scale): TemplateResult {
    return emptyState({
      icon: 'timeline', title: t('bars.nothing', { entity: question.entity.plural }), text: periodText(scale),
      action: html`<button type="button" class="plain accent" @click=${() => void this.#goToNearest(question, days, scale)}>${t('bars.nearest')}</button>`,
    })
  }

  /** Turns to the nearest record; false when none has a day. */
  async #nearest(question: Question, days: Days, scale: Scale): Promise<boolean> {
    try {
      const day = await nearestDay(question, days, scale, this.#request.signal)
      if (day === null) return false
      this.shown = null // what was not found there says nothing of the other days
      this.turn({ ...this.#shownSpan, day })
    } catch (thrown) {
      this.failed = describeProblem(thrown)
    }
    return true
  }

  async #goToNearest(question: Question, days: Days, scale: Scale): Promise<void> {
    if (!(await this.#nearest(question, days, scale))) toastNote(t('bars.undated', { entity: question.entity.plural }))
  }

  #bar({ entity, choose }: Question, timeline: UiTimeline, scale: Scale): TemplateResult {
    const { unit, day } = this.#shownSpan
    const named = (fields: ReturnType<typeof dayFields>): readonly { readonly text: string; readonly label: string }[] => fields.map(({ key, title }) => ({ text: key, label: title }))
    const turn = (by: 1 | -1): TemplateResult => html`<button type="button" class="plain icon-only turn" title=${t(by === 1 ? 'bars.later' : 'bars.earlier')} aria-label=${t(by === 1 ? 'bars.later' : 'bars.earlier')} @click=${() => this.turn(turnedScale(this.#shownSpan, by))}>${icon(by === 1 ? 'chevronRight' : 'chevronLeft')}</button>`
    const pick = (label: string, key: 'by' | 'end' | 'group' | 'color', fields: ReturnType<typeof dayFields>, none?: string): readonly Choice[] =>
      fields.length === 0 ? [] : [{
        label, choices: named(fields), value: timeline[key] ?? '', none,
        choose: (text) => {
          const { [key]: _was, ...rest } = timeline
          choose({ kind: 'timeline', timeline: text === '' ? { ...rest, by: timeline.by } : { ...rest, by: timeline.by, [key]: text } })
        },
      }]
    return html`
      <div class="days-bar">
        ${turn(-1)}<button type="button" class="plain" @click=${() => this.turn({ unit, day: todayIn(this.#timeZone) })}>${t('bars.today')}</button>${turn(1)}
        <h2 class="visually-hidden" role="status">${t('bars.period', { first: dayText(scale.first, { month: 'short', year: 'numeric' }), last: dayText(scale.last, { month: 'short', year: 'numeric' }) })}</h2>
        <span class="segments" role="group" aria-label=${t('bars.unit')}>${zooms.map((one) => html`<button type="button" class="plain" aria-pressed=${one === unit ? 'true' : 'false'} @click=${() => this.turn({ unit: one, day })}>${t(`bars.${one}`)}</button>`)}</span>
        ${choicesMade(t('bars.made'), [
          ...pick(t('bars.by'), 'by', dayFields(entity)),
          ...pick(t('bars.end'), 'end', dayFields(entity).filter(({ key }) => key !== timeline.by), t('bars.noEnd')),
          ...pick(t('bars.group'), 'group', rowFields(entity), t('bars.noGroup')),
          ...pick(t('bars.color'), 'color', colorFields(entity), t('bars.noColor')),
        ])}
      </div>`
  }

  // ── moving ──

  #record(id: number): Rec | undefined {
    return this.shown?.records.find((record) => record.id === id)
  }

  #placed(record: Rec): Placed | undefined {
    const days = this.#days
    return days === undefined ? undefined : placedBy([record], days)[0]
  }

  get #may(): { readonly first: boolean; readonly last: boolean } {
    const { question, timeline } = this
    return question === undefined || timeline === undefined ? { first: false, last: false } : mayDraw(question.entity, timeline)
  }

  /** True when a bar can be moved as a whole: both its ends, where it has two. */
  get #mayMove(): boolean {
    return this.#may.first && (this.timeline?.end === undefined || this.#may.last)
  }

  #valuesOf(card: Rec, to: Period): { readonly after: JsonObject; readonly before: JsonObject } {
    const [days, placed] = [this.#days, this.#placed(card)]
    const after = days === undefined || placed === undefined ? {} : lastingTo(placed, to, days)
    return { after, before: Object.fromEntries(Object.keys(after).map((key) => [key, card[key] ?? null])) }
  }

  #grab(event: PointerEvent): void {
    const target = event.target instanceof Element ? event.target : null
    const bar = target?.closest<HTMLElement>('[data-id]')
    const record = this.#record(Number(bar?.dataset['id']))
    const placed = record === undefined ? undefined : this.#placed(record)
    if (event.button !== 0 || event.pointerType === 'touch' || record === undefined || placed === undefined || target?.closest('button') !== null) return
    const named = target.closest<HTMLElement>('[data-grip]')?.dataset['grip']
    const grip: Grip = named === 'first' || named === 'last' ? named : 'whole'
    if (grip === 'whole' ? !this.#mayMove : !this.#may[grip]) return
    const { days } = this.#scale
    followPointer(event, (bar?.parentElement?.offsetWidth ?? days) / days, (gone) => (this.pulled = { id: record.id, to: drawn(placed, grip, gone) }), (gone) => {
      this.pulled = null
      if (gone !== null && gone !== 0) void this.#moves.move(record, written(placed), written(drawn(placed, grip, gone)))
    })
  }

  async #ask(record: Rec): Promise<void> {
    const placed = this.#placed(record)
    if (placed === undefined) return
    await import('./period-dialog.js')
    const dialog = document.createElement('period-dialog')
    Object.assign(dialog, { name: nameOf(this.question?.entity, record), first: placed.first, last: placed.last, may: this.#may })
    const to = await dialog.open()
    if (to !== null) await this.#moves.move(record, written(placed), written(to))
  }

  // ── keys ──

  #focused({ target }: FocusEvent): void {
    const id = target instanceof Element ? target.closest<HTMLElement>('[data-id]')?.dataset['id'] : undefined
    if (id !== undefined) this.chosen = Number(id)
  }

  #focus(id: number): void {
    this.chosen = id
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`[data-id="${id}"] a`)?.focus())
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement) || event.target instanceof HTMLButtonElement) return
    const id = Number(event.target.closest<HTMLElement>('[data-id]')?.dataset['id'])
    const understood = this.#moves.lifted === null ? this.#take(id, event.key) || this.#walk(event.key, id) : this.#moves.carry(event.shiftKey && event.key.startsWith('Arrow') ? `Shift+${event.key}` : event.key)
    if (understood) event.preventDefault()
  }

  #take(id: number, key: string): boolean {
    const record = this.#record(id)
    const placed = record === undefined ? undefined : this.#placed(record)
    if (key !== ' ' || record === undefined || placed === undefined || !(this.#mayMove || this.#may.last)) return false
    this.#moves.take(record, written(placed))
    return true
  }

  /** Between bars and days. True when the key was understood. */
  #walk(key: string, id: number): boolean {
    const { unit, day } = this.#shownSpan
    if (key === 'PageUp' || key === 'PageDown') this.turn(turnedScale(this.#shownSpan, key === 'PageUp' ? -1 : 1))
    else if (key.toLowerCase() === 't') this.turn({ unit, day: todayIn(this.#timeZone) })
    else if (key === '+' || key === '-') {
      const zoom = zooms[zooms.indexOf(unit) + (key === '+' ? -1 : 1)]
      if (zoom !== undefined) this.turn({ unit: zoom, day })
    } else {
      const down = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0
      const along = down === 0 ? step(key) : 0
      if (down === 0 && along === 0) return false
      const next = barNext(this.#rows, id, along, down)
      if (next !== undefined) this.#focus(next.placed.record.id)
    }
    return true
  }

  #carriedTo(place: Period, key: string): string | undefined {
    const last = key.startsWith('Shift+')
    const days = step(key.replace('Shift+', ''))
    if (days === 0) return undefined
    return (last ? this.#may.last : this.#mayMove) ? written(drawn(place, last ? 'last' : 'whole', days)) : written(place)
  }
}

/** 1, -1, or 0 for keys that do not lead along the days. */
const step = (key: string): -1 | 0 | 1 => (stepOf(key) > 0 ? 1 : stepOf(key) < 0 ? -1 : 0)

/** Days as one word, for who moves records from place to place. */
const written = ({ first, last }: Period): string => `${first}/${last}`

function read(place: string): Period {
  const [first = '', last = ''] = place.split('/')
  return { first, last }
}

declare global {
  interface HTMLElementTagNameMap {
    'timeline-view': TimelineView
  }
}
