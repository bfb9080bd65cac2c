/** Who is told of what, once, and only as long as they may read it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { notify } from '../../engine/operations/notifications/tell.js'
import { forgetOld } from '../../engine/operations/notifications/inbox.js'
import { remind } from '../../engine/operations/notifications/remind.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import type { Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

interface Item {
  readonly id: number
  readonly kind: string
  readonly read: boolean
  readonly entity: string | null
  readonly record: number | null
  readonly count: number
  readonly title: string | null
  readonly about: JsonObject | null
  readonly by: { readonly id: number; readonly name: string } | null
  readonly text: string | null
}

describe.each(databaseKinds)('notifications on %s', (database) => {
  let app: App
  let [home, own] = [0, 0]
  let anna: Client
  let annaId = 0
  let boris: Client
  let borisId = 0
  let foreignId = 0
  beforeAll(async () => {
    app = await startApp({ database })
    home = await create(app.admin, 'store', { name: 'Own', number: '1' })
    const away = await create(app.admin, 'store', { name: 'Foreign', number: '2' })
    own = await create(app.admin, 'member', { name: 'Own member', store: home })
    anna = await app.as(['clerk'], { stores: [home] })
    boris = await app.as(['clerk'], { stores: [home] })
    ;[annaId, borisId, foreignId] = [await idOf(anna), await idOf(boris), await idOf(await app.as(['clerk'], { stores: [away] }))]
  })
  afterAll(() => app.close())

  async function create(who: Client, entity: string, body: JsonObject): Promise<number> {
    const answer = await who.post(`/api/records/${entity}`, body)
    expect(answer.status, answer.text).toBe(201)
    return (answer.body as { id: number }).id
  }
  const idOf = async (who: Client): Promise<number> => ((await who.get('/api/session')).body as { id: number }).id
  const inbox = async (who: Client, query = ''): Promise<readonly Item[]> => ((await who.get(`/api/notifications${query}`)).body as { items: readonly Item[] }).items
  const unread = async (who: Client): Promise<number> => ((await who.get('/api/notifications/unread')).body as { count: number }).count
  const about = (): JsonObject => ({ entity: 'member', id: own })
  /** Everything that was told so far counts as read. */
  async function clear(...people: readonly Client[]): Promise<void> {
    for (const who of people) expect(await who.post('/api/notifications/read', { upTo: (await inbox(who))[0]?.id ?? 1 })).toMatchObject({ status: 204 })
  }

  test('a mention is told to who is mentioned, once, with the name of the writer and what it is about', async () => {
    const note = await create(anna, 'note', { text: 'Ask @Boris', about: about(), mentions: [borisId, annaId] })
    expect(await inbox(boris)).toMatchObject([{ kind: 'mentioned', read: false, entity: 'note', record: note, count: 1, title: 'Ask @Boris', about: about(), by: { id: annaId }, text: null }])
    expect(await inbox(anna)).toEqual([]) // nobody is told of what they did
    await anna.patch(`/api/records/note/${String(note)}`, { text: 'Ask him', mentions: [borisId] })
    expect(await unread(boris)).toBe(1)
    await clear(boris)
    expect(await unread(boris)).toBe(0)
    expect(await inbox(boris, '?unread=true')).toEqual([])
    expect(await inbox(boris)).toMatchObject([{ read: true }])
  })

  test('a mention of somebody who may not read it is told to the writer, and to nobody else', async () => {
    const refused = await anna.post('/api/records/note', { text: 'Secret', about: about(), mentions: [foreignId] })
    expect(refused).toMatchObject({ status: 422, body: { code: 'record.invalid', problems: [{ path: '/mentions', code: 'mention.unreadable' }] } })
    expect(refused.text).toContain('may not read this')
    const hidden = await anna.post('/api/records/note', { text: 'Mine', about: about(), mentions: [borisId], private: true })
    expect(hidden).toMatchObject({ status: 422, body: { problems: [{ code: 'mention.unreadable' }] } })
    expect(await unread(boris)).toBe(0)
    const people = await anna.get(`/api/records/member/${String(own)}/people?of=note`)
    const ids = (people.body as { people: readonly { id: number }[] }).people.map(({ id }) => id)
    expect(ids).toContain(borisId)
    expect(ids).not.toContain(foreignId)
    expect((await anna.get('/api/records/member/999999/people')).status).toBe(404)
  })

  test('A-115 who is given a task is told; many at once are told as one', async () => {
    await clear(boris)
    const task = await create(anna, 'task', { title: 'Call back', about: about(), assignee: borisId })
    expect(await inbox(boris, '?unread=true')).toMatchObject([{ kind: 'assigned', entity: 'task', record: task, title: 'Call back', by: { id: annaId } }])
    await anna.patch(`/api/records/task/${String(task)}`, { title: 'Call back soon' })
    expect(await unread(boris)).toBe(1)
    await anna.patch(`/api/records/task/${String(task)}`, { assignee: annaId })
    await anna.patch(`/api/records/task/${String(task)}`, { assignee: borisId })
    expect(await unread(boris)).toBe(2) // given anew: another cause
    await clear(boris)
    const many = Array.from({ length: 40 }, (_, i) => ({ title: `Task ${String(i)}`, about: about(), assignee: borisId }))
    expect(await anna.post('/api/records/task/bulk', { create: many })).toMatchObject({ status: 200 })
    expect(await inbox(boris, '?unread=true')).toMatchObject([{ kind: 'assigned', entity: 'task', record: null, count: 40 }])
    expect(await unread(boris)).toBe(1)
  })

  test('A-039 whoever may no longer read the record sees nothing of what they were told', async () => {
    await clear(boris)
    await create(anna, 'note', { text: 'Confidential', about: about(), mentions: [borisId] })
    await app.engine.database.write((tx) => notify(tx, { texts: new Map([[borisId, 'Look at Own member']]), about: { entity: app.engine.current.get().entities.get('member') ?? expect.fail(), id: own }, cause: 'run 1' }, null, new Date()))
    expect((await inbox(boris, '?unread=true')).map(({ text, title }) => text ?? title)).toEqual(['Look at Own member', 'Confidential'])
    await app.admin.patch(`/api/records/user/${String(borisId)}`, { stores: [] })
    const answer = await boris.get('/api/notifications?unread=true')
    expect(answer.text).not.toMatch(/Confidential|Own member|"note"/)
    expect(await unread(boris)).toBe(0)
    await app.admin.patch(`/api/records/user/${String(borisId)}`, { stores: [home] })
    expect(await unread(boris)).toBe(2)
  })

  test('the same message is said once; a kind that is switched off is not shown; nobody marks what is not theirs', async () => {
    await clear(boris)
    const say = (): Promise<number> => app.engine.database.write((tx) => notify(tx, { texts: new Map([[borisId, 'Backup done']]), cause: 'run 2' }, null, new Date()))
    expect([await say(), await say()]).toEqual([1, 0])
    const [told] = await inbox(boris, '?unread=true')
    expect(told).toMatchObject({ kind: 'message', text: 'Backup done', entity: null })
    await anna.post('/api/notifications/read', { ids: [told?.id ?? 0] })
    expect(await unread(boris)).toBe(1)
    expect(await boris.patch('/api/session/preferences', { notify: { message: false } })).toMatchObject({ status: 200 })
    expect(await unread(boris)).toBe(0)
    expect((await inbox(boris)).every(({ kind }) => kind !== 'message')).toBe(true)
    expect(await boris.patch('/api/session/preferences', { notify: { gossip: false } })).toMatchObject({ status: 400 })
    await boris.patch('/api/session/preferences', { notify: null })
    await boris.post('/api/notifications/read', { ids: [told?.id ?? 0] })
    expect(await unread(boris)).toBe(0)
    await boris.post('/api/notifications/read', { ids: [told?.id ?? 0], read: false })
    expect(await unread(boris)).toBe(1)
    expect((await boris.post('/api/notifications/read', { ids: 'all' })).status).toBe(400)
  })

  test('a reminder comes at its time, once, whoever looks and however often; what was missed is caught up', async () => {
    await clear(boris)
    const at = '2040-05-01T09:00:00Z'
    const [open, done, none] = [await create(anna, 'task', { title: 'Remind me', about: about(), assignee: borisId, remindAt: at }), await create(anna, 'task', { title: 'Done', about: about(), assignee: borisId, remindAt: at }), await create(anna, 'task', { title: 'Nobody', about: about(), remindAt: at })]
    await boris.patch(`/api/records/task/${String(done)}`, { state: 'done' })
    const other = await app.another()
    const look = async (moment: string): Promise<number> => (await Promise.all([app, other].map(({ engine }) => remind(engine, new Date(moment))))).reduce((sum, n) => sum + n, 0)
    expect(await look('2040-05-01T08:59:59Z')).toBe(0)
    expect(await look(at)).toBe(2)
    expect((await inbox(anna, '?unread=true')).filter(({ kind }) => kind === 'reminder'), 'whom it is given to, else who made it').toMatchObject([{ record: none, title: 'Nobody' }])
    expect(await look('2040-05-01T09:00:05Z')).toBe(0)
    const reminders = async (): Promise<readonly Item[]> => (await inbox(boris, '?unread=true')).filter(({ kind }) => kind === 'reminder')
    expect(await reminders()).toMatchObject([{ entity: 'task', record: open, title: 'Remind me', by: null }])
    await anna.patch(`/api/records/task/${String(none)}`, { assignee: borisId, remindAt: '2040-05-03T09:00:00Z' })
    expect(await look('2040-05-06T00:00:00Z')).toBe(1) // nobody looked for days
    expect((await reminders()).map(({ record }) => record)).toEqual([none, open])
  })

  test('old ones are forgotten: read ones first', async () => {
    await clear(boris)
    await app.engine.database.write((tx) => notify(tx, { texts: new Map([[borisId, 'Not read']]), cause: 'run 3' }, null, new Date()))
    await forgetOld(app.engine, new Date(Date.now() + 100 * 86_400_000))
    expect((await inbox(boris)).filter(({ kind }) => kind !== 'reminder')).toMatchObject([{ text: 'Not read' }])
    await forgetOld(app.engine, new Date('2060-01-01T00:00:00Z'))
    expect(await inbox(boris)).toEqual([])
  })
})
