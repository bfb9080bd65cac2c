/** After many writes at once, in any order and by any door, every computed value is what counting anew gives. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import { recount } from '../../engine/storage/derived.js'
import { derivationsOf } from '../../engine/model/computed/derivations.js'
import { bindingsAt } from '../../engine/operations/derived/writing.js'
import { startApp, type App } from '../support/app.js'
import type { Answer, Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

const layers = ['metadata/core', 'tests/packs/computed']
const idOf = (answer: Answer): number => (answer.body as { id: number }).id

/** Writes in one run; more by hand: `COMPUTED_WRITES=10000`. */
const writes = Number(process.env['COMPUTED_WRITES'] ?? 400)
const together = 12

type Act = { readonly kind: 'create' | 'amount' | 'move' | 'archive' | 'restore' | 'purge' | 'bulk' | 'shop'; readonly pick: number; readonly owner: number; readonly amount: number; readonly online: boolean }

const act = fc.record<Act>({
  kind: fc.constantFrom<Act['kind']>('create', 'create', 'create', 'amount', 'move', 'archive', 'restore', 'purge', 'bulk', 'shop'),
  pick: fc.nat(10_000),
  owner: fc.nat(4),
  amount: fc.integer({ min: -100_000, max: 100_000 }).map((cents) => cents / 100),
  online: fc.boolean(),
})

describe.each(databaseKinds)('computed values under many writers on %s', (database) => {
  let app: App
  let admin: Client
  let customers: readonly number[]
  let shops: readonly number[]

  beforeAll(async () => {
    app = await startApp({ database, layers })
    admin = app.admin
    shops = await Promise.all(['A', 'B'].map(async (name) => idOf(await admin.post('/api/records/shop', { name, region: 'north' }))))
    customers = await Promise.all([0, 1, 2, 3, 4].map(async (i) => idOf(await admin.post('/api/records/customer', { name: `C${String(i)}`, shop: shops[i % 2] ?? null }))))
  })
  afterAll(() => app.close())

  const sales: number[] = []
  const sale = (pick: number): string => `/api/records/sale/${String(sales[pick % Math.max(1, sales.length)] ?? 0)}`

  async function perform({ kind, pick, owner, amount, online }: Act): Promise<number> {
    const customer = customers[owner] ?? 0
    const body: JsonObject = { customer, shop: shops[pick % 2] ?? null, amount, channel: online ? 'online' : 'store', at: new Date(Date.now() - (pick % 200) * 86_400_000).toISOString() }
    switch (kind) {
      case 'create': {
        const made = await admin.post('/api/records/sale', body)
        if (made.status === 201) sales.push(idOf(made))
        return made.status
      }
      case 'amount': return (await admin.patch(sale(pick), { amount })).status
      case 'move': return (await admin.patch(sale(pick), { customer, channel: online ? 'online' : 'store' })).status
      case 'archive': return (await admin.delete(sale(pick))).status
      case 'restore': return (await admin.post(`${sale(pick)}/restore`, {})).status
      case 'purge': return (await admin.delete(`${sale(pick)}?purge=true`)).status
      case 'bulk': return (await admin.post('/api/records/sale/bulk', { create: [body, { ...body, customer: customers[(owner + 1) % 5] ?? 0 }] })).status
      case 'shop': return (await admin.patch(`/api/records/customer/${String(customer)}`, { shop: shops[pick % 2] ?? null, tier: online ? 'gold' : 'plain' })).status
    }
  }

  /** Every rollup against the database, every formula against the record. */
  async function differences(): Promise<readonly string[]> {
    const model = app.engine.current.get()
    const { entities } = model
    const found: string[] = []
    for (const [name, { rollups }] of derivationsOf(model)) {
      const { records } = (await admin.get(`/api/records/${name}?limit=500`)).body as { records: (JsonObject & { id: number })[] }
      for (const rollup of rollups) {
        const [of, source] = [entities.get(name), entities.get(rollup.derived.entity)]
        if (of === undefined || source === undefined) continue
        const counted = await recount(app.engine.database.read, of, source, rollup, records.map(({ id }) => id), bindingsAt(model, new Date()))
        for (const record of records) if (record[rollup.field.key] !== counted.get(record.id)?.value) found.push(`${name} ${String(record.id)} ${rollup.field.key}: ${JSON.stringify(record[rollup.field.key])} instead of ${JSON.stringify(counted.get(record.id)?.value)}`)
      }
      for (const record of records) if (name === 'customer' && record['value'] !== Math.round(Number(record['spent']) * 20 + (record['tier'] === 'gold' ? 1000 : 0)) / 10) found.push(`customer ${String(record.id)} value ${JSON.stringify(record['value'])}`)
    }
    return found
  }

  test(`${String(writes)} random writes, ${String(together)} at a time, leave every value exact`, { timeout: Math.max(600_000, writes * 200) }, async () => {
    const acts = fc.sample(act, { numRuns: writes, seed: 7 })
    const statuses = new Set<number>()
    let next = 0
    await Promise.all(Array.from({ length: together }, async () => {
      for (let one = acts[next++]; one !== undefined; one = acts[next++]) statuses.add(await perform(one))
    }))
    // Records that were archived or erased meanwhile are not there; nothing fails.
    expect([...statuses].filter((status) => status >= 500)).toEqual([])
    expect(await differences()).toEqual([])
    expect(sales.length).toBeGreaterThan(writes / 10)
  })
})
