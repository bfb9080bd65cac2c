/** States change by transitions only, whoever writes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { markLate } from '../../engine/operations/notifications/limits.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import type { App } from '../support/app.js'
import type { Answer, Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { over, sent } from '../support/imports.js'
import { stateHash } from '../support/state-hash.js'
import { helpDesk, newTicket, tickets as path, transit } from '../support/tickets.js'

describe.each(databaseKinds)('transitions on %s', (database) => {
  let app: App
  let agent: Client
  let boss: Client
  let me: number

  beforeAll(async () => void ({ app, agent, boss, me } = await helpDesk(database)))
  afterAll(() => app.close())

  const ticket = (values: JsonObject = {}, who: Client = boss): Promise<number> => newTicket(who, values)
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
})
