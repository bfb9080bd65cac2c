/** Bars of a timeline: columns of every zoom, rows and lines, arrows between them, and what becomes of records whose bars are drawn. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { lastingTo, placedBy, type Days } from '../../studio/calendars/placed.js'
import { zooms, type Span } from '../../studio/calendars/spans.js'
import { dayAfter, daysBetween } from '../../studio/client/days.js'
import type { Rec } from '../../studio/client/records.js'
import { drawn } from '../../studio/timelines/drawing.js'
import { barNext, rowsOf } from '../../studio/timelines/rows.js'
import { partAt, scaleOf, turnedScale } from '../../studio/timelines/scale.js'

const anyDay = fc.integer({ min: 0, max: 60_000 }).map((days) => dayAfter('1920-01-01', days))
const anySpan: fc.Arbitrary<Span> = fc.record({ unit: fc.constantFrom(...zooms), day: anyDay })
const dates: Days = { by: { key: 'from', moment: false }, end: { key: 'to', moment: false }, timeZone: 'Pacific/Auckland' }

describe('a scale', () => {
  test('has the chosen day, and its columns stand side by side over all of it', () => {
    fc.assert(fc.property(anySpan, (span) => {
      const scale = scaleOf(span)
      expect(scale.first < span.day && span.day < scale.last).toBe(true)
      for (const parts of [scale.columns, scale.above]) {
        expect(parts[0]?.first).toBe(scale.first)
        for (const [i, { first, days }] of parts.entries()) expect(dayAfter(first, days)).toBe(parts[i + 1]?.first ?? dayAfter(scale.last, 1))
      }
      expect([partAt(scale, scale.first), partAt(scale, dayAfter(scale.last, 1))]).toEqual([0, 1])
    }))
  })

  test('is turned so that the days that were in sight are reached again', () => {
    fc.assert(fc.property(anySpan, (span) => {
      const next = scaleOf(turnedScale(span, 1))
      expect(next.first > scaleOf(span).first && next.first <= scaleOf(span).last).toBe(true)
      expect(scaleOf(turnedScale(turnedScale(span, 1), -1)).first).toBe(scaleOf(span).first)
    }))
  })
})

describe('rows', () => {
  const within = { first: '2026-07-01', last: '2026-08-31' }
  const record = fc.record({ start: fc.integer({ min: -60, max: 60 }), length: fc.option(fc.integer({ min: 0, max: 40 }), { nil: null }), group: fc.constantFrom('a', 'b', null) })
  const anyRecords = fc.array(record, { maxLength: 30 }).map((all) => all.map(({ start, length, group }, id): Rec => ({ id: id + 1, group, from: dayAfter('2026-07-15', start), to: length === null ? null : dayAfter('2026-07-15', start + length) })))

  test('have every record in sight once, where neither its bar nor its name covers another', () => {
    fc.assert(fc.property(anyRecords, fc.integer({ min: 1, max: 60 }), (records, nameDays) => {
      const rows = rowsOf(records, dates, 'group', within, nameDays)
      const inSight = placedBy(records, dates).filter(({ first, last }) => first <= within.last && last >= within.first)
      expect(rows.flatMap(({ bars }) => bars.map(({ placed }) => placed.record.id)).toSorted((a, b) => a - b)).toEqual(inSight.map((placed) => placed.record.id).toSorted((a, b) => a - b))
      for (const { bars, lanes, value } of rows) {
        expect(bars.every(({ placed, lane }) => placed.record['group'] === value && lane < lanes)).toBe(true)
        for (const a of bars) for (const b of bars) {
          if (a === b || a.lane !== b.lane || a.shown.first > b.shown.first) continue
          expect(daysBetween(a.shown.first, b.shown.first)).toBeGreaterThan(daysBetween(a.shown.first, a.shown.last) + (a.short ? nameDays - 1 : 0))
        }
      }
    }))
  })

  test('are walked through by arrows: every bar is reached from the first one', () => {
    fc.assert(fc.property(anyRecords, (records) => {
      const rows = rowsOf(records, dates, 'group', within, 7)
      const all = rows.flatMap(({ bars }) => bars.map(({ placed }) => placed.record.id))
      const reached = new Set(all.slice(0, 1))
      for (const id of reached) for (const [along, down] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
        const next = barNext(rows, id, along, down)
        if (next !== undefined) reached.add(next.placed.record.id)
      }
      expect(reached.size).toBe(all.length)
    }))
  })
})

describe('a bar that is drawn', () => {
  const drawnTo = (record: Rec, days: Days, grip: 'whole' | 'first' | 'last', by: number): Rec => {
    const [placed] = placedBy([record], days)
    if (placed === undefined) throw new Error('it stands nowhere')
    return { ...record, ...lastingTo(placed, drawn(placed, grip, by), days) }
  }

  test('changes the end that was held, and lasts a day at least', () => {
    const record: Rec = { id: 1, from: '2026-03-10', to: '2026-03-12' }
    expect(drawnTo(record, dates, 'whole', 5)).toEqual({ id: 1, from: '2026-03-15', to: '2026-03-17' })
    expect(drawnTo(record, dates, 'first', -1)).toEqual({ id: 1, from: '2026-03-09', to: '2026-03-12' })
    expect(drawnTo(record, dates, 'last', 2)).toEqual({ id: 1, from: '2026-03-10', to: '2026-03-14' })
    expect(drawnTo(record, dates, 'last', -9)).toEqual({ id: 1, from: '2026-03-10', to: '2026-03-10' })
    expect(drawnTo(record, dates, 'first', 9)).toEqual({ id: 1, from: '2026-03-12', to: '2026-03-12' })
  })

  test('gets a last day where it had none, and keeps having none when it is moved', () => {
    expect(drawnTo({ id: 1, from: '2026-03-10', to: null }, dates, 'last', 2)).toEqual({ id: 1, from: '2026-03-10', to: '2026-03-12' })
    expect(drawnTo({ id: 1, from: '2026-03-10', to: null }, dates, 'whole', 2)).toEqual({ id: 1, from: '2026-03-12', to: null })
  })

  test('of moments keeps what the clock shows', () => {
    const berlin: Days = { by: { key: 'from', moment: true }, end: { key: 'to', moment: true }, timeZone: 'Europe/Berlin' }
    expect(drawnTo({ id: 1, from: '2026-03-27T08:00:00.000Z', to: '2026-03-28T17:00:00.000Z' }, berlin, 'last', 1)).toEqual({ id: 1, from: '2026-03-27T08:00:00.000Z', to: '2026-03-29T16:00:00.000Z' })
  })
})
