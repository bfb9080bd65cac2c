/** What runs do outside of themselves: records, mail, messages, other systems; once each. */
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { startMailServer } from '../mail-server.js'
import { shopSecret, type Stage, type ToldRun } from '../runs-stage.js'

export function effects(stage: Stage): void {
  const { start, read, becomes, until, tasksCalled } = stage

  const taskFor = async (title: string): Promise<number> => ((await stage.app.admin.post('/api/records/task', { title })).body as { id: number }).id
  const person = async (): Promise<number> => ((await (await stage.app.as(['clerk'])).get('/api/session')).body as { id: number }).id

  test('functions of the product work on records, once each', async () => {
    const run = await becomes(await start('made', { title: 'made by a run' }), 'completed')
    expect(run.output).toMatchObject({ title: 'made by a run', state: 'done' })
    expect(await tasksCalled('made by a run')).toHaveLength(1)
  })

  test('a task is in the language of who gets it', async () => {
    for (const [fields, title] of [[{ locale: 'zh-CN' }, '请回电'], [{}, 'Call back']] as const) {
      const who = ((await (await stage.app.as(['clerk'], fields)).get('/api/session')).body as { id: number }).id
      expect((await becomes(await start('remind', { who }), 'completed', 'faulted')).output).toMatchObject({ title, assignee: who })
    }
  })

  test('who has chosen no language is told things in that of the definitions', async () => {
    const say = async (operation: JsonObject): Promise<void> => {
      expect(await stage.app.admin.patch('/api/definitions/draft', [operation])).toMatchObject({ status: 200 })
      expect(await stage.app.admin.post('/api/definitions/publish', {})).toMatchObject({ status: 201 })
    }
    await say({ op: 'add', path: '/layer.json/language', value: 'zh' })
    expect((await stage.app.admin.get('/api/session/ways')).body).toMatchObject({ language: 'zh' })
    for (const [fields, title] of [[{}, '请回电'], [{ locale: 'en' }, 'Call back']] as const) {
      const who = ((await (await stage.app.as(['clerk'], fields)).get('/api/session')).body as { id: number }).id
      expect((await becomes(await start('remind', { who }), 'completed', 'faulted')).output).toMatchObject({ title, assignee: who })
    }
    await say({ op: 'remove', path: '/layer.json/language' })
  })

  test('records are given to people in turn, or to who has the least to do', async () => {
    const to = [await person(), await person(), await person()]
    const given = async (by: string, title: string): Promise<Json> => ((await becomes(await start('turn', { id: await taskFor(title), to, by, title }), 'completed')).output as { assignee: Json }).assignee
    const turns: Json[] = []
    for (let i = 0; i < 4; i += 1) turns.push(await given('turn', 'in turn'))
    expect(turns).toEqual([...to, to[0]])
    for (const assignee of [to[0], to[0], to[1]]) expect((await stage.app.admin.post('/api/records/task', { title: 'loaded', assignee: assignee ?? null })).status).toBe(201)
    expect(await given('load', 'loaded')).toBe(to[2])
    // Of a team those who can sign in.
    const team = ((await stage.app.admin.post('/api/records/team', { name: 'Squad' })).body as { id: number }).id
    const squad = [to[0], to[1], to[2]].map(Number)
    for (const id of squad) expect((await stage.app.admin.patch(`/api/records/user/${String(id)}`, { teams: [team], ...(id === squad[1] ? { active: false } : {}) })).status).toBe(200)
    const ofTeam = async (): Promise<Json> => ((await becomes(await start('squad', { id: await taskFor('squad'), team }), 'completed')).output as { assignee: Json }).assignee
    expect([await ofTeam(), await ofTeam(), await ofTeam()]).toEqual([squad[0], squad[2], squad[0]])
    expect((await becomes(await start('squad', { id: await taskFor('squad'), team: 999_999 }), 'faulted')).error?.title).toContain('nobody of the team can sign in')
  })

  test('a mail goes out once, in the language of who gets it, and carries who asked for it', async () => {
    const run = await becomes(await start('mail', { to: 'ada@example.com', name: 'Ada', locale: 'zh' }), 'completed')
    expect(run.output).toEqual({ sent: true, accepted: ['ada@example.com'], rejected: [] })
    const [got, ...others] = stage.mail.mails.filter((one) => one.includes(`run-${run.id}-`))
    expect(others).toEqual([])
    expect(got).toContain('To: ada@example.com')
    expect(got).toContain('Subject: =?UTF-8?Q?=E6=82=A8=E5=A5=BD_Ada?=')
  })

  test.each([['an address with a second line', 'a@example.com\r\nBcc: all@example.com'], ['several in one', 'a@example.com, b@example.com'], ['none', '']])('A-056 no mail goes to what is no address: %s', async (_what, to) => {
    const before = stage.mail.mails.length
    expect(await becomes(await start('mail', { to, name: 'x', locale: 'en' }), 'faulted')).toMatchObject({ error: { status: 400, instance: '/do/0/send' } })
    expect(stage.mail.mails).toHaveLength(before)
  })

  test('who did not agree, or does not any more, gets no mail', async () => {
    const member = async (state: string): Promise<number> => {
      const made = await stage.app.admin.post('/api/records/member', { name: `Agreed ${state}`, emailConsent: { state, at: '2026-01-31T08:00:00Z', source: 'counter' } })
      expect(made, made.text).toMatchObject({ status: 201 })
      return (made.body as { id: number }).id
    }
    const sentTo = async (state: string): Promise<ToldRun> => becomes(await start('agreed', { id: await member(state) }), 'completed', 'faulted')
    for (const state of ['withdrawn', 'unknown']) expect(await sentTo(state)).toMatchObject({ error: null, output: { sent: false, reason: 'consent' } })
    expect(await sentTo('granted')).toMatchObject({ error: null, output: { sent: true } })
  })

  test('a message goes out by the gateway of a plugin, once, in the language of who gets it and only where they agreed', async () => {
    const { id } = (await stage.app.admin.post('/api/records/member', { name: 'Texted' })).body as { id: number }
    const given = { to: '+86 138-0013-8000', name: '"},{"to":"all"', id }
    expect((await becomes(await start('texted', given), 'completed')).output).toEqual({ sent: false, reason: 'consent' })
    expect((await stage.app.admin.patch(`/api/records/member/${String(id)}`, { smsConsent: { state: 'granted', at: '2026-01-01T00:00:00Z', source: 'store' } })).status).toBe(200)
    const run = await becomes(await start('texted', given), 'completed', 'faulted')
    expect(run).toMatchObject({ error: null, output: { sent: true, channel: 'sms', result: { to: '+8613800138000', statusCode: 200, answer: { id: 'm1' } } } })
    const sent = stage.service.asked.filter(({ request }) => request === 'POST /sms')
    expect(sent.map(({ body, headers }) => [JSON.parse(body), headers.authorization])).toEqual([[{ messages: [{ to: '+8613800138000', content: 'Shop: 您好 "},{"to":"all"', ref: sent[0]?.key }] }, 'Bearer what the gateway knows']])
    for (const [input, type, title] of [
      [{ to: '13800138000', text: 'x' }, 'validation', 'to must be one phone number with its country, such as +8613800138000'],
      [{ to: '+8613800138000', text: 'refuse' }, 'communication', 'It was not taken: the gateway answered 422: {"id":"m1"}'], [{ to: '+8613800138000', text: 'break' }, 'runtime', 'It is not known whether it was done: the gateway answered 500: {"id":"m1"}'],
    ] as const) expect((await becomes(await start('message', input), 'faulted')).error, title).toMatchObject({ type: `https://serverlessworkflow.io/spec/1.0.0/errors/${type}`, title: expect.stringContaining(title) as string })
    // To several, each by itself: who was refused is told beside those who were not, and of whom nobody knows.
    const several = async (...to: readonly string[]): Promise<ToldRun> => becomes(await start('texted', { ...given, to, name: 'Ada' }), 'completed', 'faulted')
    const before = stage.service.asked.length
    expect((await several('+8613800138001', '13800138002', '+8613800138003')).output).toEqual({ sent: true, channel: 'sms', accepted: ['+8613800138001', '+8613800138003'], rejected: ['13800138002'], unknown: [] })
    const each = stage.service.asked.slice(before).filter(({ request }) => request === 'POST /sms')
    expect(each.map(({ body }) => (JSON.parse(body) as { messages: { to: string }[] }).messages[0]?.to)).toEqual(['+8613800138001', '+8613800138003'])
    expect(new Set(each.map(({ key }) => key)).size).toBe(2)
    expect((await several('one', 'two')).error).toMatchObject({ type: 'https://serverlessworkflow.io/spec/1.0.0/errors/validation' })
    expect((await several(...Array.from({ length: 51 }, () => '+8613800138001'))).error?.title).toContain('at most 50')
    const offered = (await stage.app.admin.get('/api/definitions')).body as { workflowFunctions: readonly JsonObject[] }
    expect(offered.workflowFunctions.find(({ name }) => name === 'sms.send')).toMatchObject({ title: 'Send an SMS', with: { required: ['to', 'text'] }, texts: { zh: { '/title': '发送短信' } } })
  })

  test('a mail that the server refuses, and one of which nobody knows, are told apart', async () => {
    expect((await becomes(await start('mail', { to: 'nobody@example.com', name: 'x', locale: 'en' }), 'faulted')).error?.title).toContain('refused')
    stage.mail.hangUp()
    expect((await becomes(await start('mail', { to: 'ada@example.com', name: 'x', locale: 'en' }), 'faulted')).error?.title).toContain('not known')
  })

  test('a mail server that is away is waited for, and the mail goes out once', async () => {
    await stage.mail.close()
    const id = await start('stubborn')
    await until(async () => (await read(id)).steps.filter(({ name, status }) => name === 'send' && status === 'faulted').length > 2)
    stage.mail = await startMailServer(stage.mail.port)
    expect(await becomes(id, 'completed')).toMatchObject({ output: { sent: true } })
    expect(stage.mail.mails).toHaveLength(1)
  })

  test('another system is told, signed with a secret that is told nobody', async () => {
    const run = await becomes(await start('told', { what: { member: 7 }, secret: 'SHOP' }), 'completed')
    const id = `run-${run.id}-1`
    const sent = stage.service.asked.filter(({ headers }) => headers['webhook-id'] === id)
    expect(sent).toHaveLength(1)
    const headers = sent[0]?.headers ?? {}
    const body = sent[0]?.body ?? ''
    expect(JSON.parse(body)).toMatchObject({ type: 'test.told', data: { member: 7 } })
    const expected = createHmac('sha256', 'a secret that the shop knows').update(`${id}.${String(headers['webhook-timestamp'])}.${body}`).digest('base64')
    expect(headers['webhook-signature']).toBe(`v1,${expected}`)
    const kept = JSON.stringify([run, await stage.app.engine.database.read.all('SELECT document FROM tessera_run', []), await stage.app.engine.database.read.all('SELECT document FROM tessera_run_step', []), stage.app.log])
    expect(kept).not.toContain(shopSecret)
    expect((await becomes(await start('told', { what: 1, secret: 'NONE' }), 'faulted')).error?.title).toBe('There is no secret called NONE')
  })
}
