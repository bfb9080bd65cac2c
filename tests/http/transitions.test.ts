/** What definitions ask of every writer: states change by transitions only, and rules set fields before a record is saved. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { markLate } from '../../engine/operations/notifications/limits.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { client, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { over, sent } from '../support/imports.js'
import { stateHash } from '../support/state-hash.js'

const path = '/api/records/ticket'
const idOf = (answer: Answer): number => (answer.body as { id: number }).id

describe.each(databaseKinds)('transitions on %s', (database) => {
  let app: App
  let agent: Client
  let boss: Client
  let me: number

  beforeAll(async () => {
    app = await startApp({ database, layers: ['metadata/core', 'tests/packs/lifecycle'] })
    agent = await app.as(['agent'], { desk: 'a' })
    boss = await app.as(['boss'], { desk: 'a' })
    me = idOf(await agent.get('/api/session'))
  })
  afterAll(() => app.close())

  const ticket = async (values: JsonObject = {}, who: Client = boss): Promise<number> => {
    const made = await who.post(path, { subject: 'A ticket', desk: 'a', ...values })
    if (made.status !== 201) throw new Error(made.text)
    return idOf(made)
  }
  const transit = (who: Client, id: number, name: string, body?: Json, headers: Readonly<Record<string, string>> = {}): Promise<Answer> => who.post(`${path}/${String(id)}/transitions/${name}`, body, headers)
  const read = async (id: number): Promise<JsonObject> => (await boss.get(`${path}/${String(id)}`)).body as JsonObject
  const byHand = { body: { code: 'field.lifecycle', problems: [{ path: '/status', code: 'field.lifecycle' }] } }

  describe('a new record', () => {
    test('begins in the initial state, with what that sets', async () => {
      expect(await agent.post(path, { subject: 'New', desk: 'a' })).toMatchObject({ status: 201, body: { status: 'new', due: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) } })
      expect(await agent.post(path, { subject: 'New', desk: 'a', status: 'new', due: '2020-01-01' })).toMatchObject({ status: 201, body: { status: 'new', due: '2020-01-01' } })
    })

    test('A-048 begins nowhere else, by no door, but for a role that may begin anywhere', async () => {
      expect(await agent.post(path, { subject: 'Old', desk: 'a', status: 'closed' })).toMatchObject({ status: 400, ...byHand })
      expect(await agent.post(`${path}/bulk`, { create: [{ subject: 'Old', desk: 'a', status: 'solved' }] })).toMatchObject({ status: 400, body: { problems: [{ path: '/create/0/status' }] } })
      expect(await agent.post(`${path}/bulk`, { key: 'code', upsert: [{ code: 'old', subject: 'Old', desk: 'a', status: 'solved' }] })).toMatchObject({ status: 400, body: { problems: [{ path: '/upsert/0/status' }] } })
      expect(await boss.post(path, { subject: 'Old', desk: 'a', status: 'closed' })).toMatchObject({ status: 201, body: { status: 'closed' } })
    })
  })

  describe('A-048 what stands in a record changes by transitions only', () => {
    test('a change says where it is refused; the same state is no change', async () => {
      const id = await ticket({ code: 'stays' })
      expect(await boss.patch(`${path}/${String(id)}`, { status: 'open' })).toMatchObject({ status: 400, ...byHand })
      expect(await boss.post(`${path}/bulk`, { update: [{ id, status: 'open' }] })).toMatchObject({ status: 400, body: { code: 'field.lifecycle', problems: [{ path: '/update/0/status' }] } })
      expect(await boss.post(`${path}/bulk`, { where: { id }, set: { status: 'open' } })).toMatchObject({ status: 400, body: { problems: [{ path: '/set/status' }] } })
      expect(await boss.post(`${path}/bulk`, { key: 'code', upsert: [{ code: 'stays', status: 'open' }] })).toMatchObject({ status: 400, body: { problems: [{ path: '/upsert/0/status' }] } })
      expect(await boss.patch(`${path}/${String(id)}`, { status: null })).toMatchObject({ status: 422 })
      expect(await boss.patch(`${path}/${String(id)}`, { status: 'new', subject: 'Renamed' })).toMatchObject({ status: 200, body: { status: 'new', subject: 'Renamed', version: 2 } })
    })

    test('an import sets rows aside that begin or go elsewhere, and imports old records for who may', async () => {
      await ticket({ code: 'known' })
      const file = 'code,subject,desk,status\nknown,Again,a,closed\nolder,Older,a,closed\nfresh,Fresh,a,\n'
      const run = async (who: Client, content: string): Promise<JsonObject> => over(who, await sent(who, content, { entity: 'ticket', start: 'true', settings: { mode: 'upsert', key: 'code' } }))
      expect(await run(agent, file)).toMatchObject({ result: { created: 1, updated: 0, rejected: 2 } })
      expect(await run(agent, 'code,subject,desk\nplain,Plain,a\n')).toMatchObject({ result: { created: 1, rejected: 0 } })
      expect(await run(boss, file.replace('fresh', 'fresher'))).toMatchObject({ result: { created: 2, rejected: 1 } })
    })

    test('a merge takes the state of no other record', async () => {
      const survivor = await ticket()
      const other = await ticket({ status: 'closed' })
      expect(await boss.post(`${path}/merge`, { survivor, others: [other], values: { status: other } })).toMatchObject({ status: 400, body: { code: 'field.lifecycle' } })
      expect(await boss.post(`${path}/merge`, { survivor, others: [other], values: { subject: other } })).toMatchObject({ status: 200, body: { record: { status: 'new' } } })
    })
  })

  describe('a transition', () => {
    test('moves the record on, sets what it says, and is told in history and to who listens', async () => {
      const id = await ticket()
      const opened = await transit(agent, id, 'assign', { assignee: me })
      expect(opened).toMatchObject({ status: 200, body: { status: 'open', assignee: me, version: 2 } })
      expect(opened.headers.get('etag')).toBe('"2"')
      expect(await transit(agent, id, 'resolve', { answer: 'Done.' })).toMatchObject({ status: 200, body: { status: 'solved', answer: 'Done.', solvedBy: me, solvedAt: expect.any(String), version: 3 } })
      expect(await transit(agent, id, 'reopen')).toMatchObject({ status: 200, body: { status: 'open', solvedBy: null, solvedAt: null, version: 4 } })
      const { entries } = (await agent.get(`${path}/${String(id)}/history`)).body as { entries: readonly JsonObject[] }
      expect(entries).toMatchObject([
        { action: 'transitioned', transition: 'reopen', changes: { status: ['solved', 'open'] } },
        { action: 'transitioned', transition: 'resolve', by: me, changes: { status: ['open', 'solved'], answer: [null, 'Done.'] } },
        { action: 'transitioned', transition: 'assign', changes: { status: ['new', 'open'], assignee: [null, me] } },
        { action: 'created', transition: null },
      ])
      const rows = await app.engine.database.read.all('SELECT action, changes FROM tessera_change WHERE record_id = ? AND version = 3', [id])
      expect(rows).toMatchObject([{ action: 'transitioned', changes: expect.stringContaining('resolve') }])
    })

    test('into the same state is one, too', async () => {
      const id = await ticket({ status: 'open', answer: 'Known.' })
      expect(await transit(agent, id, 'note')).toMatchObject({ status: 200, body: { status: 'open', version: 2 } })
      expect((await agent.get(`${path}/${String(id)}/history`)).body).toMatchObject({ entries: [{ action: 'transitioned', transition: 'note', changes: {} }, {}] })
    })

    test('needs its fields, and says which', async () => {
      const id = await ticket()
      expect(await transit(agent, id, 'assign')).toMatchObject({ status: 422, body: { code: 'record.invalid', problems: [{ path: '/assignee', code: 'value.required' }] } })
      expect(await transit(agent, id, 'assign', { assignee: null })).toMatchObject({ status: 422, body: { problems: [{ path: '/assignee' }] } })
      expect(await transit(agent, id, 'assign', { assignee: 999_999 })).toMatchObject({ status: 422, body: { problems: [{ path: '/assignee', code: 'reference.unavailable' }] } })
      await boss.patch(`${path}/${String(id)}`, { assignee: me })
      expect(await transit(agent, id, 'assign')).toMatchObject({ status: 200, body: { status: 'open' } })
    })

    test('is refused where its guard does not hold on what was given, and changes nothing', async () => {
      const id = await ticket({ status: 'open', priority: 'low' })
      const before = await stateHash(app.engine.database)
      expect(await transit(agent, id, 'resolve', { answer: 'Done.' })).toMatchObject({ status: 422, body: { code: 'transition.refused', problems: [{ path: '/priority', code: 'transition.guard', message: 'Nobody solves this so.' }] } })
      expect(await transit(agent, id, 'resolve', { answer: 'no' })).toMatchObject({ status: 422, body: { problems: [{ path: '/priority' }, { path: '/answer' }] } })
      expect(await stateHash(app.engine.database)).toBe(before)
    })

    test.each([
      ['A-044 an id', { id: 7 }], ['A-044 an owner', { owner: 1 }], ['A-044 a version', { version: 9 }], ['A-044 the state itself', { status: 'closed' }],
      ['A-047 another field', { subject: 'x' }], ['A-047 an unknown key', { nothing: 1 }],
    ])('%s is no value of it', async (_name, extra) => {
      const id = await ticket({ status: 'open' })
      expect(await transit(boss, id, 'resolve', { answer: 'Done.', ...extra })).toMatchObject({ status: 400, body: { code: 'field.unknown' } })
      expect(await read(id)).toMatchObject({ status: 'open', version: 1 })
    })

    test('of another state is told so', async () => {
      const id = await ticket()
      expect(await transit(agent, id, 'resume')).toMatchObject({ status: 409, body: { code: 'transition.state', problems: [{ path: '/status' }] } })
    })
  })

  describe('at the same time', () => {
    test('A-160 an old version is answered with what is there now, and moves nothing', async () => {
      const id = await ticket({ status: 'open' })
      await boss.patch(`${path}/${String(id)}`, { subject: 'Theirs' })
      expect(await transit(agent, id, 'wait', {}, { 'if-match': '"1"' })).toMatchObject({ status: 412, body: { code: 'record.stale', version: 2, theirs: { subject: 'Theirs' } } })
      expect(await read(id)).toMatchObject({ status: 'open', version: 2 })
      expect(await transit(agent, id, 'wait', {}, { 'if-match': '"2"' })).toMatchObject({ status: 200 })
    })

    test('of several only one leads away from a state', async () => {
      const id = await ticket({ status: 'open' })
      const answers = await Promise.all([1, 2, 3, 4, 5].map(() => transit(agent, id, 'wait')))
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409, 409])
      expect(await read(id)).toMatchObject({ status: 'waiting', version: 2 })
    })

    test('an idempotency key moves once, and tells the first answer again', async () => {
      const id = await ticket({ status: 'open' })
      const first = await transit(agent, id, 'wait', {}, { 'idempotency-key': `wait-${String(id)}` })
      expect(await transit(agent, id, 'wait', {}, { 'idempotency-key': `wait-${String(id)}` })).toMatchObject({ status: 200, body: first.body })
      expect(await transit(agent, id, 'resume', {}, { 'idempotency-key': `wait-${String(id)}` })).toMatchObject({ status: 422, body: { code: 'idempotency.mismatch' } })
      expect(await read(id)).toMatchObject({ version: 2 })
    })
  })

  describe('rights', () => {
    test('A-022 A-032 a record outside the row rule is as one that is not there, and nothing happens', async () => {
      const id = await ticket({ desk: 'b', status: 'open' })
      const before = await stateHash(app.engine.database)
      const [hidden, none] = [await transit(agent, id, 'wait'), await transit(agent, 999_999, 'wait')]
      expect(hidden).toMatchObject({ status: 404, body: { code: 'record.unavailable' } })
      expect({ ...(hidden.body as JsonObject), requestId: '' }).toEqual({ ...(none.body as JsonObject), requestId: '' })
      expect(await agent.get(`${path}/${String(id)}/transitions`)).toMatchObject({ status: 404, body: { code: 'record.unavailable' } })
      expect(await agent.post(`${path}/bulk`, { transition: 'wait', update: [{ id }] })).toMatchObject({ status: 404, body: { code: 'record.unavailable' } })
      expect(await stateHash(app.engine.database)).toBe(before)
    })

    test('A-040 a transition of other roles, one of a hidden state and one that is not there look the same', async () => {
      const id = await ticket()
      const before = await stateHash(app.engine.database)
      const unknown = await transit(agent, id, 'vanish')
      expect(unknown).toMatchObject({ status: 404, body: { code: 'transition.unavailable' } })
      const [blind, helper] = [await app.as(['blind']), await app.as(['helper'])]
      const told = await stateHash(app.engine.database)
      for (const answer of [await transit(agent, id, 'close'), await transit(blind, id, 'assign'), await transit(helper, id, 'assign'), await agent.get(`${path}/${String(id)}/explain?action=transition:close`)]) {
        expect({ ...(answer.body as JsonObject), requestId: '' }).toEqual({ ...(unknown.body as JsonObject), requestId: '' })
      }
      expect(await stateHash(app.engine.database)).toBe(told)
      expect(before).not.toBe('')
      expect(await transit(boss, id, 'close')).toMatchObject({ status: 200, body: { status: 'closed' } })
    })

    test('A-027 a value is asked for that may not be given: refused, never left out', async () => {
      const id = await ticket({ status: 'open' })
      expect(await transit(agent, id, 'seal', { secret: 'x' })).toMatchObject({ status: 400, body: { code: 'field.unknown' } })
      expect(await transit(agent, id, 'seal')).toMatchObject({ status: 422, body: { problems: [{ path: '', code: 'value.required' }] } })
      expect(JSON.stringify((await agent.get(`${path}/${String(id)}/transitions`)).body)).not.toContain('secret')
    })

    test('who does not see the state is told of no transition in history', async () => {
      const id = await ticket({ status: 'open' })
      await transit(agent, id, 'wait')
      const blind = await app.as(['blind'])
      const { body } = await blind.get(`${path}/${String(id)}/history`)
      expect(body).toMatchObject({ entries: [{ action: 'updated', transition: null, changes: {} }, { action: 'created' }] })
      expect((await blind.get(`${path}/${String(id)}/transitions`)).body).toEqual({ state: null, transitions: [] })
    })
  })

  describe('many at once', () => {
    test('all move, or none with what is wrong with each', async () => {
      const [one, two] = [await ticket({ status: 'open' }), await ticket({ status: 'open', priority: 'low' })]
      const rows = [{ id: one, version: 1, answer: 'Done.' }, { id: two, answer: 'Done.' }, { id: await ticket() }]
      expect(await agent.post(`${path}/bulk`, { transition: 'resolve', update: rows })).toMatchObject({ status: 422, body: { problems: [{ path: '/update/1/priority', code: 'transition.guard' }, { path: '/update/2/status', code: 'transition.state' }] } })
      expect(await read(one)).toMatchObject({ status: 'open' })
      expect(await agent.post(`${path}/bulk?dryRun=true`, { transition: 'wait', update: [{ id: one }, { id: two }] })).toMatchObject({ status: 200, body: { updated: 2, dryRun: true } })
      expect(await agent.post(`${path}/bulk`, { transition: 'wait', update: [{ id: one, version: 1 }, { id: two }] })).toMatchObject({ status: 200, body: { updated: 2 } })
      expect([await read(one), await read(two)]).toMatchObject([{ status: 'waiting' }, { status: 'waiting' }])
      expect(await agent.post(`${path}/bulk`, { transition: 'close', update: [{ id: one }] })).toMatchObject({ status: 404, body: { code: 'transition.unavailable' } })
    })
  })

  describe('a time limit', () => {
    const late = (at: number): Promise<number> => markLate(app.engine, new Date(Date.now() + at * 3_600_000))
    const reminders = async (id: number): Promise<number> => ((await agent.get('/api/notifications')).body as { items: readonly { kind: string; record: number | null }[] }).items.filter((one) => one.kind === 'reminder' && one.record === id).length

    test('runs in the hours of its calendar; who misses it is marked once, and its people are told', async () => {
      const id = await ticket({ assignee: me })
      const { until, createdAt } = (await read(id)) as { until: string; createdAt: string }
      expect(Date.parse(until) - Date.parse(createdAt)).toBe(4 * 3_600_000)
      await late(3)
      expect(await read(id)).toMatchObject({ late: false, version: 1 })
      expect(await late(5)).toBeGreaterThan(0)
      expect(await read(id)).toMatchObject({ late: true, version: 2, until, updatedBy: null })
      expect(await late(5)).toBe(0)
      expect(await reminders(id)).toBe(1)
      expect((await agent.get(`${path}/${String(id)}/history`)).body).toMatchObject({ entries: [{ action: 'updated', by: null, changes: { late: [false, true] } }, { action: 'created' }] })
    })

    test('ends with its state, and begins with the next one that has one', async () => {
      const id = await ticket({ assignee: me })
      expect(await transit(agent, id, 'assign')).toMatchObject({ status: 200, body: { until: null, late: false } })
      await late(9)
      expect(await read(id)).toMatchObject({ late: false, version: 2 })
      const { until, solvedAt } = (await transit(agent, id, 'resolve', { answer: 'Done.' })).body as { until: string; solvedAt: string }
      expect(Date.parse(until) - Date.parse(solvedAt)).toBe(3_600_000)
    })
  })

  describe('what is told of them', () => {
    test('a record says what may be done with it now', async () => {
      const id = await ticket({ status: 'open', priority: 'low' })
      expect((await agent.get(`${path}/${String(id)}/transitions`)).body).toEqual({
        state: 'open',
        transitions: [
          { name: 'resolve', allowed: false, missing: ['answer'], reason: 'guard' },
          { name: 'wait', allowed: true, missing: [], reason: null },
          { name: 'note', allowed: true, missing: ['answer'], reason: null },
          { name: 'seal', allowed: true, missing: [], reason: null },
        ],
      })
    })

    test('explain says why not', async () => {
      const id = await ticket({ status: 'open', priority: 'low' })
      const about = (name: string, user = ''): Promise<Answer> => app.admin.get(`${path}/${String(id)}/explain?action=transition:${name}${user}`)
      expect(await about('resolve', `&user=${String(me)}`)).toMatchObject({ body: { allowed: false, transition: { state: 'open', leadsAway: true, holdsRole: true, missing: ['answer'], guard: { holds: false, where: { priority: { $ne: 'low' } }, message: 'Nobody solves this so.' } } } })
      expect(await about('close', `&user=${String(me)}`)).toMatchObject({ body: { allowed: false, transition: { leadsAway: false, roles: ['boss'], holdsRole: false } } })
      expect(await about('wait', `&user=${String(me)}`)).toMatchObject({ body: { allowed: true, transition: { guard: { holds: true, where: null } } } })
      expect(await about('vanish')).toMatchObject({ status: 404, body: { code: 'transition.unavailable' } })
    })

    test('the model and the API description have the transitions of the caller', async () => {
      const { entities } = (await agent.get('/api/model')).body as { entities: Record<string, { fields: readonly JsonObject[]; lifecycle: JsonObject }> }
      expect(entities['ticket']?.lifecycle).toMatchObject({ field: 'status', initial: 'new', final: ['closed'], transitions: expect.arrayContaining([{ name: 'resolve', title: 'Mark as solved', from: 'open', target: 'solved', require: ['answer'], message: 'Nobody solves this so.' }, { name: 'wait', title: 'Waiting', from: 'open', target: 'waiting', require: [] }]) })
      expect(JSON.stringify(entities['ticket']?.lifecycle)).not.toMatch(/secret|close"/)
      expect(entities['ticket']?.fields.find(({ key }) => key === 'status')).toMatchObject({ createable: false, updateable: false, default: 'new' })
      const api = (await agent.get('/api/openapi.json')).body as { paths: Record<string, { post?: { parameters: readonly JsonObject[] } }> }
      expect(api.paths[`${path}/{id}/transitions/{name}`]?.post?.parameters[1]).toMatchObject({ schema: { enum: ['assign', 'resolve', 'wait', 'note', 'seal', 'resume', 'reopen'] } })
      const blind = await app.as(['blind'])
      expect((await blind.get('/api/openapi.json')).text).not.toContain('transitions')
    })
  })

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
