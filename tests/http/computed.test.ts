/** What computed fields promise: live in the same write, exact, whoever writes and whatever is written. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { statementsOf } from '../support/statements.js'

const layers = ['metadata/core', 'tests/packs/computed']
const idOf = (answer: Answer): number => (answer.body as { id: number }).id

describe.each(databaseKinds)('computed fields on %s', (database) => {
  let app: App
  let admin: Client

  beforeAll(async () => {
    app = await startApp({ database, layers })
    admin = app.admin
  })
  afterAll(() => app.close())

  const make = async (entity: string, body: JsonObject): Promise<number> => {
    const made = await admin.post(`/api/records/${entity}`, body)
    expect(made).toMatchObject({ status: 201 })
    return idOf(made)
  }
  const read = async (entity: string, id: number): Promise<Record<string, unknown>> => (await admin.get(`/api/records/${entity}/${String(id)}`)).body as Record<string, unknown>

  test('a new record has its formulas, lookups and empty rollups in the answer', async () => {
    const shop = await make('shop', { name: 'Harbour', region: 'north' })
    const made = await admin.post('/api/records/customer', { name: 'Ada', shop, tier: 'gold' })
    expect(made.body).toMatchObject({ region: 'north', sales: 0, spent: 0, average: null, largest: null, value: 100, place: 'north/ADA', perSale: null, big: false, version: 1 })
    expect(await read('customer', idOf(made))).toMatchObject({ region: 'north', value: 100, place: 'north/ADA' })
    expect(await read('shop', shop)).toMatchObject({ revenue: 0, customersSpent: 0, bestValue: 100 })
  })

  test('a formula sees the number that the record gets', async () => {
    const made = await admin.post('/api/records/sale', { amount: 11.3 })
    expect(made.body).toMatchObject({ no: expect.stringMatching(/^S\d{4}$/), label: expect.stringMatching(/^S\d{4} store$/), net: 10 })
  })

  test('rollups follow creating, changing, moving, archiving, restoring and erasing, and others follow them', async () => {
    const shop = await make('shop', { name: 'Hill', region: 'south' })
    const [a, b] = [await make('customer', { name: 'A', shop }), await make('customer', { name: 'B' })]
    const now = new Date().toISOString()
    const first = await make('sale', { customer: a, shop, amount: 0.1, at: '2020-01-01T00:00:00Z' })
    const second = await make('sale', { customer: a, shop, amount: 0.2, channel: 'online', at: now })
    expect(await read('customer', a)).toMatchObject({ sales: 2, spent: 0.3, online: 0.2, average: 0.15, largest: 0.2, firstAt: '2020-01-01T00:00:00.000Z', lastChannel: 'online', spent90: 0.2, net: 0.27, value: 0.6, perSale: 0.15, version: 1 })
    expect(await read('shop', shop)).toMatchObject({ revenue: 0.3, customersSpent: 0.3, bestValue: 0.6 })
    await admin.patch(`/api/records/sale/${String(second)}`, { amount: 100.05 })
    expect(await read('customer', a)).toMatchObject({ spent: 100.15, online: 100.05, largest: 100.05, average: 50.08, spent90: 100.05, big: true })
    await admin.patch(`/api/records/sale/${String(second)}`, { customer: b })
    expect(await read('customer', a)).toMatchObject({ sales: 1, spent: 0.1, online: 0, largest: 0.1, average: 0.1, lastChannel: 'store', spent90: 0, big: false })
    expect(await read('customer', b)).toMatchObject({ sales: 1, spent: 100.05, largest: 100.05, place: null })
    expect(await read('shop', shop)).toMatchObject({ revenue: 100.15, customersSpent: 0.1 })
    await admin.delete(`/api/records/sale/${String(first)}`)
    expect(await read('customer', a)).toMatchObject({ sales: 0, spent: 0, average: null, largest: null, firstAt: null, lastChannel: null })
    expect((await admin.post(`/api/records/sale/${String(first)}/restore`, {})).status).toBe(200)
    expect(await read('customer', a)).toMatchObject({ sales: 1, spent: 0.1, firstAt: '2020-01-01T00:00:00.000Z', lastChannel: 'store' })
    expect((await admin.delete(`/api/records/sale/${String(second)}?purge=true`)).status).toBe(204)
    expect(await read('customer', b)).toMatchObject({ sales: 0, spent: 0, average: null })
    expect(await read('shop', shop)).toMatchObject({ revenue: 0.1, customersSpent: 0.1 })
    // The database erases the sales of an erased customer, and the shop's numbers follow.
    expect((await admin.delete(`/api/records/customer/${String(a)}?purge=true`)).status).toBe(204)
    expect(await read('shop', shop)).toMatchObject({ revenue: 0, customersSpent: 0, bestValue: null })
  })

  test('values follow when the record at the other end of a reference changes, goes or is another', async () => {
    const [north, south] = [await make('shop', { name: 'N', region: 'north' }), await make('shop', { name: 'S', region: 'south' })]
    const customer = await make('customer', { name: 'Bo', shop: north })
    const sale = await make('sale', { customer, amount: 1 })
    await admin.patch(`/api/records/shop/${String(north)}`, { region: 'south' })
    expect(await read('customer', customer)).toMatchObject({ region: 'south', place: 'south/BO' })
    await admin.patch(`/api/records/customer/${String(customer)}`, { shop: south, tier: 'gold' })
    expect(await read('customer', customer)).toMatchObject({ region: 'south', value: 102 })
    expect(await read('sale', sale)).toMatchObject({ customerTier: 'gold' })
    expect(await read('shop', south)).toMatchObject({ customersSpent: 1, bestValue: 102 })
    expect(await read('shop', north)).toMatchObject({ customersSpent: 0, bestValue: null })
    expect((await admin.delete(`/api/records/shop/${String(south)}?purge=true`)).status).toBe(204)
    expect(await read('customer', customer)).toMatchObject({ shop: null, region: null, place: null })
  })

  test('they are filtered, sorted, grouped and searched for like any field', async () => {
    const customer = await make('customer', { name: 'Filter', tier: 'gold' })
    await make('sale', { customer, amount: 5000 })
    const list = await admin.get(`/api/records/customer?filter=${encodeURIComponent(JSON.stringify({ value: { $gt: 10000 }, big: true, spent: { $gte: 5000 } }))}&sort=-value&fields=name,value`)
    expect(list.body).toMatchObject({ records: [{ name: 'Filter', value: 10100 }] })
    expect((await admin.post('/api/records/customer/aggregate', { groupBy: ['big'], measures: { n: { count: true }, v: { max: 'value' } }, filter: { value: { $gt: 10000 } } })).body).toMatchObject({ groups: [{ big: true, n: 1, v: 10100 }] })
  })

  test('A-010 all fields of a role are not those that tell what its holder may not read; one that is named is', async () => {
    const shop = await make('shop', { name: 'Hidden region', region: 'north' })
    const customer = await make('customer', { name: 'Seen', shop })
    const seller = await app.as(['seller'])
    const seen = (await seller.get(`/api/records/customer/${String(customer)}`)).body as object
    const told = ['spent', 'value', 'big']
    const hidden = ['region', 'place', 'sales', 'online', 'average', 'largest', 'firstAt', 'lastChannel', 'spent90', 'net', 'perSale']
    expect(Object.keys(seen)).toEqual(expect.arrayContaining(['name', 'shop', ...told]))
    expect(Object.keys(seen).filter((key) => hidden.includes(key))).toEqual([])
    const model = (await seller.get('/api/model')).text
    for (const key of hidden) expect((await seller.get(`/api/records/customer?filter=${encodeURIComponent(JSON.stringify({ [key]: null }))}`)).body).toMatchObject({ code: 'access.field' })
    expect(model).not.toContain('lastChannel')
  })

  test('an answer that was kept is not taken for the present one when only computed values changed', async () => {
    const customer = await make('customer', { name: 'Cached' })
    const path = `/api/records/customer/${String(customer)}`
    const { headers } = await admin.get(path)
    await make('sale', { customer, amount: 3 })
    expect(await admin.get(path, { 'if-none-match': headers.get('etag') ?? '' })).toMatchObject({ status: 200, body: { spent: 3, version: 1 } })
    expect((await admin.patch(path, { name: 'Saved' }, { 'if-match': headers.get('etag') ?? '' })).status).toBe(200)
  })

  test('A-048 nobody sets them', async () => {
    const customer = await make('customer', { name: 'No' })
    expect(await admin.patch(`/api/records/customer/${String(customer)}`, { value: 1 })).toMatchObject({ status: 400, body: { code: 'field.readOnly' } })
    expect(await admin.post('/api/records/customer', { name: 'No', spent: 1 })).toMatchObject({ status: 400, body: { code: 'field.readOnly' } })
  })

  test('one more sale costs the same statements however many there are', async () => {
    const [few, many] = [await make('customer', { name: 'Few' }), await make('customer', { name: 'Many' })]
    const sales = (count: number, customer: number): JsonObject => ({ create: Array.from({ length: count }, (_, i) => ({ customer, amount: i, channel: 'online' })) })
    expect([(await admin.post('/api/records/sale/bulk', sales(2, few))).status, (await admin.post('/api/records/sale/bulk', sales(800, many))).status]).toEqual([200, 200])
    const cost = (customer: number): Promise<number> => statementsOf(app.engine, 'sale', () => make('sale', { customer, amount: 1, channel: 'online' }))
    const costs = [await cost(few), await cost(many)]
    expect(costs[1]).toBe(costs[0])
    expect(await read('customer', many)).toMatchObject({ sales: 801, spent: 319_601 })
  })

  test('many rows at once bring each owner up to date once', async () => {
    const [a, b] = [await make('customer', { name: 'Bulk A' }), await make('customer', { name: 'Bulk B' })]
    const create = Array.from({ length: 100 }, (_, i) => ({ customer: i % 2 === 0 ? a : b, amount: 1.01, channel: i % 4 === 0 ? 'online' : 'store' }))
    expect((await admin.post('/api/records/sale/bulk', { create })).status).toBe(200)
    expect(await read('customer', a)).toMatchObject({ sales: 50, spent: 50.5, online: 25.25, average: 1.01 })
    expect((await admin.post('/api/records/sale/bulk', { where: { customer: a, channel: 'online' }, set: { customer: b } })).status).toBe(200)
    expect(await read('customer', a)).toMatchObject({ sales: 25, spent: 25.25, online: 0 })
    expect(await read('customer', b)).toMatchObject({ sales: 75, spent: 75.75, online: 25.25 })
  })
})
