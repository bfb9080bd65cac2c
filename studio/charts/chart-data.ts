/** What a chart shows: asked of the engine in one question, with the words and the records behind every value. Draws nothing. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiChart, UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import { t } from '../client/i18n.js'
import type { AggregateQuery, Records } from '../client/records.js'
import type { Step, Surroundings } from '../fields/contract.js'
import { optionOf } from '../fields/choices.js'
import { viewOf } from '../fields/index.js'
import { bucketsBetween, bucketText, shortBucketText } from '../lists/table/buckets.js'
import { groupCondition, groupOf, type GroupKey } from '../lists/table/summaries.js'
import { measureText } from './measures.js'

/** Groups that are asked for; what has more is cut, and says so. */
const groupsMax = 1_000
/** Buckets without records that are filled in at most, so that a wrong year does not draw a thousand empty days. */
const bucketsMax = 400
/** Values of a field that are shown where the chart does not say how many. */
const usualLimit: Readonly<Record<UiChart['type'], number>> = { bar: 12, line: 100, area: 100, donut: 7 }
/** Colours that can be told apart. */
const seriesMax = 10

export interface ChartQuestion {
  readonly model: UiModel
  readonly entity: UiEntity
  readonly chart: UiChart
  readonly query: Pick<AggregateQuery, 'filter' | 'q'>
  readonly surroundings: Surroundings
  /** Days that the chart is about, the last one too; buckets without records are shown within them. */
  readonly span?: { readonly from: string; readonly to: string }
}

/** A value of one of the two fields. */
export interface Category {
  readonly label: string
  /** For axes. */
  readonly short: string
  /** As in a definition's options; '' for the next free one. */
  readonly color: string
  /** What all its records have in common. */
  readonly condition: JsonObject
}

export interface ChartData {
  readonly categories: readonly Category[]
  /** At least one; a chart without a second field has one without a label. */
  readonly series: readonly (Category & { readonly values: readonly (number | null)[] })[]
  /** Categories follow each other in time. */
  readonly timed: boolean
  /** Values of several series make sense on top of each other. */
  readonly additive: boolean
  /** Not all values are shown. */
  readonly cut: boolean
  /** A value as people read it. */
  readonly text: (value: number) => string
  /** Name of what the categories are values of. */
  readonly by: string
}

interface Cell {
  readonly by: Json
  readonly series: Json
  readonly value: number | null
}

/** Null when the reader has a field of the chart no more. */
export async function chartData(records: Records, question: ChartQuestion, signal: AbortSignal): Promise<ChartData | null> {
  const { model, entity, chart, query, surroundings } = question
  const by = groupOf(model, entity, chart.by)
  const series = chart.series === undefined || chart.type === 'donut' ? undefined : groupOf(model, entity, chart.series)
  if (by === undefined) return null
  const keys = series === undefined ? [by.text] : [by.text, series.text]
  const ranked = by.bucket === undefined && series === undefined
  const groups = await records.aggregate(entity.name, { ...query, groupBy: keys, measures: { value: { ...chart.measure } }, sort: ranked ? ['-value'] : keys, limit: groupsMax }, signal)
  const cells = groups.map((group): Cell => ({ by: group[by.text] ?? null, series: series === undefined ? null : (group[series.text] ?? null), value: typeof group['value'] === 'number' ? group['value'] : null }))
  const rows = orderOf(by, cells, question)
  const columns = series === undefined ? [null] : orderOf(series, cells.map((cell) => ({ ...cell, by: cell.series })), { ...question, chart: { ...chart, limit: seriesMax } })
  const known = new Map(cells.map((cell) => [keyOf(cell.by, cell.series), cell.value]))
  const empty = isSummed(chart) ? 0 : null
  const categories = await Promise.all(rows.map((value) => categoryOf(by, value, surroundings)))
  const named = series === undefined ? [nameless] : await Promise.all(columns.map((value) => categoryOf(series, value, surroundings)))
  const others = chart.type === 'donut' && isSummed(chart) && groups.length < groupsMax ? othersOf(by, rows, cells) : null
  return {
    categories: others === null ? categories : [...categories, others.category],
    series: named.map((one, i) => ({ ...one, values: [...rows.map((row) => known.get(keyOf(row, columns[i] ?? null)) ?? empty), ...(others === null ? [] : [others.value])] })),
    timed: by.bucket !== undefined,
    additive: chart.measure.sum !== undefined || chart.measure.count === true,
    cut: others === null && (groups.length >= groupsMax || rows.length < new Set(cells.map((cell) => keyOf(cell.by, null))).size || (series !== undefined && columns.length < new Set(cells.map((cell) => keyOf(cell.series, null))).size)),
    text: (value) => measureText(entity, chart.measure, value, surroundings),
    by: by.field.title,
  }
}

/** The only series of a chart that has no second field. */
const nameless: Category = { label: '', short: '', color: '', condition: {} }

const keyOf = (by: Json, series: Json): string => JSON.stringify([by, series])

/** Where no records are there is nothing, which is a sum and no average. */
const isSummed = ({ measure }: UiChart): boolean => measure.count !== undefined || measure.sum !== undefined

/** The values in their order: of time with those between, of a list that the field has, else the largest first. */
function orderOf({ bucket, field }: GroupKey, cells: readonly Cell[], { chart, span }: ChartQuestion): readonly Json[] {
  const sums = new Map<string, { readonly value: Json; readonly sum: number }>()
  for (const { by, value } of cells) sums.set(JSON.stringify(by), { value: by, sum: (sums.get(JSON.stringify(by))?.sum ?? 0) + Math.abs(value ?? 0) })
  const values = [...sums.values()]
  if (bucket !== undefined) {
    const days = values.flatMap(({ value }) => (typeof value === 'string' ? [value] : [])).toSorted()
    const [first, last] = [days[0], days.at(-1)]
    const from = span === undefined || (first !== undefined && first < span.from) ? first : span.from
    const to = span === undefined || (last !== undefined && last > span.to) ? last : span.to
    const between = first === undefined || from === undefined || to === undefined ? [] : bucketsBetween(from, to, bucket, bucketsMax + 1)
    // Records without a moment belong to no time: lists tell of them.
    return between.length > bucketsMax ? days : between
  }
  const steps = viewOf(field.type).steps?.(field) ?? []
  const limit = chart.limit ?? usualLimit[chart.type]
  const largest = new Set(values.toSorted((a, b) => b.sum - a.sum).slice(0, limit).map(({ value }) => JSON.stringify(value)))
  const shown = values.filter(({ value }) => largest.has(JSON.stringify(value)))
  const rank = (value: Json): number => (value === null ? steps.length + 1 : steps.findIndex((step) => step.value === value) + 1 || steps.length)
  return shown.toSorted((a, b) => (steps.length === 0 ? 0 : rank(a.value) - rank(b.value)) || b.sum - a.sum).map(({ value }) => value)
}

/** A value of a field in words, with what all its records have in common. */
export async function categoryOf(key: GroupKey, value: Json, surroundings: Surroundings): Promise<Category> {
  const { timeZone } = surroundings
  const { path, field, bucket } = key
  const view = viewOf(field.type)
  const condition = groupCondition(path, bucket, value, view.moment === true, timeZone)
  if (value === null) return { label: t('summary.empty'), short: t('summary.empty'), color: 'gray', condition }
  if (bucket !== undefined && typeof value === 'string') return { label: bucketText(value, bucket), short: shortBucketText(value, bucket), color: '', condition }
  const step: Step | undefined = view.steps === undefined ? undefined : optionOf(field, value)
  const label = step?.label ?? (await view.text(value, { ...surroundings, field }))
  return { label, short: label, color: step?.color ?? '', condition }
}

/** All that has no slice of its own. */
function othersOf({ path }: GroupKey, shown: readonly Json[], cells: readonly Cell[]): { readonly category: Category; readonly value: number } | null {
  const rest = cells.filter(({ by }) => !shown.some((value) => value === by))
  if (rest.length === 0) return null
  const named: JsonObject = { [path]: { $nin: shown.filter((value) => value !== null) } }
  const condition = shown.includes(null) ? { $and: [named, { [path]: { $ne: null } }] } : named
  const label = t('chart.others', { count: rest.length })
  return { category: { label, short: label, color: 'gray', condition }, value: rest.reduce((sum, { value }) => sum + (value ?? 0), 0) }
}
