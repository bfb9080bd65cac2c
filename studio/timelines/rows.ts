/** The rows of a timeline: records that have the same value, each record in the first line where neither its bar nor its name covers another. Pure. */
import type { Json } from '../../metadata/contract/json.js'
import type { Rec } from '../client/records.js'
import { dayAfter, daysBetween } from '../client/days.js'
import { placedBy, type Days, type Period, type Placed } from '../calendars/placed.js'

export interface Bar {
  readonly placed: Placed
  /** The part of it that is in sight. */
  readonly shown: Period
  /** Line within the row, from 0. */
  readonly lane: number
  /** True where the name stands behind the bar, because there is no room in it. */
  readonly short: boolean
}

export interface Row {
  /** What its records have in common; null for who has no value. */
  readonly value: Json
  /** One of its records, which has the name of the value with it. */
  readonly record: Rec
  readonly bars: readonly Bar[]
  readonly lanes: number
}

/** The rows in the order in which their records come; `nameDays` is how long a name is. */
export function rowsOf(records: readonly Rec[], days: Days, group: string | undefined, within: Period, nameDays: number): readonly Row[] {
  const rows = new Map<string, { readonly value: Json; readonly record: Rec; readonly records: Rec[] }>()
  for (const record of records) {
    const value = group === undefined ? null : (record[group] ?? null)
    const key = JSON.stringify(value)
    const row = rows.get(key) ?? { value, record, records: [] }
    row.records.push(record)
    rows.set(key, row)
  }
  return [...rows.values()].map(({ value, record, records: own }) => ({ value, record, ...inLanes(placedBy(own, days), within, nameDays) }))
}

function inLanes(placed: readonly Placed[], { first: from, last: to }: Period, nameDays: number): Pick<Row, 'bars' | 'lanes'> {
  const busyUntil: string[] = []
  const bars = placed.filter(({ first, last }) => first <= to && last >= from).map((one): Bar => {
    const shown = { first: one.first > from ? one.first : from, last: one.last < to ? one.last : to }
    const short = daysBetween(shown.first, shown.last) + 1 < nameDays
    const free = busyUntil.findIndex((until) => until < shown.first)
    const lane = free < 0 ? busyUntil.length : free
    busyUntil[lane] = short ? dayAfter(shown.last, Math.ceil(nameDays)) : shown.last
    return { placed: one, shown, lane, short }
  })
  return { bars, lanes: busyUntil.length }
}

/** The bar that an arrow leads to: along its line, or to the nearest one of the line above or below, also of another row. */
export function barNext(rows: readonly Row[], id: number, along: -1 | 0 | 1, down: -1 | 0 | 1): Bar | undefined {
  const lines = rows.flatMap(({ bars, lanes }) => Array.from({ length: lanes }, (_, lane) => bars.filter((bar) => bar.lane === lane)))
  const line = lines.findIndex((bars) => bars.some(({ placed }) => placed.record.id === id))
  const at = lines[line]?.findIndex(({ placed }) => placed.record.id === id) ?? -1
  if (down === 0) return lines[line]?.[at + along]
  const from = lines[line]?.[at]?.shown.first ?? ''
  const away = ({ shown }: Bar): number => Math.abs(daysBetween(from, shown.first))
  return lines[line + down]?.toSorted((a, b) => away(a) - away(b))[0]
}
