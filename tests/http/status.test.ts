/** Whoever is signed in learns that the sample data is not complete yet. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { advanceLoad } from '../../engine/storage/own/loads.js'
import { startApp, type App } from '../support/app.js'
import { client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

describe.each(databaseKinds)('GET /api/status on %s', (database) => {
  let app: App
  beforeAll(async () => {
    app = await startApp({ database })
  })
  afterAll(() => app.close())

  const note = (part: string, from: number, to: number, total: number): Promise<boolean> =>
    app.engine.database.write((tx) => advanceLoad(tx, 'demo', part, { from, to, total }))

  test('it tells how far a load has come, and nothing before and after', async () => {
    const clerk = await app.as(['clerk'], { stores: [] })
    const loading = async (): Promise<unknown> => (await clerk.get('/api/status')).body
    expect(await loading()).toEqual({ loading: null })
    await note('', 0, 0, 500)
    await note('member', 0, 120, 300)
    expect(await loading()).toEqual({ loading: { done: 120, total: 500 } })
    await note('', 0, 500, 500)
    expect(await loading()).toEqual({ loading: null })
    expect((await client(app.url).get('/api/status')).status).toBe(401)
  })
})
