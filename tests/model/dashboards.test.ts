/** What each role is told of dashboards, and what the page makes of its address. */
import { describe, expect, test } from 'vitest'
import { check } from '../../engine/definitions/check.js'
import { describe as describeModel } from '../../engine/forms/describe.js'
import { compile } from '../../engine/model/compile.js'
import type { Documents } from '../../engine/model/model.js'
import { accessFor } from '../../engine/permissions/compile.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiDashboard } from '../../metadata/contract/ui-model.js'
import { tinyDocuments } from './packs.js'

const log = {
  error(_fields: unknown, message: string): never {
    throw new Error(message)
  },
}

const tile = (more: JsonObject): JsonObject => ({ kind: 'number', title: 'Tile', entity: 'deal', ...more })
const page: JsonObject = {
  title: 'Deals', period: { default: 'quarter', newest: 'deal.closesOn' }, filters: { account: { field: 'deal.account' }, seller: { title: 'Whose', field: 'deal.seller' } },
  tiles: {
    count: tile({}),
    sum: tile({ measure: { sum: 'amount' } }),
    mine: tile({ filters: { seller: 'seller' } }),
    hiddenFilter: tile({ filter: { probability: { $gt: 50 } } }),
    hiddenMeasure: tile({ measure: { avg: 'probability' } }),
    hiddenPeriod: tile({ period: 'closesOn' }),
    hiddenGroup: tile({ kind: 'chart', chart: { type: 'bar', by: 'stage' } }),
    hiddenOver: tile({ kind: 'chart', chart: { type: 'bar', by: 'account.creditLimit' } }),
    hiddenSeries: tile({ kind: 'chart', chart: { type: 'line', by: 'account.region', series: 'closesOn:month' } }),
    hiddenPivot: tile({ kind: 'pivot', pivot: { rows: ['account.region'], columns: ['stage'] } }),
    hiddenStep: tile({ kind: 'funnel', steps: [{ title: 'All' }, { title: 'Sure', filter: { probability: 100 } }] }),
    hiddenSort: tile({ kind: 'list', list: { columns: ['title'], sort: '-probability' } }),
    hiddenEntity: tile({ entity: 'contact' }),
    regions: tile({ kind: 'chart', position: 1, chart: { type: 'donut', by: 'account.region' }, width: 4 }),
    table: tile({ kind: 'pivot', pivot: { rows: ['account.region'], measure: { sum: 'amount' } } }),
    largest: tile({ kind: 'list', list: { columns: ['title', 'probability'], sort: '-amount' } }),
  },
}

const withPages = async (pages: Readonly<Record<string, JsonObject>>): Promise<Documents> => ({ ...(await tinyDocuments()), ...Object.fromEntries(Object.entries(pages).map(([name, document]) => [`dashboards/${name}.json`, document])) })

async function seen(pages: Readonly<Record<string, JsonObject>>, role: string): Promise<readonly UiDashboard[]> {
  const documents = await withPages(pages)
  expect(check(documents).findings).toEqual([])
  const model = compile(documents, 1)
  return describeModel(model, accessFor(model, [role], log), { id: 1, name: 'Ada', email: 'ada@example.com', roles: [role], locale: 'en', timeZone: 'UTC', attributes: new Map() }).dashboards
}

describe('dashboards', () => {
  test('an administrator has every tile, those with a position first', async () => {
    const [all, ...others] = await seen({ deals: page }, 'admin')
    expect(others).toEqual([])
    expect(all?.tiles.map(({ name }) => name)).toEqual(['regions', ...Object.keys(page['tiles'] as object).filter((name) => name !== 'regions')])
    expect(all).toMatchObject({ title: 'Deals', period: { default: 'quarter', newest: { entity: 'deal', field: 'closesOn' } }, filters: [{ name: 'account', entity: 'deal', field: 'account' }, { name: 'seller', title: 'Whose' }] })
  })

  test('A-006 A-007 a tile that would ask for what the reader may not read is not there, and nothing tells of it', async () => {
    const [seenPage] = await seen({ deals: page }, 'viewer')
    expect(seenPage?.tiles.map(({ name }) => name)).toEqual(['regions', 'count', 'sum', 'mine', 'table', 'largest'])
    // Nobody can choose a seller here, so that nothing is narrowed by one.
    expect(seenPage).toMatchObject({ period: { default: 'quarter' }, filters: [{ name: 'account' }], tiles: [{}, {}, {}, { name: 'mine', filters: {} }, { name: 'table', pivot: { rows: ['account.region'], columns: [], measure: { sum: 'amount' } } }, { name: 'largest', columns: ['title'] }] })
    expect(JSON.stringify(seenPage)).not.toMatch(/probability|closesOn|seller|creditLimit|stage|contact/)
  })

  test('a dashboard is there for its roles, those who inherit them, and nobody without a tile', async () => {
    const pages = { second: { ...page, roles: ['viewer'] }, first: { ...page, roles: ['employee'], position: 1 }, none: { title: 'Contacts', tiles: { all: tile({ entity: 'contact' }) } } }
    expect((await seen(pages, 'viewer')).map(({ name }) => name)).toEqual(['first', 'second'])
    expect((await seen(pages, 'sales')).map(({ name }) => name)).toEqual(['first', 'none'])
    expect((await seen(pages, 'admin')).map(({ name }) => name)).toEqual(['none'])
  })

  test('everything that is wrong is told, each with its place', async () => {
    const wrong: JsonObject = {
      title: 'Wrong', roles: ['nobody'], period: { default: 'year', newest: 'deal.account.since' }, filters: { account: { field: 'deal.nothing' }, other: { field: 'nothing.at' }, owner: { field: 'deal.account' } },
      tiles: {
        a: tile({ entity: 'nothing' }), b: tile({ filter: { nothing: 1 }, period: 'stage', measure: { sum: 'title' }, filters: { missing: 'account', owner: 'contact' } }),
        c: tile({ kind: 'goal' }), d: tile({ kind: 'chart', chart: { type: 'bar', by: 'account.nothing', series: 'title:month', measure: { avg: 'stage' } } }),
        e: tile({ kind: 'list', list: { columns: ['nothing'], sort: 'nothing' } }), f: tile({ kind: 'funnel', steps: [{ title: 'All' }, { title: 'Some', filter: { nothing: 1 } }] }),
        g: tile({ kind: 'pivot', pivot: { rows: ['nothing'], columns: ['stage'], measure: { sum: 'stage' } } }), h: tile({ kind: 'pivot' }),
      },
    }
    const found = check(await withPages({ wrong })).findings.map(({ path, code }) => `${path.replace('dashboards/wrong.json#', '')} ${code}`)
    expect(found.toSorted()).toEqual([
      '/filters/account/field view.field', '/filters/other/field dashboard.entity', '/period/newest dashboard.period', '/roles/0 dashboard.role',
      '/tiles/a/entity dashboard.entity', '/tiles/b/filter view.filter', '/tiles/b/filters/missing dashboard.filter', '/tiles/b/filters/owner dashboard.filter', '/tiles/b/measure/sum view.total', '/tiles/b/period dashboard.period',
      '/tiles/c dashboard.tile', '/tiles/d/chart/by view.group', '/tiles/d/chart/measure/avg view.total', '/tiles/d/chart/series view.group', '/tiles/e/list/columns/0 view.field', '/tiles/e/list/sort view.sort', '/tiles/f/steps/1/filter view.filter', '/tiles/g/pivot/measure/sum view.total', '/tiles/g/pivot/rows/0 view.group', '/tiles/h dashboard.tile',
    ])
  })

  test('a field that is put away rests in a dashboard until it comes back', async () => {
    const documents = await withPages({ deals: page })
    const deal = documents['deal/entity.json'] as { properties: Record<string, JsonObject> }
    const away = Object.fromEntries(Object.entries(deal.properties).map(([key, value]): [string, Json] => [key, ['amount', 'stage', 'closesOn', 'seller'].includes(key) ? { ...value, crm: { ...(value['crm'] as JsonObject | undefined), archived: true } } : value]))
    const findings = check({ ...documents, 'deal/entity.json': { ...deal, properties: away } }).findings.filter(({ path }) => path.startsWith('dashboards/'))
    expect(findings).toEqual([])
  })
})
