/** One webhook: how it stands, what it is told of, and its messages. */
import '../area.css'
import './connections.css'
import './webhook-dialog.js'
import '../people/secret-dialog.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { ago, language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { recordPath } from '../../shell/routes.js'
import { ask } from '../../ui/dialogs.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { describeProblem, toast, toastProblem } from '../../ui/toast.js'
import { when } from '../../ui/when.js'
import type { Desk } from '../desk.js'
import { titleFrom } from '../draft/definitions.js'
import { changeWebhook, connectionsPath, listDeliveries, readWebhook, removeWebhook, renewSecret, sendAgain, testWebhook, type Delivery, type Webhook } from './connections.js'
import { eventWords, typeWords } from './event-words.js'

const states = ['', 'waiting', 'delivered', 'dead'] as const
const pollMs = 5_000

/** `<webhook-page .desk .webhookId>` */
@customElement('webhook-page')
export class WebhookPage extends LightElement {
  static override properties = { desk: { attribute: false }, webhookId: { type: Number }, webhook: { state: true }, deliveries: { state: true }, next: { state: true }, shown: { state: true }, failure: { state: true }, working: { state: true } }
  declare desk: Desk | undefined
  declare webhookId: number
  /** Null until the first answer. */
  declare webhook: Webhook | null
  declare deliveries: readonly Delivery[]
  declare next: string | null
  declare shown: string
  declare failure: string
  declare working: boolean
  #timer: number | undefined

  constructor() {
    super()
    this.webhookId = 0
    this.webhook = null
    this.deliveries = []
    this.next = null
    this.shown = ''
    this.failure = ''
    this.working = false
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    // While only the first page is shown it is kept fresh.
    this.#timer = window.setInterval(() => document.hidden || this.deliveries.length > 50 || void this.#load(), pollMs)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearInterval(this.#timer)
  }

  override firstUpdated(): void {
    void this.#load()
  }

  async #load(cursor?: string): Promise<void> {
    const api = this.desk?.client.api
    if (api === undefined) return
    const { shown } = this
    try {
      const [webhook, page] = await Promise.all([readWebhook(api, this.webhookId), listDeliveries(api, this.webhookId, { state: shown, ...(cursor === undefined ? {} : { cursor }) })])
      if (shown !== this.shown) return
      this.webhook = webhook
      this.deliveries = cursor === undefined ? page.deliveries : [...this.deliveries, ...page.deliveries]
      this.next = page.next
      this.failure = ''
    } catch (thrown) {
      if (this.webhook === null) this.failure = describeProblem(thrown)
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { desk, webhook } = this
    if (desk === undefined) return nothing
    return html`
      <header class="studio-head">
        <a class="plain icon-only" href=${connectionsPath} aria-label=${t('connections.toAll')}>${icon('arrowLeft')}</a>
        <div><h1>${webhook?.name ?? t('connections.webhook')}</h1><p class="quiet mono">${webhook?.url ?? ''}</p></div>
      </header>
      <div class="area-body">
        ${this.failure !== '' ? emptyState({ icon: 'warning', title: t('problem.unknown'), text: this.failure, action: html`<button type="button" class="plain accent" @click=${() => void this.#load()}>${icon('refresh')}${t('retry')}</button>` }) : nothing}
        ${webhook === null ? (this.failure === '' ? html`<p class="quiet page-center" aria-busy="true">${t('loading')}</p>` : nothing) : html`${this.#facts(desk, webhook)}${this.#messages(desk)}`}
      </div>
    `
  }

  #facts(desk: Desk, webhook: Webhook): TemplateResult {
    const { api } = desk.client
    const paused = webhook.state === 'paused'
    const button = (label: string, sign: Parameters<typeof icon>[0], act: () => unknown, theme = 'small'): TemplateResult => html`<vaadin-button theme=${theme} ?disabled=${this.working} @click=${act}>${icon(sign, 'prefix')}${label}</vaadin-button>`
    return html`
      ${paused ? html`<p class="note warn">${icon('warning')}<span>${t(`connections.reason.${webhook.reason ?? 'person'}`)}</span></p>` : webhook.failingSince === null ? nothing : html`<p class="note warn">${icon('warning')}<span>${t('connections.failingSince', { when: ago(webhook.failingSince) })}</span></p>`}
      <ul class="connection-events">${webhook.events.map((event) => html`<li class="badge">${eventWords(event, desk.model)}</li>`)}</ul>
      <div class="connection-buttons">
        ${button(t('connections.test'), 'mail', () => void this.#test(desk))}
        ${button(t('connections.edit'), 'pencil', () => void this.#edit(desk, webhook))}
        ${button(t(paused ? 'connections.resume' : 'connections.pause'), paused ? 'check' : 'clock', () => void this.#doing(() => changeWebhook(api, webhook.id, { state: paused ? 'active' : 'paused' })))}
        ${button(t('connections.renew'), 'key', () => void this.#renew(desk, webhook))}
        ${button(t('connections.remove'), 'trash', () => void this.#remove(desk, webhook), 'small error')}
      </div>
    `
  }

  #messages(desk: Desk): TemplateResult {
    const { api } = desk.client
    const dead = this.deliveries.some(({ state }) => state === 'dead')
    return html`
      <section class="area-part" aria-labelledby="messages-title">
        <div class="area-head"><h2 id="messages-title">${t('connections.messages')}</h2>
          <select class="plain-select" aria-label=${t('process.state')} @change=${(event: Event) => this.#show((event.target as HTMLSelectElement).value)}>${states.map((state) => html`<option value=${state} ?selected=${state === this.shown}>${t(state === '' ? 'connections.everyState' : `connections.state.${state}`)}</option>`)}</select>
          ${dead ? html`<vaadin-button theme="small" ?disabled=${this.working} @click=${() => void this.#doing(() => sendAgain(api, this.webhookId, null))}>${icon('refresh', 'prefix')}${t('connections.allAgain')}</vaadin-button>` : nothing}
        </div>
        ${this.deliveries.length === 0 ? html`<p class="quiet">${t('connections.noMessages')}</p>` : html`<ul class="area-list">${this.deliveries.map((delivery) => this.#message(desk, delivery))}</ul>`}
        ${this.next === null ? nothing : html`<button type="button" class="plain accent" @click=${() => void this.#load(this.next ?? '')}>${t('people.more')}</button>`}
      </section>
    `
  }

  #message({ model, surroundings, client: { api } }: Desk, { id, type, record, state, attempts, status, error, createdAt, dueAt }: Delivery): TemplateResult {
    const detail = [attempts > 1 ? t('connections.attempts', { count: attempts }) : '', status === null ? '' : t('connections.answered', { status }), status === null && error !== null ? error : '', dueAt !== null && attempts > 0 ? t('connections.nextAt', { when: ago(dueAt) }) : ''].filter((part) => part !== '').join(' · ')
    return html`<li><div class="area-row message">
      <span class="badge" data-color=${state === 'delivered' ? 'green' : state === 'dead' ? 'red' : 'blue'}>${t(`connections.state.${state}`)}</span>
      <span class="area-main"><strong>${typeWords(type, model)}</strong>${detail === '' ? nothing : html`<small>${detail}</small>`}</span>
      <span class="area-marks">
        ${record === null ? nothing : html`<a class="quiet" href=${recordPath(record.entity, record.id)}>${model.entities[record.entity]?.title ?? titleFrom(record.entity)} ${record.id}</a>`}
        <span class="quiet">${when(createdAt, surroundings.timeZone)}</span>
        ${state === 'dead' && type !== 'webhook.test' ? html`<vaadin-button theme="small" ?disabled=${this.working} @click=${() => void this.#doing(() => sendAgain(api, this.webhookId, id))}>${t('connections.again')}</vaadin-button>` : nothing}
      </span></div></li>`
  }

  #show(state: string): void {
    this.shown = state
    this.deliveries = []
    void this.#load()
  }

  async #doing(work: () => Promise<unknown>): Promise<void> {
    this.working = true
    await work().catch(toastProblem)
    this.working = false
    await this.#load()
  }

  #test({ client: { api } }: Desk): Promise<void> {
    return this.#doing(async () => {
      const { state, error } = await testWebhook(api, this.webhookId)
      toast(state === 'delivered' ? t('connections.testArrived') : t('connections.testFailed', { why: error ?? '' }))
    })
  }

  async #edit(desk: Desk, webhook: Webhook): Promise<void> {
    const dialog = document.createElement('webhook-dialog')
    const { name, url, owner, events } = webhook
    Object.assign(dialog, { desk, webhook, wanted: { name, url, owner, events } })
    if ((await dialog.open()) !== null) await this.#load()
  }

  async #renew({ client: { api } }: Desk, { id, name }: Webhook): Promise<void> {
    if (!(await ask({ title: t('connections.renew'), text: t('connections.renewText'), yes: t('connections.renew'), no: t('cancel') }))) return
    await this.#doing(async () => {
      const shown = document.createElement('secret-dialog')
      Object.assign(shown, { secret: { kind: 'webhook', value: await renewSecret(api, id) }, who: name })
      await shown.open()
    })
  }

  async #remove({ client: { api } }: Desk, { id, name }: Webhook): Promise<void> {
    if (!(await ask({ title: t('connections.removeTitle', { name }), text: t('connections.removeText'), yes: t('connections.remove'), no: t('cancel'), danger: true }))) return
    try {
      await removeWebhook(api, id)
      await router.go(connectionsPath)
    } catch (thrown) {
      toastProblem(thrown)
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'webhook-page': WebhookPage
  }
}
