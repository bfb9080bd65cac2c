/** What a list shows, and how that is written into its address. Pure. */
import { parseCondition } from '../../metadata/contract/condition-tree.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiList, UiViews } from '../../metadata/contract/ui-model.js'
import { readSpan, writeSpan, type Span } from '../calendars/spans.js'
import type { ListQuery } from '../client/records.js'
import { firstOf, viewsOf } from '../client/views.js'
import { partOf, readShape, rows, shapeOfView, writeShape, type Shape } from './shapes.js'
import { readTotals, writeTotals, type Totals } from './table/summaries.js'

export interface ListState {
  /** Name of the view; '' for the one that the reader begins with. */
  readonly view: string
  readonly q: string
  /** As in the API: `-at,name`; '' for the view's own. */
  readonly sort: string
  /** Paths of the columns in their order; empty for the view's own. */
  readonly columns: readonly string[]
  /** How many of the first columns stay in sight, instead of as many as the view says. */
  readonly frozen?: number
  /** A condition instead of the view's own, which is used where there is none; an empty one lets everything through. */
  readonly filter?: JsonObject
  /** Instead of the view's own groups and totals, which are used where there are none. */
  readonly groupBy?: readonly string[]
  readonly totals?: Totals
  /** As what the records are shown, instead of as the view does. */
  readonly shape?: Shape
  /** The month or week of a calendar; without one that of today. */
  readonly span?: Span
  readonly archived: boolean
}

/** A list as it comes. */
export const usualState: ListState = { view: '', q: '', sort: '', columns: [], archived: false }

/** Reads the query of a list's address. What is not understood is left out: an old link still shows a list. */
export function readState(query: string): ListState {
  const parameters = new URLSearchParams(query)
  const filter = readCondition(parameters.get('filter') ?? '')
  const shape = readShape(parameters)
  const span = readSpan(parameters)
  return {
    view: parameters.get('view') ?? '',
    q: parameters.get('q') ?? '',
    sort: parameters.get('sort') ?? '',
    columns: (parameters.get('columns') ?? '').split(',').filter((path) => path !== ''),
    ...(/^[0-5]$/.test(parameters.get('frozen') ?? '') ? { frozen: Number(parameters.get('frozen')) } : {}),
    ...(filter === undefined ? {} : { filter }),
    ...(parameters.has('group') ? { groupBy: (parameters.get('group') ?? '').split(',').filter((path) => path !== '').slice(0, 2) } : {}),
    ...(parameters.has('totals') ? { totals: readTotals(parameters.get('totals') ?? '') } : {}),
    ...(shape === undefined ? {} : { shape }),
    ...(span === undefined ? {} : { span }),
    archived: parameters.get('archived') === 'true',
  }
}

function readCondition(text: string): JsonObject | undefined {
  if (text === '') return undefined
  try {
    return parseCondition(JSON.parse(text) as Json)
  } catch {
    return undefined
  }
}

/** The query of a list's address, '' when everything is as usual. */
export function writeState(state: ListState): string {
  const parameters = new URLSearchParams()
  if (state.view !== '') parameters.set('view', state.view)
  if (state.q !== '') parameters.set('q', state.q)
  if (state.sort !== '') parameters.set('sort', state.sort)
  if (state.columns.length > 0) parameters.set('columns', state.columns.join(','))
  if (state.frozen !== undefined) parameters.set('frozen', String(state.frozen))
  if (state.filter !== undefined) parameters.set('filter', JSON.stringify(state.filter))
  if (state.groupBy !== undefined) parameters.set('group', state.groupBy.join(','))
  if (state.totals !== undefined) parameters.set('totals', writeTotals(state.totals))
  if (state.shape !== undefined) writeShape(state.shape, parameters)
  if (state.span !== undefined) writeSpan(state.span, parameters)
  if (state.archived) parameters.set('archived', 'true')
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}

/** The view in use; an entity always has at least one. */
export function viewOfState(entity: UiEntity, saved: UiViews, state: ListState): UiList {
  const fallback: UiList = { name: '', title: entity.plural, columns: [entity.display ?? 'id'], sort: '' }
  const wanted = state.view === '' ? firstOf(entity, saved) : state.view
  return viewsOf(entity, saved).find((view) => view.name === wanted) ?? entity.lists[0] ?? fallback
}

/** The state that shows a view as it is; what was looked for stays. */
export const stateOfView = (entity: UiEntity, saved: UiViews, name: string, { q, archived }: ListState): ListState => ({ ...usualState, q, archived, view: name === firstOf(entity, saved) ? '' : name })

/** The condition of the list: the view's own, unless another one took its place. Undefined when there is none. */
export function conditionOf(view: UiList, state: ListState): JsonObject | undefined {
  const filter = state.filter ?? view.filter
  return isObject(filter) && Object.keys(filter).length > 0 ? filter : undefined
}

/** The state with another condition; the view's own is not written down. */
export function withCondition(view: UiList, state: ListState, condition: JsonObject = {}): ListState {
  const { filter, ...rest } = { ...state, filter: condition }
  return JSON.stringify(filter) === JSON.stringify(view.filter ?? {}) ? rest : { ...rest, filter }
}

/** Groups and totals of the list: the view's own, unless others took their place. */
export const summaryOf = (view: UiList, { groupBy, totals }: ListState): { readonly groupBy: readonly string[]; readonly totals: Totals } => ({ groupBy: groupBy ?? view.groupBy ?? [], totals: totals ?? view.totals ?? {} })

/** The state with other groups and totals; the view's own are not written down. */
export function withSummary(view: UiList, state: ListState, summary: ReturnType<typeof summaryOf>): ListState {
  const { groupBy, totals, ...rest } = { ...state, ...summary }
  const usual = summaryOf(view, usualState)
  return { ...rest, ...(groupBy.join() === usual.groupBy.join() ? {} : { groupBy }), ...(writeTotals(totals) === writeTotals(usual.totals) ? {} : { totals }) }
}

/** How many of the first columns stay in sight: the first one, where nobody says anything. */
export const frozenOf = (view: UiList, { frozen }: ListState): number => frozen ?? view.frozen ?? 1

/** The state with another number of columns that stay in sight; the view's own is not written down. */
export function withFrozen(view: UiList, state: ListState, next: number): ListState {
  const { frozen, ...rest } = { ...state, frozen: next }
  return frozen === frozenOf(view, usualState) ? rest : { ...rest, frozen }
}

/** As what the records are shown. What is archived is shown as rows: it neither moves nor adds up to anything. */
export function shapeOf(view: UiList, { shape, archived }: ListState): Shape {
  if (archived) return rows
  const own = shapeOfView(view)
  // A board by the view's own field has the limits of the view.
  return shape === undefined || (shape.kind === 'board' && own.kind === 'board' && shape.board.by === own.board.by) ? own : shape
}

/** The state with another shape; the view's own is not written down. */
export function withShape(view: UiList, state: ListState, next: Shape): ListState {
  const { shape, ...rest } = { ...state, shape: next }
  return JSON.stringify(shape) === JSON.stringify(shapeOfView(view)) ? rest : { ...rest, shape }
}

/** True when the list shows something else than its view does. */
export const isChanged = (view: UiList, state: ListState): boolean =>
  (state.sort !== '' && state.sort !== view.sort) || (state.columns.length > 0 && state.columns.join() !== view.columns.join()) || frozenOf(view, state) !== frozenOf(view, usualState) || JSON.stringify(conditionOf(view, state) ?? {}) !== JSON.stringify(view.filter ?? {}) ||
  JSON.stringify(shapeOf(view, state)) !== JSON.stringify(shapeOf(view, usualState)) || JSON.stringify(summaryOf(view, state)) !== JSON.stringify(summaryOf(view, usualState))

/** What the list shows, as a definition that can be saved. */
export function definitionOf(view: UiList, state: ListState): JsonObject {
  const filter = conditionOf(view, state)
  const { groupBy, totals } = summaryOf(view, state)
  const shape = shapeOf(view, state)
  return {
    kind: shape.kind, ...partOf(shape), columns: columnPathsOf(view, state), sort: state.sort || view.sort, ...(filter === undefined ? {} : { filter }),
    ...(frozenOf(view, state) === 1 ? {} : { frozen: frozenOf(view, state) }), ...(groupBy.length === 0 ? {} : { groupBy }), ...(Object.keys(totals).length === 0 ? {} : { totals }),
  }
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

/** What is looked for comes in the order in which it fits, unless a column was chosen. */
export const sortFor = (view: UiList, state: ListState): string => state.sort || (state.q.trim() === '' ? view.sort : '')

/** What a state asks for, without what depends on the page. */
export function queryOf(view: UiList, state: ListState): ListQuery {
  const filter = conditionOf(view, state)
  const sort = sortFor(view, state)
  return {
    ...(sort === '' ? {} : { sort }),
    ...(state.q === '' ? {} : { q: state.q }),
    ...(state.archived ? { archived: true } : {}),
    ...(filter === undefined ? {} : { filter }),
  }
}
