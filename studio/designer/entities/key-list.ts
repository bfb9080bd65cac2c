/** Fields in an order: more, fewer, up and down, and how each is compared. Each edit gives the whole new list. */
import './key-list.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'

import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { bareKey, isLoose, type KeyChoice } from './combinations.js'

/** `<key-list .keys .choices .most .label>`; fires `keys` (detail: the new list). */
@customElement('key-list')
export class KeyList extends LightElement {
  static override properties = { keys: { attribute: false }, choices: { attribute: false }, most: { attribute: false }, label: { attribute: false } }
  declare keys: readonly string[]
  declare choices: readonly KeyChoice[]
  /** How many fields it may have. */
  declare most: number
  /** What the list is called. */
  declare label: string
  /** The row that was moved, and where to: the keyboard goes with it. */
  #moved: { readonly to: number; readonly by: -1 | 1 } | null = null

  constructor() {
    super()
    this.keys = []
    this.choices = []
    this.most = 8
    this.label = ''
    new Watch(this, language)
  }

  override updated(): void {
    const moved = this.#moved
    if (moved === null) return
    this.#moved = null
    const tools = this.querySelectorAll('li')[moved.to]?.querySelectorAll<HTMLButtonElement>('.key-move')
    const [up, down] = tools ?? []
    const wanted = moved.by < 0 ? [up, down] : [down, up]
    wanted.find((button) => button?.disabled === false)?.focus()
  }

  override render(): TemplateResult {
    const free = this.choices.filter(({ key }) => !this.keys.some((one) => bareKey(one) === key))
    return html`
      <fieldset class="key-list"><legend>${this.label}</legend>
        ${this.keys.length === 0 ? nothing : html`<ol>${this.keys.map((key, index) => this.#row(key, index))}</ol>`}
        ${free.length === 0 || this.keys.length >= this.most ? nothing : html`<select class="plain-select" aria-label=${t('keys.add', { list: this.label })} @change=${(event: Event) => this.#added(event)}>
          <option value="" .selected=${live(true)}>${t(this.keys.length === 0 ? 'keys.first' : 'keys.more')}</option>${free.map(({ key, title }) => html`<option value=${key}>${title}</option>`)}</select>`}
      </fieldset>`
  }

  #row(key: string, index: number): TemplateResult {
    const choice = this.choices.find((one) => one.key === bareKey(key))
    const title = choice?.title ?? bareKey(key)
    const loose = isLoose(key)
    return html`
      <li>
        <span class="key-title">${title}</span>
        ${choice?.loose === true || loose ? html`<select class="plain-select" aria-label=${t('keys.how', { field: title })} @change=${(event: Event) => this.#tell(this.keys.with(index, `${bareKey(key)}${valueOf(event)}`))}>
          <option value="" .selected=${live(!loose)}>${t('keys.equal')}</option><option value="~" .selected=${live(loose)}>${t('keys.similar')}</option></select>` : nothing}
        <span class="key-tools">
          <button type="button" class="plain icon-only key-move" ?disabled=${index === 0} aria-label=${t('keys.up', { field: title })} @click=${() => this.#move(index, -1)}>${icon('arrowUp')}</button>
          <button type="button" class="plain icon-only key-move" ?disabled=${index === this.keys.length - 1} aria-label=${t('keys.down', { field: title })} @click=${() => this.#move(index, 1)}>${icon('arrowDown')}</button>
          <button type="button" class="plain icon-only" aria-label=${t('keys.remove', { field: title })} @click=${() => this.#tell(this.keys.toSpliced(index, 1))}>${icon('close')}</button>
        </span>
      </li>`
  }

  #added(event: Event): void {
    const key = valueOf(event)
    if (key !== '') this.#tell([...this.keys, key])
  }

  #move(index: number, by: -1 | 1): void {
    const key = this.keys[index]
    if (key === undefined) return
    this.#moved = { to: index + by, by }
    this.#tell(this.keys.toSpliced(index, 1).toSpliced(index + by, 0, key))
  }

  #tell(keys: readonly string[]): void {
    this.dispatchEvent(new CustomEvent('keys', { detail: keys }))
  }
}

const valueOf = (event: Event): string => (event.target instanceof HTMLSelectElement ? event.target.value : '')

declare global {
  interface HTMLElementTagNameMap {
    'key-list': KeyList
  }
}
