/** Roles: which rows, which fields, in every way to ask. Named after the attacks they stop. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { address, client, type Answer, type Client } from '../support/client.js'
import { stateHash } from '../support/state-hash.js'
import { databaseKinds } from '../support/databases.js'

const layers = ['metadata/core', 'tests/packs/access']
const members = '/api/records/member'
const visits = '/api/records/visit'
const unknown = { status: 404, body: { code: 'record.unavailable' } }

const idOf = (answer: Answer): number => (answer.body as { id: number }).id
const recordsOf = (answer: Answer): readonly Record<string, unknown>[] => (answer.body as { records: Record<string, unknown>[] }).records
/** An answer without what differs from request to request. */
const shape = ({ status, body }: Answer): unknown => ({ status, body: { ...(body as object), requestId: '' } })

describe.each(databaseKinds)('roles on %s', (database) => {
  let app: App
  let admin: Client
  let clerk: Client
  let mine: { store: number; member: number; gold: number; archived: number }
  let theirs: { store: number; member: number; gold: number; visit: number; archived: number }

  beforeAll(async () => {
    app = await startApp({ database, layers })
    admin = app.admin
    const create = async (entity: string, body: Record<string, Json>): Promise<number> => idOf(await admin.post(`/api/records/${entity}`, body))
    const here = await create('store', { name: 'Mine', region: 'north', safe: 'CANARY-safe-mine', rent: 77.01 })
    const there = await create('store', { name: 'CANARY-store-theirs', region: 'south', safe: 'CANARY-safe-theirs' })
    const member = await create('member', { name: 'Ann', store: here, income: 123456, nickname: 'CANARY-nick', phone: '+8613812345678' })
    const gold = await create('member', { name: 'Gil', store: here, income: 654321, tier: 'gold', nickname: 'CANARY-nick2', phone: '+8613987654321' })
    const other = await create('member', { name: 'CANARY-Bob', store: there, income: 111, code: 'CANARY-code', nickname: 'CANARY-nick3', phone: '+8613711112222' })
    const otherGold = await create('member', { name: 'CANARY-Zoe', store: there, tier: 'gold', income: 222 })
    const [archived, oldMine] = [await create('member', { name: 'CANARY-Gone', store: there }), await create('member', { name: 'Old', store: here })]
    for (const id of [archived, oldMine]) await admin.delete(`${members}/${id}`)
    await create('visit', { member, at: '2024-05-01T10:00:00Z', amount: 5, note: 'CANARY-note-mine' })
    const visit = await create('visit', { member: other, at: '2024-05-02T10:00:00Z', amount: 999, note: 'CANARY-note' })
    mine = { store: here, member, gold, archived: oldMine }
    theirs = { store: there, member: other, gold: otherGold, visit, archived }
    clerk = await app.as(['clerk'], { stores: [here] })
  })
  afterAll(() => app.close())

  describe('reading', () => {
    test('a clerk sees the own rows, without the hidden fields, with masked ones masked', async () => {
      const found = recordsOf(await clerk.get(address(members, { sort: 'name' })))
      expect(found.map((record) => record['name'])).toEqual(['Ann', 'Gil'])
      for (const record of found) {
        expect(record).not.toHaveProperty('income')
        expect(record).not.toHaveProperty('nickname')
        expect(record['phone']).toMatch(/\*{4}/)
      }
    })

    test('A-022 a record out of reach is answered like one that never was, in every way to ask for it', async () => {
      const before = await stateHash(app.engine.database)
      for (const id of [theirs.member, theirs.archived]) {
        for (const ask of [
          (n: number) => clerk.get(`${members}/${n}`),
          (n: number) => clerk.patch(`${members}/${n}`, { name: 'x' }),
          (n: number) => clerk.delete(`${members}/${n}`),
          (n: number) => clerk.post(`${members}/${n}/restore`),
          (n: number) => clerk.get(`${members}/${n}/history`),
          (n: number) => clerk.get(`${members}/${n}/explain`),
        ]) {
          expect(shape(await ask(id))).toEqual(shape(await ask(987_654)))
          expect(await ask(id)).toMatchObject(unknown)
        }
      }
      expect(await stateHash(app.engine.database)).toBe(before)
    })

    test('A-023 expanding leads only to records and fields that the caller reads', async () => {
      const [visit] = recordsOf(await clerk.get(address(visits, { expand: 'member,member.store' })))
      expect(visit).toMatchObject({ member: { name: 'Ann', store: { name: 'Mine', region: 'north' } } })
      expect(JSON.stringify(visit)).not.toContain('CANARY')
      const [store] = recordsOf(await clerk.get(address('/api/records/store', { expand: 'members' })))
      expect((store as { members: { name: string }[] }).members.map(({ name }) => name).toSorted()).toEqual(['Ann', 'Gil'])
      const gold = await app.as(['gold-desk'])
      expect(recordsOf(await gold.get(address(members, { fields: 'store.name', sort: 'name' })))).toHaveLength(2)
      expect(await gold.get(address(members, { fields: 'store.region' }))).toMatchObject({ status: 403, body: { code: 'access.field' } })
    })

    const hidden: readonly (readonly [string, Record<string, Json>])[] = [
      ['filtering', { filter: { income: { $gt: 1 } } }],
      ['A-002 filtering through a relation', { filter: { 'store.safe': 'x' } }],
      ['A-003 the physical column', { filter: { 'income__fold': 1 } }],
      ['A-003 a table prefix', { filter: { 'member.income': 1 } }],
      ['A-003 another case', { filter: { INCOME: 1 } }],
      ['A-003 a quoted name', { filter: { '"income"': 1 } }],
      ['A-003 a system column', { filter: { created_at: null } }],
      ['A-004 deep inside and, or, not, some', { filter: { $and: [{ $or: [{ $not: { $and: [{ visits: { $some: { 'member.income': { $gt: 0 } } } }] } }] }] } }],
      ['A-004 inside every', { filter: { visits: { $every: { note: 'x' } } } }],
      ['A-004 inside an aggregate of a relation', { filter: { visits: { $sum: { note: { $gt: 1 } } } } }],
      ['sorting', { sort: '-income' }],
      ['naming', { fields: 'name,income' }],
      ['naming through a relation', { fields: 'store.safe' }],
      ['A-012 sorting by a masked field', { sort: 'phone' }],
      ['filtering by a masked field', { filter: { phone: { $startsWith: '+86138' } } }],
      ['expanding what is not there', { expand: 'income' }],
    ]
    test.each(hidden)('%s with a hidden field is refused like an unknown one (A-027: never dropped)', async (_name, query) => {
      const answer = await clerk.get(address(members, query))
      expect(answer).toMatchObject({ status: 403, body: { code: 'access.field' } })
      const twin = JSON.parse(JSON.stringify(query).replaceAll(/income|safe|note|phone/g, 'nothing')) as Record<string, Json>
      const other = await clerk.get(address(members, twin))
      expect({ ...(shape(other) as { body: object }).body, title: '' }).toEqual({ ...(shape(answer) as { body: object }).body, title: '' })
    })

    test.each<readonly [string, Record<string, Json>]>([
      ['A-006 sum', { measures: { x: { sum: 'income' } } }],
      ['A-006 min', { measures: { x: { min: 'income' } } }],
      ['A-006 distinct count', { measures: { x: { count: 'nickname' } } }],
      ['A-006 distinct count of a masked field', { measures: { x: { count: 'phone' } } }],
      ['A-007 groups', { groupBy: ['income'] }],
      ['A-007 groups of a masked field', { groupBy: ['phone'] }],
      ['A-007 groups over a reference', { groupBy: ['store.safe'] }],
      ['A-007 groups of parts of time over a reference', { groupBy: ['store.safe:month'] }],
      ['A-007 a filter', { filter: { income: 1 } }],
    ])('%s over a hidden field is refused', async (_name, body) => {
      expect(await clerk.post(`${members}/aggregate`, body)).toMatchObject({ status: 403, body: { code: 'access.field' } })
    })

    test('sums and counts are over the own rows only', async () => {
      expect(await clerk.post(`${members}/aggregate`, { measures: { n: { count: true } } })).toMatchObject({ body: { groups: [{ n: 2 }] } })
      expect(await clerk.get(`${members}?count=true&limit=1`)).toMatchObject({ body: { count: 2 } })
    })

    test('groups over references tell of the records that one may read, and each is the list of exactly those', async () => {
      const groups = async (who: Client, groupBy: string): Promise<readonly Record<string, Json>[]> => ((await who.post(`${visits}/aggregate`, { groupBy: [groupBy], measures: { n: { count: true } } })).body as { groups: Record<string, Json>[] }).groups
      expect(await groups(admin, 'member.store.region')).toEqual([{ 'member.store.region': 'north', n: 1 }, { 'member.store.region': 'south', n: 1 }])
      expect(await groups(clerk, 'member.store.region')).toEqual([{ 'member.store.region': 'north', n: 1 }])
      // They see that there is a visit, and not whose it is.
      const both = await app.as(['outsider', 'clerk'], { stores: [mine.store] })
      expect(await groups(both, 'member.store.name')).toEqual([{ 'member.store.name': null, n: 1 }, { 'member.store.name': 'Mine', n: 1 }])
      expect(await groups(both, 'member.joined:month')).toEqual([{ 'member.joined:month': null, n: 2 }])
      for (const key of ['member.store.region', 'member.store.name', 'member.store', 'member.tier']) {
        for (const { [key]: value = null, n } of await groups(admin, key)) expect((await admin.get(address(visits, { filter: { [key]: value }, count: 'true' }))).body, key).toMatchObject({ count: n })
      }
      for (const path of ['member.store.safe', 'member.income', 'member.nothing', 'nothing.name', 'at.name', 'member.phone']) expect(await clerk.post(`${visits}/aggregate`, { groupBy: [path] }), path).toMatchObject({ status: 403, body: { code: 'access.field', title: expect.stringContaining(path) as string } })
    })

    test('A-008 a word that is only in a hidden or masked field finds nothing', async () => {
      for (const q of ['CANARY-nick', '13812345678', 'CANARY-safe-mine', 'CANARY-note-mine']) {
        expect(recordsOf(await clerk.get(address(members, { q })))).toEqual([])
        expect(await clerk.get(address('/api/search', { q }))).toMatchObject({ body: { results: [] } })
      }
      expect(recordsOf(await clerk.get(address(members, { q: 'ann' })))).toHaveLength(1)
      expect(recordsOf(await admin.get(address(members, { q: 'canary-nick' })))).toHaveLength(3)
    })

    test('A-024 a condition on related records looks only at those that the caller reads', async () => {
      const gold = await app.as(['gold-desk', 'outsider'])
      // A gold desk reads visits' times only: the amount cannot be asked about, and the member behind a visit is seen by its own rule.
      expect(await gold.get(address(visits, { filter: { amount: { $gt: 1 } } }))).toMatchObject({ status: 403 })
      expect(await gold.get(address(visits, { filter: { 'member.name': 'CANARY-Bob' } }))).toMatchObject({ status: 403 })
      expect(await clerk.get(address('/api/records/store', { filter: { members: { $count: { $gte: 3 } } } }))).toMatchObject({ body: { records: [] } })
      expect(recordsOf(await clerk.get(address('/api/records/store', { filter: { members: { $count: 2 } } })))).toHaveLength(1)
    })

    test('A-011 a title that the caller may not read is the id', async () => {
      const reader = await app.as(['outsider'])
      expect(await reader.get('/api/search?q=canary')).toMatchObject({ status: 200, body: { results: [] } })
      const found = recordsOf(await reader.get(visits))
      expect(found).toHaveLength(2)
      expect(Object.keys(found[0] ?? {})).not.toContain('note')
    })

    test('A-028 all related records are seen, not only a first page of them', async () => {
      const reader = await app.as(['auditor'])
      const store = idOf(await admin.post('/api/records/store', { name: 'Many' }))
      await admin.post(`${members}/bulk`, { create: Array.from({ length: 260 }, (_, i) => ({ name: `Many ${i}`, store })) })
      expect(await reader.get(address(members, { filter: { store }, count: 'true', limit: '1' }))).toMatchObject({ body: { count: 260 } })
      expect(await reader.get(address('/api/records/store', { filter: { members: { $count: 260 } } }))).toMatchObject({ body: { records: [{ name: 'Many' }] } })
    })

    test('A-031 several roles add up per row, not per table', async () => {
      const both = await app.as(['clerk', 'gold-desk'], { stores: [mine.store] })
      const byName = new Map(recordsOf(await both.get(members)).map((record) => [String(record['name']), record]))
      expect([...byName.keys()].toSorted()).toEqual(['Ann', 'CANARY-Zoe', 'Gil'])
      expect(byName.get('Ann')).not.toHaveProperty('income')
      expect(byName.get('Ann')).toHaveProperty('phone')
      expect(byName.get('Gil')).toMatchObject({ income: 654321, phone: expect.stringContaining('****') })
      expect(byName.get('CANARY-Zoe')).toMatchObject({ income: 222 })
      expect(byName.get('CANARY-Zoe')).not.toHaveProperty('phone')
      expect(byName.get('CANARY-Zoe')).not.toHaveProperty('memberNo')
      // On rows where income is hidden a condition on it is false, and it sorts as missing.
      expect(recordsOf(await both.get(address(members, { filter: { income: { $gt: 0 } } }))).map((record) => String(record['name'])).toSorted()).toEqual(['CANARY-Zoe', 'Gil'])
      expect(recordsOf(await both.get(address(members, { filter: { $not: { income: { $lt: 0 } } } }))).map((record) => record['name'])).not.toContain('Ann')
      expect(recordsOf(await both.get(address(members, { sort: 'income' })))[0]).toMatchObject({ name: 'Ann' })
    })

    test('A-043 archived records are seen by those who may archive, with archived=true, and by nobody else', async () => {
      expect(recordsOf(await clerk.get(address(members, { archived: 'true' }))).map((record) => record['id'])).toEqual([mine.archived])
      const gold = await app.as(['gold-desk'])
      expect(await gold.get(address(members, { archived: 'true' }))).toMatchObject({ status: 403, body: { code: 'access.denied' } })
      expect(await gold.get(`${members}/${mine.archived}?archived=true`)).toMatchObject({ status: 403 })
    })

    test('an unknown and a forbidden entity get the same answer', async () => {
      const gold = await app.as(['gold-desk'])
      for (const name of ['visit', 'nothing', '__proto__', 'constructor', 'toString', 'tessera_session', 'Member']) {
        expect(shape(await gold.get(`/api/records/${name}`))).toEqual(shape(await gold.get('/api/records/neverheard')))
        expect(shape(await gold.post(`/api/records/${name}`, {}))).toEqual(shape(await gold.post('/api/records/neverheard', {})))
      }
    })

    test('a user without the attribute that a rule asks for sees no rows, and one without roles nothing', async () => {
      const nowhere = await app.as(['clerk'])
      expect(recordsOf(await nowhere.get(members))).toEqual([])
      const nobody = await app.as([])
      expect(await nobody.get(members)).toMatchObject({ status: 404 })
    })
  })

  describe('writing', () => {
    test('a clerk creates and changes in the own store, and in no other', async () => {
      const made = await clerk.post(members, { name: 'New', store: mine.store, phone: '+8613800001111' })
      expect(made).toMatchObject({ status: 201, body: { name: 'New', phone: expect.stringContaining('****') } })
      expect(made.text).not.toContain('income')
      const before = await stateHash(app.engine.database)
      expect(await clerk.post(members, { name: 'New', store: theirs.store })).toMatchObject({ status: 422, body: { problems: [{ path: '/store', code: 'reference.unavailable' }] } })
      expect(await clerk.post(members, { name: 'Nowhere' })).toMatchObject({ status: 403, body: { code: 'record.outOfReach' } })
      expect(await clerk.patch(`${members}/${idOf(made)}`, { store: null })).toMatchObject({ status: 403, body: { code: 'record.outOfReach' } })
      expect(await stateHash(app.engine.database)).toBe(before)
    })

    test('what a write answers has no field that the caller does not read', async () => {
      const gold = await app.as(['gold-desk'])
      const answer = await gold.patch(`${members}/${theirs.gold}`, { income: 333 })
      expect(answer).toMatchObject({ status: 200, body: { income: 333 } })
      expect(Object.keys(answer.body as object).toSorted()).toEqual(['archivedAt', 'createdAt', 'createdBy', 'id', 'income', 'name', 'owner', 'store', 'tier', 'updatedAt', 'updatedBy', 'version'])
      await admin.patch(`${members}/${theirs.gold}`, { income: 222 })
      const made = await clerk.post(visits, { member: mine.member, at: '2024-05-03T10:00:00Z', amount: 7 })
      expect(made).toMatchObject({ status: 201, body: { amount: 7 } })
      expect(made.body).not.toHaveProperty('note')
      await admin.delete(`${visits}/${idOf(made)}?purge=true`)
    })

    test('A-030 linking to a record that the caller does not read is like linking to none', async () => {
      const before = await stateHash(app.engine.database)
      const hidden = await clerk.post(visits, { member: theirs.member, at: '2024-05-05T00:00:00Z' })
      const missing = await clerk.post(visits, { member: 987_654, at: '2024-05-05T00:00:00Z' })
      const archived = await clerk.post(visits, { member: mine.archived, at: '2024-05-05T00:00:00Z' })
      expect(hidden).toMatchObject({ status: 422, body: { problems: [{ path: '/member', code: 'reference.unavailable' }] } })
      expect(shape(hidden)).toEqual(shape(missing))
      expect(shape(archived)).toEqual(shape(missing))
      expect(await stateHash(app.engine.database)).toBe(before)
    })

    test('a field that is seen but may not be set is refused with 403; one that is hidden like one that is not there', async () => {
      expect(await clerk.patch(`${members}/${mine.member}`, { code: 'X' })).toMatchObject({ status: 403, body: { code: 'access.field' } })
      const hidden = await clerk.patch(`${members}/${mine.member}`, { income: 1 })
      const none = await clerk.patch(`${members}/${mine.member}`, { outcome: 1 })
      expect(hidden).toMatchObject({ status: 400, body: { code: 'field.unknown', problems: [{ path: '/income' }] } })
      expect(hidden.text.replaceAll('income', 'outcome').replace(/"requestId":"[^"]*"/, '')).toBe(none.text.replace(/"requestId":"[^"]*"/, ''))
    })

    test('A-031 a grant on other rows does not open a field on this one', async () => {
      const both = await app.as(['clerk', 'gold-desk'], { stores: [mine.store] })
      expect(await both.patch(`${members}/${mine.gold}`, { income: 700000 })).toMatchObject({ status: 200, body: { income: 700000 } })
      expect(await both.patch(`${members}/${mine.member}`, { income: 1 })).toMatchObject({ status: 403 })
      expect(await both.patch(`${members}/${mine.member}`, { name: 'Ann', income: 1 })).toMatchObject({ status: 403, body: { code: 'access.field', problems: [{ path: '/income' }] } })
      // Losing the rows by the very change: gold is what opens the income.
      expect(await both.patch(`${members}/${mine.gold}`, { income: 20, tier: 'silver' })).toMatchObject({ status: 403, body: { code: 'record.outOfReach' } })
      expect(await both.patch(`${members}/${theirs.gold}`, { name: 'mine now' })).toMatchObject({ status: 403 })
    })

    test('A-032 a refused call changes nothing anywhere', async () => {
      const gold = await app.as(['gold-desk'])
      const before = await stateHash(app.engine.database)
      const calls = [
        gold.post(members, { name: 'x' }),
        gold.delete(`${members}/${mine.gold}`),
        gold.delete(`${members}/${mine.gold}?purge=true`),
        gold.post(`${members}/${mine.gold}/restore`),
        gold.post(`${members}/bulk`, { create: [{ name: 'x' }] }),
        gold.post(`${members}/bulk`, { where: {}, set: { name: 'x' } }),
        gold.get(`${members}/export`),
        gold.get(`${members}/${mine.gold}/history`),
        clerk.delete(`${members}/${mine.member}?purge=true`),
        clerk.post(`/api/records/store`, { name: 'x' }),
        clerk.get('/api/records/visit/export'),
        clerk.get(`${members}/${mine.member}/explain?user=1`),
      ]
      for (const answer of await Promise.all(calls)) expect(answer.status).toBe(403)
      expect(await stateHash(app.engine.database)).toBe(before)
    })

    test('A-042 one forbidden row among many: nothing happens, and nothing is told of it', async () => {
      const before = await stateHash(app.engine.database)
      const hidden = await clerk.post(`${members}/bulk`, { update: [{ id: mine.member, name: 'ok' }, { id: theirs.member, name: 'no' }] })
      const missing = await clerk.post(`${members}/bulk`, { update: [{ id: mine.member, name: 'ok' }, { id: 987_654, name: 'no' }] })
      expect(hidden).toMatchObject({ status: 404, body: { problems: [{ path: '/update/1/id' }] } })
      expect(shape(hidden)).toEqual(shape(missing))
      expect(await clerk.post(`${members}/bulk`, { create: [{ name: 'a', store: mine.store }, { name: 'b', store: theirs.store }] })).toMatchObject({ status: 422, body: { problems: [{ path: '/create/1/store' }] } })
      expect(await clerk.post(`${members}/bulk`, { where: { income: { $gt: 0 } }, set: { name: 'x' } })).toMatchObject({ status: 403 })
      expect(await stateHash(app.engine.database)).toBe(before)
      expect(await clerk.post(`${members}/bulk`, { where: {}, set: { extra: { shoe: 1 } } })).toMatchObject({ status: 200 })
      expect(await admin.get(`${members}/${theirs.member}`)).toMatchObject({ body: { version: 1, extra: null } })
    })

    test('A-034 and A-015 a key of a hidden record finds nothing and tells nothing but that it is taken', async () => {
      const answer = await clerk.post(members, { name: 'x', code: 'CANARY-code', store: mine.store })
      expect(answer).toMatchObject({ status: 409, body: { code: 'record.conflict', problems: [{ path: '/code' }] } })
      expect(answer.text).not.toContain('CANARY')
      expect(answer.text).not.toMatch(new RegExp(`\\b${theirs.member}\\b`))
      expect(await clerk.post(`${members}/bulk`, { upsert: [{ code: 'CANARY-code', name: 'mine now', store: mine.store }], key: 'code' })).toMatchObject({ status: 409, body: { code: 'record.conflict' } })
      expect(await admin.get(`${members}/${theirs.member}`)).toMatchObject({ body: { version: 1 } })
    })

    test('A-046 nobody gives a role that they do not hold', async () => {
      const id = (await app.as(['employee']).then((who) => who.get('/api/session')).then(({ body }) => body as { id: number })).id
      const employee = await app.as(['employee'])
      expect(await employee.patch(`/api/records/user/${id}`, { roles: ['admin'] })).toMatchObject({ status: 400, body: { code: 'field.unknown' } })
      expect(await employee.patch(`/api/records/user/${id}`, { locale: 'zh' })).toMatchObject({ status: 403 })
    })
  })

  test('the history and the conflict of a record tell only what the caller reads', async () => {
    const at = `${members}/${mine.member}`
    await admin.patch(at, { income: 424242, name: 'Ann B' })
    const history = await clerk.get(`${at}/history`)
    expect(history).toMatchObject({ status: 200, body: { entries: expect.arrayContaining([expect.objectContaining({ changes: { name: ['Ann', 'Ann B'] } })]) } })
    expect(history.text).not.toMatch(/424242|123456/)
    const stale = await clerk.patch(at, { name: 'Ann C' }, { 'if-match': '"1"' })
    expect(stale).toMatchObject({ status: 412, body: { mine: { name: 'Ann C' }, theirs: { name: 'Ann B' }, original: { name: 'Ann' } } })
    expect(stale.text).not.toMatch(/424242|123456|13812345678/)
  })

  test('explain says which rule of which role decides', async () => {
    expect(await clerk.get(`${members}/${mine.member}/explain?action=update`)).toMatchObject({
      status: 200,
      body: { allowed: true, rules: [{ role: 'clerk', title: expect.any(String) as string, holds: true }], fields: { name: 'settable', code: 'not settable' }, automatic: expect.arrayContaining(['createdAt', 'version']) as string[] },
    })
    const who = (await clerk.get('/api/session')).body as { id: number }
    expect(await admin.get(`${members}/${theirs.member}/explain?user=${who.id}&action=read`)).toMatchObject({ body: { allowed: false, rules: [{ role: 'clerk', grants: true, holds: false }] } })
    expect(await admin.get(`${members}/${mine.member}/explain?user=${who.id}`)).toMatchObject({ body: { allowed: true, fields: { name: 'full', income: 'hidden', phone: 'masked' } } })
  })

  test('A-014 canaries: nothing that a clerk gets, and no log line, has a secret in it', async () => {
    const paths = [
      members, visits, '/api/records/store', '/api/records/user', `${members}?expand=store,visits&count=true`, `${visits}?expand=member,member.store`,
      `${members}/export?format=csv`, `${members}/export?format=jsonl`, '/api/search?q=canary', '/api/search?q=ann', '/api/model', '/api/openapi.json',
      `${members}/${theirs.member}`, `${members}/${mine.member}/history`, `${members}/${mine.member}/explain`,
    ]
    for (const path of paths) expect((await clerk.get(path)).text, path).not.toMatch(/CANARY|654321|77\.01|13812345678/)
    expect(JSON.stringify(app.log)).not.toMatch(/CANARY|123456|13812345678/)
  })

  test('A-088 every address without a session, but the open ones, is refused alike', async () => {
    const stranger = client(app.url)
    for (const route of app.routes) {
      if (route.open === true) continue
      const path = route.path.replace(':entity', 'member').replaceAll(/:\w+/g, '1')
      const answer = await stranger.request(route.method, path, route.method === 'GET' || route.method === 'DELETE' ? {} : { body: {} })
      expect(answer, `${route.method} ${route.path}`).toMatchObject({ status: 401, body: { code: 'session.required' } })
    }
    expect(app.routes.filter((route) => route.open).map((route) => `${route.method} ${route.path}`).toSorted()).toEqual(['GET /api/forms/:address', 'GET /api/session/oidc', 'GET /api/session/oidc/callback', 'GET /api/session/ways', 'GET /files/:id/:signature/:name', 'GET /healthz', 'GET /metrics', 'GET /readyz', 'GET /schemas/:file', 'POST /api/forms/:address', 'POST /api/hooks/:name', 'POST /api/session', 'POST /api/session/invitation'])
  })
})
