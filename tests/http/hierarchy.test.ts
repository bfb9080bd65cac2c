/** Trees: a reference to the own entity whose records stand below each other. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startApp, type App } from '../support/app.js'
import { address, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

const layers = ['metadata/core', 'tests/packs/relations']
const path = '/api/records/category'

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
