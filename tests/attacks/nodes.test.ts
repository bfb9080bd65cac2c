/** Two processes on one database, one of which has not heard yet. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { create } from '../../engine/operations/records/write.js'
import { callOf } from '../../engine/operations/call.js'
import { systemActor } from '../../engine/operations/call.js'
import { databaseKinds } from '../support/databases.js'
import { ground, type Ground } from './ground.js'

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
    expect((await admin.patch('/api/definitions/draft', [{ op: 'replace', path: `${path}/score`, value: { type: 'integer', minimum: 0, maximum: 10 } }, { op: 'add', path: `${path}/notes/crm/archived`, value: true }])).status).toBe(200)
    const { steps } = (await admin.post('/api/definitions/plan')).body as { steps: { key: string }[] }
    expect((await admin.post('/api/definitions/publish', { consent: steps.map(({ key }) => key) })).status).toBe(201)
    // The other process still holds the old model: a request that came in at this very moment.
    expect(other.engine.current.get()).toBe(stale)
    const admins = { ...systemActor, id: 1, roles: ['admin'] }
    for (const body of [{ name: 'x', score: 11, branch: mine.branch }, { name: 'x', notes: 'gone', branch: mine.branch }]) {
      await expect(create(callOf(other.engine, admins, stale), { entity: 'client', body })).rejects.toMatchObject({ name: 'Problem' })
    }
    expect(other.engine.current.get().version).toBe(2)
  })
})
