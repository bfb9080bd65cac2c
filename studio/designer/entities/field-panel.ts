/** Everything about one field: names, type, the type's options, marks, and putting it away. */
import '@vaadin/button'
import './archive-dialog.js'
import './choices-editor.js'
import './computed-editor.js'
import '../condition-entry.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'

import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { hasText, language, languageTitle, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { computedIcon } from '../../fields/computed.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { router } from '../../shell/router.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { archiveField, removeField, restoreField } from '../commands/archive.js'
import { addLifecycle, lifecyclePath } from '../commands/change-lifecycle.js'
import { choiceTextPlace, setChoices } from '../commands/set-choices.js'
import { requireField, resetField, setKeyword, setSetting, setTranslation } from '../commands/set-field.js'
import { belowOf, isName, objectOf, originOfField, systemKeys, textLanguages, textOf, titleFrom, translated, type EntityDefinition, type FieldDefinition, type TypeInfo } from '../draft/definitions.js'
import type { Design, DraftProblem } from '../draft/draft-store.js'
import { entry, shownField } from '../entry.js'
import type { ChoiceText } from './choices-editor.js'
import { usesOf } from './field-uses.js'
import type { Documents, Operation } from '../draft/operations.js'
import { optionsForm } from './options-form.js'
import { stateFields } from '../lifecycles/lifecycle-shape.js'
import { lifecycleAddress } from '../workflows/places.js'
import type { Attempt } from './trial.js'
import { choicesOf, hasChoices, isComparable, isText, optionsOf, readOption, type Choice, type Option } from './type-options.js'
import { layerTitle, problemText, Titles, typeHelp, typeTitle } from '../words.js'

/**
 * Does a step on the documents as they are at that moment: an input may tell of a value that was put into it after
 * the page was drawn. Equal names in a row are one for undo.
 */
export type Perform = (command: (documents: Documents) => readonly Operation[], name?: string) => void

/** `<field-panel>`; fires `rename` (detail: new key), `retype`, `gone`. */
@customElement('field-panel')
export class FieldPanel extends LightElement {
  static override properties = {
    design: { attribute: false }, entity: { attribute: false }, field: { attribute: false }, entities: { attribute: false }, problems: { attribute: false },
    surroundings: { attribute: false }, perform: { attribute: false }, attempt: { attribute: false }, model: { attribute: false }, client: { attribute: false }, keyDraft: { state: true },
  }
  declare design: Design | undefined
  declare entity: EntityDefinition | undefined
  declare field: FieldDefinition | undefined
  declare entities: readonly EntityDefinition[]
  declare problems: readonly DraftProblem[]
  declare surroundings: Surroundings
  declare perform: Perform
  declare attempt: Attempt | undefined
  declare model: UiModel | undefined
  declare client: Client | undefined
  declare keyDraft: string | null
  #shown = ''

  constructor() {
    super()
    this.problems = []
    this.entities = []
    this.keyDraft = null
    new Watch(this, language)
  }

  /** Inputs are never handed from one field to another: the new value would be told as an edit of the old field. */
  override willUpdate(): void {
    const shown = `${this.entity?.name}.${this.field?.key}`
    if (shown !== this.#shown) this.keyDraft = null
    this.#shown = shown
  }

  override render(): TemplateResult | typeof nothing {
    const { design, entity, field } = this
    if (design === undefined || entity === undefined || field === undefined) return nothing
    const type = design.published.fieldTypes.find(({ name }) => name === field.type)
    return html`
      <header class="panel-head">
        <span class="tile">${icon(computedIcon(field.type) ?? viewOf(field.type).icon)}</span>
        <h2 tabindex="-1">${field.title}</h2>
        <a class="plain icon-only" href=${`/studio/entities/${encodeURIComponent(entity.name)}`} aria-label=${t('close')}>${icon('close')}</a>
      </header>
      ${keyed(`${entity.name} ${field.id} ${field.type}`, field.archived ? this.#archived(entity, field) : this.#active(design, entity, field, type))}
    `
  }

  #archived(entity: EntityDefinition, field: FieldDefinition): TemplateResult {
    return html`
      <div class="panel-fields">
        <p class="note">${icon('archive')}${t('designer.archivedHint')}</p>
        <vaadin-button theme="primary" @click=${() => this.perform((documents) => restoreField(documents, place(entity, field)))}>${t('designer.restoreField')}</vaadin-button>
      </div>
    `
  }

  #active(design: Design, entity: EntityDefinition, field: FieldDefinition, type: TypeInfo | undefined): TemplateResult {
    const general = this.problems.filter(({ path }) => this.#inside(path) === '')
    return html`
      <div class="panel-fields">
        ${general.map((problem) => html`<p class="panel-error" role="alert">${icon('warning')}${problemText(problem)}</p>`)}
        ${this.#texts(design, entity, field)}
        ${field.inferred ? nothing : this.#key(entity, field)}
        <div class="type-line">
          <span><small>${t('designer.type')}</small><strong>${typeTitle(field.type)}</strong><small>${typeHelp(field.type)}</small></span>
          ${field.inferred ? nothing : html`<vaadin-button theme="small" @click=${() => this.#fire('retype', null)}>${t('designer.changeType')}</vaadin-button>`}
        </div>
        ${type?.computed === true ? nothing : this.#rows(entity, field)}
        ${type === undefined ? nothing : type.computed === true ? this.#computed(design, entity, field) : this.#typeOptions(entity, field, type)}
        ${this.#marks(entity, field, type)}
        ${type === undefined || type.computed === true || field.inferred || field.required ? nothing : this.#requiredWhen(entity, field)}
        ${type !== undefined && isComparable(type) && viewOf(type.name).needs === undefined ? this.#default(entity, field) : nothing}
        ${this.#origin(design, entity, field)}
      </div>
    `
  }

  /** The entity whose records are the rows of this field. */
  #rows(entity: EntityDefinition, field: FieldDefinition): TemplateResult | typeof nothing {
    const named = textOf(objectOf(field.property['crm'])['of']).split('.')[0] ?? ''
    const rows = this.entities.find(({ name, lines }) => (lines?.of === entity.name && lines.field === field.key) || name === named)
    return rows === undefined ? nothing : html`
      <p class="note">${icon(rows.icon)}<span>${t(rows.lines === null ? 'designer.rows' : 'designer.rowsInferred', { entity: rows.plural })} <a href=${`/studio/entities/${encodeURIComponent(rows.name)}`}>${t('designer.rowsOpen')}</a></span></p>`
  }

  #texts(design: Design, entity: EntityDefinition, field: FieldDefinition): TemplateResult {
    const at = place(entity, field)
    const { documents } = design.draft
    const text = (keyword: 'title' | 'description', kind: 'text' | 'longText'): TemplateResult => entry(this.surroundings, {
      field: shownField(keyword, t(`designer.field.${keyword}`), kind), value: textOf(field.property[keyword]), error: this.#problemAt(`/${keyword}`),
      change: (value) => this.perform((documents) => setKeyword(documents, at, keyword, value === null || value === '' ? undefined : value), `${keyword}:${field.id}`),
    })
    const others = textLanguages(documents)
    return html`
      ${text('title', 'text')}
      ${others.map((tag) => entry(this.surroundings, {
        field: shownField(`title-${tag}`, t('designer.field.titleIn', { language: languageTitle(tag) }), 'text'),
        value: textOf(objectOf(objectOf(documents[`texts/${tag}.json`])[entity.path])[`/properties/${field.key}/title`]),
        change: (value) => this.perform((documents) => setTranslation(documents, tag, entity.path, `/properties/${field.key}/title`, typeof value === 'string' ? value : ''), `title-${tag}:${field.id}`),
      }))}
      ${text('description', 'longText')}
    `
  }

  /** The name changes when the person has finished typing it, not with every letter. */
  #key(entity: EntityDefinition, field: FieldDefinition): TemplateResult {
    const typed = this.keyDraft ?? field.key
    const taken = [...systemKeys, ...entity.fields.map(({ key }) => key)].some((key) => key !== field.key && key.toLowerCase() === typed.toLowerCase())
    const error = typed === field.key ? this.#nameProblem() : isName(typed) ? (taken ? t('designer.nameTaken') : '') : t('designer.nameGrammar')
    const commit = (): void => {
      if (this.keyDraft === null || this.keyDraft === field.key || error !== '') return
      this.#fire('rename', this.keyDraft)
      this.keyDraft = null
    }
    return html`
      <div class="key-entry" @focusout=${commit} @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && commit()}>
        ${entry(this.surroundings, {
          field: shownField('key', t('designer.fieldKey'), 'text', {}, true), value: typed, error,
          help: field.id === field.key ? t('designer.keyHelp') : t('designer.keyWas', { id: field.id }),
          change: (value) => (this.keyDraft = typeof value === 'string' ? value : ''),
        })}
      </div>
    `
  }

  #computed(design: Design, entity: EntityDefinition, field: FieldDefinition): TemplateResult {
    const at = place(entity, field)
    const { type: _kind, ...all } = objectOf(field.property['crm'])
    const settings = Object.fromEntries(Object.entries(all).filter(([name]) => !shared.has(name)))
    const set = (next: JsonObject): void => this.perform((documents) => [...new Set([...Object.keys(settings), ...Object.keys(next)])].flatMap((name) =>
      JSON.stringify(settings[name]) === JSON.stringify(next[name]) ? [] : setSetting(documents, at, name, next[name])), `computed:${field.id}`)
    return html`<computed-editor .kind=${field.type} .documents=${design.draft.documents} .entities=${this.entities} .entity=${entity} .key=${field.key} .settings=${settings} .types=${design.published.fieldTypes} .functions=${design.published.functions}
      .attempt=${this.attempt} .model=${this.model} .surroundings=${this.surroundings} @settings=${(event: CustomEvent<JsonObject>) => set(event.detail)}></computed-editor>`
  }

  #typeOptions(entity: EntityDefinition, field: FieldDefinition, type: TypeInfo): TemplateResult {
    const at = place(entity, field)
    const isInferredList = this.entities.some(({ lines }) => lines?.of === entity.name && lines.field === field.key)
    const set = (option: Option, value: Json | undefined): void =>
      this.perform((documents) => (option.place === 'keyword' ? setKeyword : setSetting)(documents, at, option.name, value), `${option.name}:${field.id}`)
    return html`
      ${hasChoices(type) ? html`${this.#states(entity, field)}<choices-editor .choices=${choicesOf(field.property)} .error=${this.#problemAt('/enum')} .unused=${this.#isUnused(entity, field)} .tags=${this.design === undefined ? [] : textLanguages(this.design.draft.documents)}
        .texts=${(tag: string, value: string) => translated(this.design?.draft.documents ?? {}, tag, entity.path, choiceTextPlace(field.key, value))}
        @choice-text=${({ detail: { tag, value, text } }: CustomEvent<ChoiceText>) => this.perform((documents) => setTranslation(documents, tag, entity.path, choiceTextPlace(field.key, value), text.trim()), `choice-${tag}-${value}:${field.id}`)}
        @choices=${(event: CustomEvent<readonly Choice[]>) => this.perform((documents) => setChoices(documents, at, event.detail), `choices${event.detail.length}:${field.id}`)}></choices-editor>` : nothing}
      ${optionsForm({
        surroundings: this.surroundings, entities: this.entities, options: optionsOf(type).filter(({ name }) => !(isInferredList && name === 'of')),
        value: (option) => readOption(field.property, option),
        error: (option) => this.#problemAt(option.place === 'keyword' ? `/${option.name}` : `/crm/${option.name}`),
        change: set,
      })}
    `
  }

  /** Where the options are the states of a lifecycle they are changed there, together with the steps between them. */
  #states(entity: EntityDefinition, field: FieldDefinition): TemplateResult | typeof nothing {
    const isState = this.design?.draft.documents[lifecyclePath(entity.name)]?.['field'] === field.key
    if (isState) return html`<p class="note">${icon('flag')}<span>${t('process.statesNote')} <a href=${lifecycleAddress(entity.name)}>${t('process.openLifecycle')}</a></span></p>`
    if (!stateFields(entity).includes(field) || entity.lines !== null || this.design?.draft.documents[lifecyclePath(entity.name)] !== undefined) return nothing
    const begin = (): void => {
      this.perform((documents) => addLifecycle(documents, entity.name, field.key))
      void router.go(lifecycleAddress(entity.name))
    }
    return html`<p class="note">${icon('flag')}<span>${t('process.mayBeStates')} <button type="button" class="plain accent" @click=${begin}>${t('process.makeStates')}</button></span></p>`
  }

  /** A field that is only in the draft has no values; where its choices are states, steps name them. */
  #isUnused(entity: EntityDefinition, field: FieldDefinition): boolean {
    const { design } = this
    return design !== undefined && originOfField(design.published, entity, field).change === 'new' && design.draft.documents[lifecyclePath(entity.name)]?.['field'] !== field.key
  }

  #marks(entity: EntityDefinition, field: FieldDefinition, type: TypeInfo | undefined): TemplateResult {
    const at = place(entity, field)
    const crm = objectOf(field.property['crm'])
    const mark = (name: 'unique' | 'search' | 'index' | 'sensitive'): TemplateResult => this.#tick(name, crm[name] === true, (on) => this.perform((documents) => setSetting(documents, at, name, on ? true : undefined)))
    return html`
      <fieldset class="marks">
        <legend>${t('designer.rules')}</legend>
        ${type?.computed === true ? mark('index') : field.inferred ? nothing : this.#tick('required', field.required, (on) => this.perform((documents) => requireField(documents, at, on)))}
        ${type !== undefined && isComparable(type) ? html`${mark('unique')}${mark('index')}` : nothing}
        ${type !== undefined && isText(type) ? mark('search') : nothing}
        ${mark('sensitive')}
      </fieldset>
    `
  }

  /** Asked about are the record's own fields, without this one. */
  #requiredWhen(entity: EntityDefinition, field: FieldDefinition): TemplateResult | typeof nothing {
    const { requiredWhen } = objectOf(field.property['crm'])
    const shown = this.model?.entities[entity.name]
    if (this.model === undefined || shown === undefined) return nothing
    const asked = { ...shown, relations: [], fields: shown.fields.filter(({ key, listOf, lines }) => key !== field.key && listOf === undefined && lines === undefined) }
    const error = this.#problemAt('/crm/requiredWhen')
    return html`
      <fieldset class="marks">
        <legend>${t('designer.requiredWhen')}</legend>
        <p class="quiet">${t(requiredWhen === undefined ? 'designer.requiredWhen.never' : 'designer.requiredWhen.help')}</p>
        <condition-entry .client=${this.client} .model=${{ ...this.model, entities: { [entity.name]: asked } }} .entity=${asked} .condition=${isObject(requiredWhen) ? requiredWhen : undefined} .surroundings=${this.surroundings}
          heading=${t('designer.requiredWhen.title', { field: field.title })} place=${`${entity.name} ${field.key} requiredWhen`}
          @condition=${(event: CustomEvent<JsonObject | undefined>) => this.perform((documents) => setSetting(documents, place(entity, field), 'requiredWhen', event.detail))}></condition-entry>
        ${error === '' ? nothing : html`<p class="wrong" role="alert">${error}</p>`}
      </fieldset>`
  }

  #tick(name: 'required' | 'unique' | 'search' | 'index' | 'sensitive', on: boolean, change: (on: boolean) => void): TemplateResult {
    const error = this.#problemAt(`/crm/${name}`)
    return html`
      <label class="tick"><input type="checkbox" .checked=${on} @change=${() => change(!on)} />
        <span>${t(`designer.mark.${name}`)}<small>${t(`designer.markHelp.${name}`)}</small>${error === '' ? nothing : html`<small class="wrong">${error}</small>`}</span></label>
    `
  }

  #default(entity: EntityDefinition, field: FieldDefinition): TemplateResult {
    const named = ({ value, title, color }: Choice): readonly [string, JsonObject] => [String(value), { title: translated(this.design?.draft.documents ?? {}, language.value, entity.path, choiceTextPlace(field.key, String(value))) || title || titleFrom(String(value)), color }]
    const choices = choicesOf(field.property)
    const options = { ...field.property, ...objectOf(field.property['crm']), enum: choices.map(({ value }) => value), ...(choices.length === 0 ? {} : { options: Object.fromEntries(choices.map(named)) }) }
    return entry(this.surroundings, {
      field: shownField('default', t('designer.default'), field.type, options), value: field.property['default'] ?? null, help: t('designer.defaultHelp'), error: this.#problemAt('/default'),
      change: (value) => this.perform((documents) => setKeyword(documents, place(entity, field), 'default', value === null || value === '' ? undefined : value), `default:${field.id}`),
    })
  }

  #origin(design: Design, entity: EntityDefinition, field: FieldDefinition): TemplateResult {
    const { layer, change } = originOfField(design.published, entity, field)
    const below = belowOf(design.published, entity.path)
    // As long as it is called the same there.
    const back = resetField(design.draft.documents, place(entity, field), below)
    const asBelow = change === 'none' || back?.length === 0
    return html`
      <div class="panel-end">
        <p class="quiet">${icon('layers')}${layer === '' ? t('designer.fromDraft') : t(asBelow ? 'designer.fromLayer' : 'designer.fromLayerChanged', { layer: layerTitle(layer) })}</p>
        ${back === undefined || back.length === 0 ? nothing : html`<button type="button" class="plain accent" @click=${() => this.perform((documents) => resetField(documents, place(entity, field), below) ?? [])}>${icon('restore')}${t('layers.reset')}</button>`}
        ${change === 'new'
          ? html`<vaadin-button theme="tertiary error" @click=${() => this.#put((documents) => removeField(documents, place(entity, field)))}>${icon('trash', 'prefix')}${t('designer.removeField')}</vaadin-button>`
          : html`<vaadin-button theme="tertiary" @click=${() => void this.#archive(design, entity, field)}>${icon('archive', 'prefix')}${t('designer.archiveField')}</vaadin-button><p class="quiet">${t('designer.archiveHelp')}</p>`}
      </div>
    `
  }

  /** Who uses the field is said before: roles that decide by it stop the next publish. */
  async #archive(design: Design, entity: EntityDefinition, field: FieldDefinition): Promise<void> {
    const uses = usesOf(design.draft.documents, entity.name, field.key)
    if (uses.length > 0) {
      const dialog = document.createElement('archive-dialog')
      dialog.uses = uses
      dialog.titles = new Titles(design.draft.documents, design.published.documents)
      dialog.subject = field.title
      dialog.action = t('designer.archiveField')
      if ((await dialog.open()) === null) return
    }
    this.#put((documents) => archiveField(documents, place(entity, field)))
  }

  #put(command: Parameters<Perform>[0]): void {
    this.#fire('gone', null)
    this.perform(command)
  }

  /** The part of a problem's path within this field. */
  #inside(path: string): string {
    const root = `${this.entity?.path ?? ''}#/properties/${this.field?.key ?? ''}`
    return path.startsWith(root) ? path.slice(root.length) : ''
  }

  #problemAt(inside: string): string {
    const found = this.problems.find(({ path }) => this.#inside(path) === inside || this.#inside(path).startsWith(`${inside}/`))
    return found === undefined ? '' : problemText(found)
  }

  #nameProblem(): string {
    const found = this.problems.find(({ path, code }) => this.#inside(path) === '' && code.startsWith('name.') && hasText(`designer.problem.${code}`))
    return found === undefined ? '' : problemText(found)
  }

  #fire(name: 'rename' | 'retype' | 'gone', detail: string | null): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

/** Settings that every field has, computed or not. */
const shared: ReadonlySet<string> = new Set(['id', 'search', 'unique', 'index', 'sensitive', 'archived', 'options', 'requiredWhen'])

const place = (entity: EntityDefinition, field: FieldDefinition): { readonly entity: string; readonly key: string } => ({ entity: entity.name, key: field.key })

declare global {
  interface HTMLElementTagNameMap {
    'field-panel': FieldPanel
  }
}
