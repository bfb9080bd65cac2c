/** What a list shows, and how that is written into its address. Pure. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { operators, type Operator } from '../../metadata/contract/operators.js'
import type { UiEntity, UiList } from '../../metadata/contract/ui-model.js'

/** One chip of the filter bar. */
export interface FilterPart {
  /** Field path, e.g. `store.region`. */
  readonly path: string
  readonly operator: Operator
  /** Null with `$eq` and `$ne` means: is empty, is not empty. */
  readonly value: Json
}

export interface ListState {
  /** Name of the list view; '' for the first. */
  readonly view: string
  readonly q: string
  /** As in the API: `-at,name`; '' for the view's own. */
  readonly sort: string
  /** Paths of the columns in their order; empty for the view's own. */
  readonly columns: readonly string[]
  readonly filters: readonly FilterPart[]
  readonly archived: boolean
}

/** Reads the query of a list's address. What is not understood is left out: an old link still shows a list. */
export function readState(query: string): ListState {
  const parameters = new URLSearchParams(query)
  return {
    view: parameters.get('view') ?? '',
    q: parameters.get('q') ?? '',
    sort: parameters.get('sort') ?? '',
    columns: (parameters.get('columns') ?? '').split(',').filter((path) => path !== ''),
    filters: readFilters(parameters.get('filter') ?? ''),
    archived: parameters.get('archived') === 'true',
  }
}

function readFilters(text: string): readonly FilterPart[] {
  if (text === '') return []
  try {
    const parts = JSON.parse(text) as Json
    return Array.isArray(parts) ? (parts as readonly Json[]).flatMap(readFilter) : []
  } catch {
    return []
  }
}

function readFilter(part: Json): readonly FilterPart[] {
  if (!Array.isArray(part)) return []
  const [path, operator, value] = part as readonly Json[]
  const known = operators.find((name) => name === operator)
  return typeof path === 'string' && known !== undefined && value !== undefined ? [{ path, operator: known, value }] : []
}

/** The query of a list's address, '' when everything is as usual. */
export function writeState(state: ListState): string {
  const parameters = new URLSearchParams()
  if (state.view !== '') parameters.set('view', state.view)
  if (state.q !== '') parameters.set('q', state.q)
  if (state.sort !== '') parameters.set('sort', state.sort)
  if (state.columns.length > 0) parameters.set('columns', state.columns.join(','))
  if (state.filters.length > 0) parameters.set('filter', JSON.stringify(state.filters.map(({ path, operator, value }) => [path, operator, value])))
  if (state.archived) parameters.set('archived', 'true')
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}

/** The list view in use; an entity always has at least one. */
export function viewOfState(entity: UiEntity, state: ListState): UiList {
  const fallback: UiList = { name: '', title: entity.plural, columns: [entity.display ?? 'id'], sort: '' }
  return entity.lists.find((list) => list.name === state.view) ?? entity.lists[0] ?? fallback
}

/** Spans of the reader's own calendar: from the first moment on, before the second. They move with the day. */
const periods = {
  '@today': ['now/d', 'now+1d/d'], '@yesterday': ['now-1d/d', 'now/d'], '@thisWeek': ['now/w', 'now+1w/w'], '@lastWeek': ['now-1w/w', 'now/w'],
  '@thisMonth': ['now/M', 'now+1M/M'], '@lastMonth': ['now-1M/M', 'now/M'], '@last30': ['now-30d/d', 'now+1d/d'], '@last90': ['now-90d/d', 'now+1d/d'], '@thisYear': ['now/y', 'now+1y/y'],
} as const
export type Period = keyof typeof periods
export const periodNames = Object.keys(periods) as readonly Period[]

/** The period that a filter asks for; undefined when it asks for a value. */
export const periodOf = ({ operator, value }: Pick<FilterPart, 'operator' | 'value'>): Period | undefined => (operator === '$gte' ? periodNames.find((name) => name === value) : undefined)

function partCondition(part: FilterPart): JsonObject {
  const { path, operator, value } = part
  const period = periodOf(part)
  if (period === undefined) return { [path]: operator === '$eq' ? value : { [operator]: value } }
  const [from, to] = periods[period]
  return { [path]: { $gte: from, $lt: to } }
}

/** The whole condition: the view's own and every chip. Undefined when there is none. */
export function conditionOf(view: UiList, state: ListState): JsonObject | undefined {
  const parts: JsonObject[] = state.filters.map(partCondition)
  if (isObject(view.filter) && Object.keys(view.filter).length > 0) parts.unshift(view.filter)
  if (parts.length <= 1) return parts[0]
  return { $and: parts }
}

/** How a column sorts: direction 1 up, -1 down, 0 not at all; rank 1 for the first key. */
export function sortOf(sort: string, key: string): { readonly direction: -1 | 0 | 1; readonly rank: number } {
  const at = keysOf(sort).findIndex((one) => one === key || one === `-${key}`)
  if (at < 0) return { direction: 0, rank: 0 }
  return { direction: keysOf(sort)[at] === key ? 1 : -1, rank: at + 1 }
}

/** The next sort when a header is chosen: up, down, not at all; with `add` the other keys stay and this one comes last. */
export function nextSort(current: string, key: string, add: boolean): string {
  const { direction, rank } = sortOf(current, key)
  const next = direction === 0 ? key : direction === 1 ? `-${key}` : ''
  if (!add) return rank > 1 ? key : next
  const keys = rank === 0 ? [...keysOf(current), next] : keysOf(current).with(rank - 1, next)
  return keys.filter((one) => one !== '').join(',')
}

const keysOf = (sort: string): readonly string[] => sort.split(',').filter((key) => key !== '')

/** Paths of the columns that are shown. */
export const columnPathsOf = (view: UiList, state: ListState): readonly string[] => (state.columns.length > 0 ? state.columns : view.columns)
