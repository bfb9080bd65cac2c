import { describe, expect, test } from 'vitest'

import { startApp } from '../support/app.js'
import { databaseKinds } from '../support/databases.js'

/** Requests that come together may share one reading of their session; nobody may notice. */
describe.each(databaseKinds)('many requests of one session on %s', (database) => {
  const many = Array.from({ length: 30 }, (_, i) => i)

  test('each is answered as its own user, and as nobody once the session has ended', async () => {
    const app = await startApp({ database })
    try {
      const clerk = await app.as(['clerk'])
      const asked = await Promise.all(many.map((i) => (i % 2 === 0 ? app.admin : clerk).get('/api/session')))
      const names = asked.map(({ body }) => (body as { roles: string[] }).roles.join())
      expect(names).toEqual(many.map((i) => (i % 2 === 0 ? 'admin' : 'clerk')))
      // Others are being read at the moment when the session ends.
      const before = many.map(() => clerk.get('/api/session'))
      expect((await clerk.delete('/api/session')).status).toBe(204)
      const after = await Promise.all(many.map(() => clerk.get('/api/session')))
      expect(after.map(({ status }) => status)).toEqual(many.map(() => 401))
      for (const { status } of await Promise.all(before)) expect([200, 401]).toContain(status)
    } finally {
      await app.close()
    }
  })
})
