import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startApp, type App } from './app.js'
import { client } from './client.js'
import { databaseKinds } from './databases.js'

describe.each(databaseKinds)('the product started for a test on %s', (database) => {
  let app: App

  beforeAll(async () => {
    app = await startApp({ database })
  })

  afterAll(() => app.close())

  test('knows its administrator and nobody else', async () => {
    expect(await app.admin.get('/api/session')).toMatchObject({ status: 200, body: { name: 'Administrator' } })
    expect(await client(app.url).get('/api/session')).toMatchObject({ status: 401, body: { code: 'session.required' } })
  })

  test('makes users with the wished roles', async () => {
    const clerk = await app.as(['clerk'], { timeZone: 'Asia/Shanghai' })
    expect(await clerk.get('/api/session')).toMatchObject({ status: 200, body: { roles: ['clerk'], timeZone: 'Asia/Shanghai' } })
  })

  test('two on one database see the same, two apps do not', async () => {
    const other = await app.another()
    const apart = await startApp({ database })
    const made = await app.admin.post('/api/records/campaign', { code: 'HERE', name: 'Only here', startsOn: '2026-01-01', endsOn: '2026-02-01' })
    expect(made).toMatchObject({ status: 201 })
    const path = made.headers.get('location') ?? ''
    expect(await other.admin.get(path)).toMatchObject({ status: 200 })
    expect(await apart.admin.get(path)).toMatchObject({ status: 404 })
    await apart.close()
  })
})
