/** The choices of a field: title, colour, order, more, fewer. Each edit gives the whole new list. */
import './choices-editor.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import { languageTitle, t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { suggestName, titleFrom } from '../draft/definitions.js'
import type { Choice } from './type-options.js'
import { textFor } from '../words.js'

const colors: readonly string[] = ['', 'gray', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'violet', 'purple', 'pink', 'brown']

/** What a choice is called in another language. */
export interface ChoiceText {
  readonly tag: string
  readonly value: string
  readonly text: string
}

/** `<choices-editor .choices .error .unused .tags .texts>`; fires `choices` (detail: the new list) and `choice-text` (detail: a `ChoiceText`). */
@customElement('choices-editor')
export class ChoicesEditor extends LightElement {
  static override properties = { choices: { attribute: false }, error: {}, unused: { attribute: false }, tags: { attribute: false }, texts: { attribute: false }, adding: { state: true } }
  declare choices: readonly Choice[]
  declare error: string
  /** No record can have the values yet: they follow what the choices are called. */
  declare unused: boolean
  /** Languages that choices are named in besides. */
  declare tags: readonly string[]
  declare texts: (tag: string, value: string) => string
  declare adding: string

  constructor() {
    super()
    this.choices = []
    this.error = ''
    this.unused = false
    this.tags = []
    this.texts = () => ''
    this.adding = ''
  }

  override render(): TemplateResult {
    return html`
      <fieldset class="choices">
        <legend>${t('designer.choices')}</legend>
        ${this.error === '' ? nothing : html`<p class="panel-error" role="alert">${this.error}</p>`}
        <ol>${repeat(this.choices, (choice, index) => (this.unused ? index : choice.value), (choice, index) => this.#row(choice, index))}</ol>
        <div class="choice-add">
          <input type="text" class="plain-input" maxlength="120" aria-label=${t('designer.choiceNew')} placeholder=${t('designer.choiceNew')} .value=${this.adding}
            @input=${(event: InputEvent) => (this.adding = valueOf(event))} @keydown=${(event: KeyboardEvent) => this.#entered(event)} />
          <button type="button" class="plain accent" ?disabled=${this.adding.trim() === ''} @click=${() => this.#add()}>${icon('plus')}${t('add')}</button>
        </div>
      </fieldset>
    `
  }

  #row(choice: Choice, index: number): TemplateResult {
    const name = choice.title || titleFrom(String(choice.value))
    return html`
      <li class="choice-row">
        <span class="badge" data-color=${choice.color}>${name}</span>
        <input type="text" class="plain-input" maxlength="120" aria-label=${t('designer.choiceTitle', { choice: String(choice.value) })} .value=${choice.title} placeholder=${titleFrom(String(choice.value))}
          @input=${(event: InputEvent) => this.#replace(index, { ...choice, title: valueOf(event) })} @change=${() => this.#follow(index)} />
        <select class="plain-select" aria-label=${t('designer.choiceColor', { choice: name })} @change=${(event: Event) => this.#replace(index, { ...choice, color: valueOf(event) })}>
          ${(colors.includes(choice.color) ? colors : [...colors, choice.color]).map((color) => html`<option value=${color} ?selected=${color === choice.color}>${textFor(`designer.color.${color === '' ? 'none' : color}`, color)}</option>`)}
        </select>
        ${this.tags.map((tag) => html`<input type="text" class="plain-input choice-text" maxlength="120" aria-label=${t('designer.choiceIn', { choice: name, language: languageTitle(tag) })} .value=${this.texts(tag, String(choice.value))} placeholder=${languageTitle(tag)}
          @input=${(event: InputEvent) => this.dispatchEvent(new CustomEvent<ChoiceText>('choice-text', { detail: { tag, value: String(choice.value), text: valueOf(event) } }))} />`)}
        <span class="choice-tools">
          <button type="button" class="plain icon-only" ?disabled=${index === 0} aria-label=${t('designer.choiceUp', { choice: name })} @click=${() => this.#move(index, -1)}>${icon('arrowUp')}</button>
          <button type="button" class="plain icon-only" ?disabled=${index === this.choices.length - 1} aria-label=${t('designer.choiceDown', { choice: name })} @click=${() => this.#move(index, 1)}>${icon('arrowDown')}</button>
          <button type="button" class="plain icon-only" ?disabled=${this.choices.length === 1} aria-label=${t('designer.choiceRemove', { choice: name })} @click=${() => this.#tell(this.choices.toSpliced(index, 1))}>${icon('close')}</button>
        </span>
      </li>
    `
  }

  #entered(event: KeyboardEvent): void {
    // While Chinese is being composed, Enter picks a character.
    if (event.key !== 'Enter' || event.isComposing) return
    event.preventDefault()
    this.#add()
  }

  #add(): void {
    const title = this.adding.trim()
    if (title === '') return
    this.adding = ''
    this.#tell([...this.choices, { value: this.#valueFor(title), title, color: '' }])
  }

  /** The stored value: short and Latin where the title allows it; numbers stay numbers. */
  #valueFor(title: string): string | number {
    const numeric = this.choices.length > 0 && this.choices.every(({ value }) => typeof value === 'number')
    if (numeric) return Math.max(...this.choices.map(({ value }) => Number(value))) + 1
    return suggestName(title, 'option', this.choices.map(({ value }) => String(value)))
  }

  /** `option1` that is called “In repair” becomes `inRepair`, as long as nothing has that value. */
  #follow(index: number): void {
    const choice = this.choices[index]
    if (!this.unused || choice === undefined || choice.title.trim() === '' || typeof choice.value !== 'string') return
    const value = suggestName(choice.title, 'option', this.choices.flatMap((one, at) => (at === index ? [] : [String(one.value)])))
    if (value !== choice.value) this.#replace(index, { ...choice, value })
  }

  #replace(index: number, choice: Choice): void {
    this.#tell(this.choices.with(index, choice))
  }

  #move(index: number, by: number): void {
    const moved = this.choices[index]
    if (moved !== undefined) this.#tell(this.choices.toSpliced(index, 1).toSpliced(index + by, 0, moved))
  }

  #tell(choices: readonly Choice[]): void {
    this.dispatchEvent(new CustomEvent('choices', { detail: choices }))
  }
}

const valueOf = (event: Event): string => (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement ? event.target.value : '')

declare global {
  interface HTMLElementTagNameMap {
    'choices-editor': ChoicesEditor
  }
}
