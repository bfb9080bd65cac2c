/** What a dashboard is narrowed by, how that is written into its address, and what it means for a tile. Pure. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiDashboard, UiPeriod, UiTile } from '../../metadata/contract/ui-model.js'
import { fromWall } from '../client/zone.js'
import { both } from '../charts/chart-conditions.js'
import { daysBefore, isDay, spanOf, type Span } from './spans.js'

export const periodNames = ['days7', 'days30', 'days90', 'month', 'quarter', 'year', 'months12', 'all'] as const satisfies readonly UiPeriod[]

export interface PageState {
  /** `custom`: the days of `span`. */
  readonly period: UiPeriod | 'custom'
  /** Days that people chose, the last one too. */
  readonly from: string
  readonly to: string
  /** Name of a filter → value; those that are not set are not there. */
  readonly filters: Readonly<Record<string, Json>>
}

/** Reads the query of a dashboard's address; what is not understood is as it is at first. */
export function readPage(dashboard: UiDashboard, query: string): PageState {
  const parameters = new URLSearchParams(query)
  const named = parameters.get('period') ?? ''
  const [from, to] = [parameters.get('from') ?? '', parameters.get('to') ?? '']
  const custom = isDay(from) && isDay(to) && from <= to
  const period = custom ? 'custom' : (periodNames.find((one) => one === named) ?? dashboard.period?.default ?? 'all')
  const filters = dashboard.filters.flatMap(({ name }) => {
    const value = readValue(parameters.get(`by.${name}`))
    return value === undefined ? [] : [[name, value] as const]
  })
  return { period, from: custom ? from : '', to: custom ? to : '', filters: Object.fromEntries(filters) }
}

function readValue(text: string | null): Json | undefined {
  if (text === null) return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** The query of a dashboard's address, '' when everything is as at first. */
export function writePage(dashboard: UiDashboard, { period, from, to, filters }: PageState): string {
  const parameters = new URLSearchParams()
  if (period === 'custom') {
    parameters.set('from', from)
    parameters.set('to', to)
  } else if (period !== dashboard.period?.default) parameters.set('period', period)
  for (const [name, value] of Object.entries(filters)) parameters.set(`by.${name}`, JSON.stringify(value))
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}

/** The days that the page is about; null for all of them. `last` is the day that periods end with. */
export const pageSpan = ({ period, from, to }: PageState, last: string): Span | null => (period === 'custom' ? { from, to } : spanOf(period, last))

/** As many days, or the same part of the calendar, before. */
export const spanBefore = ({ period }: PageState, span: Span): Span => daysBefore(period, span)

/** A tile's own condition with what the page adds to it. `isMoment`: the field of its period holds moments, whose days begin in `timeZone`. */
export function tileCondition(tile: UiTile, filters: PageState['filters'], span: Span | null, { isMoment, timeZone }: { readonly isMoment: boolean; readonly timeZone: string }): JsonObject {
  const edge = (day: string): Json => (isMoment ? fromWall(`${day}T00:00`, timeZone) : day)
  const period = tile.period === undefined || span === null ? undefined : { [tile.period]: { $gte: edge(span.from), $lt: edge(dayBehind(span.to)) } }
  const narrowed = Object.entries(tile.filters).flatMap(([name, path]) => (Object.hasOwn(filters, name) ? [{ [path]: filters[name] ?? null }] : []))
  return both(tile.filter, period, ...narrowed)
}

const dayBehind = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
