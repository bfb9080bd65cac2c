/** Rules before a record is saved: they set fields, and ask for values while a condition holds, by every door. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { markLate } from '../../engine/operations/notifications/limits.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { App } from '../support/app.js'
import { client, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { over, sent } from '../support/imports.js'
import { helpDesk, idOf, newTicket, tickets as path, transit } from '../support/tickets.js'

describe.each(databaseKinds)('rules on %s', (database) => {
  let app: App
  let agent: Client
  let boss: Client
  let me: number

  beforeAll(async () => void ({ app, agent, boss, me } = await helpDesk(database)))
  afterAll(() => app.close())

  const ticket = (values: JsonObject = {}, who: Client = boss): Promise<number> => newTicket(who, values)

  describe('a field that is required while a condition holds', () => {
    const needs = (at: string) => ({ status: 422, body: { code: 'record.invalid', problems: [{ path: at, code: 'value.required' }] } })
    const deep = { desk: 'b', subject: 'Deep', secret: 'deep' }

    test('needs its value by every door, and is said at its place', async () => {
      expect(await agent.post(path, { subject: 'Broken lamp', desk: 'a' })).toMatchObject(needs('/cause'))
      expect(await agent.post(path, { subject: 'Broken lamp', desk: 'a', cause: 'A fall' })).toMatchObject({ status: 201 })
      const id = await ticket()
      expect(await agent.patch(`${path}/${String(id)}`, { subject: 'Broken cup' })).toMatchObject(needs('/cause'))
      expect(await agent.patch(`${path}/${String(id)}`, { subject: 'Broken cup', cause: 'A fall' })).toMatchObject({ status: 200 })
      expect(await agent.patch(`${path}/${String(id)}`, { cause: '' })).toMatchObject(needs('/cause'))
      expect(await boss.post(`${path}/bulk`, { where: { id: await ticket() }, set: { subject: 'Broken' } })).toMatchObject({ status: 422 })
      expect(await over(agent, await sent(agent, 'subject,desk\nBroken jug,a\nA jug,a\n', { entity: 'ticket', start: 'true', settings: { mode: 'create' } }))).toMatchObject({ result: { created: 1, rejected: 1 } })
    })

    test('is asked for by the transition that makes it so, and by no other', async () => {
      const id = await ticket({ status: 'open', code: 'learn' })
      expect((await agent.get(`${path}/${String(id)}/transitions`)).body).toMatchObject({ transitions: [{ name: 'resolve', missing: ['answer'] }, { name: 'wait', allowed: true, missing: ['lesson'] }, {}, {}] })
      expect(await transit(agent, id, 'wait')).toMatchObject(needs('/lesson'))
      expect(await transit(agent, id, 'note', { answer: 'Yes', lesson: 'None' })).toMatchObject({ status: 400, body: { code: 'field.unknown' } })
      expect(await transit(agent, id, 'wait', { lesson: 'Look first' })).toMatchObject({ status: 200, body: { status: 'waiting', lesson: 'Look first' } })
    })

    test('is told of to those who may know what it depends on', async () => {
      const conditions = async (who: Client): Promise<JsonObject> =>
        Object.fromEntries(((await who.get('/api/model')).body as { entities: { ticket: { fields: readonly { key: string; requiredWhen?: JsonObject }[] } } }).entities.ticket.fields.flatMap(({ key, requiredWhen }) => (requiredWhen === undefined ? [] : [[key, requiredWhen]])))
      expect(await conditions(boss)).toMatchObject({ cause: { subject: { $startsWith: 'Broken' } }, hint: { secret: 'deep' } })
      expect(Object.keys(await conditions(agent))).toEqual(['cause', 'lesson', 'excuse'])
      expect(await boss.post(path, deep)).toMatchObject(needs('/hint'))
    })

    test('holds nobody up where it was missing before', async () => {
      const id = await ticket()
      await markLate(app.engine, new Date(Date.now() + 5 * 3_600_000))
      expect(await boss.patch(`${path}/${String(id)}`, { subject: 'Found late' })).toMatchObject({ status: 200, body: { late: true } })
      expect(await boss.patch(`${path}/${String(id)}`, { excuse: 'Snow' })).toMatchObject({ status: 200 })
      expect(await boss.patch(`${path}/${String(id)}`, { excuse: null })).toMatchObject(needs('/excuse'))
    })
  })

  describe('rules that set fields', () => {
    const quotes = '/api/records/quote'
    const quote = async (id: number): Promise<JsonObject> => (await boss.get(`${quotes}/${String(id)}`)).body as JsonObject
    const made = async (values: JsonObject, who: Client = boss): Promise<number> => idOf(await who.post(quotes, values))
    const found = async (title: string): Promise<JsonObject> => ((await boss.get(`${quotes}?filter=${encodeURIComponent(JSON.stringify({ title }))}`)).body as { records: readonly JsonObject[] }).records[0] ?? {}
    const priced = { net: 75, band: 'high', margin: 37.5, tax: 15, validUntil: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as Json, pricedAt: expect.stringMatching(/Z$/) as Json }

    test('work from top to bottom, set what nobody may set, and computed values follow from them', async () => {
      const answer = await agent.post(quotes, { title: ' First ', amount: 100, discount: 25 })
      const { margin: _hidden, ...seen } = priced
      expect(answer).toMatchObject({ status: 201, body: { title: 'First', ...seen } })
      expect(answer.body).not.toHaveProperty('margin')
      expect(await quote(idOf(answer))).toMatchObject({ ...priced, version: 1 })
      expect(await boss.post(quotes, { title: 'Dated', validUntil: '2020-01-01' })).toMatchObject({ status: 201, body: { validUntil: '2020-01-01', net: null, margin: null, band: 'low', pricedAt: null } })
      expect(await agent.post(quotes, { title: 'By hand', net: 1 })).toMatchObject({ status: 400, body: { code: 'field.readOnly' } })
    })

    test('a change sets what follows from it, and only what differs is a change', async () => {
      const id = await made({ title: 'Changed', amount: 100, discount: 10 })
      const { pricedAt } = await quote(id)
      expect(await agent.patch(`${quotes}/${String(id)}`, { title: 'Renamed' })).toMatchObject({ body: { net: 90, pricedAt, version: 2 } })
      expect(await agent.patch(`${quotes}/${String(id)}`, { title: '  Renamed ' })).toMatchObject({ body: { version: 2 } })
      expect(await agent.patch(`${quotes}/${String(id)}`, { discount: 50, amount: 200.01 })).toMatchObject({ body: { net: 100.01, band: 'high', tax: 20, version: 3 } })
      const { entries } = (await agent.get(`${quotes}/${String(id)}/history`)).body as { entries: readonly JsonObject[] }
      expect(entries[0]).toMatchObject({ action: 'updated', changes: { discount: [10, 50], net: [90, 100.01], band: ['low', 'high'] } })
      expect(entries[0]?.['byRule']).toEqual(['net', 'band', 'pricedAt'])
      expect(entries.map((entry) => entry['byRule'])).toEqual([expect.any(Array), [], expect.arrayContaining(['net', 'band', 'pricedAt', 'validUntil'])])
      expect((await boss.get(`${quotes}/${String(id)}/history`)).body).toMatchObject({ entries: [{ byRule: expect.arrayContaining(['margin']) as Json }, {}, {}] })
    })

    test('every other writer passes them too', async () => {
      const values = { amount: 100, discount: 25 }
      expect(await boss.post(`${quotes}/bulk`, { create: [{ title: 'In bulk', ...values }] })).toMatchObject({ status: 200 })
      const id = await made({ title: 'Changed in bulk' })
      expect(await boss.post(`${quotes}/bulk`, { where: { id }, set: values })).toMatchObject({ status: 200 })
      expect(await over(boss, await sent(boss, 'title,amount,discount\nImported,100,25\n', { entity: 'quote', start: 'true' }))).toMatchObject({ result: { created: 1 } })
      expect(await client(app.url).post('/api/forms/ask-a-quote', { values: { title: 'Asked', amount: 100 } })).toMatchObject({ status: 201 })
      for (const title of ['In bulk', 'Changed in bulk', 'Imported']) expect(await found(title), title).toMatchObject(priced)
      expect(await found('Asked')).toMatchObject({ net: 100, band: 'low' })
      const [kept, other] = [await made({ title: 'Kept' }), await made({ title: 'Merged', amount: 100 })]
      expect(await boss.post(`${quotes}/merge`, { survivor: kept, others: [other], values: { amount: other } })).toMatchObject({ status: 200 })
      expect(await quote(kept)).toMatchObject({ net: 100, band: 'low' })
      expect(await boss.post('/api/workflows/reprice/runs', { record: { entity: 'quote', id: kept } })).toMatchObject({ status: 202 })
      await expect.poll(async () => (await quote(kept))['net'], { timeout: 60_000, interval: 20 }).toBe(200)
    })

    test('what they set is checked like all that is sent, and refuses at its field, or at the record where that is hidden', async () => {
      const high = { title: 'Small', amount: 10, discount: 30 }
      expect(await agent.post(quotes, high)).toMatchObject({ status: 422, body: { code: 'record.invalid', problems: [{ path: '/discount', code: 'value.rule' }] } })
      const dear = { title: 'Dear', amount: 20_000 }
      expect(await boss.post(`${quotes}/bulk`, { create: [dear] })).toMatchObject({ status: 422, body: { problems: [{ path: '/create/0/margin', code: 'value.maximum' }] } })
      const hidden = await agent.post(quotes, dear)
      expect(hidden).toMatchObject({ status: 422, body: { problems: [{ path: '', code: 'value.ruleSets' }] } })
      expect(hidden.text).not.toMatch(/margin|5,?000/i)
    })

    describe('fill what is required, and refer to records', () => {
      const visits = '/api/records/visit'
      const assigned = async (values: JsonObject = {}): Promise<number> => ticket({ assignee: me, ...values })
      const required = (...keys: readonly string[]): JsonObject => ({ status: 422, body: { code: 'record.invalid', problems: keys.map((key) => ({ path: `/${key}`, code: 'value.required' })) } })

      test('a required field need not be sent when a rule fills it; one that stays empty is refused at its place', async () => {
        const of = await assigned()
        const answer = await agent.post(visits, { ticket: of, reason: 'A call' })
        expect(answer).toMatchObject({ status: 201, body: { code: 'visit', handler: me, reason: 'A call', knows: null } })
        expect(await agent.post(visits, { handler: me, urgent: true })).toMatchObject({ status: 201, body: { reason: 'urgent' } })
        expect(await agent.post(visits, { reason: 'A call' })).toMatchObject(required('handler'))
        expect(await agent.post(visits, {})).toMatchObject(required('handler', 'reason'))
        const one = `${visits}/${String(idOf(answer))}`
        expect(await agent.patch(one, { handler: null }), 'filled again').toMatchObject({ status: 200, body: { handler: me } })
        expect(await agent.patch(one, { ticket: null, handler: null })).toMatchObject(required('handler'))
        expect(await agent.patch(one, { code: null }), 'only in a new record').toMatchObject(required('code'))
        expect(await agent.patch(one, { reason: null })).toMatchObject(required('reason'))
      })

      test('so say the import, the API and the form', async () => {
        const of = await assigned()
        expect(await over(agent, await sent(agent, `ticket,reason,urgent\n${String(of)},By file,\n${String(of)},,true\n,Nobody,\n`, { entity: 'visit', start: 'true' }))).toMatchObject({ result: { created: 2, rejected: 1 } })
        const { components } = (await agent.get('/api/openapi.json')).body as { components: { schemas: Readonly<Record<string, { required?: readonly string[] }>> } }
        expect(components.schemas['record.visit.create']?.required).toEqual(['reason'])
        const { entities } = (await agent.get('/api/model')).body as { entities: Readonly<Record<string, { schema: JsonObject; fields: readonly { key: string; filled?: true }[] }>> }
        expect(entities['visit']).toMatchObject({ schema: { required: ['reason'] } })
        expect(entities['visit']?.fields.filter(({ filled }) => filled === true).map(({ key }) => key)).toEqual(['code', 'handler'])
        expect((await agent.post(`${visits}/rules`, { values: { ticket: of } })).body).toEqual({ set: { handler: me, code: 'visit' } })
      })

      test('references are taken over two records, also where one rule builds on another, for many at once', async () => {
        const of = await assigned()
        const first = idOf(await boss.post(visits, { ticket: of, reason: 'First' }))
        expect(await boss.post(visits, { handler: me, reason: 'Second', earlier: first })).toMatchObject({ status: 201, body: { knows: me } })
        expect(await boss.post(`${visits}/bulk`, { create: [{ ticket: of, reason: 'a', earlier: first }, { ticket: of, reason: 'b' }] })).toMatchObject({ status: 200 })
        expect((await boss.get(`${visits}?filter=${encodeURIComponent(JSON.stringify({ reason: { $in: ['a', 'b'] } }))}&sort=reason`)).body).toMatchObject({ records: [{ handler: me, knows: me }, { handler: me, knows: null }] })
        expect((await boss.get(`${visits}/${String(first)}/history`)).status).toBe(403)
      })

      test('A-022 with the rights of who writes: what they may not read is not told by way of a rule, and they link to nothing that is not theirs', async () => {
        const of = await assigned()
        const other = await assigned({ desk: 'b' })
        expect(await agent.post(visits, { ticket: other, reason: 'Not mine' })).toMatchObject({ status: 422, body: { problems: [{ path: '/ticket', code: 'reference.unavailable' }] } })
        const porter = await app.as(['porter'])
        expect(await porter.post(visits, { ticket: of, reason: 'Whose?' })).toMatchObject({ status: 422, body: { problems: [{ path: '/handler', code: 'value.ruleSets' }] } })
        expect((await porter.post(`${visits}/rules`, { values: { ticket: of } })).body).toEqual({ set: { code: 'visit' } })
        expect(await (await app.as(['stranger'])).post(visits, { ticket: of, reason: 'Whose?' })).toMatchObject({ status: 422, body: { problems: [{ path: '/handler', code: 'reference.unavailable' }] } })
      })
    })

    test('a form is told what they would set, by the rules of which the caller sees every field', async () => {
      const typed = { values: { title: 'Typed', amount: 100, discount: 25 } }
      const told = (await agent.post(`${quotes}/rules`, typed)).body as { set: JsonObject }
      expect(told.set).toMatchObject({ net: 75, band: 'high' })
      expect(told.set).not.toHaveProperty('margin')
      expect((await boss.post(`${quotes}/rules`, typed)).body).toMatchObject({ set: { margin: 37.5 } })
      const id = await made({ title: 'Stored', amount: 100 })
      expect((await agent.post(`${quotes}/rules`, { id, values: { discount: 50 } })).body).toEqual({ set: { net: 50, band: 'high', pricedAt: expect.any(String) } })
      expect((await agent.post(`${quotes}/rules`, { id, values: { discount: 'half' } })).body).toEqual({ set: {} })
      expect(await agent.post(`${quotes}/rules`, { values: { margin: 1 } })).toMatchObject({ status: 400, body: { code: 'field.unknown' } })
      expect(await agent.post(`${quotes}/rules`, { id: 999_999, values: {} })).toMatchObject({ status: 404, body: { code: 'record.unavailable' } })
      const { entities } = (await agent.get('/api/model')).body as { entities: Readonly<Record<string, { ruled?: readonly string[] }>> }
      expect(entities['quote']?.ruled).toEqual(['validUntil', 'title', 'net', 'pricedAt', 'band'])
      expect(entities['ticket']).not.toHaveProperty('ruled')
    })
  })
})
