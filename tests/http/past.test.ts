/** A record as it was: at a moment, in a version; with the rights of today, whatever its fields are called and hold by now. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import type { Answer } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

interface Past {
  readonly version: number
  readonly archived: boolean
  readonly values: Readonly<Record<string, Json>>
  readonly unfit: readonly string[]
}

const idOf = (answer: Answer): number => (answer.body as { id: number }).id
const products = '/api/records/product'

describe.each(databaseKinds)('a record as it was on %s', (database) => {
  let app: App
  beforeAll(async () => {
    app = await startApp({ database })
  })
  afterAll(() => app.close())

  const past = async (path: string, query: string, who = app.admin): Promise<Past> => {
    const answer = await who.get(`${path}/history?${query}`)
    if (answer.status !== 200) throw new Error(answer.text)
    return answer.body as Past
  }

  test('each version and each moment has the values that were saved then', async () => {
    const path = `${products}/${idOf(await app.admin.post(products, { code: 'p1', name: 'First', packageSize: 'Chengdu' }))}`
    const moments: string[] = []
    for (const change of [{ name: 'Second' }, { packageSize: null }, { name: 'Fourth', packageSize: 'Xi’an' }]) {
      const answer = await app.admin.patch(path, change)
      moments.push((answer.body as { updatedAt: string }).updatedAt)
    }
    const seen = async (query: string): Promise<readonly Json[]> => {
      const { version, values } = await past(path, query)
      return [version, values['name'] ?? null, values['packageSize'] ?? null]
    }
    expect(await seen('version=1')).toEqual([1, 'First', 'Chengdu'])
    expect(await seen('version=2')).toEqual([2, 'Second', 'Chengdu'])
    expect(await seen('version=3')).toEqual([3, 'Second', null])
    expect(await seen('version=9')).toEqual([4, 'Fourth', 'Xi’an'])
    expect(await seen(`at=${moments[1] ?? ''}`)).toEqual([3, 'Second', null])
    expect(await seen('at=2001-01-01T00:00:00Z')).toEqual([0, null, null])
    await app.admin.delete(path)
    expect(await past(path, 'version=4')).toMatchObject({ archived: false })
    expect(await past(path, 'version=5')).toMatchObject({ archived: true })
    for (const query of ['at=yesterday', 'at=2026-01-01', 'version=0', 'version=x', 'at=2026-01-01T00:00:00Z&version=1', 'when=1']) expect((await app.admin.get(`${path}/history?${query}`)).status, query).toBe(400)
  })

  test('taking a value back is a change like any other', async () => {
    const path = `${products}/${idOf(await app.admin.post(products, { code: 'p2', name: 'Before' }))}`
    await app.admin.patch(path, { name: 'After' })
    const { values } = await past(path, 'version=1')
    expect(await app.admin.patch(path, { name: values['name'] ?? null })).toMatchObject({ status: 200, body: { name: 'Before', version: 3 } })
    expect(await past(path, 'version=2')).toMatchObject({ values: { name: 'After' } })
  })

  test('only fields that are read today are told, only of records that are, and only to who may see histories', async () => {
    const store = idOf(await app.admin.post('/api/records/store', { number: 'p3', name: 'Own' }))
    const path = `/api/records/member/${idOf(await app.admin.post('/api/records/member', { name: 'Ann', income: 111, city: 'A', store }))}`
    await app.admin.patch(path, { income: 222, city: 'B' })
    const clerk = await app.as(['clerk'], { stores: [store] })
    const analyst = await app.as(['analyst'])
    for (const who of [clerk, analyst]) expect(await who.get(`${path}/history?version=1`)).toMatchObject({ status: 403, body: { code: 'access.denied' } })
    expect(await app.admin.get('/api/records/member/99999999/history?version=1')).toMatchObject({ status: 404 })
    expect((await past(path, 'version=1')).values).toMatchObject({ income: 111, city: 'A' })
  })

  test('a field that was renamed is found by its identity; one that holds something else now is read as far as it can be', async () => {
    const [numeric, worded] = [idOf(await app.admin.post(products, { code: 'p4', name: 'N', packageSize: '12' })), idOf(await app.admin.post(products, { code: 'p5', name: 'W', packageSize: 'twelve' }))]
    for (const id of [numeric, worded]) await app.admin.patch(`${products}/${id}`, { packageSize: '34' })
    const publish = async (...operations: Json[]): Promise<void> => {
      const draft = await app.admin.patch('/api/definitions/draft', operations)
      expect(draft.status, draft.text).toBe(200)
      const plan = (await app.admin.post('/api/definitions/plan', {})).body as { steps: { key: string }[] }
      const done = await app.admin.post('/api/definitions/publish', { consent: plan.steps.map(({ key }) => key), message: '' })
      expect(done.status, done.text).toBe(201)
    }
    await publish({ op: 'move', from: '/product~1entity.json/properties/packageSize', path: '/product~1entity.json/properties/kind' })
    expect((await past(`${products}/${worded}`, 'version=1')).values).toMatchObject({ kind: 'twelve' })
    const field = ((await app.admin.get('/api/definitions')).body as { documents: Record<string, { properties: Record<string, Record<string, Json>> }> }).documents['product/entity.json']?.properties['kind']
    const crm = field?.['crm'] as Record<string, Json>
    await publish({ op: 'replace', path: '/product~1entity.json/properties/kind', value: { type: 'integer', title: 'Kind', crm: { id: crm['id'] ?? 'packageSize' } } })
    expect(await past(`${products}/${numeric}`, 'version=1')).toMatchObject({ values: { kind: 12 }, unfit: [] })
    expect(await past(`${products}/${worded}`, 'version=1')).toMatchObject({ values: { kind: 'twelve' }, unfit: ['kind'] })
  })
})
