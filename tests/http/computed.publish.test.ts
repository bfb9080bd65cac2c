/** What computed fields promise when their definitions come, change and go, and as time passes. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { moveAll } from '../../engine/operations/derived/moving.js'
import { examineComputed } from '../../engine/operations/upkeep/computed.js'
import { load } from '../../engine/operations/records/load.js'
import { addJob } from '../../engine/storage/own/jobs.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import type { Answer, Client } from '../support/client.js'
import { momentAt } from '../../metadata/contract/time.js'
import { databaseKinds } from '../support/databases.js'

const layers = ['metadata/core', 'tests/packs/computed']
/** Milliseconds at which the day begins in the zone. */
const startOf = (zone: string, day: string): number => Date.parse(momentAt(`${day}T00:00:00`, zone))
const idOf = (answer: Answer): number => (answer.body as { id: number }).id
const property = (entity: string, key: string): string => `/${entity}~1entity.json/properties/${key}`

describe.each(databaseKinds)('definitions of computed fields on %s', (database) => {
  let app: App
  let admin: Client

  beforeEach(async () => {
    app = await startApp({ database, layers })
    admin = app.admin
  })
  afterEach(() => app.close())

  const make = async (entity: string, body: JsonObject): Promise<number> => idOf(await admin.post(`/api/records/${entity}`, body))
  const read = async (entity: string, id: number): Promise<JsonObject> => (await admin.get(`/api/records/${entity}/${String(id)}`)).body as JsonObject
  const define = async (entity: string, fields: Readonly<Record<string, Json>>): Promise<Answer> => {
    const version = ((await admin.get('/api/definitions')).body as { version: number }).version
    const changed = await admin.patch('/api/definitions/draft', Object.entries(fields).map(([key, value]) => (value === null ? { op: 'remove', path: property(entity, key) } : { op: 'add', path: property(entity, key), value })), { 'if-match': `"${String(version)}"` })
    expect(changed.status).toBe(200)
    return admin.post('/api/definitions/plan', {})
  }
  const publish = async (entity: string, fields: Readonly<Record<string, Json>>): Promise<Answer> => {
    const plan = await define(entity, fields)
    const steps = (plan.body as { steps: { key: string; safety: string }[] }).steps
    return admin.post('/api/definitions/publish', { consent: steps.filter(({ safety }) => safety === 'lossy').map(({ key }) => key), message: 'test' })
  }
  const problems = (answer: Answer): readonly { path: string; message: string }[] => (answer.body as { problems: { path: string; message: string }[] }).problems
  const formula = (cel: string, more: JsonObject = {}): Json => ({ readOnly: true, crm: { type: 'formula', cel, ...more } })
  const rollup = (more: JsonObject): Json => ({ readOnly: true, crm: { type: 'rollup', of: 'sale.customer', ...more } })

  test('a new field is filled for the records that are there, and so is what is computed from it', async () => {
    const customer = await make('customer', { name: 'Old' })
    await make('sale', { customer, amount: 10.5 })
    await make('sale', { customer, amount: 20 })
    expect((await publish('customer', { half: formula('total2 / 2'), total2: rollup({ sum: 'amount' }), mean: rollup({ avg: 'amount', where: { amount: { $gt: 1 } } }) })).status).toBe(201)
    expect(await read('customer', customer)).toMatchObject({ total2: 30.5, half: 15.25, mean: 15.25, version: 1 })
    expect((await publish('customer', { half: formula('total2 / 4', { scale: 3 }), mean: rollup({ avg: 'amount', where: { amount: { $gt: 11 } } }) })).status).toBe(201)
    expect(await read('customer', customer)).toMatchObject({ half: 7.625, mean: 20 })
    await make('sale', { customer, amount: 40 })
    expect(await read('customer', customer)).toMatchObject({ mean: 30, total2: 70.5, half: 17.625 })
  })

  test('many records are filled by a job, are empty until then, and what is written meanwhile is right', async () => {
    const names = Array.from({ length: 2100 }, (_, i) => ({ name: `C${String(i)}` }))
    const ids = await load(app.engine, { entity: 'customer', rows: names, announce: false })
    await load(app.engine, { entity: 'sale', rows: ids.map((customer) => ({ customer, amount: 2 })), announce: false })
    const answer = await publish('customer', { total2: rollup({ sum: 'amount' }), twice: formula('total2 * 2', { scale: 0 }) })
    expect(answer.status).toBe(201)
    const last = ids.at(-1) ?? 0
    await make('sale', { customer: last, amount: 5 })
    expect(await read('customer', last)).toMatchObject({ total2: 7, twice: 14 })
    await expect.poll(async () => ((await admin.get('/api/jobs')).body as { jobs: JsonObject[] }).jobs.map(({ kind, state, done, total }) => ({ kind, state, done, total })), { timeout: 30_000 }).toEqual([{ kind: 'recalculate', state: 'done', done: 4200, total: 4200 }])
    const right = await admin.get(`/api/records/customer?count=true&limit=1&filter=${encodeURIComponent(JSON.stringify({ total2: 2, twice: 4 }))}`)
    expect(right.body).toMatchObject({ count: 2099 })
    expect(await read('customer', last)).toMatchObject({ total2: 7, twice: 14 })
  })

  test('a change that very many records follow from is done by a job', async () => {
    const shop = await make('shop', { name: 'Big', region: 'north' })
    const ids = await load(app.engine, { entity: 'customer', rows: Array.from({ length: 2100 }, (_, i) => ({ name: `C${String(i)}`, shop })), announce: false })
    expect(await read('customer', ids[7] ?? 0)).toMatchObject({ region: 'north' })
    await admin.patch(`/api/records/shop/${String(shop)}`, { region: 'south' })
    await expect.poll(async () => (await admin.get(`/api/records/customer?count=true&limit=1&filter=${encodeURIComponent(JSON.stringify({ region: 'south' }))}`)).body, { timeout: 30_000 }).toMatchObject({ count: 2100 })
  })

  test('a field that people filled becomes computed only with consent', async () => {
    const customer = await make('customer', { name: 'X', born: '2000-02-28' })
    const plan = await define('customer', { born: formula('date("2001-01-01")') })
    expect(plan.body).toMatchObject({ steps: [{ key: 'convertField:customer.born', safety: 'lossy', to: 'formula', failing: { count: 1 } }] })
    expect((await admin.post('/api/definitions/publish', { message: 'x' })).status).toBe(409)
    expect((await admin.post('/api/definitions/publish', { message: 'x', consent: ['convertField:customer.born'] })).status).toBe(201)
    expect(await read('customer', customer)).toMatchObject({ born: '2001-01-01' })
    expect((await publish('customer', { born: { type: 'string', format: 'date' } })).status).toBe(201)
    expect(await read('customer', customer)).toMatchObject({ born: '2001-01-01' })
    expect((await admin.patch(`/api/records/customer/${String(customer)}`, { born: null })).status).toBe(200)
  })

  test('a formula that is tried tells what it gives on the newest records, or what is wrong; a rollup as well', async () => {
    const [ada, bo] = [await make('customer', { name: 'Ada' }), await make('customer', { name: 'Bo' })]
    await make('sale', { customer: ada, amount: 10.5 })
    const tried = async (value: Json): Promise<unknown> => (await admin.post('/api/definitions/computed', { entity: 'customer', key: 'tried', property: value })).body
    expect(await tried(formula('name + "!"'))).toMatchObject({ problems: [], type: 'text', samples: [{ id: bo, name: 'Bo', value: 'Bo!' }, { id: ada, name: 'Ada', value: 'Ada!' }] })
    expect(await tried(rollup({ sum: 'amount' }))).toMatchObject({ samples: [{ id: bo, value: 0 }, { id: ada, value: 10.5 }] })
    expect(await tried(formula('spent * 0,19'))).toEqual({ problems: [{ at: 'cel', message: 'Numbers are written with a point, such as 0.19. (at character 10)' }], type: null, options: {}, samples: [] })
  })

  test('mistakes are told in plain words, with their place and a suggestion', async () => {
    const told = async (value: Json): Promise<readonly string[]> => problems(await define('customer', { wrong: value })).map(({ path, message }) => `${path.replace('customer/entity.json#/properties/', '')}: ${message}`)
    expect(await told(formula('1.0 + spnt'))).toEqual(['wrong/crm/cel: There is no field “spnt” in customer. Did you mean “spent”? (at character 7)'])
    expect(await told(formula('shop.regoin'))).toEqual(['wrong/crm/cel: There is no field “regoin” in shop. Did you mean “region”?'])
    expect(await told(formula('name + 1'))).toEqual(['wrong/crm/cel: “text + number” is not possible.'])
    expect(await told(formula('wrong + 1'))).toEqual([expect.stringContaining('It is computed from itself: customer.wrong → customer.wrong.')])
    expect(await told(formula('now'))).toEqual([expect.stringContaining('Use “today”')])
    expect(await told(rollup({ sum: 'chanel' }))).toEqual(['wrong/crm/sum: There is no field “chanel” in sale. Did you mean “channel”?'])
    expect(await told(rollup({ sum: 'channel' }))).toEqual(['wrong/crm/sum: There is no sum of “sale.channel”: its values are not of such a kind.'])
    expect(await told(rollup({ of: 'sale.shop', count: true }))).toEqual(['wrong/crm/of: “sale.shop” does not lead to customer.'])
    expect(await told(rollup({ count: true, where: { 'shop.region': 'north' } }))).toEqual([expect.stringContaining('add a field there that looks it up')])
    expect(await told(rollup({ count: true, sum: 'amount' }))).toEqual([expect.stringContaining('wrong')])
    expect(await told(rollup({ count: true, where: { channel: 'on-line' } }))).toEqual([expect.stringContaining('wrong/crm/where')])
    expect(await told({ crm: { type: 'lookup', via: 'shop', field: 'nmae' } })).toEqual(['wrong/crm/field: There is no field “nmae” in shop. Did you mean “name”?'])
    const circle = await define('customer', { wrong: null, one: formula('two + 1'), two: formula('one + 1') })
    expect(problems(circle)[0]?.message).toContain('It is computed from itself: customer.one → customer.two → customer.one.')
  })

  test('the doctor counts anew, and tells of formulas that fail', async () => {
    await make('customer', { name: 'Without sales' })
    const customer = await make('customer', { name: 'Sick' })
    await make('sale', { customer, amount: 4 })
    expect(await examineComputed(app.engine.database, app.engine.current.get())).toMatchObject({ wrong: [], failing: [expect.stringContaining('customer.perSale') as unknown] })
    await app.engine.database.write((tx) => tx.run('UPDATE customer SET spent = ? WHERE id = ?', [database === 'sqlite' ? 1 : '0.01', customer]))
    expect((await examineComputed(app.engine.database, app.engine.current.get())).wrong).toEqual(expect.arrayContaining([expect.stringContaining('customer.spent')]))
  })

  test('of computed values is told for when they are exact, that they are on their way, and why one is missing', async () => {
    const customer = await make('customer', { name: 'Without sales' })
    const states = async (who: Client = admin, more = ''): Promise<JsonObject> => ((await who.get(`/api/records/customer/computed${more}`)).body as { fields: JsonObject }).fields
    const now = new Date(Date.now() + 1000)
    await moveAll(app.engine, now)
    expect(await states()).toMatchObject({ spent90: { asOf: now.toISOString() } })
    expect(await states(admin, `?record=${String(customer)}`)).toMatchObject({ perSale: { failed: { code: 'divides', message: 'It divides by zero.' } } })
    const clerk = await app.as(['seller'])
    expect((await clerk.get(`/api/records/customer/${String(customer)}`)).body).toMatchObject({ name: 'Without sales' })
    const told = await states(clerk, `?record=${String(customer)}`)
    const { fields } = ((await clerk.get('/api/model')).body as { entities: { customer: { fields: readonly { key: string }[] } } }).entities.customer
    for (const [key, state] of Object.entries(told)) expect([fields.map((field) => field.key), state]).toMatchObject([expect.arrayContaining([key]), expect.not.objectContaining({ message: expect.anything() as unknown })])
    expect((await admin.get('/api/records/customer/computed?record=999999')).status).toBe(404)
    expect((await admin.get('/api/records/nothing/computed')).status).toBe(404)
    // A job of a folder that no process here reaches waits.
    await app.engine.database.write((tx) => addJob(tx, { kind: 'recalculate', input: { steps: [{ entity: 'customer', fields: ['spent'] }] }, owner: null, place: 'elsewhere' }, new Date()))
    expect(await states()).toMatchObject({ spent: { progress: { done: 0, total: null } } })
    expect((await states())['average']).toBeUndefined()
  })

  test('a window moves with time: records leave by themselves, and come in', async () => {
    const customer = await make('customer', { name: 'W' })
    const day = 86_400_000
    await make('sale', { customer, amount: 1, at: new Date(Date.now() - 89 * day).toISOString() })
    await make('sale', { customer, amount: 2, at: new Date(Date.now() - 10 * day).toISOString() })
    expect(await read('customer', customer)).toMatchObject({ spent90: 3 })
    await moveAll(app.engine, new Date(Date.now() + 2 * day))
    expect(await read('customer', customer)).toMatchObject({ spent90: 2 })
    await moveAll(app.engine, new Date(Date.now() + 100 * day))
    expect(await read('customer', customer)).toMatchObject({ spent90: 0 })
  })

  test('the plan tells on which records a new or changed formula cannot be computed, and why', async () => {
    const [none, two] = [await make('customer', { name: 'None' }), await make('customer', { name: 'Two' })]
    await make('sale', { customer: two, amount: 5 })
    const stepsOf = (answer: Answer): readonly { key: string; failing?: { count: number; samples: readonly { id: number; value: string }[] } }[] => (answer.body as { steps: [] }).steps
    // One formula over a rollup that is new as well, and one over that formula.
    const plan = stepsOf(await define('customer', { bought: rollup({ count: true }), each: formula('100.0 / bought'), twice: formula('each * 2') }))
    expect(plan.find(({ key }) => key === 'addField:customer.each')).toMatchObject({ safety: 'safe', rows: 2, failing: { count: 1, samples: [{ id: none, value: expect.stringMatching(/division|zero/i) as unknown }] } })
    expect(plan.find(({ key }) => key === 'addField:customer.twice')).not.toHaveProperty('failing')
    expect((await admin.post('/api/definitions/publish', { message: 'each' })).status).toBe(201)
    expect(await read('customer', two)).toMatchObject({ bought: 1, each: 100, twice: 200 })
    const changed = stepsOf(await define('customer', { each: formula('100.0 / (bought - 1)') }))
    expect(changed.find(({ key }) => key === 'recomputeField:customer.each')).toMatchObject({ safety: 'slow', rows: 2, failing: { count: 1, samples: [{ id: two }] } })
    // Whatever is called otherwise in the same draft: what is counted, where it stands, and the formula itself.
    const moved = [['customer', 'bought', 'purchases'], ['customer', 'each', 'share']].map(([entity = '', from = '', to = '']) => ({ op: 'move', from: property(entity, from), path: property(entity, to) }))
    expect((await admin.patch('/api/definitions/draft', moved)).status).toBe(200)
    const renamed = stepsOf(await admin.post('/api/definitions/plan', {}))
    expect(renamed.map(({ key }) => key)).toEqual(expect.arrayContaining(['renameField:customer.purchases', 'renameField:customer.share']))
    expect(renamed.find(({ key }) => key === 'recomputeField:customer.share')).toMatchObject({ rows: 2, failing: { count: 1, samples: [{ id: two }] } })
    expect((await admin.post('/api/definitions/publish', { message: 'renamed' })).status).toBe(201)
    expect(await read('customer', none)).toMatchObject({ purchases: 0, share: -100 })
  })

  // At both ends of the world, where the day is never that of UTC for long.
  test.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Shanghai'])('days begin in the zone of the definitions: %s', async (zone) => {
    const dayIn = (at: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(at)
    const setZone = async (timeZone: string): Promise<void> => {
      expect((await admin.patch('/api/definitions/draft', [{ op: 'add', path: '/layer.json/timeZone', value: timeZone }])).status).toBe(200)
      const { steps } = (await admin.post('/api/definitions/plan', {})).body as { readonly steps: readonly JsonObject[] }
      expect(steps[0]).toEqual({ key: 'changeTimeZone:layer.json', action: 'changeTimeZone', from: app.engine.current.get().timeZone, to: timeZone, safety: 'safe' })
      expect(steps.map((step) => step['key'])).toContain('recomputeField:sale.on')
      expect((await admin.post('/api/definitions/publish', { message: timeZone })).status).toBe(201)
    }
    const customer = await make('customer', { name: 'Z' })
    const noon = await make('sale', { customer, amount: 1, at: '2026-07-01T10:30:00Z' })
    const late = await make('sale', { customer, amount: 2, at: '2026-07-01T20:30:00Z' })
    await publish('sale', { on: formula('date(at)'), since: formula('today - date(at)', { scale: 0 }), todays: formula('date(at) == today') })
    await publish('customer', { today: rollup({ count: true, where: { at: { $gte: 'now/d' } } }) })
    expect(await read('sale', late)).toMatchObject({ on: '2026-07-01' })
    await setZone(zone)
    // What was there is computed anew, and what comes is computed so.
    for (const [id, at] of [[noon, '2026-07-01T10:30:00Z'], [late, '2026-07-01T20:30:00Z']] as const) expect(await read('sale', id)).toMatchObject({ on: dayIn(new Date(at)) })
    const before = dayIn(new Date())
    const now = await make('sale', { customer, amount: 3, at: new Date().toISOString() })
    // The last moment of the zone's yesterday, and one in the middle of the day before.
    await make('sale', { customer, amount: 4, at: new Date(startOf(zone, before) - 1).toISOString() })
    await make('sale', { customer, amount: 4, at: new Date(startOf(zone, before) - 30 * 3_600_000).toISOString() })
    const [sale, holder] = [await read('sale', now), await read('customer', customer)]
    if (dayIn(new Date()) === before) expect([sale, holder]).toMatchObject([{ on: before, since: 0, todays: true }, { today: 1 }])
    await moveAll(app.engine, new Date(startOf(zone, before) + 86_400_000))
    expect(await read('customer', customer)).toMatchObject({ today: 0 })
    await setZone('UTC')
    expect(await read('sale', late)).toMatchObject({ on: '2026-07-01' })
  })

  test('a formula that names today is computed anew with the day', async () => {
    const customer = await make('customer', { name: 'D', born: '2000-01-01' })
    await publish('customer', { days: formula('today - born', { scale: 0 }) })
    const days = (await read('customer', customer))['days'] as number
    expect(days).toBeGreaterThan(9000)
    await moveAll(app.engine, new Date(Date.now() + 3 * 86_400_000))
    await expect.poll(async () => ((await admin.get('/api/jobs')).body as { jobs: JsonObject[] }).jobs.map(({ state }) => state), { timeout: 20_000 }).toEqual(['done'])
    // The job has the clock of this process, so the value is that of today again; that it ran is what is promised.
    expect(await read('customer', customer)).toMatchObject({ days })
  })
})
