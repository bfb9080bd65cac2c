/** The sample is loaded completely, once, and with the published facts. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { demoPending, demoProgress, loadDemo, type DemoOutcome, type DemoProgress } from '../../engine/operations/demo.js'
import { startApp, type App } from '../support/app.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import { address, signIn, type Client } from '../support/client.js'
import { compiledCommandLine } from '../support/compiled.js'
import { databaseKinds, freshDatabase, type DatabaseKind } from '../support/databases.js'
import { writeSubsetLayer } from './subset.js'

const password = 'a long password for tests'
const running: App[] = []
afterAll(async () => {
  for (const app of running) await app.close()
})

async function deploy(database: DatabaseKind, layers: readonly string[]): Promise<App> {
  const app = await startApp({ database, layers })
  running.push(app)
  return app
}

const subset = writeSubsetLayer(join(inject('runFolder'), `subset-${process.pid}`)).then((layer) => ['metadata/core', layer] as const)

async function loadInto(app: App, onProgress: (progress: DemoProgress) => void = () => undefined, layer?: string): Promise<DemoOutcome> {
  return loadDemo(app.engine, { folder: join(layer ?? (await subset)[1], 'data'), password, onProgress, ...(layer === undefined ? { batchRows: 150 } : {}) })
}

/** The facts of the subset, counted in its files with other tools. */
const subsetFacts = {
  stores: 82, products: 1_368, members: 58, membersWithPurchases: 58, purchases: 1_187, purchaseLines: 1_774, sold: 5_645.99,
  campaigns: 27, campaignMembers: 186, coupons: 72, couponProducts: 1_892, couponRedemptions: 84,
}

interface Page {
  readonly records: readonly JsonObject[]
}
const recordsOf = async (client: Client, path: string, query: JsonObject = {}): Promise<readonly JsonObject[]> => {
  const answer = await client.get(address(path, { limit: '500', ...query }))
  expect(answer.status, answer.text).toBe(200)
  return (answer.body as Page).records
}

describe('the whole sample on SQLite', () => {
  it('has the published facts', async () => {
    const deployment = await deploy('sqlite', ['metadata/core', 'metadata/retail'])
    const told: DemoProgress[] = []
    const { report, loaded, users } = await loadInto(deployment, (progress) => told.push(progress), 'metadata/retail')
    expect(loaded).toBe(true)
    expect(users.map((user) => user.password)).toEqual([password, password, password, password, password])
    expect(report).toEqual({
      stores: 293, categories: 4_270, products: 92_331, members: 2_379, membersWithPurchases: 2_377, membersWithDemographics: 801,
      purchases: 47_243, purchaseLines: 75_000, sold: 233_935.24, campaigns: 27, campaignMembers: 6_589,
      coupons: 1_197, couponProducts: 116_204, couponRedemptions: 2_102, linesWithoutProduct: 222, couponProductsWithoutProduct: 16,
    })
    expect(told.at(-1)).toEqual({ done: 347_635, total: 347_635, entity: '' })
    expect(told.every(({ done }, i) => done >= (told[i - 1]?.done ?? 0))).toBe(true)
    expect(await demoProgress(deployment.engine)).toEqual({ done: 347_635, total: 347_635, entity: '' })
    // Lists that look through all of many records; that of lines without a product is in the order of an index beneath it.
    expect((await deployment.admin.get('/api/definitions/health')).body).toMatchObject({ views: [{ path: 'purchaseLine/view.all.json', fields: ['amount'] }] })
  }, 240_000)
})

describe.each(databaseKinds)('a part of the sample on %s', (kind) => {
  let deployment: App
  beforeAll(async () => {
    deployment = await deploy(kind, await subset)
  })

  it('goes on after an interruption at any batch and never doubles; a second load finds everything there', async () => {
    expect(await demoPending(deployment.engine)).toBe(true)
    let outcome: DemoOutcome | undefined
    for (let stops = 0; outcome === undefined; stops++) {
      expect(stops).toBeLessThan(60)
      let batches = 0
      outcome = await loadInto(deployment, () => {
        batches += 1
        if (batches === 6) throw new Error('interrupted')
      }).catch((error: unknown) => {
        expect(String(error)).toContain('interrupted')
        return undefined
      })
    }
    expect(outcome.report).toMatchObject(subsetFacts)
    const states = (await deployment.admin.post('/api/records/case/aggregate', { groupBy: ['status'], measures: { n: { count: true } } })).body as { groups: readonly JsonObject[] }
    expect(new Set(states.groups.map(({ status }) => status))).toEqual(new Set(['closed', 'new', 'open', 'solved', 'waiting']))
    expect(states.groups.reduce((sum, { n }) => sum + Number(n), 0)).toBe(36)
    expect(await demoPending(deployment.engine)).toBe(false)
    const golden = async (): Promise<JsonObject> => (await deployment.admin.get('/api/workflows/goldAway')).body as JsonObject
    await expect.poll(async () => (await golden())['segments']).toEqual({ lapsingGold: expect.any(String) as string })
    expect((await deployment.admin.get('/api/workflows/runs?workflow=goldAway')).body).toMatchObject({ runs: [] })
    const second = await loadInto(deployment)
    expect(second).toMatchObject({ loaded: false, report: outcome.report })
    expect(second.users.map((user) => user.password)).toEqual([null, null, null, null, null])
  })

  it('two processes that load at once make one load', async () => {
    const fresh = await deploy(kind, await subset)
    const both = await Promise.allSettled([loadInto(fresh), loadInto(await fresh.another())])
    const done = both.filter((result) => result.status === 'fulfilled')
    expect(done.length).toBeGreaterThanOrEqual(1)
    expect(done[0]?.value.report).toMatchObject(subsetFacts)
    for (const result of both) if (result.status === 'rejected') expect(String(result.reason)).toContain('another process')
  })

  it('refuses a deployment that has records of its own', async () => {
    const used = await deploy(kind, await subset)
    await used.admin.post('/api/records/store', { number: '1', name: 'Ours' })
    expect(await demoPending(used.engine)).toBe(false)
    await expect(loadInto(used)).rejects.toThrow(/empty deployment/)
  })

  describe('once it is loaded', () => {
    it('shows a clerk the own stores only, and no income in any way they ask', async () => {
      const { url } = deployment
      const clerk = await signIn(url, 'clerk@example.com', password)
      const manager = await signIn(url, 'manager@example.com', password)

      const own = (await recordsOf(clerk, '/api/records/store')).map((store) => store['id'])
      expect(own.length).toBe(3)
      const members = await recordsOf(clerk, '/api/records/member')
      expect(members.length).toBeGreaterThan(0)
      for (const member of members) {
        expect(own).toContain(member['store'])
        expect(Object.keys(member)).not.toContain('income')
        expect(Object.keys(member)).not.toContain('incomeBand')
        expect(member['phone']).toMatch(/^\+1\d{10}$/)
      }
      const everyone = await recordsOf(manager, '/api/records/member')
      expect(everyone.length).toBe(58)
      expect(everyone.some((member) => typeof member['income'] === 'number')).toBe(true)
      const foreign = everyone.find((member) => !own.includes(member['store'] ?? null))
      expect((await clerk.get(`/api/records/member/${JSON.stringify(foreign?.['id'])}`)).status).toBe(404)
      for (const purchase of await recordsOf(clerk, '/api/records/purchase')) expect(own).toContain(purchase['store'])
      const sold = await clerk.post('/api/records/purchaseLine/aggregate', { groupBy: ['purchase'], measures: { n: { count: true } } })
      expect(sold.status, sold.text).toBe(200)
    })

    it('answers a clerk who asks for incomes as one who asks for nothing that exists', async () => {
      const clerk = await signIn(deployment.url, 'clerk@example.com', password)
      const ask = async (field: string): Promise<readonly unknown[]> => {
        const asked = [
          await clerk.get(address('/api/records/member', { filter: { [field]: { $gte: 1 } } })),
          await clerk.get(address('/api/records/member', { sort: `-${field}` })),
          await clerk.get(address('/api/records/member', { fields: `name,${field}` })),
          await clerk.get(address('/api/records/purchase', { fields: `number,member.${field}` })),
          await clerk.get(address('/api/records/store', { filter: { members: { $some: { [field]: { $gte: 1 } } } } })),
          await clerk.post('/api/records/member/aggregate', { measures: { x: { sum: field } } }),
          await clerk.post('/api/records/member/aggregate', { groupBy: [field], measures: { n: { count: true } } }),
        ]
        return asked.map(({ status, body }) => [status, (body as JsonObject)['code']])
      }
      const income = await ask('income')
      expect(income).toEqual(await ask('nothingOfTheKind'))
      for (const answer of income) expect(answer).toEqual([403, 'access.field'])
    })

    it('shows an analyst figures, no names, and lets them change nothing', async () => {
      const analyst = await signIn(deployment.url, 'analyst@example.com', password)
      const members = await recordsOf(analyst, '/api/records/member')
      expect(members.length).toBe(58)
      for (const member of members) {
        for (const hidden of ['name', 'email', 'address', 'birthday', 'notes', 'householdNo']) expect(Object.keys(member)).not.toContain(hidden)
        expect(member['phone']).toContain('*')
      }
      expect(members.some((member) => typeof member['income'] === 'number')).toBe(true)
      expect((await analyst.patch(`/api/records/member/${JSON.stringify(members[0]?.['id'])}`, { tier: 'gold' })).status).toBe(403)
      expect((await analyst.post('/api/records/store', { number: '1', name: 'x' })).status).toBe(403)
    })
  })
})

describe('a load that is killed', () => {
  it('is whole after the next one', async () => {
    const program = await compiledCommandLine()
    const database = await freshDatabase('sqlite')
    const env = { ...process.env, DATABASE_URL: database.url, TESSERA_LAYERS: (await subset).join(',') }
    const start = () => spawn(process.execPath, [program, 'demo', '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const killed = start()
    killed.stderr.on('data', (chunk: Buffer) => {
      if (/(purchase|product)$/m.test(chunk.toString())) killed.kill('SIGKILL')
    })
    expect((await once(killed, 'exit'))[1]).toBe('SIGKILL')
    const second = start()
    let output = ''
    second.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    expect((await once(second, 'close'))[0]).toBe(0)
    expect(JSON.parse(output)).toMatchObject({ loaded: true, report: subsetFacts })
    await database.drop()
  })
})
