/** How the entities hang together: a picture on large screens, and an outline that says and does the same. */
import './diagram-page.css'
import './diagram-picture.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiModel } from '../../../metadata/contract/ui-model.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { router } from '../../shell/router.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { toast } from '../../ui/toast.js'
import { addReference } from '../commands/add-reference.js'
import type { Desk } from '../desk.js'
import { entitiesOf, originOfEntity, type EntityDefinition } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { entityAddress, fieldAddress } from '../entities/entity-page.js'
import { diagramOf, type Box, type Diagram } from './diagram.js'

/** What every system brings along, such as notes and tasks. */
const coreLayer = 'core'

/** `<diagram-page .desk>` */
@customElement('diagram-page')
export class DiagramPage extends LightElement {
  static override properties = { desk: { attribute: false }, all: { state: true }, marked: { state: true } }
  declare desk: Desk | undefined
  /** Also entities of the core layer. */
  declare all: boolean
  /** The reference that was just made: `case.product`. */
  declare marked: string
  #drawn: { readonly documents: Documents; readonly all: boolean; readonly language: string; readonly drafted: UiModel; readonly entities: readonly EntityDefinition[]; readonly diagram: Diagram } | null = null

  constructor() {
    super()
    this.all = false
    this.marked = ''
    new Watch(this, language)
  }

  #diagram({ design, drafted }: Desk): { readonly entities: readonly EntityDefinition[]; readonly diagram: Diagram } {
    const { documents } = design.draft
    const known = this.#drawn
    if (known?.documents === documents && known.all === this.all && known.language === language.value && known.drafted === drafted) return known
    const entities = entitiesOf(documents, design.types, language.value, design.inferred).filter(({ archived }) => !archived)
    const shown = entities.filter((entity) => this.all || originOfEntity(design.published, documents, entity).layer !== coreLayer)
    this.#drawn = { documents, all: this.all, language: language.value, drafted, entities, diagram: diagramOf(shown.length === 0 ? entities : shown, drafted) }
    return this.#drawn
  }

  override render(): TemplateResult | typeof nothing {
    const { desk } = this
    if (desk === undefined) return nothing
    const { entities, diagram } = this.#diagram(desk)
    return html`
      <header class="studio-head">
        <a class="plain icon-only" href="/studio" aria-label=${t('back')}>${icon('arrowLeft')}</a>
        <div><h1>${t('diagram.title')}</h1><p class="quiet">${t('diagram.lead')}</p></div>
        <span class="grow"></span>
        <label class="tick"><input type="checkbox" .checked=${this.all} @change=${() => (this.all = !this.all)} /><span>${t('diagram.all')}</span></label>
      </header>
      <div class="diagram-body">
        <diagram-picture .diagram=${diagram} marked=${this.marked} @join=${(event: CustomEvent<readonly [string, string]>) => this.#join(desk, entities, ...event.detail)}></diagram-picture>
        <nav class="diagram-outline" aria-label=${t('diagram.outline')}><ul>${diagram.boxes.map((box) => this.#outline(desk, box, diagram, entities))}</ul></nav>
      </div>`
  }

  #outline(desk: Desk, { entity }: Box, { arrows }: Diagram, entities: readonly EntityDefinition[]): TemplateResult {
    const titleOf = (name: string): string => entities.find((one) => one.name === name)?.title ?? name
    const own = arrows.filter(({ from }) => from === entity.name)
    const chosen = (event: Event): void => {
      const select = event.target as HTMLSelectElement
      const to = select.value
      select.value = ''
      if (to !== '') this.#join(desk, entities, entity.name, to)
    }
    return html`
      <li><a class="outline-entity" href=${entityAddress(entity.name)}>${icon(entity.icon)}<strong>${entity.plural}</strong></a>
        <ul>${own.map(({ field, to }) => html`<li><a href=${fieldAddress(entity.name, field.key)} ?data-marked=${this.marked === `${entity.name}.${field.key}`}>${field.title}</a> <span class="quiet">→ ${titleOf(to)}</span></li>`)}</ul>
        ${entity.lines !== null ? nothing : html`<select class="plain-select" aria-label=${t('diagram.addFrom', { entity: entity.title })} @change=${chosen}><option value="">${t('diagram.add')}</option>${entities.filter(({ lines }) => lines === null).map(({ name, title }) => html`<option value=${name}>→ ${title}</option>`)}</select>`}
      </li>`
  }

  #join({ design, perform }: Desk, all: readonly EntityDefinition[], fromName: string, toName: string): void {
    const from = all.find(({ name }) => name === fromName)
    const to = all.find(({ name }) => name === toName)
    if (from === undefined || to === undefined || from.lines !== null || to.lines !== null) return toast(t('diagram.notRows'))
    const { key } = addReference(design.draft.documents, { from, to, all })
    perform((documents) => addReference(documents, { from, to, all }).operations)
    this.marked = `${from.name}.${key}`
    toast(t('diagram.added', { from: from.title, to: to.title }), { label: t('diagram.open'), run: () => void router.go(fieldAddress(from.name, key)) })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'diagram-page': DiagramPage
  }
}
