/** The audit log: who looked, exported, signed in, changed what, in a chain that nobody alters unseen. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { sealAll } from '../../engine/operations/audit/sealer.js'
import { createToken, endToken } from '../../engine/operations/people/users.js'
import { examine } from '../../engine/operations/upkeep/doctor.js'
import type { Json } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { address, client, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

interface Entry {
  readonly number: number
  readonly by: number | null
  readonly action: string
  readonly entity: string | null
  readonly records: readonly number[]
  readonly fields: readonly string[]
  readonly detail: Readonly<Record<string, Json>>
}

const idOf = (answer: Answer): number => (answer.body as { id: number }).id
const whoIs = async (who: Client): Promise<number> => idOf(await who.get('/api/session'))

/** Entries newest first. */
async function audit(app: App, query: Readonly<Record<string, Json>> = {}): Promise<readonly Entry[]> {
  const answer = await app.admin.get(address('/api/audit', query))
  if (answer.status !== 200) throw new Error(answer.text)
  return (answer.body as { entries: readonly Entry[] }).entries
}

describe.each(databaseKinds)('the audit log on %s', (database) => {
  let app: App
  let store: number
  let member: number
  let clerk: Client
  let analyst: Client

  beforeAll(async () => {
    app = await startApp({ database })
    store = idOf(await app.admin.post('/api/records/store', { number: '1', name: 'Main' }))
    member = idOf(await app.admin.post('/api/records/member', { name: 'Ann Lee', phone: '+12065550100', income: 50_000, address: '1 Main St', store }))
    clerk = await app.as(['clerk'], { stores: [store] })
    analyst = await app.as(['analyst'])
  })
  afterAll(() => app.close())

  test('every look at a sensitive field is there with who, which record, which fields and how', async () => {
    const by = await whoIs(clerk)
    await clerk.get(`/api/records/member/${member}`)
    await clerk.get('/api/records/member?fields=name,phone')
    await clerk.get('/api/records/store?expand=members')
    await clerk.get('/api/search?q=ann')
    const looks = await audit(app, { action: 'looked', by: String(by) })
    expect(looks.map(({ entity, records, fields, detail }) => [entity, records, [...fields].toSorted().join(), detail['way']])).toEqual([
      ['member', [member], 'address,phone', 'list'],
      ['member', [member], 'phone', 'list'],
      ['member', [member], 'address,phone', 'record'],
    ])
  })

  test('what shows nothing sensitive in full leaves no look: other fields, masked ones, empty ones', async () => {
    const by = await whoIs(analyst)
    const bare = idOf(await app.admin.post('/api/records/member', { name: 'No Data', store }))
    await analyst.get('/api/records/member?fields=memberNo,phone')
    await clerk.get(`/api/records/member/${bare}`)
    await clerk.get('/api/records/member?fields=name')
    expect(await audit(app, { action: 'looked', by: String(by) })).toEqual([])
    expect(await audit(app, { action: 'looked', entity: 'member', record: String(bare) })).toEqual([])
  })

  test('words that are looked for in a sensitive field are a question about it', async () => {
    const by = await whoIs(analyst)
    const other = await app.as(['clerk'], { stores: [store] })
    await other.get('/api/records/member?q=0100&fields=name')
    await other.get('/api/records/store?q=main&fields=name')
    const looks = await audit(app, { action: 'looked', by: String(await whoIs(other)) })
    expect(looks.map(({ entity, records, fields, detail }) => [entity, records, fields.join(), detail['way']])).toEqual([['member', [member], expect.stringContaining('phone') as unknown, 'question']])
    expect(by).not.toBe(await whoIs(other))
  })

  test('entries are found by who and when in their order, page by page', async () => {
    const other = await app.as(['clerk'], { stores: [store] })
    const by = String(await whoIs(other))
    for (let i = 0; i < 5; i++) await other.get(`/api/records/member?fields=phone&limit=${String(i + 1)}`)
    const all = await audit(app, { by })
    const pages: Entry[] = []
    for (let before: Json = ''; ; before = pages.at(-1)?.number ?? 0) {
      const page = await audit(app, { by, limit: '2', ...(before === '' ? {} : { before: String(before) }) })
      pages.push(...page)
      if (page.length < 2) break
    }
    expect(pages).toEqual(all)
    expect(all.map(({ number }) => number)).toEqual(all.map(({ number }) => number).toSorted((a, b) => b - a))
    const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()
    expect(await audit(app, { by, from: day(-1), to: day(1) })).toEqual(all)
    for (const span of [{ from: day(1) }, { to: day(-1) }, { from: day(-3), to: day(-2) }]) expect(await audit(app, { by, ...span })).toEqual([])
  })

  test('a question that a sensitive field answers unseen is a look: a filter, an order, a count, a sum, also from another entity', async () => {
    const manager = await app.as(['manager'])
    const by = String(await whoIs(manager))
    const filter = (value: Json): string => encodeURIComponent(JSON.stringify(value))
    await manager.get(`/api/records/member?fields=name&filter=${filter({ income: { $gte: 1 } })}`)
    await manager.get('/api/records/member?fields=name&sort=-income')
    await manager.get(`/api/records/store?fields=name&filter=${filter({ members: { $some: { phone: { $startsWith: '+1206' } } } })}`)
    await manager.post('/api/records/member/aggregate', { measures: { most: { max: 'income' } } })
    await manager.get(`/api/records/member?fields=name&filter=${filter({ name: { $contains: 'ann' } })}`)
    const looks = (await audit(app, { action: 'looked', by })).map(({ entity, records, fields, detail }) => [entity, records, fields.join(), detail['way']])
    expect(looks.slice(0, 2)).toEqual([['member', [], 'income', 'question'], ['member', [], 'phone', 'question']])
    expect(looks.slice(2).map(([, records, fields, way]) => [(records as readonly number[]).includes(member), fields, way])).toEqual([[true, 'income', 'question'], [true, 'income', 'question']])
  })

  test('a save shows the record to who saved it; its history shows past values', async () => {
    const manager = await app.as(['manager'])
    const by = String(await whoIs(manager))
    await manager.patch(`/api/records/member/${member}`, { income: 60_000 })
    await manager.get(`/api/records/member/${member}/history`)
    await manager.get(`/api/records/member/${member}/history?version=1`)
    const ways = (await audit(app, { action: 'looked', by })).map(({ detail, fields }) => [detail['way'], fields.includes('income')])
    expect(ways).toEqual([['history', true], ['history', true], ['record', true]])
  })

  test('an export is there before its first line leaves', async () => {
    const manager = await app.as(['manager'])
    const by = String(await whoIs(manager))
    await manager.get('/api/records/member/export?format=csv&fields=name,phone')
    const [look, exported] = (await audit(app, { by, action: 'looked,exported' }))
    expect(exported).toMatchObject({ action: 'exported', entity: 'member', detail: { format: 'csv', all: true } })
    expect(exported?.fields).toEqual(expect.arrayContaining(['name', 'phone']))
    expect(look).toMatchObject({ action: 'looked', detail: { way: 'export' }, records: [member] })
  })

  test('signing in, failing to, and changes of rights are there', async () => {
    const user = await app.as(['clerk'], { stores: [store] })
    const by = await whoIs(user)
    const { email } = (await user.get('/api/session')).body as { email: string }
    expect((await client(app.url).post('/api/session', { email, password: 'not the password' })).status).toBe(401)
    expect((await client(app.url).post('/api/session', { email: 'nobody@example.com', password: 'my secret typed in the wrong place' })).status).toBe(401)
    const token = await createToken(app.engine, { email, name: 'till', roles: ['clerk'], expiresAt: null })
    await endToken(app.engine, token.id)
    await app.admin.patch(`/api/records/user/${by}`, { roles: ['clerk', 'employee'] })
    await app.admin.patch('/api/definitions/draft', [{ op: 'add', path: '/member~1entity.json/properties/hobby', value: { type: 'string' } }])
    expect((await app.admin.post('/api/definitions/publish', { consent: [], message: '' })).status).toBe(201)
    const found = await audit(app, { limit: '50' })
    const actions = found.map(({ action, by: who }) => `${action} ${who === by ? 'user' : who === null ? 'nobody' : 'admin'}`)
    expect(actions).toEqual(expect.arrayContaining(['signedIn user', 'signInFailed user', 'signInFailed nobody', 'tokenCreated nobody', 'tokenRevoked nobody', 'published admin']))
    expect(found.find(({ action, entity, records }) => action === 'updated' && entity === 'user' && records[0] === by)?.fields).toEqual(['roles'])
    expect(JSON.stringify(found)).not.toContain('my secret')
  })

  test('it is found by record, user, action and time, in pages, and holds no values', async () => {
    await app.admin.patch(`/api/records/member/${member}`, { address: 'CANARY Road 7' })
    const about = await audit(app, { entity: 'member', record: String(member) })
    expect(about.every(({ records }) => records.includes(member))).toBe(true)
    expect(about.map(({ action }) => action)).toEqual(expect.arrayContaining(['created', 'updated', 'looked']))
    expect(JSON.stringify(about)).not.toContain('CANARY')
    const all = await audit(app, { limit: '200' })
    expect(all.map(({ number }) => number)).toEqual(Array.from({ length: all.length }, (_, i) => all.length - i)) // no gap
    const pages: number[] = []
    for (let before: number | null = 1e9; before !== null;) {
      const page: Answer = await app.admin.get(`/api/audit?limit=7&before=${before}`)
      const { entries, next } = page.body as { entries: readonly Entry[]; next: number | null }
      pages.push(...entries.map(({ number }) => number))
      before = next
    }
    expect(pages).toEqual(all.map(({ number }) => number).filter((number) => pages.includes(number)))
    expect(pages.length).toBeGreaterThanOrEqual(all.length)
    expect(await audit(app, { to: '2001-01-01T00:00:00Z' })).toEqual([])
    expect((await audit(app, { from: '2001-01-01T00:00:00Z', limit: '200' })).length).toBeGreaterThanOrEqual(all.length)
    for (const query of ['action=sang', 'entity=nothing', 'record=1', 'limit=0', 'from=yesterday', 'by=x']) expect((await app.admin.get(`/api/audit?${query}`)).status, query).toBe(400)
  })

  test('only a role that says so reads it, and unlike the administrator an auditor needs no other right', async () => {
    for (const who of [clerk, analyst]) expect(await who.get('/api/audit')).toMatchObject({ status: 403, body: { code: 'access.denied' } })
    expect((await client(app.url).get('/api/audit')).status).toBe(401)
  })

  test('units that commit at the same time, on two processes, leave no gap and no fork', async () => {
    const other = await app.another()
    const names = Array.from({ length: 60 }, (_, i) => `Busy ${i}`)
    await Promise.all(names.map(async (name, i) => (i % 2 === 0 ? app : other).admin.post('/api/records/member', { name, store })))
    await Promise.all([sealAll(app.engine), sealAll(other.engine), sealAll(app.engine)])
    await sealAll(app.engine)
    expect((await examine(app.engine, false)).find(({ name }) => name === 'audit log')).toMatchObject({ ok: true })
    const created = (await audit(app, { action: 'created', entity: 'member', limit: '200' })).length
    expect(created).toBeGreaterThanOrEqual(60)
  })

  test('what is written faster than it is sealed is caught up with as soon as little is written', async () => {
    for (let part = 0; part < 8; part++) expect((await app.admin.post('/api/records/member/bulk', { create: Array.from({ length: 1000 }, (_, i) => ({ name: `Many ${String(part)} ${String(i)}`, store })) })).status).toBe(200)
    const open = async (): Promise<number> => Number((await app.engine.database.read.all("SELECT (SELECT count(*) FROM tessera_change) - (SELECT count(*) FROM tessera_chain WHERE kind = 'change') AS open", []))[0]?.['open'])
    await expect.poll(open, { timeout: 14_000, interval: 250 }).toBe(0) // with one look a second it would take sixteen
  })
})

describe.each(databaseKinds)('A-164 who alters the log on %s is found out', (database) => {
  let app: App
  beforeAll(async () => {
    app = await startApp({ database })
    const store = idOf(await app.admin.post('/api/records/store', { number: '1', name: 'Main' }))
    for (let i = 0; i < 5; i++) await app.admin.patch(`/api/records/store/${store}`, { name: `Main ${i}` })
    await app.admin.get('/api/audit')
  })
  afterAll(() => app.close())

  const run = (sql: string): Promise<unknown> => app.engine.database.write((tx) => tx.run(sql, []))
  const verdict = async (known?: { number: number; hash: string }): Promise<string> => {
    const found = (await examine(app.engine, false, known)).find(({ name }) => name === 'audit log')
    return `${String(found?.ok)}: ${found?.details.join(' ') ?? ''}`
  }
  const head = async (): Promise<{ number: number; hash: string }> => {
    const [, number = '', hash = ''] = /ends with (\d+):([0-9a-f]{64})/.exec(await verdict()) ?? []
    return { number: Number(number), hash }
  }
  const copies = ['tessera_change', 'tessera_event', 'tessera_chain', 'tessera_chain_head']
  beforeAll(async () => {
    for (const table of copies) await run(`CREATE TABLE copy_of_${table} AS SELECT * FROM ${table}`)
  })
  afterEach(async () => {
    for (const table of copies) await run(`DELETE FROM ${table}`)
    for (const table of copies) await run(`INSERT INTO ${table} SELECT * FROM copy_of_${table}`)
  })

  test('untouched it is sound', async () => {
    expect(await verdict()).toMatch(/^true: \d+ entries, unbroken/)
    expect(await verdict(await head())).toMatch(/^true/)
  })

  test.each([
    ['a change that is altered', `UPDATE tessera_change SET changes = replace(changes, 'Main 2', 'Main X')`, /^false: Entry \d+ was altered/],
    ['who did it', 'UPDATE tessera_change SET changed_by = 99 WHERE version = 3', /^false: Entry \d+ was altered/],
    ['a change that is deleted', 'DELETE FROM tessera_change WHERE version = 4', /^false: Entry \d+: the change \d+ was deleted/],
    ['an event that is deleted', `DELETE FROM tessera_event WHERE action = 'signedIn'`, /^false: Entry \d+: the event \d+ was deleted/],
    ['an entry that is taken out with what it is about', 'DELETE FROM tessera_chain WHERE id = 4', /^false: Entry 4 of the chain is missing/],
    ['two entries in the place of each other', 'UPDATE tessera_chain SET entry = -entry WHERE id IN (3, 4)', /^false: Entry 3/],
    ['the newest entries cut off', 'DELETE FROM tessera_chain WHERE id > (SELECT max(id) - 2 FROM tessera_chain)', /^false: The chain should end/],
    ['the end exchanged', `UPDATE tessera_chain_head SET hash = CASE WHEN hash LIKE '0%' THEN '1' ELSE '0' END || substr(hash, 2)`, /^false: The chain should end/],
    ['definitions exchanged', `UPDATE tessera_version SET layers = replace(layers, '"design":true', '"design": true')`, /^false: The definitions of version 1/],
  ])('%s', async (_, sql, expected) => {
    await run(sql)
    const found = await verdict()
    expect(found).toMatch(expected)
    if (sql.includes('tessera_version')) await run(`UPDATE tessera_version SET layers = replace(layers, '"design": true', '"design":true')`)
  })

  test('two changes that swap their contents', async () => {
    await run(`UPDATE tessera_change SET changes = CASE version WHEN 2 THEN (SELECT changes FROM copy_of_tessera_change c WHERE c.version = 3) ELSE (SELECT changes FROM copy_of_tessera_change c WHERE c.version = 2) END WHERE version IN (2, 3)`)
    expect(await verdict()).toMatch(/^false: Entry \d+ was altered/)
  })

  test('a change that is put in behind the seal', async () => {
    const unit = database === 'postgres' ? [', unit', ', unit'] : ['', '']
    await run(`INSERT INTO tessera_change (seq, entity, record_id, version, action, changed_by, changed_at, changes${unit[0]}) SELECT 0, entity, record_id, 77, action, 99, changed_at, changes${unit[1]} FROM copy_of_tessera_change WHERE version = 2`)
    expect(await verdict()).toMatch(/^false: The change 0 was put in behind the seal/)
  })

  test('a whole chain that is made anew is found by the end that was written down before', async () => {
    const known = await head()
    await run('UPDATE tessera_change SET changed_by = 99 WHERE version = 3')
    await run('DELETE FROM tessera_chain')
    await run(`UPDATE tessera_chain_head SET number = 0, hash = '${'0'.repeat(64)}', change_position = '', event_position = ''`)
    await sealAll(app.engine)
    expect(await verdict()).toMatch(/^true/) // by itself it cannot be told
    expect(await verdict(known)).toMatch(/^false: Entry \d+ is another one/)
  })
})
