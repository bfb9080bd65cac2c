/** Search, filter chips and the small form that makes one. Fires `state` with the whole new state. */
import './quick-search.css'
import './filter-bar.css'
import '@vaadin/button'
import '@vaadin/combo-box'
import '@vaadin/popover'
import '@vaadin/select'
import { popoverRenderer } from '@vaadin/popover/lit.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { until } from 'lit/directives/until.js'

import type { Json } from '../../metadata/contract/json.js'
import type { Operator } from '../../metadata/contract/operators.js'
import type { UiEntity, UiField, UiModel } from '../../metadata/contract/ui-model.js'
import { fieldAt } from '../client/model.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import type { FieldSlot, Surroundings } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { pathChoices, type PathChoice } from './columns.js'
import { periodNames, periodOf, type FilterPart, type ListState } from './list-state.js'

const typingPauseMs = 250

/** What is being put together in the popover. `comparison` is an operator, or `empty` / `filled`. */
interface Draft {
  readonly index: number
  readonly path: string
  readonly comparison: string
  readonly value: Json
}

/** `<filter-bar .model .entity .state .surroundings>` */
@customElement('filter-bar')
export class FilterBar extends LightElement {
  static override properties = { model: { attribute: false }, entity: { attribute: false }, state: { attribute: false }, surroundings: { attribute: false }, draft: { state: true }, opened: { state: true } }
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare state: ListState | undefined
  declare surroundings: Surroundings | undefined
  declare draft: Draft | null
  declare opened: boolean
  #timer: number | undefined

  constructor() {
    super()
    this.draft = null
    this.opened = false
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { entity, state } = this
    if (entity === undefined || state === undefined) return nothing
    return html`
      ${entity.searchable ? html`
        <label class="quick-search">${icon('search')}
          <input type="search" .value=${state.q} placeholder=${t('list.search', { entity: entity.plural })} aria-label=${t('list.search', { entity: entity.plural })}
            maxlength="200" autocomplete="off" spellcheck="false" @input=${(event: InputEvent) => this.#typed(event)} />
        </label>` : nothing}
      <div class="chips">
        ${state.filters.map((part, index) => this.#chip(part, index))}
        <button type="button" class="chip add" id="filter-add" aria-haspopup="dialog" aria-expanded=${this.opened ? 'true' : 'false'} @click=${() => this.#edit(null)}>
          ${icon('filter')}<span>${t('list.filter')}</span>
        </button>
        ${state.filters.length > 1 ? html`<button type="button" class="plain" @click=${() => this.#change({ ...state, filters: [] })}>${t('list.filterClear')}</button>` : nothing}
      </div>
      <vaadin-popover for="filter-add" class="filter-popover" position="bottom-start" modal .trigger=${[]} .opened=${this.opened} overlay-role="dialog" accessible-name=${t('list.filterAdd')}
        @opened-changed=${(event: CustomEvent<{ value: boolean }>) => (this.opened = event.detail.value)}
        ${popoverRenderer(() => this.#form(), [this.draft, this.entity, this.state, language.value])}></vaadin-popover>
    `
  }

  #chip(part: FilterPart, index: number): TemplateResult | typeof nothing {
    const field = this.#field(part.path)
    if (field === undefined || this.surroundings === undefined) return nothing
    const title = this.#title(part.path)
    const label = html`<b>${title}</b> ${this.#asked(field, part)}`
    return html`
      <span class="chip">
        <button type="button" @click=${() => this.#edit(index)}>${label}</button>
        <button type="button" class="chip-remove" aria-label=${t('list.filterRemove', { filter: title })} @click=${() => this.#remove(index)}>${icon('close')}</button>
      </span>
    `
  }

  #asked(field: UiField, part: FilterPart): unknown {
    const period = periodOf(part)
    if (period !== undefined) return html`<b>${comparisonLabel(period)}</b>`
    if (part.value === null) return t(part.operator === '$eq' ? 'list.filterEmpty' : 'list.filterNotEmpty')
    return html`${t(`operator.${part.operator}`)} <b>${this.#operand(field, part.value)}</b>`
  }

  #operand(field: UiField, value: Json): unknown {
    const surroundings = this.surroundings
    if (surroundings === undefined) return ''
    const values = Array.isArray(value) ? (value as readonly Json[]) : [value]
    const texts = values.map((one) => viewOf(field.type).text(one, { ...surroundings, field }))
    if (texts.every((text) => typeof text === 'string')) return texts.join(', ')
    return until(Promise.all(texts.map(async (text) => text)).then((all) => all.join(', ')), '…')
  }

  #field(path: string): UiField | undefined {
    return this.model === undefined || this.entity === undefined ? undefined : fieldAt(this.model, this.entity, path)
  }

  /** The titles of every step: `Store · Address · City`. */
  #title(path: string): string {
    const keys = path.split('.')
    return keys.map((key, i) => this.#field(keys.slice(0, i + 1).join('.'))?.title ?? key).join(' · ')
  }

  #form(): TemplateResult {
    const choices = this.#choices()
    const draft = this.draft
    const field = draft === null ? undefined : this.#field(draft.path)
    return html`
      <form class="filter-form" @submit=${(event: Event) => event.preventDefault()}>
        <vaadin-combo-box .label=${t('list.filterField')} item-label-path="label" item-value-path="path" item-id-path="path" autofocus
          .items=${choices} .placeholder=${t('field.choose')} .selectedItem=${choices.find(({ path }) => path === draft?.path) ?? null}
          @selected-item-changed=${(event: CustomEvent<{ value: { path: string } | null | undefined }>) => this.#choose(event.detail.value?.path ?? '')}></vaadin-combo-box>
        ${field === undefined || draft === null ? nothing : html`
          <vaadin-select .label=${t('list.filterOperator')} .items=${comparisonsOf(field).map((value) => ({ value, label: comparisonLabel(value) }))} .value=${draft.comparison}
            @value-changed=${(event: CustomEvent<{ value: string }>) => this.#compare(field, event.detail.value)}></vaadin-select>
          ${this.#input(field, draft)}`}
        <div class="filter-actions">
          <vaadin-button theme="tertiary" @click=${() => (this.opened = false)}>${t('cancel')}</vaadin-button>
          <vaadin-button theme="primary" ?disabled=${!isComplete(draft)} @click=${() => this.#apply()}>${t('list.filterApply')}</vaadin-button>
        </div>
      </form>
    `
  }

  #input(field: UiField, draft: Draft): TemplateResult | typeof nothing {
    if (this.surroundings === undefined || !draft.comparison.startsWith('$')) return nothing
    const slot: FieldSlot = {
      ...this.surroundings,
      field,
      value: draft.value,
      label: t('list.filterValue'),
      required: false, disabled: false, error: '', help: '',
      change: (value) => (this.draft = { ...draft, value }),
      touch: () => {},
    }
    const view = viewOf(field.type)
    return html`<div class="filter-value" @keydown=${(event: KeyboardEvent) => this.#enter(event)}>${view.filter?.(slot, draft.comparison as Operator) ?? view.input(slot)}</div>`
  }

  #choices(): readonly PathChoice[] {
    const { model, entity } = this
    if (model === undefined || entity === undefined) return []
    return pathChoices(model, entity).filter(({ field }) => !field.masked && comparisonsOf(field).some((comparison) => comparison.startsWith('$')))
  }

  #edit(index: number | null): void {
    const part = index === null ? undefined : this.state?.filters[index]
    this.draft = part === undefined || index === null ? null : { index, path: part.path, comparison: part.value === null ? (part.operator === '$eq' ? 'empty' : 'filled') : (periodOf(part) ?? part.operator), value: part.value }
    this.opened = true
  }

  #choose(path: string): void {
    const field = this.#field(path)
    if (field === undefined || path === this.draft?.path) return
    this.draft = { index: this.draft?.index ?? -1, path, comparison: comparisonsOf(field)[0] ?? 'filled', value: null }
  }

  #compare(field: UiField, comparison: string): void {
    if (this.draft === null || comparison === '' || comparison === this.draft.comparison) return
    const lists = (name: string): boolean => name === '$in' || name === '$nin'
    const keeps = lists(comparison) === lists(this.draft.comparison) && comparisonsOf(field).includes(comparison)
    this.draft = { ...this.draft, comparison, value: keeps ? this.draft.value : null }
  }

  #enter(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.isComposing || event.defaultPrevented) return
    // The picker inside the field takes this Enter first; its value is there in the next task.
    setTimeout(() => isComplete(this.draft) && this.#apply())
  }

  #apply(): void {
    const { draft, state } = this
    if (draft === null || state === undefined) return
    const part: FilterPart = { path: draft.path, ...asked(draft) }
    const filters = draft.index < 0 ? [...state.filters, part] : state.filters.map((old, at) => (at === draft.index ? part : old))
    this.opened = false
    this.draft = null
    this.#change({ ...state, filters })
  }

  #remove(index: number): void {
    if (this.state !== undefined) this.#change({ ...this.state, filters: this.state.filters.filter((_, at) => at !== index) })
  }

  #typed(event: InputEvent): void {
    const q = (event.target as HTMLInputElement).value
    window.clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => this.state !== undefined && this.#change({ ...this.state, q: q.trim() }), typingPauseMs)
  }

  #change(state: ListState): void {
    this.dispatchEvent(new CustomEvent<ListState>('state', { detail: state }))
  }
}

/** Operator and value of what was put together. */
function asked({ comparison, value }: Draft): Pick<FilterPart, 'operator' | 'value'> {
  if (comparison === 'empty') return { operator: '$eq', value: null }
  if (comparison === 'filled') return { operator: '$ne', value: null }
  return periodNames.some((name) => name === comparison) ? { operator: '$gte', value: comparison } : { operator: comparison as Operator, value }
}

/** What people may ask of a field: its view's operators that the engine allows, and whether there is a value at all. */
function comparisonsOf(field: UiField): readonly string[] {
  const allowed = viewOf(field.type).filters.filter((operator) => field.operators.includes(operator))
  // A list of records is never missing: it is compared by what it contains.
  const spans = viewOf(field.type).periods === true && allowed.includes('$gte') ? periodNames : []
  return field.operators.includes('$eq') ? [...allowed, ...spans, 'empty', 'filled'] : [...allowed, ...spans]
}

function comparisonLabel(comparison: string): string {
  if (comparison === 'empty') return t('list.filterEmpty')
  const period = periodNames.find((name) => name === comparison)
  if (period !== undefined) return t(`period.${period}`)
  return comparison === 'filled' ? t('list.filterNotEmpty') : t(`operator.${comparison as Operator}`)
}

function isComplete(draft: Draft | null): boolean {
  if (draft === null) return false
  if (!draft.comparison.startsWith('$')) return true
  return draft.value !== null && !(Array.isArray(draft.value) && draft.value.length === 0)
}

declare global {
  interface HTMLElementTagNameMap {
    'filter-bar': FilterBar
  }
}
