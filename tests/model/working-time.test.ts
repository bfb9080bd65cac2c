/** Hours of work: what is promised of a moment at which so much of them will have passed. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { afterWork } from '../../engine/model/workflows/working-time.js'
import type { CalendarDefinition } from '../../metadata/contract/definitions.gen.js'

const week = (from: string, to: string): CalendarDefinition['hours'] => Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ from, to }]]))
const office: CalendarDefinition = { timeZone: 'Asia/Shanghai', hours: { ...week('09:00', '17:00'), sat: [{ from: '14:00', to: '16:00' }, { from: '10:00', to: '12:00' }] }, holidays: ['2026-10-01', '2026-10-02'] }
const always: CalendarDefinition = { hours: { ...week('00:00', '24:00'), sat: [{ from: '00:00', to: '24:00' }], sun: [{ from: '00:00', to: '24:00' }] } }
const after = (from: string, hours: number): string | undefined => afterWork(new Date(from), hours * 3600, office, 'UTC')?.toISOString()

test('time passes while people work', () => {
  expect(after('2026-09-28T02:00:00Z', 3)).toBe('2026-09-28T05:00:00.000Z') // Monday, 10 to 13 o'clock in Shanghai
  expect(after('2026-09-28T08:00:00Z', 3)).toBe('2026-09-29T03:00:00.000Z') // one hour is left of Monday
  expect(after('2026-09-27T20:00:00Z', 1)).toBe('2026-09-28T02:00:00.000Z') // before the work begins
  expect(after('2026-09-30T08:30:00Z', 1)).toBe('2026-10-03T02:30:00.000Z') // two holidays, then Saturday morning
  expect(after('2026-10-03T03:00:00Z', 2)).toBe('2026-10-03T07:00:00.000Z') // over the lunch of Saturday
})

test('where nobody ever works it never passes, and without a calendar it always does', () => {
  expect(afterWork(new Date('2026-01-01T00:00:00Z'), 60, { hours: {} }, 'UTC')).toBeNull()
  expect(afterWork(new Date('2026-01-01T00:00:00Z'), 90, undefined, 'UTC')?.toISOString()).toBe('2026-01-01T00:01:30.000Z')
})

test('hours add up, pass no faster than the clock, and all hours are the clock, also where it is changed', () => {
  const moment = fc.date({ min: new Date('2025-01-01T00:00:00Z'), max: new Date('2027-12-31T00:00:00Z'), noInvalidDate: true })
  const seconds = fc.integer({ min: 1, max: 400_000 })
  fc.assert(fc.property(moment, seconds, seconds, (from, a, b) => {
    const first = afterWork(from, a, office, 'UTC')
    const both = afterWork(from, a + b, office, 'UTC')
    expect(first === null ? null : afterWork(first, b, office, 'UTC')).toEqual(both)
    expect((first?.getTime() ?? 0) - from.getTime()).toBeGreaterThanOrEqual(a * 1000)
    expect(afterWork(from, a, always, 'Europe/Berlin')).toEqual(new Date(from.getTime() + a * 1000))
  }), { numRuns: 60 })
})
