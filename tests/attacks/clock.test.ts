/** what counts time must not believe a clock that is set. Schedules and leases have their own tests where they are. */
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { throttle } from '../../engine/operations/people/throttle.js'
import { momentAfter } from '../../engine/operations/workflows/clock.js'

describe('A-128 attempts are counted by the time that passed', () => {
  afterEach(() => void vi.useRealTimers())

  test('a clock that is set back or forward gives no attempt and locks nobody out', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-07-01T12:00:00Z') })
    const attempts = throttle(3, 3600)
    expect([attempts.take('ada'), attempts.take('ada'), attempts.take('ada')]).toEqual([0, 0, 0])
    for (const moved of ['2026-07-01T11:00:00Z', '2026-07-01T12:00:00Z', '2026-07-02T12:00:00Z', '1990-01-01T00:00:00Z', '2026-07-01T12:00:00Z']) {
      vi.setSystemTime(new Date(moved))
      const wait = attempts.take('ada')
      expect(wait).toBeGreaterThan(3590)
      expect(wait).toBeLessThanOrEqual(3600)
    }
  })

  test('never more attempts than the limit and those that the passing time gave back', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 600 }), fc.array(fc.integer({ min: 0, max: 900_000 }), { maxLength: 60 }), (limit, refill, waits) => {
      let now = 0
      const attempts = throttle(limit, refill, () => now)
      let taken = 0
      for (const wait of waits) {
        now += wait
        const seconds = attempts.take('a')
        if (seconds === 0) taken += 1
        else expect(seconds).toBeLessThanOrEqual(refill)
      }
      expect(taken).toBeLessThanOrEqual(limit + now / (refill * 1000) + 1e-6)
    }))
  })
})

test.each([
  ['every night, where the clocks go on', '30 2 * * *', 'Europe/Berlin', '2026-03-27T12:00Z', ['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30']],
  ['every night, where the clocks go back', '30 2 * * *', 'Europe/Berlin', '2026-10-23T12:00Z', ['2026-10-24T00:30', '2026-10-25T00:30', '2026-10-26T01:30']],
  ['on the last of long months', '0 9 31 * *', 'Asia/Shanghai', '2026-01-01T12:00Z', ['2026-01-31T01:00', '2026-03-31T01:00', '2026-05-31T01:00']],
  ['on the day of leap years', '0 9 29 2 *', 'UTC', '2026-01-01T12:00Z', ['2028-02-29T09:00', '2032-02-29T09:00', '2036-02-29T09:00']],
])('A-130 a time table has each day that is meant once: %s', (_, cron, timeZone, from, moments) => {
  let at = new Date(from)
  for (const moment of moments) {
    at = momentAfter(cron, timeZone, at) ?? at
    expect(at.toISOString().slice(0, 16)).toBe(moment)
  }
})
