/** What an entity says about itself: titles, API name, icon, which field names a record, and putting it away. */
import '../panel.css'
import '@vaadin/button'
import './archive-dialog.js'
import './combination-list.js'
import './key-list.js'
import './rules-editor.js'
import './told-editor.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { language, languageTitle, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { archiveEntity, removeEntity, restoreEntity } from '../commands/archive.js'
import { setEntityKeyword, setEntitySetting } from '../commands/set-entity.js'
import { setTranslation } from '../commands/set-field.js'
import { isName, listOf, objectOf, textLanguages, textOf, type EntityDefinition } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import { choiceField, entry, shownField } from '../entry.js'
import type { Perform } from './field-panel.js'
import { usesOfEntity } from './field-uses.js'
import { factChoices, timelineChoices, type CombinationKind, type KeyChoice } from './combinations.js'
import { iconChoice } from './icon-choice.js'
import { problemText, Titles } from '../words.js'

/** `<entity-panel>`; fires `rename` (detail: new name). */
@customElement('entity-panel')
export class EntityPanel extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, design: { attribute: false }, entity: { attribute: false }, surroundings: { attribute: false }, perform: { attribute: false }, opened: { attribute: false }, nameDraft: { state: true } }
  declare client: Client | undefined
  /** The screens' model with the draft. */
  declare model: UiModel | undefined
  declare design: Design | undefined
  declare entity: EntityDefinition | undefined
  declare surroundings: Surroundings
  declare perform: Perform
  /** The setting whose fold is open from the beginning; '' for none. */
  declare opened: string
  declare nameDraft: string | null

  constructor() {
    super()
    this.opened = ''
    this.nameDraft = null
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { design, entity } = this
    if (design === undefined || entity === undefined) return nothing
    const crm = objectOf(entity.document['crm'])
    const fields = entity.fields.filter(({ archived }) => !archived)
    return html`
      <header class="panel-head">
        <span class="tile">${icon(entity.icon)}</span>
        <h2 tabindex="-1">${t('designer.entitySettings')}</h2>
        <a class="plain icon-only" href=${`/studio/entities/${encodeURIComponent(entity.name)}`} aria-label=${t('close')}>${icon('close')}</a>
      </header>
      <div class="panel-fields">
        ${this.#text('title', textOf(entity.document['title']), (text) => this.perform((documents) => setEntityKeyword(documents, entity.name, 'title', text), `title:${entity.name}`))}
        ${this.#text('plural', textOf(crm['plural']), (text) => this.perform((documents) => setEntitySetting(documents, entity.name, 'plural', text), `plural:${entity.name}`))}
        ${this.#translations(design, entity)}
        ${entity.lines === null ? this.#name(design, entity) : nothing}
        ${iconChoice(entity.icon, (name) => this.perform((documents) => setEntitySetting(documents, entity.name, 'icon', name)))}
        ${entry(this.surroundings, {
          field: choiceField('display', t('designer.entity.display'), fields.map((field) => [field.key, field.title])), value: textOf(crm['display']) || null, help: t('designer.displayHelp'),
          change: (value) => this.perform((documents) => setEntitySetting(documents, entity.name, 'display', typeof value === 'string' && value !== '' ? value : undefined)),
        })}
        ${this.#beside(design, entity)}
        ${entity.archived ? nothing : html`<rules-editor .design=${design} .entity=${entity} .surroundings=${this.surroundings} .perform=${this.perform}></rules-editor>${this.#found(design, entity)}`}
        ${entity.lines === null ? html`<div class="panel-end">${this.#end(design, entity)}</div>` : nothing}
      </div>
    `
  }

  /** What stands beside the name of a record, and in its timeline. */
  #beside(design: Design, entity: EntityDefinition): TemplateResult {
    const drafted = this.model?.entities[entity.name]
    const list = (name: 'facts' | 'timeline', choices: readonly KeyChoice[], most: number): TemplateResult | typeof nothing => {
      const keys = listOf(objectOf(entity.document['crm'])[name]).filter((key) => typeof key === 'string')
      if (choices.length === 0 && keys.length === 0) return nothing
      const change = (next: readonly string[]): void => this.perform((documents) => setEntitySetting(documents, entity.name, name, next.length === 0 ? undefined : next))
      return this.#fold(design, entity, name, keys.length, html`<p class="quiet">${t(`designer.entity.${name}Help`)}</p>
        <key-list .label=${t(`designer.option.${name}`)} .keys=${keys} .choices=${choices} .most=${most} @keys=${(event: CustomEvent<readonly string[]>) => change(event.detail)}></key-list>`)
    }
    return html`${list('facts', factChoices(entity, drafted), factsMost)}${list('timeline', timelineChoices(drafted, this.model?.entities ?? {}), timelineMost)}`
  }

  /** How records are told apart and looked up, and whom they tell. */
  #found(design: Design, entity: EntityDefinition): TemplateResult {
    const crm = objectOf(entity.document['crm'])
    const combinations = (kind: CombinationKind): TemplateResult => this.#fold(design, entity, kind, listOf(crm[kind]).length, html`
      <combination-list .kind=${kind} .design=${design} .entity=${entity} .drafted=${this.model?.entities[entity.name]} .perform=${this.perform}></combination-list>`)
    return html`${combinations('duplicates')}${combinations('unique')}${combinations('indexes')}
      ${this.#fold(design, entity, 'notify', Object.keys(objectOf(crm['notify'])).length, html`
        <told-editor .client=${this.client} .model=${this.model} .design=${design} .entity=${entity} .surroundings=${this.surroundings} .perform=${this.perform}></told-editor>`)}`
  }

  /** Rarely looked at: closed, but not while something in it is wrong. */
  #fold({ problems }: Design, entity: EntityDefinition, setting: 'facts' | 'timeline' | CombinationKind | 'notify', count: number, body: TemplateResult): TemplateResult {
    const at = `${entity.path}#/crm/${setting}`
    const wrong = problems.filter(({ path }) => path === at || path.startsWith(`${at}/`))
    return html`<details class="more-options" ?open=${wrong.length > 0 || this.opened === setting}><summary>${t(setting === 'unique' ? 'combinations.unique.title' : `designer.option.${setting}`)}${count === 0 ? nothing : html` <span class="count">${count}</span>`}</summary>
      <div class="panel-fields">${setting === 'facts' || setting === 'timeline' ? wrong.map((problem) => html`<p class="panel-error" role="alert">${icon('warning')}${problemText(problem)}</p>`) : nothing}${body}</div></details>`
  }

  #text(key: 'title' | 'plural', value: string, change: (text: string | undefined) => void): TemplateResult {
    return entry(this.surroundings, { field: shownField(`entity-${key}`, t(`designer.entity.${key}`), 'text'), value, change: (typed) => change(typeof typed === 'string' && typed !== '' ? typed : undefined) })
  }

  #translations(design: Design, entity: EntityDefinition): readonly TemplateResult[] {
    const { documents } = design.draft
    const tags = textLanguages(documents)
    const text = (tag: string, name: 'titleIn' | 'pluralIn', at: string): TemplateResult => entry(this.surroundings, {
      field: shownField(`${name}-${tag}`, t(`designer.entity.${name}`, { language: languageTitle(tag) }), 'text'),
      value: textOf(objectOf(objectOf(documents[`texts/${tag}.json`])[entity.path])[at]),
      change: (value) => this.perform((documents) => setTranslation(documents, tag, entity.path, at, typeof value === 'string' ? value : ''), `${name}-${tag}:${entity.name}`),
    })
    return tags.flatMap((tag) => [text(tag, 'titleIn', '/title'), text(tag, 'pluralIn', '/crm/plural')])
  }

  #name(design: Design, entity: EntityDefinition): TemplateResult {
    const typed = this.nameDraft ?? entity.name
    const taken = Object.keys(design.draft.documents).some((path) => path !== entity.path && path.toLowerCase() === `${typed}/entity.json`.toLowerCase())
    const error = typed === entity.name ? '' : isName(typed) ? (taken ? t('designer.nameTaken') : '') : t('designer.nameGrammar')
    const commit = (): void => {
      if (this.nameDraft === null || this.nameDraft === entity.name || error !== '') return
      this.dispatchEvent(new CustomEvent('rename', { detail: this.nameDraft }))
      this.nameDraft = null
    }
    return html`
      <div class="key-entry" @focusout=${commit} @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && commit()}>
        ${entry(this.surroundings, {
          field: shownField('name', t('designer.entity.name'), 'text', {}, true), value: typed, error, help: t('designer.keyHelp'),
          change: (value) => (this.nameDraft = typeof value === 'string' ? value : ''),
        })}
      </div>
    `
  }

  #end(design: Design, entity: EntityDefinition): TemplateResult {
    if (design.published.documents[entity.path] === undefined && textOf(objectOf(entity.document['crm'])['id']) === '') {
      return html`<vaadin-button theme="tertiary error" @click=${() => this.#leave(() => this.perform((documents) => removeEntity(documents, entity.name)))}>${icon('trash', 'prefix')}${t('designer.removeEntity')}</vaadin-button>`
    }
    return entity.archived
      ? html`<vaadin-button theme="primary" @click=${() => this.perform((documents) => restoreEntity(documents, entity.name))}>${t('designer.restoreEntity')}</vaadin-button>`
      : html`<vaadin-button theme="tertiary" @click=${() => void this.#archive(design, entity)}>${icon('archive', 'prefix')}${t('designer.archiveEntity')}</vaadin-button><p class="quiet">${t('designer.archiveHelp')}</p>`
  }

  /** Fields that point here go with it: which ones, and who needs them, is said before. */
  async #archive(design: Design, entity: EntityDefinition): Promise<void> {
    const uses = usesOfEntity(design.draft.documents, entity.name)
    if (uses.length > 0) {
      const dialog = document.createElement('archive-dialog')
      dialog.uses = uses
      dialog.titles = new Titles(design.draft.documents, design.published.documents)
      dialog.subject = entity.title
      dialog.action = t('designer.archiveEntity')
      if ((await dialog.open()) === null) return
    }
    this.perform((documents) => archiveEntity(documents, entity.name))
  }

  #leave(act: () => void): void {
    this.dispatchEvent(new CustomEvent('gone'))
    act()
  }
}

/** As the schema of entities has them. */
const factsMost = 6
const timelineMost = 12

declare global {
  interface HTMLElementTagNameMap {
    'entity-panel': EntityPanel
  }
}
