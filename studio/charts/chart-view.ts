/** A chart, or the same numbers as a table. Every element of either leads to its records. */
import './chart-view.css'
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiChart } from '../../metadata/contract/ui-model.js'
import { theme } from '../client/preferences.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { router } from '../shell/router.js'
import { LightElement } from '../ui/light-element.js'
import { both } from './chart-conditions.js'
import type { ChartData } from './chart-data.js'
import { colorsOf } from './colors.js'
import type { Drawing } from './draw.js'

const dark = window.matchMedia('(prefers-color-scheme: dark)')
const still = window.matchMedia('(prefers-reduced-motion: reduce)')

/** `<chart-view .data .type .label .table .address>`; `address` is that of the list of records that meet a condition. */
@customElement('chart-view')
export class ChartView extends LightElement {
  static override properties = { data: { attribute: false }, type: {}, label: {}, table: { type: Boolean }, address: { attribute: false } }
  declare data: ChartData | undefined
  declare type: UiChart['type']
  /** What the chart is called, for who cannot see it. */
  declare label: string
  /** Numbers instead of the drawing. */
  declare table: boolean
  declare address: (condition: JsonObject) => string
  #drawing: Drawing | null = null
  #host: HTMLElement | null = null
  readonly #sizes = new ResizeObserver(() => this.#drawing?.resize())
  readonly #again = (): void => void this.#draw()

  constructor() {
    super()
    this.type = 'bar'
    this.label = ''
    this.table = false
    this.address = () => ''
    new Watch(this, language, theme)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    dark.addEventListener('change', this.#again)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    dark.removeEventListener('change', this.#again)
    this.#end()
  }

  #end(): void {
    this.#sizes.disconnect()
    this.#drawing?.end()
    this.#drawing = null
    this.#host = null
  }

  override updated(_changed: PropertyValues<this>): void {
    void this.#draw()
  }

  async #draw(): Promise<void> {
    const host = this.querySelector<HTMLElement>('.drawing')
    if (host === null || this.data === undefined) {
      this.#end()
      return
    }
    const { drawing } = await import('./draw.js')
    if (!host.isConnected || this.data === undefined) return
    if (this.#host !== host) {
      this.#end()
      this.#host = host
      this.#drawing = drawing(host, (condition) => void router.go(this.address(condition)))
      this.#sizes.observe(host)
    }
    this.#drawing?.show(this.type, this.data, colorsOf(this), still.matches)
  }

  override render(): TemplateResult | typeof nothing {
    const { data } = this
    if (data === undefined) return nothing
    return html`
      ${this.table ? this.#table(data) : html`<div class="drawing" role="img" aria-label=${t('chart.drawn', { chart: this.label, count: data.categories.length })}></div>`}
      ${data.cut ? html`<p class="chart-note">${t('chart.cut', { count: data.categories.length })}</p>` : nothing}
    `
  }

  #table({ categories, series, by, text }: ChartData): TemplateResult {
    const cell = (value: number | null | undefined, condition: JsonObject): TemplateResult => html`<td>${typeof value === 'number' ? html`<a href=${this.address(condition)}>${text(value)}</a>` : '–'}</td>`
    return html`
      <div class="chart-table" tabindex="0" role="region" aria-label=${this.label}>
        <table>
          <thead><tr><th scope="col">${by}</th>${series.map(({ label }) => html`<th scope="col">${label || t('chart.value')}</th>`)}</tr></thead>
          <tbody>${categories.map((category, i) => html`<tr><th scope="row">${category.label}</th>${series.map((one) => cell(one.values[i], both(category.condition, one.condition)))}</tr>`)}</tbody>
        </table>
      </div>
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'chart-view': ChartView
  }
}
