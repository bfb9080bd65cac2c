/**
 * rows × fields of random roles, in random combinations, are what a slow and plain evaluator says: a field is
 * seen on a row if some rule that covers the row names it.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { matches, type Condition } from '../../metadata/contract/condition.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { callOf } from '../../engine/operations/call.js'
import { list, planList } from '../../engine/operations/records/read.js'
import type { Actor } from '../../engine/permissions/actor.js'
import { startApp, type App } from '../support/app.js'
import { databaseKinds } from '../support/databases.js'
import { writePack } from '../support/pack.js'

const fields = ['name', 'phone', 'income', 'tier', 'store'] as const
const roleCount = 24

const where = fc.oneof(
  fc.constantFrom<Record<string, Json>>({ tier: 'gold' }, { tier: { $ne: 'gold' } }, { income: { $gte: 3 } }, { $not: { income: { $gte: 3 } } }, { store: { $in: '$user.stores' } }, { $not: { store: { $in: '$user.stores' } } }, { store: '$user.home' }, { $or: [{ tier: 'silver' }, { income: null }] }),
)
const how = fc.constantFrom<true | false | 'masked'>(true, false, 'masked')
const fieldRule = fc.oneof(
  fc.subarray([...fields]),
  fc.record(Object.fromEntries(['*', ...fields].map((key) => [key, how])), { requiredKeys: [] }),
)
const readRule = fc.oneof({ arbitrary: fc.constant<Json>(true), weight: 1 }, { arbitrary: fc.constant<Json>(false), weight: 1 }, { arbitrary: fc.record({ where, fields: fieldRule }, { requiredKeys: [] }) as fc.Arbitrary<Json>, weight: 8 })

interface ReadRule {
  readonly where?: Condition
  readonly fields?: readonly string[] | Readonly<Record<string, boolean | 'masked'>>
}

/** `full`, `masked` or nothing: what one rule says of one field, read as the page on roles says it. */
function says(rule: true | ReadRule, field: string): 'full' | 'masked' | null {
  const named = rule === true ? undefined : rule.fields
  if (named === undefined) return 'full'
  if (Array.isArray(named)) return named.includes(field) ? 'full' : null
  const entry = (named as Record<string, boolean | 'masked'>)[field] ?? (named as Record<string, boolean | 'masked'>)['*'] ?? false
  return entry === true ? 'full' : entry === 'masked' ? 'masked' : null
}

describe.each(databaseKinds)('random roles on %s', (database) => {
  let app: App
  let rules: readonly Json[]
  let stored: readonly JsonObject[]

  beforeAll(async () => {
    rules = fc.sample(readRule, { numRuns: roleCount, seed: 31 })
    const roles = Object.fromEntries(rules.map((read, i) => [`roles/random${i}.json`, { title: `Random ${i}`, entities: { member: { read } } }]))
    const pack = await writePack(roles)
    app = await startApp({ database, layers: ['metadata/core', 'tests/packs/access', pack] })
    const stores: number[] = []
    for (const name of ['a', 'b', 'c']) stores.push(((await app.admin.post('/api/records/store', { name })).body as { id: number }).id)
    const rows = Array.from({ length: 36 }, (_, i) => ({
      name: `m${i}`,
      phone: i % 4 === 0 ? null : `+861381234${String(1000 + i)}`,
      income: i % 5 === 0 ? null : (i % 7) + (i % 3 === 0 ? 10 : 0),
      tier: i % 3 === 0 ? 'gold' : i % 3 === 1 ? 'silver' : 'bronze',
      store: i % 6 === 5 ? null : (stores[i % 3] ?? null),
    })).map((row) => (row.tier === 'gold' && row.income !== null && row.income < 10 ? { ...row, income: 10 } : row))
    const made = await app.admin.post('/api/records/member/bulk', { create: rows })
    expect(made.status).toBe(200)
    stored = ((await app.admin.get('/api/records/member?limit=500&sort=id')).body as { records: JsonObject[] }).records
  })
  afterAll(() => app.close())

  test('see on each row exactly what some rule that covers it names', async () => {
    const subset = fc.uniqueArray(fc.nat(roleCount - 1), { minLength: 1, maxLength: 4 })
    const attributes = fc.record({ stores: fc.option(fc.subarray([1, 2, 3])), home: fc.option(fc.constantFrom(1, 2, 3)) })
    await fc.assert(
      fc.asyncProperty(subset, attributes, async (indexes, own) => {
        const actor = actorWith(indexes.map((i) => `random${i}`), own)
        expect(await seen(app, actor)).toEqual(expected(indexes.flatMap((i) => (rules[i] === false || rules[i] === undefined ? [] : [rules[i] as true | ReadRule])), actor, stored))
      }),
      { numRuns: 120, seed: 7 },
    )
  })
})

function actorWith(roles: readonly string[], own: { stores: readonly number[] | null; home: number | null }): Actor {
  const attributes = new Map<string, Json>(Object.entries(own).filter((entry): entry is [string, NonNullable<(typeof entry)[1]>] => entry[1] !== null))
  return { id: 1, name: '', email: '', roles, locale: 'en', timeZone: 'UTC', attributes }
}

type Seen = Readonly<Record<string, Readonly<Record<string, Json>>>>

/** Id → the fields under test as the engine gives them. */
async function seen(app: App, actor: Actor): Promise<Seen> {
  const call = callOf(app.engine, actor)
  if (call.access.entity('member') === undefined) return {}
  const { records } = await list(call, planList(call, { entity: 'member', limit: 500, archived: false }))
  return Object.fromEntries(records.map((record) => [JSON.stringify(record['id']), Object.fromEntries(fields.filter((key) => Object.hasOwn(record, key)).map((key) => [key, record[key] ?? null]))]))
}

function expected(rules: readonly (true | ReadRule)[], actor: Actor, stored: readonly JsonObject[]): Seen {
  const context = { now: new Date(), timeZone: 'UTC', user: (attribute: string) => actor.attributes.get(attribute) }
  const rows: Record<string, Record<string, Json>> = {}
  for (const record of stored) {
    const covering = rules.filter((rule) => rule === true || rule.where === undefined || matches(rule.where, record, context))
    if (covering.length === 0) continue
    const shown: Record<string, Json> = {}
    for (const field of fields) {
      const answers = covering.map((rule) => says(rule, field))
      if (answers.includes('full')) shown[field] = record[field] ?? null
      else if (answers.includes('masked')) shown[field] = masked(field, record[field] ?? null)
    }
    rows[JSON.stringify(record['id'])] = shown
  }
  return rows
}

/** Phones keep their ends; what has no mask of its own is told as missing. */
const masked = (field: string, value: Json): Json => (field === 'phone' && typeof value === 'string' ? expect.stringContaining('****') : null) as Json
