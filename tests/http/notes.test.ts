/** Notes and tasks follow the rights of the record that they are about; what is one's own stays one's own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startApp, type App } from '../support/app.js'
import type { Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

describe.each(databaseKinds)('notes and tasks on %s', (database) => {
  let app: App
  let [own, foreign] = [0, 0]
  let [clerk, colleague, analyst]: Client[] = []
  beforeAll(async () => {
    app = await startApp({ database })
    const stores = [await create(app.admin, 'store', { name: 'Own', number: '1' }), await create(app.admin, 'store', { name: 'Foreign', number: '2' })]
    own = await create(app.admin, 'member', { name: 'Own member', store: stores[0] })
    foreign = await create(app.admin, 'member', { name: 'Foreign member', store: stores[1] })
    clerk = await app.as(['clerk'], { stores: [stores[0]] })
    colleague = await app.as(['clerk'], { stores: [stores[0]] })
    analyst = await app.as(['analyst'])
  })
  afterAll(() => app.close())

  async function create(who: Client | undefined, entity: string, body: object): Promise<number> {
    const answer = await who?.post(`/api/records/${entity}`, body)
    expect(answer?.status, answer?.text).toBe(201)
    return (answer?.body as { id: number }).id
  }

  const seen = async (who: Client | undefined, entity: string): Promise<readonly number[]> => {
    const answer = await who?.get(`/api/records/${entity}?fields=id&sort=id`)
    return answer?.status === 200 ? (answer.body as { records: readonly { id: number }[] }).records.map(({ id }) => id) : []
  }

  test('who reads the record reads its notes, but for private ones; nobody else does', async () => {
    const [open, hidden] = [await create(clerk, 'note', { text: 'Called', about: `member/${String(own)}` }), await create(clerk, 'note', { text: 'Mine', about: { entity: 'member', id: own }, private: true })]
    const other = await create(app.admin, 'note', { text: 'Elsewhere', about: { entity: 'member', id: foreign } })
    expect(await seen(clerk, 'note')).toEqual([open, hidden])
    expect(await seen(colleague, 'note')).toEqual([open])
    expect(await seen(app.admin, 'note')).toEqual([open, hidden, other])
    expect(await seen(analyst, 'note')).toEqual([])
    expect((await clerk?.get(`/api/records/note/${String(other)}`))?.status).toBe(404)
    expect((await colleague?.patch(`/api/records/note/${String(open)}`, { text: 'Changed' }))?.status).toBe(403)
    const about = await clerk?.get(`/api/records/member/${String(own)}?expand=notesAbout`)
    expect((about?.body as { notesAbout: readonly { id: number }[] }).notesAbout.map(({ id }) => id)).toEqual([open, hidden])
  })

  test('nothing is written about a record that one may not read', async () => {
    const refused = await clerk?.post('/api/records/note', { text: 'Guess', about: { entity: 'member', id: foreign } })
    const none = await clerk?.post('/api/records/note', { text: 'Guess', about: { entity: 'member', id: 999_999 } })
    expect(refused?.status).toBe(422)
    const told = (answer: typeof refused): unknown => (answer?.body as { problems?: unknown } | undefined)?.problems
    expect(told(refused)).toEqual(told(none))
  })

  test('a task is done by whoever may read what it is about, and is seen by whoever it is given to', async () => {
    const task = await create(clerk, 'task', { title: 'Call back', due: '2026-01-02', about: { entity: 'member', id: own } })
    expect((await colleague?.patch(`/api/records/task/${String(task)}`, { state: 'done' }))?.status).toBe(200)
    const { id } = (await clerk?.get('/api/session'))?.body as { id: number }
    const given = await create(app.admin, 'task', { title: 'Elsewhere', about: { entity: 'member', id: foreign }, assignee: id })
    const read = await clerk?.get(`/api/records/task/${String(given)}?expand=about`)
    expect(read?.body).toMatchObject({ title: 'Elsewhere' })
    expect(read?.text).not.toContain('Foreign member') // the member is not theirs to know
    expect((await clerk?.patch(`/api/records/task/${String(given)}`, { state: 'done' }))?.status).toBe(200)
    expect(await seen(colleague, 'task')).toEqual([task])
  })
})
