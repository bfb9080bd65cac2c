/** Where a formula is written, with names and functions offered while it is. A plain text until the editor is there, and on telephones, which it is not made for. */
import './formula-entry.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../../client/i18n.js'
import { theme } from '../../client/preferences.js'
import { Watch } from '../../client/store.js'
import { LightElement } from '../../ui/light-element.js'
import { textFor, typeTitle } from '../words.js'
import type { FormulaView, FormulaViewOptions } from './monaco-formula.js'
import type { FormulaLanguage, OfferWords } from './offers.js'

const words: OfferWords = {
  field: ({ title, type }) => (type === '' ? title : `${title} · ${typeTitle(type)}`),
  function: (usage) => textFor(`formula.function.${usage.slice(0, usage.indexOf('('))}`, ''),
  word: (word) => t(`formula.word.${word}`),
}

const noNames: FormulaLanguage = { names: () => [], functions: [], words: [] }
const byTouch = window.matchMedia('(pointer: coarse)')
const dark = window.matchMedia('(prefers-color-scheme: dark)')
let count = 0

/** `<formula-entry .label .value .offered>`; fires `formula` (detail: the text). */
@customElement('formula-entry')
export class FormulaEntry extends LightElement {
  static override properties = { label: {}, value: {}, placeholder: {}, help: {}, wrong: { type: Boolean }, offered: { attribute: false } }
  declare label: string
  declare value: string
  declare placeholder: string
  /** A sentence below it. */
  declare help: string
  /** The engine cannot use what is written. */
  declare wrong: boolean
  declare offered: FormulaLanguage
  readonly #id = `formula-${String((count += 1))}`
  #view: FormulaView | null = null
  readonly #dress = (): void => this.#view?.dress()

  constructor() {
    super()
    this.label = ''
    this.value = ''
    this.placeholder = ''
    this.help = ''
    this.wrong = false
    this.offered = noNames
    new Watch(this, language, theme)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    dark.addEventListener('change', this.#dress)
    if (this.hasUpdated) void this.#load()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    dark.removeEventListener('change', this.#dress)
    this.#view?.end()
    this.#view = null
    this.#mark(false)
  }

  override firstUpdated(): void {
    void this.#load()
  }

  override updated(): void {
    this.#view?.show(this.value)
    this.#view?.dress()
  }

  /** Without it a formula is a plain text, which works as well. */
  async #load(): Promise<void> {
    if (byTouch.matches) return
    const monaco = await loaded().catch(() => undefined)
    const host = this.querySelector<HTMLElement>('.formula-host')
    const area = this.#area
    if (monaco === undefined || host === null || area === null || !this.isConnected || this.#view !== null) return
    this.#mark(true)
    this.#view = monaco.showFormula(host, {
      text: this.value, label: this.label, placeholder: this.placeholder, caret: document.activeElement === area ? area.selectionStart : null,
      language: () => this.offered, words, typed: (text) => this.#tell(text), grown: (height) => host.style.setProperty('block-size', `${String(height)}px`),
    })
  }

  #mark(ready: boolean): void {
    this.toggleAttribute('ready', ready)
  }

  get #area(): HTMLTextAreaElement | null {
    return this.querySelector<HTMLTextAreaElement>('.formula-text')
  }

  /** Puts a text where the caret is, with a space before it where one is needed. */
  insert(text: string): void {
    if (this.#view !== null) return this.#view.insert(text)
    const area = this.#area
    if (area === null) return
    const { selectionStart: from, selectionEnd: to, value } = area
    const before = value.slice(0, from)
    const space = before !== '' && !/[\s(]$/.test(before) ? ' ' : ''
    area.value = `${before}${space}${text}${value.slice(to)}`
    const caret = from + space.length + text.length
    area.focus()
    area.setSelectionRange(caret, caret)
    this.#tell(area.value)
  }

  override render(): TemplateResult {
    const { label, value, placeholder, help, wrong } = this
    return html`
      <label for=${this.#id} @click=${() => this.#view?.focus()}>${label}</label>
      <textarea id=${this.#id} class="formula-text" rows=${Math.min(6, Math.max(1, value.split('\n').length, Math.ceil(value.length / 40)))} maxlength="2000" spellcheck="false" autocapitalize="off" placeholder=${placeholder}
        aria-invalid=${wrong ? 'true' : 'false'} aria-describedby=${help === '' ? nothing : `${this.#id}-help`} .value=${value} @input=${(event: InputEvent) => event.target instanceof HTMLTextAreaElement && this.#tell(event.target.value)}></textarea>
      <div class="formula-host" data-wrong=${wrong ? 'true' : nothing} @keydown=${stay}></div>
      ${help === '' ? nothing : html`<small id=${`${this.#id}-help`} class="quiet">${help}</small>`}
    `
  }

  #tell(text: string): void {
    if (text === this.value) return
    this.value = text
    this.dispatchEvent(new CustomEvent<string>('formula', { detail: text }))
  }
}

/** Keys typed into the text are not shortcuts of the page, nor is its undo that of the draft. */
function stay(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey) event.stopPropagation()
}

/** Its own words come in the language that the studio has when it is first loaded. */
async function loaded(): Promise<{ readonly showFormula: (host: HTMLElement, options: FormulaViewOptions) => FormulaView }> {
  if (language.value === 'zh') await import('monaco-editor/nls/lang/zh-cn')
  return import('./monaco-formula.js')
}

declare global {
  interface HTMLElementTagNameMap {
    'formula-entry': FormulaEntry
  }
}
