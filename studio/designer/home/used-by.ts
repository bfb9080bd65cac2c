/** What names a definition, what it names, and the way to its history: a fold in the panels of entities, fields, roles and workflows. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Client } from '../../client/client.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { LightElement } from '../../ui/light-element.js'
import { icon } from '../../ui/icon.js'
import type { Design } from '../draft/draft-store.js'
import { addressOf } from '../draft/definitions.js'
import { historyAddress } from '../versions/definition-history.js'
import { placeText, Titles } from '../words.js'

interface Uses {
  readonly usedBy: readonly string[]
  readonly uses: readonly string[]
}

/** `<used-by .client .design .path .field>`: asks when it is opened. */
@customElement('used-by')
export class UsedBy extends LightElement {
  static override properties = { client: { attribute: false }, design: { attribute: false }, path: {}, field: {}, found: { state: true } }
  declare client: Client | undefined
  declare design: Design | undefined
  declare path: string
  /** Key of a field of the entity; '' for the definition itself. */
  declare field: string
  declare found: Uses | 'failed' | null
  #open = false
  #asked: unknown = null

  constructor() {
    super()
    this.path = ''
    this.field = ''
    this.found = null
    new Watch(this, language)
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('path') || changed.has('field')) this.found = null
    if (this.#open) void this.#load()
  }

  async #load(): Promise<void> {
    const { client, design, path, field } = this
    // The engine looks through the draft that it has.
    if (client === undefined || design?.saving.state !== 'saved' || (this.#asked === design.draft.documents && this.found !== null)) return
    this.#asked = design.draft.documents
    try {
      const { body } = await client.api.get<Uses>('/api/definitions/uses', { query: { path, ...(field === '' ? {} : { field }) } })
      if (path === this.path && field === this.field) this.found = body
    } catch {
      this.found = 'failed'
    }
  }

  #toggled(event: Event): void {
    this.#open = (event.target as HTMLDetailsElement).open
    if (this.#open) void this.#load()
  }

  override render(): TemplateResult | typeof nothing {
    const { design, found } = this
    if (design === undefined) return nothing
    const titles = new Titles(design.draft.documents, design.published.documents)
    const list = (title: string, paths: readonly string[]): TemplateResult => html`<h3>${title}</h3>
      ${paths.length === 0 ? html`<p class="quiet">${t('uses.none')}</p>` : html`<ul class="use-list">${paths.map((path) => html`<li><a href=${addressOf(path)}>${placeText(path, titles)}</a></li>`)}</ul>`}`
    return html`
      <details class="more-options" @toggle=${(event: Event) => this.#toggled(event)}><summary>${t('uses.title')}</summary>
        <div class="panel-fields">
          ${found === null ? html`<p class="quiet" aria-busy="true">${t('loading')}</p>` : found === 'failed' ? html`<p class="quiet">${t('problem.unknown')}</p>` : html`
            ${list(t('uses.usedBy', { count: found.usedBy.length }), found.usedBy)}
            ${this.field === '' ? list(t('uses.uses', { count: found.uses.length }), found.uses) : nothing}`}
          <a class="plain" href=${historyAddress(this.path)}>${icon('history')}${t('history.title')}</a>
        </div>
      </details>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'used-by': UsedBy
  }
}
