/** Two processes on one database, one of which has not heard yet. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { compose } from '../../engine/compose.js'
import { readConfig } from '../../engine/config.js'
import { create } from '../../engine/operations/records/write.js'
import { callOf } from '../../engine/operations/call.js'
import { systemActor } from '../../engine/operations/call.js'
import { client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { clients, ground, type Ground } from './ground.js'

describe.each(databaseKinds)('two nodes on %s', (database) => {
  let place: Ground
  beforeAll(async () => {
    place = await ground(database)
  })
  afterAll(() => place.app.close())

  test('A-140 a write that was prepared before a publish elsewhere is judged by what was published', async () => {
    const { app, admin, mine } = place
    const other = await app.another()
    const stale = other.engine.current.get()
    const path = '/client~1entity.json/properties'
    expect((await admin.patch('/api/definitions/draft', [{ op: 'replace', path: `${path}/score`, value: { type: 'integer', minimum: 0, maximum: 10 } }, { op: 'add', path: `${path}/labels/crm`, value: { archived: true } }])).status).toBe(200)
    const { steps } = (await admin.post('/api/definitions/plan')).body as { steps: { key: string }[] }
    expect((await admin.post('/api/definitions/publish', { consent: steps.map(({ key }) => key) })).status).toBe(201)
    // The other process still holds the old model: a request that came in at this very moment.
    expect(other.engine.current.get()).toBe(stale)
    const admins = { ...systemActor, id: 1, roles: ['admin'] }
    for (const body of [{ name: 'x', score: 11, branch: mine.branch }, { name: 'x', labels: ['gone'], branch: mine.branch }]) {
      await expect(create(callOf(other.engine, admins, stale), { entity: 'client', body })).rejects.toMatchObject({ name: 'Problem' })
    }
    expect(other.engine.current.get().version).toBe(2)
  })

  test.runIf(database === 'postgres')('A-154 a database that goes is told at once, and used again when it is back; what nobody heard of is done once', async () => {
    const { app, admin, mine } = place
    const way = await wayTo(new URL(app.database.url))
    const node = await compose(readConfig({ PORT: '0', DATABASE_URL: way.url, TESSERA_DEMO: '0', TESSERA_LAYERS: 'metadata/core,tests/attacks/pack' }), { info: () => {}, warn: () => {}, error: () => {} })
    try {
      const cookie = (await client(app.url).post('/api/session', { email: 'admin@example.com', password: 'an administrator of tests' })).headers.getSetCookie()[0]?.split(';')[0] ?? ''
      const there = client(await node.listen(), { cookie })
      const named = async (name: string): Promise<number> => ((await admin.get(`${clients}?filter=${JSON.stringify({ name })}`)).body as { readonly records: readonly unknown[] }).records.length
      const add = (name: string) => there.post(clients, { name, branch: mine.branch }, { 'idempotency-key': `the-key-of-${name}` })
      expect((await there.get(clients)).status).toBe(200)

      // The connection is cut when the server has been told to commit, before anybody hears what came of it.
      way.cutAt('COMMIT')
      expect((await add('Unheard')).body).toMatchObject({ status: 503, code: 'storage.busy' })
      await expect.poll(() => named('Unheard')).toBe(1)
      expect((await add('Unheard')).status).toBe(201)
      expect(await named('Unheard')).toBe(1)
      // Cut before it, nothing was done.
      way.cutAt('INSERT INTO')
      expect((await add('Undone')).body).toMatchObject({ status: 503, code: 'storage.busy' })
      expect(await named('Undone')).toBe(0)

      way.close()
      for (const answer of [await there.get(clients), await there.get('/api/model'), await add('Away')]) expect(answer.body).toMatchObject({ status: 503, code: 'storage.busy' })
      expect([(await there.get('/healthz')).status, (await there.get('/readyz')).status]).toEqual([200, 503])
      way.open()
      expect((await there.get(clients)).status).toBe(200)
      expect((await add('Away')).status).toBe(201)
      await expect.poll(async () => (await there.get('/readyz')).status, { timeout: 20_000 }).toBe(200)
    } finally {
      await node.close()
      await way.end()
    }
  })
})

/** A way to the server of a database that can be closed, and cut when a word goes by. */
async function wayTo(server: URL): Promise<{ readonly url: string; cutAt(word: string): void; close(): void; open(): void; end(): Promise<void> }> {
  const sockets = new Set<Socket>()
  let [isOpen, word] = [true, '']
  const proxy = createServer((near) => {
    if (!isOpen) return near.destroy()
    const far = connect(Number(server.port), server.hostname)
    const both = [near, far]
    for (const socket of both) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        for (const other of both) other.destroy()
      })
    }
    far.pipe(near)
    near.on('data', (bytes: Buffer) => {
      if (word === '' || !bytes.includes(word)) return far.write(bytes)
      const last = word === 'COMMIT'
      word = ''
      near.destroy()
      return last ? far.end(bytes) : far.destroy()
    })
    return undefined
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const url = new URL(server)
  url.port = String((proxy.address() as AddressInfo).port)
  url.hostname = '127.0.0.1'
  return {
    url: url.href,
    cutAt: (next) => void (word = next),
    close: () => {
      isOpen = false
      for (const socket of sockets) socket.destroy()
    },
    open: () => void (isOpen = true),
    end: () => new Promise((resolve) => {
      for (const socket of sockets) socket.destroy()
      proxy.close(() => resolve())
    }),
  }
}
