/** Notes and tasks follow the rights of the record that they are about; what is one's own stays one's own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startApp, type App } from '../support/app.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import type { Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

describe.each(databaseKinds)('notes and tasks on %s', (database) => {
  let app: App
  let [home, own, foreign] = [0, 0, 0]
  let clerk: Client
  let colleague: Client
  let analyst: Client
  beforeAll(async () => {
    app = await startApp({ database })
    home = await create(app.admin, 'store', { name: 'Own', number: '1' })
    const away = await create(app.admin, 'store', { name: 'Foreign', number: '2' })
    own = await create(app.admin, 'member', { name: 'Own member', store: home })
    foreign = await create(app.admin, 'member', { name: 'Foreign member', store: away })
    clerk = await app.as(['clerk'], { stores: [home] })
    colleague = await app.as(['clerk'], { stores: [home] })
    analyst = await app.as(['analyst'])
  })
  afterAll(() => app.close())

  async function create(who: Client, entity: string, body: JsonObject): Promise<number> {
    const answer = await who.post(`/api/records/${entity}`, body)
    expect(answer.status, answer.text).toBe(201)
    return (answer.body as { id: number }).id
  }

  const seen = async (who: Client, entity: string): Promise<readonly number[]> => {
    const answer = await who.get(`/api/records/${entity}?fields=id&sort=id`)
    return answer.status === 200 ? (answer.body as { records: readonly { id: number }[] }).records.map(({ id }) => id) : []
  }

  test('who reads the record reads its notes, but for private ones; nobody else does', async () => {
    const [open, hidden] = [await create(clerk, 'note', { text: 'Called', about: `member/${String(own)}` }), await create(clerk, 'note', { text: 'Mine', about: { entity: 'member', id: own }, private: true })]
    const other = await create(app.admin, 'note', { text: 'Elsewhere', about: { entity: 'member', id: foreign } })
    expect(await seen(clerk, 'note')).toEqual([open, hidden])
    expect(await seen(colleague, 'note')).toEqual([open])
    expect(await seen(app.admin, 'note')).toEqual([open, hidden, other])
    expect(await seen(analyst, 'note')).toEqual([])
    expect((await clerk.get(`/api/records/note/${String(other)}`)).status).toBe(404)
    expect((await colleague.patch(`/api/records/note/${String(open)}`, { text: 'Changed' })).status).toBe(403)
    const about = await clerk.get(`/api/records/member/${String(own)}?expand=notesAbout`)
    expect((about.body as { notesAbout: readonly { id: number }[] }).notesAbout.map(({ id }) => id)).toEqual([open, hidden])
  })

  test('nothing is written about a record that one may not read', async () => {
    const refused = await clerk.post('/api/records/note', { text: 'Guess', about: { entity: 'member', id: foreign } })
    const none = await clerk.post('/api/records/note', { text: 'Guess', about: { entity: 'member', id: 999_999 } })
    expect(refused.status).toBe(422)
    const told = (answer: typeof refused): unknown => (answer.body as { problems?: unknown }).problems
    expect(told(refused)).toEqual(told(none))
  })

  test('a task is done by whoever may read what it is about, and is seen by whoever it is given to', async () => {
    const task = await create(clerk, 'task', { title: 'Call back', due: '2026-01-02', about: { entity: 'member', id: own } })
    expect((await colleague.patch(`/api/records/task/${String(task)}`, { state: 'done' })).status).toBe(200)
    const { id } = (await clerk.get('/api/session')).body as { id: number }
    const given = await create(app.admin, 'task', { title: 'Elsewhere', about: { entity: 'member', id: foreign }, assignee: id })
    const read = await clerk.get(`/api/records/task/${String(given)}?expand=about`)
    expect(read.body).toMatchObject({ title: 'Elsewhere' })
    expect(read.text).not.toContain('Foreign member') // the member is not theirs to know
    expect((await clerk.patch(`/api/records/task/${String(given)}`, { state: 'done' })).status).toBe(200)
    expect(await seen(colleague, 'task')).toEqual([task])
  })

  interface Item { readonly kind: string; readonly at: string; readonly number: number; readonly change?: { readonly changes: object }; readonly record?: JsonObject }

  /** All pages of a timeline, each of so many items. */
  async function timelineOf(who: Client, id: number, limit: number, kinds = ''): Promise<readonly Item[]> {
    const items: Item[] = []
    for (let cursor = ''; ;) {
      const answer = await who.get(`/api/records/member/${String(id)}/timeline?limit=${String(limit)}${kinds}${cursor}`)
      expect(answer.status, answer.text).toBe(200)
      const { items: page, next } = answer.body as { items: readonly Item[]; next: string | null }
      items.push(...page)
      if (next === null) return items
      cursor = `&cursor=${encodeURIComponent(next)}`
    }
  }

  test('a timeline has changes, notes, tasks and what the definition names, newest first, the same in pages of any size', async () => {
    const id = await create(app.admin, 'member', { name: 'Timed', store: home })
    // At one moment, and a day that begins where it ends: the order is the same nevertheless.
    for (const number of ['a', 'b', 'c']) await create(app.admin, 'purchase', { number: `T-${number}`, member: id, store: home, at: '2026-03-01T00:00:00Z', amount: 1 })
    const campaign = await create(app.admin, 'campaign', { code: 'T1', name: 'Spring', type: 'A', startsOn: '2026-03-01', endsOn: '2026-03-09' })
    const coupon = await create(app.admin, 'coupon', { code: 'T1', campaign })
    await create(app.admin, 'couponRedemption', { member: id, coupon, redeemedOn: '2026-03-01' })
    await create(clerk, 'note', { text: 'Open', about: { entity: 'member', id } })
    await create(clerk, 'note', { text: 'Private', about: { entity: 'member', id }, private: true })
    await app.admin.patch(`/api/records/member/${String(id)}`, { city: 'Uppsala' })

    const whole = await timelineOf(app.admin, id, 100)
    expect(new Set(whole.map(({ kind }) => kind))).toEqual(new Set(['changes', 'notesAbout', 'purchases', 'couponRedemptions']))
    expect(whole.map(({ at }) => at)).toEqual(whole.map(({ at }) => at).toSorted().toReversed())
    for (const limit of [1, 2, 3]) expect(await timelineOf(app.admin, id, limit)).toEqual(whole)
    expect((await timelineOf(app.admin, id, 2, '&kinds=purchases')).map(({ record }) => record?.['number'])).toEqual(['T-c', 'T-b', 'T-a'])
    const texts = (items: readonly Item[]): readonly unknown[] => items.filter(({ kind }) => kind === 'notesAbout').map(({ record }) => record?.['text'])
    expect(texts(await timelineOf(clerk, id, 5))).toEqual(['Private', 'Open'])
    expect(texts(await timelineOf(colleague, id, 5))).toEqual(['Open'])
    expect((await timelineOf(clerk, id, 5)).some(({ kind }) => kind === 'changes')).toBe(false) // clerks see no history
    expect((await clerk.get(`/api/records/member/${String(foreign)}/timeline`)).status).toBe(404)
    expect((await clerk.get(`/api/records/member/${String(id)}/timeline?cursor=1`)).status).toBe(400)
  })
})
