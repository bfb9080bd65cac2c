/** While a record is typed: others that may be the same, with what they have in common. */
import './duplicates.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { alike, distinct, type Alike } from '../client/duplicates.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { toastProblem } from '../ui/toast.js'
import { fieldNames } from './words.js'

const typingPauseMs = 400
const shownMost = 3

/** `<duplicate-hints .client .entity .values .recordId .recordPath .mergePath>`; fires `use` (detail: id) when the person takes a record that is there. */
@customElement('duplicate-hints')
export class DuplicateHints extends LightElement {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, values: { attribute: false }, recordId: { attribute: false }, recordPath: { attribute: false }, mergePath: { attribute: false }, found: { state: true } }
  declare client: Client | undefined
  declare entity: UiEntity | undefined
  declare values: JsonObject
  /** Null for a record that is not there yet. */
  declare recordId: number | null
  declare recordPath: (id: number) => string
  declare mergePath: (ids: readonly number[]) => string
  declare found: readonly Alike[]
  #asked = ''
  #timer: number | undefined
  #request: AbortController | null = null

  constructor() {
    super()
    this.found = []
    new Watch(this, language)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearTimeout(this.#timer)
    this.#request?.abort()
  }

  override willUpdate(): void {
    const keys = [...new Set((this.entity?.duplicates ?? []).flat())]
    const compared = Object.fromEntries(keys.map((key) => [key, this.values[key] ?? null]))
    const asked = JSON.stringify(compared)
    if (keys.length === 0 || asked === this.#asked) return
    this.#asked = asked
    window.clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => void this.#ask(compared), typingPauseMs)
  }

  async #ask(values: JsonObject): Promise<void> {
    const { client, entity } = this
    this.#request?.abort()
    if (client === undefined || entity === undefined) return
    const request = new AbortController()
    this.#request = request
    try {
      this.found = await alike(client.api, entity.name, values, this.recordId, request.signal)
    } catch {
      // Typing goes on without hints: saving checks what must be unique.
      if (!request.signal.aborted) this.found = []
    }
  }

  async #apart(id: number): Promise<void> {
    const { client, entity, recordId } = this
    if (client === undefined || entity === undefined || recordId === null) return
    try {
      await distinct(client.api, entity.name, [recordId, id])
      this.found = this.found.filter((one) => one.id !== id)
    } catch (thrown) {
      toastProblem(thrown)
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { entity, found } = this
    if (entity === undefined || found.length === 0) return html`<div role="status"></div>`
    const title = t(this.recordId === null ? 'duplicates.hint' : 'duplicates.hintStored')
    return html`
      <section class="duplicate-hints" role="status" aria-label=${title}>
        <p>${icon('copy')}<strong>${title}</strong></p>
        <ul>${found.slice(0, shownMost).map((one) => this.#one(entity, one))}</ul>
      </section>
    `
  }

  #one(entity: UiEntity, one: Alike): TemplateResult {
    const own = this.recordId
    return html`
      <li>
        <a href=${this.recordPath(one.id)} target="_blank" rel="noopener" title=${t('duplicates.open')}>${one.title}</a>
        <span class="quiet">${t('duplicates.same', { fields: fieldNames(entity, one.fields) })}</span>
        <span class="grow"></span>
        ${own === null ? html`<button type="button" class="plain accent" @click=${() => this.dispatchEvent(new CustomEvent('use', { detail: one.id }))}>${t('duplicates.use')}</button>` : nothing}
        ${own !== null && entity.may.update ? html`<button type="button" class="plain" @click=${() => void this.#apart(one.id)}>${t('duplicates.distinct')}</button>` : nothing}
        ${own !== null && entity.may.update && entity.may.archive ? html`<a class="plain accent" href=${this.mergePath([own, one.id])}>${t('duplicates.merge')}</a>` : nothing}
      </li>
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'duplicate-hints': DuplicateHints
  }
}
