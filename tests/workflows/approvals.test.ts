/** Approvals through the front door, on both databases. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { endLate } from '../../engine/operations/approvals/decide.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import type { Answer, Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

interface Person {
  readonly id: number
  readonly name: string
  readonly client: Client
}

const step = (given: JsonObject): JsonObject => ({ title: 'A discount of more than 20 %', entity: 'store', id: '${ workflow.input.id }', users: '${ workflow.input.users }', ...given })
const workflow = (name: string, given: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  document: { dsl: '1.0.3', namespace: 'test', name, version: '1.0.0', metadata: { role: 'admin', start: ['manager'], ...metadata } }, evaluate: { language: 'cel' }, do: [{ ask: { call: 'crm.approve', with: step(given) } }],
})

const definitions: Readonly<Record<string, JsonObject>> = {
  one: workflow('one', { exceptAsker: true, comment: 'refusal' }),
  all: workflow('all', { need: 'all', title: { en: 'All of you', zh: '全体' } }),
  share: workflow('share', { need: 'share', share: 60 }),
  order: workflow('order', { need: 'all', inOrder: true }),
  late: workflow('late', { within: 'P2D', late: 'escalate', escalateTo: '${ workflow.input.others }' }),
  office: workflow('office', { within: 'PT8H', calendar: 'service' }),
  role: workflow('role', { role: 'agent', users: null }),
  manager: workflow('manager', { users: null, managerOf: '${ workflow.input.of }' }),
  form: workflow('form', { form: { type: 'object', required: ['percent'], properties: { percent: { type: 'integer', title: 'Percent', minimum: 1, maximum: 30 }, who: { title: 'Store', crm: { type: 'reference', to: 'store' } } } } }),
  hurried: { ...workflow('hurried', {}), do: [{ tried: { try: [{ ask: { call: 'crm.approve', with: step({}), timeout: { after: 'PT1S' } } }], catch: { do: [{ gaveUp: { set: { gaveUp: true } } }] } } }] },
}

const buttons: Readonly<Record<string, JsonObject>> = {
  visit: {
    document: { dsl: '1.0.3', namespace: 'test', name: 'visit', version: '1.0.0', title: 'Plan a visit', metadata: { role: 'admin', start: ['manager'], entity: 'store', form: { type: 'object', required: ['reason'], properties: { reason: { type: 'string', title: 'Reason', maxLength: 20 }, guests: { type: 'integer', title: 'Guests', default: 2 } } } } },
    evaluate: { language: 'cel' }, do: [{ tell: { set: { said: '${ workflow.input.record.name + ": " + workflow.input.reason + " " + string(workflow.input.guests) }' } } }],
  },
}

const wrong: readonly (readonly [JsonObject, string])[] = [
  [{ users: undefined as unknown as Json }, '/with'],
  [{ role: 'nobody' }, '/with/role'],
  [{ within: 'soon' }, '/with/within'],
  [{ calendar: 'nights' }, '/with/calendar'],
  [{ need: 'most' }, '/with/need'],
  [{ late: 'approve' }, '/with/late'],
  [{ within: 'P1D', late: 'escalate' }, '/with/late'],
  [{ form: { type: 'object', properties: { ok: { crm: { type: 'nothing' } } } } }, '/with/form/properties/ok/crm/type'],
]

describe.each(databaseKinds)('approvals on %s', (database) => {
  let app: App
  let [ann, ben, cid, kim]: Person[] = []
  let store: number

  beforeAll(async () => {
    app = await startApp({ database })
    const operations = Object.entries({ ...definitions, ...buttons }).map(([name, value]) => ({ op: 'add', path: `/workflows~1${name}.json`, value }))
    const calendar = { op: 'add', path: '/calendars~1service.json', value: { title: 'Service', hours: { mon: [{ from: '09:00', to: '17:00' }] } } }
    expect(await app.admin.patch('/api/definitions/draft', [...operations, calendar])).toMatchObject({ status: 200 })
    expect(await app.admin.post('/api/definitions/publish', {})).toMatchObject({ status: 201 })
    // The first look after a start says from where on changes count.
    await until(async () => ((await app.engine.database.read.all("SELECT 1 AS found FROM tessera_meta WHERE name = 'workflows position' AND value <> ''", [])).length > 0 ? true : undefined))
    store = ((await app.admin.post('/api/records/store', { number: '9001', name: 'Harbour' })).body as { id: number }).id
    const people = await Promise.all([['manager'], ['manager'], ['manager'], ['clerk']].map(async (roles): Promise<Person> => {
      const client = await app.as(roles)
      const { id, name } = (await client.get('/api/session')).body as { id: number; name: string }
      return { id, name, client }
    }))
    ;[ann, ben, cid, kim] = people
  })
  afterAll(() => app.close())

  const someone = (person: Person | undefined): Person => {
    if (person === undefined) throw new Error('nobody was made')
    return person
  }
  async function until<T>(found: () => Promise<T | undefined>): Promise<T> {
    const late = Date.now() + 30_000
    for (;;) {
      const one = await found()
      if (one !== undefined) return one
      if (Date.now() > late) throw new Error('it did not come to this')
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }
  const start = async (name: string, input: JsonObject, by: Client = app.admin): Promise<string> => {
    const answer = await by.post(`/api/workflows/${name}/runs`, { input, record: { entity: 'store', id: store } })
    expect(answer, answer.text).toMatchObject({ status: 202 })
    return (answer.body as { id: string }).id
  }
  const runOf = async (id: string): Promise<JsonObject> => (await app.admin.get(`/api/workflows/runs/${id}`)).body as JsonObject
  const ended = (id: string): Promise<JsonObject> => until(async () => {
    const run = await runOf(id)
    return run['endedAt'] === null ? undefined : run
  })
  const listed = async (person: Person, query = ''): Promise<readonly JsonObject[]> => ((await person.client.get(`/api/approvals${query}`)).body as { approvals: readonly JsonObject[] }).approvals
  /** The newest that waits for somebody, once they are asked. */
  const asked = (person: Person, before = 0): Promise<number> => until(async () => (await listed(person)).flatMap(({ id, mine }) => (mine === true && Number(id) > before ? [Number(id)] : []))[0])
  const vote = (person: Person, id: number, body: JsonObject): Promise<Answer> => person.client.post(`/api/approvals/${String(id)}/vote`, body)

  test('whoever is asked decides; who asks does not, and who is not asked neither sees nor decides it', async () => {
    const [a, b, c, k] = [ann, ben, cid, kim].map(someone) as [Person, Person, Person, Person]
    const run = await start('one', { users: [a.id, b.id] }, a.client)
    const id = await asked(b)
    expect(await runOf(run)).toMatchObject({ status: 'waiting', steps: [{ status: 'waiting' }] })
    expect((await listed(b))[0]).toMatchObject({ title: 'A discount of more than 20 %', entity: 'store', record: store, recordTitle: 'Harbour', asker: { id: a.id, name: a.name }, mine: true, votes: [{ user: { id: b.id }, state: 'asked' }] })
    expect((await b.client.get('/api/notifications')).body).toMatchObject({ items: [{ kind: 'approval', text: 'A discount of more than 20 %', entity: 'store', record: store, by: { id: a.id } }] })
    // Who asks sees how it stands and does not decide; others hear nothing.
    expect(await listed(a)).toMatchObject([{ id, mine: false }])
    for (const person of [a, c, k]) expect(await vote(person, id, { decision: 'approve' })).toMatchObject({ status: 404, body: { code: 'approval.unavailable' } })
    for (const person of [c, k]) expect(await person.client.get(`/api/approvals/${String(id)}`)).toMatchObject({ status: 404, body: { code: 'approval.unavailable' } })
    // Saying no needs a reason; said once more it changes nothing, said otherwise it is too late.
    expect(await vote(b, id, { decision: 'reject', comment: ' ' })).toMatchObject({ status: 422, body: { problems: [{ path: '/comment' }] } })
    expect(await vote(b, id, { decision: 'reject', comment: 'Too much.' })).toMatchObject({ status: 200, body: { state: 'rejected', mine: false } })
    expect(await vote(b, id, { decision: 'reject', comment: 'Too much.' })).toMatchObject({ status: 200, body: { state: 'rejected' } })
    expect(await vote(b, id, { decision: 'approve' })).toMatchObject({ status: 409, body: { code: 'approval.closed' } })
    expect(await ended(run)).toMatchObject({ status: 'completed', output: { decision: 'rejected', approved: false, late: false, by: b.id, comment: 'Too much.', votes: [{ user: b.id, by: b.id }] } })
    expect(await listed(b)).toEqual([])
    expect(await listed(b, `?state=all&record=store/${String(store)}`)).toMatchObject([{ id, state: 'rejected' }])
  })

  test('all, a share, one after the other', async () => {
    const [a, b, c] = [ann, ben, cid].map(someone) as [Person, Person, Person]
    const users = [a.id, b.id, c.id]
    const all = await start('all', { users })
    let id = await asked(a)
    expect((await a.client.get(`/api/approvals/${String(id)}?locale=zh`)).body).toMatchObject({ title: '全体' })
    expect(await vote(a, id, { decision: 'approve' })).toMatchObject({ body: { state: 'open', mine: false } })
    expect(await vote(b, id, { decision: 'reject' })).toMatchObject({ body: { state: 'rejected' } })
    expect(await vote(c, id, { decision: 'approve' })).toMatchObject({ status: 409 })
    expect(await ended(all)).toMatchObject({ output: { approved: false } })

    const share = await start('share', { users })
    id = await asked(a, id)
    await vote(a, id, { decision: 'reject' })
    await vote(b, id, { decision: 'approve' })
    expect(await vote(c, id, { decision: 'approve' })).toMatchObject({ body: { state: 'approved' } })
    expect(await ended(share)).toMatchObject({ output: { approved: true, votes: [{ decision: 'rejected' }, { decision: 'approved' }, { decision: 'approved' }] } })

    const order = await start('order', { users })
    id = await asked(a, id)
    expect(await listed(b)).toEqual([])
    expect(await vote(b, id, { decision: 'approve' })).toMatchObject({ status: 404 })
    await vote(a, id, { decision: 'approve' })
    expect(await asked(b)).toBe(id)
    await vote(b, id, { decision: 'approve' })
    await vote(c, id, { decision: 'approve' })
    expect(await ended(order)).toMatchObject({ output: { approved: true, by: c.id } })
  })

  test('votes at once decide once', async () => {
    const [a, b, c] = [ann, ben, cid].map(someone) as [Person, Person, Person]
    const run = await start('one', { users: [a.id, b.id, c.id] })
    const id = await asked(a)
    const answers = await Promise.all([vote(a, id, { decision: 'approve' }), vote(b, id, { decision: 'reject', comment: 'no' }), vote(c, id, { decision: 'approve' }), vote(a, id, { decision: 'approve' })])
    const done = await ended(run)
    const { votes, approved } = done['output'] as { votes: readonly JsonObject[]; approved: boolean }
    expect(votes).toHaveLength(1)
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([])
    expect(approved).toBe(votes[0]?.['decision'] === 'approved')
  })

  test('when the time is up others are asked, and then it is refused', async () => {
    const [a, b, c] = [ann, ben, cid].map(someone) as [Person, Person, Person]
    const run = await start('late', { users: [a.id], others: [b.id] })
    const id = await asked(a)
    const days = (count: number): Date => new Date(Date.now() + count * 86_400_000)
    await endLate(app.engine, days(1))
    expect(await listed(b)).toEqual([])
    await endLate(app.engine, days(3))
    expect(await asked(b)).toBe(id)
    expect(await vote(a, id, { decision: 'approve' })).toMatchObject({ status: 409 })
    await endLate(app.engine, days(6))
    expect(await ended(run)).toMatchObject({ output: { decision: 'rejected', late: true, by: null } })
    expect(await vote(b, id, { decision: 'approve' })).toMatchObject({ status: 409 })
    // Only hours of work count.
    await start('office', { users: [c.id] })
    await asked(c)
    const [office] = await listed(c)
    expect(new Date(office?.['dueAt'] as string).getUTCDay()).toBe(1)
    expect(await vote(c, Number(office?.['id']), { decision: 'approve' })).toMatchObject({ status: 200 })
  })

  test('who is away lets somebody else decide', async () => {
    const [a, b, k] = [ann, ben, kim].map(someone) as [Person, Person, Person]
    const away = (delegate: number, until: string): Promise<Answer> => a.client.request('PUT', '/api/approvals/absence', { body: { delegate, until } })
    const nextWeek = new Date(Date.now() + 7 * 86_400_000).toISOString()
    expect(await away(a.id, nextWeek)).toMatchObject({ status: 422, body: { problems: [{ path: '/delegate' }] } })
    expect(await away(b.id, '2020-01-01T00:00:00Z')).toMatchObject({ status: 422, body: { problems: [{ path: '/until' }] } })
    expect(await away(b.id, nextWeek)).toMatchObject({ status: 200, body: { absence: { delegate: { id: b.id, name: b.name } } } })
    expect((await b.client.get('/api/approvals/absence')).body).toMatchObject({ absence: null, standsInFor: [{ id: a.id, name: a.name }] })
    // Not on what they ask themselves, and not without the right to read the record.
    const own = await start('one', { users: [a.id] }, b.client)
    const id = await asked(a)
    expect(await vote(b, id, { decision: 'approve' })).toMatchObject({ status: 404 })
    await vote(a, id, { decision: 'approve' })
    await ended(own)
    const run = await start('one', { users: [a.id] })
    const next = await asked(b, id)
    expect(await listed(b)).toMatchObject([{ id: next, for: [{ id: a.id }], mine: true }])
    expect(await vote(b, next, { decision: 'approve', comment: 'For Ann.' })).toMatchObject({ status: 200 })
    expect(await ended(run)).toMatchObject({ output: { approved: true, by: b.id, votes: [{ user: a.id, by: b.id }] } })
    expect(await away(k.id, nextWeek)).toMatchObject({ status: 200 })
    const hidden = await start('one', { users: [a.id] })
    const third = await asked(a, next)
    expect(await listed(k)).toEqual([])
    expect(await vote(k, third, { decision: 'approve' })).toMatchObject({ status: 404 })
    expect(await a.client.delete('/api/approvals/absence')).toMatchObject({ status: 204 })
    await app.admin.post(`/api/workflows/runs/${hidden}/cancel`, { reason: 'a test' })
    // Nobody waits for it any more.
    expect(await listed(a)).toEqual([])
    expect(await vote(a, third, { decision: 'approve' })).toMatchObject({ status: 409 })
  })

  test('a role, the manager of somebody; whoever cannot decide is an error and no smaller number', async () => {
    const [a, b, k] = [ann, ben, kim].map(someone) as [Person, Person, Person]
    const agent = await app.as(['agent'])
    const run = await start('role', {})
    const [found] = await until(async () => {
      const { approvals } = (await agent.get('/api/approvals')).body as { approvals: readonly JsonObject[] }
      return approvals.length > 0 ? approvals : undefined
    })
    expect(await agent.post(`/api/approvals/${String(Number(found?.['id']))}/vote`, { decision: 'approve' })).toMatchObject({ status: 200 })
    expect(await ended(run)).toMatchObject({ output: { approved: true } })
    expect(await app.admin.patch(`/api/records/user/${String(a.id)}`, { manager: b.id })).toMatchObject({ status: 200 })
    const managed = await start('manager', { of: a.id })
    await vote(b, await asked(b), { decision: 'approve' })
    expect(await ended(managed)).toMatchObject({ output: { by: b.id } })
    // The clerk of no store may not read it.
    expect(await ended(await start('all', { users: [a.id, k.id] }))).toMatchObject({ status: 'faulted', error: { status: 400, detail: expect.stringContaining('named part') as string } })
    expect(await listed(a)).toEqual([])
  })

  test('what those who approve fill in is checked like a record, and given on', async () => {
    const a = someone(ann)
    const run = await start('form', { users: [a.id] })
    const id = await asked(a)
    expect((await a.client.get(`/api/approvals/${String(id)}`)).body).toMatchObject({ form: [{ key: 'percent', type: 'integer', required: true }, { key: 'who', to: 'store' }] })
    expect(await vote(a, id, { decision: 'approve', values: { percent: 40 } })).toMatchObject({ status: 422, body: { problems: [{ path: '/values/percent' }] } })
    expect(await vote(a, id, { decision: 'approve', values: {} })).toMatchObject({ status: 422, body: { problems: [{ path: '/values/percent' }] } })
    expect(await vote(a, id, { decision: 'approve', values: { percent: 25, who: 999 } })).toMatchObject({ status: 422, body: { problems: [{ path: '/values/who', code: 'reference.unavailable' }] } })
    expect(await vote(a, id, { decision: 'approve', values: { percent: 25, who: store } })).toMatchObject({ status: 200 })
    expect(await ended(run)).toMatchObject({ output: { values: { percent: 25, who: store } } })
  })

  test('a step that waits no longer takes its question back', async () => {
    const a = someone(ann)
    const run = await start('hurried', { users: [a.id] })
    const id = await asked(a)
    expect(await ended(run)).toMatchObject({ output: { gaveUp: true } })
    expect(await listed(a)).toEqual([])
    expect(await vote(a, id, { decision: 'approve' })).toMatchObject({ status: 409 })
  })

  test('the pack asks for a discount above 20 %, and writes down what was decided', async () => {
    const [a, b, c] = [ann, ben, cid].map(someone) as [Person, Person, Person]
    const offer = { code: 'SPRING', name: 'Spring', startsOn: '2026-03-01', endsOn: '2026-03-31' }
    const made = await a.client.post('/api/records/campaign', { ...offer, discount: 25 })
    expect(made, made.text).toMatchObject({ status: 201 })
    const { id } = made.body as { id: number }
    const approval = await asked(b)
    const record = async (): Promise<JsonObject> => (await c.client.get(`/api/records/campaign/${String(id)}`)).body as JsonObject
    expect(await record()).toMatchObject({ discountApproval: 'asked' })
    expect((await c.client.get(`/api/approvals?record=campaign/${String(id)}&locale=zh`)).body).toMatchObject({ approvals: [{ id: approval, title: '超过 20% 的折扣', recordTitle: 'Spring', mine: true }] })
    // Whoever asks decides in no way.
    expect(await vote(a, approval, { decision: 'approve' })).toMatchObject({ status: 404 })
    expect(await a.client.patch(`/api/records/campaign/${String(id)}`, { discountApproval: 'approved' })).toMatchObject({ status: 403 })
    expect(await vote(b, approval, { decision: 'approve' })).toMatchObject({ status: 200 })
    await until(async () => ((await record())['discountApproval'] === 'approved' ? true : undefined))
    // Another discount is another question; the answer to the old one does not count for it.
    await a.client.patch(`/api/records/campaign/${String(id)}`, { discount: 40 })
    const next = await asked(b, approval)
    await a.client.patch(`/api/records/campaign/${String(id)}`, { discount: 50 })
    const last = await asked(b, next)
    expect(await vote(b, next, { decision: 'approve' })).toMatchObject({ status: 200 })
    expect(await vote(c, last, { decision: 'reject', comment: 'Too much.' })).toMatchObject({ status: 200 })
    await until(async () => ((await record())['discountApproval'] === 'rejected' ? true : undefined))
    // What managers may give by themselves nobody is asked for.
    await a.client.post('/api/records/campaign', { ...offer, code: 'SUMMER', discount: 20 })
    await until(async () => ((await app.admin.get('/api/workflows/runs?workflow=discountApproval&status=completed')).body as { runs: readonly Json[] }).runs.length === 3 ? true : undefined)
    expect(await listed(b)).toEqual([])
  })

  test('whoever may start a workflow finds it on the records, is asked, and starts it for one or several', async () => {
    const [a, k] = [ann, kim].map(someone) as [Person, Person]
    const actionsOf = async (person: Person): Promise<Json> => ((await person.client.get('/api/model')).body as { entities: Record<string, JsonObject> }).entities['store']?.['actions'] ?? null
    expect(await actionsOf(a)).toMatchObject([{ name: 'visit', title: 'Plan a visit', fields: [{ key: 'reason', required: true }, { key: 'guests', default: 2 }] }])
    expect(await actionsOf(k)).toBeNull()
    const other = ((await app.admin.post('/api/records/store', { number: '9002', name: 'Hill' })).body as { id: number }).id
    const visit = (person: Person, body: JsonObject): Promise<Answer> => person.client.post('/api/workflows/visit/runs', body)
    expect(await visit(a, { input: {}, record: { entity: 'store', id: store } })).toMatchObject({ status: 422, body: { problems: [{ path: '/input/reason' }] } })
    expect(await visit(a, { input: { reason: 'x', much: true }, records: { entity: 'store', ids: [store] } })).toMatchObject({ status: 422, body: { problems: [{ path: '/input/much' }] } })
    expect(await visit(k, { input: { reason: 'audit' }, records: { entity: 'store', ids: [store] } })).toMatchObject({ status: 404 })
    // All of them, or none.
    const before = ((await app.admin.get('/api/workflows/runs?workflow=visit')).body as { runs: readonly Json[] }).runs.length
    expect(await visit(a, { input: { reason: 'audit' }, records: { entity: 'store', ids: [store, 999] } })).toMatchObject({ status: 404, body: { code: 'record.unavailable' } })
    expect(((await app.admin.get('/api/workflows/runs?workflow=visit')).body as { runs: readonly Json[] }).runs).toHaveLength(before)
    const started = await visit(a, { input: { reason: 'audit' }, records: { entity: 'store', ids: [store, other] } })
    expect(started, started.text).toMatchObject({ status: 202 })
    const { runs } = started.body as { runs: readonly string[] }
    const said = await Promise.all(runs.map(async (id) => ((await ended(id))['output'] as JsonObject)['said']))
    expect(new Set(said)).toEqual(new Set(['Harbour: audit 2', 'Hill: audit 2']))
    // Runs say what their records are called, in lists and by themselves.
    const listed = ((await a.client.get('/api/workflows/runs?workflow=visit')).body as { runs: readonly JsonObject[] }).runs
    expect(new Set(listed.map(({ recordTitle }) => recordTitle))).toEqual(new Set(['Harbour', 'Hill']))
    expect(await ended(runs[0] ?? '')).toMatchObject({ record: { entity: 'store', id: store }, recordTitle: 'Harbour' })
    // What cannot be asked is found before it is published.
    const broken = { ...buttons['visit'], document: { dsl: '1.0.3', namespace: 'test', name: 'broken', version: '1.0.0', metadata: { entity: 'nothing', form: { type: 'object', properties: { record: { type: 'string' } } } } } }
    expect(await app.admin.patch('/api/definitions/draft', [{ op: 'add', path: '/workflows~1broken.json', value: broken }])).toMatchObject({ status: 200 })
    const { problems } = (await app.admin.post('/api/definitions/check', {})).body as { problems: readonly { path: string }[] }
    expect(problems.map(({ path }) => path)).toEqual(expect.arrayContaining(['workflows/broken.json#/document/metadata/entity', 'workflows/broken.json#/document/metadata/form/properties/record']))
    await app.admin.delete('/api/definitions/draft')
  })

  test('what could not be asked is found before it is published', async () => {
    const operations = wrong.map(([given], index) => ({ op: 'add', path: `/workflows~1wrong${String(index)}.json`, value: workflow(`wrong${String(index)}`, given) }))
    expect(await app.admin.patch('/api/definitions/draft', JSON.parse(JSON.stringify(operations)) as Json)).toMatchObject({ status: 200 })
    const { problems } = (await app.admin.post('/api/definitions/check', {})).body as { problems: readonly { path: string }[] }
    expect(problems.map(({ path }) => path)).toEqual(expect.arrayContaining(wrong.map(([, at], index) => `workflows/wrong${String(index)}.json#/do/0/ask${at}`)))
  })
})
