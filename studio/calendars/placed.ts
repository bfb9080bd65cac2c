/** Which records stand on which days, in which row of a week, and what they get when they are moved. Pure. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { dayAfter, dayOf, daysBetween } from '../client/days.js'
import type { Rec } from '../client/records.js'
import { fromWall, toWall } from '../client/zone.js'

/** A field that records stand by. */
export interface DayField {
  readonly key: string
  /** True for moments, which fall on a day of the reader's zone; false for days, which never shift. */
  readonly moment: boolean
}

/** What a calendar goes by. */
export interface Days {
  readonly by: DayField
  /** The last day of a record; absent where each stands on one. */
  readonly end: DayField | undefined
  /** The reader's; '' for the browser's. */
  readonly timeZone: string
}

/** A record on its days, both included. */
export interface Placed {
  readonly record: Rec
  readonly first: string
  readonly last: string
}

/** The records that have a day, in the order in which they are read: earlier ones first, longer ones before shorter ones. */
export function placedBy(records: readonly Rec[], { by, end, timeZone }: Days): readonly Placed[] {
  const placed = records.flatMap((record): readonly Placed[] => {
    const first = dayIn(record[by.key], by, timeZone)
    const last = end === undefined ? '' : dayIn(record[end.key], end, timeZone)
    return first === '' ? [] : [{ record, first, last: last > first ? last : first }]
  })
  const at = ({ record }: Placed): string => text(record[by.key])
  return placed.toSorted((a, b) => a.first.localeCompare(b.first) || b.last.localeCompare(a.last) || at(a).localeCompare(at(b)) || a.record.id - b.record.id)
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

const dayIn = (value: Json | undefined, { moment }: DayField, timeZone: string): string => (moment ? dayOf(text(value), timeZone) : text(value))

export const isOn = ({ first, last }: Placed, day: string): boolean => first <= day && day <= last

/** The part of a record's days that lies in one week. */
export interface Segment {
  readonly placed: Placed
  readonly first: string
  /** How many days of the week. */
  readonly days: number
  /** Row within the week, from 0. */
  readonly lane: number
}

/** What stands in a week, each in the first row that is free on all its days. */
export function segmentsOf(week: readonly string[], placed: readonly Placed[]): readonly Segment[] {
  const [start = '', end = ''] = [week[0], week.at(-1)]
  const busyUntil: string[] = []
  return placed.filter(({ first, last }) => first <= end && last >= start).map((one): Segment => {
    const first = one.first > start ? one.first : start
    const last = one.last < end ? one.last : end
    const free = busyUntil.findIndex((until) => until < first)
    const lane = free < 0 ? busyUntil.length : free
    busyUntil[lane] = last
    return { placed: one, first, days: daysBetween(first, last) + 1, lane }
  })
}

/** The condition of records that stand on one of the days from `from` to `to`, both included. */
export function standsWithin({ by, end, timeZone }: Days, from: string, to: string): JsonObject {
  const since = (field: DayField): JsonObject => ({ [field.key]: { $gte: field.moment ? startOf(from, timeZone) : from } })
  const until = { [by.key]: by.moment ? { $lt: startOf(dayAfter(to, 1), timeZone) } : { $lte: to } }
  return { $and: [until, end === undefined ? since(by) : { $or: [since(by), since(end)] }] }
}

/** The first moment of a day in a zone. */
const startOf = (day: string, timeZone: string): string => fromWall(`${day}T00:00`, timeZone) ?? `${day}T00:00:00.000Z`

/** What a record gets that goes to another first day: a moment keeps its time of day, the last day moves along. */
export function movedTo({ record, first }: Placed, to: string, { by, end, timeZone }: Days): JsonObject {
  const days = daysBetween(first, to)
  const changed = [by, ...(end === undefined ? [] : [end])].filter(({ key }) => text(record[key]) !== '')
  return Object.fromEntries(changed.map((field) => [field.key, field.moment ? momentAfter(text(record[field.key]), days, timeZone) : dayAfter(text(record[field.key]), days)]))
}

/** From one day to another, both included. */
export type Period = Pick<Placed, 'first' | 'last'>

/** What a record gets that lasts from one day to another: an end that stays where it was is not touched, a moment keeps its time of day. */
export function lastingTo(placed: Placed, to: Period, days: Days): JsonObject {
  const { by, end, timeZone } = days
  if (daysBetween(placed.first, placed.last) === daysBetween(to.first, to.last)) return movedTo(placed, to.first, days)
  const at = (field: DayField, day: string): JsonObject => {
    const value = text(placed.record[field.key])
    if (!field.moment) return { [field.key]: day }
    return { [field.key]: value === '' ? fromWall(`${day}T${morning}`, timeZone) : momentAfter(value, daysBetween(dayOf(value, timeZone), day), timeZone) }
  }
  return { ...(placed.first === to.first ? {} : at(by, to.first)), ...(end === undefined || placed.last === to.last ? {} : at(end, to.last)) }
}

const minuteMs = 60_000

/** So many days later when the clock shows the same; where it skips that time, as much later as it skips. */
function momentAfter(instant: string, days: number, timeZone: string): string {
  if (days === 0) return instant
  const wall = toWall(instant, timeZone)
  const minute = fromWall(`${dayAfter(wall.slice(0, 10), days)}${wall.slice(10)}`, timeZone)
  const rest = ((Date.parse(instant) % minuteMs) + minuteMs) % minuteMs
  return minute === null ? instant : new Date(Date.parse(minute) + rest).toISOString()
}

/** When a new record of a day begins, for moments: in the morning. */
const morning = '09:00'

/** What a new record of a day begins with. */
export const newOn = (day: string, { by, timeZone }: Days): JsonObject => ({ [by.key]: by.moment ? fromWall(`${day}T${morning}`, timeZone) : day })
