/** Records that a caller may not read: every address of the product, every way through a relation. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { examine } from '../../engine/operations/upkeep/doctor.js'
import type { Json } from '../../metadata/contract/json.js'
import { address, type Answer } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { alive, clients, deals, ground, idOf, nowhere, recordsOf, shape, watched, withoutTrace, type Ground } from './ground.js'

/**
 * What the agent may expect of each address. `record`: its answer for a hidden record is that for a missing one; `list`:
 * it tells of readable records only; `denied`: 403; `own`: nothing of other people; `open`: nothing of anybody; `elsewhere`:
 * attacked by the named file. An address that is not here fails the inventory: whoever adds one decides about it here.
 */
const inventory: Readonly<Record<string, 'record' | 'list' | 'write' | 'denied' | 'own' | 'open' | 'elsewhere'>> = {
  'POST /api/session': 'elsewhere', 'GET /api/session': 'own', 'DELETE /api/session': 'own', 'PUT /api/session/password': 'own', 'PATCH /api/session/preferences': 'own', // tests/http/session.test.ts
  'GET /api/records/:entity': 'list', 'POST /api/records/:entity': 'write', 'GET /api/records/:entity/export': 'list',
  'POST /api/records/:entity/bulk': 'write', 'POST /api/records/:entity/aggregate': 'list', 'GET /api/search': 'list',
  'GET /api/records/:entity/:id': 'record', 'PATCH /api/records/:entity/:id': 'record', 'DELETE /api/records/:entity/:id': 'record',
  'POST /api/records/:entity/:id/restore': 'record', 'GET /api/records/:entity/:id/history': 'record', 'GET /api/records/:entity/:id/explain': 'record', 'GET /api/records/:entity/:id/transitions': 'record', 'POST /api/records/:entity/:id/transitions/:name': 'elsewhere', // tests/http/transitions.test.ts
  'GET /api/records/:entity/:id/timeline': 'record', 'GET /api/records/:entity/:id/people': 'record', 'PUT /api/records/:entity/:id/presence': 'elsewhere', 'DELETE /api/presence/:page': 'elsewhere', // tests/http/events.test.ts
  'GET /api/records/:entity/duplicates': 'elsewhere', 'POST /api/records/:entity/duplicates': 'elsewhere', 'POST /api/records/:entity/duplicates/distinct': 'elsewhere', // tests/http/duplicates.test.ts
  'POST /api/records/:entity/rules': 'elsewhere', // tests/http/rules.test.ts
  'POST /api/records/:entity/merge': 'elsewhere', 'POST /api/records/:entity/unmerge': 'elsewhere', 'GET /api/records/:entity/merges': 'elsewhere', // tests/http/merge.test.ts
  'GET /api/records/:entity/computed': 'elsewhere', // tests/http/computed.publish.test.ts
  'GET /api/model': 'list', 'GET /api/openapi.json': 'list', 'GET /schemas/:file': 'open', 'GET /api/events': 'elsewhere', // tests/http/events.test.ts
  'GET /api/definitions': 'denied', 'GET /api/definitions/draft': 'denied', 'PATCH /api/definitions/draft': 'denied', 'DELETE /api/definitions/draft': 'denied',
  'GET /api/definitions/draft/model': 'denied', 'PUT /api/definitions/presence': 'denied', 'POST /api/definitions/draft/rebase': 'denied', 'POST /api/definitions/check': 'denied', 'POST /api/definitions/plan': 'denied', 'POST /api/definitions/computed': 'denied', 'POST /api/definitions/publish': 'denied',
  'GET /api/definitions/versions': 'denied', 'GET /api/definitions/versions/:n': 'denied', 'GET /api/definitions/versions/:n/model': 'denied', 'POST /api/definitions/versions/:n/restore': 'denied',
  'PUT /api/definitions/draft/layer': 'denied', 'POST /api/definitions/upgrade': 'denied', 'POST /api/definitions/upgrade/publish': 'denied', 'GET /api/definitions/compare': 'denied', 'GET /api/definitions/history': 'denied', 'GET /api/definitions/uses': 'denied', 'GET /api/definitions/texts': 'denied', 'GET /api/definitions/health': 'denied',
  'GET /api/forms/:address': 'elsewhere', 'POST /api/forms/:address': 'elsewhere', // tests/http/public-forms.test.ts
  'POST /api/files': 'elsewhere', 'POST /api/files/links': 'elsewhere', 'GET /files/:id/:signature/:name': 'elsewhere', // tests/http/files.test.ts
  'GET /api/audit': 'denied', // tests/http/audit.test.ts
  'GET /api/status': 'own', // whether sample data is loading
  'POST /api/imports': 'elsewhere', 'GET /api/imports': 'own', 'GET /api/imports/:id': 'elsewhere', 'PATCH /api/imports/:id': 'elsewhere', 'DELETE /api/imports/:id': 'elsewhere',
  'GET /api/imports/:id/preview': 'elsewhere', 'POST /api/imports/:id/check': 'elsewhere', 'POST /api/imports/:id/start': 'elsewhere', 'POST /api/imports/:id/undo': 'elsewhere',
  'GET /api/imports/:id/rejected': 'elsewhere', // tests/http/imports.test.ts
  'GET /api/jobs': 'own', 'GET /api/jobs/:id': 'elsewhere', 'POST /api/jobs/:id/cancel': 'elsewhere', 'POST /api/jobs/:id/resume': 'elsewhere', // tests/http/jobs.test.ts
  'GET /api/views': 'own', 'POST /api/views': 'elsewhere', 'PUT /api/views/first': 'elsewhere', 'PATCH /api/views/:id': 'elsewhere', 'DELETE /api/views/:id': 'elsewhere', 'POST /api/views/:id/restore': 'elsewhere', // tests/http/views.test.ts
  'GET /api/notifications': 'own', 'GET /api/notifications/unread': 'own', 'POST /api/notifications/read': 'elsewhere', // tests/http/notifications.test.ts
  'POST /api/workflows/simulate': 'denied', 'GET /api/workflows': 'own', 'GET /api/workflows/runs': 'own', 'GET /api/workflows/:name': 'elsewhere', 'POST /api/workflows/:name/runs': 'elsewhere', 'POST /api/workflows/:name/move': 'denied',
  'GET /api/workflows/runs/:id': 'elsewhere', 'POST /api/workflows/runs/:id/:repair': 'elsewhere', // tests/workflows
  'GET /api/users': 'denied', 'GET /api/users/:id': 'denied', 'POST /api/users/:id/invitation': 'denied', 'DELETE /api/users/:id/invitation': 'denied', 'POST /api/users/:id/password': 'denied',
  'POST /api/users/:id/block': 'denied', 'POST /api/users/:id/unblock': 'denied', 'DELETE /api/users/:id/sessions': 'denied', 'DELETE /api/users/:id/sessions/:session': 'denied',
  'POST /api/users/:id/tokens': 'denied', 'DELETE /api/users/:id/tokens/:token': 'denied', 'POST /api/session/invitation': 'elsewhere', // tests/http/people.test.ts
  'POST /api/previews': 'elsewhere', // tests/http/previews.test.ts
  'GET /api/approvals': 'own', 'GET /api/approvals/absence': 'own', 'PUT /api/approvals/absence': 'elsewhere', 'DELETE /api/approvals/absence': 'elsewhere', 'GET /api/approvals/:id': 'elsewhere', 'POST /api/approvals/:id/vote': 'elsewhere', // tests/workflows/approvals.test.ts
  'GET /api/webhooks': 'denied', 'POST /api/webhooks': 'denied', 'GET /api/webhooks/:id': 'denied', 'PATCH /api/webhooks/:id': 'denied', 'DELETE /api/webhooks/:id': 'denied', 'POST /api/webhooks/:id/secret': 'denied', 'POST /api/webhooks/:id/test': 'denied',
  'POST /api/webhooks/:id/again': 'denied', 'GET /api/webhooks/:id/deliveries': 'denied', 'POST /api/webhooks/:id/deliveries/:delivery/again': 'denied', // tests/http/webhooks.test.ts
  'GET /api/secrets': 'denied', 'PUT /api/secrets/:name': 'denied', 'DELETE /api/secrets/:name': 'denied', 'POST /api/hooks/:name': 'elsewhere', // tests/http/webhooks.test.ts
  'GET /api/session/ways': 'open', 'GET /api/session/oidc': 'elsewhere', 'GET /api/session/oidc/callback': 'elsewhere', // tests/http/oidc.test.ts
  'GET /healthz': 'open', 'GET /readyz': 'open', 'GET /metrics': 'open',
}

const bodyOf = (method: string): { body?: Json } => (method === 'PATCH' || method === 'PUT' ? { body: { name: 'mine now' } } : method === 'POST' ? { body: {} } : {})

describe.each(databaseKinds)('hidden records on %s', (database) => {
  let place: Ground
  beforeAll(async () => {
    place = await ground(database)
  })
  afterAll(() => place.app.close())

  test('A-035 every address has a decision, and no address has one that is gone', () => {
    expect(place.app.routes.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(Object.keys(inventory).toSorted())
  })

  test('A-022 A-032 A-035 a hidden, a hidden archived and a missing record are the same to every address, and nothing is changed', async () => {
    const { agent, app, theirs } = place
    const addresses = Object.keys(inventory).filter((name) => inventory[name] === 'record').map((name): [string, string] => name.split(' ') as [string, string])
    expect(addresses.length).toBeGreaterThan(4)
    await withoutTrace(app, async () => {
      for (const [method, path] of addresses) {
        for (const [entity, hidden] of [['client', theirs.client], ['client', theirs.archived], ['deal', theirs.deal], ['branch', theirs.branch], ['parcel', theirs.parcel]] as const) {
          const ask = (id: number, more = ''): Promise<Answer> => agent.request(method, path.replace(':entity', entity).replace(':id', String(id)) + more, bodyOf(method))
          expect(shape(await ask(hidden)), `${method} ${path} ${entity}`).toEqual(shape(await ask(nowhere)))
          expect([403, 404, 400]).toContain((await ask(hidden)).status)
          for (const more of ['?purge=true', '?archived=true', '?expand=deals']) expect(shape(await ask(hidden, more))).toEqual(shape(await ask(nowhere, more)))
        }
      }
    })
  })

  test('A-032 the addresses that are denied change nothing, whatever is sent to them', async () => {
    const { agent, app } = place
    await withoutTrace(app, async () => {
      for (const name of Object.keys(inventory).filter((known) => inventory[known] === 'denied')) {
        const [method = '', path = ''] = name.split(' ')
        for (const body of [{}, [], { consent: [], base: 1 }, [{ op: 'add', path: '/x~1entity.json', value: {} }]] as Json[]) {
          const answer = await agent.request(method, path.replace(':n', '1').replace(':id', '1').replace(':token', '1').replace(':delivery', '1').replace(':name', 'NAME'), method === 'GET' || method === 'DELETE' ? {} : { body })
          expect(answer.status, `${name} ${JSON.stringify(body)}`).toBeOneOf([400, 403]) // what is no request at all may be refused as such
        }
      }
    })
  })

  test('A-035 what tells of many records tells of readable ones only', async () => {
    const { agent, mine } = place
    for (const [entity, id] of [['client', mine.client], ['deal', mine.deal], ['branch', mine.branch], ['parcel', mine.parcel]] as const) {
      expect(recordsOf(await agent.get(`/api/records/${entity}?count=true`)).map((record) => record['id'])).toEqual([id])
      expect(await agent.get(`/api/records/${entity}?count=true`)).toMatchObject({ body: { count: 1 } })
      expect(await agent.post(`/api/records/${entity}/aggregate`, {})).toMatchObject({ body: { groups: [{ count: 1 }] } })
    }
    for (const format of ['csv', 'jsonl']) expect((await agent.get(`${clients}/export?format=${format}`)).text.match(/My client/g)).toHaveLength(1)
    for (const path of ['/api/model', '/api/openapi.json', '/api/session', '/api/status', '/api/records/user', '/api/search?q=my']) await agent.get(path) // read by the canary scan
  })

  test('A-023 A-024 a relation leads to readable records only, and a hidden one counts nowhere', async () => {
    const { agent, admin, mine, theirs } = place
    // A hidden client that points to mine, and mine that points to a hidden one.
    const child = idOf(await admin.post(clients, { name: 'CANARY-child', branch: theirs.branch, parent: mine.client }))
    await admin.patch(`${clients}/${mine.client}`, { parent: theirs.client })
    await admin.post(deals, { client: child, title: 'CANARY-child-deal', amount: 999_999 })
    const [own] = recordsOf(await agent.get(address(clients, { expand: 'parent,children,deals' })))
    expect(own).toMatchObject({ parent: null, children: [], deals: [{ title: 'My deal' }] })
    const nothing: Json[] = [
      { 'parent.name': { $ne: null } }, { 'parent.name': 'CANARY-client-theirs' }, { 'parent.deals': { $some: {} } }, { 'parent.tier': 'bronze' },
      { children: { $some: {} } }, { children: { $count: { $gte: 1 } } }, { children: { $some: { deals: { $sum: { amount: { $gt: 1 } } } } } }, { deals: { $sum: { amount: { $gt: 11 } } } },
      { 'branch.clients': { $count: { $gt: 1 } } }, { 'branch.clients': { $some: { name: 'CANARY-child' } } },
    ]
    for (const filter of nothing) expect(recordsOf(await agent.get(address(clients, { filter }))), JSON.stringify(filter)).toEqual([])
    const all: Json[] = [{ 'parent.name': null }, { children: { $none: {} } }, { children: { $count: 0 } }, { children: { $every: { name: 'x' } } }, { $not: { children: { $some: {} } } }, { 'branch.clients': { $count: 1 } }]
    for (const filter of all) expect(recordsOf(await agent.get(address(clients, { filter }))), JSON.stringify(filter)).toHaveLength(1)
    await admin.delete(`${clients}/${child}?purge=true`)
    await admin.patch(`${clients}/${mine.client}`, { parent: null })
  })

  test('A-030 neither a link to a hidden record nor one of a hidden record to mine can be made or cut', async () => {
    const { agent, app, mine, theirs } = place
    await withoutTrace(app, async () => {
      const links: readonly ((id: number) => Promise<Answer>)[] = [
        (id) => agent.patch(`${clients}/${mine.client}`, { parent: id }), (id) => agent.patch(`${clients}/${mine.client}`, { branch: id }),
        (id) => agent.post(clients, { name: 'x', branch: mine.branch, parent: id }), (id) => agent.post(deals, { client: id, title: 'x' }), (id) => agent.patch(`${deals}/${mine.deal}`, { client: id }),
        (id) => agent.post(`${clients}/bulk`, { create: [{ name: 'x', branch: mine.branch, parent: id }] }), (id) => agent.post(`${clients}/bulk`, { update: [{ id: mine.client, parent: id }] }),
        (id) => agent.post(`${clients}/bulk`, { where: {}, set: { parent: id } }),
      ]
      for (const link of links) {
        for (const hidden of [theirs.client, theirs.archived, theirs.branch + 1000]) {
          const answer = await link(hidden)
          expect([403, 422]).toContain(answer.status)
          expect(shape(answer)).toEqual(shape(await link(nowhere)))
        }
      }
      for (const id of [theirs.client, nowhere]) expect(await agent.patch(`${clients}/${id}`, { parent: null })).toMatchObject({ status: 404 })
    })
  })

  test('A-034 a hidden record is not found by any of its keys', async () => {
    const { agent, app, mine } = place
    await withoutTrace(app, async () => {
      for (const [key, value] of [['code', 'CANARY-code-theirs'], ['name', 'CANARY-client-theirs'], ['secretCode', 'CANARY-key-theirs'], ['clientNo', 'C0003']] as const) {
        const answer = await agent.post(`${clients}/bulk`, { upsert: [{ [key]: value, name: 'x', branch: mine.branch }], key })
        expect(answer.status, key).toBeGreaterThanOrEqual(400)
        if (key !== 'secretCode') expect(recordsOf(await agent.get(address(clients, { filter: { [key]: value } })))).toEqual([])
      }
      for (const id of ['CANARY-code-theirs', 'C0003', '1e0', '0x3', '+3', ' 3', '3.0', '03', '3,1', '-3', '٣', '9999999999999999999']) {
        expect(await agent.get(`${clients}/${encodeURIComponent(id)}`), id).toMatchObject({ status: 404 })
      }
    })
  })

  test('A-028 all of many related records are seen, page by page, and counted', async () => {
    const { admin, agent, mine } = place
    const rows = Array.from({ length: 750 }, (_, i) => ({ client: mine.client, title: `Many ${i}`, amount: 1 }))
    expect((await admin.post(`${deals}/bulk`, { create: rows })).status).toBe(200)
    const seen: unknown[] = []
    let cursor: string | null = null
    do {
      const page: Answer = await agent.get(address(deals, { filter: { client: mine.client, title: { $startsWith: 'Many' } }, limit: '200', ...(cursor === null ? {} : { cursor }) }))
      seen.push(...recordsOf(page).map(({ id }) => id))
      cursor = (page.body as { next: string | null }).next
    } while (cursor !== null)
    expect(new Set(seen).size).toBe(750)
    expect(await agent.post(`${deals}/aggregate`, { measures: { n: { count: true }, sum: { sum: 'amount' } } })).toMatchObject({ body: { groups: [{ n: 751, sum: 760.5 }] } })
    expect(recordsOf(await agent.get(address(clients, { filter: { deals: { $count: 751 } } })))).toHaveLength(1)
    for (const { id } of recordsOf(await admin.get(address(deals, { filter: { title: { $startsWith: 'Many' } }, limit: '2' })))) await admin.delete(`${deals}/${String(id)}?purge=true`)
  })

  test('A-027 a part of a query that may not be asked is never dropped: no rows come', async () => {
    const { agent, app } = place
    await withoutTrace(app, async () => {
      for (const query of [
        { filter: { tier: 'bronze', secret: 'x' } }, { filter: { $or: [{ tier: 'bronze' }, { secret: 'x' }] } }, { sort: 'name,secret' }, { fields: 'name,secret' }, { expand: 'deals,secret' }, { expand: 'branch.vault' },
      ] as Record<string, Json>[]) {
        const answer = await agent.get(address(clients, query))
        expect(answer, JSON.stringify(query)).toMatchObject({ status: 403, body: { code: 'access.field' } })
        expect(answer.text).not.toContain('records')
      }
    })
  })

  test('A-031 two roles: a field is seen on those rows only that some rule with that field covers', async () => {
    const { app, mine, theirs } = place
    const both = await app.as(['agent', 'namesOnly'], { branches: [mine.branch] })
    const rows = new Map(recordsOf(await both.get(clients)).map((record) => [record['id'], record]))
    expect(Object.keys(rows.get(theirs.client) ?? {})).not.toEqual(expect.arrayContaining(['code']))
    expect(rows.get(theirs.client)).toMatchObject({ name: 'CANARY-client-theirs' })
    expect(rows.get(mine.client)).toMatchObject({ code: 'My code' })
    for (const query of [{ filter: { code: 'CANARY-code-theirs' } }, { filter: { $not: { code: { $ne: 'CANARY-code-theirs' } } } }] as Record<string, Json>[]) {
      expect(recordsOf(await both.get(address(clients, query)))).toEqual([])
    }
    const groups = await both.post(`${clients}/aggregate`, { groupBy: ['code'], measures: { n: { count: true }, least: { min: 'score' } } })
    expect(groups.text).not.toContain('CANARY')
    expect((await both.patch(`${clients}/${theirs.client}`, { code: 'stolen' })).status).toBe(403)
    await alive(app)
  })

  test('A-026 a rule that no longer can be resolved gives no rows and raises an alarm', async () => {
    const { admin, app, mine } = place
    const refused = await admin.patch('/api/definitions/draft', [{ op: 'add', path: '/client~1entity.json/properties/branch/crm/archived', value: true }])
    expect(refused.status).toBe(200)
    expect(await admin.post('/api/definitions/publish', { consent: [] })).toMatchObject({ status: 422, body: { problems: expect.arrayContaining([expect.objectContaining({ code: 'role.where' })]) as unknown } })
    await admin.delete('/api/definitions/draft')
    // What no publish does: the stored definitions are damaged, and the next process reads them.
    const damaged = '"branchOfOld":{"$in":"$user.branches"}'
    await app.engine.database.write((tx) => tx.run(`UPDATE tessera_version SET layers = replace(layers, ?, ?)`, ['"branch":{"$in":"$user.branches"}', damaged]))
    const other = await app.another()
    const who = watched(await other.as(['agent'], { branches: [mine.branch] }))
    for (const path of [clients, `${clients}?count=true`, `${clients}/${mine.client}`, `${clients}/export`, '/api/search?q=client']) {
      const answer = await who.get(path)
      expect(answer.text, path).not.toContain('My client')
    }
    expect((await who.patch(`${clients}/${mine.client}`, { name: 'x' })).status).toBe(404)
    expect(other.log.some(({ level, message }) => level === 'error' && message.includes('grants nothing'))).toBe(true)
  })

  test('A-147 a definition that was corrupted in the database is left out and named, and everything else serves', async () => {
    const { app } = place
    const [stored] = await app.engine.database.read.all('SELECT version, layers FROM tessera_version ORDER BY version DESC LIMIT 1', [])
    const layers = JSON.parse(String(stored?.['layers'])) as { documents: Record<string, Record<string, Json>> }[]
    for (const { documents } of layers) {
      if (documents['parcel/entity.json'] !== undefined) documents['parcel/entity.json']['properties'] = 7
      const deal = documents['deal/entity.json']?.['properties'] as Record<string, Json> | undefined
      if (deal !== undefined) deal['ghost'] = { crm: { type: 'reference', to: 'nothing' } }
    }
    await app.engine.database.write((tx) => tx.run('UPDATE tessera_version SET layers = ? WHERE version = ?', [JSON.stringify(layers), stored?.['version']]))
    const { admin, engine } = await app.another()
    expect((await admin.get('/api/records/client?limit=1')).status).toBe(200)
    expect((await admin.get('/api/records/deal?limit=1')).status).toBe(200)
    expect((await admin.post('/api/records/client', { name: 'Still at work' })).status).toBe(201)
    const { quarantined } = (await admin.get('/api/definitions/health')).body as { quarantined: readonly { path: string }[] }
    expect(quarantined.map(({ path }) => path)).toEqual(expect.arrayContaining(['deal/entity.json#/properties/ghost/crm/to']))
    const told = (await examine(engine, false)).find(({ name }) => name === 'definitions')
    expect(told).toMatchObject({ ok: false, details: expect.arrayContaining([expect.stringContaining('deal/entity.json#/properties/ghost')]) as unknown })
    await alive(app)
  })
})
