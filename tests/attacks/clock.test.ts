/** what counts time must not believe a clock that is set. Schedules and leases have their own tests where they are. */
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { throttle } from '../../engine/operations/people/throttle.js'

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
