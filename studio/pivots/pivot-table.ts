/** The table of a pivot, in a list or in a tile: rows by columns with totals; every number leads to its records. Template only. */
import './pivot-table.css'
import { html, nothing, type TemplateResult } from 'lit'

import type { JsonObject } from '../../metadata/contract/json.js'
import { both } from '../charts/chart-conditions.js'
import { t } from '../client/i18n.js'
import { icon } from '../ui/icon.js'
import { pivotLimits, type PivotData } from './pivot-data.js'

/** `label`: whose records they are; `among`: address of those that meet a condition. */
export function pivotTable({ titles, columns, rows, total, cut, text }: PivotData, label: string, among: (condition: JsonObject) => string): TemplateResult {
  const cell = (value: number | null, ...conditions: readonly JsonObject[]): TemplateResult => html`<td>${value === null ? html`<span class="no-value"></span>` : html`<a href=${among(both(...conditions))}>${text(value)}</a>`}</td>`
  return html`
    ${cut.rows || cut.columns ? html`<p class="pivot-cut">${icon('warning')}${cut.rows ? t('pivot.cutRows', { count: pivotLimits.rows }) : nothing} ${cut.columns ? t('pivot.cutColumns', { count: pivotLimits.columns }) : nothing}</p>` : nothing}
    <div class="pivot-scroll quiet-links" tabindex="0" role="region" aria-label=${label}>
      <table>
        <thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}${columns.map((column) => html`<th scope="col" class="number">${column.label}</th>`)}<th scope="col" class="number sum">${t('summary.all')}</th></tr></thead>
        <tbody>${rows.map((row, i) => html`<tr>${row.labels.map((name, level) => html`<th scope="row">${level === 0 && row.labels.length > 1 && rows[i - 1]?.labels[0] === name ? html`<span class="same">${name}</span>` : name}</th>`)}
          ${columns.map((column, k) => cell(row.values[k] ?? null, row.condition, column.condition))}${cell(row.total, row.condition)}</tr>`)}</tbody>
        <tfoot><tr><th scope="row" colspan=${titles.length}>${t('summary.all')}</th>${columns.map((column) => cell(column.total, column.condition))}${cell(total)}</tr></tfoot>
      </table>
    </div>`
}
