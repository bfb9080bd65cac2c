/** The days that a timeline shows, in columns of days, weeks, months or quarters. Pure but for the words. */
import { dayAfter, daysBetween } from '../client/days.js'
import { day as dayText } from '../client/i18n.js'
import { bucketAt, bucketText, nextBucket, shortBucketText } from '../lists/table/buckets.js'
import type { Period } from '../calendars/placed.js'
import type { Span, Unit } from '../calendars/spans.js'
import type { Bucket } from '../../metadata/contract/operators.js'

/** Columns of a unit, how many of them stand before the chosen day, the smallest width of a day in px, and what they stand under. */
interface Measures {
  readonly columns: number
  readonly before: number
  readonly dayPx: number
  readonly above: Bucket
}
const measures: Readonly<Record<Unit, Measures>> = {
  day: { columns: 28, before: 7, dayPx: 36, above: 'month' },
  week: { columns: 16, before: 4, dayPx: 9, above: 'month' },
  month: { columns: 12, before: 3, dayPx: 2.8, above: 'year' },
  quarter: { columns: 8, before: 2, dayPx: 1.4, above: 'year' },
}

export interface Column {
  readonly first: string
  readonly days: number
  readonly label: string
}

export interface Scale extends Period {
  readonly unit: Unit
  readonly days: number
  readonly columns: readonly Column[]
  /** What several columns stand under; the first and the last may be cut. */
  readonly above: readonly Column[]
  readonly dayPx: number
}

/** The scale around a day. */
export function scaleOf({ unit, day }: Span): Scale {
  const { columns: count, before, dayPx, above } = measures[unit]
  let first = bucketAt(day, unit)
  for (let i = 0; i < before; i++) first = bucketAt(dayAfter(first, -1), unit)
  const columns: Column[] = []
  let next = first
  for (let i = 0; i < count; i++) {
    const at = next
    next = nextBucket(at, unit)
    columns.push({ first: at, days: daysBetween(at, next), label: labels[unit](at) })
  }
  return { unit, first, last: dayAfter(next, -1), days: daysBetween(first, next), columns, above: aboveOf(first, next, above), dayPx }
}

const labels: Readonly<Record<Unit, (first: string) => string>> = {
  day: (first) => String(Number(first.slice(8))),
  week: (first) => shortBucketText(first, 'week'),
  month: (first) => dayText(first, { month: 'short' }),
  quarter: (first) => shortBucketText(first, 'quarter').slice(5),
}

function aboveOf(from: string, end: string, bucket: Bucket): readonly Column[] {
  const found: Column[] = []
  for (let first = from; first < end;) {
    const next = nextBucket(bucketAt(first, bucket), bucket)
    found.push({ first, days: daysBetween(first, next < end ? next : end), label: bucketText(bucketAt(first, bucket), bucket) })
    first = next
  }
  return found
}

/** The scale turned by half of its columns, forwards (1) or back (-1). */
export function turnedScale({ unit, day }: Span, by: 1 | -1): Span {
  let at = bucketAt(day, unit)
  for (let i = 0; i < measures[unit].columns / 2; i++) at = by === 1 ? nextBucket(at, unit) : bucketAt(dayAfter(at, -1), unit)
  return { unit, day: at }
}

/** Where a day begins on the scale: 0 at its start, 1 at its end. */
export const partAt = ({ first, days }: Scale, day: string): number => daysBetween(first, day) / days
