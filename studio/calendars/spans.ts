/** The month or week that a calendar shows, how it and the scale of a timeline stand in an address, and its days. Pure. */
import { dayAfter, weekdayOf } from '../client/days.js'

/** Of a calendar. */
export const units = ['month', 'week'] as const
/** What a timeline has columns for, the closest first. */
export const zooms = ['day', 'week', 'month', 'quarter'] as const
export type Unit = (typeof zooms)[number]

/** A month, a week ... by one of its days, which is the chosen one. */
export interface Span {
  readonly unit: Unit
  /** `YYYY-MM-DD`. */
  readonly day: string
}

/** Reads `month=2026-07-14` or `week=2026-07-14` out of an address; undefined where it says nothing that is understood. */
export function readSpan(parameters: URLSearchParams): Span | undefined {
  return zooms.map((unit) => ({ unit, day: parameters.get(unit) ?? '' })).find(({ day }) => isShownDay(day))
}

export const writeSpan = ({ unit, day }: Span, parameters: URLSearchParams): void => parameters.set(unit, day)

/** The query of an address without where in time its reader stands: what is asked for is the same. */
export function withoutSpan(query: string): string {
  const parameters = new URLSearchParams(query)
  for (const unit of zooms) parameters.delete(unit)
  return parameters.toString()
}

/** Weeks reach over the ends of a year: the first and the last of them are left out. */
const isShownDay = (day: string): boolean => /^\d{4}-\d\d-\d\d$/.test(day) && day > '0002' && day < '9998' && dayAfterSafely(day) === day

function dayAfterSafely(day: string): string {
  return Number.isNaN(Date.parse(`${day}T00:00:00Z`)) ? '' : dayAfter(day, 0)
}

/** The weeks that are shown, of seven days each: those of the month, filled up with the days before and after. */
export function weeksOf({ unit, day }: Span, firstDay: number): readonly (readonly string[])[] {
  const start = weekStart(unit === 'week' ? day : `${day.slice(0, 8)}01`, firstDay)
  const end = unit === 'week' ? day : lastOfMonth(day)
  const weeks: string[][] = []
  for (let week = start; week <= end; week = dayAfter(week, 7)) weeks.push(Array.from({ length: 7 }, (_, i) => dayAfter(week, i)))
  return weeks
}

const weekStart = (day: string, firstDay: number): string => dayAfter(day, -((weekdayOf(day) - firstDay + 7) % 7))

function lastOfMonth(day: string): string {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return dayAfter(month === 12 ? `${String(year + 1).padStart(4, '0')}-01-01` : `${day.slice(0, 5)}${String(month + 1).padStart(2, '0')}-01`, -1)
}

/** The next span (1) or the one before (-1). The day of the month stays as far as the month has it. */
export function turned({ unit, day }: Span, by: 1 | -1): Span {
  if (unit === 'week') return within({ unit, day: dayAfter(day, by * 7) }, day)
  const there = by === 1 ? dayAfter(lastOfMonth(day), 1) : dayAfter(`${day.slice(0, 8)}01`, -1)
  const last = lastOfMonth(there)
  const same = `${there.slice(0, 8)}${day.slice(8)}`
  return within({ unit, day: same < last ? same : last }, day)
}

const within = (span: Span, otherwise: string): Span => (isShownDay(span.day) ? span : { ...span, day: otherwise })
