/** One value of a step: fixed, taken from what the run knows, or worked out by a formula. */
import './value-editor.css'
import '../formulas/formula-entry.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { LightElement } from '../../ui/light-element.js'
import { entry } from '../entry.js'
import type { OfferedFunction } from '../draft/definitions.js'
import type { Source } from '../workflows/sources.js'
import { bare, expression, isExpression } from './tests.js'
import { runLanguage } from './run-language.js'

const ways = ['fixed', 'known', 'formula'] as const
type Way = (typeof ways)[number]

/** `<value-editor .field .value .sources>`; fires `value` (detail: the value, undefined for none). */
@customElement('value-editor')
export class ValueEditor extends LightElement {
  static override properties = { surroundings: { attribute: false }, field: { attribute: false }, value: { attribute: false }, sources: { attribute: false }, functions: { attribute: false }, error: {}, help: {}, compares: { type: Boolean }, chosen: { state: true } }
  declare surroundings: Surroundings
  /** How a fixed value is entered. */
  declare field: UiField
  declare value: Json | undefined
  declare sources: readonly Source[]
  declare functions: readonly OfferedFunction[]
  declare error: string
  declare help: string
  /** It is compared with a value of records. */
  declare compares: boolean
  /** The way that the person asked for; null: the one that the value says. */
  declare chosen: Way | null

  constructor() {
    super()
    this.sources = []
    this.functions = []
    this.error = ''
    this.help = ''
    this.compares = false
    this.chosen = null
    new Watch(this, language)
  }

  get #way(): Way {
    if (this.chosen !== null) return this.chosen
    if (!isExpression(this.value)) return 'fixed'
    const source = bare(this.value)
    return this.sources.some(({ path }) => path === source) ? 'known' : 'formula'
  }

  override render(): TemplateResult {
    const way = this.#way
    const { title } = this.field
    return html`
      <div class="value-editor">
        <select class="value-way" aria-label=${t('process.way', { name: title })} @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value as Way)}>
          ${ways.filter((one) => one !== 'known' || this.sources.length > 0).map((one) => html`<option value=${one} ?selected=${one === way}>${t(`process.way.${one}`)}</option>`)}
        </select>
        ${way === 'fixed' ? this.#fixed() : way === 'known' ? this.#known() : this.#formula()}
      </div>
    `
  }

  #fixed(): TemplateResult {
    return entry(this.surroundings, {
      field: this.field, value: isExpression(this.value) ? null : this.value ?? null, error: this.error, help: this.help, ...(this.compares ? { compares: true } : {}),
      // An input also tells of the value that it was just given.
      change: (value) => this.#tell(value === null || value === '' ? undefined : value),
    })
  }

  #known(): TemplateResult {
    const source = isExpression(this.value) ? bare(this.value) : ''
    return html`
      <label class="plain-entry"><span>${this.field.title}</span>${sourceSelect(this.sources, source, '', (path) => this.#tell(expression(path)))}</label>
      ${this.#below()}
    `
  }

  #formula(): TemplateResult {
    const source = isExpression(this.value) ? bare(this.value) : ''
    return html`
      <formula-entry .label=${this.field.title} .value=${source} .wrong=${this.error !== ''} .offered=${runLanguage(this.sources, this.functions)} @formula=${(event: CustomEvent<string>) => this.#typed(event.detail)}></formula-entry>
      ${this.#below()}
      ${insertChips(this.sources, this.functions, (text) => this.querySelector('formula-entry')?.insert(text))}
    `
  }

  #below(): TemplateResult {
    return html`${this.error === '' ? nothing : html`<p class="wrong" role="alert">${this.error}</p>`}${this.help === '' ? nothing : html`<small class="quiet">${this.help}</small>`}`
  }

  #typed(text: string): void {
    this.chosen = 'formula'
    this.#tell(text.trim() === '' ? undefined : expression(text))
  }

  #choose(way: Way): void {
    this.chosen = way
    const [first] = this.sources
    const source = isExpression(this.value) ? bare(this.value) : ''
    if (way === 'known' && first !== undefined && !this.sources.some(({ path }) => path === source)) this.#tell(expression(first.path))
  }

  #tell(value: Json | undefined): void {
    if (JSON.stringify(value) === JSON.stringify(this.value)) return
    this.value = value
    this.dispatchEvent(new CustomEvent<Json | undefined>('value', { detail: value }))
  }
}

/** A choice among what the run knows; a path that is none of it stands at the end as it is. */
export function sourceSelect(sources: readonly Source[], chosen: string, label: string, change: (path: string) => void): TemplateResult {
  const groups = [...new Set(sources.map(({ group }) => group))]
  const known = sources.some(({ path }) => path === chosen)
  return html`<select class="plain-select" aria-label=${label === '' ? nothing : label} @change=${(event: Event) => change((event.target as HTMLSelectElement).value)}>
    ${chosen === '' || known ? nothing : html`<option value=${chosen} selected>${chosen}</option>`}
    ${groups.map((group) => html`<optgroup label=${group}>${sources.filter((source) => source.group === group).map(({ path, title }) => html`<option value=${path} ?selected=${path === chosen}>${title}</option>`)}</optgroup>`)}
  </select>`
}

/** What can be put into a formula, to click. */
export function insertChips(sources: readonly Source[], functions: readonly OfferedFunction[], insert: (text: string) => void): TemplateResult {
  const groups = [...new Set(sources.map(({ group }) => group))]
  return html`
    ${groups.map((group) => html`<details class="insert-more"><summary>${t('process.insert', { group })}</summary><div class="insert">${sources.filter((source) => source.group === group).map(({ path, title }) =>
      html`<button type="button" class="chip" title=${path} @click=${() => insert(path)}>${title}</button>`)}</div></details>`)}
    ${functions.length === 0 ? nothing : html`<details class="insert-more"><summary>${t('computed.functions')}</summary><div class="insert">${functions.map(({ usage }) => html`<button type="button" class="chip code" @click=${() => insert(usage)}>${usage}</button>`)}</div></details>`}
  `
}

declare global {
  interface HTMLElementTagNameMap {
    'value-editor': ValueEditor
  }
}
