/** Relative times: the caller's calendar, also where clocks change. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRelative, resolveRelative } from '../../metadata/contract/time.js'

const cases: readonly (readonly [string, string, string, string])[] = [
  // expression, now, zone, instant
  ['now', '2026-07-01T08:30:00.123Z', 'Asia/Shanghai', '2026-07-01T08:30:00.123Z'],
  ['now-90d', '2026-07-01T08:30:00Z', 'UTC', '2026-04-02T08:30:00.000Z'],
  ['now+2h', '2026-07-01T08:30:00Z', 'UTC', '2026-07-01T10:30:00.000Z'],
  ['now/d', '2026-07-01T18:30:00Z', 'Asia/Shanghai', '2026-07-01T16:00:00.000Z'],
  ['now/d', '2026-07-01T02:30:00Z', 'America/New_York', '2026-06-30T04:00:00.000Z'],
  ['now/w', '2026-07-01T12:00:00Z', 'UTC', '2026-06-29T00:00:00.000Z'],
  ['now/w', '2026-06-28T12:00:00Z', 'UTC', '2026-06-22T00:00:00.000Z'],
  ['now-1M/M', '2026-03-31T12:00:00Z', 'UTC', '2026-02-01T00:00:00.000Z'],
  ['now-1M', '2026-03-31T12:00:00Z', 'UTC', '2026-02-28T12:00:00.000Z'],
  ['now-1M', '2024-03-31T12:00:00Z', 'UTC', '2024-02-29T12:00:00.000Z'],
  ['now-1y', '2024-02-29T12:00:00Z', 'UTC', '2023-02-28T12:00:00.000Z'],
  ['now/y', '2026-07-01T12:00:00Z', 'UTC', '2026-01-01T00:00:00.000Z'],
  ['now/d-1d', '2026-07-01T12:00:00Z', 'UTC', '2026-06-30T00:00:00.000Z'],
  ['now/h', '2026-07-01T12:50:40Z', 'Asia/Kathmandu', '2026-07-01T12:15:00.000Z'],
  ['now/m', '2026-07-01T12:50:40.5Z', 'UTC', '2026-07-01T12:50:00.000Z'],
  // A day is the same time of day on the day before, also over a change of the clocks: 23 and 25 hours.
  ['now-1d', '2026-03-08T16:00:00Z', 'America/New_York', '2026-03-07T17:00:00.000Z'],
  ['now-24h', '2026-03-08T16:00:00Z', 'America/New_York', '2026-03-07T16:00:00.000Z'],
  ['now-1d', '2026-11-01T17:00:00Z', 'America/New_York', '2026-10-31T16:00:00.000Z'],
  // 02:30 does not exist on 8 March: the moment after the gap. 01:30 exists twice on 1 November: the first.
  ['now-1d', '2026-03-09T06:30:00Z', 'America/New_York', '2026-03-08T07:30:00.000Z'],
  ['now-1d', '2026-11-02T06:30:00Z', 'America/New_York', '2026-11-01T05:30:00.000Z'],
  // The second 01:30 stays the second one when its minutes are cut.
  ['now/h', '2026-11-01T06:30:00Z', 'America/New_York', '2026-11-01T06:00:00.000Z'],
  // In São Paulo the day began at 01:00 on 4 November 2018.
  ['now/d', '2018-11-04T12:00:00Z', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
]

test.each(cases)('%s at %s in %s is %s', (expression, now, zone, expected) => {
  expect(resolveRelative(expression, new Date(now), zone, 'instant')).toBe(expected)
})

test('a date is the day in the caller’s zone', () => {
  const now = new Date('2026-06-30T18:30:00Z')
  expect(resolveRelative('now', now, 'Asia/Shanghai', 'date')).toBe('2026-07-01')
  expect(resolveRelative('now', now, 'America/New_York', 'date')).toBe('2026-06-30')
  expect(resolveRelative('now-1M/M', now, 'Asia/Shanghai', 'date')).toBe('2026-06-01')
})

test.each(['', 'now-', 'now-1', 'now-1Q', 'now--1d', 'NOW', 'now/d/', 'nowhere', 'now 1d', 'now-9999999d', `now${'-1d'.repeat(9)}`])('%j is no relative time', (text) => {
  expect(isRelative(text)).toBe(false)
  expect(() => resolveRelative(text, new Date(), 'UTC', 'date')).toThrow(RangeError)
})

test('results stay in the years that dates may have', () => {
  const now = new Date('2026-07-01T08:30:00Z')
  expect(resolveRelative('now-999999y', now, 'Asia/Shanghai', 'date')).toMatch(/^0001-/)
  expect(resolveRelative('now+999999M', now, 'America/New_York', 'date')).toMatch(/^9999-/)
})

const zones = ['UTC', 'Asia/Shanghai', 'America/New_York', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia', 'Africa/Casablanca']

test('the start of a day is the first moment that shows its date', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1990-01-01'), max: new Date('2037-01-01'), noInvalidDate: true }), fc.constantFrom(...zones), (now, zone) => {
      const day = (at: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at)
      const start = new Date(resolveRelative('now/d', now, zone, 'instant'))
      expect(day(start)).toBe(day(now))
      expect(day(new Date(start.getTime() - 1))).not.toBe(day(now))
      expect(resolveRelative('now', now, zone, 'date')).toBe(day(now))
    }),
    { numRuns: 400 },
  )
})
