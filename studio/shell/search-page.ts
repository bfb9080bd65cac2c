/** All results of a search, grouped by entity. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { search, type Hit, type Hits } from '../client/search.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem } from '../ui/toast.js'
import { hitWords } from './hit-words.js'
import { emptyState } from './pages.js'
import { listPath, recordPath } from './routes.js'

type Results = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | { readonly state: 'found'; readonly found: Hits }

/** `<search-page .client .model .q>` */
@customElement('search-page')
export class SearchPage extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, q: {}, results: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare q: string
  declare results: Results
  #asked = ''

  constructor() {
    super()
    this.q = ''
    this.results = { state: 'loading' }
    new Watch(this, language)
  }

  override willUpdate(): void {
    if (this.client === undefined || this.model === undefined || this.q === this.#asked) return
    this.#asked = this.q
    this.results = { state: 'loading' }
    void this.#ask(this.client, this.model, this.q)
  }

  async #ask(client: Client, model: UiModel, q: string): Promise<void> {
    try {
      this.results = { state: 'found', found: await search(client.api, model, q) }
    } catch (thrown) {
      this.results = { state: 'failed', reason: describeProblem(thrown) }
    }
  }

  override render(): TemplateResult {
    return html`<div class="page-narrow"><h1>${t('search.title', { q: this.q })}</h1>${this.#body()}</div>`
  }

  #body(): TemplateResult {
    const results = this.results
    if (results.state === 'loading') return html`<p class="quiet" role="status">${t('loading')}</p>`
    if (results.state === 'failed') return emptyState({ icon: 'warning', title: t('problem.unknown'), text: results.reason })
    const { hits, more } = results.found
    if (hits.length === 0) return emptyState({ icon: 'search', title: t('search.none', { q: this.q }), text: t('search.noneHint') })
    const names = [...new Set(hits.map((hit) => hit.entity))]
    return html`${names.map((name) => this.#group(name, hits.filter((hit) => hit.entity === name), more.has(name)))}`
  }

  #group(name: string, hits: readonly Hit[], more: boolean): TemplateResult | typeof nothing {
    const entity = this.model?.entities[name]
    if (entity === undefined) return nothing
    return html`
      <section class="result-group">
        <h2>${icon(entity.icon)}${entity.plural}<span class="quiet">${more ? t('list.countCapped', { count: hits.length }) : t('list.count', { count: hits.length })}</span></h2>
        <ul class="result-list">${hits.map((hit) => html`<li><a href=${recordPath(hit.entity, hit.id)}>
          <span>${hitWords(hit.name, hit.below, this.q)}</span>${icon('chevronRight')}</a></li>`)}
          ${more ? html`<li><a class="accent" href=${listPath(name, `?q=${encodeURIComponent(this.q.trim())}`)}>${t('search.more', { entity: entity.plural, q: this.q.trim() })}${icon('chevronRight')}</a></li>` : nothing}</ul>
      </section>
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'search-page': SearchPage
  }
}
