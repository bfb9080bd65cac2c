import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startApp, type App } from '../support/app.js'
import type { Json } from '../../metadata/contract/json.js'
import { client, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

interface Heard {
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Listens until `enough` of what came, or until the stream ends; fails when neither happens in ten seconds. */
async function listen(who: Client & { readonly identity: Readonly<Record<string, string>> }, act: () => Promise<unknown>, enough: (heard: readonly Heard[]) => boolean, query = ''): Promise<{ readonly heard: readonly Heard[]; readonly ended: boolean }> {
  const stop = AbortSignal.timeout(10_000)
  const answer = await fetch(new URL(`/api/events${query}`, who.url), { headers: who.identity, signal: stop })
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  if (answer.body === null) throw new Error('no stream')
  const heard: Heard[] = []
  let acted = false
  let rest = ''
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return { heard, ended: true }
    rest += value
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block)?.[1]
      if (event !== undefined) heard.push({ event, data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '{}') as Heard['data'] })
    }
    if (!acted) {
      acted = true
      await act()
    }
    if (enough(heard)) {
      await reader.cancel()
      return { heard, ended: false }
    }
  }
}

describe.each(databaseKinds)('events on %s', (database) => {
  let app: App
  beforeEach(async () => {
    app = await startApp({ database })
  })
  afterEach(() => app.close())

  /** A user with these roles, and their cookie. */
  async function person(roles: readonly string[], fields = {}): Promise<Client & { readonly identity: Readonly<Record<string, string>> }> {
    const who = await app.as(roles, fields)
    const { email } = (await who.get('/api/session')).body as { email: string }
    const cookie = (await client(app.url).post('/api/session', { email, password: 'a user of tests with a long password' })).headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return { ...client(app.url, { cookie }), identity: { cookie } }
  }

  async function create(entity: string, values: Record<string, string | number>): Promise<number> {
    const answer = await app.admin.post(`/api/records/${entity}`, values)
    if (answer.status !== 201) throw new Error(answer.text)
    return (answer.body as { id: number }).id
  }

  const ofMembers = (heard: readonly Heard[]): readonly Heard['data'][] => heard.filter(({ event, data }) => event === 'record' && data['entity'] === 'member').map(({ data }) => data)

  test('a change of a record is heard by those who may read it, and by nobody else', async () => {
    const [own, foreign] = [await create('store', { name: 'Own', number: '1' }), await create('store', { name: 'Foreign', number: '2' })]
    const clerk = await person(['clerk'], { stores: [own] })
    const ids: number[] = []
    const { heard } = await listen(clerk, async () => {
      ids.push(await create('member', { name: 'Hidden', store: foreign }), await create('member', { name: 'Seen', store: own }))
      await app.admin.patch(`/api/records/member/${ids[1] ?? 0}`, { name: 'Seen again' })
    }, (all) => ofMembers(all).length >= 2)
    // Their store is heard of too: it counts its members.
    expect(ofMembers(heard)).toEqual([
      { entity: 'member', id: ids[1], version: 1, action: 'created' },
      { entity: 'member', id: ids[1], version: 2, action: 'updated' },
    ])
    expect(JSON.stringify(heard)).not.toContain('Seen')
  })

  test('a publish is heard with its version, also when another node made it', async () => {
    const other = await app.another()
    const admin = await person(['admin'])
    const { heard } = await listen(admin, async () => {
      await other.admin.patch('/api/definitions/draft', [{ op: 'add', path: '/member~1entity.json/properties/vip', value: { type: 'boolean' } }])
      expect((await other.admin.post('/api/definitions/publish', {})).status).toBe(201)
      await create('member', { name: 'Wakes the stream' })
    }, (all) => all.some(({ event }) => event === 'model'))
    expect(heard.find(({ event }) => event === 'model')?.data).toEqual({ version: 2 })
  })

  test('looking whether something was published, as each process does again and again, tells nobody anything', async () => {
    const admin = await person(['admin'])
    const { heard } = await listen(admin, async () => {
      for (let i = 0; i < 3; i++) await app.engine.refresh()
      await create('member', { name: 'Wakes the stream' })
    }, (all) => ofMembers(all).length > 0)
    expect(heard.map(({ event }) => event)).toEqual(['record'])
  })

  test('A-039 a right that is taken away counts before the next event; an ended session ends the stream', async () => {
    const manager = await person(['manager'])
    const { id } = (await manager.get('/api/session')).body as { id: number }
    const { heard, ended } = await listen(manager, async () => {
      await app.admin.patch(`/api/records/user/${id}`, { roles: [] })
      await create('member', { name: 'Not for them' })
      await manager.delete('/api/session')
      await create('member', { name: 'Nor this' })
    }, () => false)
    expect(ended).toBe(true)
    expect(heard.filter(({ event }) => event === 'record')).toEqual([])
  })

  test('strangers hear nothing', async () => {
    expect((await client(app.url).get('/api/events')).status).toBe(401)
  })

  test('who has a record open is known to those who have it open too, and to nobody else; it ends with the stream', async () => {
    const [own, foreign] = [await create('store', { name: 'Own', number: '1' }), await create('store', { name: 'Foreign', number: '2' })]
    const member = await create('member', { name: 'Open', store: own })
    const [anna, boris, carla] = [await person(['clerk'], { stores: [own] }), await person(['clerk'], { stores: [own] }), await person(['clerk'], { stores: [foreign] })]
    const nameOf = async (who: Client): Promise<{ readonly id: number; readonly name: string }> => {
      const { id, name } = (await who.get('/api/session')).body as { id: number; name: string }
      return { id, name }
    }
    const pages = { anna: 'page-of-anna-0001', boris: 'page-of-boris-001', carla: 'page-of-carla-001' }
    const at = (who: Client, page: string, editing = false): Promise<Answer> => who.request('PUT', `/api/records/member/${String(member)}/presence`, { body: { page, editing } })
    const others = async (who: Client, page: string): Promise<Json> => ((await at(who, page)).body as { others: Json }).others

    expect(await others(anna, pages.anna)).toEqual([])
    expect(await at(carla, pages.carla)).toMatchObject({ status: 404 })
    const { heard } = await listen(anna, () => at(boris, pages.boris, true), (all) => all.some(({ event }) => event === 'presence'), `?page=${pages.anna}`)
    expect(heard.find(({ event }) => event === 'presence')?.data).toEqual({})
    // The stream of Anna has ended: she is gone, though her page did not say so.
    await expect.poll(() => at(boris, pages.boris, true).then(({ body }) => body)).toEqual({ others: [] })
    expect(await others(anna, pages.anna)).toEqual([{ ...(await nameOf(boris)), editing: true }])
    // Nobody speaks for the page of somebody else, nor ends it.
    await anna.delete(`/api/presence/${pages.boris}`)
    await at(anna, pages.boris)
    expect(await others(anna, pages.anna)).toEqual([{ ...(await nameOf(boris)), editing: true }])
    // Another process knows, too.
    const elsewhere = client((await app.another()).url, anna.identity)
    expect(await others(elsewhere, pages.anna)).toEqual([{ ...(await nameOf(boris)), editing: true }])
    await boris.delete(`/api/presence/${pages.boris}`)
    expect(await others(anna, pages.anna)).toEqual([])
    // A right that was taken away ends it at the next word.
    await at(boris, pages.boris)
    await app.admin.patch(`/api/records/user/${String((await nameOf(boris)).id)}`, { stores: [foreign] })
    expect(await at(boris, pages.boris)).toMatchObject({ status: 404 })
    expect(await others(anna, pages.anna)).toEqual([])
    expect((await at(anna, 'short')).status).toBe(400)
  })

  test('who designs knows who else does, and that they have changes', async () => {
    const [clerk, one, other] = [await person(['clerk']), await person(['admin']), await person(['admin'])]
    const { id, name } = (await other.get('/api/session')).body as { id: number; name: string }
    const at = (who: Client, page: string, editing = false): Promise<Answer> => who.request('PUT', '/api/definitions/presence', { body: { page, editing } })
    expect(await at(clerk, 'page-of-a-clerk-01')).toMatchObject({ status: 403 })
    expect(await at(one, 'page-of-one-000001')).toMatchObject({ status: 200, body: { others: [] } })
    const { heard } = await listen(one, () => at(other, 'page-of-other-0001', true), (all) => all.some(({ event }) => event === 'presence'), '?page=page-of-one-000001')
    expect(heard.some(({ event }) => event === 'presence')).toBe(true)
    expect(await at(one, 'page-of-one-000001')).toMatchObject({ body: { others: [{ id, name, editing: true }] } })
    await other.delete('/api/presence/page-of-other-0001')
    expect(await at(one, 'page-of-one-000001')).toMatchObject({ body: { others: [] } })
  })

  test('whoever has a member open hears that its computed values followed from a purchase', async () => {
    const store = await create('store', { number: 'S1', name: 'One' })
    const member = await create('member', { name: 'Live', store })
    const manager = await person(['manager'])
    const { heard } = await listen(manager, () => create('purchase', { number: 'P1', member, store, at: '2026-01-01T10:00:00Z', amount: 5 }), (all) => all.some(({ data }) => data['entity'] === 'member'))
    expect(heard.find(({ data }) => data['entity'] === 'member')?.data).toMatchObject({ id: member, version: 1, action: 'derived' })
    expect((await manager.get(`/api/records/member/${String(member)}`)).body).toMatchObject({ spent: 5, purchasesCount: 1 })
  })
})
