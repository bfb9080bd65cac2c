/** The records of a timeline that last over some of the days in sight, row after row and page after page. Shows nothing. */
import type { UiTimeline } from '../../metadata/contract/ui-model.js'
import { standsWithin, type Days, type Period } from '../calendars/placed.js'
import { both } from '../charts/chart-conditions.js'
import type { Rec } from '../client/records.js'
import { columnsOf, fieldsFor } from '../lists/table/columns.js'
import type { Question } from '../lists/question.js'
import { rowFieldOf } from './timeline-fields.js'

/** Asked for at once. */
export const pageOfBars = 200
/** The engine's largest page. */
const pageMax = 500
/** More are not drawn. */
export const barsMost = 2_000

export interface BarsShown {
  readonly records: readonly Rec[]
  /** Cursor of the next page; null behind the last record, and where there are as many as are drawn. */
  readonly next: string | null
  /** True when there are more than are drawn. */
  readonly cut: boolean
}

/** The records behind those that are there, or, where none are, so many from the start. */
export async function barsWithin({ client, model, entity, query }: Question, timeline: UiTimeline, days: Days, { first, last }: Period, before: BarsShown | number, signal: AbortSignal): Promise<BarsShown> {
  const { by, end, color } = timeline
  const group = rowFieldOf(entity, timeline)?.key
  const keys = [by, end, color].filter((key) => key !== undefined)
  const named = group === undefined ? [] : fieldsFor(model, entity, columnsOf(model, entity, [group])).split(',')
  const fields = [...new Set([...query.fields.split(','), ...keys, ...named])].join(',')
  const asked = { ...query, fields, sort: [...new Set([group, by])].filter((key) => key !== undefined).join(','), filter: both(query.filter, standsWithin(days, first, last)) }
  let records = typeof before === 'number' ? [] : before.records
  let next = typeof before === 'number' ? null : before.next
  const wanted = Math.min(barsMost, typeof before === 'number' ? before : records.length + pageOfBars)
  do {
    const page = await client.records.list(entity.name, { ...asked, limit: Math.min(pageMax, wanted - records.length), ...(next === null ? {} : { cursor: next }) }, signal)
    records = [...records, ...page.records]
    next = page.next
  } while (next !== null && records.length < wanted)
  const full = records.length >= barsMost
  return { records, next: full ? null : next, cut: full && next !== null }
}
