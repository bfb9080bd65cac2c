/** Hostile values: in every statement they are bound, in every sum exact, and as links they lead nowhere. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import { address } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { alive, clients, deals, ground, idOf, recordsOf, withoutTrace, type Ground } from './ground.js'

const payloads = [
  "'", "''", '"', '`', "' OR '1'='1", "'; DROP TABLE client; --", '"); DROP TABLE client; --', '/* x */', '-- x', '\\', "\\'", '%', '_', '%%%', '$1', '?', ':x', '@x', '{}', '[]', 'NULL', 'null', '\u202Eabc', '😀', 'a\nb', 'a\tb',
  "x' UNION SELECT secret FROM client --", '${7*7}', '{{7*7}}', '<script>alert(1)</script>', "1' AND sleep(9)--", '\\x00', '\u0000'.replace('\u0000', '\u2400'), '=cmd|x!A1', '*', 'AND', 'NEAR(a b)', 'a" OR "b',
]

describe.each(databaseKinds)('hostile values on %s', (database) => {
  let place: Ground
  beforeAll(async () => {
    place = await ground(database)
  })
  afterAll(() => place.app.close())

  test('A-054 what is stored is stored as it is, and found by itself alone in every statement that uses it', async () => {
    const { admin, app } = place
    for (const [i, payload] of payloads.entries()) {
      const branch = idOf(await admin.post('/api/records/branch', { name: payload, vault: 'x' }))
      const made = await admin.post(clients, { name: payload, code: payload, notes: payload, branch })
      expect(made, payload).toMatchObject({ status: 201, body: { name: payload.trim() === payload ? payload : expect.any(String) as unknown, code: payload } })
      const id = idOf(made)
      const only = async (filter: Json): Promise<void> => expect(recordsOf(await admin.get(address(clients, { filter }))).map((record) => record['id']), `${payload} ${JSON.stringify(filter)}`).toEqual([id])
      for (const filter of [{ code: payload }, { code: { $in: [payload] } }, { code: { $startsWith: payload }, id }, { code: { $contains: payload }, id }, { 'branch.name': payload, id }, { $not: { code: { $nin: [payload] } } }] as Json[]) await only(filter)
      expect((await admin.post(`${clients}/aggregate`, { filter: { code: payload }, groupBy: ['code'] })).body).toEqual({ groups: [{ code: payload, count: 1 }] })
      expect((await admin.post(`${clients}/bulk`, { upsert: [{ code: payload, score: i }], key: 'code' })).body).toMatchObject({ created: 0, updated: 1, records: [{ id }] })
      expect((await admin.post(`${clients}/bulk`, { where: { code: payload }, set: { score: 1 } })).body).toMatchObject({ updated: 1 })
      expect(await admin.get(address(clients, { q: payload.slice(0, 200), fields: 'id' }))).toMatchObject({ status: 200 })
      expect(await admin.get(`${clients}/${id}/history`)).toMatchObject({ status: 200 })
    }
    // Second order: they are read again as page markers, groups, exports and titles.
    const seen: unknown[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const { records, next } = (await admin.get(address(clients, { sort: 'code,-name', limit: '3', fields: 'code', ...(cursor === '' ? {} : { cursor }) }))).body as { records: { code: string }[]; next: string | null }
      seen.push(...records.map(({ code }) => code))
      cursor = next
    }
    for (const payload of payloads) expect(seen).toContain(payload)
    expect(new Set(seen).size).toBe(seen.length)
    expect((await admin.get(`${clients}/export?format=jsonl`)).text.trim().split('\n').map((line) => (JSON.parse(line) as { code: string }).code)).toEqual(expect.arrayContaining(payloads))
    for (const line of (await admin.get(`${clients}/export?format=csv&fields=code`)).text.split('\r\n')) expect(line).not.toMatch(/^"?[=+@]/)
    await alive(app)
  }, 90_000)

  test('A-054 a payload where an id, a number, a version or a marker belongs is refused', async () => {
    const { admin, app, mine } = place
    await withoutTrace(app, async () => {
      for (const payload of payloads) {
        const encoded = encodeURIComponent(payload)
        expect((await admin.get(`${clients}/${encoded}`)).status, payload).toBe(404)
        expect((await admin.get(`/api/records/${encoded}`)).status, payload).toBeOneOf([400, 404])
        for (const query of [`limit=${encoded}`, `cursor=${encoded}`, `filter=${encoded}`, `count=${encoded}`, `archived=${encoded}`]) {
          if (['filter=null', 'filter={}', 'filter=%7B%7D'].includes(query)) continue // these ask for everything
          expect((await admin.get(`${clients}?${query}`)).status, query).toBeOneOf([400, 403])
        }
        for (const query of [`sort=${encoded}`, `fields=${encoded}`, `expand=${encoded}`]) expect((await admin.get(`${clients}?${query}`)).status, query).toBeOneOf([400, 403])
        for (const body of [{ score: payload }, { branch: payload }, { parent: payload }, { labels: payload }, { tier: payload }] as Json[]) expect((await admin.patch(`${clients}/${mine.client}`, body)).status, JSON.stringify(body)).toBe(422)
        for (const filter of [{ id: payload }, { score: { $gt: payload } }, { branch: payload }, { createdAt: payload }] as Json[]) expect((await admin.get(address(clients, { filter }))).status, JSON.stringify(filter)).toBe(400)
        if (!/^[A-Za-z]+$/.test(payload)) expect((await admin.post(`${clients}/aggregate`, { measures: { [payload]: { count: true } } })).status, payload).toBe(400)
        expect((await admin.post(`${clients}/aggregate`, { groupBy: [`code:${payload}`] })).status).toBe(400)
        expect((await admin.post(`${clients}/bulk`, { update: [{ id: payload, name: 'x' }] })).status).toBe(422)
      }
      for (const tag of ['"1 OR 1=1"', "'1'", '"-1"', '"1"; --']) expect((await admin.patch(`${clients}/${mine.client}`, { name: 'x' }, { 'if-match': tag })).status, tag).toBe(412)
      for (const zone of ['x', "UTC'; --"]) expect((await admin.get(`${clients}?tz=${encodeURIComponent(zone)}`)).status).toBe(400)
    })
  }, 90_000)

  test('A-054 a NUL and half a character are refused or kept, never a fault', async () => {
    const { admin, app } = place
    for (const name of ['a\0b', '\0', '\uD800', 'a\uDFFFb', '\uFFFF', '\uFEFFx']) {
      for (const answer of [await admin.post(clients, { name }), await admin.get(address(clients, { filter: { name } })), await admin.get(address(clients, { q: name })), await admin.post(`${clients}/aggregate`, { filter: { name: { $contains: name } } })]) {
        expect(answer.status, JSON.stringify(name)).toBeLessThan(500)
      }
    }
    await alive(app)
  })

  test('A-068 an address that would run is not accepted as a link', async () => {
    const { admin, app, mine } = place
    await withoutTrace(app, async () => {
      for (const site of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\tscript:alert(1)', 'java\nscript:alert(1)', ' javascript:alert(1)', '\u0001javascript:alert(1)', 'data:text/html,<script>1</script>', 'vbscript:x', 'file:///etc/passwd', 'blob:http://x/1', '&#106;avascript:1', '//evil.example', 'https://', 'http:javascript:1', 'view-source:http://x', 'mailto:a@b.c\njavascript:1', 'https://x y']) {
        expect(await admin.patch(`${clients}/${mine.client}`, { site }), site).toMatchObject({ status: 422, body: { problems: [{ path: '/site' }] } })
      }
      for (const mail of ['javascript:alert(1)//@x.y', 'a@b', 'a b@c.de', '"><script>@x.y', 'a@b.c\nBcc: x@y.z', 'a@b.c,d@e.f']) expect((await admin.patch(`${clients}/${mine.client}`, { mail })).status, mail).toBe(422)
      for (const phone of ['javascript:alert(1)', '+86<script>', 'tel:+8613812345678;x=javascript:1', '1']) expect((await admin.patch(`${clients}/${mine.client}`, { phone })).status, phone).toBe(422)
    })
  })

  test('A-131 money is exact: stored, summed, averaged and compared as it is written', async () => {
    const { admin, mine, app } = place
    const made: number[] = []
    const sale = async (title: string, amount: string, rate = '0.001'): Promise<void> => {
      const raw = `{"client":${mine.client},"title":"${title}","amount":${amount},"rate":${rate}}`
      const answer = await admin.request('POST', deals, { raw, headers: { 'content-type': 'application/json' } })
      expect(answer, raw).toMatchObject({ status: 201 })
      expect(answer.text).toContain(`"amount":${amount}`)
      made.push(idOf(answer))
    }
    const sums = async (title: string): Promise<string> => (await admin.post(`${deals}/aggregate`, { filter: { title }, measures: { sum: { sum: 'amount' }, avg: { avg: 'amount' }, min: { min: 'amount' }, max: { max: 'amount' }, rates: { sum: 'rate' } } })).text
    for (const amount of ['0.1', '0.2']) await sale('tenths', amount)
    expect(await sums('tenths')).toBe('{"groups":[{"sum":0.3,"avg":0.15,"min":0.1,"max":0.2,"rates":0.002}]}')
    for (let i = 0; i < 30; i++) await sale('cents', '0.01', '0.333')
    expect(await sums('cents')).toBe('{"groups":[{"sum":0.3,"avg":0.01,"min":0.01,"max":0.01,"rates":9.99}]}')
    for (const amount of ['-0.1', '-0.2', '0.3']) await sale('nothing', amount)
    expect(await sums('nothing')).toContain('{"sum":0,"avg":0,"min":-0.2,"max":0.3')
    for (const amount of ['999999999999.99', '0.01', '-999999999999.98']) await sale('large', amount)
    expect(await sums('large')).toContain('"sum":0.02')
    expect(recordsOf(await admin.get(address(deals, { filter: { amount: { $gt: 999_999_999_999.98 } } })))).toHaveLength(1)
    expect(recordsOf(await admin.get(address(clients, { filter: { id: mine.client, deals: { $some: { title: 'tenths' }, $sum: { amount: 0.3 } } } })))).toHaveLength(1)
    expect(recordsOf(await admin.get(address(clients, { filter: { id: mine.client, deals: { $some: { title: 'cents' }, $avg: { amount: 0.01 } } } })))).toHaveLength(1)
    expect((await admin.get(`${deals}/export?format=csv&fields=amount`)).text).toContain('999999999999.99')
    for (const id of made) await admin.delete(`${deals}/${id}?purge=true`)
    await alive(app)
  }, 60_000)

  test('A-131 A-132 a number that cannot be kept exactly is refused, never rounded', async () => {
    const { admin, mine, app } = place
    await withoutTrace(app, async () => {
      for (const amount of ['0.001', '0.015', '1e400', '9007199254740993', '12345678901234567890.12', '"1"', '"0.10"', 'true', '1e-3', '1234567890123456.7']) {
        const answer = await admin.request('POST', deals, { raw: `{"client":${mine.client},"title":"x","amount":${amount}}`, headers: { 'content-type': 'application/json' } })
        expect(answer.status, `${amount} ${answer.text}`).toBeOneOf([400, 422])
      }
      for (const score of ['9007199254740993', '1.5', '1e400', '"1"', '-9007199254740993', '1e21']) {
        const answer = await admin.request('PATCH', `${clients}/${mine.client}`, { raw: `{"score":${score}}`, headers: { 'content-type': 'application/json' } })
        expect(answer.status, `${score} ${answer.text}`).toBeOneOf([400, 422])
      }
    })
  })
})
