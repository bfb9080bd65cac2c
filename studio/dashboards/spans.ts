/** Spans of calendar days, both ends included. Days have no zone, so they are counted in UTC. Pure. */
import type { UiPeriod } from '../../metadata/contract/ui-model.js'
import { bucketAt } from '../lists/table/buckets.js'

export interface Span {
  readonly from: string
  readonly to: string
}

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))

/** The day so many days, or months, later. Where the month is shorter it is its last day. */
export function moved(day: string, days: number, months = 0): string {
  const at = new Date(`${day}T00:00:00Z`)
  if (months !== 0) {
    const date = at.getUTCDate()
    at.setUTCDate(1)
    at.setUTCMonth(at.getUTCMonth() + months)
    at.setUTCDate(Math.min(date, new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()))
  }
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

export const lengthOf = ({ from, to }: Span): number => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000) + 1

const starts: Readonly<Record<UiPeriod, ((last: string) => string) | null>> = {
  days7: (last) => moved(last, -6),
  days30: (last) => moved(last, -29),
  days90: (last) => moved(last, -89),
  month: (last) => bucketAt(last, 'month'),
  quarter: (last) => bucketAt(last, 'quarter'),
  year: (last) => bucketAt(last, 'year'),
  months12: (last) => moved(last, 1, -12),
  all: null,
}

/** The period that ends with the day `last`; null for all time. */
export function spanOf(period: UiPeriod, last: string): Span | null {
  const start = starts[period]
  return start === null ? null : { from: start(last), to: last }
}

/** Months by which parts of the calendar are compared: a month with the same days of the one before. */
const steps: Readonly<Partial<Record<UiPeriod | 'custom', number>>> = { month: 1, quarter: 3, year: 12, months12: 12 }

/** The span before one: the same days of the calendar's part before, or as many days right before it. */
export function daysBefore(period: UiPeriod | 'custom', span: Span): Span {
  const months = steps[period]
  if (months === undefined) return { from: moved(span.from, -lengthOf(span)), to: moved(span.from, -1) }
  const whole = moved(span.to, 1).slice(8) === '01'
  // A month that is over is compared with the whole one before, however long that is.
  return { from: moved(span.from, 0, -months), to: whole ? moved(moved(moved(span.to, 1), 0, -months), -1) : moved(span.to, 0, -months) }
}
