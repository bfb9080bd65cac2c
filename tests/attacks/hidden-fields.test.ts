/** Fields that a caller may not read: no way to ask about them, no second spelling, no way around. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import { address, type Answer } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { alive, clients, deals, ground, idOf, recordsOf, shape, withoutTrace, type Ground } from './ground.js'

/** Every channel in which a caller names a field. */
const channels: Readonly<Record<string, (place: Ground, name: string) => Promise<Answer>>> = {
  'A-003 filter': ({ agent }, name) => agent.get(address(clients, { filter: { [name]: { $ne: null } } })),
  'A-004 filter, five levels deep': ({ agent }, name) => agent.get(address(clients, { filter: { $or: [{ $not: { $and: [{ $or: [{ $not: { [name]: 'x' } }] }] } }] } })),
  'A-004 filter inside some of a relation': ({ agent }, name) => agent.get(address(clients, { filter: { deals: { $none: { [`client.${name}`]: null } } } })),
  'A-002 filter through a relation': ({ agent }, name) => agent.get(address(deals, { filter: { [`client.${name}`]: { $ne: null } } })),
  'A-002 filter through two relations': ({ agent }, name) => agent.get(address('/api/records/parcel', { filter: { [`client.parent.${name}`]: null } })),
  'A-003 sort': ({ agent }, name) => agent.get(address(clients, { sort: `-${name}` })),
  'A-003 fields': ({ agent }, name) => agent.get(address(clients, { fields: `name,${name}` })),
  'A-003 fields of one record': ({ agent, mine }, name) => agent.get(address(`${clients}/${mine.client}`, { fields: name })),
  'A-002 fields through a relation': ({ agent }, name) => agent.get(address(deals, { fields: `client.${name}` })),
  'A-002 expansion': ({ agent }, name) => agent.get(address(deals, { expand: `client.${name}` })),
  'A-003 export': async ({ exporter }, name) => (await exporter()).get(address(`${clients}/export`, { format: 'csv', fields: name })),
  'A-006 min': ({ agent }, name) => agent.post(`${clients}/aggregate`, { measures: { x: { min: name } } }),
  'A-006 max': ({ agent }, name) => agent.post(`${clients}/aggregate`, { measures: { x: { max: name } } }),
  'A-006 sum': ({ agent }, name) => agent.post(`${clients}/aggregate`, { measures: { x: { sum: name } } }),
  'A-006 distinct count': ({ agent }, name) => agent.post(`${clients}/aggregate`, { measures: { x: { count: name } } }),
  'A-006 aggregate of a relation': ({ agent }, name) => agent.get(address('/api/records/branch', { filter: { clients: { $max: { [name]: { $gt: 1 } } } } })),
  'A-007 groups': ({ agent }, name) => agent.post(`${clients}/aggregate`, { groupBy: [name] }),
  'A-007 buckets': ({ agent }, name) => agent.post(`${clients}/aggregate`, { groupBy: [`${name}:month`] }),
  'A-007 groups through a relation': ({ agent }, name) => agent.post(`${deals}/aggregate`, { groupBy: [`client.${name}`] }),
  'A-007 groups through two relations': ({ agent }, name) => agent.post('/api/records/parcel/aggregate', { groupBy: [`client.parent.${name}`] }),
  'A-010 filter of a saved view': ({ agent }, name) => agent.post('/api/views', { entity: 'client', title: 'x', definition: { kind: 'list', columns: ['name'], filter: { [name]: { $ne: null } } } }),
  'A-036 files of a field': ({ agent, mine }, name) => agent.post('/api/files/links', { entity: 'client', field: name, records: [mine.client] }),
  'A-007 filter of groups': ({ agent }, name) => agent.post(`${clients}/aggregate`, { filter: { [name]: 1 } }),
  'A-034 key of an upsert': ({ agent, mine }, name) => agent.post(`${clients}/bulk`, { upsert: [{ [name]: 'CANARY-key-mine', name: 'x', branch: mine.branch }], key: name }),
  'A-027 where of a bulk change': ({ agent }, name) => agent.post(`${clients}/bulk`, { where: { [name]: { $ne: null } }, set: { tier: 'gold' } }),
}

/** Each is computed from a hidden field, or from records that are hidden. */
const computed = ['worth', 'gist', 'vaultOf', 'family', 'known'] as const

/** Hidden names, and spellings by which somebody might hope to reach them. */
const spellings = [
  'secret', 'secretCode', 'ceiling', 'SECRET', 'Secret', '"secret"', '`secret`', '[secret]', 'secret ', ' secret', 'secret\0', 'client.secret', 't0.secret', 't0."secret"', 'secret__fold',
  'secretcode', 'secretCode__fold', 'secret_code', 'properties.secret', 'secret.x', '$secret', 'created_at', 'archived_at', '__proto__', 'constructor', 'toString', 'secret;--', "secret' OR '1'='1",
]

describe.each(databaseKinds)('hidden fields on %s', (database) => {
  let place: Ground
  beforeAll(async () => {
    place = await ground(database)
  })
  afterAll(() => place.app.close())

  test.each(Object.keys(channels))('%s: every spelling of a hidden field is answered like a field that never was', async (channel) => {
    const ask = channels[channel]
    if (ask === undefined) throw new Error('no such channel')
    const plain = (answer: Answer, name: string): string => JSON.stringify(shape(answer)).replaceAll(JSON.stringify(name).slice(1, -1), '?')
    const trace = channel.includes('export') ? (_app: unknown, attack: () => Promise<void>) => attack() : withoutTrace // exporters are made on the way
    await trace(place.app, async () => {
      const never = await ask(place, 'nothingAtAll')
      expect(never.status).toBeGreaterThanOrEqual(400)
      for (const hidden of ['secret', 'ceiling', 'secretCode', 'phone', ...computed]) {
        const answer = await ask(place, hidden)
        if (hidden === 'phone' && answer.status === 200) {
          expect(answer.text, channel).toContain('138****5678') // masked, where it may be shown at all
          continue
        }
        expect(answer.status, `${channel} ${hidden}`).toBe(never.status)
        expect(plain(answer, hidden)).toBe(plain(never, 'nothingAtAll'))
      }
      for (const name of spellings) {
        const { status, text } = await ask(place, name)
        expect([400, 403], `${channel} ${name} ${text}`).toContain(status)
      }
    })
  })

  test('A-008 a text that is only in hidden fields, or in hidden records, finds nothing in any search', async () => {
    const { agent, admin } = place
    for (const q of ['CANARY-secret-mine', 'CANARY-vault-mine', 'CANARY-margin-mine', 'CANARY-combination-mine', 'CANARY-client-theirs', '13812345678', 'canary']) {
      for (const entity of ['client', 'deal', 'branch', 'parcel']) {
        expect(recordsOf(await agent.get(address(`/api/records/${entity}`, { q })))).toEqual([])
        expect(await agent.get(address(`/api/records/${entity}`, { q, count: 'true' }))).toMatchObject({ body: { count: 0 } })
      }
      expect(await agent.get(address('/api/search', { q }))).toMatchObject({ status: 200, body: { results: [] } })
      expect((await (await place.exporter()).get(address(`${clients}/export`, { format: 'jsonl', q }))).text).toBe('')
    }
    expect((await admin.get(address('/api/search', { q: 'CANARY-combination-mine' }))).text).toContain('parcel')
    expect(recordsOf(await agent.get(address('/api/records/parcel', { q: 'my parcel' })))).toHaveLength(1)
  })

  test('A-011 a title that may not be read is the id, wherever titles are shown', async () => {
    const { agent, mine } = place
    expect((await agent.get(address('/api/search', { q: 'my parcel' }))).body).toMatchObject({ results: [{ entity: 'parcel', id: mine.parcel, title: String(mine.parcel) }] })
    const model = (await agent.get('/api/model')).body as { entities: Record<string, { display?: string }> }
    expect(model.entities['parcel']).not.toHaveProperty('display')
    const [parcel] = recordsOf(await agent.get(address('/api/records/parcel', { expand: 'client,client.branch' })))
    expect(parcel).toMatchObject({ label: 'My parcel', client: { name: 'My client' } })
    const [own] = recordsOf(await agent.get(address(clients, { expand: 'parcels' })))
    expect(own).toMatchObject({ parcels: [{ id: mine.parcel, label: 'My parcel' }] })
  })

  test('A-010 what is built on hidden fields is withheld: lists, rules, forms, the description of the API', async () => {
    const { agent, admin } = place
    const model = await agent.get('/api/model')
    const { client } = (model.body as { entities: { client: { lists: { name: string }[]; rules: unknown[]; fields: { key: string }[] } } }).entities
    expect(client.lists.map(({ name }) => name)).toEqual(['all'])
    expect(client.rules).toEqual([])
    expect(client).not.toHaveProperty('segments')
    const members = async (segment: string): Promise<string> => JSON.stringify(shape(await agent.get(address(clients, { filter: { id: { $segment: segment } } })))).replace(segment, '?')
    expect(await members('vip')).toBe(await members('nothingAtAll'))
    expect(recordsOf(await admin.get(address(clients, { filter: { id: { $segment: 'vip' } } }))).length).toBeGreaterThan(0)
    expect((model.body as { dashboards: { tiles: { name: string }[] }[] }).dashboards.flatMap(({ tiles }) => tiles.map(({ name }) => name))).toEqual(['mine'])
    for (const text of [model.text, (await agent.get('/api/openapi.json')).text]) expect(text).not.toMatch(/secret|ceiling|vault|margin|combination|grade/i)
    expect((await admin.get('/api/model')).text).toContain('LEAK-view-title')
  })

  test('A-012 a page marker holds no value that could be read', async () => {
    const { agent, mine } = place
    for (const name of ['Aaa', 'Bbb']) expect((await agent.post(clients, { name, branch: mine.branch })).status).toBe(201)
    const { next } = (await agent.get(address(clients, { sort: 'name', limit: '1' }))).body as { next: string }
    const bytes = Buffer.from(next, 'base64url').toString('latin1')
    expect(`${next} ${bytes} ${Buffer.from(bytes, 'base64').toString('latin1')}`).not.toMatch(/aaa|bbb|client|name/i)
    const flipped = [...Buffer.from(next, 'base64url').keys()].map((at) => {
      const changed = Buffer.from(next, 'base64url')
      changed[at] = (changed[at] ?? 0) ^ 1
      return changed.toString('base64url')
    })
    for (const cursor of [...flipped, next.slice(1), `${next}A`, `A${next}`, next.split('').toReversed().join(''), 'e30', Buffer.from('["Aaa",1]').toString('base64url'), '%00', 'x'.repeat(4000)]) {
      expect(await agent.get(address(clients, { sort: 'name', limit: '1', cursor }))).toMatchObject({ status: 400, body: { code: 'query.cursor' } })
    }
  })

  test('A-002 the own user record is no way to a hidden field: a placeholder stands only for what its owner may know', async () => {
    const { agent, mine, app, admin } = place
    const made = idOf(await agent.post(clients, { name: 'Grade of the agent', branch: mine.branch }))
    const guess = await agent.get(address(clients, { filter: { name: '$user.grade' } }))
    const never = await agent.get(address(clients, { filter: { name: '$user.nothingAtAll' } }))
    expect(JSON.stringify(shape(guess)).replace('grade', '?')).toBe(JSON.stringify(shape(never)).replace('nothingAtAll', '?'))
    expect(recordsOf(await agent.get(address(clients, { filter: { branch: { $in: '$user.branches' } } }))).map(({ id }) => id)).toContain(made)
    const viewer = await app.as(['viewer'], { grade: 'My client' })
    expect(recordsOf(await viewer.get(address(clients, { filter: { name: '$user.grade' } })))).toHaveLength(1)
    await admin.delete(`${clients}/${made}?purge=true`)
  })

  test('A-014 a rule about a hidden field says no, but neither its name nor its value', async () => {
    const { agent, mine, app } = place
    await withoutTrace(app, async () => {
      for (const answer of [
        await agent.patch(`${clients}/${mine.client}`, { score: 9_000_000 }),
        await agent.post(`${clients}/bulk`, { update: [{ id: mine.client, score: 9_000_000 }] }),
      ]) {
        expect(answer).toMatchObject({ status: 422, body: { problems: [{ message: 'The score is too high' }] } })
        expect(answer.text).not.toMatch(/ceiling|7700077/)
      }
    })
  })

  test('A-018 why somebody may not is told without the fields that they may not know', async () => {
    const { agent, admin, mine } = place
    for (const action of ['read', 'create', 'update', 'archive', 'export', 'history']) {
      const answer = await agent.get(`${clients}/${mine.client}/explain?action=${action}`)
      expect(answer.status).toBe(200)
      expect(answer.text).not.toMatch(/secret|ceiling/)
    }
    const { id } = (await agent.get('/api/session')).body as { id: number }
    expect((await admin.get(`${clients}/${mine.client}/explain?action=archive&user=${id}`)).text).toContain('LEAK-rule-constant')
  })

  test('A-015 a taken value of a hidden record is told without the record, and the log has the attempt', async () => {
    const { agent, mine, theirs, app } = place
    const ask: Json = { name: 'x', code: 'CANARY-code-theirs', branch: mine.branch }
    await withoutTrace(app, async () => {
      const answer = await agent.post(clients, ask)
      expect(answer).toMatchObject({ status: 409, body: { problems: [{ path: '/code' }] } })
      expect(answer.text).not.toMatch(new RegExp(`\\b${theirs.client}\\b`))
    })
    expect(app.log.some(({ message, level }) => level === 'warn' && message.includes('taken'))).toBe(true)
    await alive(app)
  })
})
