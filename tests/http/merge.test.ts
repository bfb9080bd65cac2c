/** Two records become one and two again: values, references, computed values, rights, on both databases. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { address, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

interface Merged {
  readonly merge: number
  readonly record: JsonObject
  readonly moved: readonly { readonly entity: string; readonly count: number }[]
}
const path = '/api/records/member'

describe.each(databaseKinds)('merging on %s', (database) => {
  let app: App
  let admin: Client

  beforeAll(async () => {
    app = await startApp({ database, layers: ['metadata/core', 'metadata/retail'] })
    admin = app.admin
  })
  afterAll(() => app.close())

  let made = 0
  const create = async (entity: string, values: JsonObject): Promise<number> => {
    const answer = await admin.post(`/api/records/${entity}`, values)
    expect(answer.status, answer.text).toBe(201)
    return (answer.body as { id: number }).id
  }
  const record = async (entity: string, id: number, archived = false): Promise<JsonObject> => (await admin.get(`/api/records/${entity}/${String(id)}${archived ? '?archived=true' : ''}`)).body as JsonObject
  const count = async (entity: string, filter: JsonObject): Promise<number> => ((await admin.get(address(`/api/records/${entity}`, { filter, count: 'true', limit: '1' }))).body as { count: number }).count
  const purchase = (member: number, amount: number): Promise<number> => create('purchase', { member, amount, number: `MP${String(++made)}`, at: '2026-07-01T08:00:00Z' })
  const pair = async (): Promise<{ readonly a: number; readonly b: number; readonly phone: string }> => {
    const number = ++made
    const phone = `+1206555${String(1000 + number)}`
    const a = await create('member', { name: `Ann Pair${String(number)}`, city: 'Old Town' })
    const b = await create('member', { name: `Anne Pair${String(number)}`, phone, city: 'New Town', email: `pair${String(number)}@example.com` })
    return { a, b, phone }
  }
  const merge = async (body: JsonObject): Promise<Merged> => {
    const answer = await admin.post(`${path}/merge`, body)
    expect(answer.status, answer.text).toBe(200)
    return answer.body as Merged
  }

  test('the survivor has the chosen values and all references; links to the other one lead to it; undone everything is as before', async () => {
    const { a, b, phone } = await pair()
    const own = await purchase(a, 10)
    const others = [await purchase(b, 20), await purchase(b, 30)]
    const before = { a: await record('member', a), b: await record('member', b) }
    const look = await admin.post(`${path}/merge?dryRun=true`, { survivor: a, others: [b], values: { phone: b } })
    expect(look).toMatchObject({ status: 200, body: { merge: null, record: { phone }, moved: [{ entity: 'purchase', count: 2 }] } })
    expect(await record('member', a)).toEqual(before.a)

    const done = await merge({ survivor: a, others: [b], values: { phone: b, city: b, name: a } })
    expect(done).toMatchObject({ record: { id: a, phone, city: 'New Town', name: before.a['name'] }, moved: [{ entity: 'purchase', count: 2 }] })
    for (const id of [own, ...others]) expect(await record('purchase', id)).toMatchObject({ member: a })
    expect(await admin.get(`${path}/${String(b)}`)).toMatchObject({ status: 404, body: { code: 'record.unavailable', mergedInto: a } })
    expect(await record('member', b, true)).toMatchObject({ name: before.b['name'], archivedAt: expect.any(String) as string })
    const history = (await admin.get(`/api/records/purchase/${String(others[0])}/history`)).body as { entries: readonly { action: string; changes: Record<string, unknown> }[] }
    expect(history.entries.find(({ action }) => action === 'updated')?.changes).toMatchObject({ member: [b, a] })

    const back = await admin.post(`${path}/unmerge`, { merge: done.merge })
    expect(back).toMatchObject({ status: 200, body: { restored: [b], kept: { fields: [], references: [] } } })
    const stamps = ({ version: _v, updatedAt: _at, ...rest }: JsonObject): JsonObject => rest
    expect(stamps(await record('member', a))).toEqual(stamps(before.a))
    expect(stamps(await record('member', b))).toEqual(stamps(before.b))
    for (const id of others) expect(await record('purchase', id)).toMatchObject({ member: b })
    expect(await record('purchase', own)).toMatchObject({ member: a })
    expect((await admin.post(`${path}/unmerge`, { merge: done.merge })).status).toBe(404)
    expect((await admin.get(`${path}/${String(b)}`)).status).toBe(200)
  })

  test('a combination that must be unique does not stand in the way: the second one is put away, and comes back', async () => {
    const { a, b } = await pair()
    const campaign = await create('campaign', { code: `MC${String(++made)}`, name: `Merge campaign ${String(made)}`, startsOn: '2026-01-01', endsOn: '2026-02-01' })
    const first = await create('campaignMember', { campaign, member: a })
    const second = await create('campaignMember', { campaign, member: b })
    const { merge: number } = await merge({ survivor: a, others: [b] })
    expect(await count('campaignMember', { campaign })).toBe(1)
    expect(await record('campaignMember', first)).toMatchObject({ member: a })
    expect((await admin.post(`${path}/unmerge`, { merge: number })).status).toBe(200)
    expect(await record('campaignMember', second)).toMatchObject({ member: b })
  })

  test('what was changed since the merge stays as it is, and is told', async () => {
    const { a, b } = await pair()
    const third = await create('member', { name: `Third ${String(++made)}` })
    const [moved, elsewhere] = [await purchase(b, 1), await purchase(b, 2)]
    const { merge: number } = await merge({ survivor: a, others: [b], values: { city: b } })
    await admin.patch(`/api/records/purchase/${String(elsewhere)}`, { member: third })
    await admin.patch(`${path}/${String(a)}`, { city: 'Third Town' })
    expect((await admin.post(`${path}/unmerge`, { merge: number })).body).toMatchObject({ restored: [b], kept: { fields: ['city'], references: [{ entity: 'purchase', count: 1 }] } })
    expect(await record('purchase', moved)).toMatchObject({ member: b })
    expect(await record('purchase', elsewhere)).toMatchObject({ member: third })
    expect(await record('member', a)).toMatchObject({ city: 'Third Town' })
  })

  test('a survivor that is merged again leads on, and several become one', async () => {
    const [one, two] = [await pair(), await pair()]
    await merge({ survivor: one.b, others: [one.a] })
    await merge({ survivor: two.a, others: [one.b, two.b] })
    for (const id of [one.a, one.b, two.b]) expect((await admin.get(`${path}/${String(id)}`)).body).toMatchObject({ mergedInto: two.a })
  })

  test('A-032 A-035 without the rights nothing happens and nothing is told', async () => {
    const store = await create('store', { number: `MS${String(++made)}`, name: 'Elsewhere' })
    const { a, b } = await pair()
    const hidden = await create('member', { name: 'Hidden', store })
    await purchase(b, 5)
    const before = await record('member', a)
    for (const roles of [['employee'], ['clerk']]) {
      const who = await app.as(roles, { stores: [] })
      const answer = await who.post(`${path}/merge`, { survivor: a, others: [b] })
      expect([403, 404]).toContain(answer.status)
      expect(answer.text).not.toContain('Pair')
      expect((await who.get(`${path}/${String(b)}`)).text).not.toContain('mergedInto')
    }
    for (const [body, status] of [
      [{ survivor: a, others: [] }, 400], [{ survivor: a, others: [a] }, 400], [{ survivor: a, others: [b, b] }, 400], [{ survivor: a }, 400], [{ survivor: 'x', others: [b] }, 400],
      [{ survivor: a, others: [999_999] }, 404], [{ survivor: a, others: [b], values: { phone: hidden } }, 400], [{ survivor: a, others: [b], values: { nothing: b } }, 403], [{ survivor: a, others: [b], values: { memberNo: b } }, 400],
    ] as const) {
      const answer = await admin.post(`${path}/merge`, body)
      expect([status, status === 403 ? 400 : status], `${JSON.stringify(body)} ${answer.text}`).toContain(answer.status)
    }
    expect(await record('member', a)).toEqual(before)
    expect((await admin.post('/api/records/user/merge', { survivor: 1, others: [2] })).status).toBe(422)
  })

  test('merges that were done are listed for those who could take them back, as far as they read the records', async () => {
    const { a, b } = await pair()
    const { merge: id } = await merge({ survivor: a, others: [b] })
    const list = async (who: Client): Promise<readonly JsonObject[]> => ((await who.get(`${path}/merges`)).body as { merges: readonly JsonObject[] }).merges
    const names = { a: (await record('member', a))['name'], b: (await record('member', b, true))['name'] }
    expect((await list(admin))[0]).toMatchObject({ id, survivor: { id: a, title: names.a }, others: [{ id: b, title: names.b }], undone: false })
    expect((await admin.post(`${path}/unmerge`, { merge: id })).status).toBe(200)
    expect((await list(admin))[0]).toMatchObject({ id, undone: true })
    expect((await admin.get(`${path}/merges?before=${String(id)}`)).body).toMatchObject({ merges: expect.not.arrayContaining([expect.objectContaining({ id }) as unknown]) as unknown })
    const stranger = await app.as(['employee'])
    expect((await stranger.get(`${path}/merges`)).status).toBe(404)
    const analyst = await app.as(['analyst'])
    expect((await analyst.get(`${path}/merges`)).status).toBe(403)
  })
})
