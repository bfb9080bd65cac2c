/**
 * Search, the condition of a list as chips, and the small form that makes one of them; what the form cannot show opens in
 * the builder. Fires `search` (detail: text), `condition` (detail: JsonObject or undefined) and `build`.
 */
import '../quick-search.css'
import './filter-bar.css'
import { popoverRenderer } from '@vaadin/popover/lit.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../../metadata/contract/ui-model.js'
import { fieldAt } from '../../client/model.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { onceOpened } from '../../ui/once-opened.js'
import { comparisonsOf, isOwnSegment } from './comparisons.js'
import { isComplete, readFilter, writeFilter, type Group, type Part, type Test } from './filter-tree.js'
import { partWords, pathTitle } from './filter-words.js'
import type { testEditor } from './test-editor.js'

const typingPauseMs = 250

/** `<filter-bar .model .entity .q .condition .surroundings buildable>` */
@customElement('filter-bar')
export class FilterBar extends LightElement {
  static override properties = { model: { attribute: false }, entity: { attribute: false }, q: { attribute: false }, condition: { attribute: false }, surroundings: { attribute: false }, buildable: { type: Boolean }, draft: { state: true }, opened: { state: true } }
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare q: string
  declare condition: JsonObject | undefined
  declare surroundings: Surroundings | undefined
  /** Offers the builder. */
  declare buildable: boolean
  /** The test in the form; null while no field is chosen. */
  declare draft: Test | null
  declare opened: boolean
  /** Which part the form changes; null for a new one. */
  #index: number | null = null
  /** Comes with the first filter that is made or changed. */
  #editor: typeof testEditor | undefined
  #timer: number | undefined

  constructor() {
    super()
    this.q = ''
    this.buildable = false
    this.draft = null
    this.opened = false
    new Watch(this, language)
  }

  get #group(): Group {
    return readFilter(this.condition)
  }

  override render(): TemplateResult | typeof nothing {
    const { entity } = this
    if (entity === undefined) return nothing
    const { parts } = this.#group
    return html`
      ${entity.searchable ? html`
        <label class="quick-search">${icon('search')}
          <input type="search" .value=${this.q} placeholder=${t('list.search', { entity: entity.plural })} aria-label=${t('list.search', { entity: entity.plural })}
            maxlength="200" autocomplete="off" spellcheck="false" @input=${(event: InputEvent) => this.#typed(event)} />
        </label>` : nothing}
      <div class="chips">
        ${parts.map((part, index) => this.#chip(entity, part, index))}
        <button type="button" class="chip add" id="filter-add" aria-haspopup="dialog" aria-expanded=${this.opened ? 'true' : 'false'} @click=${() => void this.#edit(null)}>
          ${icon('filter')}<span>${t('list.filter')}</span>
        </button>
        ${this.buildable ? html`<button type="button" class="plain icon-only build" title=${t('filters.build')} aria-label=${t('filters.build')} aria-haspopup="dialog" @click=${() => this.#build()}>${icon('settings')}</button>` : nothing}
        ${parts.length > 1 ? html`<button type="button" class="plain" @click=${() => this.#change([])}>${t('list.filterClear')}</button>` : nothing}
      </div>
      ${onceOpened(this.opened, () => html`<vaadin-popover for="filter-add" class="filter-popover" position="bottom-start" modal .trigger=${[]} .opened=${this.opened} overlay-role="dialog" accessible-name=${t('list.filterAdd')}
        @opened-changed=${(event: CustomEvent<{ value: boolean }>) => (this.opened = event.detail.value)}
        ${popoverRenderer(() => this.#form(), [this.draft, this.entity, this.condition, language.value])}></vaadin-popover>`)}
    `
  }

  #chip(entity: UiEntity, part: Part, index: number): TemplateResult | typeof nothing {
    const { model, surroundings } = this
    if (model === undefined || surroundings === undefined) return nothing
    const words = partWords({ model, surroundings }, entity, part)
    return html`
      <span class="chip">
        <button type="button" @click=${() => void this.#edit(index)}>${words}</button>
        <button type="button" class="chip-remove" aria-label=${t('list.filterRemove', { filter: part.kind === 'test' ? pathTitle(model, entity, part.path) : t('filters.part', { count: index + 1 }) })} @click=${() => this.#change(this.#group.parts.filter((_, at) => at !== index))}>${icon('close')}</button>
      </span>
    `
  }

  #form(): TemplateResult | typeof nothing {
    const { model, entity, surroundings, draft } = this
    if (model === undefined || entity === undefined || surroundings === undefined || this.#editor === undefined) return nothing
    return html`
      <form class="filter-form" @submit=${(event: Event) => event.preventDefault()} @keydown=${(event: KeyboardEvent) => this.#enter(event)}>
        ${this.#editor({ model, entity, surroundings, compact: false }, () => this.draft, (test) => (this.draft = test), true)}
        <div class="filter-actions">
          ${this.buildable ? html`<vaadin-button theme="tertiary" class="to-builder" @click=${() => this.#build()}>${t('filters.more')}</vaadin-button>` : nothing}
          <vaadin-button theme="tertiary" @click=${() => (this.opened = false)}>${t('cancel')}</vaadin-button>
          <vaadin-button theme="primary" ?disabled=${draft === null || !isComplete(draft)} @click=${() => this.#apply()}>${t('list.filterApply')}</vaadin-button>
        </div>
      </form>
    `
  }

  /** A test that the form can show is changed in the form, everything else in the builder. */
  async #edit(index: number | null): Promise<void> {
    const part = index === null ? undefined : this.#group.parts[index]
    const field = part?.kind === 'test' && this.model !== undefined && this.entity !== undefined ? fieldAt(this.model, this.entity, part.path) : undefined
    const shown = part?.kind === 'test' && field !== undefined && (isOwnSegment(part) || comparisonsOf(field).includes(part.comparison)) ? part : undefined
    if (part !== undefined && shown === undefined && this.buildable) return this.#build()
    this.#index = index
    this.draft = shown ?? null
    this.#editor ??= (await import('./test-editor.js')).testEditor
    this.opened = true
  }

  #build(): void {
    this.opened = false
    this.dispatchEvent(new CustomEvent('build'))
  }

  #enter(event: KeyboardEvent): void {
    const inValue = event.composedPath().some((node) => node instanceof HTMLElement && (node.classList.contains('test-value') || node.classList.contains('test-span')))
    if (event.key !== 'Enter' || event.isComposing || event.defaultPrevented || !inValue) return
    // The picker inside the field takes this Enter first; its value is there in the next task.
    setTimeout(() => this.draft !== null && isComplete(this.draft) && this.#apply())
  }

  #apply(): void {
    const { draft } = this
    if (draft === null) return
    const { parts } = this.#group
    this.opened = false
    this.draft = null
    this.#change(this.#index === null ? [...parts, draft] : parts.map((old, at) => (at === this.#index ? draft : old)))
  }

  #typed(event: InputEvent): void {
    const q = (event.target as HTMLInputElement).value
    window.clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => this.dispatchEvent(new CustomEvent<string>('search', { detail: q.trim() })), typingPauseMs)
  }

  #change(parts: readonly Part[]): void {
    this.dispatchEvent(new CustomEvent<JsonObject | undefined>('condition', { detail: writeFilter({ kind: 'group', match: 'all', parts }) }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'filter-bar': FilterBar
  }
}
