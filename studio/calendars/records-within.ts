/** The records of a calendar that stand on some days: one bounded question. Shows nothing. */
import type { UiCalendar } from '../../metadata/contract/ui-model.js'
import { both } from '../charts/chart-conditions.js'
import { dayOf } from '../client/days.js'
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

/** The first day of the record that is nearest to the days in sight, the coming one first; null where there is none. */
export async function nearestDay({ client, entity, query }: Question, { by, timeZone }: Days, { first, last }: { readonly first: string; readonly last: string }, signal: AbortSignal): Promise<string | null> {
  const ask = async (sort: string, side: object): Promise<string | null> => {
    const { records: [record] } = await client.records.list(entity.name, { ...query, fields: by.key, sort, filter: both(query.filter, { [by.key]: { ...side } }), limit: 1 }, signal)
    const value = record?.[by.key]
    return typeof value === 'string' ? value : null
  }
  const found = (await ask(by.key, { $gte: by.moment ? `${last}T00:00:00.000Z` : last })) ?? (await ask(`-${by.key}`, { $lte: by.moment ? `${first}T23:59:59.999Z` : first }))
  return found === null || !by.moment ? found : dayOf(found, timeZone)
}
