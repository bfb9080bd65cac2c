/** What a pivot table shows: its cells, and totals that are computed over all records and not over what is shown. Shows nothing. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiPivot } from '../../metadata/contract/ui-model.js'
import { categoryOf, type Category } from '../charts/chart-data.js'
import { both } from '../charts/chart-conditions.js'
import { measureText } from '../charts/measures.js'
import type { ListQuery } from '../client/records.js'
import { optionOf } from '../fields/choices.js'
import { viewOf } from '../fields/index.js'
import { groupOf, type GroupKey } from '../lists/table/summaries.js'
import { sameRows } from '../lists/table/totals.js'
import type { Question } from '../lists/question.js'

export const pivotLimits = { rows: 500, columns: 40, cells: 10_000 } as const

export interface PivotRow {
  /** One for each field of the rows. */
  readonly labels: readonly string[]
  readonly condition: JsonObject
  readonly total: number | null
  /** One for each column. */
  readonly values: readonly (number | null)[]
}

export interface PivotData {
  readonly titles: readonly string[]
  /** None where there is no field for columns: then there are totals only. */
  readonly columns: readonly (Category & { readonly total: number | null })[]
  readonly rows: readonly PivotRow[]
  readonly total: number | null
  /** There are more rows, or columns, than are shown. */
  readonly cut: { readonly rows: boolean; readonly columns: boolean }
  readonly text: (value: number) => string
}

/** Four questions, however large the table is. Null when the reader has a field of it no more. */
export async function pivotData({ client, model, entity, query, surroundings }: Pick<Question, 'client' | 'model' | 'entity' | 'surroundings'> & { readonly query: ListQuery }, pivot: UiPivot, signal: AbortSignal): Promise<PivotData | null> {
  const keysOf = (texts: readonly string[]): readonly GroupKey[] => texts.flatMap((text) => groupOf(model, entity, text) ?? [])
  const [rows, columns] = [keysOf(pivot.rows), keysOf(pivot.columns)]
  if (rows.length < pivot.rows.length || columns.length < pivot.columns.length) return null
  const ask = (keys: readonly GroupKey[]): Promise<readonly JsonObject[]> =>
    client.records.aggregate(entity.name, { ...sameRows(query), groupBy: keys.map(({ text }) => text), measures: { value: { ...pivot.measure } }, sort: keys.map(({ text }) => text), limit: pivotLimits.cells }, signal)
  const [cells, rowTotals, columnTotals, all] = await Promise.all([columns.length === 0 ? [] : ask([...rows, ...columns]), ask(rows), columns.length === 0 ? [] : ask(columns), ask([])])
  const known = new Map(cells.map((cell) => [keyFor([...rows, ...columns], cell), numberIn(cell)]))
  const shownColumns = await inOrder(columns, columnTotals, surroundings)
  const shownRows = await inOrder(rows, rowTotals, surroundings)
  const within = shownColumns.slice(0, pivotLimits.columns)
  return {
    titles: rows.map(({ field }) => field.title),
    columns: within.map(({ group, parts: [part] }) => ({ ...(part ?? nothing), total: numberIn(group) })),
    rows: shownRows.slice(0, pivotLimits.rows).map(({ group, parts }) => ({
      labels: parts.map(({ label }) => label), condition: both(...parts.map(({ condition }) => condition)), total: numberIn(group),
      values: within.map((column) => known.get(keyFor([...rows, ...columns], { ...group, ...column.group })) ?? null),
    })),
    total: all[0] === undefined ? null : numberIn(all[0]),
    cut: { rows: shownRows.length > pivotLimits.rows || rowTotals.length >= pivotLimits.cells, columns: shownColumns.length > within.length },
    text: (value) => measureText(entity, pivot.measure, value, surroundings),
  }
}

const nothing: Category = { label: '', short: '', color: '', condition: {} }
const numberIn = (group: JsonObject): number | null => (typeof group['value'] === 'number' ? group['value'] : null)
const valueIn = ({ text }: GroupKey, group: JsonObject): Json => group[text] ?? null
const keyFor = (keys: readonly GroupKey[], group: JsonObject): string => JSON.stringify(keys.map((key) => valueIn(key, group)))

interface Placed {
  readonly group: JsonObject
  readonly parts: readonly Category[]
}

/** Groups in the order of their values: of time, of the list that a field has, else of the words; what has no value comes last. */
async function inOrder(keys: readonly GroupKey[], groups: readonly JsonObject[], surroundings: Question['surroundings']): Promise<readonly Placed[]> {
  const placed = await Promise.all(groups.map(async (group): Promise<Placed> => ({ group, parts: await Promise.all(keys.map((key) => categoryOf(key, valueIn(key, group), surroundings))) })))
  const collator = new Intl.Collator(document.documentElement.lang || 'en', { numeric: true })
  const compare = (a: Placed, b: Placed): number => {
    for (const [i, key] of keys.entries()) {
      const order = compareValues(key, [valueIn(key, a.group), valueIn(key, b.group)], collator.compare(a.parts[i]?.label ?? '', b.parts[i]?.label ?? ''))
      if (order !== 0) return order
    }
    return 0
  }
  return placed.toSorted(compare)
}

function compareValues({ field, bucket }: GroupKey, [a, b]: readonly [Json, Json], words: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  if (bucket !== undefined && typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b)
  const steps = viewOf(field.type).steps?.(field)
  if (steps !== undefined) {
    const rank = (value: Json): number => steps.findIndex((step) => step.value === optionOf(field, value).value)
    return rank(a) - rank(b) || words
  }
  return typeof a === 'number' && typeof b === 'number' && field.to === undefined ? a - b : words
}
