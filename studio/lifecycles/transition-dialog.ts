/** Asks for what a transition requires, and makes it. What is refused is said at its field; nothing that was typed is lost. */
import './transition-dialog.css'
import '../forms/record-form.js'
import '@vaadin/button'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiField, UiTransition } from '../../metadata/contract/ui-model.js'
import { t } from '../client/i18n.js'
import { fieldOf } from '../client/model.js'
import type { Rec } from '../client/records.js'
import { nameOf } from '../fields/name-of.js'
import { check } from '../forms/checks.js'
import { edit, refuse, shownProblems, start, touch, touchAll, unread, type FormState, type UnreadDetail } from '../forms/form-state.js'
import type { EditDetail, RecordForm } from '../forms/record-form.js'
import { saveTransition, type Outcome } from '../forms/save.js'
import { leaveInput } from '../ui/leave-input.js'
import { icon } from '../ui/icon.js'
import { Modal } from '../ui/modal.js'
import { stateLabel } from './moving.js'
import { etagOf, refusalText, type Place } from './place.js'

export interface Asked extends Place {
  readonly record: Rec
  readonly transition: UiTransition
  /** Keys of the fields that are asked for. */
  readonly missing: readonly string[]
}

@customElement('transition-dialog')
export class TransitionDialog extends Modal<Outcome> {
  static override properties = { form: { state: true }, saving: { state: true }, failed: { state: true } }
  declare asked: Asked
  declare form: FormState
  declare saving: boolean
  /** What is refused and has no field here. */
  declare failed: string

  constructor() {
    super()
    this.form = start({})
    this.saving = false
    this.failed = ''
  }

  protected override get label(): string {
    return this.asked.transition.title
  }

  protected override get kind(): string {
    return 'transition-dialog'
  }

  protected override get mayClose(): boolean {
    return !this.saving
  }

  get #fields(): readonly UiField[] {
    return this.asked.missing.flatMap((key) => fieldOf(this.asked.entity, key) ?? [])
  }

  get #problems(): Readonly<Record<string, string>> {
    const { missing } = this.asked
    return shownProblems(this.form, check(this.#shown, this.form.values, missing, missing))
  }

  /** The entity with these fields alone, all of them required. */
  get #shown(): UiEntity {
    const { entity, missing } = this.asked
    const fields = entity.fields.map((field) => (missing.includes(field.key) ? { ...field, required: true } : field))
    return { ...entity, fields, form: { type: 'VerticalLayout', elements: this.#fields.map(({ key }) => ({ type: 'Control', scope: `#/properties/${key}` })) } }
  }

  override firstUpdated(): void {
    super.firstUpdated()
    requestAnimationFrame(() => requestAnimationFrame(() => this.querySelector<HTMLElement>('record-form input, record-form textarea, record-form [contenteditable]')?.focus()))
  }

  protected override content(): TemplateResult {
    const { entity, record, transition, surroundings } = this.asked
    return html`
      <header class="dialog-head"><h2>${transition.title}</h2>
        <button type="button" class="plain icon-only" aria-label=${t('close')} ?disabled=${this.saving} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body" @keydown=${(event: KeyboardEvent) => this.#keys(event)}>
        <p class="quiet">${t('lifecycle.leads', { name: nameOf(entity, record), state: stateLabel(entity, transition.target) })}</p>
        ${this.failed === '' ? nothing : html`<p class="wrong" role="alert">${icon('warning')}${this.failed}</p>`}
        <record-form .entity=${this.#shown} .values=${this.form.values} .problems=${this.#problems} .mode=${'update'} .surroundings=${surroundings}
          @edit=${({ detail }: CustomEvent<EditDetail>) => (this.form = edit(this.form, detail.key, detail.value))} @touch=${(event: CustomEvent<string>) => (this.form = touch(this.form, event.detail))}
          @unread=${({ detail }: CustomEvent<UnreadDetail>) => (this.form = unread(this.form, detail))}></record-form>
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" ?disabled=${this.saving} @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${this.saving} @click=${() => void this.#make()}>${transition.title}</vaadin-button>
      </footer>`
  }

  /** The page below has the same keys. */
  #keys(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.stopPropagation()
    void leaveInput().then(() => this.#make())
  }

  async #make(): Promise<void> {
    if (this.saving) return
    const { client, entity, record, transition, missing } = this.asked
    this.form = touchAll(refuse(this.form, {}), missing)
    this.failed = ''
    if (Object.keys(this.#problems).length > 0) return this.#showFirst()
    this.saving = true
    const body = Object.fromEntries(missing.map((key) => [key, this.form.values[key] ?? null]))
    const outcome = await saveTransition(client.records, entity, { id: record.id, name: transition.name, body, etag: etagOf(record) })
    this.saving = false
    if (outcome.kind === 'saved') return this.close(outcome)
    const here = outcome.kind === 'refused' ? Object.entries(outcome.problems).filter(([path]) => missing.includes(path.split('/')[1] ?? '')) : []
    this.form = refuse(this.form, Object.fromEntries(here))
    if (here.length === 0 || (outcome.kind === 'refused' && outcome.problem.code === 'transition.refused')) this.failed = refusalText(outcome, nameOf(entity, record), this.asked, transition)
    if (here.length > 0) await this.#showFirst()
  }

  async #showFirst(): Promise<void> {
    await this.updateComplete
    await this.querySelector<RecordForm>('record-form')?.showFirstProblem()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'transition-dialog': TransitionDialog
  }
}
