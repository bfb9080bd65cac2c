/** The records of a calendar that stand on some days: one bounded question. Shows nothing. */
import type { UiCalendar } from '../../metadata/contract/ui-model.js'
import { both } from '../charts/chart-conditions.js'
import type { Rec } from '../client/records.js'
import type { Question } from '../lists/question.js'
import { standsWithin, type Days } from './placed.js'

/** More are not shown; the engine's largest page is half of it. */
export const shownMost = 1_000
const pageMax = 500

export interface Within {
  readonly records: readonly Rec[]
  /** True when there are more. */
  readonly cut: boolean
}

/** Those that stand on the days from `from` to `to`, both included, the earliest first. */
export async function recordsWithin({ client, entity, query }: Question, { by, end, color }: UiCalendar, days: Days, [from, to]: readonly [string, string], signal: AbortSignal): Promise<Within> {
  const keys = [by, end, color].filter((key) => key !== undefined)
  const fields = [...new Set([...query.fields.split(','), ...keys])].join(',')
  const asked = { ...query, fields, sort: by, filter: both(query.filter, standsWithin(days, from, to)), limit: pageMax }
  const first = await client.records.list(entity.name, asked, signal)
  if (first.next === null) return { records: first.records, cut: false }
  const second = await client.records.list(entity.name, { ...asked, cursor: first.next }, signal)
  return { records: [...first.records, ...second.records], cut: second.next !== null }
}
