/** What connects the system with others: who is told of changes, and what both sides know. */
import '../area.css'
import './connections.css'
import './secret-value-dialog.js'
import './webhook-dialog.js'
import '../people/secret-dialog.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { ago, language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { ask } from '../../ui/dialogs.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { describeProblem, toast, toastProblem } from '../../ui/toast.js'
import type { Desk } from '../desk.js'
import { listSecrets, listWebhooks, removeSecret, webhookAddress, type KnownSecret, type Webhook } from './connections.js'
import { eventWords } from './event-words.js'

/** `<connections-page .desk>` */
@customElement('connections-page')
export class ConnectionsPage extends LightElement {
  static override properties = { desk: { attribute: false }, webhooks: { state: true }, secrets: { state: true }, failure: { state: true } }
  declare desk: Desk | undefined
  /** Null until the first answer. */
  declare webhooks: readonly Webhook[] | null
  declare secrets: readonly KnownSecret[]
  declare failure: string

  constructor() {
    super()
    this.webhooks = null
    this.secrets = []
    this.failure = ''
    new Watch(this, language)
  }

  override firstUpdated(): void {
    void this.#load()
  }

  async #load(): Promise<void> {
    const api = this.desk?.client.api
    if (api === undefined) return
    try {
      ;[this.webhooks, this.secrets] = await Promise.all([listWebhooks(api), listSecrets(api)])
      this.failure = ''
    } catch (thrown) {
      this.failure = describeProblem(thrown)
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { desk } = this
    if (desk === undefined) return nothing
    return html`
      <header class="studio-head">
        <div><h1>${t('connections.title')}</h1><p class="quiet">${t('connections.lead')}</p></div>
        <span class="grow"></span>
        <vaadin-button theme="primary" class="add" aria-label=${t('connections.newWebhook')} @click=${() => void this.#add(desk)}>${icon('plus', 'prefix')}<span class="wide">${t('connections.newWebhook')}</span></vaadin-button>
      </header>
      <div class="area-body">${this.#body(desk)}</div>
    `
  }

  #body(desk: Desk): TemplateResult {
    if (this.failure !== '') return emptyState({ icon: 'warning', title: t('problem.unknown'), text: this.failure, action: html`<button type="button" class="plain accent" @click=${() => void this.#load()}>${icon('refresh')}${t('retry')}</button>` })
    if (this.webhooks === null) return html`<p class="quiet page-center" aria-busy="true">${t('loading')}</p>`
    return html`
      <section class="area-part" aria-labelledby="webhooks-title">
        <h2 id="webhooks-title">${t('connections.webhooks')}</h2>
        ${this.webhooks.length === 0 ? html`<p class="quiet">${t('connections.noWebhooks')}</p>` : html`<ul class="area-list">${this.webhooks.map((webhook) => this.#webhook(desk, webhook))}</ul>`}
      </section>
      <section class="area-part" aria-labelledby="secrets-title">
        <div class="area-head"><h2 id="secrets-title">${t('connections.secrets')}</h2><vaadin-button theme="small" @click=${() => void this.#setSecret(desk, '')}>${icon('plus', 'prefix')}${t('connections.newSecret')}</vaadin-button></div>
        <p class="quiet">${t('connections.secretsLead')}</p>
        ${this.secrets.length === 0 ? nothing : html`<ul class="area-list">${this.secrets.map((secret) => this.#secret(desk, secret))}</ul>`}
      </section>
    `
  }

  #webhook({ model }: Desk, { id, name, url, events, state, failingSince, deliveries = {} }: Webhook): TemplateResult {
    const { waiting = 0, dead = 0 } = deliveries
    return html`<li><a class="area-row" href=${webhookAddress(id)}>
      <span class="tile">${icon('link')}</span>
      <span class="area-main"><strong>${name}</strong><small>${url}</small><small>${events.map((event) => eventWords(event, model)).join(', ')}</small></span>
      <span class="area-marks">
        ${state === 'paused' ? html`<span class="badge" data-color="amber">${t('connections.paused')}</span>` : failingSince === null ? nothing : html`<span class="badge" data-color="red">${t('connections.failing')}</span>`}
        ${waiting === 0 ? nothing : html`<span class="badge" data-color="blue">${t('connections.waitingCount', { count: waiting })}</span>`}
        ${dead === 0 ? nothing : html`<span class="badge" data-color="red">${t('connections.deadCount', { count: dead })}</span>`}
      </span></a></li>`
  }

  #secret(desk: Desk, { name, source, changedAt, readable, hidden }: KnownSecret): TemplateResult {
    return html`<li><div class="area-row">
      <span class="tile">${icon('key')}</span>
      <span class="area-main"><strong class="mono">${name}</strong><small>${source === 'environment' ? t('connections.ofOperator') : t('connections.setAt', { when: changedAt === null ? '' : ago(changedAt) })}</small></span>
      <span class="area-marks">
        ${readable ? nothing : html`<span class="badge" data-color="red" title=${t('connections.unreadableHelp')}>${t('connections.unreadable')}</span>`}
        ${hidden ? html`<span class="badge" data-color="amber">${t('connections.hidden')}</span>` : nothing}
        ${source === 'environment' ? nothing : html`
          <button type="button" class="plain icon-only" aria-label=${t('connections.anotherValue', { name })} @click=${() => void this.#setSecret(desk, name)}>${icon('pencil')}</button>
          <button type="button" class="plain icon-only" aria-label=${t('connections.removeSecret', { name })} @click=${() => void this.#removeSecret(desk, name)}>${icon('trash')}</button>`}
      </span></div></li>`
  }

  async #add(desk: Desk): Promise<void> {
    const dialog = document.createElement('webhook-dialog')
    Object.assign(dialog, { desk })
    const made = await dialog.open()
    if (made === null) return
    const shown = document.createElement('secret-dialog')
    Object.assign(shown, { secret: { kind: 'webhook', value: made.secret ?? '' }, who: made.name })
    await shown.open()
    await router.go(webhookAddress(made.id))
  }

  async #setSecret({ client: { api } }: Desk, known: string): Promise<void> {
    const dialog = document.createElement('secret-value-dialog')
    Object.assign(dialog, { api, known })
    if ((await dialog.open()) === null) return
    toast(t('connections.secretSet'))
    await this.#load()
  }

  async #removeSecret({ client: { api } }: Desk, name: string): Promise<void> {
    if (!(await ask({ title: t('connections.removeSecret', { name }), text: t('connections.removeSecretText'), yes: t('connections.remove'), no: t('cancel'), danger: true }))) return
    await removeSecret(api, name).catch(toastProblem)
    await this.#load()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'connections-page': ConnectionsPage
  }
}
