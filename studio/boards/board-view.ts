/**
 * Records as cards in the columns of a field. A card is moved by dragging it, by its menu, or by keys: Space takes it, the
 * arrows choose a column, Space puts it down, Escape leaves it where it was. Fires `open` (detail: id) and `moved`.
 */
import './board-view.css'
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { Client } from '../client/client.js'
import { language, number, t } from '../client/i18n.js'
import type { Rec } from '../client/records.js'
import { Watch } from '../client/store.js'
import type { Surroundings } from '../fields/contract.js'
import { nameOf } from '../fields/name-of.js'
import type { Outcome } from '../forms/save.js'
import type { Place } from '../lifecycles/place.js'
import { changeValues } from '../lists/chosen/change-values.js'
import { face } from '../fields/face.js'
import { valueAt, type Column } from '../lists/table/columns.js'
import { totalCell } from '../lists/table/totals.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem, toastProblem } from '../ui/toast.js'
import { draggedCards } from './dragging.js'
import { cardsOf, lanePage, lanesOf, movedTo, type BoardQuestion, type Lane } from './lanes.js'
import { Moves, stepOf } from './moves.js'
import { leadsTo, lifecycleOf, mayReturn, moveAlong, whyNot } from './states.js'

/** A column gets its next page when so little of it is left below, in px. */
const nearEnd = 240
/** Values that a card shows besides its name. */
const cardValues = 5

/** `<board-view .client .question .columns .surroundings .address>`; another `question` is asked anew, with the old cards in sight. */
@customElement('board-view')
export class BoardView extends LightElement {
  static override properties = { client: { attribute: false }, question: { attribute: false }, columns: { attribute: false }, surroundings: { attribute: false }, address: { attribute: false }, lanes: { state: true }, failed: { state: true }, focused: { state: true } }
  declare client: Client | undefined
  declare question: BoardQuestion | undefined
  declare columns: readonly Column[]
  declare surroundings: Surroundings | undefined
  declare address: (record: Rec) => string
  declare lanes: readonly Lane[] | null
  declare failed: string
  /** Id of the card that Tab comes to. */
  declare focused: number
  #request = new AbortController()
  readonly #moves = new Moves<Json>(this, {
    words: 'board',
    of: () => (this.client === undefined || this.question === undefined ? undefined : { client: this.client, entity: this.question.entity }),
    next: (value, key) => this.#beside(value, stepOf(key)),
    label: (value) => this.#lane(value)?.step.label ?? '',
    hint: (value) => t('board.hint', { place: this.#lane(value)?.step.label ?? '', count: this.#lane(value)?.count ?? 0 }),
    save: (card, from, to) => this.#save(card, from, to),
    returns: (card, from, to) => mayReturn(lifecycleOf(this.question), card, from, to),
    reason: (outcome, card, from, to) => {
      const [place, lifecycle] = [this.#transitions, lifecycleOf(this.question)]
      return place === undefined || lifecycle === undefined ? undefined : whyNot(place, lifecycle, outcome, card, from, to)
    },
    values: (_card, from, to) => ({ before: this.#stands(from), after: this.#stands(to) }),
    put: (card, _values, to) => (this.lanes = movedTo(this.lanes ?? [], card, to)),
    focus: (id) => this.#focusCard(id),
    load: () => this.#load(),
  })
  #loadingMore: Lane | null = null
  #release: (() => void) | null = null

  constructor() {
    super()
    this.columns = []
    this.address = () => ''
    this.lanes = null
    this.failed = ''
    this.focused = 0
    new Watch(this, language)
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('question')) void this.#load()
  }

  override updated(changed: PropertyValues<this>): void {
    if (this.#moves.lifted !== null) this.querySelector('.lane.target')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    if (!changed.has('lanes')) return
    // Where only some columns have room it begins where something is; the page around it stays where it is.
    if (changed.get('lanes') === null) this.#toFirstCard()
    this.#release?.()
    this.#release = this.#mayMove ? draggedCards(this, {
      dropped: (card, place) => this.#dropped(Number(card.dataset['id']), Number(place)),
      takes: (card, place) => this.#mayStand(Number(card.dataset['id']), Number(place)),
    }) : null
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#release?.()
    this.#request.abort()
  }

  get #mayMove(): boolean {
    const { question } = this
    const lifecycle = lifecycleOf(question)
    return question !== undefined && question.entity.may.update && (lifecycle === undefined ? question.field.updateable : lifecycle.transitions.length > 0)
  }

  /** Where transitions are made, on a board by states. */
  get #transitions(): Place | undefined {
    const { client, question, surroundings } = this
    return client === undefined || question === undefined || surroundings === undefined ? undefined : { client, entity: question.entity, surroundings }
  }

  async #save(card: Rec, from: Json, to: Json): Promise<Outcome | null> {
    const [place, lifecycle] = [this.#transitions, lifecycleOf(this.question)]
    if (place === undefined) return null
    return lifecycle === undefined ? changeValues(place.client, place.entity, card.id, Number(card['version']), this.#stands(to)) : moveAlong(place, lifecycle, card, from, to)
  }

  #toFirstCard(): void {
    const lanes = this.querySelector<HTMLElement>('.lanes')
    const first = lanes?.querySelector<HTMLElement>('.lane:has(.card)')
    if (lanes === null || !first) return
    const [room, lane] = [lanes.getBoundingClientRect(), first.getBoundingClientRect()]
    if (lane.right > room.right || lane.left < room.left) lanes.scrollBy({ left: lane.left - room.left - Number.parseFloat(getComputedStyle(lanes).paddingInlineStart) })
  }

  /** True when a card may stand in a column. */
  #mayStand(id: number, index: number): boolean {
    const from = this.lanes?.find(({ cards }) => cards.some((card) => card.id === id))
    const to = this.lanes?.[index]
    return from !== undefined && to !== undefined && leadsTo(lifecycleOf(this.question), from.step.value, to.step.value)
  }

  async #load(): Promise<void> {
    const { client, question } = this
    if (client === undefined || question === undefined) return
    this.#request.abort()
    const { signal } = (this.#request = new AbortController())
    const before = this.lanes
    try {
      const shown = (value: Json): number => before?.find(({ step }) => step.value === value)?.cards.length ?? 0
      const lanes = await lanesOf(client.records, question, shown, t('board.none', { field: question.field.title }), signal)
      if (signal.aborted || this.#moves.going) return
      this.lanes = lanes
      this.failed = ''
    } catch (thrown) {
      if (!signal.aborted) this.failed = describeProblem(thrown)
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { lanes, question } = this
    if (question === undefined) return nothing
    if (lanes === null && this.failed === '') return html`<div class="lanes" aria-busy="true">${[0, 1, 2].map(() => html`<section class="lane waiting"></section>`)}</div>`
    const first = lanes?.flatMap(({ cards }) => cards)[0]?.id ?? 0
    const focused = lanes?.some(({ cards }) => cards.some(({ id }) => id === this.focused)) === true ? this.focused : first
    return html`
      ${this.failed === '' ? nothing : html`<p class="list-note" role="alert">${icon('warning')}${this.failed}<button type="button" class="plain accent" @click=${() => void this.#load()}>${t('retry')}</button></p>`}
      <p class="visually-hidden" role="status">${this.#moves.said}</p>
      <p class="visually-hidden" id="board-keys">${this.#mayMove ? t('board.keys') : ''}</p>
      <div class="lanes" @keydown=${(event: KeyboardEvent) => this.#key(event)} @focusout=${(event: FocusEvent) => this.#moves.dropWhenLeft(event)}>
        ${(lanes ?? []).map((lane, index) => this.#column(lane, index, focused))}
      </div>
    `
  }

  #column(lane: Lane, index: number, focused: number): TemplateResult {
    const { step, count, limit, cards } = lane
    const over = limit !== undefined && count > limit
    const rest = count - cards.length
    return html`
      <section class="lane ${this.#standing(step.value)}" data-place=${index} aria-label=${step.label}>
        <header>
          <span class="badge" data-color=${step.color}>${step.label}</span>
          <span class="lane-count ${over ? 'over' : ''}" title=${limit === undefined ? nothing : t(over ? 'board.over' : 'board.limit', { count: limit })}>${limit === undefined ? number(count) : `${number(count)} / ${number(limit)}`}${over ? html`${icon('warning')}<span class="visually-hidden">${t('board.over', { count: limit })}</span>` : nothing}</span>
          <span class="lane-totals">${this.#totals(lane)}</span>
        </header>
        <ul tabindex=${cards.length === 0 ? nothing : -1} @scroll=${(event: Event & { currentTarget: HTMLElement }) => this.#scrolled(event.currentTarget, lane)}>
          ${repeat(cards, ({ id }) => id, (card) => this.#card(card, lane, card.id === focused))}
          ${cards.length === 0 ? html`<li class="lane-empty quiet">${t('board.empty')}</li>` : nothing}
          ${lane.next === null || rest <= 0 ? nothing : html`<li><button type="button" class="plain lane-more" @click=${() => void this.#more(lane)}>${t('board.more', { count: rest })}</button></li>`}
        </ul>
      </section>
    `
  }

  /** With a card in the hand: where it would be put down, and where it cannot. */
  #standing(value: Json): string {
    const { lifted } = this.#moves
    if (lifted === null) return ''
    return lifted.place === value ? 'target' : leadsTo(lifecycleOf(this.question), lifted.from, value) ? '' : 'unreachable'
  }

  #totals({ summed }: Lane): readonly TemplateResult[] {
    const { surroundings } = this
    return surroundings === undefined ? [] : this.columns.flatMap((column) => {
      const total = summed.get(column.path)
      return total === undefined || total.value === null || total.value === undefined ? [] : [html`<span title=${column.title}>${totalCell(total, column, surroundings)}</span>`]
    })
  }

  #card(card: Rec, lane: Lane, isFocused: boolean): TemplateResult {
    const name = nameOf(this.question?.entity, card)
    const lifted = this.#moves.lifted?.card.id === card.id
    return html`
      <li class="card ${lifted ? 'lifted' : ''}" data-id=${card.id} @click=${(event: MouseEvent) => this.#clicked(event, card)}>
        <div class="card-head">${this.question === undefined ? nothing : face(this.question.entity, card, this.surroundings?.files, card)}<a class="card-name" href=${this.address(card)} draggable="false" tabindex=${isFocused ? 0 : -1} aria-describedby=${this.#mayMove ? 'board-keys' : nothing} @focus=${() => (this.focused = card.id)}>${name}</a></div>
        ${this.#mayMove ? this.#mover(card, lane, name) : nothing}
        <dl class="quiet-links">${this.#values(card)}</dl>
      </li>
    `
  }

  #values(card: Rec): readonly TemplateResult[] {
    const { surroundings, question } = this
    if (surroundings === undefined || question === undefined) return []
    const shown = this.columns.filter(({ path }) => path !== question.entity.display && path !== question.board.by && valueAt(card, path) !== null)
    return shown.slice(0, cardValues).map(({ path, title, view, field }) => html`<div><dt>${title}</dt><dd>${view.cell(valueAt(card, path), { ...surroundings, field, record: card })}</dd></div>`)
  }

  /** For fingers, and for who does not drag. The system's own list works everywhere. */
  #mover(card: Rec, lane: Lane, name: string): TemplateResult {
    return html`<span class="mover">${icon('dots')}<select tabindex="-1" aria-label=${t('board.moveTo', { name })} @change=${(event: Event & { currentTarget: HTMLSelectElement }) => {
      const to = this.lanes?.[Number(event.currentTarget.value)]
      event.currentTarget.value = String(this.lanes?.indexOf(lane) ?? 0)
      if (to !== undefined) void this.#moves.move(card, lane.step.value, to.step.value)
    }}>${(this.lanes ?? []).map((one, i) => (leadsTo(lifecycleOf(this.question), lane.step.value, one.step.value) ? html`<option value=${i} ?selected=${one === lane}>${one.step.label}</option>` : nothing))}</select></span>`
  }

  #clicked(event: MouseEvent, card: Rec): void {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.composedPath().some((node) => node instanceof HTMLAnchorElement || node instanceof HTMLSelectElement)) return
    this.dispatchEvent(new CustomEvent('open', { detail: card.id }))
  }

  // ── more of a column ──

  #scrolled(list: HTMLElement, lane: Lane): void {
    if (lane.next !== null && list.scrollHeight - list.scrollTop - list.clientHeight < nearEnd) void this.#more(lane)
  }

  async #more(lane: Lane): Promise<void> {
    const { client, question } = this
    if (client === undefined || question === undefined || this.#loadingMore !== null) return
    this.#loadingMore = lane
    try {
      const page = await cardsOf(client.records, question, lane, lanePage, this.#request.signal)
      this.lanes = this.lanes?.map((one) => {
        if (one.step.value !== lane.step.value || one.next !== lane.next) return one
        const known = new Set(one.cards.map(({ id }) => id))
        return { ...one, cards: [...one.cards, ...page.cards.filter(({ id }) => !known.has(id))], next: page.next }
      }) ?? null
    } catch (thrown) {
      if (!this.#request.signal.aborted) toastProblem(thrown)
    } finally {
      this.#loadingMore = null
    }
  }

  // ── moving ──

  #dropped(id: number, index: number): void {
    const from = this.lanes?.find(({ cards }) => cards.some((card) => card.id === id))
    const card = from?.cards.find((one) => one.id === id)
    const to = this.lanes?.[index]
    if (from !== undefined && card !== undefined && to !== undefined) void this.#moves.move(card, from.step.value, to.step.value)
  }

  #lane(value: Json): Lane | undefined {
    return this.lanes?.find(({ step }) => step.value === value)
  }

  /** The value of the column beside that of a value; undefined for no step, the same one at the edge. */
  #beside(value: Json, step: number): Json | undefined {
    const origin = this.#moves.lifted?.from
    const lanes = (this.lanes ?? []).filter((lane) => origin === undefined || leadsTo(lifecycleOf(this.question), origin, lane.step.value))
    const at = lanes.findIndex((lane) => lane.step.value === value) + step
    return step === 0 ? undefined : lanes[Math.min(lanes.length - 1, Math.max(0, at))]?.step.value
  }

  /** What a record has that stands in a column. */
  #stands(value: Json): JsonObject {
    return { [this.question?.board.by ?? '']: value }
  }

  #focusCard(id: number): void {
    this.focused = id
    void this.updateComplete.then(() => this.#link(id)?.focus({ preventScroll: false }))
  }

  #link(id: number): HTMLElement | null {
    return this.querySelector<HTMLElement>(`[data-id="${id}"] .card-name`)
  }

  // ── keys ──

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.composedPath().some((node) => node instanceof HTMLSelectElement || node instanceof HTMLButtonElement)) return
    const at = this.#place(this.focused)
    if (at === null) return
    if (this.#moves.lifted === null ? this.#walk(event.key, at) : this.#moves.carry(event.key)) event.preventDefault()
  }

  /** Between cards. True when the key was understood. */
  #walk(key: string, { lane, row, card }: { readonly lane: number; readonly row: number; readonly card: Rec }): boolean {
    const lanes = this.lanes ?? []
    const there = key === 'ArrowDown' ? [lane, row + 1] : key === 'ArrowUp' ? [lane, row - 1] : key === 'Home' ? [lane, 0] : key === 'End' ? [lane, (lanes[lane]?.cards.length ?? 1) - 1] : null
    if (there !== null) {
      this.#focusAt(there[0] ?? 0, there[1] ?? 0)
      return true
    }
    const step = stepOf(key)
    if (step !== 0) {
      const next = step < 0 ? lanes.findLastIndex(({ cards }, i) => i < lane && cards.length > 0) : lanes.findIndex(({ cards }, i) => i > lane && cards.length > 0)
      if (next >= 0) this.#focusAt(next, Math.min(row, (lanes[next]?.cards.length ?? 1) - 1))
      return true
    }
    if (key !== ' ' || !this.#mayMove) return false
    this.#moves.take(card, lanes[lane]?.step.value ?? null)
    return true
  }

  #place(id: number): { readonly lane: number; readonly row: number; readonly card: Rec } | null {
    for (const [lane, { cards }] of (this.lanes ?? []).entries()) {
      const row = cards.findIndex((card) => card.id === id)
      const card = cards[row]
      if (card !== undefined) return { lane, row, card }
    }
    return null
  }

  #focusAt(lane: number, row: number): void {
    const card = this.lanes?.[lane]?.cards[row]
    if (card !== undefined) this.#focusCard(card.id)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'board-view': BoardView
  }
}
