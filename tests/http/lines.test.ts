/** Lines: rows of another entity that belong to a record, saved with it as one list. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startApp, type App } from '../support/app.js'
import { address, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { statementsOf } from '../support/statements.js'

const layers = ['metadata/core', 'tests/packs/relations']
const path = '/api/records/order'
const linePath = '/api/records/orderLine'

interface Line {
  readonly id: number
  readonly version: number
  readonly quantity: number
  readonly [key: string]: unknown
}
const idOf = (answer: Answer): number => (answer.body as { id: number }).id
const linesOf = (answer: Answer): readonly Line[] => (answer.body as { lines: readonly Line[] }).lines
const quantities = (answer: Answer): readonly number[] => linesOf(answer).map(({ quantity }) => quantity)

describe.each(databaseKinds)('lines on %s', (database) => {
  let app: App
  let admin: Client
  let clerk: Client

  const order = async (...lines: readonly Record<string, number | boolean | string>[]): Promise<Answer> => admin.post(path, { name: 'Order', lines: lines as Record<string, number>[] })
  const at = (answer: Answer): string => `${path}/${idOf(answer)}`

  beforeAll(async () => {
    app = await startApp({ database, layers })
    admin = app.admin
    clerk = await app.as(['clerk'])
  })
  afterAll(() => app.close())

  test('a record is made with its lines, and they come when they are asked for, in their order', async () => {
    const made = await order({ quantity: 3 }, { quantity: 1 }, { quantity: 2 })
    expect(made).toMatchObject({ status: 201, body: { version: 1, lines: [{ quantity: 3, version: 1, order: idOf(made) }, { quantity: 1 }, { quantity: 2 }] } })
    expect((await admin.get(at(made))).body).not.toHaveProperty('lines')
    expect(quantities(await admin.get(`${at(made)}?expand=lines`))).toEqual([3, 1, 2])
    expect((await admin.get(`${at(made)}?fields=name,lines.quantity`)).body).toMatchObject({ lines: [{ quantity: 3 }, { quantity: 1 }, { quantity: 2 }] })
    expect(quantities(await admin.get(`${at(made)}?fields=lines`))).toEqual([3, 1, 2])
  })

  test('the list that is sent is the list that is: changed, new, missing and moved lines in one save', async () => {
    const made = await order({ quantity: 1 }, { quantity: 2 }, { quantity: 3 })
    const [one, two, three] = linesOf(made)
    const saved = await admin.patch(at(made), { lines: [{ id: three?.id ?? 0, version: 1, quantity: 30 }, { quantity: 4 }, { id: one?.id ?? 0 }] }, { 'if-match': '"1"' })
    expect(saved).toMatchObject({ status: 200, body: { version: 2, lines: [{ id: three?.id, version: 2, quantity: 30 }, { version: 1, quantity: 4 }, { id: one?.id, version: 1, quantity: 1 }] } })
    expect(await admin.get(`${linePath}/${two?.id}`)).toMatchObject({ status: 404 })
    expect(await admin.get(`${linePath}/${two?.id}?archived=true`)).toMatchObject({ status: 200, body: { quantity: 2 } })
    const { entries } = (await admin.get(`${at(made)}/history`)).body as { entries: readonly { changes: Record<string, unknown> }[] }
    expect(entries[0]?.changes).toEqual({ lines: [[one?.id, two?.id, three?.id], linesOf(saved).map(({ id }) => id)] })
    expect((await admin.get(`${linePath}/${three?.id}/history`)).body).toMatchObject({ entries: [{ action: 'updated', changes: { quantity: [3, 30] } }, { action: 'created' }] })
  })

  test('the same lines again change nothing; a new order of them is one change of the record', async () => {
    const made = await order({ quantity: 1 }, { quantity: 2 })
    const lines = linesOf(made).map(({ id, quantity }) => ({ id, quantity }))
    expect(await admin.patch(at(made), { lines })).toMatchObject({ status: 200, body: { version: 1 } })
    expect(await admin.patch(at(made), { lines: lines.toReversed() })).toMatchObject({ status: 200, body: { version: 2, lines: [{ quantity: 2, version: 1 }, { quantity: 1, version: 1 }] } })
    expect(await admin.patch(at(made), { name: 'Renamed' })).toMatchObject({ status: 200, body: { version: 3 } })
    expect(quantities(await admin.get(`${at(made)}?expand=lines`))).toEqual([2, 1])
  })

  test('every fault is told at its cell, and nothing is saved', async () => {
    const made = await order({ quantity: 1 })
    const [line] = linesOf(made)
    const refused = await admin.patch(at(made), { name: 'Not this', lines: [{ id: line?.id ?? 0, quantity: 0 }, { product: 1 }, { quantity: 5 }] })
    expect(refused).toMatchObject({ status: 422, body: { code: 'record.invalid', problems: [{ path: '/lines/0/quantity' }, { path: '/lines/1/quantity' }] } })
    expect(await admin.patch(at(made), { lines: [{ quantity: 1, product: 999_999 }] })).toMatchObject({ status: 422, body: { problems: [{ path: '/lines/0/product', code: 'reference.unavailable' }] } })
    expect(await admin.patch(at(made), { lines: [{ id: 999_999, quantity: 1 }] })).toMatchObject({ status: 404, body: { problems: [{ path: '/lines/0/id' }] } })
    expect(await admin.patch(at(made), { lines: [{ id: line?.id ?? 0 }, { id: line?.id ?? 0 }] })).toMatchObject({ status: 422, body: { problems: [{ path: '/lines/1/id' }] } })
    expect(await admin.patch(at(made), { lines: 'all' })).toMatchObject({ status: 422, body: { problems: [{ path: '/lines' }] } })
    expect((await admin.get(`${at(made)}?expand=lines`)).body).toMatchObject({ name: 'Order', version: 1, lines: [{ quantity: 1 }] })
  })

  test('a line of another record is not taken over', async () => {
    const [mine, theirs] = [await order({ quantity: 1 }), await order({ quantity: 2 })]
    expect(await admin.patch(at(mine), { lines: [{ id: linesOf(theirs)[0]?.id ?? 0 }] })).toMatchObject({ status: 404, body: { problems: [{ path: '/lines/0/id' }] } })
    expect(quantities(await admin.get(`${at(theirs)}?expand=lines`))).toEqual([2])
  })

  test('who saved first wins, record and lines alike', async () => {
    const made = await order({ quantity: 1 })
    await admin.patch(at(made), { name: 'First' })
    expect(await admin.patch(at(made), { lines: [] }, { 'if-match': '"1"' })).toMatchObject({ status: 412, body: { code: 'record.stale' } })
    const [line] = linesOf(made)
    await admin.patch(`${linePath}/${line?.id}`, { quantity: 7 })
    expect(await admin.patch(at(made), { lines: [{ id: line?.id ?? 0, version: 1, quantity: 9 }] })).toMatchObject({ status: 412, body: { problems: [{ path: '/lines/0', code: 'record.stale' }] } })
    expect(quantities(await admin.get(`${at(made)}?expand=lines`))).toEqual([7])
  })

  test('a unique value that two lines share is refused, and the record stays', async () => {
    const made = await order({ quantity: 1, code: 'same' })
    expect(await admin.patch(at(made), { lines: [{ id: linesOf(made)[0]?.id ?? 0 }, { quantity: 2, code: 'same' }] })).toMatchObject({ status: 409, body: { code: 'record.conflict' } })
    expect(quantities(await admin.get(`${at(made)}?expand=lines`))).toEqual([1])
  })

  test('lines are archived, restored and erased with their record; those that went before stay away', async () => {
    const made = await order({ quantity: 1 }, { quantity: 2 })
    const [one, two] = linesOf(made)
    await admin.patch(at(made), { lines: [{ id: two?.id ?? 0 }] })
    expect((await admin.delete(at(made))).status).toBe(204)
    expect((await admin.get(`${linePath}/${two?.id}`)).status).toBe(404)
    expect((await admin.post(`${at(made)}/restore`)).status).toBe(200)
    expect(quantities(await admin.get(`${at(made)}?expand=lines`))).toEqual([2])
    expect((await admin.get(`${linePath}/${one?.id}`)).status).toBe(404)
    expect((await admin.delete(`${at(made)}?purge=true`)).status).toBe(204)
    expect((await admin.get(`${linePath}/${two?.id}?archived=true`)).status).toBe(404)
  })

  test('conditions ask lines as any relation', async () => {
    await admin.post(path, { name: 'Asked', lines: [{ quantity: 900 }, { quantity: 50 }] })
    const found = (await admin.get(address(path, { filter: { lines: { $some: { quantity: { $gte: 900 } }, $count: 1 } }, fields: 'name' }))).body as { records: readonly { name: string }[] }
    expect(found.records.map(({ name }) => name)).toEqual(['Asked'])
  })

  describe('rights of the lines are those of their entity', () => {
    test('rows and fields that the person does not see are neither told nor touched', async () => {
      const made = await order({ quantity: 1, cost: 731_905.25 }, { quantity: 2, secret: true })
      expect(quantities(await clerk.get(`${at(made)}?expand=lines`))).toEqual([1])
      expect((await clerk.get(`${at(made)}?expand=lines`)).text).not.toContain('731905')
      expect(await clerk.patch(at(made), { lines: [{ quantity: 5 }] })).toMatchObject({ status: 200, body: { lines: [{ quantity: 5 }] } })
      expect(quantities(await admin.get(`${at(made)}?expand=lines`)).toSorted((a, b) => a - b)).toEqual([2, 5])
      expect(await clerk.patch(at(made), { lines: [{ id: linesOf(made)[1]?.id ?? 0 }] })).toMatchObject({ status: 404 })
    })

    test('a field that may not be set, a row that would leave the reach, a line that may not be taken out', async () => {
      const made = await order({ quantity: 500 })
      const [line] = linesOf(made)
      expect(await clerk.patch(at(made), { lines: [{ id: line?.id ?? 0, cost: 1 }] })).toMatchObject({ status: 400, body: { code: 'field.unknown', problems: [{ path: '/lines/0/cost' }] } })
      expect(await clerk.patch(at(made), { lines: [{ id: line?.id ?? 0 }, { quantity: 1, secret: true }] })).toMatchObject({ status: 403, body: { code: 'record.outOfReach' } })
      expect(await clerk.patch(at(made), { lines: [] })).toMatchObject({ status: 403, body: { code: 'access.denied' } })
      expect((await admin.get(`${at(made)}?expand=lines`)).body).toMatchObject({ version: 1, lines: [{ quantity: 500 }] })
    })

    test('who may not read lines may not send them', async () => {
      const stranger = await app.as(['writer'])
      expect((await stranger.get(path)).status).toBe(404)
    })
  })

  test('a list of objects in a plain JSON Schema is lines', async () => {
    const made = await admin.post('/api/records/survey', { title: 'Tastes', answers: [{ question: 'Tea?', points: 3, parts: [{ text: 'green' }] }, { question: 'Milk?' }] })
    expect(made, made.text).toMatchObject({ status: 201, body: { answers: [{ question: 'Tea?', points: 3, parts: [{ text: 'green' }] }, { question: 'Milk?', points: null }] } })
    const [tea] = (made.body as { answers: readonly { id: number }[] }).answers
    const changed = await admin.patch(`/api/records/survey/${idOf(made)}`, { answers: [{ question: 'Sugar?', points: 1 }, { id: tea?.id ?? 0, points: 5 }] })
    expect(changed).toMatchObject({ status: 200, body: { answers: [{ question: 'Sugar?', points: 1 }, { question: 'Tea?', points: 5 }] } })
    expect((await admin.get(address('/api/records/survey', { filter: { answers: { $sum: { points: { $gte: 6 } } } }, fields: 'title' }))).body).toMatchObject({ records: [{ title: 'Tastes' }] })
    expect((await admin.get(address('/api/records/surveyAnswers', { filter: { 'survey.title': 'Tastes' }, sort: '-points', fields: 'points' }))).body).toMatchObject({ records: [{ points: 5 }, { points: 1 }] })
    expect(await admin.post('/api/records/survey', { title: 'No', answers: [{ question: 'x', points: 9 }] })).toMatchObject({ status: 422, body: { problems: [{ path: '/answers/0/points' }] } })
    expect((await clerk.get('/api/records/surveyAnswers')).status).toBe(404)
  })

  test('five hundred lines are saved by a few statements; one more is refused', async () => {
    const changed = async (count: number): Promise<number> => {
      const made = await admin.post(path, { name: 'Long', lines: Array.from({ length: count }, (_, i) => ({ quantity: i + 2 })) })
      const [first, ...others] = linesOf(made).map(({ id, version, quantity }) => ({ id, version, quantity: quantity - 1 }))
      let saved: Answer | undefined
      const statements = await statementsOf(app.engine, 'order', async () => {
        saved = await admin.patch(at(made), { lines: [...others.toReversed(), { quantity: 999 }] }, { 'if-match': '"1"' })
      })
      expect(first).toBeDefined()
      expect(saved).toMatchObject({ status: 200, body: { version: 2 } })
      expect(saved === undefined ? [] : quantities(saved)).toEqual([...Array.from({ length: count - 1 }, (_, i) => count - i), 999])
      return statements
    }
    expect(await changed(500)).toBeLessThan(40)
    expect(await admin.post(path, { name: 'Longer', lines: Array.from({ length: 501 }, () => ({ quantity: 1 })) })).toMatchObject({ status: 422, body: { problems: [{ path: '/lines' }] } })
  })
})
