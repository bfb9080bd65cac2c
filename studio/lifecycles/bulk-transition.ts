/**
 * Moving many records on by the same transition: choose it and what it requires, look at what would happen, then do it. Opens over the
 * list; gives back how many were moved and how many were not.
 */
import './bulk-transition.css'
import '../lists/chosen/bulk-status.css'
import '../forms/record-form.js'
import '@vaadin/button'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiTransition } from '../../metadata/contract/ui-model.js'
import { t } from '../client/i18n.js'
import { displayKey } from '../client/records.js'
import { nameOf } from '../fields/name-of.js'
import { check } from '../forms/checks.js'
import { edit, isReadable, shownProblems, start, touch, touchAll, unread, type FormState, type UnreadDetail } from '../forms/form-state.js'
import type { EditDetail } from '../forms/record-form.js'
import { gather, transitAll, type Outcome, type Refusal, type Target } from '../lists/chosen/bulk-change.js'
import type { Bulk } from '../lists/chosen/bulk-dialog.js'
import { icon } from '../ui/icon.js'
import { Modal } from '../ui/modal.js'
import { describeProblem } from '../ui/toast.js'
import { missingIn, statesOf, stateLabel } from './moving.js'

/** Refused records that are named; the others are counted. */
const refusedShown = 8

type Step =
  | { readonly name: 'choose' }
  | { readonly name: 'working'; readonly text: 'list.bulkLooking' | 'lifecycle.bulkMoving'; readonly done: number; readonly total: number }
  | { readonly name: 'looked'; readonly outcome: Outcome }
  | { readonly name: 'failed'; readonly reason: string }

@customElement('bulk-transition')
export class BulkTransition extends Modal<Outcome> {
  static override properties = { step: { state: true }, chosen: { state: true }, form: { state: true } }
  declare bulk: Bulk
  declare step: Step
  declare chosen: UiTransition | null
  declare form: FormState

  constructor() {
    super()
    this.step = { name: 'choose' }
    this.chosen = null
    this.form = start({})
  }

  protected override get label(): string {
    const { which } = this.bulk
    return t('lifecycle.bulkTitle', { count: 'ids' in which ? which.ids.length : which.count })
  }

  protected override get kind(): string {
    return 'bulk-transition'
  }

  protected override get mayClose(): boolean {
    return this.step.name !== 'working'
  }

  /** One of each name: from wherever it leads away, it is the same to the person. */
  get #transitions(): readonly UiTransition[] {
    const order = statesOf(this.bulk.entity).map(({ value }) => value)
    const all = this.bulk.entity.lifecycle?.transitions ?? []
    return all.filter((one, index) => all.findIndex(({ name }) => name === one.name) === index).toSorted((a, b) => order.indexOf(a.from) - order.indexOf(b.from))
  }

  /** What the transition asks for, wherever it leads away from. */
  get #required(): readonly string[] {
    return [...new Set((this.bulk.entity.lifecycle?.transitions ?? []).filter(({ name }) => name === this.chosen?.name).flatMap(({ require }) => require))]
  }

  get #shown(): UiEntity {
    const { entity } = this.bulk
    return { ...entity, form: { type: 'VerticalLayout', elements: this.#required.map((key) => ({ type: 'Control', scope: `#/properties/${key}` })) } }
  }

  protected override content(): TemplateResult {
    const { entity, surroundings } = this.bulk
    const busy = this.step.name === 'working'
    const wrong = shownProblems(this.form, check(entity, this.form.values, this.#required, []))
    return html`
      <header class="dialog-head"><h2>${this.label}</h2>
        <button type="button" class="plain icon-only" ?disabled=${busy} aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body">
        <label class="transition-choice">${t('lifecycle.bulkWhat')}
          <select autofocus ?disabled=${busy} @change=${(event: Event & { currentTarget: HTMLSelectElement }) => this.#choose(this.#transitions[Number(event.currentTarget.value)] ?? null)}>
            <option value="" ?selected=${this.chosen === null}>${t('field.choose')}</option>
            ${this.#transitions.map((one, index) => html`<option value=${index} ?selected=${one === this.chosen}>${one.title} → ${stateLabel(entity, one.target)}</option>`)}
          </select></label>
        ${this.#required.length === 0 ? nothing : html`<p class="quiet">${t('lifecycle.bulkFields')}</p>
          <record-form .entity=${this.#shown} .values=${this.form.values} .problems=${wrong} .mode=${busy ? 'read' : 'update'} .surroundings=${surroundings}
            @edit=${({ detail }: CustomEvent<EditDetail>) => this.#edited(detail)} @touch=${(event: CustomEvent<string>) => (this.form = touch(this.form, event.detail))}
            @unread=${({ detail }: CustomEvent<UnreadDetail>) => (this.form = unread(this.form, detail))}></record-form>`}
        <div role="status" class="bulk-status">${this.#state(entity)}</div>
      </div>
      <footer class="dialog-foot">${this.#actions(busy)}</footer>`
  }

  #choose(transition: UiTransition | null): void {
    this.chosen = transition
    this.form = start({})
    this.step = { name: 'choose' }
  }

  #edited({ key, value }: EditDetail): void {
    this.form = edit(this.form, key, value)
    this.step = { name: 'choose' }
  }

  #state(entity: UiEntity): TemplateResult | typeof nothing {
    const { step } = this
    if (step.name === 'working') return html`<p>${t(step.text)}</p><progress max=${Math.max(1, step.total)} value=${step.done} aria-label=${t(step.text)}></progress>`
    if (step.name === 'failed') return html`<p class="wrong">${icon('warning')}${step.reason}</p>`
    if (step.name === 'choose') return nothing
    const { changed, refused } = step.outcome
    return html`
      <p class="will">${icon('arrowRight')}${t('lifecycle.bulkWill', { count: changed.length })}</p>
      ${refused.length === 0 ? nothing : html`<p class="wrong">${icon('warning')}${t('lifecycle.bulkNot', { count: refused.length })}</p>
        <ul>${refused.slice(0, refusedShown).map(({ target, message }: Refusal) => html`<li><b>${nameOf(entity, target.record)}</b> ${message}</li>`)}
          ${refused.length > refusedShown ? html`<li class="quiet">${t('list.bulkMore', { count: refused.length - refusedShown })}</li>` : nothing}</ul>`}`
  }

  #actions(busy: boolean): TemplateResult {
    const { step } = this
    const cancel = html`<vaadin-button theme="tertiary" ?disabled=${busy} @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>`
    if (step.name === 'looked') return html`${cancel}<vaadin-button theme="primary" ?disabled=${step.outcome.changed.length === 0} @click=${() => void this.#do(step.outcome.changed)}>${t('lifecycle.bulkDo', { count: step.outcome.changed.length })}</vaadin-button>`
    return html`${cancel}<vaadin-button theme="primary" ?disabled=${busy || this.chosen === null} @click=${() => void this.#look()}>${t('list.bulkLook')}</vaadin-button>`
  }

  async #look(): Promise<void> {
    const { records, entity, which } = this.bulk
    this.form = touchAll(this.form, this.#required)
    if (!isReadable(this.form) || Object.keys(check(entity, this.form.values, this.#required, [])).length > 0) return
    await this.#run('list.bulkLooking', async () => {
      const targets = await gather(records, entity.name, which, [displayKey(entity), ...this.#required], entity.lifecycle?.field ?? '')
      this.step = { name: 'looked', outcome: await this.#send(targets, true, 'list.bulkLooking') }
    })
  }

  #do(targets: readonly Target[]): Promise<void> {
    return this.#run('lifecycle.bulkMoving', async () => this.close(await this.#send(targets, false, 'lifecycle.bulkMoving')))
  }

  async #run(text: 'list.bulkLooking' | 'lifecycle.bulkMoving', work: () => Promise<void>): Promise<void> {
    try {
      this.step = { name: 'working', text, done: 0, total: 1 }
      await work()
    } catch (thrown) {
      this.step = { name: 'failed', reason: describeProblem(thrown) }
    }
  }

  /** What was entered goes to the records that lack it; what they have stays. */
  #send(targets: readonly Target[], dryRun: boolean, text: 'list.bulkLooking' | 'lifecycle.bulkMoving'): Promise<Outcome> {
    const { records, entity } = this.bulk
    const entered = Object.entries(this.form.values).filter(([, value]) => value !== null && value !== '')
    const all = entity.lifecycle?.transitions ?? []
    const body = ({ record, before }: Target) => {
      const here = all.find(({ name, from }) => name === this.chosen?.name && from === before)
      const missing = here === undefined ? [] : missingIn(here, record)
      return Object.fromEntries(entered.filter(([key]) => missing.includes(key)))
    }
    return transitAll(records, entity.name, this.chosen?.name ?? '', body, targets, dryRun, (done) => (this.step = { name: 'working', text, done, total: targets.length }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bulk-transition': BulkTransition
  }
}
