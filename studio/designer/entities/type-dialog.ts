/** Chooses a field type from plain descriptions with a live preview; for a new field also its title and name. */
import './type-dialog.css'
import '@vaadin/button'
import './choices-editor.js'
import './computed-editor.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { languageTitle, t } from '../../client/i18n.js'
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import { computedIcon } from '../../fields/computed.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { icon } from '../../ui/icon.js'
import { isName, objectOf, suggestName, type EntityDefinition, type OfferedFunction, type TypeInfo } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { entry, shownField } from '../entry.js'
import { Modal } from '../../ui/modal.js'
import type { ChoiceText } from './choices-editor.js'
import { optionsForm } from './options-form.js'
import { byUse, freshOptions } from './starts.js'
import { choicesOf, hasChoices, optionsOf, propertyFor, type Choice, type Option } from './type-options.js'
import type { Attempt } from './trial.js'
import { typeHelp, typeTitle } from '../words.js'

/** A text in another language: of the field itself (`inside`: title), or of a part of it. */
export interface FieldText {
  readonly language: string
  readonly inside: readonly string[]
  readonly translation: string
}

/** What was decided. `key` and `title` are '' when only the type was asked for. */
export interface ChosenField {
  readonly type: TypeInfo
  readonly options: JsonObject
  readonly key: string
  readonly title: string
  /** What the field and its choices are called in other languages. */
  readonly texts: readonly FieldText[]
  readonly required: boolean
  readonly inList: boolean
  /** The next field is wanted at once. */
  readonly another: boolean
}

@customElement('type-dialog')
export class TypeDialog extends Modal<ChosenField> {
  static override properties = {
    surroundings: { attribute: false }, types: { attribute: false }, documents: { attribute: false }, entities: { attribute: false }, taken: { attribute: false }, only: {}, current: {}, tags: { attribute: false }, continuing: { attribute: false }, functions: { attribute: false }, attempt: { attribute: false }, model: { attribute: false }, entity: {}, titles: { state: true }, choiceTexts: { state: true },
    chosen: { state: true }, options: { state: true }, sample: { state: true }, name: { state: true }, key: { state: true }, keyTyped: { state: true }, tried: { state: true }, required: { state: true }, inList: { state: true }, q: { state: true },
  }
  declare surroundings: Surroundings
  declare types: readonly TypeInfo[]
  /** The draft's. */
  declare documents: Documents
  declare entities: readonly EntityDefinition[]
  /** Keys that are in use. */
  declare taken: readonly string[]
  /** `type`: only the type of an existing field is chosen; `question`: the field stands in no list. */
  declare only: 'type' | 'question' | 'all'
  /** The type that the field has now, for a change. */
  declare current: string
  /** Languages that titles are also written in. */
  declare tags: readonly string[]
  /** One field after the other is being added: Enter goes on to the next. */
  declare continuing: boolean
  declare functions: readonly OfferedFunction[]
  declare attempt: Attempt | undefined
  declare model: UiModel | undefined
  /** Name of the entity that gets the field. */
  declare entity: string
  declare titles: Readonly<Record<string, string>>
  declare choiceTexts: readonly ChoiceText[]
  declare chosen: TypeInfo | null
  declare options: JsonObject
  declare sample: Json
  declare name: string
  declare key: string
  declare keyTyped: boolean
  declare tried: boolean
  declare required: boolean
  declare inList: boolean
  declare q: string
  #pointed = false

  constructor() {
    super()
    this.types = []
    this.documents = {}
    this.entities = []
    this.taken = []
    this.only = 'all'
    this.current = ''
    this.tags = []
    this.continuing = false
    this.functions = []
    this.entity = ''
    this.titles = {}
    this.choiceTexts = []
    this.chosen = null
    this.options = {}
    this.sample = null
    this.name = ''
    this.key = ''
    this.keyTyped = false
    this.tried = false
    this.required = false
    this.inList = false
    this.q = ''
  }

  protected override get label(): string {
    return t(this.only === 'type' ? 'designer.retypeTitle' : this.only === 'question' ? 'process.addQuestionTitle' : 'designer.addFieldTitle')
  }

  protected override get kind(): string {
    return 'wide'
  }

  protected override content(): TemplateResult {
    return html`
      <header class="dialog-head">
        <h2>${this.label}</h2>
        <button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button>
      </header>
      <div class="type-columns" ?data-chosen=${this.chosen !== null}>
        ${this.#palette()}
        ${this.chosen === null ? html`<div class="type-detail"><p class="quiet type-hint">${t('designer.chooseType')}</p></div>` : keyed(this.chosen.name, this.#detail(this.chosen))}
      </div>
      ${this.#foot()}
    `
  }

  #palette(): TemplateResult {
    const q = this.q.trim().toLowerCase()
    const shown = byUse(this.types.filter(({ name }) => q === '' || `${typeTitle(name)} ${typeHelp(name)} ${name}`.toLowerCase().includes(q)))
    return html`
      <div class="type-palette" @pointerdown=${() => (this.#pointed = true)} @keydown=${(event: KeyboardEvent) => this.#paletteKey(event, shown)}>
        <label class="palette-search">${icon('search')}<input type="search" autofocus aria-label=${t('designer.findType')} placeholder=${t('designer.findType')} .value=${this.q}
          @input=${(event: InputEvent) => (this.q = event.target instanceof HTMLInputElement ? event.target.value : '')} /></label>
        <fieldset><legend class="visually-hidden">${t('designer.type')}</legend>
          ${shown.map((type) => html`
            <label class="type-card">
              <input type="radio" name="type" .checked=${this.chosen?.name === type.name} @change=${() => this.choose(type)} />
              <span class="tile">${icon(computedIcon(type.name) ?? viewOf(type.name).icon)}</span>
              <span><strong>${typeTitle(type.name)}${type.name === this.current ? html` <small>${t('designer.typeNow')}</small>` : nothing}</strong><small>${typeHelp(type.name)}</small></span>
            </label>
          `)}
          ${shown.length === 0 ? html`<p class="quiet type-hint">${t('designer.nothingFound')}</p>` : nothing}
        </fieldset>
      </div>
    `
  }

  /** Goes on with a type. */
  choose(type: TypeInfo): void {
    this.chosen = type
    this.options = freshOptions(type, this.entities)
    this.choiceTexts = []
    this.sample = null
    this.tried = false
  }

  /** Enter takes the first type that was found, or goes on to the title of the one that is chosen; arrows stay in the list. */
  #paletteKey(event: KeyboardEvent, shown: readonly TypeInfo[]): void {
    this.#pointed = false
    if (event.isComposing) return
    const searching = event.target instanceof HTMLInputElement && event.target.type === 'search'
    if (searching && event.key === 'ArrowDown') {
      event.preventDefault()
      this.querySelector<HTMLElement>('.type-card input')?.focus()
    }
    if (event.key !== 'Enter') return
    event.preventDefault()
    const [first] = shown
    if (searching && first !== undefined && this.chosen?.name !== first.name) this.choose(first)
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.naming vaadin-text-field')?.focus())
  }

  #detail(type: TypeInfo): TemplateResult {
    const { surroundings } = this
    if (type.computed === true) return this.#computed(type)
    return html`
      <div class="type-detail panel-fields">
        <button type="button" class="plain type-back" @click=${() => (this.chosen = null)}>${icon('arrowLeft')}${t('designer.otherType')}</button>
        <div class="preview">
          <small>${t('designer.preview')}</small>
          ${entry(surroundings, { field: shownField('preview', this.name || typeTitle(type.name), type.name, this.options, this.required), value: this.sample, change: (value) => (this.sample = value) })}
        </div>
        ${this.only === 'type' ? html`<p class="note">${icon('help')}${t('designer.retypeHint')}</p>` : this.#naming()}
        ${hasChoices(type) ? html`<choices-editor .choices=${choicesOf(propertyFor(type, '', this.options))} .unused=${true} .tags=${this.only === 'type' ? [] : this.tags} .texts=${(tag: string, value: string) => this.choiceTexts.find((one) => one.tag === tag && one.value === value)?.text ?? ''}
          @choice-text=${({ detail }: CustomEvent<ChoiceText>) => (this.choiceTexts = [...this.choiceTexts.filter(({ tag, value }) => tag !== detail.tag || value !== detail.value), detail])} @choices=${(event: CustomEvent<readonly Choice[]>) => this.#choices(event.detail)}></choices-editor>` : nothing}
        ${optionsForm({
          surroundings, entities: this.entities,
          options: optionsOf(type).filter((option) => option.required),
          value: (option) => this.options[option.name],
          error: (option) => (this.tried && this.options[option.name] === undefined ? t('check.required') : ''),
          change: (option, value) => this.#setOption(option, value),
        })}
        ${this.only === 'type' ? nothing : html`
          <label class="tick"><input type="checkbox" .checked=${this.required} @change=${() => (this.required = !this.required)} /><span>${t('designer.required')}</span></label>
          ${this.only === 'question' ? nothing : html`<label class="tick"><input type="checkbox" .checked=${this.inList} @change=${() => (this.inList = !this.inList)} /><span>${t('designer.inList')}</span></label>`}
        `}
      </div>
    `
  }

  #computed(type: TypeInfo): TemplateResult {
    return html`
      <div class="type-detail panel-fields">
        <button type="button" class="plain type-back" @click=${() => (this.chosen = null)}>${icon('arrowLeft')}${t('designer.otherType')}</button>
        ${this.only === 'type' ? html`<p class="note">${icon('help')}${t('designer.retypeHint')}</p>` : this.#naming()}
        <computed-editor .kind=${type.name} .documents=${this.documents} .entities=${this.entities} .entity=${this.entities.find(({ name }) => name === this.entity)} .key=${this.key} .settings=${this.options} .types=${this.types}
          .functions=${this.functions} .attempt=${this.attempt} .model=${this.model} .surroundings=${this.surroundings} @settings=${(event: CustomEvent<JsonObject>) => (this.options = event.detail)}></computed-editor>
        ${this.only === 'type' ? nothing : html`<label class="tick"><input type="checkbox" .checked=${this.inList} @change=${() => (this.inList = !this.inList)} /><span>${t('designer.inList')}</span></label>`}
      </div>
    `
  }

  #choices(choices: readonly Choice[]): void {
    const before = this.#values()
    const values = choices.map(({ value }) => String(value))
    const renamed = before.length === values.length ? before.filter((value) => !values.includes(value)) : []
    // A value that follows its title takes its other names along.
    this.choiceTexts = this.choiceTexts.map((one) => (renamed.includes(one.value) ? { ...one, value: values[before.indexOf(one.value)] ?? one.value } : one))
    const shown = choices.map(({ value, title, color }) => [String(value), { ...(title === '' ? {} : { title }), ...(color === '' ? {} : { color }) }] as const)
    this.options = { ...this.options, enum: choices.map(({ value }) => value), options: Object.fromEntries(shown) }
  }

  #setOption(option: Option, value: Json | undefined): void {
    const { [option.name]: _old, ...others } = this.options
    this.options = value === undefined ? others : { ...others, [option.name]: value }
    // A link is mostly called like what it points to.
    const target = option.entry === 'entity' ? this.entities.find(({ name }) => name === value) : undefined
    if (target !== undefined && this.name.trim() === '') this.#named(target.title)
  }

  #named(title: string): void {
    this.name = title
    if (!this.keyTyped) this.key = title.trim() === '' ? '' : suggestName(title, 'field', this.taken)
  }

  #naming(): TemplateResult {
    const { surroundings } = this
    return html`<div class="naming panel-fields" @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && !event.isComposing && this.#done(this.continuing)}>
      ${entry(surroundings, {
        field: shownField('fieldTitle', t('designer.fieldTitle'), 'text', {}, true), value: this.name, autofocus: this.#pointed,
        error: this.tried && this.name.trim() === '' ? t('check.required') : '',
        change: (value) => this.#named(typeof value === 'string' ? value : ''),
      })}
      ${this.tags.map((tag) => entry(surroundings, {
        field: shownField(`fieldTitle-${tag}`, t('designer.field.titleIn', { language: languageTitle(tag) }), 'text'), value: this.titles[tag] ?? '',
        change: (value) => (this.titles = { ...this.titles, [tag]: typeof value === 'string' ? value : '' }),
      }))}
      ${entry(surroundings, {
        field: shownField('fieldKey', t('designer.fieldKey'), 'text', {}, true), value: this.key, help: t('designer.keyHelp'), error: this.#keyError(),
        change: (value) => {
          const typed = typeof value === 'string' ? value : ''
          if (typed === this.key) return
          this.key = typed
          this.keyTyped = typed !== ''
        },
      })}
    </div>`
  }

  #keyError(): string {
    if (this.key === '') return this.tried ? t('check.required') : ''
    if (!isName(this.key)) return t('designer.nameGrammar')
    return this.taken.some((key) => key.toLowerCase() === this.key.toLowerCase()) ? t('designer.nameTaken') : ''
  }

  #foot(): TemplateResult {
    return html`
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        ${this.only === 'type' ? nothing : html`<vaadin-button ?disabled=${this.chosen === null} @click=${() => this.#done(true)}>${t('designer.addAnother')}</vaadin-button>`}
        <vaadin-button theme="primary" ?disabled=${this.chosen === null} @click=${() => this.#done(false)}>${t(this.only === 'type' ? 'designer.retype' : this.only === 'question' ? 'process.addQuestion' : 'designer.addField')}</vaadin-button>
      </footer>
    `
  }

  #values(): readonly string[] {
    return this.chosen === null ? [] : choicesOf(propertyFor(this.chosen, '', this.options)).map(({ value }) => String(value))
  }

  #texts(): readonly FieldText[] {
    const values = this.#values()
    return [
      ...Object.entries(this.titles).map(([language, text]) => ({ language, inside: ['title'], translation: text.trim() })),
      ...this.choiceTexts.filter(({ value }) => values.includes(value)).map(({ tag, value, text }) => ({ language: tag, inside: ['crm', 'options', value, 'title'], translation: text.trim() })),
    ].filter(({ translation }) => translation !== '')
  }

  #done(another: boolean): void {
    const type = this.chosen
    if (type === null) return
    this.tried = true
    const named = this.only === 'type' || (this.name.trim() !== '' && this.key !== '' && this.#keyError() === '')
    const complete = optionsOf(type).every((option) => !option.required || objectOf(this.options)[option.name] !== undefined)
    if (!named || !complete) {
      void this.updateComplete.then(() => this.querySelector<HTMLElement>('[invalid]')?.focus())
      return
    }
    this.close({ type, options: this.options, key: this.key, title: this.name.trim(), texts: this.#texts(), required: this.required, inList: this.inList, another })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'type-dialog': TypeDialog
  }
}
