/** A form for people without an account: one page around it, what they typed kept until it is sent, and thanks. */
import './open-form.css'
import '@vaadin/button'
import '../forms/record-form.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, languages, languageTitle, t } from '../client/i18n.js'
import { chooseLanguage } from '../client/preferences.js'
import { asProblem } from '../client/problem.js'
import { randomKey } from '../client/random.js'
import { Watch } from '../client/store.js'
import { viewOf } from '../fields/index.js'
import { lookupFor } from '../fields/lookup.js'
import type { Surroundings } from '../fields/contract.js'
import { check } from '../forms/checks.js'
import { edit, isReadable, refuse, shownProblems, start, touch, touchAll, unread, type FormState, type UnreadDetail } from '../forms/form-state.js'
import type { EditDetail, RecordForm } from '../forms/record-form.js'
import { refusalOf } from '../forms/refusals.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem } from '../ui/toast.js'
import { keptDraft } from './draft.js'

/** As the engine tells it. */
interface Offer {
  readonly title?: string
  readonly lead?: string
  readonly send?: string
  readonly thanks?: string
  readonly entity: string
  readonly model: UiModel
}

type Stage = 'loading' | 'missing' | 'failed' | 'open' | 'sent'

/** `<open-form .client .address>`: the page at `/forms/<address>`. */
@customElement('open-form')
export class OpenForm extends LightElement {
  static override properties = { client: { attribute: false }, address: {}, stage: { state: true }, offer: { state: true }, form: { state: true }, sending: { state: true }, problem: { state: true } }
  declare client: Client | undefined
  declare address: string
  declare stage: Stage
  declare offer: Offer | undefined
  declare form: FormState
  declare sending: boolean
  /** What keeps all of it from being taken, as a sentence. */
  declare problem: string
  /** The same for every attempt to send the same thing, so that a lost answer makes nothing twice. */
  #key = randomKey()

  constructor() {
    super()
    this.address = ''
    this.stage = 'loading'
    this.form = start({})
    this.sending = false
    this.problem = ''
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#stop = language.subscribe(() => void this.#load())
  }

  override disconnectedCallback(): void {
    this.#stop()
    super.disconnectedCallback()
  }

  override firstUpdated(): void {
    void this.#load()
  }

  override render(): TemplateResult {
    return html`
      <main class="open-page" aria-busy=${this.stage === 'loading' ? 'true' : 'false'}>
        <header><img src="/logo.svg" alt="" width="28" height="28" /><span>${this.offer?.model.title ?? ''}</span>${this.#languageChoice()}</header>
        <section class="open-card">${this.#content()}</section>
      </main>
    `
  }

  #stop: () => void = () => {}

  /** Texts follow the language; what was typed stays. */
  async #load(): Promise<void> {
    if (this.client === undefined) return
    try {
      const { body } = await this.client.api.get<Offer>(`/api/forms/${encodeURIComponent(this.address)}`, { query: { locale: language.value } })
      if (this.offer === undefined) this.form = start(defaultsOf(body.model.entities[body.entity]), keptDraft(this.address).read())
      this.offer = body
      document.title = body.title ?? body.model.title
      if (this.stage !== 'sent') this.stage = 'open'
    } catch (thrown) {
      // A form that is being filled in stays, in the language that it has.
      if (this.offer === undefined) this.stage = asProblem(thrown).status === 404 ? 'missing' : 'failed'
    }
  }

  #content(): TemplateResult {
    switch (this.stage) {
      case 'loading':
        return html`<p class="quiet" role="status">${t('loading')}</p>`
      case 'missing':
        return html`<h1>${t('open.missing')}</h1><p class="quiet">${t('open.missingText')}</p>`
      case 'failed':
        return html`<h1>${t('open.failed')}</h1><p class="quiet">${t('open.failedText')}</p><vaadin-button theme="primary" @click=${() => void this.#load()}>${t('retry')}</vaadin-button>`
      case 'sent':
        return html`<span class="open-done">${icon('check')}</span><h1 tabindex="-1">${t('open.thanks')}</h1><p>${this.offer?.thanks ?? t('open.thanksText')}</p><vaadin-button @click=${() => this.#again()}>${t('open.again')}</vaadin-button>`
      case 'open':
        return this.#form()
    }
  }

  #form(): TemplateResult {
    const entity = this.#entity()
    if (entity === undefined || this.offer === undefined) return html`${nothing}`
    return html`
      <h1>${this.offer.title ?? entity.title}</h1>
      ${this.offer.lead === undefined ? nothing : html`<p class="open-lead">${this.offer.lead}</p>`}
      <record-form .entity=${entity} .values=${this.form.values} .problems=${this.#problems(entity)} .mode=${'create'} .surroundings=${this.#surroundings(this.offer.model)}
        @edit=${(event: CustomEvent<EditDetail>) => this.#edit(event.detail)} @touch=${(event: CustomEvent<string>) => (this.form = touch(this.form, event.detail))}
        @unread=${({ detail }: CustomEvent<UnreadDetail>) => (this.form = unread(this.form, detail))}></record-form>
      <div class="open-trap" aria-hidden="true"><label>Website<input name="website" tabindex="-1" autocomplete="off" /></label></div>
      <div class="form-error" role="alert">${this.problem === '' ? nothing : html`${icon('warning')}<span>${this.problem}</span>`}</div>
      <vaadin-button class="open-send" theme="primary" ?disabled=${this.sending} @click=${() => void this.#send(entity)}>${this.sending ? t('open.sending') : (this.offer.send ?? t('open.send'))}</vaadin-button>
    `
  }

  #languageChoice(): TemplateResult {
    return html`<nav aria-label=${t('shell.language')}>${[...languages].map((tag) => html`<button type="button" class="plain" lang=${tag} aria-pressed=${tag === language.value ? 'true' : 'false'} @click=${() => void chooseLanguage(tag)}>${languageTitle(tag)}</button>`)}</nav>`
  }

  #entity(): UiEntity | undefined {
    return this.offer?.model.entities[this.offer.entity]
  }

  #surroundings(model: UiModel): Surroundings {
    if (this.client === undefined) throw new Error('the page has no client')
    return { timeZone: '', viewOf, lookup: lookupFor(this.client, model, () => ''), ofOneself: true }
  }

  #edit({ key, value }: EditDetail): void {
    this.form = edit(this.form, key, value)
    this.problem = ''
    keptDraft(this.address).keep(this.form.values)
  }

  #checks(entity: UiEntity): Readonly<Record<string, string>> {
    const keys = entity.fields.map(({ key }) => key)
    return check(entity, this.form.values, keys, entity.fields.filter(({ required }) => required).map(({ key }) => key))
  }

  #problems(entity: UiEntity): Readonly<Record<string, string>> {
    return shownProblems(this.form, this.#checks(entity))
  }

  async #send(entity: UiEntity): Promise<void> {
    if (this.sending || this.client === undefined) return
    this.problem = ''
    this.form = touchAll(this.form, entity.fields.map(({ key }) => key))
    if (Object.keys(this.#checks(entity)).length > 0 || !isReadable(this.form)) return this.#showFirstProblem()
    this.sending = true
    const values = Object.fromEntries(Object.entries(this.form.values).filter(([, value]) => value !== null && value !== ''))
    const trap = this.querySelector<HTMLInputElement>('[name=website]')?.value ?? ''
    try {
      await this.client.api.post(`/api/forms/${encodeURIComponent(this.address)}`, { values, trap }, { idempotencyKey: this.#key })
      keptDraft(this.address).forget()
      this.stage = 'sent'
      await this.updateComplete
      this.querySelector<HTMLElement>('h1')?.focus()
    } catch (thrown) {
      await this.#refused(entity, thrown)
    } finally {
      this.sending = false
    }
  }

  async #refused(entity: UiEntity, thrown: unknown): Promise<void> {
    const problem = asProblem(thrown)
    // What comes after an answer is a new attempt; without one it may have been taken all the same.
    if (problem.status !== 0) this.#key = randomKey()
    this.form = refuse(this.form, Object.fromEntries(problem.problems.map((part) => [part.path, refusalOf(part, entity)])))
    const elsewhere = problem.problems.filter((part) => !entity.fields.some(({ key }) => part.path.startsWith(`/${key}`)))
    if (problem.problems.length > 0 && elsewhere.length === 0) return this.#showFirstProblem()
    if (problem.code === 'form.taken') this.problem = t('open.taken')
    else if (problem.status === 429) this.problem = t('open.wait', { seconds: problem.retryAfter ?? 60 })
    else if (problem.status === 0) this.problem = t('open.offline')
    else this.problem = elsewhere[0]?.message ?? describeProblem(problem)
  }

  async #showFirstProblem(): Promise<void> {
    await this.updateComplete
    await this.querySelector<RecordForm>('record-form')?.showFirstProblem()
  }

  #again(): void {
    this.#key = randomKey()
    this.form = start(defaultsOf(this.#entity()))
    this.stage = 'open'
  }
}

const defaultsOf = (entity: UiEntity | undefined): JsonObject => Object.fromEntries((entity?.fields ?? []).flatMap((field) => (field.default === undefined ? [] : [[field.key, field.default]])))

declare global {
  interface HTMLElementTagNameMap {
    'open-form': OpenForm
  }
}
