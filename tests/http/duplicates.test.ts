/** Records that may be the same: found by what must be equal and what is alike, never through what is hidden. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { address, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { over, sent } from '../support/imports.js'

interface Duplicate {
  readonly id: number
  readonly title: string
  readonly fields: readonly string[]
  readonly score: number
}
interface Pairs {
  readonly pairs: readonly { readonly a: { readonly id: number }; readonly b: { readonly id: number }; readonly fields: readonly string[] }[]
  readonly next: string | null
}
const path = '/api/records/member/duplicates'

/** Publishes other duplicate rules of members; null: those of the pack. */
async function ruled(admin: Client, rules: Json): Promise<void> {
  const version = ((await admin.get('/api/definitions')).body as { version: number }).version
  const place = '/member~1entity.json/crm/duplicates'
  const kept = (await admin.get('/api/definitions')).body as { documents: Record<string, { crm: { duplicates: Json } }> }
  before ??= kept.documents['member/entity.json']?.crm.duplicates ?? null
  expect((await admin.patch('/api/definitions/draft', [{ op: 'replace', path: place, value: rules ?? before }], { 'if-match': `"${String(version)}"` })).status).toBe(200)
  expect((await admin.post('/api/definitions/publish', { message: 'rules' })).status).toBe(201)
}
let before: Json | undefined

describe.each(databaseKinds)('duplicates on %s', (database) => {
  let app: App
  let admin: Client

  beforeAll(async () => {
    app = await startApp({ database, layers: ['metadata/core', 'metadata/retail'] })
    admin = app.admin
  })
  afterAll(() => app.close())

  const member = async (values: JsonObject): Promise<number> => {
    const answer = await admin.post('/api/records/member', values)
    expect(answer.status).toBe(201)
    return (answer.body as { id: number }).id
  }
  const found = (answer: Answer): readonly Duplicate[] => {
    expect(answer.status).toBe(200)
    return (answer.body as { duplicates: readonly Duplicate[] }).duplicates
  }
  const check = async (values: JsonObject, more: JsonObject = {}, who = admin): Promise<readonly Duplicate[]> => found(await who.post(path, { values, ...more }))
  /** Pairs follow what was written in their own time; the answer says as of when. */
  const keptUp = async (who: Client): Promise<void> => {
    await expect.poll(async () => (await who.get(path)).body, { timeout: 60_000 }).toMatchObject({ searched: null, asOf: expect.any(String) as string })
  }
  const allPairs = async (who: Client): Promise<readonly (readonly number[])[]> => {
    const pairs: (readonly number[])[] = []
    await keptUp(who)
    let next: string | null = null
    do {
      const page: Pairs = (await who.get(next === null ? path : address(path, { cursor: next }))).body as Pairs
      pairs.push(...page.pairs.map(({ a, b }) => [Math.min(a.id, b.id), Math.max(a.id, b.id)]))
      next = page.next
    } while (next !== null)
    return pairs.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d)
  }

  test('a draft is compared in the one spelling of each value, with names that are alike, and not with itself', async () => {
    const id = await member({ name: 'Jon Smith', phone: '+12065550101', email: 'jon@example.com', birthday: '1980-05-01', postalCode: 'SW1A 1AA' })
    expect(await check({ phone: '(206) 555-0101' })).toMatchObject([{ id, title: 'Jon Smith', fields: ['phone'], score: 1 }])
    expect(await check({ email: ' JON@Example.com ' })).toMatchObject([{ id, fields: ['email'] }])
    expect(await check({ name: 'Smith, John', birthday: '1980-05-01' })).toMatchObject([{ id, fields: ['birthday', 'name'] }])
    expect(await check({ name: 'John Smiht', postalCode: 'sw1a 1aa' })).toMatchObject([{ id, fields: ['postalCode', 'name'] }])
    expect(await check({ name: 'Jon Smith', phone: '+12065550101', birthday: '1980-05-01' })).toMatchObject([{ id, fields: ['phone', 'birthday', 'name'], score: 1 }])
    for (const other of [{ name: 'Jon Smith' }, { name: 'Mary Smith', birthday: '1980-05-01' }, { name: 'Jon Smith', birthday: '1980-05-02' }, { phone: 'nonsense' }, { phone: null, name: '' }, {}]) expect(await check(other)).toEqual([])
    expect(await check({ phone: '+12065550101' }, { id })).toEqual([])
    await admin.delete(`/api/records/member/${String(id)}`)
    expect(await check({ phone: '+12065550101' })).toEqual([])
  })

  test('Chinese names are alike in both scripts and by their sound', async () => {
    const id = await member({ name: '张伟', birthday: '1990-01-31' })
    for (const name of ['張偉', '章伟', 'Zhang Wei', 'Wei Zhang']) expect(await check({ name, birthday: '1990-01-31' }), name).toMatchObject([{ id }])
    expect(await check({ name: '张文', birthday: '1990-01-31' })).toEqual([])
  })

  test('A-035 what a caller may not read is not compared, and records out of their sight are not told', async () => {
    const north = (await admin.post('/api/records/store', { number: 'D1', name: 'North' })).body as { id: number }
    const south = (await admin.post('/api/records/store', { number: 'D2', name: 'South' })).body as { id: number }
    const id = await member({ name: 'Hidden Harry', email: 'harry@example.com', birthday: '1970-07-07', store: south.id })
    const seen = await member({ name: 'Seen Sally', email: 'sally@example.com', birthday: '1971-07-07', store: north.id })
    const twin = await member({ name: 'Hidden Harry', email: 'harry@example.com', store: south.id })
    const clerk = await app.as(['clerk'], { stores: [north.id] })
    expect(await check({ email: 'harry@example.com', name: 'Hidden Harry', birthday: '1970-07-07' }, {}, clerk)).toEqual([])
    expect((await clerk.post(`${path}/distinct`, { ids: [id, seen] })).status).toBe(404)
    const model = (await clerk.get('/api/model')).body as { entities: Record<string, { fields: readonly { key: string; masked?: boolean }[]; duplicates?: readonly (readonly string[])[] }> }
    const readable = new Set((model.entities['member']?.fields ?? []).filter(({ masked }) => masked !== true).map(({ key }) => key))
    for (const key of (model.entities['member']?.duplicates ?? []).flat()) expect(readable).toContain(key)
    for (const rule of [{ email: 'sally@example.com' }, { name: 'Seen Sally', birthday: '1971-07-07' }]) {
      const allowed = Object.keys(rule).every((key) => readable.has(key))
      expect((await check(rule, {}, clerk)).map((one) => one.id), JSON.stringify(rule)).toEqual(allowed ? [seen] : [])
    }
    expect((await allPairs(admin)).map(String)).toContain(String([id, twin]))
    expect((await allPairs(clerk)).flat()).not.toContain(id)
    const stranger = await app.as(['employee'])
    expect((await stranger.post(path, { values: { email: 'sally@example.com' } })).status).toBe(404)
  })

  test('all pairs are found page by page, each once, and those that people took apart stay apart', async () => {
    const made: number[] = []
    for (let i = 0; i < 60; i++) made.push(await member({ name: `Pair Person${String(i)}`, email: `pair${String(i)}@example.com`, birthday: '2001-01-01' }))
    const twins: (readonly number[])[] = []
    for (let i = 0; i < 60; i += 3) twins.push([made[i] ?? 0, await member({ name: i % 2 === 0 ? `Another${String(i)} Name` : `Pair Person${String(i)}`, email: `PAIR${String(i)}@example.com`, birthday: '2001-01-01' })])
    const pairs = (await allPairs(admin)).filter(([a = 0]) => made.includes(a))
    const exact = pairs.filter((pair) => twins.some(([a, b]) => a === pair[0] && b === pair[1]))
    expect(exact).toEqual(twins)
    expect(new Set(pairs.map(String)).size).toBe(pairs.length)
    const [first] = twins
    expect((await admin.post(`${path}/distinct`, { ids: [...(first ?? [])].toReversed() })).status).toBe(204)
    expect((await admin.post(`${path}/distinct`, { ids: first?.[0] === undefined ? [] : [first[0], first[0]] })).status).toBe(400)
    expect((await allPairs(admin)).map(String)).not.toContain(String(first))
    const draft = await check({ email: 'pair0@example.com' }, { id: first?.[0] ?? 0 })
    expect(draft.map(({ id }) => id)).not.toContain(first?.[1])
  })

  test('pairs follow what is written, archived, restored and published; every process tells them once', async () => {
    const one = await member({ name: 'Kim Follow', email: 'kim.follow@example.com', city: 'Followtown' })
    const two = await member({ name: 'Lou Follow', email: 'lou.follow@example.com', city: 'Followtown' })
    const other = await app.another()
    const told = async (): Promise<readonly number[]> => {
      const answers = await Promise.all([allPairs(admin), allPairs(other.admin)])
      const [here = 0, there = 0] = answers.map((pairs) => pairs.filter((pair) => pair.includes(one) && pair.includes(two)).length)
      return [here, there]
    }
    expect(await told()).toEqual([0, 0])
    await admin.patch(`/api/records/member/${String(two)}`, { email: 'kim.follow@example.com' })
    expect(await told()).toEqual([1, 1])
    await admin.delete(`/api/records/member/${String(two)}`)
    expect(await told()).toEqual([0, 0])
    await admin.post(`/api/records/member/${String(two)}/restore`)
    expect(await told()).toEqual([1, 1])
    await admin.patch(`/api/records/member/${String(one)}`, { email: null })
    expect(await told()).toEqual([0, 0])
    await ruled(admin, [{ match: ['city'] }])
    expect(await told()).toEqual([1, 1])
    await ruled(admin, null)
    expect(await told()).toEqual([0, 0])
    await keptUp(admin)
    // More at once than are looked at one by one.
    const many = Array.from({ length: 600 }, (_, i) => ({ name: `Many ${String(i)}`, email: `many.${String(i % 300)}@example.com` }))
    expect((await admin.post('/api/records/member/bulk', { create: many })).status).toBeLessThan(300)
    expect((await allPairs(admin)).length).toBeGreaterThanOrEqual(300)
  })

  test('A-035 a pair that is alike in what a reader does not read in full is theirs neither to see nor to count', async () => {
    const seen: number[] = []
    for (const name of ['Ada Apart', 'Bob Beside']) seen.push(await member({ name, email: 'shared@example.com', city: 'Apart' }))
    expect((await allPairs(admin)).map(String)).toContain(String(seen))
    const analyst = await app.as(['analyst'])
    expect((await analyst.get(address('/api/records/member', { filter: { city: 'Apart' } }))).body).toMatchObject({ records: seen.map((id) => ({ id })) })
    expect((await analyst.get(path)).body).toMatchObject({ pairs: [], next: null, scanned: 0, searched: null })
    await ruled(admin, [{ match: ['city'] }])
    expect(await allPairs(analyst)).toContainEqual(seen)
    await ruled(admin, null)
  })

  test('columns of a file are known by what people usually write above them, and never guessed between two fields', async () => {
    const guessed = async (headings: string, entity = 'member'): Promise<Record<string, string>> => {
      const { settings, titles } = (await sent(admin, `${headings}\n${headings.replace(/[^,]+/g, 'x')}\n`, { entity })) as unknown as { settings: { columns: readonly { column: number; field: string; by: string }[] }; titles: readonly string[] }
      return Object.fromEntries(settings.columns.map(({ column, field, by }) => [titles[column] ?? '', by === '' ? field : `${field}.${by}`]))
    }
    expect(await guessed('会员姓名,手机号码,电子邮件,出生日期,等级,门店,家庭住址,邮编,入会时间,会员卡号,备注,标签,积分')).toEqual({
      会员姓名: 'name', 手机号码: 'phone', 电子邮件: 'email', 出生日期: 'birthday', 等级: 'tier', 门店: 'store', 家庭住址: 'address', 邮编: 'postalCode', 入会时间: 'joinedOn', 会员卡号: 'card', 备注: 'notes', 标签: 'tags',
    })
    expect(await guessed('Customer name,Mobile,E-Mail Address,DOB,Level,Branch,Points')).toEqual({ 'Customer name': 'name', Mobile: 'phone', 'E-Mail Address': 'email', DOB: 'birthday', Level: 'tier', Branch: 'store' })
    // What a field is called comes first, whatever stands before it; a second heading for it is left.
    expect(await guessed('手机,电话,姓名（必填）,所在城市,门店名称')).toEqual({ 电话: 'phone', '姓名（必填）': 'name', 所在城市: 'city', 门店名称: 'store.name' })
    expect(await guessed('名称,编号,电话', 'store')).toEqual({ 名称: 'name', 编号: 'number', 电话: 'phone' })
    // Two fields of a coupon are about days: `日期` says which of them to nobody.
    expect(await guessed('日期', 'coupon')).toEqual({})
  })

  test.each(['skip', 'update', 'create'] as const)('rows of a file that look like a record or like each other: %s; the check tells what the import does', async (alike) => {
    const id = await member({ name: 'Imre Importer', email: `imre.${alike}@example.com`, birthday: '1985-02-03', city: 'Leeds' })
    const filler = Array.from({ length: 1_050 }, (_, i) => `Filler ${String(i)},,,`)
    const lines = ['Name,Email,Birthday,City', 'Imre Importr,,1985-02-03,York', `Nora New,nora.${alike}@example.com,1999-09-09,York`, 'Nora Nev,,1999-09-09,Bath', ...filler, 'Imre Imporder,,1985-02-03,Hull', 'Nora Neu,,1999-09-09,Hull', `Else,nora.${alike}@example.com,,Hull`]
    const made = await sent(admin, `${lines.join('\n')}\n`, { entity: 'member', settings: { alike } })
    expect(((await admin.get(`/api/imports/${made.id}/preview`)).body as JsonObject)['alike']).toMatchObject([{ row: 2, id, title: 'Imre Importer', fields: ['birthday', 'name'] }, { row: 4, fields: ['birthday', 'name'] }])
    await admin.post(`/api/imports/${made.id}/check`)
    const checked = (await over(admin, made, 'check'))['checked']
    await admin.post(`/api/imports/${made.id}/start`)
    const result = (await over(admin, made))['result'] as JsonObject
    expect(result).toMatchObject({ skip: { created: 1_051, skipped: 5 }, update: { created: 1_051, updated: 5, skipped: 0 }, create: { created: 1_056, skipped: 0 } }[alike])
    expect(checked).toMatchObject({ ...result, alike: 5 })
    expect((await admin.get(`/api/records/member/${String(id)}`)).body).toMatchObject({ city: alike === 'update' ? 'Hull' : 'Leeds' })
    const { text } = await admin.get(`/api/imports/${made.id}/rejected`)
    expect(text.match(/looks like “Imre Importer”/g)?.length ?? 0).toBe({ skip: 2, update: 0, create: 0 }[alike])
    await admin.post(`/api/imports/${made.id}/undo`)
    expect(await over(admin, made, 'undo')).toMatchObject({ undone: { kept: 0 } })
    expect((await admin.get(`/api/records/member/${String(id)}`)).body).toMatchObject({ name: 'Imre Importer', city: 'Leeds' })
    await admin.delete(`/api/records/member/${String(id)}`)
  })
})
