/** Durable runs through the front door, on both databases. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { beginRunning, wakeRuns } from '../../engine/workflows/runner.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { SegmentFollower } from '../../engine/operations/workflows/segments.js'
import { markLate } from '../../engine/operations/notifications/limits.js'
import escalate from '../../metadata/retail/workflows/escalate.json' with { type: 'json' }
import { startApp, type App } from '../support/app.js'
import type { Answer } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { startMailServer, type MailServer } from './mail-server.js'
import { definitions, workflow } from './run-definitions.js'
import { startService, type Service } from './service.js'

const shopSecret = `whsec_${Buffer.from('a secret that the shop knows').toString('base64')}`

interface ToldRun {
  readonly id: string
  readonly status: string
  readonly output: Json
  readonly error: { readonly title: string; readonly instance: string } | null
  readonly steps: readonly { readonly name: string; readonly status: string }[]
}

const segments: Readonly<Record<string, JsonObject>> = { urgent: { entity: 'task', where: { title: { $startsWith: 'urgent' }, priority: 'high' } }, new: { entity: 'task', where: { title: { $startsWith: 'new' }, createdAt: { $gte: 'now-7d' } } } }

describe.each(databaseKinds)('runs on %s', (database) => {
  let app: App
  let service: Service
  let mail: MailServer
  beforeAll(async () => {
    service = await startService()
    mail = await startMailServer()
    app = await startApp({ database, settings: { TESSERA_OUTBOUND_ALLOW: `127.0.0.1:${String(service.port)}`, TESSERA_SMTP_URL: mail.url, TESSERA_MAIL_FROM: 'crm@example.com', TESSERA_SECRET_SHOP: shopSecret, TESSERA_PLUGIN_SMS_URL: `${service.url}/sms`, TESSERA_PLUGIN_SMS_BODY: '{"messages":[{"to":"{to}","content":"Shop: {text}","ref":"{key}"}]}', TESSERA_SECRET_SMS: 'what the gateway knows' } })
    // In a segment before anybody waits for it.
    expect(await app.admin.post('/api/records/task', { title: 'urgent before', priority: 'high' })).toMatchObject({ status: 201 })
    const operations = [...Object.entries(definitions(service)).map(([name, value]) => ({ op: 'add', path: `/workflows~1${name}.json`, value })), ...Object.entries(segments).map(([name, value]) => ({ op: 'add', path: `/segments~1${name}.json`, value }))]
    expect(await app.admin.patch('/api/definitions/draft', operations as unknown as Json)).toMatchObject({ status: 200 })
    expect(await app.admin.post('/api/definitions/publish', {})).toMatchObject({ status: 201 })
    // The first look after a publish says from where on changes count.
    await until(async () => (await app.engine.database.read.all("SELECT 1 AS found FROM tessera_meta WHERE name = 'workflows position'", [])).length > 0)
    for (const name of Object.keys(segments)) await until(async () => (await app.engine.database.read.all('SELECT value FROM tessera_meta WHERE name = ?', [`workflows segment ${name}`])).some(({ value }) => !String(value).includes('"asOf":null')))
  })
  afterAll(async () => {
    await app.close()
    await service.close()
    await mail.close()
  })

  async function until(holds: () => Promise<boolean>): Promise<void> {
    const late = Date.now() + 30_000
    while (!(await holds())) {
      if (Date.now() > late) throw new Error('it did not come to this')
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }

  const start = async (name: string, input: Json = {}): Promise<string> => {
    const answer = await app.admin.post(`/api/workflows/${name}/runs`, { input })
    expect(answer, answer.text).toMatchObject({ status: 202, body: { workflow: name } })
    return (answer.body as ToldRun).id
  }
  const read = async (id: string): Promise<ToldRun> => (await app.admin.get(`/api/workflows/runs/${id}`)).body as ToldRun
  const becomes = async (id: string, ...statuses: readonly string[]): Promise<ToldRun> => {
    await until(async () => statuses.includes((await read(id)).status))
    return read(id)
  }
  const runsOf = async (name: string): Promise<readonly ToldRun[]> => ((await app.admin.get(`/api/workflows/runs?workflow=${name}`)).body as { runs: readonly ToldRun[] }).runs
  const tasksCalled = async (title: string): Promise<readonly JsonObject[]> => ((await app.admin.get(`/api/records/task?filter=${encodeURIComponent(JSON.stringify({ title }))}`)).body as { records: readonly JsonObject[] }).records
  const repair = (id: string, what: string, more: JsonObject = {}): Promise<Answer> => app.admin.post(`/api/workflows/runs/${id}/${what}`, { reason: 'a test', ...more })

  test('a run goes to its end and is told with its steps', async () => {
    expect(await becomes(await start('hello', { name: 'Ada' }), 'completed')).toMatchObject({ output: { hello: 'Ada!' }, input: { name: 'Ada' }, error: null, steps: [{ path: '/do/0/greet', status: 'completed' }, { path: '/do/1/again', status: 'completed' }] })
  })

  test('runs under way go on by a new version: steps keep their places by name or by what is said, and what has none is told', async () => {
    const task = ((await app.admin.post('/api/records/task', { title: 'of a stuck run' })).body as { id: number }).id
    const [house, other, stuck] = [await start('house'), await start('house'), await start('stuck', { task })]
    for (const id of [house, other]) await becomes(id, 'waiting')
    await becomes(stuck, 'faulted')
    const move = (name: string, body: JsonObject, query = ''): Promise<Answer> => app.admin.post(`/api/workflows/${name}/move${query}`, body)
    const next = {
      house: workflow('house', [{ extra: { set: '${ data }' } }, { first: { set: '${ data }' } }, { rest: { listen: { to: { one: { with: { type: 'test.called' } } } } } }, { last: { set: { version: 2 } } }]),
      stuck: workflow('stuck', [{ before: { set: { kept: true } } }, { change: { call: 'crm.create', with: { entity: 'task', values: { title: 'made by a repaired run' } } } }, { end: { set: { title: '${ data.title }' } } }], {}, { role: 'admin' }),
    }
    await app.admin.patch('/api/definitions/draft', Object.entries(next).map(([name, value]) => ({ op: 'replace', path: `/workflows~1${name}.json`, value })))
    const { version } = (await app.admin.post('/api/definitions/publish', {})).body as { version: number }
    const gone = [house, other].map((run) => ({ run, obstacles: [{ path: '/do/1/nap', name: 'nap', reason: 'gone' }] }))
    expect(await move('house', {}, '?dryRun=true')).toMatchObject({ status: 200, body: { to: version, moved: [], refused: gone, more: false } })
    expect((await move('house', { mapping: { '/do/1/nap': '/do/3/last' } }, '?dryRun=true')).body).toMatchObject({ refused: [{ obstacles: [{ reason: 'kind' }] }, {}] })
    expect((await move('house', { mapping: { '/do/1/nap': '/do/9/none' } }, '?dryRun=true')).body).toMatchObject({ refused: [{ obstacles: [{ reason: 'elsewhere' }] }, {}] })
    expect(await move('house', { mapping: { '/do/1/nap': '/do/2/rest' } })).toMatchObject({ status: 400 })
    expect((await move('house', { runs: [house], mapping: { '/do/1/nap': '/do/2/rest' }, reason: 'a better way' })).body).toMatchObject({ moved: [house], refused: [] })
    expect(await becomes(house, 'waiting')).toMatchObject({ definitions: version, repairs: [{ repair: 'move', reason: 'a better way', to: version }], steps: [{ path: '/do/1/first' }, { path: '/do/2/rest', status: 'waiting' }] })
    await start('mouth', { what: 'wake up' })
    expect(await becomes(house, 'completed')).toMatchObject({ output: { version: 2 } })
    expect(await becomes(other, 'completed')).toMatchObject({ output: { version: 1 } })
    expect((await move('house', { runs: [house], reason: 'too late' })).body).toMatchObject({ moved: [], refused: [] })
    expect((await move('stuck', { runs: [stuck], reason: 'another function' })).body).toMatchObject({ refused: [{ run: stuck, obstacles: [{ path: '/do/1/change', reason: 'kind' }] }] })
    await app.admin.patch('/api/definitions/draft', [{ op: 'replace', path: '/workflows~1stuck.json', value: workflow('stuck', [{ before: { set: { kept: true } } }, { change: { call: 'crm.update', with: { entity: 'task', id: '${ workflow.input.task }', values: { state: 'done' } } } }], {}, { role: 'admin' }) }])
    await app.admin.post('/api/definitions/publish', {})
    expect((await move('stuck', { runs: [stuck], reason: 'the task is named' })).body).toMatchObject({ moved: [stuck] })
    expect(await repair(stuck, 'retry')).toMatchObject({ status: 200 })
    expect(await becomes(stuck, 'completed')).toMatchObject({ output: { id: task, state: 'done' } })
    expect(await (await app.as(['manager'])).post('/api/workflows/stuck/move', { reason: 'mine' })).toMatchObject({ status: 403 })
  })

  test('functions of the product work on records, once each', async () => {
    const run = await becomes(await start('made', { title: 'made by a run' }), 'completed')
    expect(run.output).toMatchObject({ title: 'made by a run', state: 'done' })
    expect(await tasksCalled('made by a run')).toHaveLength(1)
  })

  test('the welcome journey of the pack may ask somebody to call the member', async () => {
    const member = ((await app.admin.post('/api/records/member', { name: 'Ida Quiet' })).body as { id: number }).id
    const begun = await app.admin.post('/api/workflows/called/runs', { record: { entity: 'member', id: member } })
    expect(await becomes((begun.body as { id: string }).id, 'completed', 'faulted')).toMatchObject({ error: null, status: 'completed' })
    expect(await tasksCalled('Call the new member, who has bought nothing yet')).toMatchObject([{ about: { entity: 'member', id: member } }])
  })

  test('a case that is late is told to the managers of the pack, and handed over to one of them when nobody answers it', async () => {
    const lead = await app.as(['manager'])
    const store = ((await app.admin.post('/api/records/store', { number: 'L1', name: 'Late Street' })).body as { id: number }).id
    const { id } = (await app.admin.post('/api/records/case', { subject: 'Nobody answers', store })).body as { id: number }
    await markLate(app.engine, new Date(Date.now() + 30 * 86_400_000))
    await until(async () => (await runsOf('escalate')).length > 0)
    const [run] = await runsOf('escalate')
    expect(await becomes(run?.id ?? '', 'waiting', 'faulted')).toMatchObject({ status: 'waiting', error: null, record: { entity: 'case', id } })
    expect(JSON.stringify((await lead.get('/api/notifications')).body)).toContain('This case is over its time limit')
    // A day later, by the clock of a simulation.
    const tried = await app.admin.post('/api/workflows/simulate', { definition: escalate as unknown as Json, input: [{ data: { id } }], clock: { start: '2026-01-05T08:00:00Z', until: '2026-01-07T08:00:00Z' }, effects: { answers: { findIt: [{ id }], handOver: { id, assignee: 1 } } } })
    expect(tried.body).toMatchObject({ status: 'completed', clock: '2026-01-06T08:00:00.000Z' })
    expect(await becomes(await start('overdue', [{ data: { id } }]), 'completed', 'faulted')).toMatchObject({ status: 'completed', error: null })
    const [task] = await tasksCalled('Answer this case, which has been late for a day')
    expect(task).toMatchObject({ about: { entity: 'case', id }, priority: 'high' })
    expect((await app.admin.get(`/api/records/case/${String(id)}`)).body).toMatchObject({ assignee: task?.assignee })
  })

  test('the nightly job of the pack asks somebody to call members who stay away, once', async () => {
    const store = ((await app.admin.post('/api/records/store', { number: 'N1', name: 'Night Street' })).body as { id: number }).id
    const bought = async (name: string, days: number): Promise<number> => {
      const { id } = (await app.admin.post('/api/records/member', { name })).body as { id: number }
      expect((await app.admin.post('/api/records/purchase', { number: `N-${name}`, member: id, store, amount: 5, at: new Date(Date.now() - days * 86_400_000).toISOString() })).status).toBe(201)
      return id
    }
    const away = await bought('Away', 183)
    for (const [name, days] of [['Here', 20], ['Gone', 400]] as const) await bought(name, days)
    for (let night = 0; night < 2; night++) expect(await becomes(await start('winBack'), 'completed', 'faulted')).toMatchObject({ status: 'completed', error: null })
    expect(await tasksCalled('Call the member, who has bought nothing for half a year')).toMatchObject([{ about: { entity: 'member', id: away } }])
  })

  test('a record that is created begins a workflow, when its condition holds', async () => {
    for (const [number, name] of [['T1', 'Trigger Street'], ['T2', 'Other Street']] as const) expect((await app.admin.post('/api/records/store', { number, name })).status).toBe(201)
    await until(async () => (await tasksCalled('New shop Trigger Street')).length === 1)
    expect(await runsOf('shop')).toHaveLength(1)
  })

  test('a record that comes into a segment begins a workflow once, each time that it comes, and once when it goes', async () => {
    await app.another() // two processes look at the same time
    const task = async (title: string): Promise<string> => `/api/records/task/${String(((await app.admin.post('/api/records/task', { title, priority: 'high' })).body as { id: number }).id)}`
    const [first, second] = [await task('urgent one'), await task('urgent two')]
    await until(async () => (await runsOf('came')).filter(({ status }) => status === 'completed').length === 2)
    const told = await Promise.all((await runsOf('came')).map(({ id }) => read(id)))
    expect(told.map(({ output }) => output)).toEqual(expect.arrayContaining([{ was: 'urgent urgent one' }, { was: 'urgent urgent two' }]))
    expect(await runsOf('went')).toEqual([])
    expect(await app.admin.patch(first, { priority: 'low' })).toMatchObject({ status: 200 })
    expect(await app.admin.delete(second)).toMatchObject({ status: 204 })
    await until(async () => (await runsOf('went')).length === 2)
    expect(await app.admin.patch(first, { priority: 'high' })).toMatchObject({ status: 200 })
    await until(async () => (await runsOf('came')).length === 3)
    expect((await app.admin.get('/api/workflows/went')).body).toMatchObject({ segments: { urgent: expect.stringMatching(/^\d{4}-.*Z$/) as string, new: expect.stringMatching(/^\d{4}-.*Z$/) as string } })
  })

  test('who goes out of a segment because time passes is found by whoever looks next, by one of several, and runs hear it', async () => {
    const waits = (await becomes(await start('guard'), 'waiting')).id
    const { id } = (await app.admin.post('/api/records/task', { title: 'new today' })).body as { id: number }
    expect(await becomes(waits, 'completed')).toMatchObject({ output: [{ entity: 'task', id, segment: 'new' }] })
    const before = (await runsOf('went')).length
    const nextWeek = new Date(Date.now() + 8 * 86_400_000)
    await until(async () => {
      await Promise.all([1, 2, 3].map(() => new SegmentFollower(app.engine).look(nextWeek)))
      return (await runsOf('went')).length > before
    })
    const runs = (await runsOf('went')) as readonly { readonly record?: JsonObject }[]
    expect(runs.filter(({ record }) => record?.['id'] === id)).toHaveLength(1)
  })

  test('A-120 a change that was rolled back begins nothing', async () => {
    const answer = await app.admin.post('/api/records/store/bulk', { create: [{ number: 'T3', name: 'Trigger A' }, { number: 'T1', name: 'Trigger A' }] })
    expect(answer.status).toBe(409)
    const { id } = (await app.admin.post('/api/records/store', { number: 'T4', name: 'Trigger B' })).body as { id: number }
    await until(async () => (await runsOf('shop')).some((run) => (run as unknown as { record: { id: number } }).record.id === id))
    expect((await runsOf('shop')).length).toBe(2)
  })

  test('A-119 a change that was committed begins its workflow, although nobody looked at it before the process died', async () => {
    // A process that writes and moves nothing: as if it died right after the commit.
    const before = (await runsOf('shop')).length
    const made = (await app.admin.post('/api/records/store', { number: 'T5', name: 'Trigger C' })).body as { id: number }
    const other = await app.another()
    await until(async () => (await runsOf('shop')).some((run) => (run as unknown as { record: { id: number } }).record.id === made.id))
    expect((await runsOf('shop')).length).toBe(before + 1)
    expect(other.url).not.toBe(app.url)
  })

  test('a workflow that changes what begins it ends with a word', async () => {
    const { id } = (await app.admin.post('/api/records/task', { title: 'quiet' })).body as { id: number }
    expect((await app.admin.patch(`/api/records/task/${String(id)}`, { title: 'circle' })).status).toBe(200)
    await until(async () => (await runsOf('circle')).some(({ status }) => status === 'faulted'))
    const runs = await runsOf('circle')
    expect(runs.find(({ status }) => status === 'faulted')?.error?.title).toContain('circles')
    expect(runs.filter(({ status }) => status === 'completed')).toHaveLength(6)
  })

  test('a run waits, is held, goes on and is cancelled, each with a reason', async () => {
    const id = await start('patient')
    expect(await becomes(id, 'waiting')).toMatchObject({ steps: [{ name: 'wait', status: 'waiting' }] })
    expect(await repair(id, 'resume')).toMatchObject({ status: 409, body: { code: 'run.state' } })
    expect((await repair(id, 'suspend')).body).toMatchObject({ status: 'suspended' })
    expect((await repair(id, 'resume')).status).toBe(200)
    await becomes(id, 'waiting', 'running')
    expect((await app.admin.post(`/api/workflows/runs/${id}/cancel`, {})).status).toBe(400)
    expect((await repair(id, 'cancel')).body).toMatchObject({ status: 'cancelled', repairs: [{ repair: 'suspend' }, { repair: 'resume' }, { repair: 'cancel', reason: 'a test' }] })
    expect((await repair(id, 'resume')).status).toBe(409)
  })

  test('runs hear what other runs send', async () => {
    const id = await start('ear')
    await becomes(id, 'waiting')
    await becomes(await start('mouth', { what: 'hello' }), 'completed')
    expect(await becomes(id, 'completed')).toMatchObject({ output: [{ said: 'hello' }] })
  })

  test('runs hear what happens to records', async () => {
    const id = await start('awaiting')
    await becomes(id, 'waiting')
    const { id: task } = (await app.admin.post('/api/records/task', { title: 'heard' })).body as { id: number }
    expect(await becomes(id, 'completed')).toMatchObject({ output: [{ entity: 'task', id: task }] })
  })

  test('what a run reads with the rights of a role is not told to who started it', async () => {
    const clerk = await app.as(['clerk'])
    const { id } = (await clerk.post('/api/workflows/spy/runs', {})).body as ToldRun
    expect((await becomes(id, 'completed')).output).not.toEqual([])
    const seen = (await clerk.get(`/api/workflows/runs/${id}`)).body as ToldRun
    expect(seen).toMatchObject({ status: 'completed', output: null, steps: [{ name: 'look', status: 'completed', input: null, output: null }] })
    expect(JSON.stringify(seen)).not.toContain('admin@example.com')
  })

  test('a run waits for the run that it began', async () => {
    expect(await becomes(await start('outer'), 'completed')).toMatchObject({ output: { hello: 'inner!' } })
  })

  test('what a run begins and does not wait for begins, although the run is over', async () => {
    const before = (await runsOf('hello')).length
    expect(await becomes(await start('scatter', { all: ['a', 'b', 'c'] }), 'completed')).toMatchObject({ error: null })
    await until(async () => (await runsOf('hello')).filter(({ status }) => status === 'completed').length === before + 3)
  })

  const taskFor = async (title: string): Promise<number> => ((await app.admin.post('/api/records/task', { title })).body as { id: number }).id
  const person = async (): Promise<number> => ((await (await app.as(['clerk'])).get('/api/session')).body as { id: number }).id

  test('records are given to people in turn, or to who has the least to do', async () => {
    const to = [await person(), await person(), await person()]
    const given = async (by: string, title: string): Promise<Json> => ((await becomes(await start('turn', { id: await taskFor(title), to, by, title }), 'completed')).output as { assignee: Json }).assignee
    const turns: Json[] = []
    for (let i = 0; i < 4; i += 1) turns.push(await given('turn', 'in turn'))
    expect(turns).toEqual([...to, to[0]])
    for (const assignee of [to[0], to[0], to[1]]) expect((await app.admin.post('/api/records/task', { title: 'loaded', assignee: assignee ?? null })).status).toBe(201)
    expect(await given('load', 'loaded')).toBe(to[2])
    // Of a team those who can sign in.
    const team = ((await app.admin.post('/api/records/team', { name: 'Squad' })).body as { id: number }).id
    const squad = [to[0], to[1], to[2]].map(Number)
    for (const id of squad) expect((await app.admin.patch(`/api/records/user/${String(id)}`, { teams: [team], ...(id === squad[1] ? { active: false } : {}) })).status).toBe(200)
    const ofTeam = async (): Promise<Json> => ((await becomes(await start('squad', { id: await taskFor('squad'), team }), 'completed')).output as { assignee: Json }).assignee
    expect([await ofTeam(), await ofTeam(), await ofTeam()]).toEqual([squad[0], squad[2], squad[0]])
    expect((await becomes(await start('squad', { id: await taskFor('squad'), team: 999_999 }), 'faulted')).error?.title).toContain('nobody of the team can sign in')
  })

  test('a mail goes out once, in the language of who gets it, and carries who asked for it', async () => {
    const run = await becomes(await start('mail', { to: 'ada@example.com', name: 'Ada', locale: 'zh' }), 'completed')
    expect(run.output).toEqual({ sent: true, accepted: ['ada@example.com'], rejected: [] })
    const [got, ...others] = mail.mails.filter((one) => one.includes(`run-${run.id}-`))
    expect(others).toEqual([])
    expect(got).toContain('To: ada@example.com')
    expect(got).toContain('Subject: =?UTF-8?Q?=E6=82=A8=E5=A5=BD_Ada?=')
  })

  test.each([['an address with a second line', 'a@example.com\r\nBcc: all@example.com'], ['several in one', 'a@example.com, b@example.com'], ['none', '']])('A-056 no mail goes to what is no address: %s', async (_what, to) => {
    const before = mail.mails.length
    expect(await becomes(await start('mail', { to, name: 'x', locale: 'en' }), 'faulted')).toMatchObject({ error: { status: 400, instance: '/do/0/send' } })
    expect(mail.mails).toHaveLength(before)
  })

  test('who did not agree, or does not any more, gets no mail', async () => {
    const member = async (state: string): Promise<number> => {
      const made = await app.admin.post('/api/records/member', { name: `Agreed ${state}`, emailConsent: { state, at: '2026-01-31T08:00:00Z', source: 'counter' } })
      expect(made, made.text).toMatchObject({ status: 201 })
      return (made.body as { id: number }).id
    }
    const sentTo = async (state: string): Promise<ToldRun> => becomes(await start('agreed', { id: await member(state) }), 'completed', 'faulted')
    for (const state of ['withdrawn', 'unknown']) expect(await sentTo(state)).toMatchObject({ error: null, output: { sent: false, reason: 'consent' } })
    expect(await sentTo('granted')).toMatchObject({ error: null, output: { sent: true } })
  })

  test('a message goes out by the gateway of a plugin, once, in the language of who gets it and only where they agreed', async () => {
    const { id } = (await app.admin.post('/api/records/member', { name: 'Texted' })).body as { id: number }
    const given = { to: '+86 138-0013-8000', name: '"},{"to":"all"', id }
    expect((await becomes(await start('texted', given), 'completed')).output).toEqual({ sent: false, reason: 'consent' })
    expect((await app.admin.patch(`/api/records/member/${String(id)}`, { smsConsent: { state: 'granted', at: '2026-01-01T00:00:00Z', source: 'store' } })).status).toBe(200)
    const run = await becomes(await start('texted', given), 'completed', 'faulted')
    expect(run).toMatchObject({ error: null, output: { sent: true, channel: 'sms', result: { to: '+8613800138000', statusCode: 200, answer: { id: 'm1' } } } })
    const sent = service.asked.filter(({ request }) => request === 'POST /sms')
    expect(sent.map(({ body, headers }) => [JSON.parse(body), headers.authorization])).toEqual([[{ messages: [{ to: '+8613800138000', content: 'Shop: 您好 "},{"to":"all"', ref: sent[0]?.key }] }, 'Bearer what the gateway knows']])
    for (const [input, type, title] of [
      [{ to: '13800138000', text: 'x' }, 'validation', 'to must be one phone number with its country, such as +8613800138000'],
      [{ to: '+8613800138000', text: 'refuse' }, 'communication', 'It was not taken: the gateway answered 422: {"id":"m1"}'], [{ to: '+8613800138000', text: 'break' }, 'runtime', 'It is not known whether it was done: the gateway answered 500: {"id":"m1"}'],
    ] as const) expect((await becomes(await start('message', input), 'faulted')).error, title).toMatchObject({ type: `https://serverlessworkflow.io/spec/1.0.0/errors/${type}`, title: expect.stringContaining(title) as string })
    const offered = (await app.admin.get('/api/definitions')).body as { workflowFunctions: readonly JsonObject[] }
    expect(offered.workflowFunctions.find(({ name }) => name === 'sms.send')).toMatchObject({ title: 'Send an SMS', with: { required: ['to', 'text'] }, texts: { zh: { '/title': '发送短信' } } })
  })

  test('a mail that the server refuses, and one of which nobody knows, are told apart', async () => {
    expect((await becomes(await start('mail', { to: 'nobody@example.com', name: 'x', locale: 'en' }), 'faulted')).error?.title).toContain('refused')
    mail.hangUp()
    expect((await becomes(await start('mail', { to: 'ada@example.com', name: 'x', locale: 'en' }), 'faulted')).error?.title).toContain('not known')
  })

  test('a mail server that is away is waited for, and the mail goes out once', async () => {
    await mail.close()
    const id = await start('stubborn')
    await until(async () => (await read(id)).steps.filter(({ name, status }) => name === 'send' && status === 'faulted').length > 2)
    mail = await startMailServer(mail.port)
    expect(await becomes(id, 'completed')).toMatchObject({ output: { sent: true } })
    expect(mail.mails).toHaveLength(1)
  })

  test('another system is told, signed with a secret that is told nobody', async () => {
    const run = await becomes(await start('told', { what: { member: 7 }, secret: 'SHOP' }), 'completed')
    const id = `run-${run.id}-1`
    const sent = service.asked.filter(({ headers }) => headers['webhook-id'] === id)
    expect(sent).toHaveLength(1)
    const headers = sent[0]?.headers ?? {}
    const body = sent[0]?.body ?? ''
    expect(JSON.parse(body)).toMatchObject({ type: 'test.told', data: { member: 7 } })
    const expected = createHmac('sha256', 'a secret that the shop knows').update(`${id}.${String(headers['webhook-timestamp'])}.${body}`).digest('base64')
    expect(headers['webhook-signature']).toBe(`v1,${expected}`)
    const kept = JSON.stringify([run, await app.engine.database.read.all('SELECT document FROM tessera_run', []), await app.engine.database.read.all('SELECT document FROM tessera_run_step', []), app.log])
    expect(kept).not.toContain(shopSecret)
    expect((await becomes(await start('told', { what: 1, secret: 'NONE' }), 'faulted')).error?.title).toBe('There is no secret called NONE')
  })

  test('A-128 moments that were missed are caught up once, whether a process slept or the clock was put forward or back', async () => {
    const mark = "name = 'workflows clock yearly'"
    const next = async (): Promise<number> => {
      const [row] = await app.engine.database.read.all(`SELECT value FROM tessera_meta WHERE ${mark}`, [])
      return row === undefined ? 0 : (JSON.parse(String(row['value'])) as { next: number }).next
    }
    await until(async () => (await next()) > Date.now())
    const planned = await next()
    const day = 86_400_000
    for (const [then, count] of [[Date.now() - 3 * day, 1], [Date.now() - 1, 2]] as const) {
      await app.engine.database.write((tx) => tx.run(`UPDATE tessera_meta SET value = replace(value, ?, ?) WHERE ${mark}`, [String(planned), String(then)]))
      await until(async () => (await next()) === planned)
      await until(async () => (await runsOf('yearly')).filter(({ status }) => status === 'completed').length === count)
    }
    // Put back: the moment that is planned stays, and what ran does not run again.
    wakeRuns(app.engine)
    await becomes(await start('hello', { name: 'after' }), 'completed')
    expect(await runsOf('yearly')).toHaveLength(2)
  })

  test('A-123 a step that fails is told, and the run goes on from it when it is tried again or skipped', async () => {
    const id = await start('ask', { id: 99 })
    expect(await becomes(id, 'faulted')).toMatchObject({ error: { status: 404, instance: '/do/0/get' }, steps: [{ name: 'get', status: 'faulted' }] })
    expect((await repair(id, 'retry')).status).toBe(200)
    await until(async () => service.asked.filter(({ request }) => request === 'GET /pet/99').length === 2)
    await becomes(id, 'faulted')
    expect(new Set(service.asked.filter(({ request }) => request === 'GET /pet/99').map(({ key }) => key)).size).toBe(1)
    expect((await repair(id, 'skip', { output: { statusCode: 200, content: { name: 'by hand' } } })).status).toBe(200)
    expect(await becomes(id, 'completed')).toMatchObject({ output: { name: 'by hand' } })
  })

  test('A-122 what ended stays as it ended, whoever starts anew', async () => {
    const ended = async (): Promise<readonly string[]> => ((await app.admin.get('/api/workflows/runs?limit=100')).body as { runs: readonly ToldRun[] }).runs.filter(({ status }) => ['completed', 'faulted', 'cancelled'].includes(status)).map(({ id, status }) => `${id} ${status}`)
    const before = await ended()
    expect(before.length).toBeGreaterThan(5)
    const again = beginRunning(app.engine, { pollMilliseconds: 20 })
    await becomes(await start('hello', { name: 'later' }), 'completed')
    await again()
    expect(await ended()).toEqual(expect.arrayContaining([...before]))
  })

  test('A-124 runs keep to the version with which they began', async () => {
    const id = await start('patient')
    await becomes(id, 'waiting')
    const changed = workflow('patient', [{ wait: { wait: 'PT0S' } }, { after: { set: { done: 'otherwise' } } }])
    expect((await app.admin.patch('/api/definitions/draft', [{ op: 'replace', path: '/workflows~1patient.json', value: changed }])).status).toBe(200)
    expect((await app.admin.post('/api/definitions/publish', {})).status).toBe(201)
    await app.engine.database.write((tx) => tx.run('UPDATE tessera_run SET due_at = created_at WHERE id = ?', [Number(id)]))
    wakeRuns(app.engine)
    expect(await becomes(await start('patient'), 'completed')).toMatchObject({ output: { done: 'otherwise' } })
    expect((await read(id)).status).toBe('waiting')
    await repair(id, 'cancel')
  })

  test('what calls name has to exist, and each problem says where it lies', async () => {
    const tasks = [
      { make: { call: 'crm.create', with: { entity: 'shop', values: {} } } },
      { find: { call: 'crm.find', with: { entity: 'task', filter: { $or: [{ titel: 'x' }, { 'assignee.nobody': 1 }] }, sort: '-when' } } },
      { loop: { for: { in: '${ data }' }, do: [{ change: { call: 'crm.update', with: { entity: 'task', id: 1, values: { titel: '${ data.x }' } } } }] } },
      { any: { call: 'crm.update', with: { entity: '${ data.entity }', id: 1, values: { whatever: 1 } } } },
    ]
    const path = '/workflows~1wrong.json'
    expect((await app.admin.patch('/api/definitions/draft', [{ op: 'add', path, value: workflow('wrong', tasks) }])).status).toBe(200)
    const { problems } = (await app.admin.post('/api/definitions/publish', {})).body as { readonly problems: readonly { readonly path: string; readonly message: string }[] }
    expect(problems.map((one) => one.path.replace('workflows/wrong.json#', '')).toSorted()).toEqual([
      '/do/0/make/with/entity', '/do/1/find/with/filter/$or/0/titel', '/do/1/find/with/filter/$or/1/assignee.nobody', '/do/1/find/with/sort', '/do/2/loop/do/0/change/with/values/titel',
    ])
    expect((await app.admin.patch('/api/definitions/draft', [{ op: 'remove', path }])).status).toBe(200)
  })

  test('A-040 who may not start, see or repair a workflow does not know that it is there', async () => {
    const [manager, clerk] = [await app.as(['manager']), await app.as(['clerk'])]
    expect((await clerk.post('/api/workflows/hello/runs', {})).body).toMatchObject({ status: 404, code: 'workflow.unavailable' })
    expect((await clerk.post('/api/workflows/nothing/runs', {})).body).toMatchObject({ status: 404, code: 'workflow.unavailable' })
    const { workflows } = (await manager.get('/api/workflows')).body as { workflows: readonly { name: string }[] }
    expect(workflows.map(({ name }) => name).toSorted()).toEqual(['called', 'hello', 'welcome'])
    const own = (await manager.post('/api/workflows/hello/runs', { input: { name: 'M' } })).body as ToldRun
    const foreign = await start('hello', { name: 'A' })
    expect((await manager.get(`/api/workflows/runs/${own.id}`)).status).toBe(200)
    expect((await manager.get(`/api/workflows/runs/${foreign}`)).body).toMatchObject({ status: 404, code: 'run.unavailable' })
    expect((await manager.post(`/api/workflows/runs/${own.id}/cancel`, { reason: 'mine' })).status).toBe(403)
    expect((await clerk.post('/api/workflows/forbidden/runs', { record: { entity: 'store', id: 999_999 } })).body).toMatchObject({ status: 404, code: 'record.unavailable' })
  })

  test('a run has the rights of who started it', async () => {
    const clerk = await app.as(['clerk'])
    const run = (await clerk.post('/api/workflows/forbidden/runs', {})).body as ToldRun
    expect(await becomes(run.id, 'faulted')).toMatchObject({ error: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/authorization', status: 403, instance: '/do/0/make' } })
  })
})
