/** Trees: a reference to the own entity whose records stand below each other. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { matches } from '../../metadata/contract/condition.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { address, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

const layers = ['metadata/core', 'tests/packs/relations']
const path = '/api/records/category'

type Category = JsonObject & { readonly id: number; readonly parent: number | null }
type Product = JsonObject & { readonly id: number; readonly category: number | null; readonly price: number | null; readonly open: boolean }

/** Ids above a category, from the next one on. */
function above(categories: ReadonlyMap<number, Category>, id: number): readonly number[] {
  const parent = categories.get(id)?.parent ?? null
  return parent === null ? [] : [parent, ...above(categories, parent)]
}

const idOf = (answer: Answer): number => (answer.body as { id: number }).id

describe.each(databaseKinds)('hierarchy on %s', (database) => {
  let app: App
  let admin: Client

  const category = async (name: string, parent: number | null = null): Promise<number> => idOf(await admin.post(path, { name, parent }))
  const names = async (filter: Parameters<typeof address>[1][string], by = admin, of = path): Promise<readonly string[]> => {
    const answer = await by.get(address(of, { filter, fields: 'name', sort: 'name', limit: '200' }))
    expect(answer.status, answer.text).toBe(200)
    return (answer.body as { records: readonly { name: string }[] }).records.map(({ name }) => name)
  }
  const move = (id: number, parent: number | null): Promise<Answer> => admin.patch(`${path}/${id}`, { parent })

  beforeAll(async () => {
    app = await startApp({ database, layers })
    admin = app.admin
  })
  afterAll(() => app.close())

  test('all that is below or above a record is found, the record itself with it; a move takes along what is below', async () => {
    const food = await category('A food')
    const dairy = await category('A dairy', food)
    const cheese = await category('A cheese', dairy)
    const milk = await category('A milk', dairy)
    const frozen = await category('A frozen')
    expect(await names({ id: { $below: food } })).toEqual(['A cheese', 'A dairy', 'A food', 'A milk'])
    expect(await names({ parent: { $below: food } })).toEqual(['A cheese', 'A dairy', 'A milk'])
    expect(await names({ id: { $above: cheese } })).toEqual(['A cheese', 'A dairy', 'A food'])
    expect(await names({ $and: [{ name: { $startsWith: 'A ' } }, { $not: { id: { $below: dairy } } }] })).toEqual(['A food', 'A frozen'])
    expect((await move(dairy, frozen)).status).toBe(200)
    expect(await names({ id: { $below: food } })).toEqual(['A food'])
    expect(await names({ id: { $below: frozen } })).toEqual(['A cheese', 'A dairy', 'A frozen', 'A milk'])
    expect(await names({ id: { $above: milk } })).toEqual(['A dairy', 'A frozen', 'A milk'])
    expect((await move(dairy, null)).status).toBe(200)
    expect(await names({ id: { $above: milk } })).toEqual(['A dairy', 'A milk'])
  })

  test('other records are asked by the tree of what they point to', async () => {
    const drinks = await category('B drinks')
    const tea = await category('B tea', drinks)
    await admin.post('/api/records/product', { name: 'Oolong', category: tea })
    expect(await names({ category: { $below: drinks } }, admin, '/api/records/product')).toEqual(['Oolong'])
    expect(await names({ category: { $above: drinks } }, admin, '/api/records/product')).toEqual([])
    expect(await names({ category: { $level: 2 } }, admin, '/api/records/product')).toContain('Oolong')
    expect(await names({ category: { $level: 1 } }, admin, '/api/records/product')).not.toContain('Oolong')
    expect(await names({ $and: [{ name: { $startsWith: 'B ' } }, { id: { $level: 1 } }] })).toEqual(['B drinks'])
    // Who does not see the whole tree is not told how much of it is above a record.
    expect(await (await app.as(['clerk'])).get(address(path, { filter: { id: { $level: 1 } } }))).toMatchObject({ body: { code: 'access.field' } })
    for (const level of [1.5, 'top']) expect(await admin.get(address(path, { filter: { id: { $level: level } } }))).toMatchObject({ status: 400, body: { code: 'query.invalid' } })
    expect(await admin.get(address('/api/records/product', { filter: { id: { $below: 1 } } }))).toMatchObject({ status: 400, body: { code: 'query.invalid' } })
  })

  test('no record stands below itself', async () => {
    const one = await category('C one')
    const two = await category('C two', one)
    const three = await category('C three', two)
    for (const parent of [one, two, three]) {
      expect(await move(one, parent)).toMatchObject({ status: 422, body: { code: 'record.invalid', problems: [{ path: '/parent', code: 'hierarchy.cycle' }] } })
    }
    expect(await names({ id: { $above: three } })).toEqual(['C one', 'C three', 'C two'])
  })

  test('moves at the same moment make no ring', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, (_, i) => category(`D ${i}`)))
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(ids.map((id, i) => move(id, ids[(i + 1 + round) % ids.length] ?? null)))
      const tops = await names({ $and: [{ name: { $startsWith: 'D ' } }, { parent: null }] })
      expect(tops.length).toBeGreaterThan(0)
      // Every record is found from the top: what is above each ends.
      const below = await Promise.all(ids.map((id) => names({ id: { $above: id } })))
      for (const above of below) expect(above.some((name) => tops.includes(name))).toBe(true)
      await Promise.all(ids.map((id) => move(id, null)))
    }
  })

  test('nobody asks by a record that they do not see', async () => {
    const clerk = await app.as(['clerk'])
    const top = await category('Hidden')
    const below = await category('E below', top)
    expect(await names({ id: { $below: top } }, clerk)).toEqual([])
    expect(await names({ id: { $above: below } }, clerk)).toEqual(['E below'])
  })

  test('what stands below an erased record goes to the top, and is counted there no more', async () => {
    const top = await category('G top')
    const gone = await category('G gone', top)
    const child = await category('G child', gone)
    const leaf = await category('G leaf', child)
    await admin.post('/api/records/product', { name: 'G lamp', category: leaf, price: 3 })
    await admin.post('/api/records/product', { name: 'G shade', category: gone, price: 2 })
    expect((await admin.get(`${path}/${top}`)).body).toMatchObject({ stock: 2, worth: 5, parts: 3 })
    expect((await admin.delete(`${path}/${gone}?purge=true`)).status).toBe(204)
    expect(await names({ id: { $above: leaf } })).toEqual(['G child', 'G leaf'])
    expect(await names({ id: { $below: child } })).toEqual(['G child', 'G leaf'])
    expect((await admin.get(`${path}/${top}`)).body).toMatchObject({ stock: 0, worth: 0, dearest: null, parts: 0 })
    expect((await admin.get(`${path}/${child}`)).body).toMatchObject({ stock: 1, worth: 3, dearest: 3, parts: 1 })
  })

  describe('after many writes at once', () => {
    const products: number[] = []
    const categories: number[] = []
    let tree: ReadonlyMap<number, Category>
    let stock: readonly Product[]

    const everything = async <R extends JsonObject>(of: string): Promise<readonly R[]> => {
      const pages = await Promise.all([false, true].map((archived) => admin.get(address(of, { limit: '500', filter: { name: { $startsWith: 'H ' } }, archived: String(archived) }))))
      return pages.flatMap((page) => (page.body as { records: R[] }).records)
    }

    beforeAll(async () => {
      for (let i = 0; i < 12; i += 1) categories.push(await category(`H ${i}`, categories[Math.floor(i / 2) - 1] ?? null))
      const act = fc.record({ kind: fc.constantFrom('create', 'create', 'create', 'price', 'place', 'place', 'archive', 'restore', 'purge', 'move', 'move', 'move', 'add', 'drop'), pick: fc.nat(10_000), into: fc.nat(10_000), price: fc.integer({ min: 0, max: 50_000 }).map((cents) => cents / 100), open: fc.boolean() })
      const acts = fc.sample(act, { numRuns: 250, seed: 11 })
      const statuses = new Set<number>()
      const perform = async ({ kind, pick, into, price, open }: (typeof acts)[number]): Promise<Answer> => {
        const at = categories[into % categories.length] ?? null
        const product = `/api/records/product/${products[pick % Math.max(1, products.length)] ?? 0}`
        switch (kind) {
          case 'create': {
            const made = await admin.post('/api/records/product', { name: `H ${pick}`, category: into % 9 === 0 ? null : at, price, open })
            if (made.status === 201) products.push(idOf(made))
            return made
          }
          case 'price': return admin.patch(product, { price, open })
          case 'place': return admin.patch(product, { category: at })
          case 'archive': return admin.delete(product)
          case 'restore': return admin.post(`${product}/restore`, {})
          case 'purge': return admin.delete(`${product}?purge=true`)
          case 'move': return move(categories[pick % categories.length] ?? 0, pick % 5 === 0 ? null : at)
          case 'drop': return admin.delete(`${path}/${categories[8 + (pick % 4)] ?? 0}?purge=${String(open)}`)
          default: {
            const made = await admin.post(path, { name: `H new ${pick}`, parent: at })
            if (made.status === 201) categories.push(idOf(made))
            return made
          }
        }
      }
      let next = 0
      await Promise.all(Array.from({ length: 8 }, async () => {
        for (let one = acts[next++]; one !== undefined; one = acts[next++]) statuses.add((await perform(one)).status)
      }))
      expect([...statuses].filter((status) => status >= 500)).toEqual([])
      tree = new Map((await everything<Category>(path)).map((one) => [one.id, one]))
      stock = await everything<Product>('/api/records/product')
    }, 120_000)

    test('every value over a subtree is what counting gives', () => {
      const counted = [...tree.values()].map(({ id }) => {
        const within = (at: number | null): boolean => at !== null && (at === id || above(tree, at).includes(id))
        const own = stock.filter((product) => product['archivedAt'] === null && within(product.category))
        const prices = own.flatMap(({ price }) => price ?? [])
        return {
          id, stock: own.length, dearest: prices.length === 0 ? null : Math.max(...prices),
          worth: Math.round(own.filter(({ open }) => open).reduce((sum, { price }) => sum + (price ?? 0) * 100, 0)) / 100,
          parts: [...tree.values()].filter((one) => one['archivedAt'] === null && within(one.parent)).length,
        }
      })
      expect([...tree.values()].map(({ id, stock: n, dearest, worth, parts }) => ({ id, stock: n, dearest, worth, parts }))).toEqual(counted)
      expect(counted.filter(({ stock: n }) => n > 0).length).toBeGreaterThan(4)
    })

    test('memory and database agree on what stands below and above', async () => {
      const named = fc.constantFrom(...tree.keys())
      const leaf = (...keys: string[]) => fc.tuple(fc.constantFrom(...keys), fc.constantFrom('$below', '$above', '$level'), named, fc.integer({ min: 1, max: 4 })).map(([key, operator, id, level]): JsonObject => ({ [key]: { [operator]: operator === '$level' ? level : id } }))
      const tested = (...keys: string[]): fc.Arbitrary<JsonObject> => fc.oneof(leaf(...keys), leaf(...keys).map((one): JsonObject => ({ $not: one })), fc.tuple(leaf(...keys), leaf(...keys)).map((both): JsonObject => ({ $or: both })), fc.tuple(leaf(...keys), leaf(...keys)).map((both): JsonObject => ({ $and: [both[0], { $not: both[1] }] })))
      const context = { now: new Date(), timeZone: 'UTC', user: () => undefined, above: (_: readonly string[], id: number) => above(tree, id) }
      const agree = async (of: string, condition: JsonObject, records: readonly JsonObject[]): Promise<number> => {
        const answer = await admin.get(address(of, { filter: { $and: [{ name: { $startsWith: 'H ' } }, condition] }, fields: 'id', limit: '500', sort: 'id' }))
        const found = (answer.body as { records: readonly { id: number }[] }).records.map(({ id }) => id)
        expect(found, JSON.stringify(condition)).toEqual(records.filter((record) => record['archivedAt'] === null && matches(condition, record, context)).map(({ id }) => Number(id)).toSorted((a, b) => a - b))
        return found.length
      }
      const sizes = new Set<number>()
      await fc.assert(fc.asyncProperty(tested('id', 'parent'), async (condition) => void sizes.add(await agree(path, condition, [...tree.values()]))), { numRuns: 40, seed: 3 })
      await fc.assert(fc.asyncProperty(tested('category'), async (condition) => void sizes.add(await agree('/api/records/product', condition, stock))), { numRuns: 40, seed: 4 })
      expect(sizes.size).toBeGreaterThan(5)
    })
  })

  test('a subtree of ten thousand moves in one statement', async () => {
    const [from, to] = [await category('F from'), await category('F to')]
    const middle = await category('F middle', from)
    for (let start = 0; start < 10_000; start += 1000) {
      const made = await admin.post(`${path}/bulk`, { create: Array.from({ length: 1000 }, (_, i) => ({ name: `F ${start + i}`, parent: middle })) })
      expect(made.status).toBe(200)
    }
    expect((await move(middle, to)).status).toBe(200)
    const count = await admin.get(address(path, { filter: { parent: { $below: to } }, limit: '1', count: 'true' }))
    expect(count.body).toMatchObject({ count: 10_000, capped: true })
  })
})
