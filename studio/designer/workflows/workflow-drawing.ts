/** A workflow as cards below each other; branches side by side. Keyboard: arrows go from card to card, with Alt they move the step. */
import './workflow-drawing.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import { draggedCards } from '../../boards/dragging.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { textOf } from '../draft/definitions.js'
import { iconOf } from './kinds.js'
import { beginSentence, jumpWords, laneTitle, leadsWords, missingWords, stepSentence, testWords, type Wording } from './sentences.js'
import { allSteps, stepsOf, type Keys, type Lane, type Step } from './workflow-tree.js'

/** What a run or a simulation says of a step. */
export interface Mark {
  readonly status: string
  /** How often it ran. */
  readonly times: number
  /** In a word or two, e.g. how long; '' for nothing. */
  readonly note: string
}

/** A place between two steps. */
export interface Slot {
  readonly list: Keys
  readonly index: number
}

export type StepAct = 'remove' | 'copy' | 'up' | 'down'

/** Where the beginning is chosen, as a path beside those of steps. */
export const beginPath = '/schedule'

/** `<workflow-drawing .wording .chosen .marks .wrong .editable>`; fires `choose` (path), `insert` (Slot), `move` ({ keys, slot }), `act` ({ act, step }). */
@customElement('workflow-drawing')
export class WorkflowDrawing extends LightElement {
  static override properties = { wording: { attribute: false }, chosen: {}, marks: { attribute: false }, wrong: { attribute: false }, editable: { type: Boolean } }
  declare wording: Wording | undefined
  /** Path of the step that is chosen; '' for none. */
  declare chosen: string
  /** By the path of the step; null where nothing runs. */
  declare marks: ReadonlyMap<string, Mark> | null
  /** Paths in the document at which something is wrong. */
  declare wrong: readonly string[]
  declare editable: boolean
  #undrag: () => void = () => {}
  #steps: readonly Step[] = []

  constructor() {
    super()
    this.chosen = ''
    this.marks = null
    this.wrong = []
    this.editable = false
    new Watch(this, language)
  }

  override updated(): void {
    this.#undrag()
    this.#undrag = this.editable ? draggedCards(this, { dropped: (card, place) => this.#dropped(card, place) }) : () => {}
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#undrag()
    this.#undrag = () => {}
  }

  /** The keyboard goes to the card of a step. */
  focusStep(path: string): void {
    this.querySelector<HTMLElement>(`[data-card="${CSS.escape(path)}"]`)?.focus()
  }

  override render(): TemplateResult | typeof nothing {
    const { wording } = this
    if (wording === undefined) return nothing
    this.#steps = stepsOf(wording.workflow)
    return html`
      <div class="drawing" @keydown=${(event: KeyboardEvent) => this.#key(event)}>
        ${this.#beginCard(wording)}
        ${this.#list(wording, this.#steps, ['do'])}
        <p class="flow-end">${icon('flag')}<span>${t('process.end')}</span></p>
      </div>
    `
  }

  #beginCard(wording: Wording): TemplateResult {
    const chosen = this.chosen === beginPath
    return html`<button type="button" class="row-button step-card begin" data-card=${beginPath} aria-current=${chosen ? 'true' : nothing} @click=${() => this.#fire('choose', beginPath)}>
      <span class="tile">${icon('spark')}</span><span class="step-text"><small>${t('process.beginsWith')}</small><strong>${beginSentence(wording)}</strong></span>
      ${this.wrong.some((path) => path.startsWith('/schedule') || path.startsWith('/document')) ? this.#wrongMark() : nothing}</button>`
  }

  #list(wording: Wording, steps: readonly Step[], keys: Keys | null): TemplateResult {
    const shown = steps.filter(({ kind }) => kind !== 'nothing' || keys === null)
    return html`
      <ol class="flow" ?data-empty=${shown.length === 0}>
        ${repeat(shown, ({ path }) => path, (step) => html`<li>${this.#slot(keys, step)}${this.#card(wording, step)}</li>`)}
        <li class="flow-last">${shown.length === 0 && !this.editable ? html`<p class="flow-nothing">${t('process.say.nothing')}</p>` : this.#slot(keys, steps.length)}</li>
      </ol>
    `
  }

  /** A plus before a step or, with a number, at the end of its list. */
  #slot(list: Keys | null, before: Step | number): TemplateResult {
    if (!this.editable || list === null) return html`<span class="flow-line"></span>`
    const index = typeof before === 'number' ? before : Number(before.keys.at(-2))
    const label = typeof before === 'number' ? t('process.addHere') : t('process.addBefore', { step: this.wording === undefined ? '' : stepSentence(this.wording, before) })
    return html`<span class="flow-line" data-place=${JSON.stringify([list, index])}><button type="button" class="slot" aria-label=${label} title=${t('process.addHere')} @click=${() => this.#fire('insert', { list, index })}>${icon('plus')}</button></span>`
  }

  #card(wording: Wording, step: Step): TemplateResult {
    const condition = textOf(step.task['if'])
    const then = textOf(step.task['then'])
    const mark = this.marks?.get(step.path)
    const missing = missingWords(wording, step)
    return html`
      <div class="step" data-id=${this.editable ? step.path : nothing} data-kind=${step.kind} data-status=${mark?.status ?? nothing} ?data-unreached=${this.marks !== null && mark === undefined}>
        <button type="button" class="row-button step-card" data-card=${step.path} aria-current=${this.chosen === step.path ? 'true' : nothing} @click=${() => this.#fire('choose', step.path)}>
          <span class="tile">${icon(iconOf(step))}</span>
          <span class="step-text">
            ${condition === '' ? nothing : html`<small>${t('process.onlyIf', { condition: testWords(wording, step.keys, condition) })}</small>`}
            <strong>${stepSentence(wording, step)}</strong>
            ${missing === '' ? nothing : html`<small class="missing">${missing}</small>`}
            ${step.kind === 'switch' ? html`<span class="jumps">${jumpWords(wording, step).map(({ condition: when, leads }) => html`<span>${when} <em>${leads}</em></span>`)}</span>` : nothing}
            ${then === '' || then === 'continue' ? nothing : html`<small class="then">${icon('arrowRight')}${leadsWords(then)}</small>`}
          </span>
          ${mark === undefined ? nothing : html`<span class="step-mark" data-status=${mark.status}>${t(`process.status.${mark.status as 'completed'}`)}${mark.times > 1 ? html` ×${mark.times}` : nothing}${mark.note === '' ? nothing : html`<small>${mark.note}</small>`}</span>`}
          ${this.#isWrong(step) ? this.#wrongMark() : nothing}
        </button>
        ${step.lanes.length === 0 ? nothing : this.#lanes(wording, step)}
      </div>
    `
  }

  #lanes(wording: Wording, step: Step): TemplateResult {
    const aside = step.lanes.every(({ role }) => role === 'case' || role === 'branch')
    return html`<div class=${aside ? 'lanes aside' : 'lanes'}>${step.lanes.map((lane) => this.#lane(wording, step, lane))}</div>`
  }

  #lane(wording: Wording, step: Step, lane: Lane): TemplateResult {
    const title = laneTitle(wording, step, lane)
    const reached = this.marks === null || lane.path === '' || this.marks.has(lane.path)
    return html`<section class="lane" data-role=${lane.role} aria-label=${title === '' ? stepSentence(wording, step) : title} ?data-unreached=${!reached}>
      ${title === '' ? nothing : html`<p class="lane-title">${title}</p>`}${this.#list(wording, lane.steps, lane.keys)}</section>`
  }

  /** Something inside of the step itself; what lies in one of its lanes is shown there. */
  #isWrong(step: Step): boolean {
    const inner = step.lanes.flatMap((lane) => lane.steps.map(({ path }) => path))
    return this.wrong.some((path) => (path === step.path || path.startsWith(`${step.path}/`)) && !inner.some((below) => path === below || path.startsWith(`${below}/`)))
  }

  #wrongMark(): TemplateResult {
    return html`<span class="step-wrong" title=${t('process.wrong')}>${icon('warning')}<span class="visually-hidden">${t('process.wrong')}</span></span>`
  }

  #dropped(card: HTMLElement, place: string): void {
    const step = allSteps(this.#steps).find(({ path }) => path === card.dataset['id'])
    if (step === undefined) return
    const [list, index] = JSON.parse(place) as [Keys, number]
    this.#fire('move', { keys: step.keys, slot: { list, index } })
  }

  #key(event: KeyboardEvent): void {
    const card = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-card]') : null
    if (card === null) return
    const step = allSteps(this.#steps).find(({ path }) => path === card.dataset['card'])
    const act = event.ctrlKey || event.metaKey ? (event.key.toLowerCase() === 'd' ? 'copy' : undefined) : event.altKey ? (event.key === 'ArrowUp' ? 'up' : event.key === 'ArrowDown' ? 'down' : undefined) : event.key === 'Delete' || event.key === 'Backspace' ? 'remove' : undefined
    if (this.editable && act !== undefined && step !== undefined) this.#fire('act', { act, step })
    else if (this.editable && (event.key === '+' || event.key === 'Insert')) this.#fire('insert', step === undefined ? { list: ['do'], index: 0 } : { list: step.keys.slice(0, -2), index: Number(step.keys.at(-2)) + 1 })
    else if (!event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) this.#go(card, event.key === 'ArrowDown' ? 1 : -1)
    else return
    event.preventDefault()
  }

  #go(card: HTMLElement, by: 1 | -1): void {
    const cards = [...this.querySelectorAll<HTMLElement>('[data-card]')]
    cards[cards.indexOf(card) + by]?.focus()
  }

  #fire(name: 'choose' | 'insert' | 'move' | 'act', detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'workflow-drawing': WorkflowDrawing
  }
}
