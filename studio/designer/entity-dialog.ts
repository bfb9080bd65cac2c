/** A new kind of record: what it is called, and its first fields typed one under the other. */
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { t } from '../client/i18n.js'
import type { Surroundings } from '../fields/contract.js'
import { icon } from '../ui/icon.js'
import type { AddEntity } from './commands/add-entity.js'
import { isName, suggestName, type TypeInfo } from './definitions.js'
import { entry, shownField } from './entry.js'
import { iconChoice } from './icon-choice.js'
import { Modal } from './modal.js'
import { hasChoices, optionsOf, propertyFor, startOptions } from './type-options.js'
import { typeTitle } from './words.js'

interface Line {
  readonly title: string
  readonly type: string
}

const linesAtFirst = 3
const plainType = 'text'

@customElement('entity-dialog')
export class EntityDialog extends Modal<AddEntity> {
  static override properties = {
    surroundings: { attribute: false }, types: { attribute: false }, taken: { attribute: false },
    name: { state: true }, entityTitle: { state: true }, plural: { state: true }, icon: { state: true }, lines: { state: true }, nameTyped: { state: true }, tried: { state: true },
  }
  declare surroundings: Surroundings
  declare types: readonly TypeInfo[]
  declare taken: readonly string[]
  declare name: string
  declare entityTitle: string
  declare plural: string
  declare icon: string
  declare lines: readonly Line[]
  declare nameTyped: boolean
  declare tried: boolean

  constructor() {
    super()
    this.types = []
    this.taken = []
    this.name = ''
    this.entityTitle = ''
    this.plural = ''
    this.icon = 'box'
    this.lines = [{ title: t('designer.firstField'), type: plainType }, ...Array.from({ length: linesAtFirst - 1 }, (): Line => ({ title: '', type: plainType }))]
    this.nameTyped = false
    this.tried = false
  }

  protected override get label(): string {
    return t('designer.newEntity')
  }

  protected override content(): TemplateResult {
    return html`
      <header class="dialog-head">
        <h2>${this.label}</h2>
        <button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => this.close(null)}>${icon('close')}</button>
      </header>
      <div class="dialog-body panel-fields">
        <div class="pair">${this.#text('title', this.entityTitle, (text) => this.#titled(text), true)}${this.#text('plural', this.plural, (text) => (this.plural = text))}</div>
        ${this.#text('name', this.name, (text) => this.#named(text), true, this.#nameError(), t('designer.keyHelp'))}
        ${iconChoice(this.icon, (name) => (this.icon = name))}
        <fieldset class="quick-fields">
          <legend>${t('designer.firstFields')}</legend>
          ${this.lines.map((line, index) => this.#line(line, index))}
          <button type="button" class="plain accent" @click=${() => this.#more()}>${icon('plus')}${t('designer.oneMore')}</button>
        </fieldset>
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

  #titled(text: string): void {
    this.entityTitle = text
    if (!this.nameTyped) this.name = text.trim() === '' ? '' : suggestName(text, 'entity', this.taken)
  }

  #named(text: string): void {
    this.name = text
    this.nameTyped = text !== ''
  }

  #nameError(): string {
    if (this.name === '') return ''
    if (!isName(this.name)) return t('designer.nameGrammar')
    return this.taken.some((name) => name.toLowerCase() === this.name.toLowerCase()) ? t('designer.nameTaken') : ''
  }

  /** Types that need nothing else to be said; the others are added on the entity's page. */
  get #simple(): readonly TypeInfo[] {
    return this.types.filter((type) => !hasChoices(type) && optionsOf(type).every((option) => !option.required || startOptions(type)[option.name] !== undefined))
  }

  #line(line: Line, index: number): TemplateResult {
    const number = index + 1
    const replace = (next: Partial<Line>): void => void (this.lines = this.lines.with(index, { ...line, ...next }))
    return html`
      <div class="quick-field">
        <input type="text" maxlength="120" aria-label=${t('designer.fieldNumber', { number })} placeholder=${t('designer.fieldNumber', { number })} .value=${line.title}
          @input=${(event: InputEvent) => replace({ title: valueOf(event) })}
          @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && !event.isComposing && index === this.lines.length - 1 && this.#more()} />
        <select aria-label=${t('designer.typeOf', { number })} @change=${(event: Event) => replace({ type: valueOf(event) })}>
          ${this.#simple.map((type) => html`<option value=${type.name} ?selected=${type.name === line.type}>${typeTitle(type.name)}</option>`)}
        </select>
        ${this.lines.length === 1 ? nothing : html`<button type="button" class="plain icon-only" aria-label=${t('designer.fieldRemove', { number })} @click=${() => (this.lines = this.lines.toSpliced(index, 1))}>${icon('close')}</button>`}
      </div>
    `
  }

  #more(): void {
    this.lines = [...this.lines, { title: '', type: plainType }]
    void this.updateComplete.then(() => [...this.querySelectorAll<HTMLElement>('.quick-field input')].at(-1)?.focus())
  }

  #done(): void {
    this.tried = true
    if (this.entityTitle.trim() === '' || this.name === '' || this.#nameError() !== '') return
    const taken: string[] = []
    const fields = this.lines.flatMap((line) => {
      const type = this.types.find(({ name }) => name === line.type)
      const title = line.title.trim()
      if (title === '' || type === undefined) return []
      const key = suggestName(title, 'field', taken)
      taken.push(key)
      return [[key, propertyFor(type, title, startOptions(type))] as const]
    })
    this.close({ name: this.name, title: this.entityTitle.trim(), plural: this.plural.trim(), icon: this.icon, fields })
  }
}

const valueOf = (event: Event): string => (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement ? event.target.value : '')

declare global {
  interface HTMLElementTagNameMap {
    'entity-dialog': EntityDialog
  }
}
