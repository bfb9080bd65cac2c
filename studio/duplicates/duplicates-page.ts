/** Pairs of an entity that may be the same, the most alike first. While the engine still looks for more, the list is read again now and then. */
import './duplicates.css'
import './merges-list.js'
import '@vaadin/progress-bar'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { distinct, pairs, type AlikePair, type Pairs } from '../client/duplicates.js'
import { instant, language, number, t } from '../client/i18n.js'
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

/** Pairs that a further piece of the list has at least. */
const enough = 50
/** How often the list is read while the engine looks for more. */
const lookMilliseconds = 4_000

/** `<duplicates-page .client .model .entity>` */
@customElement('duplicates-page')
export class DuplicatesPage extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, found: { state: true }, state: { state: true }, told: { state: true }, failed: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare found: readonly AlikePair[]
  declare state: 'reading' | 'more' | 'end'
  /** How current the list is; undefined before the first answer. */
  declare told: Pick<Pairs, 'asOf' | 'searched'> | undefined
  declare failed: string
  #next: string | null = null
  /** The person reads on behind the first piece: it must not change above them. */
  #further = false
  #again: ReturnType<typeof setTimeout> | undefined
  readonly #request = new AbortController()

  constructor() {
    super()
    this.found = []
    this.state = 'reading'
    this.failed = ''
    new Watch(this, language)
  }

  override firstUpdated(): void {
    void this.#begin()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#again)
    this.#request.abort()
  }

  /** The list from its beginning. */
  async #begin(): Promise<void> {
    clearTimeout(this.#again)
    this.#further = false
    await this.#read(null)
    if (!this.#request.signal.aborted && this.told !== undefined && !isCurrent(this.told)) this.#again = setTimeout(() => this.#further || void this.#begin(), lookMilliseconds)
  }

  async #read(from: string | null): Promise<void> {
    const { client, entity } = this
    if (client === undefined || entity === undefined) return
    if (from !== null || this.told === undefined) this.state = 'reading'
    this.failed = ''
    try {
      let pieces: readonly AlikePair[] = []
      let next = from
      do {
        const page = await pairs(client.api, entity.name, next, this.#request.signal)
        pieces = [...pieces, ...page.pairs]
        next = page.next
        this.told = page
      } while (next !== null && pieces.length < enough)
      this.found = from === null ? pieces : [...this.found, ...pieces]
      this.#next = next
    } catch (thrown) {
      if (this.#request.signal.aborted) return
      this.failed = describeProblem(thrown)
    }
    this.state = this.#next === null && this.failed === '' ? 'end' : 'more'
  }

  #more(): void {
    this.#further = true
    void this.#read(this.#next)
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
        <p class="quiet" role="status">${this.#standing()}</p>
        ${this.state === 'reading' || (this.told !== undefined && !isCurrent(this.told)) ? html`<vaadin-progress-bar indeterminate aria-label=${t('loading')}></vaadin-progress-bar>` : nothing}
        ${this.state === 'end' && this.found.length === 0 && this.told !== undefined && isCurrent(this.told) ? emptyState({ icon: 'check', title: t('duplicates.none'), text: t('duplicates.noneText') }) : nothing}
        <ul class="duplicate-pairs">${this.found.map((pair) => this.#pair(entity, pair))}</ul>
        ${this.failed === '' ? nothing : html`<p role="alert">${this.failed}</p>`}
        ${this.state === 'more' ? html`<button type="button" class="button" @click=${() => this.#more()}>${t('duplicates.more')}</button>` : nothing}
        <merges-list .client=${this.client} .entity=${entity} @undone=${() => void this.#begin()}></merges-list>
      </div>
    `
  }

  #standing(): string {
    if (this.told === undefined) return ''
    const { asOf, searched } = this.told
    const current = searched !== null ? t('duplicates.searching', { count: number(searched) }) : asOf === null ? t('duplicates.behind') : t('duplicates.asOf', { time: instant(asOf, this.client?.session.user?.timeZone ?? '') })
    return this.state === 'end' ? `${t('duplicates.done', { count: number(this.found.length) })} ${current}` : current
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

const isCurrent = ({ asOf, searched }: Pick<Pairs, 'asOf' | 'searched'>): boolean => asOf !== null && searched === null

declare global {
  interface HTMLElementTagNameMap {
    'duplicates-page': DuplicatesPage
  }
}
