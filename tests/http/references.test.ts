/** Many-to-many: a field that lists records of another entity, and the list on the other side. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startApp, type App } from '../support/app.js'
import { address, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

const layers = ['metadata/core', 'tests/packs/relations']
const path = '/api/records/campaign'

const idOf = (answer: Answer): number => (answer.body as { id: number }).id
const records = (answer: Answer): readonly Record<string, unknown>[] => (answer.body as { records: readonly Record<string, unknown>[] }).records

describe.each(databaseKinds)('references on %s', (database) => {
  let app: App
  let admin: Client
  let clerk: Client
  let tea: number
  let milk: number
  let hidden: number

  const product = async (name: string, price: number, open = true): Promise<number> => idOf(await admin.post('/api/records/product', { name, price, open }))
  const campaign = async (name: string, products: readonly number[], by = admin): Promise<number> => idOf(await by.post(path, { name, products }))
  const found = async (filter: Parameters<typeof address>[1][string], by = admin): Promise<readonly unknown[]> =>
    records(await by.get(address(path, { filter, fields: 'name', sort: 'id' }))).map(({ name }) => name)

  beforeAll(async () => {
    app = await startApp({ database, layers })
    admin = app.admin
    clerk = await app.as(['clerk'])
    tea = await product('Tea', 4.5)
    milk = await product('Milk', 1.2)
    hidden = await product('Prototype', 99, false)
  })
  afterAll(() => app.close())

  test('a list of ids is a set in the order of the ids; it is changed, cleared, and its changes are told', async () => {
    const made = await admin.post(path, { name: 'Set', products: [milk, tea] })
    expect(made).toMatchObject({ status: 201, body: { products: [tea, milk], gifts: [] } })
    const at = `${path}/${idOf(made)}`
    expect(await admin.get(at)).toMatchObject({ body: { products: [tea, milk], gifts: [] } })
    expect(await admin.patch(at, { products: [milk, tea] })).toMatchObject({ status: 200, body: { version: 1 } })
    expect(await admin.patch(at, { products: [milk], gifts: [tea] })).toMatchObject({ status: 200, body: { version: 2, products: [milk], gifts: [tea] } })
    expect(await admin.patch(at, { products: null })).toMatchObject({ status: 200, body: { version: 3, products: [], gifts: [tea] } })
    const { entries } = (await admin.get(`${at}/history`)).body as { entries: readonly { changes: unknown }[] }
    expect(entries.map(({ changes }) => changes)).toEqual([{ products: [[milk], []] }, { gifts: [[], [tea]], products: [[tea, milk], [milk]] }, {}])
  })

  test.each<[string, unknown, string]>([
    ['the same record twice', [1, 1], '/products'],
    ['one record by itself', 1, '/products'],
    ['a name', ['Tea'], '/products/0'],
    ['a record that is not there', [999_999], '/products'],
    ['more than a thousand', Array.from({ length: 1001 }, (_, i) => i + 1), '/products'],
  ])('%s is refused at its place', async (_name, products, at) => {
    expect(await admin.post(path, { name: 'Wrong', products: products as number[] })).toMatchObject({ status: 422, body: { code: 'record.invalid', problems: [{ path: at }] } })
  })

  test('conditions ask for one record, for some, none, every, and how many', async () => {
    await campaign('C both', [tea, milk])
    await campaign('C tea', [tea])
    await campaign('C none', [])
    const of = (condition: Parameters<typeof found>[0]): Promise<readonly unknown[]> => found({ $and: [{ name: { $startsWith: 'C ' } }, condition] })
    expect(await of({ products: { $contains: milk } })).toEqual(['C both'])
    expect(await of({ $not: { products: { $contains: milk } } })).toEqual(['C tea', 'C none'])
    expect(await of({ products: { $some: { price: { $lt: 2 } } } })).toEqual(['C both'])
    expect(await of({ products: { $none: { price: { $lt: 2 } } } })).toEqual(['C tea', 'C none'])
    expect(await of({ products: { $every: { price: { $gt: 2 } } } })).toEqual(['C tea', 'C none'])
    expect(await of({ products: { $count: { $gte: 1 } } })).toEqual(['C both', 'C tea'])
    expect(await of({ products: { $sum: { price: { $gt: 5 } } } })).toEqual(['C both'])
    const products = records(await admin.get(address('/api/records/product', { filter: { campaigns: { $some: { name: 'C tea' } } }, fields: 'name' })))
    expect(products.map(({ name }) => name)).toEqual(['Tea'])
    expect(await admin.get(address(path, { filter: { products: { $eq: tea } } }))).toMatchObject({ status: 400, body: { code: 'query.invalid' } })
  })

  test('both sides can be expanded, with chosen fields', async () => {
    const one = await campaign('Expanded', [tea, milk])
    expect((await admin.get(`${path}/${one}?fields=name,products.name`)).body).toMatchObject({ products: [{ id: tea, name: 'Tea' }, { id: milk, name: 'Milk' }] })
    const other = (await admin.get(`/api/records/product/${milk}?expand=campaigns`)).body as { campaigns: readonly { id: number; products: unknown }[] }
    expect(other.campaigns.find(({ id }) => id === one)).toMatchObject({ name: 'Expanded', products: [tea, milk] })
  })

  test('a reader sees only records that they may read, finds nothing by the others, and loses none of them', async () => {
    const one = await campaign('Shared', [tea, hidden])
    const at = `${path}/${one}`
    expect(await clerk.get(at)).toMatchObject({ body: { products: [tea] } })
    expect((await clerk.get(`${at}?expand=products`)).body).toMatchObject({ products: [{ id: tea }] })
    expect(await found({ products: { $contains: hidden } }, clerk)).toEqual([])
    expect(await found({ name: 'Shared', products: { $count: 1 } }, clerk)).toEqual(['Shared'])
    expect(await clerk.patch(at, { products: [tea, hidden] })).toMatchObject({ status: 422, body: { problems: [{ path: '/products', code: 'reference.unavailable' }] } })
    expect(await clerk.patch(at, { products: [milk] })).toMatchObject({ status: 200, body: { products: [milk] } })
    expect(await admin.get(at)).toMatchObject({ body: { products: [milk, hidden] } })
    expect((await clerk.get(`${at}/history`)).text).not.toMatch(new RegExp(`\\b${hidden}\\b`))
    expect(await clerk.patch(at, { products: [] })).toMatchObject({ status: 200, body: { products: [] } })
    expect(await admin.get(at)).toMatchObject({ body: { products: [hidden] } })
  })

  test('who may read no record of the other entity sees an empty list and no relation', async () => {
    const writer = await app.as(['writer'])
    const one = await campaign('Slogan', [tea])
    expect(await writer.get(`${path}/${one}`)).toMatchObject({ status: 200, body: { products: [] } })
    expect(await writer.get(`${path}/${one}?expand=products`)).toMatchObject({ status: 403, body: { code: 'access.field' } })
    expect(await writer.get(address(path, { filter: { products: { $contains: tea } } }))).toMatchObject({ status: 403, body: { code: 'access.field' } })
    expect(await writer.patch(`${path}/${one}`, { products: [] })).toMatchObject({ status: 403, body: { code: 'access.field' } })
  })

  test('an erased record leaves lists that let it go, and stays where one needs it', async () => {
    const [loose, needed] = [await product('Loose', 1), await product('Needed', 1)]
    const one = idOf(await admin.post(path, { name: 'Erasing', products: [loose, tea], gifts: [needed] }))
    expect((await admin.delete(`/api/records/product/${loose}?purge=true`)).status).toBe(204)
    expect(await admin.delete(`/api/records/product/${needed}?purge=true`)).toMatchObject({ status: 409, body: { code: 'record.inUse' } })
    expect(await admin.get(`${path}/${one}`)).toMatchObject({ body: { products: [tea], gifts: [needed] } })
    expect((await admin.delete(`${path}/${one}?purge=true`)).status).toBe(204)
    expect((await admin.delete(`/api/records/product/${needed}?purge=true`)).status).toBe(204)
  })

  test('an archived record is still listed, but not linked anew', async () => {
    const old = await product('Old', 1)
    const one = await campaign('Archived', [old])
    await admin.delete(`/api/records/product/${old}`)
    expect(await admin.patch(`${path}/${one}`, { products: [tea, old] })).toMatchObject({ status: 200, body: { products: [tea, old] } })
    expect(await admin.post(path, { name: 'Late', products: [old] })).toMatchObject({ status: 422 })
  })

  test('many records at once, all or nothing', async () => {
    const done = await admin.post('/api/records/campaign/bulk', { create: [{ name: 'Bulk 1', products: [tea] }, { name: 'Bulk 2', products: [tea, milk] }] })
    expect(done).toMatchObject({ status: 200, body: { created: 2 } })
    expect(await found({ name: { $startsWith: 'Bulk' }, products: { $contains: milk } })).toEqual(['Bulk 2'])
    expect(await admin.post('/api/records/campaign/bulk', { create: [{ name: 'Bulk 3', products: [tea] }, { name: 'Bulk 4', products: [999_999] }] })).toMatchObject({ status: 422, body: { problems: [{ path: '/create/1/products' }] } })
    expect(await found({ name: 'Bulk 3' })).toEqual([])
  })
})
