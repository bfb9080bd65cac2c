/** A pivot table: rows by columns, with totals; every number leads to its records. What it is made of can be chosen above it. */
import '../charts/chart-panel.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiPivot } from '../../metadata/contract/ui-model.js'
import { Asking } from '../charts/asking.js'
import { choicesMade } from '../charts/choice-select.js'
import { groupTexts, measureTexts, readMeasure, writeMeasure } from '../charts/choices.js'
import { saveCsv } from '../charts/save-csv.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { narrowing } from '../lists/narrow.js'
import type { Question } from '../lists/question.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { pivotData, type PivotData } from './pivot-data.js'
import { pivotTable } from './pivot-table.js'

/** `<pivot-view .pivot .question>` */
@customElement('pivot-view')
export class PivotView extends LightElement {
  static override properties = { pivot: { attribute: false }, question: { attribute: false } }
  declare pivot: UiPivot | undefined
  declare question: Question | undefined
  readonly #asking = new Asking<PivotData | null>(this)

  constructor() {
    super()
    new Watch(this, language, narrowing)
  }

  override willUpdate(): void {
    const { pivot, question } = this
    if (pivot !== undefined && question !== undefined) this.#asking.ask([question, JSON.stringify(pivot)], (signal) => pivotData(question, pivot, signal))
  }

  override render(): TemplateResult | typeof nothing {
    const { pivot, question } = this
    if (pivot === undefined || question === undefined) return nothing
    const groups = groupTexts(question.model, question.entity)
    const [first = '', second = ''] = pivot.rows
    const change = (next: Partial<UiPivot>): void => question.choose({ kind: 'pivot', pivot: { ...pivot, ...next } })
    const data = this.#asking.answer.state === 'ready' ? this.#asking.answer.value : null
    return html`
      <div class="made-choices">
        ${choicesMade(t('pivot.made'), [
          { label: t('chart.measure'), choices: measureTexts(question.entity), value: writeMeasure(pivot.measure), choose: (text) => change({ measure: readMeasure(text) }) },
          { label: t('pivot.rows'), choices: groups, value: first, choose: (text) => change({ rows: [text, ...(second === '' || second === text ? [] : [second])] }) },
          { label: t('pivot.then'), choices: groups.filter(({ text }) => text !== first), value: second, choose: (text) => change({ rows: text === '' ? [first] : [first, text] }), none: t('pivot.none') },
          { label: t('pivot.columns'), choices: groups, value: pivot.columns[0] ?? '', choose: (text) => change({ columns: text === '' ? [] : [text] }), none: t('pivot.none') },
        ])}
        ${question.entity.may.export && data !== null ? html`<span class="made-tools"><button type="button" class="plain" @click=${() => saveCsv(question.entity.plural, linesOf(data))}>${icon('download')}<span>${t('chart.csv')}</span></button></span>` : nothing}
      </div>
      <div class="panel-body" aria-busy=${this.#asking.busy ? 'true' : 'false'}>${this.#body(question)}</div>
    `
  }

  #body(question: Question): TemplateResult {
    const { answer } = this.#asking
    if (answer.state === 'loading') return html`<p class="panel-note" role="status">${t('loading')}</p>`
    if (answer.state === 'failed') return html`<p class="panel-note">${icon('warning')} ${answer.reason}</p>`
    if (answer.value === null || answer.value.rows.length === 0) return html`<p class="panel-note">${t('dashboard.empty')}</p>`
    return pivotTable(answer.value, question.entity.plural, question.among)
  }
}

/** Numbers as numbers: a spreadsheet computes with them. */
const linesOf = ({ titles, columns, rows, total }: PivotData): readonly (readonly string[])[] => {
  const written = (value: number | null | undefined): string => String(value ?? '')
  return [
    [...titles, ...columns.map(({ label }) => label), t('summary.all')],
    ...rows.map((row) => [...row.labels, ...row.values.map(written), written(row.total)]),
    [t('summary.all'), ...titles.slice(1).map(() => ''), ...columns.map((column) => written(column.total)), written(total)],
  ]
}

declare global {
  interface HTMLElementTagNameMap {
    'pivot-view': PivotView
  }
}
