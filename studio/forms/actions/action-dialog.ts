/** Starts a workflow by hand, for one record or several: asks for what it needs, and keeps what was typed when it is refused. */
import '@vaadin/button'
import './action-dialog.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiAction } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { t } from '../../client/i18n.js'
import { asProblem } from '../../client/problem.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import { describeProblem, toast } from '../../ui/toast.js'
import { isReadable, refuse, start, type FormState } from '../form-state.js'
import { askedFields, beginningOf, errorsAt, filledIn } from './asked-fields.js'

export interface Starting {
  readonly client: Client
  readonly entity: string
  readonly ids: readonly number[]
  /** What it is started for, in words: the name of a record, or how many. */
  readonly of: string
  readonly surroundings: Surroundings
}

/** `<action-dialog .action .starting>`; resolves with true when it was started. */
@customElement('action-dialog')
export class ActionDialog extends Modal<true> {
  static override properties = { action: { attribute: false }, starting: { attribute: false }, form: { state: true }, problem: { state: true }, busy: { state: true } }
  declare action: UiAction
  declare starting: Starting
  /** Null until something was typed. */
  declare form: FormState | null
  declare problem: string
  declare busy: boolean

  constructor() {
    super()
    this.form = null
    this.problem = ''
    this.busy = false
  }

  protected override get label(): string {
    return this.action.title
  }

  get #filled(): FormState {
    return this.form ?? start({}, beginningOf(this.action.fields))
  }

  protected override get mayClose(): boolean {
    return !this.busy
  }

  override firstUpdated(): void {
    super.firstUpdated()
    requestAnimationFrame(() => requestAnimationFrame(() => this.querySelector<HTMLElement>('.action-fields :is(input, textarea), vaadin-button[theme=primary]')?.focus()))
  }

  protected override content(): TemplateResult {
    const { action, starting, problem, busy } = this
    return html`
      <header class="dialog-head"><h2>${action.title}</h2></header>
      <form class="dialog-body" @submit=${(event: Event) => { event.preventDefault(); void this.#start() }}>
        <p class="quiet">${t('action.for', { of: starting.of })}</p>
        <div class="action-fields">${askedFields({ fields: action.fields, form: this.#filled, surroundings: starting.surroundings, disabled: busy, become: (step) => (this.form = step(this.#filled)) })}</div>
        ${problem === '' ? nothing : html`<p class="panel-error" role="alert">${icon('warning')}${problem}</p>`}
        <button type="submit" hidden></button>
      </form>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" ?disabled=${busy} @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${busy} @click=${() => void this.#start()}>${t('action.start')}</vaadin-button>
      </footer>`
  }

  async #start(): Promise<void> {
    if (this.busy) return
    this.form = refuse(this.#filled, {})
    if (!isReadable(this.form)) return this.#showFirst()
    const { action, starting: { client, entity, ids } } = this
    this.busy = true
    this.problem = ''
    try {
      await client.api.post(`/api/workflows/${action.name}/runs`, { input: filledIn(this.form.values), records: { entity, ids } })
      toast(t('action.started', { title: action.title }))
      this.close(true)
    } catch (thrown) {
      const problem = asProblem(thrown)
      const refused = errorsAt(problem.problems, '/input', action.fields)
      this.form = refuse(this.#filled, refused)
      this.problem = Object.keys(refused).length > 0 ? '' : describeProblem(problem)
      await this.#showFirst()
    } finally {
      this.busy = false
    }
  }

  async #showFirst(): Promise<void> {
    await this.updateComplete
    this.querySelector<HTMLElement>('[invalid], [aria-invalid=true]')?.focus()
  }
}

/** Asks and starts; true when it was started. */
export function startAction(action: UiAction, starting: Starting): Promise<true | null> {
  const dialog = document.createElement('action-dialog')
  dialog.action = action
  dialog.starting = starting
  return dialog.open()
}

declare global {
  interface HTMLElementTagNameMap {
    'action-dialog': ActionDialog
  }
}
