/** What a dashboard is narrowed by is its address; periods are days of a calendar, and each number is the list that it leads to. */
import { expect, test } from 'vitest'

import type { UiDashboard, UiTile } from '../../metadata/contract/ui-model.js'
import { pageSpan, periodNames, readPage, spanBefore, tileCondition, writePage, type PageState } from '../../studio/dashboards/page-state.js'
import { lengthOf, moved, spanOf } from '../../studio/dashboards/spans.js'
import { bucketsBetween } from '../../studio/lists/table/buckets.js'

const page: UiDashboard = { name: 'sales', title: 'Sales', period: { default: 'quarter' }, filters: [{ name: 'store', title: 'Store', entity: 'purchase', field: 'store' }], tiles: [] }
const usual: PageState = { period: 'quarter', from: '', to: '', filters: {} }

test('the state of a page survives its address, and a mangled one is as at first', () => {
  const states: readonly PageState[] = [usual, { ...usual, period: 'all', filters: { store: 12 } }, { period: 'custom', from: '2017-02-28', to: '2017-03-01', filters: {} }]
  for (const state of states) expect(readPage(page, writePage(page, state))).toEqual(state)
  expect(writePage(page, usual)).toBe('')
  for (const query of ['?period=never', '?from=2017-02-31&to=x', '?from=2017-03-02&to=2017-03-01', '?by.store={', '?by.other=1']) expect(readPage(page, query)).toEqual(usual)
})

test('periods end with the last day and are compared with the same part of the calendar before', () => {
  const both = (period: PageState['period'], last: string): readonly string[] => {
    const span = pageSpan({ ...usual, period }, last)
    const before = span === null ? null : spanBefore({ ...usual, period }, span)
    return [span, before].flatMap((one) => (one === null ? [] : [`${one.from} ${one.to}`]))
  }
  expect(both('days7', '2024-03-03')).toEqual(['2024-02-26 2024-03-03', '2024-02-19 2024-02-25'])
  expect(both('month', '2024-03-31')).toEqual(['2024-03-01 2024-03-31', '2024-02-01 2024-02-29'])
  expect(both('month', '2023-03-30')).toEqual(['2023-03-01 2023-03-30', '2023-02-01 2023-02-28'])
  expect(both('quarter', '2017-12-31')).toEqual(['2017-10-01 2017-12-31', '2017-07-01 2017-09-30'])
  expect(both('quarter', '2017-11-15')).toEqual(['2017-10-01 2017-11-15', '2017-07-01 2017-08-15'])
  expect(both('year', '2024-02-29')).toEqual(['2024-01-01 2024-02-29', '2023-01-01 2023-02-28'])
  expect(both('months12', '2017-06-30')).toEqual(['2016-07-01 2017-06-30', '2015-07-01 2016-06-30'])
  expect(both('all', '2017-06-30')).toEqual([])
  for (const period of periodNames) {
    for (let last = '2023-12-25'; last < '2024-03-05'; last = moved(last, 1)) {
      const span = spanOf(period, last)
      if (span === null) continue
      const before = spanBefore({ ...usual, period }, span)
      expect([span.to, before.to < span.from, lengthOf(before) > 0], `${period} ${last}`).toEqual([last, true, true])
    }
  }
})

test('a tile asks for its own records, those of the period in the zone of who reads, and of the filters that it knows', () => {
  const tile: UiTile = { kind: 'number', name: 'n', title: 'N', entity: 'purchase', width: 3, filter: { channel: 'app' }, period: 'at', filters: { store: 'store' }, measure: { count: true } }
  const span = { from: '2017-10-01', to: '2017-10-31' }
  expect(tileCondition(tile, { store: 12, other: 1 }, span, { isMoment: true, timeZone: 'Asia/Shanghai' })).toEqual({ $and: [{ channel: 'app' }, { at: { $gte: '2017-09-30T16:00:00.000Z', $lt: '2017-10-31T16:00:00.000Z' } }, { store: 12 }] })
  expect(tileCondition({ ...tile, filter: {} }, {}, span, { isMoment: false, timeZone: 'Asia/Shanghai' })).toEqual({ at: { $gte: '2017-10-01', $lt: '2017-11-01' } })
  expect(tileCondition({ ...tile, filter: {} }, {}, null, { isMoment: true, timeZone: '' })).toEqual({})
})

test('buckets follow each other without a gap', () => {
  expect(bucketsBetween('2017-01-15', '2017-03-01', 'month', 10)).toEqual(['2017-01-01', '2017-02-01', '2017-03-01'])
  expect(bucketsBetween('2017-01-01', '2017-01-09', 'week', 10)).toEqual(['2016-12-26', '2017-01-02', '2017-01-09'])
  expect(bucketsBetween('2016-11-30', '2017-05-01', 'quarter', 10)).toEqual(['2016-10-01', '2017-01-01', '2017-04-01'])
  expect(bucketsBetween('2017-01-01', '2027-01-01', 'day', 5)).toHaveLength(5)
})
