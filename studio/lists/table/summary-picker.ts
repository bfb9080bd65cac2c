/** By what a list is grouped and which of its columns are summed up: a button with a form that works at once. Fires `summary`. */
import './summary-picker.css'
import { popoverRenderer } from '@vaadin/popover/lit.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { measures, type Bucket } from '../../../metadata/contract/operators.js'
import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { onceOpened } from '../../ui/once-opened.js'
import type { Column } from './columns.js'
import { groupChoices, measuresOf, type Totals } from './summaries.js'

export interface Summary {
  readonly groupBy: readonly string[]
  readonly totals: Totals
}

const levels = 2

/** `<summary-picker .entity .columns .summary .usual .grouping>` */
@customElement('summary-picker')
export class SummaryPicker extends LightElement {
  static override properties = { entity: { attribute: false }, columns: { attribute: false }, summary: { attribute: false }, usual: { attribute: false }, grouping: { attribute: false }, opened: { state: true } }
  declare entity: UiEntity | undefined
  declare columns: readonly Column[]
  declare summary: Summary
  /** What the view has by itself. */
  declare usual: Summary
  /** False where there are totals only, as on a board. */
  declare grouping: boolean
  declare opened: boolean

  constructor() {
    super()
    this.columns = []
    this.summary = this.usual = { groupBy: [], totals: {} }
    this.grouping = true
    this.opened = false
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    if (this.entity === undefined) return nothing
    const used = (this.grouping && this.summary.groupBy.length > 0) || Object.keys(this.summary.totals).length > 0
    return html`
      <button type="button" class="plain icon-only" title=${this.#title} aria-label=${this.#title} aria-haspopup="dialog" aria-expanded=${this.opened ? 'true' : 'false'} ?data-changed=${used} @click=${() => void this.#toggle()}>${icon('layers')}</button>
      ${onceOpened(this.opened, () => html`<vaadin-popover .target=${this.querySelector('button') ?? undefined} position="bottom-end" modal .trigger=${[]} .opened=${this.opened} overlay-role="dialog" accessible-name=${this.#title}
        @opened-changed=${(event: CustomEvent<{ value: boolean }>) => (this.opened = event.detail.value)}
        ${popoverRenderer(() => this.#form(), [this.summary, this.columns, this.entity, this.grouping, language.value])}></vaadin-popover>`)}
    `
  }

  get #title(): string {
    return t(this.grouping ? 'summary.title' : 'summary.totals')
  }

  async #toggle(): Promise<void> {
    await import('@vaadin/select')
    this.opened = !this.opened
  }

  #form(): TemplateResult | typeof nothing {
    const { entity, summary } = this
    if (entity === undefined) return nothing
    const measurable = this.columns.filter(({ path, field }) => entity.fields.some(({ key }) => key === path.split('.')[0]) && !isLinked(entity, path) && measuresOf(field).length > 0)
    return html`
      <div class="summary-form">
        <header><h2>${this.#title}</h2>
          ${JSON.stringify(summary) === JSON.stringify(this.usual) ? nothing : html`<button type="button" class="plain accent" @click=${() => this.#set(this.usual)}>${t('summary.reset')}</button>`}
        </header>
        ${this.grouping ? html`${Array.from({ length: Math.min(levels, summary.groupBy.length + 1) }, (_, level) => this.#level(entity, level))}<h3>${t('summary.totals')}</h3>` : nothing}
        ${measurable.length === 0 ? html`<p class="quiet">${t('summary.noTotals')}</p>` : measurable.map((column) => this.#total(column))}
      </div>
    `
  }

  #level(entity: UiEntity, level: number): TemplateResult {
    const { groupBy } = this.summary
    const [path = '', bucket = ''] = (groupBy[level] ?? '').split(':')
    const choices = groupChoices(entity).filter((choice) => !groupBy.some((other, i) => i !== level && other.split(':')[0] === choice.path))
    const offered = choices.find((choice) => choice.path === path)?.buckets ?? []
    const choose = (next: string): void => this.#group(level, next, (choices.find((choice) => choice.path === next)?.buckets ?? []).includes('month') ? 'month' : undefined)
    return html`
      <div class="summary-level">
        <vaadin-select label=${t(level === 0 ? 'summary.groupBy' : 'summary.thenBy')} .items=${[{ value: '-', label: t('summary.none') }, ...choices.map((choice) => ({ value: choice.path, label: choice.label }))]} .value=${path || '-'}
          @value-changed=${(event: CustomEvent<{ value: string }>) => event.detail.value !== '' && event.detail.value !== (path || '-') && choose(event.detail.value)}></vaadin-select>
        ${offered.length === 0 ? nothing : html`<vaadin-select label=${t('summary.bucket')} .items=${[...offered, 'value' as const].map((one) => ({ value: one, label: t(`summary.bucket.${one}`) }))} .value=${bucket || 'value'}
          @value-changed=${(event: CustomEvent<{ value: string }>) => event.detail.value !== '' && event.detail.value !== (bucket || 'value') && this.#group(level, path, offered.find((one) => one === event.detail.value))}></vaadin-select>`}
      </div>
    `
  }

  #total(column: Column): TemplateResult {
    const { totals } = this.summary
    const now = totals[column.path] ?? 'none'
    const choose = (value: string): void => {
      const measure = measures.find((one) => one === value)
      const rest = Object.fromEntries(Object.entries(totals).filter(([path]) => path !== column.path))
      if (value !== '' && value !== now) this.#set({ ...this.summary, totals: measure === undefined ? rest : { ...rest, [column.path]: measure } })
    }
    return html`
      <div class="summary-total"><span>${column.title}</span>
        <vaadin-select accessible-name=${column.title} .items=${(['none', ...measuresOf(column.field)] as const).map((value) => ({ value, label: t(`summary.measure.${value}`) }))} .value=${now} @value-changed=${(event: CustomEvent<{ value: string }>) => choose(event.detail.value)}></vaadin-select>
      </div>
    `
  }

  /** Groups by a field at a level; `-` takes the level and those behind it away. */
  #group(level: number, path: string, bucket: Bucket | undefined): void {
    const before = this.summary.groupBy.slice(0, level)
    const after = path === '-' ? [] : [bucket === undefined ? path : `${path}:${bucket}`, ...this.summary.groupBy.slice(level + 1)]
    this.#set({ ...this.summary, groupBy: [...before, ...after] })
  }

  #set(summary: Summary): void {
    this.dispatchEvent(new CustomEvent<Summary>('summary', { detail: summary }))
  }
}

/** True for a field of another record. */
const isLinked = (entity: UiEntity, path: string): boolean => path.includes('.') && entity.fields.find(({ key }) => key === path.split('.')[0])?.parts === undefined

declare global {
  interface HTMLElementTagNameMap {
    'summary-picker': SummaryPicker
  }
}
