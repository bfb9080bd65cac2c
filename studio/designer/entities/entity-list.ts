/** Every kind of record that there is: the first page of the studio. */
import './entity-list.css'
import './entity-dialog.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { startEntity } from '../commands/model-starters.js'
import { entitiesOf, originOfEntity, textLanguages, type EntityDefinition } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import { entityAddress } from './entity-page.js'
import type { Perform } from './field-panel.js'
import { originText } from '../words.js'

/** `<entity-list .design .client .model .surroundings .perform>` */
@customElement('entity-list')
export class EntityList extends LightElement {
  static override properties = { design: { attribute: false }, client: { attribute: false }, model: { attribute: false }, surroundings: { attribute: false }, perform: { attribute: false }, counts: { state: true }, q: { state: true } }
  declare design: Design | undefined
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare surroundings: Surroundings | undefined
  /** Entity → how many records there are, as text. */
  declare counts: ReadonlyMap<string, string>
  declare perform: Perform
  declare q: string

  constructor() {
    super()
    this.q = ''
    this.perform = () => {}
    this.counts = new Map()
    new Watch(this, language)
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('model')) void this.#count()
  }

  async #count(): Promise<void> {
    const { client, model } = this
    if (client === undefined || model === undefined) return
    await Promise.all(Object.values(model.entities).map(async ({ name }) => {
      try {
        const { count = 0, capped = false } = await client.records.list(name, { fields: 'id', limit: 1, count: true })
        this.counts = new Map(this.counts).set(name, capped ? t('home.countCapped', { count }) : t('home.count', { count }))
      } catch {
        // The card then stands without a number.
      }
    }))
  }

  async #create(design: Design): Promise<void> {
    const { surroundings } = this
    if (surroundings === undefined) return
    const dialog = document.createElement('entity-dialog')
    dialog.surroundings = surroundings
    dialog.types = design.published.fieldTypes.filter(({ computed }) => computed !== true)
    dialog.entities = entitiesOf(design.draft.documents, design.types, language.value, design.inferred)
    dialog.tags = textLanguages(design.draft.documents)
    dialog.documents = design.draft.documents
    const chosen = await dialog.open()
    if (chosen === null) return
    this.perform((documents) => startEntity(documents, chosen.made, chosen.starters, chosen.states))
    await router.go(entityAddress(chosen.made.name))
  }

  override render(): TemplateResult | typeof nothing {
    const design = this.design
    if (design === undefined) return nothing
    const all = entitiesOf(design.draft.documents, design.types, language.value, design.inferred)
    const shown = all.filter((entity) => !entity.archived && fits(entity, this.q))
    const archived = all.filter((entity) => entity.archived)
    return html`
      <header class="studio-head">
        <div><h1>${t('designer.entities')}</h1><p class="quiet">${t('designer.lead')}</p></div>
        <span class="grow"></span>
        <label class="palette-search">${icon('search')}<input type="search" aria-label=${t('designer.findEntity')} placeholder=${t('designer.findEntity')} .value=${this.q}
          @input=${(event: InputEvent) => (this.q = event.target instanceof HTMLInputElement ? event.target.value : '')} /></label>
        <a class="button" href="/studio/diagram">${icon('links')}${t('diagram.title')}</a>
        <vaadin-button theme="primary" @click=${() => void this.#create(design)}>${icon('plus', 'prefix')}${t('designer.newEntity')}</vaadin-button>
      </header>
      ${shown.length === 0
        ? emptyState({ icon: 'shapes', title: t('designer.nothingFound'), text: t('designer.nothingFoundText') })
        : html`<ul class="entity-cards">${shown.map((entity) => this.#card(design, entity, all))}</ul>`}
      ${archived.length === 0 ? nothing : html`
        <details class="archived-fold"><summary>${icon('archive')}${t('designer.archivedEntities', { count: archived.length })}</summary>
          <ul class="entity-cards">${archived.map((entity) => this.#card(design, entity, all))}</ul>
        </details>`}
    `
  }

  #card(design: Design, entity: EntityDefinition, all: readonly EntityDefinition[]): TemplateResult {
    const origin = originOfEntity(design.published, design.draft.documents, entity)
    const problems = design.problems.filter(({ path }) => path.startsWith(`${entity.name}/`)).length
    const count = this.counts.get(entity.name)
    const owner = all.find(({ name }) => name === entity.lines?.of)
    return html`
      <li>
        <a class="entity-card" href=${`/studio/entities/${encodeURIComponent(entity.name)}`}>
          <span class="tile large">${icon(entity.icon)}</span>
          <span class="entity-name"><strong>${entity.plural}</strong><code>${entity.name}</code></span>
          ${problems > 0 ? html`<span class="badge" data-color="red">${t('designer.problemCount', { count: problems })}</span>` : nothing}
          <span class="entity-facts">
            <span>${t('designer.fieldCount', { count: entity.fields.filter(({ archived }) => !archived).length })}</span>
            ${count === undefined ? nothing : html`<span>${count}</span>`}
            ${owner === undefined ? nothing : html`<span>${t('designer.rowsOf', { entity: owner.title })}</span>`}
            <span class="badge" data-color=${origin.change === 'none' ? '' : origin.change === 'here' ? 'blue' : 'green'}>${originText(origin)}</span>
          </span>
        </a>
      </li>
    `
  }
}

const fits = (entity: EntityDefinition, q: string): boolean =>
  q.trim() === '' || [entity.title, entity.plural, entity.name, ...entity.fields.flatMap(({ title, key }) => [title, key])].some((text) => text.toLowerCase().includes(q.trim().toLowerCase()))

declare global {
  interface HTMLElementTagNameMap {
    'entity-list': EntityList
  }
}
