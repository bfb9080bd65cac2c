/** One entity: its fields on one side, what is selected on the other. What is selected stands in the address. */
import './entity-page.css'
import './entity-panel.js'
import './field-panel.js'
import './sample-values.js'
import '../home/used-by.js'
import './type-dialog.js'
import './type-palette.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Client } from '../../client/client.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import { computedIcon } from '../../fields/computed.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { designPath, formDesignPath, listPath, textPath, viewDesignPath } from '../../shell/routes.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { toast } from '../../ui/toast.js'
import { addField } from '../commands/add-field.js'
import { lifecyclePath } from '../commands/change-lifecycle.js'
import { renameEntity, renameField } from '../commands/rename.js'
import { retypeField } from '../commands/retype-field.js'
import { withTexts } from '../commands/set-translations.js'
import { entitiesOf, entityPath, objectOf, originOfEntity, originOfField, systemKeys, textLanguages, textOf, type EntityDefinition, type FieldDefinition, type TypeInfo } from '../draft/definitions.js'
import { pointer } from '../draft/operations.js'
import type { Design, DraftProblem } from '../draft/draft-store.js'
import type { EntityPanel } from './entity-panel.js'
import type { FieldPanel, Perform } from './field-panel.js'
import type { ChosenField, TypeDialog } from './type-dialog.js'
import type { Attempt } from './trial.js'
import { propertyFor } from './type-options.js'
import { lifecycleAddress } from '../workflows/places.js'
import { originText, placeText, problemText, Titles, typeTitle } from '../words.js'

export const entityAddress = (name: string, query = ''): string => `${designPath(name)}${query}`
export const fieldAddress = (entity: string, key: string): string => entityAddress(entity, `?field=${encodeURIComponent(key)}`)

/** `<entity-page .design .name .query .surroundings .perform>` */
@customElement('entity-page')
export class EntityPage extends LightElement {
  static override properties = { client: { attribute: false }, design: { attribute: false }, name: {}, query: {}, surroundings: { attribute: false }, perform: { attribute: false }, attempt: { attribute: false }, model: { attribute: false }, live: { attribute: false } }
  declare client: Client | undefined
  declare design: Design | undefined
  declare name: string
  declare query: string
  declare surroundings: Surroundings
  declare perform: Perform
  declare attempt: Attempt | undefined
  /** The screens' model with the draft. */
  declare model: UiModel | undefined
  /** The same as it is in force. */
  declare live: UiModel | undefined
  #chosen = ''

  constructor() {
    super()
    this.name = ''
    this.query = ''
    new Watch(this, language)
  }

  /** The keyboard follows the choice: into the panel when something is chosen, back to its row when it is closed. */
  override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('query')) return
    const before = this.#chosen
    this.#chosen = this.#choice()
    if (changed.get('query') === undefined || this.#chosen === before) return
    void this.#follow(before)
  }

  async #follow(before: string): Promise<void> {
    await this.querySelector<FieldPanel | EntityPanel>('field-panel, entity-panel')?.updateComplete
    const panel = this.querySelector('.panel')
    if (panel !== null) panel.scrollTop = 0 // what is chosen now begins at its beginning
    const target = this.#chosen === '' ? `.field-row[data-field="${CSS.escape(before)}"]` : '.panel h2'
    this.querySelector<HTMLElement>(target)?.focus({ preventScroll: true })
  }

  /** Identity of what is chosen: a rename keeps it. */
  #choice(): string {
    const query = new URLSearchParams(this.query)
    const key = query.get('field')
    const property = key === null ? undefined : objectOf(objectOf(this.design?.draft.documents[`${this.name}/entity.json`])['properties'])[key]
    return key === null ? (query.has('settings') ? '?settings' : '') : textOf(objectOf(objectOf(property)['crm'])['id']) || key
  }

  override firstUpdated(): void {
    if (new URLSearchParams(this.query).get('add') !== 'field') return
    router.replace(entityAddress(this.name))
    void this.#add()
  }

  override render(): TemplateResult | typeof nothing {
    const design = this.design
    if (design === undefined) return nothing
    const entities = entitiesOf(design.draft.documents, design.types, language.value, design.inferred)
    const entity = entities.find(({ name }) => name === this.name)
    if (entity === undefined) {
      return html`<div class="page-center">${emptyState({ icon: 'shapes', title: t('designer.noEntity'), text: t('designer.noEntityText'), action: html`<a class="button primary" href="/studio">${t('designer.toEntities')}</a>` })}</div>`
    }
    const selected = new URLSearchParams(this.query)
    const field = entity.fields.find(({ key }) => key === selected.get('field'))
    const settings = selected.has('settings')
    return html`
      ${this.#head(design, entity)}
      <div class="entity-columns" ?data-selected=${field !== undefined || settings}>
        <div class="field-column">${inferredNote(entities, entity)}${this.#problems(design, entity)}${this.#fields(design, entities, entity, field)}</div>
        <aside class="panel" aria-label=${t('designer.properties')}>
          ${field !== undefined
            ? html`<field-panel .design=${design} .entity=${entity} .field=${field} .entities=${entities} .problems=${problemsOf(design, entity, field)} .surroundings=${this.surroundings} .perform=${this.perform} .attempt=${this.attempt} .model=${this.model} .client=${this.client}
                @rename=${(event: CustomEvent<string>) => this.#rename(design, entity, field, event.detail)} @retype=${() => void this.#retype(design, entity, field)} @gone=${() => router.replace(entityAddress(entity.name))}></field-panel>
                <sample-values .client=${this.client} .live=${this.live} .design=${design} .entity=${entity} .field=${field} .surroundings=${this.surroundings}></sample-values>
                <used-by .client=${this.client} .design=${design} .path=${entity.path} .field=${field.key}></used-by>`
            : settings
              ? html`<entity-panel .opened=${selected.get('settings') ?? ''} .client=${this.client} .model=${this.model} .design=${design} .entity=${entity} .surroundings=${this.surroundings} .perform=${this.perform}
                  @rename=${(event: CustomEvent<string>) => this.#renameEntity(design, entity, event.detail)} @gone=${() => router.replace('/studio')}></entity-panel>
                  <used-by .client=${this.client} .design=${design} .path=${entity.path}></used-by>`
              : html`<type-palette .types=${design.published.fieldTypes} @chosen=${(event: CustomEvent<TypeInfo>) => void this.#add(event.detail)}></type-palette>`}
        </aside>
      </div>
    `
  }

  #head(design: Design, entity: EntityDefinition): TemplateResult {
    const isLive = !entity.archived && originOfEntity(design.published, design.draft.documents, entity).change !== 'new'
    return html`
      <header class="studio-head">
        <a class="plain icon-only" href="/studio" aria-label=${t('designer.toEntities')}>${icon('arrowLeft')}</a>
        <span class="tile large">${icon(entity.icon)}</span>
        <div class="entity-title"><h1>${entity.plural}</h1><code>${entity.name}</code></div>
        <span class="grow"></span>
        ${isLive ? html`<a class="plain" href=${listPath(entity.name)} aria-label=${t('designer.openList')}>${icon('external')}<span>${t('designer.openList')}</span></a>` : nothing}
        ${entity.lines === null ? html`<a class="plain" href=${formDesignPath(entity.name)} aria-label=${t('form.edit')}>${icon('panel')}<span>${t('form.edit')}</span></a>` : nothing}
        <a class="plain" href=${viewDesignPath(entity.name)} aria-label=${t('view.edit')}>${icon('list')}<span>${t('view.edit')}</span></a>
        ${design.draft.documents[lifecyclePath(entity.name)] === undefined ? nothing : html`<a class="plain" href=${lifecycleAddress(entity.name)} aria-label=${t('process.lifecycle')}>${icon('flag')}<span>${t('process.lifecycle')}</span></a>`}
        <a class="plain" href=${entityAddress(entity.name, '?settings')} aria-label=${t('designer.settings')}>${icon('settings')}<span>${t('designer.settings')}</span></a>
        <vaadin-button theme="primary" class="add" aria-label=${t('designer.addField')} @click=${() => void this.#add()}>${icon('plus', 'prefix')}<span class="wide">${t('designer.addField')}</span></vaadin-button>
      </header>
    `
  }

  /** Problems that belong to no field: of the entity, its forms and lists. */
  #problems(design: Design, entity: EntityDefinition): TemplateResult | typeof nothing {
    const shown = design.problems.filter(({ path }) => path.startsWith(`${entity.name}/`) && !entity.fields.some((field) => belongs(path, entity, field)))
    if (shown.length === 0) return nothing
    return html`<ul class="problem-list">${shown.map((problem) => html`<li>${icon('warning')}<span>${problemText(problem)} <a href=${textPath(problem.path.split('#')[0] ?? '', problem.path.split('#')[1] ?? '')}>${placeText(problem.path, new Titles(design.draft.documents))}</a></span></li>`)}</ul>`
  }

  #fields(design: Design, entities: readonly EntityDefinition[], entity: EntityDefinition, selected: FieldDefinition | undefined): TemplateResult {
    const active = entity.fields.filter(({ archived }) => !archived)
    const archived = entity.fields.filter((field) => field.archived)
    return html`
      ${active.length === 0
        ? emptyState({ icon: 'textLong', title: t('designer.noFields'), text: t('designer.noFieldsText') })
        : html`<ul class="field-list">${active.map((field) => this.#row(design, entities, entity, field, selected))}</ul>`}
      ${archived.length === 0 ? nothing : html`
        <details class="archived-fold" ?open=${selected?.archived === true}><summary>${icon('archive')}${t('designer.archivedFields', { count: archived.length })}</summary>
          <ul class="field-list">${archived.map((field) => this.#row(design, entities, entity, field, selected))}</ul>
        </details>`}
    `
  }

  #row(design: Design, entities: readonly EntityDefinition[], entity: EntityDefinition, field: FieldDefinition, selected: FieldDefinition | undefined): TemplateResult {
    const origin = originOfField(design.published, entity, field)
    const crm = objectOf(field.property['crm'])
    const target = field.to === '' ? undefined : entities.find(({ name }) => name === field.to)
    const problems = problemsOf(design, entity, field).length
    const isOn = { required: field.required, unique: crm['unique'] === true, search: crm['search'] === true }
    return html`
      <li>
        <a class="field-row" data-field=${field.id} href=${fieldAddress(entity.name, field.key)} aria-current=${field === selected ? 'true' : nothing}>
          <span class="tile">${icon(computedIcon(field.type) ?? viewOf(field.type).icon)}</span>
          <span class="field-name"><strong>${field.title}</strong><code>${field.key}</code></span>
          <span class="field-type">${typeTitle(field.type)}${target === undefined ? nothing : html`<small>${icon('arrowRight')}${target.title}</small>`}</span>
          <span class="field-marks">
            ${marks.map((mark) => isOn[mark] ? html`<span class="mark" title=${t(`designer.mark.${mark}`)}>${icon(markIcons[mark])}<span class="visually-hidden">${t(`designer.mark.${mark}`)}</span></span>` : html`<span class="mark"></span>`)}
          </span>
          <span class="field-origin">
            ${problems > 0
              ? html`<span class="badge" data-color="red">${t('designer.problemCount', { count: problems })}</span>`
              : origin.change === 'none'
                ? html`<span class="quiet unchanged">${originText(origin)}</span>`
                : html`<span class="badge" data-color=${origin.change === 'here' ? 'blue' : 'green'}>${originText(origin)}</span>`}
          </span>
        </a>
      </li>
    `
  }

  async #add(type?: TypeInfo): Promise<void> {
    let chosen = await this.#choose('all', [], '', type === undefined ? {} : { type })
    while (chosen !== null) {
      this.#added(chosen)
      if (!chosen.another) return
      await this.updateComplete
      chosen = await this.#choose('all', [], '', { continuing: true })
    }
  }

  #added(chosen: ChosenField): void {
    const design = this.design
    if (design === undefined) return
    const entity = this.name
    this.perform((documents) => [
      ...addField(documents, { entity, key: chosen.key, property: propertyFor(chosen.type, chosen.title, chosen.options), required: chosen.required, inForm: true, inList: chosen.inList }),
      ...withTexts(documents, chosen.texts.map(({ inside, ...text }) => ({ ...text, path: entityPath(entity), place: pointer('properties', chosen.key, ...inside) }))),
    ])
    toast(t('designer.fieldAdded', { field: chosen.title }))
    if (!chosen.another) void router.go(fieldAddress(this.name, chosen.key))
  }

  #choose(only: 'type' | 'all', taken: readonly string[], current: string, { continuing = false, title = '', type }: { readonly continuing?: boolean; readonly title?: string; readonly type?: TypeInfo } = {}): Promise<ChosenField | null> {
    const design = this.design
    if (design === undefined) return Promise.resolve(null)
    const entities = entitiesOf(design.draft.documents, design.types, language.value, design.inferred)
    const dialog: TypeDialog = document.createElement('type-dialog')
    dialog.surroundings = this.surroundings
    dialog.types = design.published.fieldTypes
    dialog.documents = design.draft.documents
    dialog.functions = design.published.functions
    dialog.attempt = this.attempt
    dialog.model = this.model
    dialog.entity = this.name
    dialog.entities = entities
    dialog.taken = [...systemKeys, ...taken, ...(entities.find(({ name }) => name === this.name)?.fields.map(({ key }) => key) ?? [])]
    dialog.only = only
    dialog.continuing = continuing
    dialog.name = title
    dialog.tags = textLanguages(design.draft.documents)
    dialog.current = current
    if (type !== undefined) dialog.choose(type)
    return dialog.open()
  }

  #rename(design: Design, entity: EntityDefinition, field: FieldDefinition, to: string): void {
    this.perform((documents) => renameField(documents, { entity: entity.name, key: field.key }, to))
    router.replace(fieldAddress(entity.name, to))
  }

  #renameEntity(design: Design, entity: EntityDefinition, to: string): void {
    this.perform((documents) => renameEntity(documents, entity.name, to))
    router.replace(entityAddress(to, '?settings'))
  }

  async #retype(design: Design, entity: EntityDefinition, field: FieldDefinition): Promise<void> {
    const chosen = await this.#choose('type', [], field.type, { title: field.title })
    if (chosen === null) return
    this.perform((documents) => retypeField(documents, { entity: entity.name, key: field.key }, chosen.type, chosen.options))
  }
}

const marks = ['required', 'unique', 'search'] as const
const markIcons = { required: 'star', unique: 'key', search: 'search' } as const

const belongs = (path: string, entity: EntityDefinition, field: FieldDefinition): boolean => {
  const root = `${entity.path}#/properties/${field.key}`
  return path === root || path.startsWith(`${root}/`)
}

const problemsOf = (design: Design, entity: EntityDefinition, field: FieldDefinition): readonly DraftProblem[] => design.problems.filter(({ path }) => belongs(path, entity, field))


/** Where an entity comes from that nobody has made: a list of objects in the schema of another one. */
function inferredNote(entities: readonly EntityDefinition[], { lines }: EntityDefinition): TemplateResult | typeof nothing {
  if (lines === null) return nothing
  const owner = entities.find(({ name }) => name === lines.of)
  const list = owner?.fields.find(({ key }) => key === lines.field)
  return html`<p class="note" role="note">${icon('layers')}<span>${t('designer.inferred', { field: list?.title ?? lines.field, entity: owner?.title ?? lines.of })} <a href=${fieldAddress(lines.of, lines.field)}>${t('designer.inferredShow')}</a></span></p>`
}

declare global {
  interface HTMLElementTagNameMap {
    'entity-page': EntityPage
  }
}
