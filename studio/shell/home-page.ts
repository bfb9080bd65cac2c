/** The start page: what one can work with, and how much of it there is. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, number, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { toWall } from '../client/zone.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { emptyState } from './pages.js'
import { createPath, listPath } from './routes.js'

/** `<home-page .client .model>` */
@customElement('home-page')
export class HomePage extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, counts: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare counts: ReadonlyMap<string, string>
  #counted: UiModel | undefined

  constructor() {
    super()
    this.counts = new Map()
    new Watch(this, language)
  }

  override willUpdate(): void {
    if (this.client === undefined || this.model === undefined || this.#counted === this.model) return
    this.#counted = this.model
    void this.#count(this.client, this.model)
  }

  /** One after the other: the page is there at once, and counting must not crowd out what is asked next. */
  async #count(client: Client, model: UiModel): Promise<void> {
    for (const entity of shownEntities(model)) {
      try {
        const page = await client.records.list(entity.name, { limit: 1, count: true, fields: 'id' })
        const count = page.count ?? page.records.length
        const text = page.capped === true ? t('home.countCapped', { count: number(count) }) : t('home.count', { count })
        this.counts = new Map(this.counts).set(entity.name, text)
      } catch {
        // A card without a number still leads to its list, which says what is wrong.
      }
      if (!this.isConnected) return
    }
  }

  override render(): TemplateResult | typeof nothing {
    const model = this.model
    if (model === undefined) return nothing
    const groups = model.navigation.filter((group) => group.entities.some((name) => model.entities[name] !== undefined))
    const name = this.client?.session.user?.name ?? ''
    return html`
      <div class="page-wide home">
        <header class="home-head"><h1>${t(`home.greeting.${partOfDay(this.client?.session.user?.timeZone ?? '')}`, { name })}</h1><p class="quiet">${t('home.lead')}</p></header>
        ${groups.length === 0 ? emptyState({ icon: 'shapes', title: t('home.empty'), text: t('home.emptyText') }) : nothing}
        ${groups.map((group) => html`
          <section>
            <h2 class="section-title">${group.title}</h2>
            <ul class="card-grid">${group.entities.flatMap((key) => model.entities[key] ?? []).map((entity) => this.#card(entity))}</ul>
          </section>
        `)}
      </div>
    `
  }

  #card(entity: UiEntity): TemplateResult {
    const create = t('list.new', { entity: entity.title })
    return html`
      <li class="home-card">
        <a class="home-link" href=${listPath(entity.name)}>
          <span class="tile large">${icon(entity.icon)}</span>
          <span><strong>${entity.plural}</strong><small>${this.counts.get(entity.name) ?? ' '}</small></span>
        </a>
        ${entity.may.create ? html`<a class="plain icon-only" href=${createPath(entity.name)} aria-label=${create} title=${create}>${icon('plus')}</a>` : nothing}
      </li>
    `
  }
}

const shownEntities = (model: UiModel): readonly UiEntity[] => [...new Set(model.navigation.flatMap((group) => group.entities))].flatMap((name) => model.entities[name] ?? [])

function partOfDay(timeZone: string): 'morning' | 'afternoon' | 'evening' {
  const hour = Number(toWall(new Date().toISOString(), timeZone).slice(11, 13))
  if (hour < 12) return 'morning'
  return hour < 18 ? 'afternoon' : 'evening'
}

declare global {
  interface HTMLElementTagNameMap {
    'home-page': HomePage
  }
}
