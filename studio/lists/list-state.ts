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

/** The whole condition: the view's own and every chip. Undefined when there is none. */
export function conditionOf(view: UiList, state: ListState): JsonObject | undefined {
  const parts: JsonObject[] = state.filters.map(({ path, operator, value }) => ({ [path]: operator === '$eq' ? value : { [operator]: value } }))
  if (isObject(view.filter) && Object.keys(view.filter).length > 0) parts.unshift(view.filter)
  if (parts.length <= 1) return parts[0]
  return { $and: parts }
}

/** Sort direction of a column: 1 up, -1 down, 0 when it does not sort. Only the first key is shown. */
export function sortOf(sort: string, key: string): -1 | 0 | 1 {
  const [first = ''] = sort.split(',')
  if (first === key) return 1
  return first === `-${key}` ? -1 : 0
}

/** The next sort when a header is clicked: up, down, the view's own. */
export function nextSort(current: string, key: string): string {
  const direction = sortOf(current, key)
  if (direction === 0) return key
  return direction === 1 ? `-${key}` : ''
}
