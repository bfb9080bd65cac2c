/** A moment, stored in UTC with milliseconds: `2026-07-01T08:30:00.000Z`. */
import type { Json } from '../../../metadata/contract/json.js'
import { momentAt } from '../../../metadata/contract/time.js'
import type { FieldType, Habits } from '../contract.js'
import { isDay, readDay } from '../days.js'
import { hasType, optionsSchema } from '../keywords.js'

type InstantOptions = Record<string, never>

const canonicalPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

export const instant: FieldType<InstantOptions, string> = {
  name: 'instant',
  options: optionsSchema({}),
  infer: (property, named) => (named || (hasType(property, 'string') && property.format === 'date-time') ? {} : undefined),
  schema: () => ({ type: 'string', format: 'date-time' }),
  canonical: (value: Json) => (typeof value === 'string' ? (toUtc(value) ?? value) : value),
  columns: () => [{ suffix: '', kind: 'instant' }],
  toColumns: (value) => [value],
  fromColumns: ([cell]) => (typeof cell === 'string' ? cell : null),
  operators: ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin'],
  operand: (value) => (typeof value === 'string' ? toUtc(value) : undefined),
  sortColumn: () => 0,
  measures: ['count', 'min', 'max'],
  buckets: ['year', 'quarter', 'month', 'week', 'day'],
  check: (value) => (canonicalPattern.test(value) && toUtc(value) === value ? undefined : 'must be a time with a zone, such as 2026-07-01T08:30:00Z'),
  parse: (written, _, habits) => toUtc(written.trim()) ?? (habits === undefined ? undefined : onTheClock(written, habits)),
  format: (value) => value,
  formula: 'instant',
  examples: [
    { options: {}, value: '2026-07-01T08:30:00.000Z', text: '2026-07-01T08:30:00.000Z' },
    { options: {}, value: '1969-12-31T23:59:59.999Z', text: '1969-12-31T23:59:59.999Z' },
    { options: {}, value: '0001-01-01T00:00:00.000Z', text: '0001-01-01T00:00:00.000Z' },
    { options: {}, value: '9999-12-31T23:59:59.999Z', text: '9999-12-31T23:59:59.999Z' },
  ],
}

/**
 * An RFC 3339 time in its one spelling; undefined when it is none or lies outside the years 1 to 9999. Digits after the
 * milliseconds are cut. A leap second is the first moment of the next minute, as in POSIX time.
 */
function toUtc(text: string): string | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/.exec(text)
  if (parts === null) return undefined
  const [, day = '', hour = '', minute = '', second = '', fraction = '', zone = ''] = parts
  if (Number(hour) > 23 || !isDay(day)) return undefined
  const leap = second === '60'
  const time = Date.parse(`${day}T${hour}:${minute}:${leap ? '59' : second}.${leap ? '999' : fraction.slice(0, 3).padEnd(3, '0')}${zone.toUpperCase()}`)
  if (Number.isNaN(time)) return undefined
  const utc = new Date(leap ? time + 1 : time).toISOString()
  return canonicalPattern.test(utc) && !utc.startsWith('0000') ? utc : undefined
}

/** A day, with what a clock showed or from its beginning, in the zone of the author. */
function onTheClock(written: string, { dates, timeZone }: Habits): string | undefined {
  const text = written.normalize('NFKC').trim()
  const [, before = text, hour = '0', minute = '00', second = '00', half = ''] = /^(.+?)(?:T|,? +)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)? ?([AaPp]\.?[Mm]\.?)?$/.exec(text) ?? []
  const day = readDay(before, dates)
  const hours = half === '' ? Number(hour) : (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0)
  if (day === undefined || hours > 23 || Number(minute) > 59 || Number(second) > 59 || (half !== '' && (Number(hour) < 1 || Number(hour) > 12))) return undefined
  return momentAt(`${day}T${String(hours).padStart(2, '0')}:${minute}:${second}`, timeZone)
}
