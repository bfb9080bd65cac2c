/** Records stand on days: weeks of every month, rows of a week, zones and their clocks, and what a move makes of them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { dayAfter, daysBetween, firstWeekday, weekdayOf } from '../../studio/client/days.js'
import type { Rec } from '../../studio/client/records.js'
import { toWall } from '../../studio/client/zone.js'
import { isOn, movedTo, newOn, placedBy, segmentsOf, standsWithin, type Days } from '../../studio/calendars/placed.js'
import { readSpan, turned, units, weeksOf, withoutSpan, writeSpan, type Span } from '../../studio/calendars/spans.js'

const anyDay = fc.integer({ min: 0, max: 60_000 }).map((days) => dayAfter('1920-01-01', days))
const anySpan: fc.Arbitrary<Span> = fc.record({ unit: fc.constantFrom(...units), day: anyDay })
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Shanghai', 'Pacific/Auckland', 'America/Sao_Paulo', 'Asia/Kathmandu']
const dates = (end?: string): Days => ({ by: { key: 'from', moment: false }, end: end === undefined ? undefined : { key: end, moment: false }, timeZone: 'Pacific/Auckland' })
const moments = (timeZone: string): Days => ({ by: { key: 'at', moment: true }, end: undefined, timeZone })

describe('the month or week that is shown', () => {
  test('has whole weeks that begin with the first weekday of the locale, and every day of the month once', () => {
    fc.assert(fc.property(anySpan, fc.integer({ min: 1, max: 7 }), (span, first) => {
      const weeks = weeksOf(span, first)
      const days = weeks.flat()
      expect(weeks.every((week) => week.length === 7 && weekdayOf(week[0] ?? '') === first)).toBe(true)
      expect(days.every((day, i) => i === 0 || day === dayAfter(days[i - 1] ?? '', 1))).toBe(true)
      expect(days).toContain(span.day)
      expect(weeks.length).toBeLessThanOrEqual(span.unit === 'week' ? 1 : 6)
      const month = days.filter((day) => day.slice(0, 7) === span.day.slice(0, 7))
      if (span.unit === 'month') expect([month[0]?.slice(8), dayAfter(month.at(-1) ?? '', 1).slice(8)]).toEqual(['01', '01'])
    }))
    expect([firstWeekday('en-US'), firstWeekday('en-GB'), firstWeekday('de')]).toEqual([7, 1, 1])
  })

  test('is turned to the next one and back', () => {
    fc.assert(fc.property(anySpan, (span) => {
      const next = turned(span, 1)
      expect(span.unit === 'week' ? daysBetween(span.day, next.day) : turned(next, -1).day.slice(0, 7)).toBe(span.unit === 'week' ? 7 : span.day.slice(0, 7))
      expect(next.day > span.day).toBe(true)
    }))
    expect(turned({ unit: 'month', day: '2026-01-31' }, 1).day).toBe('2026-02-28')
    expect(turned({ unit: 'month', day: '2026-01-31' }, -1).day).toBe('2025-12-31')
  })

  test('survives its address, which is no part of what is asked for', () => {
    fc.assert(fc.property(anySpan, (span) => {
      const parameters = new URLSearchParams('q=a%26b')
      writeSpan(span, parameters)
      expect(readSpan(parameters)).toEqual(span)
      expect(withoutSpan(`?${parameters.toString()}`)).toBe('q=a%26b')
    }))
    for (const wrong of ['month=2026', 'week=2026-02-30', 'month=x', 'month=0001-01-01', 'week=9999-12-31', 'year=2026-01-01']) expect(readSpan(new URLSearchParams(wrong))).toBeUndefined()
  })
})

describe('records on days', () => {
  test('a day is the same in every zone, a moment falls on the day of the reader', () => {
    expect(placedBy([{ id: 1, from: '2026-03-29' }, { id: 2, from: null }], dates())).toMatchObject([{ first: '2026-03-29', last: '2026-03-29' }])
    const late: Rec = { id: 1, at: '2026-03-04T20:00:00.000Z' }
    expect(['UTC', 'Asia/Shanghai'].map((zone) => placedBy([late], moments(zone))[0]?.first)).toEqual(['2026-03-04', '2026-03-05'])
  })

  test('each stands in every week that it touches, in a row where no other is, and is asked for exactly then', () => {
    const record = fc.record({ start: fc.integer({ min: -45, max: 45 }), length: fc.option(fc.integer({ min: 0, max: 40 }), { nil: null }) })
    fc.assert(fc.property(fc.array(record, { maxLength: 25 }), (all) => {
      const records: Rec[] = all.map(({ start, length }, id) => ({ id: id + 1, from: dayAfter('2026-07-15', start), to: length === null ? null : dayAfter('2026-07-15', start + length) }))
      const placed = placedBy(records, dates('to'))
      for (const week of weeksOf({ unit: 'month', day: '2026-07-15' }, 1)) {
        const segments = segmentsOf(week, placed)
        for (const day of week) {
          const lanes = segments.filter(({ first, days }) => first <= day && day < dayAfter(first, days)).map(({ lane }) => lane)
          expect(new Set(lanes).size).toBe(lanes.length)
          expect(lanes.length).toBe(placed.filter((one) => isOn(one, day)).length)
        }
      }
    }))
    expect(standsWithin(dates('to'), '2026-07-01', '2026-07-31')).toEqual({ $and: [{ from: { $lte: '2026-07-31' } }, { $or: [{ from: { $gte: '2026-07-01' } }, { to: { $gte: '2026-07-01' } }] }] })
    expect(standsWithin(moments('Europe/Berlin'), '2026-03-29', '2026-03-29')).toEqual({ $and: [{ at: { $lt: '2026-03-29T22:00:00.000Z' } }, { at: { $gte: '2026-03-28T23:00:00.000Z' } }] })
  })

  test('one that ends before it begins stands on the day that it begins', () => {
    expect(placedBy([{ id: 1, from: '2026-07-02', to: '2026-07-01' }], dates('to'))).toMatchObject([{ first: '2026-07-02', last: '2026-07-02' }])
  })
})

describe('a record that is moved', () => {
  const moved = (record: Rec, days: Days, to: string): Rec => {
    const [placed] = placedBy([record], days)
    if (placed === undefined) throw new Error('it stands nowhere')
    return { ...record, ...movedTo(placed, to, days) }
  }

  test('goes with its last day, and lasts as long as before', () => {
    expect(moved({ id: 1, from: '2026-02-27', to: '2026-03-02' }, dates('to'), '2024-02-27')).toMatchObject({ from: '2024-02-27', to: '2024-03-01' })
    expect(moved({ id: 1, from: '2026-02-27', to: null }, dates('to'), '2026-03-01')).toEqual({ id: 1, from: '2026-03-01', to: null })
  })

  test('keeps its time of day over a change of the clock; a time that is skipped moves forward', () => {
    const berlin = moments('Europe/Berlin')
    expect(moved({ id: 1, at: '2026-03-28T09:00:00.000Z' }, berlin, '2026-03-30').at).toBe('2026-03-30T08:00:00.000Z')
    expect(moved({ id: 1, at: '2026-10-24T08:00:12.345Z' }, berlin, '2026-10-26').at).toBe('2026-10-26T09:00:12.345Z')
    expect(moved({ id: 1, at: '2026-03-28T01:30:00.000Z' }, berlin, '2026-03-29').at).toBe('2026-03-29T01:30:00.000Z') // 2:30 is 3:30 on that day
  })

  test('stands on the day where it was put, in every zone', () => {
    const at = fc.date({ min: new Date('1980-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    fc.assert(fc.property(at, fc.constantFrom(...zones), fc.integer({ min: -400, max: 400 }), (date, zone, shift) => {
      const days = moments(zone)
      const record: Rec = { id: 1, at: date.toISOString() }
      const first = placedBy([record], days)[0]?.first ?? ''
      const after = moved(record, days, dayAfter(first, shift))
      expect(placedBy([after], days)[0]?.first).toBe(dayAfter(first, shift))
      const [was, is] = [record, after].map(({ at: value }) => toWall(typeof value === 'string' ? value : '', zone).slice(11))
      expect((is ?? '') >= (was ?? '')).toBe(true) // later only where the clock skips it
      if (shift === 0) expect(after).toEqual(record)
    }))
  })

  test('a new one begins on the day, moments in the morning of the reader', () => {
    expect(newOn('2026-07-14', dates())).toEqual({ from: '2026-07-14' })
    expect(newOn('2026-07-14', moments('Asia/Shanghai'))).toEqual({ at: '2026-07-14T01:00:00.000Z' })
  })
})
