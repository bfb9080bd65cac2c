/** A reference to a record of one of several entities: one value, and behind it a real reference to each of them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { address, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { over, sent } from '../support/imports.js'

const path = '/api/records/memo'
const idOf = (answer: Answer): number => (answer.body as { id: number }).id

describe.each(databaseKinds)('references to one of several entities on %s', (database) => {
  let app: App
  let admin: Client
  let noter: Client
  let tea: number
  let hidden: number
  let spring: number
  let bought: number

  const make = async (entity: string, values: JsonObject): Promise<number> => {
    const answer = await admin.post(`/api/records/${entity}`, values)
    expect(answer.status, answer.text).toBe(201)
    return idOf(answer)
  }
  const read = async (id: number, query: JsonObject = {}, by = admin): Promise<JsonObject> => (await by.get(address(`${path}/${String(id)}`, query))).body as JsonObject
  const found = async (filter: Json, by = admin, entity = 'memo'): Promise<readonly Json[] | string> => {
    const answer = await by.get(address(`/api/records/${entity}`, { filter, fields: entity === 'memo' ? 'text' : 'name', sort: 'id' }))
    return answer.status === 200 ? (answer.body as { records: readonly JsonObject[] }).records.map((one) => one['text'] ?? one['name'] ?? null) : (answer.body as { code: string }).code
  }

  beforeAll(async () => {
    app = await startApp({ database, layers: ['metadata/core', 'tests/packs/relations'] })
    admin = app.admin
    noter = await app.as(['noter'])
    tea = await make('product', { name: 'Tea' })
    hidden = await make('product', { name: 'Prototype', open: false })
    spring = await make('campaign', { name: 'Spring' })
    bought = await make('order', { name: 'First' })
  })
  afterAll(() => app.close())

  test('is set, changed, cleared and told with its record; what stands behind it is not', async () => {
    const made = await admin.post(path, { text: 'One', about: { entity: 'product', id: tea }, seen: `campaign/${String(spring)}` })
    expect(made).toMatchObject({ status: 201, body: { about: { entity: 'product', id: tea }, seen: { entity: 'campaign', id: spring } } })
    expect(Object.keys(made.body as JsonObject).filter((key) => /about|seen/.test(key))).toEqual(['about', 'seen'])
    const id = idOf(made)
    expect(await read(id, { expand: 'about,seen' })).toMatchObject({ about: { entity: 'product', id: tea, label: 'Tea' }, seen: { entity: 'campaign', id: spring, label: 'Spring' } })
    expect(await read(id, { fields: 'about.label' })).toMatchObject({ about: { entity: 'product', id: tea, label: 'Tea' } })
    expect(await read(id, { fields: 'aboutProduct.name,aboutOrder' })).toMatchObject({ aboutProduct: { id: tea, name: 'Tea' }, aboutOrder: null })
    // A value that came with its name goes back as it is.
    const changed = await admin.patch(`${path}/${String(id)}`, { about: { entity: 'order', id: bought, label: 'First' }, seen: null })
    expect(changed).toMatchObject({ status: 200, body: { version: 2, about: { entity: 'order', id: bought }, seen: null } })
    expect((await admin.patch(`${path}/${String(id)}`, { about: { entity: 'order', id: bought } })).body).toMatchObject({ version: 2 })
    const history = (await admin.get(`${path}/${String(id)}/history`)).body as { entries: readonly { changes: JsonObject }[] }
    expect(history.entries[0]?.changes).toEqual({ about: [{ entity: 'product', id: tea }, { entity: 'order', id: bought }], seen: [{ entity: 'campaign', id: spring }, null] })
    expect((await admin.post(path, { text: 'Bulk' })).body).toMatchObject({ code: 'record.invalid', problems: [{ path: '/about', code: 'value.required' }] })
    for (const about of [{ entity: 'product', id: 9999 }, { entity: 'user', id: 1 }, { entity: 'nothing', id: 1 }, 'product/0', { entity: 'product' }]) {
      expect(await admin.post(path, { text: 'Bad', about })).toMatchObject({ status: 422, body: { code: 'record.invalid', problems: [{ path: expect.stringMatching(/^\/about/) as string }] } })
    }
    expect(await admin.post(path, { text: 'Bad', aboutProduct: tea })).toMatchObject({ status: 400, body: { code: 'field.readOnly' } })
  })

  test('conditions, sorting and lists on the other side use the references behind it', async () => {
    const seen = { entity: 'product', id: tea }
    await make('memo', { text: 'Tea a', about: seen })
    await make('memo', { text: 'Tea b', about: { entity: 'campaign', id: spring }, seen })
    const word = `product/${String(tea)}`
    expect(await found({ about: word })).toEqual(['Tea a'])
    expect(await found({ about: { $in: [word, `campaign/${String(spring)}`] } })).toEqual(['Tea a', 'Tea b'])
    expect(await found({ about: { $nin: [word] }, text: { $startsWith: 'Tea' } })).toEqual(['Tea b'])
    expect(await found({ seen: null, text: { $startsWith: 'Tea' } })).toEqual(['Tea a'])
    expect(await found({ seen: { $ne: null }, text: { $startsWith: 'Tea' } })).toEqual(['Tea b'])
    expect(await found({ 'aboutProduct.name': 'Tea', aboutOrder: null })).toEqual(['Tea a'])
    expect(await found({ notes: { $some: { text: 'Tea a' } } }, admin, 'product')).toEqual(['Tea'])
    expect(await found({ about: 'product' })).toBe('query.invalid')
    expect(await found({ about: 'nothing/1' })).toBe('query.invalid')
    const sorted = (await admin.get(address(path, { filter: { text: { $startsWith: 'Tea' } }, sort: '-aboutProduct', fields: 'text' }))).body as { records: readonly JsonObject[] }
    expect(sorted.records.map(({ text }) => text)).toEqual(['Tea a', 'Tea b'])
    expect(((await admin.get(address(`/api/records/product/${String(tea)}`, { expand: 'notes' }))).body as JsonObject)['notes']).toMatchObject([{ text: 'Tea a', about: seen }])
  })

  test('nobody learns of entities and records that are not theirs, and nobody links to them', async () => {
    const order = await make('memo', { text: 'About an order', about: { entity: 'order', id: bought } })
    const proto = await make('memo', { text: 'About the prototype', about: { entity: 'product', id: hidden } })
    expect(await read(order, {}, noter)).toMatchObject({ about: null })
    expect(await read(proto, { expand: 'about' }, noter)).toMatchObject({ about: { entity: 'product', id: hidden } })
    expect(JSON.stringify(await read(proto, { expand: 'about' }, noter))).not.toContain('Prototype')
    for (const entity of ['order', 'category', 'nothing']) {
      expect(await found({ about: `${entity}/1` }, noter)).toBe('query.invalid')
      expect(await found({ [`about${entity.charAt(0).toUpperCase()}${entity.slice(1)}`]: 1 }, noter)).toBe('access.field')
    }
    const model = (await noter.get('/api/model')).body as { entities: Record<string, { fields: readonly { key: string }[] }> }
    expect(JSON.stringify(model.entities['memo'])).not.toMatch(/order|category/i)
    expect(model.entities['memo']?.fields.filter(({ key }) => /about/.test(key))).toMatchObject([{ key: 'about', targets: ['campaign', 'product'] }])
    const refused = await Promise.all([{ entity: 'order', id: bought }, { entity: 'product', id: hidden }, { entity: 'product', id: 9999 }, { entity: 'nothing', id: 1 }].map((about) => noter.post(path, { text: 'Mine', about })))
    expect(new Set(refused.map(({ body }) => JSON.stringify((body as { problems: Json }).problems))).size).toBe(1)
    expect(refused[0]?.status).toBe(422)
    await admin.patch(`${path}/${String(order)}`, { about: { entity: 'product', id: tea } })
    const history = (await noter.get(`${path}/${String(order)}/history`)).body as { entries: readonly { changes: JsonObject }[] }
    expect(history.entries[0]?.changes).toEqual({ about: [null, { entity: 'product', id: tea }] })
  })

  test('a list is sorted by the names that its reader sees, page by page', async () => {
    const [zinc, apple, secret] = [await make('product', { name: 'Zinc' }), await make('campaign', { name: 'Äpple' }), await make('product', { name: 'Bulb', open: false })]
    const about: readonly (readonly [string, number])[] = [['product', zinc], ['campaign', apple], ['product', secret], ['order', bought], ['product', tea], ['campaign', apple]]
    for (const [i, [entity, id]] of about.entries()) await make('memo', { text: `Sorted ${String(i)}`, about: { entity, id }, seen: i % 2 === 0 ? { entity: 'product', id: tea } : null })
    const listed = async (sort: string, by: Client, limit = 2): Promise<readonly Json[]> => {
      const texts: Json[] = []
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const answer = await by.get(address(path, { filter: { text: { $startsWith: 'Sorted' } }, sort, fields: 'text', limit: String(limit), ...(cursor === undefined ? {} : { cursor }) }))
        expect(answer.status, answer.text).toBe(200)
        const page = answer.body as { records: readonly { text: string }[]; next: string | null }
        texts.push(...page.records.map(({ text }) => text.slice('Sorted '.length)))
        cursor = page.next
      }
      return texts
    }
    // Äpple Äpple Bulb First Tea Zinc
    expect(await listed('about', admin)).toEqual(['1', '5', '2', '3', '4', '0'])
    expect(await listed('-about', admin)).toEqual(['0', '4', '3', '2', '5', '1'])
    expect(await listed('-seen,about', admin, 1)).toEqual(['2', '4', '0', '1', '5', '3'])
    // Neither orders nor what is not open: those stand where nothing does.
    expect(await listed('about', noter)).toEqual(['2', '3', '1', '5', '4', '0'])
    expect(await listed('-about', noter, 1)).toEqual(['0', '4', '5', '1', '3', '2'])
  })

  test('erasing and merging follow it', async () => {
    const [one, two] = [await make('product', { name: 'Coffee' }), await make('product', { name: 'Cofee' })]
    const memo = await make('memo', { text: 'Of two', about: { entity: 'product', id: two }, seen: { entity: 'product', id: two } })
    const merged = await admin.post('/api/records/product/merge', { survivor: one, others: [two], values: {} })
    expect(merged).toMatchObject({ status: 200, body: { moved: [{ entity: 'memo', count: 1 }] } })
    expect(await read(memo)).toMatchObject({ about: { entity: 'product', id: one }, seen: { entity: 'product', id: one } })
    const history = (await admin.get(`${path}/${String(memo)}/history`)).body as { entries: readonly { changes: JsonObject }[] }
    expect(history.entries[0]?.changes).toEqual({ seen: [{ entity: 'product', id: two }, { entity: 'product', id: one }] })
    expect((await admin.post('/api/records/product/unmerge', { merge: (merged.body as JsonObject)['merge'] ?? null })).status).toBe(200)
    expect(await read(memo)).toMatchObject({ about: { entity: 'product', id: two }, seen: { entity: 'product', id: two } })
    await admin.patch(`${path}/${String(memo)}`, { about: { entity: 'campaign', id: spring } })
    await admin.delete(`/api/records/product/${String(two)}`)
    expect((await admin.delete(`/api/records/product/${String(two)}?purge=true`)).status).toBe(204)
    expect(await read(memo)).toMatchObject({ about: { entity: 'campaign', id: spring }, seen: null })
    const gone = await make('campaign', { name: 'Autumn' })
    await admin.patch(`${path}/${String(memo)}`, { about: { entity: 'campaign', id: gone } })
    await admin.delete(`/api/records/campaign/${String(gone)}`)
    expect((await admin.delete(`/api/records/campaign/${String(gone)}?purge=true`)).status).toBe(204)
    expect((await admin.get(`${path}/${String(memo)}`)).status).toBe(404)
  })

  test('an export is imported again, and names do as well as numbers', async () => {
    await make('memo', { text: 'Out', about: { entity: 'product', id: tea } })
    const out = await admin.get(address(`${path}/export`, { format: 'csv', filter: { text: 'Out' }, fields: 'text,about' }))
    const [, line = ''] = out.text.trim().split('\r\n')
    expect(line).toBe(`Out,Product/Tea (#${String(tea)})`)
    const lines = ['text,about', line.replace('Out', 'Back'), `Key,product/${String(tea)}`, 'By name,Campaign/Spring', 'Neither,Order/Second', 'Unknown,nothing/1']
    const made = await sent(admin, `${lines.join('\n')}\n`, { entity: 'memo', start: 'true' })
    expect(await over(admin, made)).toMatchObject({ result: { created: 3, rejected: 2 } })
    expect(await found({ about: `product/${String(tea)}`, text: 'Back' })).toEqual(['Back'])
    expect(await found({ about: `product/${String(tea)}`, text: 'Key' })).toEqual(['Key'])
    expect(await found({ about: `campaign/${String(spring)}`, text: 'By name' })).toEqual(['By name'])
  })

  test('an entity that comes later can be pointed to where every entity is meant, and one that goes leaves the others as they were', async () => {
    const draft = (operations: Json): Promise<Answer> => admin.patch('/api/definitions/draft', operations)
    const memo = await make('memo', { text: 'Before', about: { entity: 'product', id: tea }, seen: { entity: 'campaign', id: spring } })
    expect(await admin.patch(`${path}/${String(memo)}`, { seen: 'visit/1' })).toMatchObject({ status: 422 })
    await draft([{ op: 'add', path: '/visit~1entity.json', value: { type: 'object', title: 'Visit', properties: { name: { type: 'string' } } } }])
    const plan = (await admin.post('/api/definitions/plan')).body as { steps: readonly { key: string; safety: string }[] }
    expect(plan.steps.filter(({ key }) => key.includes('memo'))).toMatchObject([{ key: 'addField:memo.seenVisit', safety: 'safe' }, { key: 'addIndex:memo.seenVisit', safety: 'safe' }])
    expect((await admin.post('/api/definitions/publish', {})).status).toBe(201)
    const visit = await make('visit', { name: 'First' })
    expect((await admin.patch(`${path}/${String(memo)}`, { seen: { entity: 'visit', id: visit } })).body).toMatchObject({ seen: { entity: 'visit', id: visit }, about: { entity: 'product', id: tea } })
    await draft([{ op: 'add', path: '/visit~1entity.json/crm', value: { archived: true } }])
    const going = (await admin.post('/api/definitions/plan')).body as { steps: readonly { key: string; safety: string }[] }
    expect((await admin.post('/api/definitions/publish', { consent: going.steps.filter(({ safety }) => safety === 'lossy').map(({ key }) => key) })).status).toBe(201)
    expect(await read(memo)).toMatchObject({ seen: null, about: { entity: 'product', id: tea } })
    await draft([{ op: 'remove', path: '/visit~1entity.json/crm/archived' }])
    expect((await admin.post('/api/definitions/publish', {})).status).toBe(201)
    expect(await read(memo)).toMatchObject({ seen: { entity: 'visit', id: visit } })
    await draft([{ op: 'add', path: '/memo~1entity.json/properties/aboutOrder', value: { type: 'string' } }, { op: 'add', path: '/memo~1entity.json/properties/lost', value: { crm: { type: 'anyReference', to: ['nothing'] } } }])
    expect((await admin.post('/api/definitions/check')).body).toMatchObject({ problems: [{ code: 'name.collision' }, { code: 'field.link', path: 'memo/entity.json#/properties/lost/crm/to/0' }] })
  })
})
