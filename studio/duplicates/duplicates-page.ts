/** All pairs of an entity that may be the same, searched piece by piece while the person works on those that were found. */
import './duplicates.css'
import './merges-list.js'
import '@vaadin/progress-bar'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { distinct, pairs, type AlikePair } from '../client/duplicates.js'
import { language, number, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import type { Surroundings } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'
import { lookupFor } from '../fields/lookup.js'
import type { UiModel } from '../../metadata/contract/ui-model.js'
import { emptyState } from '../shell/pages.js'
import { listPath, mergePath, recordPath } from '../shell/routes.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem, toast, toastProblem } from '../ui/toast.js'
import { fieldNames } from './words.js'

/** Pairs that are shown before the person asks for more. */
const enough = 50

/** `<duplicates-page .client .model .entity>` */
@customElement('duplicates-page')
export class DuplicatesPage extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, found: { state: true }, state: { state: true }, scanned: { state: true }, failed: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare found: readonly AlikePair[]
  declare state: 'searching' | 'paused' | 'done'
  declare scanned: number
  declare failed: string
  #next: string | null = null
  readonly #request = new AbortController()

  constructor() {
    super()
    this.found = []
    this.state = 'searching'
    this.scanned = 0
    this.failed = ''
    new Watch(this, language)
  }

  override firstUpdated(): void {
    void this.#search()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#request.abort()
  }

  async #search(): Promise<void> {
    const { client, entity } = this
    if (client === undefined || entity === undefined) return
    this.state = 'searching'
    this.failed = ''
    const until = this.found.length + enough
    try {
      do {
        const page = await pairs(client.api, entity.name, this.#next, this.#request.signal)
        this.found = [...this.found, ...page.pairs]
        this.scanned += page.scanned
        this.#next = page.next
      } while (this.#next !== null && this.found.length < until)
      this.state = this.#next === null ? 'done' : 'paused'
    } catch (thrown) {
      if (this.#request.signal.aborted) return
      this.failed = describeProblem(thrown)
      this.state = 'paused'
    }
  }

  /** Records are there again that may be the same as others. */
  #again(): void {
    this.found = []
    this.scanned = 0
    this.#next = null
    void this.#search()
  }

  async #apart(pair: AlikePair): Promise<void> {
    const { client, entity } = this
    if (client === undefined || entity === undefined) return
    try {
      await distinct(client.api, entity.name, [pair.a.id, pair.b.id])
      this.found = this.found.filter((one) => one !== pair)
      toast(t('duplicates.distinctDone'))
    } catch (thrown) {
      toastProblem(thrown)
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { entity } = this
    if (entity === undefined) return nothing
    return html`
      <div class="page-narrow duplicates-page">
        <p><a class="plain" href=${listPath(entity.name)}>${icon('arrowLeft')}${entity.plural}</a></p>
        <h1>${t('duplicates.title', { entity: entity.plural })}</h1>
        <p class="quiet" role="status">${this.state === 'done' ? t('duplicates.done', { count: this.found.length }) : t('duplicates.searched', { count: number(this.scanned) })}</p>
        ${this.state === 'searching' ? html`<vaadin-progress-bar indeterminate aria-label=${t('loading')}></vaadin-progress-bar>` : nothing}
        ${this.state === 'done' && this.found.length === 0 ? emptyState({ icon: 'check', title: t('duplicates.none'), text: t('duplicates.noneText') }) : nothing}
        <ul class="duplicate-pairs">${this.found.map((pair) => this.#pair(entity, pair))}</ul>
        ${this.failed === '' ? nothing : html`<p role="alert">${this.failed}</p>`}
        ${this.state === 'paused' ? html`<button type="button" class="button" @click=${() => void this.#search()}>${t('duplicates.more')}</button>` : nothing}
        <merges-list .client=${this.client} .entity=${entity} @undone=${() => this.#again()}></merges-list>
      </div>
    `
  }

  #pair(entity: UiEntity, pair: AlikePair): TemplateResult {
    return html`
      <li class="duplicate-pair">
        <div class="duplicate-sides">${[pair.a, pair.b].map((side) => html`
          <div><a href=${recordPath(entity.name, side.id)}>${side.title}</a>${this.#facts(entity, side.values)}</div>`)}</div>
        <div class="duplicate-actions">
          <span class="quiet">${t('duplicates.same', { fields: fieldNames(entity, pair.fields) })}</span><span class="grow"></span>
          ${entity.may.update ? html`<button type="button" class="plain" @click=${() => void this.#apart(pair)}>${t('duplicates.distinct')}</button>` : nothing}
          ${entity.may.update && entity.may.archive ? html`<a class="button" href=${mergePath(entity.name, [pair.a.id, pair.b.id])}>${t('duplicates.merge')}</a>` : nothing}
        </div>
      </li>
    `
  }

  #facts(entity: UiEntity, values: JsonObject): TemplateResult {
    const shown = entity.fields.filter((field) => field.key !== entity.display && (values[field.key] ?? null) !== null)
    return html`<small class="quiet">${shown.map((field, index) => html`${index > 0 ? ' · ' : ''}${viewOf(field.type).cell(values[field.key] ?? '', { ...this.#surroundings, field })}`)}</small>`
  }

  get #surroundings(): Surroundings {
    const { client, model } = this
    if (client === undefined || model === undefined) throw new Error('shown without a client')
    return { timeZone: client.session.user?.timeZone ?? '', viewOf, lookup: lookupFor(client, model, recordPath) }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'duplicates-page': DuplicatesPage
  }
}
