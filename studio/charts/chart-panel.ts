/** The chart of a list: what it is made of can be chosen above it. */
import './chart-panel.css'
import './chart-view.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiChart } from '../../metadata/contract/ui-model.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { chartTypes } from '../lists/shapes.js'
import { sameRows } from '../lists/table/totals.js'
import { narrowing } from '../lists/narrow.js'
import type { Question } from '../lists/question.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { Asking } from './asking.js'
import { chartData, type ChartData } from './chart-data.js'
import { choicesMade } from './choice-select.js'
import { groupTexts, measureTexts, readMeasure, writeMeasure } from './choices.js'
import { saveCsv } from './save-csv.js'

/** `<chart-panel .chart .question>` */
@customElement('chart-panel')
export class ChartPanel extends LightElement {
  static override properties = { chart: { attribute: false }, question: { attribute: false }, table: { state: true } }
  declare chart: UiChart | undefined
  declare question: Question | undefined
  declare table: boolean
  readonly #asking = new Asking<ChartData | null>(this)

  constructor() {
    super()
    this.table = false
    new Watch(this, language, narrowing)
  }

  override willUpdate(): void {
    const { chart, question } = this
    if (chart === undefined || question === undefined) return
    const { client, model, entity, query, surroundings } = question
    this.#asking.ask([question, JSON.stringify(chart)], (signal) => chartData(client.records, { model, entity, chart, query: sameRows(query), surroundings }, signal))
  }

  override render(): TemplateResult | typeof nothing {
    const { chart, question } = this
    if (chart === undefined || question === undefined) return nothing
    const { model, entity } = question
    const groups = groupTexts(model, entity)
    const change = (next: Partial<UiChart>): void => question.choose({ kind: 'chart', chart: { ...chart, ...next } })
    const { series: _series, ...single } = chart
    return html`
      <div class="made-choices">
        ${choicesMade(t('chart.made'), [
          { label: t('chart.form'), choices: chartTypes.map((text) => ({ text, label: t(`chart.type.${text}`) })), value: chart.type, choose: (text) => change({ type: chartTypes.find((one) => one === text) ?? 'bar' }) },
          { label: t('chart.measure'), choices: measureTexts(entity), value: writeMeasure(chart.measure), choose: (text) => change({ measure: readMeasure(text) }) },
          { label: t('chart.by'), choices: groups, value: chart.by, choose: (text) => change({ by: text }) },
          ...(chart.type === 'donut' ? [] : [{ label: t('chart.series'), choices: groups, value: chart.series ?? '', choose: (text: string) => (text === '' ? question.choose({ kind: 'chart', chart: single }) : change({ series: text })), none: t('chart.noSeries') }]),
        ])}
        <span class="made-tools">${this.#tools(question)}</span>
      </div>
      <div class="panel-body" aria-busy=${this.#asking.busy ? 'true' : 'false'}>${this.#body(chart, question)}</div>
    `
  }

  #tools({ entity }: Question): TemplateResult {
    const other = t(this.table ? 'chart.asChart' : 'chart.asTable')
    const { answer } = this.#asking
    const data = answer.state === 'ready' ? answer.value : null
    return html`
      <button type="button" class="plain" aria-pressed=${this.table ? 'true' : 'false'} @click=${() => (this.table = !this.table)}>${icon(this.table ? 'chart' : 'list')}<span>${other}</span></button>
      ${entity.may.export && data !== null ? html`<button type="button" class="plain" @click=${() => saveCsv(entity.plural, linesOf(data))}>${icon('download')}<span>${t('chart.csv')}</span></button>` : nothing}`
  }

  #body(chart: UiChart, question: Question): TemplateResult | typeof nothing {
    const { answer } = this.#asking
    if (answer.state === 'loading') return html`<p class="panel-note" role="status">${t('loading')}</p>`
    if (answer.state === 'failed') return html`<p class="panel-note">${icon('warning')} ${answer.reason}</p>`
    if (answer.value === null || answer.value.categories.length === 0) return html`<p class="panel-note">${t('dashboard.empty')}</p>`
    return html`<chart-view .data=${answer.value} .type=${chart.type} .label=${question.entity.plural} .table=${this.table} .address=${question.among}></chart-view>`
  }
}

/** Numbers as numbers: a spreadsheet computes with them. */
const linesOf = ({ categories, series, by }: ChartData): readonly (readonly string[])[] => [
  [by, ...series.map(({ label }) => label || t('chart.value'))],
  ...categories.map(({ label }, i) => [label, ...series.map(({ values }) => String(values[i] ?? ''))]),
]

declare global {
  interface HTMLElementTagNameMap {
    'chart-panel': ChartPanel
  }
}
