/** Says in plain words which right, rule or definition keeps a record or a field from being changed; administrators come to the definition from here. */
import './why-dialog.css'
import '@vaadin/button'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiField, UiModel, UiTransition } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { explain, type Explanation } from '../../client/explain.js'
import { hasText, listed, t } from '../../client/i18n.js'
import { designPath } from '../../shell/routes.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import { describeProblem } from '../../ui/toast.js'
import { reasonsOf } from './why.js'

/** What is asked about. */
export interface Question {
  readonly client: Client
  readonly model: UiModel
  readonly entity: UiEntity
  readonly id: number
  /** Null: the record as a whole. */
  readonly field: UiField | null
  /** What is asked about instead of a change by hand. */
  readonly transition?: UiTransition
}

@customElement('why-dialog')
export class WhyDialog extends Modal<never> {
  static override properties = { told: { state: true }, failed: { state: true }, about: { state: true }, sees: { state: true } }
  declare question: Question
  declare told: Explanation | null
  declare failed: string
  /** Whose rights are shown; null: the reader's. Only for those who may design. */
  declare about: number | null
  /** How that person sees the fields of the record. */
  declare sees: Readonly<Record<string, string>>
  /** People to choose from. */
  #people: readonly { readonly id: number; readonly name: string }[] = []

  constructor() {
    super()
    this.told = null
    this.failed = ''
    this.about = null
    this.sees = {}
  }

  protected override get label(): string {
    if (this.question.transition !== undefined) return t('why.titleTransition', { transition: this.question.transition.title })
    return t(this.question.field === null && this.question.model.mayDesign ? 'why.rights' : 'why.title')
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.#ask(null)
    if (this.question.model.mayDesign) void this.#loadPeople()
  }

  async #ask(user: number | null): Promise<void> {
    const { client, entity, id, transition } = this.question
    const action = transition === undefined ? 'update' as const : `transition:${transition.name}` as const
    this.about = user
    try {
      const [told, read] = await Promise.all([explain(client.api, entity.name, id, action, user), user === null ? null : explain(client.api, entity.name, id, 'read', user)])
      if (user === this.about) [this.told, this.sees, this.failed] = [told, read?.fields ?? {}, '']
    } catch (thrown) {
      this.failed = describeProblem(thrown)
    }
  }

  async #loadPeople(): Promise<void> {
    const { records } = await this.question.client.records.list('user', { fields: 'name', sort: 'name', limit: 200 }).catch(() => ({ records: [] }))
    this.#people = records.map((record) => ({ id: record.id, name: typeof record['name'] === 'string' ? record['name'] : `#${String(record.id)}` }))
    this.requestUpdate()
  }

  protected override content(): TemplateResult {
    const { model, entity, field } = this.question
    return html`
      <header class="dialog-head"><h2>${field === null ? this.label : t('why.titleField', { field: field.title })}</h2>
        <button type="button" class="plain icon-only" autofocus aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body">
      ${this.#people.length === 0 ? nothing : html`<label class="why-who">${t('why.who')}
        <select @change=${(event: Event) => void this.#ask(Number((event.target as HTMLSelectElement).value) || null)}><option value="">${t('why.me')}</option>${this.#people.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}</select></label>`}
      ${this.failed !== '' ? html`<p role="alert">${this.failed}</p>` : this.told === null ? html`<p class="quiet" role="status">${t('loading')}</p>` : html`${this.#reasons(this.told, field)}${this.#seen(field)}`}</div>
      ${model.mayDesign ? html`<footer class="dialog-foot"><a class="button" href=${designPath(entity.name)} @click=${() => this.close(null)}>${icon('shapes')}${t('why.define', { entity: entity.plural })}</a></footer>` : nothing}`
  }

  /** Which fields the chosen person does not see, or sees in part: of all of them, or of the one that is asked about. */
  #seen(field: UiField | null): TemplateResult | typeof nothing {
    if (this.about === null) return nothing
    const { entity } = this.question
    if (Object.keys(this.sees).length === 0) return html`<p>${t('why.unseen')}</p>`
    const titles = (how: string): readonly string[] => entity.fields.flatMap(({ key, title }) => (this.sees[key] === how && (field === null || field.key === key) ? [title] : []))
    return html`${(['hidden', 'masked'] as const).map((how) => {
      const found = titles(how)
      return found.length === 0 ? nothing : html`<p>${t(`why.${how}`, { fields: listed(found) })}</p>`
    })}`
  }

  #reasons(told: Explanation, field: UiField | null): TemplateResult {
    const how = `computed.how.${field?.computed ?? ''}${field?.moves === true ? '.moves' : ''}`
    const { message } = this.question.transition ?? {}
    if (told.transition?.guard.holds === false && told.transition.leadsAway && message !== undefined && message !== '') return html`<p>${message}</p>`
    if (field !== null && field.key === this.question.entity.lifecycle?.field) return html`<p>${t('why.lifecycle')}</p>`
    const own = field?.masked === true && this.about === null ? t('why.ownMasked') : hasText(how) ? t(how) : null
    if (own !== null) return html`<p>${own}</p>`
    if (told.allowed && (field === null || told.fields[field.key] === 'settable') && this.about !== null) return html`<p>${t('why.may')}</p>`
    if (told.allowed && field === null) return html`<p>${t('why.youMay')}</p>`
    return html`<ul class="why-reasons">${reasonsOf(told, field?.key ?? null).map(({ key, params, where }) => html`<li>${t(key, params)}${where === undefined || !this.question.model.mayDesign ? nothing : html`<code>${JSON.stringify(where)}</code>`}</li>`)}</ul>`
  }
}

/** Asks and tells. */
export async function tellWhy(question: Question): Promise<void> {
  const dialog = document.createElement('why-dialog')
  dialog.question = question
  await dialog.open()
}

declare global {
  interface HTMLElementTagNameMap {
    'why-dialog': WhyDialog
  }
}
