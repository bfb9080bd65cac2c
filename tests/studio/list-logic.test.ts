/** A list is its address, and pages by cursor look like rows by number. */
import { html } from 'lit'
import { expect, test } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import type { UiList, UiModel } from '../../metadata/contract/ui-model.js'
import { columnsOf, linkText } from '../../studio/lists/columns.js'
import { KeysetPages } from '../../studio/lists/keyset-pages.js'
import { columnPathsOf, conditionOf, nextSort, readState, sortOf, writeState, type ListState } from '../../studio/lists/list-state.js'
import { createPath, listPath, parseRoute } from '../../studio/shell/routes.js'
import { entity, field, settled, show, surroundings } from './support.js'

const usual: ListState = { view: '', q: '', sort: '', columns: [], filters: [], archived: false }

test('the state of a list survives its address', () => {
  const state: ListState = {
    view: 'gold', q: '王 & co', sort: '-at,name', columns: ['name', 'store.region'], archived: true,
    filters: [{ path: 'store.region', operator: '$in', value: ['north', 'east'] }, { path: 'email', operator: '$ne', value: null }],
  }
  const address = new URL(listPath('member', writeState(state)), 'http://x')
  expect(readState(address.search)).toEqual(state)
  expect(writeState(usual)).toBe('')
})

test('an address that somebody mangled still shows a list', () => {
  expect(readState('?filter=%7Bnot-json&sort=name')).toEqual({ ...usual, sort: 'name' })
  expect(readState('?filter=[["a","$evil",1],["b","$eq",2],7]').filters).toEqual([{ path: 'b', operator: '$eq', value: 2 }])
})

test('chips and the filter of the view hold together', () => {
  const view: UiList = { name: 'gold', title: 'Gold', columns: [], sort: '', filter: { tier: 'gold' } }
  expect(conditionOf(view, usual)).toEqual({ tier: 'gold' })
  expect(conditionOf({ ...view, filter: {} }, usual)).toBeUndefined()
  expect(conditionOf(view, { ...usual, filters: [{ path: 'city', operator: '$contains', value: 'du' }, { path: 'email', operator: '$eq', value: null }] }))
    .toEqual({ $and: [{ tier: 'gold' }, { city: { $contains: 'du' } }, { email: null }] })
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
  expect(parseRoute('/', '')).toEqual({ page: 'home' })
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

test('a span of the calendar is asked for in the words of the engine, which knows the reader’s zone, and survives in the address', () => {
  const plainView = { name: 'all', title: 'All', columns: ['name'], sort: '' }
  const state: ListState = { ...usual, filters: [{ path: 'joined', operator: '$gte', value: '@thisWeek' }] }
  expect(conditionOf(plainView, state)).toEqual({ joined: { $gte: 'now/w', $lt: 'now+1w/w' } })
  expect(readState(writeState(state)).filters).toEqual(state.filters)
  expect(conditionOf(plainView, { ...usual, filters: [{ path: 'name', operator: '$eq', value: '@today' }] })).toEqual({ name: '@today' })
})
