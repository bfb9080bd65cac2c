/** Years, quarters, months, weeks and days, each named by its first day (`2026-07-01`); weeks begin on Monday. Pure but for the words. */
import type { Bucket } from '../../../metadata/contract/operators.js'
import { day } from '../../client/i18n.js'

const months: Readonly<Record<Bucket, number>> = { year: 12, quarter: 3, month: 1, week: 0, day: 0 }
const days: Readonly<Record<Bucket, number>> = { year: 0, quarter: 0, month: 0, week: 7, day: 1 }

/** First day of the bucket behind the one that begins with `first`. */
export function nextBucket(first: string, bucket: Bucket): string {
  const at = new Date(`${first}T00:00:00Z`)
  at.setUTCMonth(at.getUTCMonth() + months[bucket])
  at.setUTCDate(at.getUTCDate() + days[bucket])
  return at.toISOString().slice(0, 10)
}

/** First day of the bucket that a day falls into. */
export function bucketAt(text: string, bucket: Bucket): string {
  const at = new Date(`${text}T00:00:00Z`)
  if (bucket === 'week') at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7))
  else if (bucket !== 'day') {
    at.setUTCDate(1)
    at.setUTCMonth(Math.floor(at.getUTCMonth() / months[bucket]) * months[bucket])
  }
  return at.toISOString().slice(0, 10)
}

/** The buckets from the one of `from` to the one of `to`, at most `most`. */
export function bucketsBetween(from: string, to: string, bucket: Bucket, most: number): readonly string[] {
  const found: string[] = []
  for (let at = bucketAt(from, bucket); at <= to && found.length < most; at = nextBucket(at, bucket)) found.push(at)
  return found
}

const quarterOf = (first: string): string => `Q${String((Number(first.slice(5, 7)) + 2) / 3)}`

/** A bucket in the reader's words. */
export const bucketText = (first: string, bucket: Bucket): string => words[bucket](first, 'long')

/** The same where there is little room. */
export const shortBucketText = (first: string, bucket: Bucket): string => words[bucket](first, 'short')

const dayText = (first: string, length: 'long' | 'short'): string => (length === 'long' ? day(first) : day(first, { month: 'short', day: 'numeric' }))

const words: Readonly<Record<Bucket, (first: string, length: 'long' | 'short') => string>> = {
  year: (first) => first.slice(0, 4),
  quarter: (first) => `${first.slice(0, 4)} ${quarterOf(first)}`,
  month: (first, length) => day(first, length === 'long' ? { month: 'long', year: 'numeric' } : { month: 'short', year: '2-digit' }),
  week: dayText,
  day: dayText,
}
