/** Lists as files: what they show, in a form that programs and people can read back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { address, client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { over, sent } from '../support/imports.js'

describe.each(databaseKinds)('exports on %s', (database) => {
  let app: App
  beforeAll(async () => {
    app = await startApp({ database, layers: ['metadata/core', 'tests/packs/access'] })
    const store = ((await app.admin.post('/api/records/store', { name: 'North, gate' })).body as { readonly id: number }).id
    await app.admin.post('/api/records/member/bulk', { create: [
      { name: '=1+1', code: 'e-1', store, income: 20, joined: '2024-02-29' },
      { name: '成都 "x"', code: "'=2", store, tier: 'gold', income: 12 },
    ] })
  })
  afterAll(() => app.close())

  const file = async (query: Readonly<Record<string, string>>): Promise<Uint8Array<ArrayBuffer>> => {
    const answer = await app.admin.get(address('/api/records/member/export', { sort: 'id', ...query }))
    expect(answer.status).toBe(200)
    return answer.bytes
  }
  const content = { fields: 'name,code,store.name,income,joined,tier' }

  test('A-074 CSV: another record by its name, formulas made harmless, and back again as they were', async () => {
    const { text, headers } = await app.admin.get(address('/api/records/member/export', { format: 'csv', sort: 'id', ...content }))
    expect(headers.get('content-disposition')).toBe("attachment; filename=\"Members.csv\"; filename*=UTF-8''Members.csv")
    expect(text.split('\r\n')).toEqual(['name,code,store.name,income,joined,tier', "'=1+1,e-1,\"North, gate\",20,2024-02-29,bronze", "\"成都 \"\"x\"\"\",''=2,\"North, gate\",12,,gold", ''])
    expect(await over(app.admin, await sent(app.admin, text, { entity: 'member', start: 'true', settings: { mode: 'upsert', key: 'code' } }))).toMatchObject({ result: { rows: 2, unchanged: 2, rejected: 0 } })
  })

  test('a workbook has typed cells, texts that are no formulas, and is read back as it was', async () => {
    const made = await sent(app.admin, await file({ format: 'xlsx', ...content }), { entity: 'member', start: 'true', name: 'x.xlsx', settings: { mode: 'upsert', key: 'code' } })
    expect(made).toMatchObject({ titles: ['name', 'code', 'store.name', 'income', 'joined', 'tier'] })
    expect(await over(app.admin, made)).toMatchObject({ result: { rows: 2, unchanged: 2, rejected: 0 } })
  })

  test('JSON Lines are the records as they are', async () => {
    const { text } = await app.admin.get(address('/api/records/member/export', { format: 'jsonl', sort: 'id', fields: 'name,store.name' }))
    expect(text.trimEnd().split('\n').map((line) => JSON.parse(line) as JsonObject)).toMatchObject([{ name: '=1+1', store: { name: 'North, gate' } }, { name: '成都 "x"' }])
  })

  test('a list of other records is no column', async () => {
    expect((await app.admin.get(address('/api/records/store/export', { format: 'csv', fields: 'name,members.name' }))).body).toMatchObject({ status: 400 })
  })

  test('a reader who goes away in the middle of an export ends it; the next one gets everything', async () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => ({ name: `Long ${String(i)} ${'x'.repeat(40)}`, code: `long-${String(i)}` }))
    for (let i = 0; i < 5; i++) expect((await app.admin.post('/api/records/member/bulk', { create: rows.map((row) => ({ ...row, code: `${row.code}-${String(i)}` })) })).status).toBeLessThan(300)
    const path = address('/api/records/member/export', { format: 'csv', sort: 'id', fields: 'name,code' })
    const { email } = (await (await app.as(['admin'])).get('/api/session')).body as { email: string }
    const cookie = (await client(app.url).post('/api/session', { email, password: 'a user of tests with a long password' })).headers.getSetCookie()[0]?.split(';')[0] ?? ''
    for (let i = 0; i < 3; i++) {
      const cancelled = new AbortController()
      const answer = await fetch(new URL(path, app.url), { headers: { cookie }, signal: cancelled.signal })
      await answer.body?.getReader().read()
      cancelled.abort()
    }
    expect((await app.admin.post('/api/records/member', { name: 'After', code: 'long-after' })).status).toBe(201)
    expect((await app.admin.get(path)).text.trimEnd().split('\r\n')).toHaveLength(5_004)
  })

  test('another record is told by its name and what makes sure of it, and is found again', async () => {
    await app.admin.post('/api/records/store', { name: 'Twin' })
    const second = Number(((await app.admin.post('/api/records/store', { name: 'Twin' })).body as JsonObject)['id'])
    const made = (await app.admin.post('/api/records/member', { name: 'Of twins', code: 'twins', store: second })).body as { readonly id: number }
    const { text } = await app.admin.get(address('/api/records/member/export', { format: 'csv', filter: { code: 'twins' }, fields: 'code,store' }))
    expect(text).toContain(`twins,Twin (#${String(second)})`)
    await app.admin.patch(`/api/records/member/${String(made.id)}`, { store: null })
    expect(await over(app.admin, await sent(app.admin, text, { entity: 'member', start: 'true', settings: { mode: 'update', key: 'code' } }))).toMatchObject({ result: { updated: 1, rejected: 0 } })
    expect((await app.admin.get(`/api/records/member/${String(made.id)}`)).body).toMatchObject({ store: second })
    const raw = await app.admin.get(address('/api/records/member/export', { format: 'csv', filter: { code: 'twins' }, fields: 'code,store', raw: 'true' }))
    expect(raw.text).toContain(`twins,${String(second)}`)
  })

  test('a column of numbers names records by what all of them find: their own numbers before ids', async () => {
    await app.admin.post('/api/records/member/bulk', { create: [{ name: 'A', code: '7001' }, { name: 'B', code: '7002' }] })
    const guess = async (cells: readonly string[]): Promise<unknown> => ((await sent(app.admin, ['member', ...cells].join('\n'), { entity: 'visit' }))['settings'] as { readonly columns: readonly JsonObject[] }).columns[0]
    expect(await guess(['7001', '7002'])).toMatchObject({ field: 'member', by: '' })
    expect(await guess(['7001', '1'])).toMatchObject({ field: 'member', by: 'id' })
  })
})
