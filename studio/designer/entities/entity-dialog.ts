/** A new kind of record: what it is called, its first fields typed one under the other, and what it begins with besides. */
import './entity-dialog.css'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, languageTitle, listed, t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import type { AddEntity } from '../commands/add-entity.js'
import { choicesAmong, starterFields, starterNames, statesAmong, usualStarters, type StarterName } from '../commands/model-starters.js'
import { isName, pluralOf, suggestName, textOf, type EntityDefinition, type TypeInfo } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { entry, shownField } from '../entry.js'
import { iconChoice } from './icon-choice.js'
import { Modal } from '../../ui/modal.js'
import { startsOf, type Start } from './starts.js'
import { propertyFor } from './type-options.js'

/** What was decided: the entity, and what it begins with. */
export interface NewEntity {
  readonly made: AddEntity
  readonly starters: readonly StarterName[]
  /** Key of the field that the lifecycle goes over; '' for a new one. */
  readonly states: string
}

interface Line {
  readonly title: string
  /** Title in the first other language. */
  readonly other: string
  /** Which start, by its id. */
  readonly start: string
}

const linesAtFirst = 3
const emptyLine: Line = { title: '', other: '', start: 'text' }

@customElement('entity-dialog')
export class EntityDialog extends Modal<NewEntity> {
  static override properties = {
    surroundings: { attribute: false }, types: { attribute: false }, entities: { attribute: false }, tags: { attribute: false }, documents: { attribute: false }, starters: { state: true }, states: { state: true },
    texts: { state: true }, name: { state: true }, entityTitle: { state: true }, plural: { state: true }, icon: { state: true }, lines: { state: true }, nameTyped: { state: true }, pluralTyped: { state: true }, tried: { state: true },
  }
  declare surroundings: Surroundings
  declare types: readonly TypeInfo[]
  /** Those that are there: their names are taken, and fields can point to them. */
  declare entities: readonly EntityDefinition[]
  declare documents: Documents
  declare starters: readonly StarterName[]
  /** Which line has the states, once somebody said so; '' for a new field. */
  declare states: string | null
  /** Languages that titles are also written in. */
  declare tags: readonly string[]
  /** Language → place → title. */
  declare texts: Readonly<Record<string, Readonly<Record<string, string>>>>
  declare name: string
  declare entityTitle: string
  declare plural: string
  declare icon: string
  declare lines: readonly Line[]
  declare nameTyped: boolean
  declare pluralTyped: boolean
  declare tried: boolean

  constructor() {
    super()
    this.types = []
    this.entities = []
    this.tags = []
    this.documents = {}
    this.starters = usualStarters
    this.states = null
    this.texts = {}
    this.name = ''
    this.entityTitle = ''
    this.plural = ''
    this.icon = 'box'
    this.lines = [{ ...emptyLine, title: t('designer.firstField') }, ...Array.from({ length: linesAtFirst - 1 }, () => emptyLine)]
    this.nameTyped = false
    this.pluralTyped = false
    this.tried = false
  }

  protected override get label(): string {
    return t('designer.newEntity')
  }

  protected override content(): TemplateResult {
    const starts = startsOf(this.types, this.entities)
    return html`
      <header class="dialog-head">
        <h2>${this.label}</h2>
        <button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button>
      </header>
      <div class="dialog-body panel-fields">
        <div class="pair">${this.#text('title', this.entityTitle, (text) => this.#titled(text), true)}${this.#text('plural', this.plural, (text) => this.#pluralled(text))}</div>
        ${this.tags.map((tag) => html`<div class="pair">${this.#translation(tag, 'titleIn', '/title')}${this.#translation(tag, 'pluralIn', '/crm/plural')}</div>`)}
        ${this.#text('name', this.name, (text) => this.#named(text), true, this.#nameError(), t('designer.keyHelp'))}
        ${iconChoice(this.icon, (name) => (this.icon = name))}
        <fieldset class="quick-fields">
          <legend>${t('designer.firstFields')}</legend>
          ${this.lines.map((line, index) => this.#line(line, index, starts))}
          <button type="button" class="plain accent" @click=${() => this.#more()}>${icon('plus')}${t('designer.oneMore')}</button>
        </fieldset>
        ${this.#starters()}
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" @click=${() => this.#done()}>${t('designer.createEntity')}</vaadin-button>
      </footer>
    `
  }

  #text(key: 'title' | 'plural' | 'name', value: string, change: (text: string) => void, required = false, error = '', help = ''): TemplateResult {
    const current = { title: () => this.entityTitle, plural: () => this.plural, name: () => this.name }[key]
    const missing = required && this.tried && value.trim() === '' ? t('check.required') : ''
    return entry(this.surroundings, {
      field: shownField(`entity-${key}`, t(`designer.entity.${key}`), 'text', {}, required), value, help, error: error || missing, autofocus: key === 'title',
      change: (typed) => {
        const text = typeof typed === 'string' ? typed : ''
        // An input also tells of the value that it was just given.
        if (text !== current()) change(text)
      },
    })
  }

  #translation(tag: string, label: 'titleIn' | 'pluralIn', at: string): TemplateResult {
    return entry(this.surroundings, {
      field: shownField(`${label}-${tag}`, t(`designer.entity.${label}`, { language: languageTitle(tag) }), 'text'), value: this.texts[tag]?.[at] ?? '',
      change: (typed) => (this.texts = { ...this.texts, [tag]: { ...this.texts[tag], [at]: typeof typed === 'string' ? typed : '' } }),
    })
  }

  #starters(): TemplateResult {
    const own = this.#fields().fields
    const states = this.#statesIn(own)
    const toggle = (name: StarterName): void => void (this.starters = this.starters.includes(name) ? this.starters.filter((one) => one !== name) : [...this.starters, name])
    return html`
      <fieldset class="starters"><legend>${t('designer.starters')}</legend>${starterNames.map((name) => {
        const added = starterFields(this.documents, name, states).map(({ property, texts }) => texts[language.value]?.['/title'] ?? textOf(property['title']))
        return html`<div><label class="tick"><input type="checkbox" .checked=${this.starters.includes(name)} @change=${() => toggle(name)} />
          <span>${t(`designer.starter.${name}`)}<small>${t(`designer.starterHelp.${name}`)}${added.length === 0 ? nothing : html` ${t('designer.starterAdds', { fields: listed(added) })}`}</small></span></label>
          ${name === 'lifecycle' && this.starters.includes(name) ? this.#stateChoice(own, states) : nothing}</div>`
      })}</fieldset>`
  }

  /** Asked where a choice of one's own could have the states. */
  #stateChoice(own: AddEntity['fields'], states: string): TemplateResult | typeof nothing {
    const choices = choicesAmong(own)
    if (choices.length === 0) return nothing
    return html`<label class="starter-states"><span>${t('designer.starterStates')}</span><select class="plain-select" @change=${(event: Event) => (this.states = valueOf(event))}>
      ${['', ...choices].map((key) => html`<option value=${key} ?selected=${key === states}>${key === '' ? t('designer.starterOwnStates') : textOf(own.find(([one]) => one === key)?.[1]['title'])}</option>`)}</select></label>`
  }

  /** What was chosen as long as it is a choice; else what is called a status. */
  #statesIn(own: AddEntity['fields']): string {
    return this.states !== null && ['', ...choicesAmong(own)].includes(this.states) ? this.states : statesAmong(own)
  }

  get #taken(): readonly string[] {
    return this.entities.map(({ name }) => name)
  }

  #titled(text: string): void {
    this.entityTitle = text
    if (!this.pluralTyped) this.plural = pluralOf(text)
    if (!this.nameTyped) this.name = text.trim() === '' ? '' : suggestName(text, 'entity', this.#taken)
  }

  #pluralled(text: string): void {
    this.plural = text
    this.pluralTyped = text !== ''
  }

  #named(text: string): void {
    this.name = text
    this.nameTyped = text !== ''
  }

  #nameError(): string {
    if (this.name === '') return ''
    if (!isName(this.name)) return t('designer.nameGrammar')
    return this.#taken.some((name) => name.toLowerCase() === this.name.toLowerCase()) ? t('designer.nameTaken') : ''
  }

  #line(line: Line, index: number, starts: readonly Start[]): TemplateResult {
    const number = index + 1
    const groups = [...new Set(starts.map(({ group }) => group))]
    const replace = (change: Partial<Line>): void => void (this.lines = this.lines.with(index, { ...line, ...change }))
    const next = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || event.isComposing) return
      if (index === this.lines.length - 1) this.#more()
      else this.#focusLine(index + 1)
    }
    return html`
      <div class="quick-field" ?data-bilingual=${this.tags.length > 0}>
        <input type="text" class="plain-input" maxlength="120" aria-label=${t('designer.fieldNumber', { number })} placeholder=${t('designer.fieldNumber', { number })} .value=${line.title}
          @input=${(event: InputEvent) => replace({ title: valueOf(event) })}
          @keydown=${next} />
        ${this.tags.slice(0, 1).map((tag) => html`<input type="text" class="plain-input" maxlength="120" aria-label=${t('designer.fieldNumberIn', { number, language: languageTitle(tag) })} placeholder=${languageTitle(tag)} .value=${line.other}
          @input=${(event: InputEvent) => replace({ other: valueOf(event) })} @keydown=${next} />`)}
        <select class="plain-select" aria-label=${t('designer.typeOf', { number })} @change=${(event: Event) => replace({ start: valueOf(event) })}>
          ${groups.map((group) => {
            const options = starts.filter((start) => start.group === group).map((start) => html`<option value=${start.id} ?selected=${start.id === line.start}>${start.title}</option>`)
            return group === '' ? options : html`<optgroup label=${group}>${options}</optgroup>`
          })}
        </select>
        ${this.lines.length === 1 ? nothing : html`<button type="button" class="plain icon-only" aria-label=${t('designer.fieldRemove', { number })} @click=${() => (this.lines = this.lines.toSpliced(index, 1))}>${icon('close')}</button>`}
      </div>
    `
  }

  #more(): void {
    this.lines = [...this.lines, emptyLine]
    this.#focusLine(this.lines.length - 1)
  }

  #focusLine(index: number): void {
    void this.updateComplete.then(() => [...this.querySelectorAll('.quick-field')][index]?.querySelector('input')?.focus())
  }

  #done(): void {
    this.tried = true
    if (this.entityTitle.trim() === '' || this.name === '' || this.#nameError() !== '') return
    const { fields, others } = this.#fields()
    const [first] = this.tags
    const texts = Object.fromEntries(this.tags.map((tag) => [tag, { ...named(written(this.texts[tag] ?? {})), ...(tag === first ? others : {}) }]))
    this.close({ made: { name: this.name, title: this.entityTitle.trim(), plural: this.plural.trim(), icon: this.icon, fields, texts }, starters: this.starters, states: this.#statesIn(fields) })
  }

  /** The lines that have a title, and what they are called in the first other language. */
  #fields(): { readonly fields: AddEntity['fields']; readonly others: Readonly<Record<string, string>> } {
    const starts = startsOf(this.types, this.entities)
    const taken: string[] = []
    const others: Record<string, string> = {}
    const fields = this.lines.flatMap((line) => {
      const start = starts.find(({ id }) => id === line.start)
      const title = line.title.trim()
      if (title === '' || start === undefined) return []
      const key = suggestName(title, 'field', taken)
      taken.push(key)
      if (line.other.trim() !== '') others[`/properties/${key}/title`] = line.other.trim()
      return [[key, propertyFor(start.type, title, start.options)] as const]
    })
    return { fields, others }
  }
}

const written = (texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== ''))

/** Where nothing is said of several records they are called as one is: else the plural of the other language would stand there. */
const named = (texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> => (texts['/title'] === undefined ? texts : { '/crm/plural': texts['/title'], ...texts })

const valueOf = (event: Event): string => (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement ? event.target.value : '')

declare global {
  interface HTMLElementTagNameMap {
    'entity-dialog': EntityDialog
  }
}
