/** A webhook: where it leads, for whom it acts, and what it is told of. */
import '../../lists/filter/filter-bar.js'
import './connections.css'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import { Attempt } from '../../ui/attempt.js'
import { Modal } from '../../ui/modal.js'
import type { Desk } from '../desk.js'
import { listOf } from '../draft/definitions.js'
import { choiceField, entry, shownField } from '../entry.js'
import { changeWebhook, makeWebhook, type WantedEvent, type WantedWebhook, type Webhook } from './connections.js'
import { eventVerbs, partsOf } from './event-words.js'

/** `<webhook-dialog .desk .webhook .owner>`; without a webhook a new one, whose secret comes with it. */
@customElement('webhook-dialog')
export class WebhookDialog extends Modal<Webhook & { readonly secret?: string }> {
  static override properties = { desk: { attribute: false }, webhook: { attribute: false }, wanted: { state: true } }
  declare desk: Desk
  declare webhook: Webhook | null
  declare wanted: WantedWebhook
  readonly #attempt = new Attempt(this)

  constructor() {
    super()
    this.webhook = null
    this.wanted = { name: '', url: '', owner: 0, events: [] }
  }

  protected override get label(): string {
    return this.webhook === null ? t('connections.newWebhook') : t('connections.editWebhook')
  }

  protected override get mayClose(): boolean {
    return !this.#attempt.busy
  }

  protected override get kind(): string {
    return 'wide webhook-dialog'
  }

  protected override content(): TemplateResult {
    const { wanted, desk: { surroundings } } = this
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body panel-fields">
        ${this.#attempt.notice}
        ${entry(surroundings, { field: shownField('webhook-name', t('connections.name'), 'text', { maxLength: 120 }, true), value: wanted.name, autofocus: true, change: (value) => this.#set({ name: typeof value === 'string' ? value : '' }) })}
        ${entry(surroundings, { field: shownField('webhook-url', t('connections.url'), 'url', {}, true), value: wanted.url, help: t('connections.urlHelp'), change: (value) => this.#set({ url: typeof value === 'string' ? value : '' }) })}
        ${entry(surroundings, { field: shownField('webhook-owner', t('connections.owner'), 'reference', { to: 'user' }), value: wanted.owner === 0 ? null : wanted.owner, help: t('connections.ownerHelp'), change: (value) => this.#set({ owner: typeof value === 'number' ? value : 0 }) })}
        ${wanted.events.map((event, index) => this.#event(event, index))}
        <vaadin-button theme="small" @click=${() => this.#set({ events: [...wanted.events, this.#newEvent()] })}>${icon('plus', 'prefix')}${t('connections.addEvent')}</vaadin-button>
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" ?disabled=${this.#attempt.busy} @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${this.#attempt.busy} @click=${() => void this.#save()}>${t(this.webhook === null ? 'connections.make' : 'save')}</vaadin-button>
      </footer>
    `
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.wanted.events.length === 0) this.#set({ events: [this.#newEvent()] })
  }

  get #entities(): readonly (readonly [string, string])[] {
    return Object.entries(this.desk.model.entities).map(([name, { title }]): [string, string] => [name, title]).toSorted((a, b) => a[1].localeCompare(b[1]))
  }

  #newEvent(): WantedEvent {
    const [first] = this.#entities
    return { type: `crm.${first?.[0] ?? ''}.created` }
  }

  #set(changed: Partial<WantedWebhook>): void {
    if (JSON.stringify({ ...this.wanted, ...changed }) !== JSON.stringify(this.wanted)) this.wanted = { ...this.wanted, ...changed }
  }

  #setEvent(index: number, event: WantedEvent | null): void {
    this.#set({ events: this.wanted.events.flatMap((one, i) => (i !== index ? [one] : event === null ? [] : [event])) })
  }

  #event(event: WantedEvent, index: number): TemplateResult {
    const { model, surroundings } = this.desk
    const { entity, verb } = partsOf(event.type)
    const shown = model.entities[entity]
    const fields = listOf(event['fields']).filter((key) => typeof key === 'string')
    const { fields: _fields, ...unwatched } = event
    const { where: _where, ...unlimited } = event
    return html`<fieldset class="row-group webhook-event"><legend>${t('connections.eventNumber', { number: index + 1 })}</legend>
      <div class="webhook-event-head">
        ${entry(surroundings, { field: choiceField(`event-entity-${String(index)}`, t('process.whichRecords'), this.#entities, true), value: entity, change: (value) => typeof value === 'string' && value !== entity && this.#setEvent(index, { type: `crm.${value}.${verb}` }) })}
        ${entry(surroundings, { field: choiceField(`event-verb-${String(index)}`, t('process.whatHappens'), eventVerbs.map((one) => [one, t(`connections.verb.${one}`)]), true), value: verb, change: (value) => typeof value === 'string' && value !== verb && this.#setEvent(index, value === 'purged' ? { type: `crm.${entity}.purged` } : { ...unwatched, type: `crm.${entity}.${value}` }) })}
        ${this.wanted.events.length === 1 ? nothing : html`<button type="button" class="plain icon-only" aria-label=${t('connections.removeEvent', { number: index + 1 })} @click=${() => this.#setEvent(index, null)}>${icon('trash')}</button>`}
      </div>
      ${verb !== 'changed' || shown === undefined ? nothing : entry(surroundings, {
        field: { ...choiceField(`event-fields-${String(index)}`, t('process.watched'), shown.fields.filter(({ system }) => !system).map(({ key, title }) => [key, title])), type: 'multiSelect' }, value: fields, help: t('process.watchedHelp'),
        change: (value) => JSON.stringify(value ?? []) !== JSON.stringify(fields) && this.#setEvent(index, listOf(value).length === 0 ? unwatched : { ...event, fields: listOf(value) }),
      })}
      ${verb === 'purged' || shown === undefined ? nothing : html`<p class="quiet">${t('process.onlyIfRecord')}</p>
        <filter-bar buildable .model=${model} .entity=${{ ...shown, searchable: false }} .condition=${event['where']} .surroundings=${surroundings}
          @condition=${(changed: CustomEvent<JsonObject | undefined>) => this.#setEvent(index, changed.detail === undefined ? unlimited : { ...event, where: changed.detail })}></filter-bar>`}
    </fieldset>`
  }

  async #save(): Promise<void> {
    await this.#attempt.make(async () => {
      const { api } = this.desk.client
      const { owner, ...others } = this.wanted
      const wanted = owner === 0 ? others : this.wanted
      const saved = this.webhook === null ? await makeWebhook(api, wanted as WantedWebhook) : await changeWebhook(api, this.webhook.id, wanted)
      return saved
    }, (made) => this.close(made))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'webhook-dialog': WebhookDialog
  }
}
