/** What real records have in a field, read with the rights of whoever looks: a few different values, and how many have none. A fold that asks when it is opened. */
import './sample-values.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../../metadata/contract/json.js'
import type { UiField, UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { language, number, t } from '../../client/i18n.js'
import { fieldOf } from '../../client/model.js'
import type { RecordPage } from '../../client/records.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { describeProblem } from '../../ui/toast.js'
import type { EntityDefinition, FieldDefinition } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import { differentValues, publishedPlace } from './samples.js'

/** How many records are looked at, and how many of their values are shown. */
const looked = 100
const shownMost = 6

type Found =
  | { readonly state: 'asking' }
  | { readonly state: 'found'; readonly values: readonly Json[]; readonly filled: string; readonly empty: string }
  | { readonly state: 'failed'; readonly message: string }

/** `<sample-values .client .live .design .entity .field .surroundings>` */
@customElement('sample-values')
export class SampleValues extends LightElement {
  static override properties = { client: { attribute: false }, live: { attribute: false }, design: { attribute: false }, entity: { attribute: false }, field: { attribute: false }, surroundings: { attribute: false }, found: { state: true } }
  declare client: Client | undefined
  /** The screens' model as it is in force: only of that are there records. */
  declare live: UiModel | undefined
  declare design: Design | undefined
  declare entity: EntityDefinition | undefined
  declare field: FieldDefinition | undefined
  declare surroundings: Surroundings
  declare found: Found
  #open = false
  #asked = ''
  #request: AbortController | null = null

  constructor() {
    super()
    this.found = { state: 'asking' }
    new Watch(this, language)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#request?.abort()
    this.#asked = ''
  }

  override willUpdate(): void {
    if (this.#open) this.#look()
  }

  /** The field as it is published; null: no records have it yet; undefined: this person may not read it. */
  #published(): { readonly entity: string; readonly field: UiField } | null | undefined {
    const { design, entity, field, live } = this
    const place = design === undefined || entity === undefined || field === undefined ? null : publishedPlace(design.published.documents, entity, field)
    if (place === null) return null
    const known = live?.entities[place.entity]
    const shown = known === undefined ? undefined : fieldOf(known, place.key)
    return shown === undefined ? undefined : { entity: place.entity, field: shown }
  }

  #look(): void {
    const place = this.#published()
    const question = place === null || place === undefined ? '' : `${place.entity}.${place.field.key} ${String(this.design?.published.version)}`
    if (this.client === undefined || place === null || place === undefined || question === this.#asked) return
    this.#asked = question
    this.found = { state: 'asking' }
    void this.#ask(this.client, place.entity, place.field.key)
  }

  async #ask({ records }: Client, entity: string, key: string): Promise<void> {
    this.#request?.abort()
    const request = new AbortController()
    this.#request = request
    try {
      const [page, empty] = await Promise.all([
        records.list(entity, { fields: key, filter: { [key]: { $ne: null } }, limit: looked, count: true }, request.signal),
        records.list(entity, { fields: 'id', filter: { [key]: null }, limit: 1, count: true }, request.signal),
      ])
      this.found = { state: 'found', values: differentValues(page.records.map((record) => record[key] ?? null), shownMost), filled: counted(page), empty: counted(empty) }
    } catch (thrown) {
      if (!request.signal.aborted) this.found = { state: 'failed', message: describeProblem(thrown) }
    }
  }

  #toggled(event: Event): void {
    this.#open = (event.target as HTMLDetailsElement).open
    if (this.#open) this.#look()
  }

  override render(): TemplateResult | typeof nothing {
    if (this.design === undefined || this.field === undefined) return nothing
    const place = this.#published()
    return html`
      <details class="more-options samples" @toggle=${(event: Event) => this.#toggled(event)}><summary>${t('samples.title')}</summary>
        <div class="panel-fields" role="status">${place === null ? html`<p class="quiet">${t('samples.new')}</p>` : place === undefined || place.field.masked ? html`<p class="quiet">${icon('eyeOff')}${t('samples.refused')}</p>` : this.#answer(place.field)}</div>
      </details>`
  }

  #answer(field: UiField): TemplateResult {
    const { found } = this
    if (found.state === 'asking') return html`<p class="quiet" aria-busy="true">${t('loading')}</p>`
    if (found.state === 'failed') return html`<p class="quiet">${icon('warning')}${found.message}</p>`
    const view = viewOf(field.type)
    return html`
      ${found.values.length === 0 ? html`<p class="quiet">${t('samples.none')}</p>` : html`<ul>${found.values.map((value) => html`<li>${view.cell(value, { ...this.surroundings, field })}</li>`)}</ul>`}
      <p class="quiet">${t('samples.counts', { filled: found.filled, empty: found.empty })}</p>
      ${field.sensitive === true ? html`<p class="quiet">${t('samples.sensitive')}</p>` : nothing}`
  }
}

const counted = ({ count = 0, capped = false }: RecordPage): string => (capped ? `${number(count)}+` : number(count))

declare global {
  interface HTMLElementTagNameMap {
    'sample-values': SampleValues
  }
}
