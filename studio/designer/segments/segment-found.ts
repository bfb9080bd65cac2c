/** How many records a condition finds, and on wish the first of them. Asks again when the condition changes. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { language, number, t } from '../../client/i18n.js'
import { displayKey, type RecordPage } from '../../client/records.js'
import { Watch } from '../../client/store.js'
import { nameOf } from '../../fields/name-of.js'
import { recordPath } from '../../shell/routes.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { describeProblem } from '../../ui/toast.js'

/** `<segment-found .client .entity .condition .samples>` */
@customElement('segment-found')
export class SegmentFound extends LightElement {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, condition: { attribute: false }, samples: { type: Number }, page: { state: true }, failure: { state: true } }
  declare client: Client | undefined
  declare entity: UiEntity | undefined
  declare condition: JsonObject
  /** How many records are shown beside their number; 0: none. */
  declare samples: number
  declare page: RecordPage | null
  declare failure: string
  #asked = ''
  #request: AbortController | null = null

  constructor() {
    super()
    this.condition = {}
    this.samples = 0
    this.page = null
    this.failure = ''
    new Watch(this, language)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#request?.abort()
  }

  override willUpdate(): void {
    const { client, entity, condition } = this
    const question = `${entity?.name ?? ''} ${JSON.stringify(condition)}`
    if (client === undefined || entity === undefined || question === this.#asked) return
    this.#asked = question
    void this.#ask(client, entity, condition)
  }

  async #ask({ records }: Client, entity: UiEntity, filter: JsonObject): Promise<void> {
    this.#request?.abort()
    const request = new AbortController()
    this.#request = request
    try {
      this.page = await records.list(entity.name, { fields: displayKey(entity), limit: Math.max(1, this.samples), count: true, ...(Object.keys(filter).length === 0 ? {} : { filter }) }, request.signal)
      this.failure = ''
    } catch (thrown) {
      if (!request.signal.aborted) this.failure = describeProblem(thrown)
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { entity, page } = this
    if (entity === undefined) return nothing
    if (this.failure !== '') return html`<p class="quiet" role="status">${icon('warning')} ${this.failure}</p>`
    if (page === null) return html`<span class="quiet" role="status" aria-busy="true">${t('filters.counting')}</span>`
    const { count = 0, capped = false } = page
    if (this.samples === 0) return html`<span class="badge" data-color="blue">${capped ? `${number(count)}+` : number(count)}</span>`
    return html`
      <p class="segment-count" role="status"><strong>${t(capped ? 'filters.foundCapped' : 'filters.found', { count })}</strong></p>
      <ul class="segment-samples">${page.records.map((record) => html`<li><a href=${recordPath(entity.name, record.id)}>${nameOf(entity, record)}</a></li>`)}</ul>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'segment-found': SegmentFound
  }
}
