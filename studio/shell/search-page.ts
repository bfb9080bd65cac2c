/** All results of a search, grouped by entity. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { search, type Hit } from '../client/search.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem } from '../ui/toast.js'
import { emptyState } from './pages.js'
import { recordPath } from './routes.js'

type Results = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | { readonly state: 'found'; readonly hits: readonly Hit[] }

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
      this.results = { state: 'found', hits: await search(client.api, model, q) }
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
    if (results.hits.length === 0) return emptyState({ icon: 'search', title: t('search.none', { q: this.q }), text: t('search.noneHint') })
    const names = [...new Set(results.hits.map((hit) => hit.entity))]
    return html`${names.map((name) => this.#group(name, results.hits.filter((hit) => hit.entity === name)))}`
  }

  #group(name: string, hits: readonly Hit[]): TemplateResult | typeof nothing {
    const entity = this.model?.entities[name]
    if (entity === undefined) return nothing
    return html`
      <section class="result-group">
        <h2>${icon(entity.icon)}${entity.plural}</h2>
        <ul class="result-list">${hits.map((hit) => html`<li><a href=${recordPath(hit.entity, hit.id)}>${hit.name}${icon('chevronRight')}</a></li>`)}</ul>
      </section>
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'search-page': SearchPage
  }
}
