/** A list is its address, and pages by cursor look like rows by number. */
import fc from 'fast-check'
import { html } from 'lit'
import { expect, test } from 'vitest'

import { matches, type MatchContext } from '../../metadata/contract/condition.js'
import type { Json } from '../../metadata/contract/json.js'
import type { UiList, UiModel, UiViews } from '../../metadata/contract/ui-model.js'
import { columnsOf, linkText } from '../../studio/lists/table/columns.js'
import { KeysetPages } from '../../studio/lists/table/keyset-pages.js'
import { noViews } from '../../studio/client/views.js'
import { readFilter, writeFilter } from '../../studio/lists/filter/filter-tree.js'
import { columnPathsOf, conditionOf, definitionOf, frozenOf, isChanged, type ListState, nextSort, readState, shapeOf, sortOf, stateOfView, summaryOf, usualState as usual, viewOfState, withCondition, withFrozen, withShape, withSummary, writeState } from '../../studio/lists/list-state.js'
import { rows, type Shape } from '../../studio/lists/shapes.js'
import { around, isWithin, onLand, scaled, standsIn } from '../../studio/maps/places.js'
import { groupCondition } from '../../studio/lists/table/summaries.js'
import { createPath, listPath, parseRoute } from '../../studio/shell/routes.js'
import { entity, field, settled, show, surroundings } from './support.js'

test('the state of a list survives its address', () => {
  const state: ListState = {
    view: 'gold', q: '王 & co', sort: '-at,name', columns: ['name', 'store.region'], archived: true, span: { unit: 'week', day: '2026-07-14' },
    filter: { 'store.region': { $in: ['north', 'east'] }, email: { $ne: null } },
  }
  const address = new URL(listPath('member', writeState(state)), 'http://x')
  expect(readState(address.search)).toEqual(state)
  expect(writeState(usual)).toBe('')
})

test('as what records are shown is in the address and in what is saved; the view\'s own is not written', () => {
  const view: UiList = { name: 'all', title: 'All', columns: ['name'], sort: '', board: { by: 'tier', limits: { gold: 3 } } }
  const shapes: readonly Shape[] = [rows, { kind: 'board', board: { by: 'state' } }, { kind: 'calendar', calendar: { by: 'from', end: 'to', color: 'tier' } }, { kind: 'timeline', timeline: { by: 'from', end: 'to', color: 'tier', group: 'store' } }, { kind: 'map', map: { at: 'location', color: 'region' } }, { kind: 'gallery', gallery: { picture: 'photo' } }, { kind: 'chart', chart: { type: 'bar', by: 'at:month', series: 'store.region', measure: { sum: 'spent' }, limit: 5 } }, { kind: 'pivot', pivot: { rows: ['tier', 'city'], columns: ['at:year'], measure: { count: true } } }]
  for (const shape of shapes) {
    const state = readState(writeState(withShape(view, usual, shape)))
    expect(shapeOf(view, state)).toEqual(shape)
    expect(isChanged(view, state)).toBe(true)
    expect(definitionOf(view, state)).toMatchObject(shape)
    expect(shapeOf(view, { ...state, archived: true })).toEqual(rows)
    expect(withShape(view, state, shapeOf(view, usual))).toEqual(usual)
  }
  expect(shapeOf(view, readState('?board=tier'))).toEqual({ kind: 'board', board: view.board })
  for (const query of ['?chart={', '?chart={"type":"pie","by":"a","measure":{"count":true}}', '?chart={"type":"bar","by":"a","measure":{"evil":"a"}}', '?pivot={"rows":[],"measure":{"count":true}}', '?pivot=[]', '?calendar={}', '?calendar=[', '?timeline={}', '?map={}', '?map=location', '?gallery=']) expect(readState(query)).toEqual(usual)
})

test('how many columns stay in sight is in the address and in what is saved; the view\'s own is not written', () => {
  const view: UiList = { name: 'all', title: 'All', columns: ['name', 'tier', 'city'], sort: '' }
  const state = readState(writeState(withFrozen(view, usual, 2)))
  expect([frozenOf(view, usual), frozenOf(view, state), isChanged(view, state)]).toEqual([1, 2, true])
  expect([definitionOf(view, usual)['frozen'], definitionOf(view, state)['frozen']]).toEqual([undefined, 2])
  expect(withFrozen({ ...view, frozen: 2 }, usual, 2)).toEqual(usual)
  expect(frozenOf({ ...view, frozen: 2 }, withFrozen({ ...view, frozen: 2 }, usual, 1))).toBe(1)
  for (const query of ['?frozen=6', '?frozen=x', '?frozen=-1', '?frozen=']) expect(readState(query)).toEqual(usual)
})

const anybody: MatchContext = { now: new Date(0), timeZone: 'UTC', user: () => undefined }

test('what is in sight of a map is what the list of the section asks for; all places are in sight at first', () => {
  const degrees = (most: number): fc.Arbitrary<number> => fc.integer({ min: -most * 1_000, max: most * 1_000 }).map((value) => value / 1_000)
  const places = fc.array(fc.record({ lat: degrees(80), lng: degrees(180) }), { minLength: 1, maxLength: 20 })
  fc.assert(fc.property(places, fc.double({ min: 0.01, max: 3, noNaN: true }), (all, factor) => {
    expect(all.every((place) => isWithin(around(all), place))).toBe(true)
    const section = scaled(around(all), factor)
    const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-4
    for (const { lat, lng } of all) {
      const place = { lat, lng }
      if ([near(lat, section.south), near(lat, section.north), near(lng, section.west), near(lng, section.east)].includes(true)) continue // the condition has five digits
      expect(matches(standsIn('at', section), { at: place }, anybody)).toBe(isWithin(section, place))
    }
  }))
})

test('where a map shows more than was asked for, it is land rather than emptiness, and what was asked for stays in sight', () => {
  const inSight = ({ south, north }: { readonly south: number; readonly north: number }): number => Math.max(0, Math.min(north, 84) - Math.max(south, -60))
  const lats = fc.tuple(fc.integer({ min: -80, max: 80 }), fc.integer({ min: -80, max: 80 })).map(([a, b]) => ({ west: 0, east: 1, south: Math.min(a, b), north: Math.max(a, b) + 1 }))
  fc.assert(fc.property(lats, fc.double({ min: 1, max: 40, noNaN: true }), (asked, factor) => {
    const whole = scaled(asked, factor)
    const better = onLand(whole, asked)
    expect(better.north - better.south).toBeCloseTo(whole.north - whole.south)
    expect([better.south <= asked.south + 1e-9, better.north >= asked.north - 1e-9]).toEqual([true, true])
    expect(inSight(better)).toBeGreaterThanOrEqual(inSight(whole) - 1e-9)
  }))
  const [unitedStatesAndChina, wholeScreen] = [{ west: -120, east: 120, south: 20, north: 50 }, { west: -120, east: 120, south: -45, north: 115 }]
  expect(onLand(wholeScreen, unitedStatesAndChina)).toMatchObject({ south: -68, north: 92 })
})

test('an address that somebody mangled still shows a list', () => {
  expect(readState('?filter=%7Bnot-json&sort=name')).toEqual({ ...usual, sort: 'name' })
  for (const filter of ['[["a","$eq",1]]', '{"a":{"$evil":1}}', '7', 'null']) expect(readState(`?filter=${filter}`)).toEqual(usual)
})

test('a condition takes the place of that of the view, and what is like the view is not written down', () => {
  const view: UiList = { name: 'gold', title: 'Gold', columns: ['name'], sort: 'name', filter: { tier: 'gold' } }
  expect(conditionOf(view, usual)).toEqual({ tier: 'gold' })
  expect(conditionOf({ ...view, filter: {} }, usual)).toBeUndefined()
  const narrower = withCondition(view, usual, { tier: 'gold', city: 'Chengdu' })
  expect(conditionOf(view, narrower)).toEqual({ tier: 'gold', city: 'Chengdu' })
  expect(conditionOf(view, withCondition(view, narrower, undefined))).toBeUndefined()
  expect(withCondition(view, narrower, { tier: 'gold' })).toEqual(usual)
  expect([usual, { ...usual, q: 'x' }, { ...usual, sort: 'name', columns: ['name'] }, narrower, { ...usual, sort: '-name' }, { ...usual, columns: ['name', 'tier'] }].map((state) => isChanged(view, state))).toEqual([false, false, false, true, true, true])
  expect(definitionOf(view, { ...narrower, columns: ['city'] })).toEqual({ kind: 'list', columns: ['city'], sort: 'name', filter: { tier: 'gold', city: 'Chengdu' } })
})

test('a list begins with the view that its reader chose, and finds every other one by its name', () => {
  const all: UiList = { name: 'all', title: 'All', columns: ['name'], sort: '' }
  const mine = { ...all, name: '42', title: 'Mine', id: 42, version: 1, entity: 'member', mine: true, mayChange: true, roles: [], leftOut: { columns: 0, sort: 0, summaries: 0, filters: 0 } }
  const of = { ...entity([], { type: 'VerticalLayout' }), name: 'member', lists: [all, { ...all, name: 'gold' }] }
  const saved: UiViews = { ...noViews, views: [mine, { ...mine, entity: 'store', name: '43', id: 43 }] }
  const found = (views: UiViews, view: string): string => viewOfState(of, views, { ...usual, view }).name
  expect(['', 'gold', '42', '43', 'gone'].map((view) => found(saved, view))).toEqual(['all', 'gold', '42', 'all', 'all'])
  const first: UiViews = { ...saved, first: { member: '42' } }
  expect(['', 'all', '42'].map((view) => found(first, view))).toEqual(['42', 'all', '42'])
  expect(['all', '42'].map((name) => stateOfView(of, first, name, { ...usual, q: 'x', sort: 'name' }))).toEqual([{ ...usual, q: 'x', view: 'all' }, { ...usual, q: 'x' }])
})

test('groups and totals take the place of those of the view, and survive in the address', () => {
  const view: UiList = { name: 'months', title: 'Months', columns: ['at', 'amount'], sort: '-at', groupBy: ['at:month'], totals: { amount: 'sum' } }
  const own = { groupBy: ['at:month'], totals: { amount: 'sum' } } as const
  expect(summaryOf(view, usual)).toEqual(own)
  expect(withSummary(view, usual, own)).toEqual(usual)
  const other = { groupBy: ['channel', 'home.city'], totals: { amount: 'avg', member: 'count' } } as const
  for (const summary of [other, { groupBy: [], totals: {} }]) {
    const state = readState(writeState(withSummary(view, usual, summary)))
    expect(summaryOf(view, state)).toEqual(summary)
    expect(isChanged(view, state)).toBe(true)
  }
  expect(definitionOf(view, usual)).toMatchObject(own)
  expect(readState('?group=a,b,c&totals=x:sum,y:evil,:sum').groupBy).toEqual(['a', 'b'])
  expect(readState('?totals=x:sum,y:evil,:sum,z').totals).toEqual({ x: 'sum' })
})

test('the records of a group are those of its value, or of its days on the reader\'s clock', () => {
  expect(groupCondition('tier', undefined, 'gold', false, 'UTC')).toEqual({ tier: 'gold' })
  expect(groupCondition('born', 'month', null, false, 'UTC')).toEqual({ born: null })
  expect(groupCondition('born', 'month', '2024-12-01', false, 'UTC')).toEqual({ born: { $gte: '2024-12-01', $lt: '2025-01-01' } })
  expect(groupCondition('born', 'quarter', '2024-10-01', false, 'UTC')).toEqual({ born: { $gte: '2024-10-01', $lt: '2025-01-01' } })
  expect(groupCondition('at', 'month', '2024-02-01', true, 'Asia/Shanghai')).toEqual({ at: { $gte: '2024-01-31T16:00:00.000Z', $lt: '2024-02-29T16:00:00.000Z' } })
  // The day on which the clocks change has 23 hours.
  expect(groupCondition('at', 'day', '2024-03-31', true, 'Europe/Berlin')).toEqual({ at: { $gte: '2024-03-30T23:00:00.000Z', $lt: '2024-03-31T22:00:00.000Z' } })
  expect(groupCondition('at', 'week', '2024-12-30', true, 'UTC')).toEqual({ at: { $gte: '2024-12-30T00:00:00.000Z', $lt: '2025-01-06T00:00:00.000Z' } })
})

test('a header sorts up, then down, then as the view does; a further one sorts within', () => {
  expect([sortOf('-at,name', 'at'), sortOf('-at,name', 'name'), sortOf('-at,name', 'city')]).toEqual([{ direction: -1, rank: 1 }, { direction: 1, rank: 2 }, { direction: 0, rank: 0 }])
  expect(['name', '-name', '', '-at,name'].map((sort) => nextSort(sort, 'name', false))).toEqual(['-name', '', 'name', 'name'])
  expect(['', '-at', '-at,name', '-at,-name', '-name,at'].map((sort) => nextSort(sort, 'name', true))).toEqual(['name', '-at,name', '-at,-name', '-at', 'at'])
})

test('columns that a person chose take the place of the view\'s', () => {
  const view: UiList = { name: 'all', title: 'All', columns: ['name', 'tier'], sort: '' }
  expect(columnPathsOf(view, usual)).toEqual(['name', 'tier'])
  expect(columnPathsOf(view, { ...usual, columns: ['city'] })).toEqual(['city'])
})

test('addresses are read and refused', () => {
  expect(parseRoute('/', '')).toEqual({ page: 'home', query: '' })
  expect(parseRoute('/help/users', '?at=lists')).toEqual({ page: 'help', name: 'users', query: '?at=lists' })
  expect(parseRoute('/records/member/12', '')).toEqual({ page: 'record', entity: 'member', id: 12 })
  expect(parseRoute('/studio/entities/member', '?tab=form')).toEqual({ page: 'studio', path: ['entities', 'member'], query: '?tab=form' })
  const link = new URL(createPath('purchase', { store: 3, name: 'a&b' }), 'http://x')
  expect(parseRoute(link.pathname, link.search)).toEqual({ page: 'create', entity: 'purchase', values: { store: 3, name: 'a&b' } })
  for (const path of ['/nowhere', '/records/member/abc', '/records/member/1/2', '/records/%E0%A4%A/1']) expect(parseRoute(path, '')).toEqual({ page: 'missing' })
})

/** `total` numbered rows; the cursor is the number of the first row of the page. */
function numbered(total: number) {
  const asked: string[] = []
  const answer = (kind: string) => async (cursor: string | null, limit: number) => {
    asked.push(`${kind} ${cursor ?? 0} ${limit}`)
    const at = Number(cursor ?? 0)
    const records = Array.from({ length: Math.max(0, Math.min(limit, total - at)) }, (_, index) => at + index)
    return { records, next: at + limit < total ? String(at + limit) : null }
  }
  return { asked, pages: new KeysetPages<number>({ page: answer('page'), skip: answer('skip') }, 100) }
}

test('pages that follow each other cost one request each, also when asked for together', async () => {
  const { asked, pages } = numbered(1_000)
  const [first, second, third] = await Promise.all([pages.page(0), pages.page(1), pages.page(2)])
  expect([first[0], second[0], third[99]]).toEqual([0, 100, 299])
  expect(asked).toEqual(['page 0 100', 'page 100 100', 'page 200 100'])
})

test('a page that is read ahead is asked for once, fails quietly, and nothing is read beyond the end', async () => {
  const { asked, pages } = numbered(250)
  await pages.page(0)
  pages.readAhead(1)
  expect((await pages.page(1))[0]).toBe(100)
  pages.readAhead(2)
  expect(await pages.page(2)).toHaveLength(50)
  pages.readAhead(3)
  expect(asked).toEqual(['page 0 100', 'page 100 100', 'page 200 100'])
  const failing = new KeysetPages<number>({ page: () => Promise.reject(new Error('no connection')), skip: () => Promise.reject(new Error('no connection')) }, 100)
  failing.readAhead(0)
  await expect(failing.page(0)).rejects.toThrow('no connection')
})

test('a far jump skips in large steps, and going back needs no walk', async () => {
  const { asked, pages } = numbered(100_000)
  expect((await pages.page(730))[0]).toBe(73_000)
  expect(asked).toHaveLength(147)
  expect(asked.filter((request) => request.startsWith('page'))).toEqual(['page 73000 100'])
  await pages.page(365)
  expect(asked).toHaveLength(148)
})

test('the end is found, and beyond it there is nothing', async () => {
  const { pages } = numbered(250)
  expect(pages.end).toBeNull()
  expect(await pages.page(9)).toEqual([])
  expect(pages.end).toBe(250)
  expect(await pages.page(2)).toHaveLength(50)
})

test('a page that failed is asked for again', async () => {
  let fails = true
  const once = async () => {
    if (!fails) return { records: [1], next: null }
    fails = false
    throw new Error('no connection')
  }
  const pages = new KeysetPages<number>({ page: once, skip: once }, 100)
  await expect(pages.page(0)).rejects.toThrow('no connection')
  expect(await pages.page(0)).toEqual([1])
})

test('a row that begins with a link to another record is called by that record, not by its own number', async () => {
  const of = entity([field('product', 'reference', { to: 'product' })], { type: 'VerticalLayout' })
  const [column] = columnsOf({ entities: { thing: of } } as unknown as UiModel, of, ['product'])
  if (column === undefined) throw new Error('there is no column')
  const named = async (product: Json): Promise<string | null> => {
    const place = await show(html`<a>${linkText(column, { id: 29_082, product }, of, surroundings)}</a>`)
    await settled()
    return place.textContent
  }
  expect(await named(7)).toBe('product 7')
  expect(await named({ id: 7, version: 1, name: 'Ham' })).toBe('Ham')
  expect(await named(null)).toBe('#29082')
})

test('a span of time is asked for in the words of the engine, which knows the reader’s zone, and is known again', () => {
  for (const [comparison, value, condition] of [
    ['@thisWeek', null, { joined: { $gte: 'now/w', $lt: 'now+1w/w' } }], ['past', '90d', { joined: { $gte: 'now-90d' } }], ['next', '2w', { joined: { $gte: 'now', $lte: 'now+2w' } }],
    ['$gte', '2024-01-01', { joined: { $gte: '2024-01-01' } }], ['empty', null, { joined: null }], ['filled', null, { joined: { $ne: null } }], ['$eq', '@today', { joined: '@today' }],
  ] as const) {
    const group = { kind: 'group', match: 'all', parts: [{ kind: 'test', path: 'joined', comparison, value }] } as const
    expect(writeFilter(group)).toEqual(condition)
    expect(readFilter(condition)).toEqual(group)
  }
})
