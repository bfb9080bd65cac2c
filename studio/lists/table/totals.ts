/** Totals over the whole list or one of its groups, asked of the engine and shown in the words of each column's field. */
import { html, type TemplateResult } from 'lit'
import { until } from 'lit/directives/until.js'

import type { Measure } from '../../../metadata/contract/operators.js'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { number, t } from '../../client/i18n.js'
import type { AggregateQuery, ListQuery, Records } from '../../client/records.js'
import type { Surroundings } from '../../fields/contract.js'
import type { Column } from './columns.js'
import type { Totals } from './summaries.js'

/** A measure with its value; undefined while it is computed. */
export interface Total {
  readonly measure: Measure
  readonly value: Json | undefined
}

/** Column path → total. */
export type Summed = ReadonlyMap<string, Total>

/** Names of the measures in a request: paths have dots, names must not. */
export const totalMeasures = (totals: Totals): JsonObject =>
  Object.fromEntries(Object.entries(totals).map(([path, measure], i) => [`m${i}`, { [measure]: path }]))

/** The totals in one group of an answer. */
export const totalsIn = (totals: Totals, group: JsonObject | undefined): Summed =>
  new Map(Object.entries(totals).map(([path, measure], i) => [path, { measure, value: group?.[`m${i}`] }]))

/** What a list and what is asked about all of it have in common. */
export const sameRows = ({ filter, q }: ListQuery): AggregateQuery => ({ ...(filter === undefined ? {} : { filter }), ...(q === undefined || q === '' ? {} : { q }) })

/** Totals of all that a list shows. */
export async function totalsOf(records: Records, entity: string, query: ListQuery, totals: Totals, signal: AbortSignal): Promise<Summed> {
  const [all] = await records.aggregate(entity, { ...sameRows(query), measures: totalMeasures(totals) }, signal)
  return totalsIn(totals, all ?? {})
}

/** A total with the name of its measure. */
export function totalCell(total: Total, column: Column, surroundings: Surroundings): TemplateResult {
  const text = totalText(total, column, surroundings)
  return html`<span class="total"><small>${t(`summary.measure.${total.measure}`)}</small> <b>${typeof text === 'string' ? text : until(text, '…')}</b></span>`
}

/** The value as its column shows it; a number of values is a number. */
function totalText({ measure, value }: Total, column: Column, surroundings: Surroundings): string | Promise<string> {
  if (value === undefined) return '…'
  if (value === null) return '–'
  if (measure === 'count' && typeof value === 'number') return number(value)
  return column.view.text(value, { ...surroundings, field: column.field })
}
