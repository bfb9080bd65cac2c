/**
 * Days never shift, moments are those that were meant: for people at both ends of the world and where clocks change, on
 * both databases, whatever zone the process stands in.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

import { createToken } from '../../engine/operations/people/users.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { address, client, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

/** Zones that a server may stand in; none of them may be seen in an answer. */
const processZones = { sqlite: 'Australia/Lord_Howe', postgres: 'America/St_Johns' } as const

const zones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Shanghai', 'Europe/Berlin', 'America/New_York'] as const

/** A minute on either side of every change of the clocks and of every midnight that the zones have in these days. */
const moments = ['2026-03-08T06:59', '2026-03-08T07:00', '2026-03-29T00:59', '2026-03-29T01:00', '2026-10-25T00:30', '2026-10-25T01:30', '2026-11-01T05:30', '2026-11-01T06:30'].flatMap((at) => [`${at}:00.000Z`, `${at}:59.999Z`])
const midnights = ['2026-01-01', '2026-03-01', '2026-03-30', '2026-06-30', '2026-07-01', '2026-12-31'].flatMap((day) => ['04', '05', '09', '10', '11', '12', '16', '22', '23', '00'].flatMap((hour) => [`${day}T${hour}:00:00.000Z`, `${day}T${hour}:59:59.999Z`]))

/** The day that a wall calendar in the zone shows, by the zone table of JavaScript. */
const dayIn = (zone: string, at: string): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date(at))
const monday = (day: string): string => {
  const date = new Date(`${day}T00:00:00Z`)
  return new Date(date.getTime() - ((date.getUTCDay() + 6) % 7) * 86_400_000).toISOString().slice(0, 10)
}
const buckets = { day: (day: string) => day, week: monday, month: (day: string) => `${day.slice(0, 7)}-01`, year: (day: string) => `${day.slice(0, 4)}-01-01` } as const

describe.each(databaseKinds)('exact time on %s', (database) => {
  const own = process.env['TZ']
  let app: App
  let member: number
  const people = new Map<string, Client>()
  const person = (zone: string): Client => people.get(zone) ?? app.admin

  beforeAll(async () => {
    process.env['TZ'] = processZones[database]
    expect(new Date('2026-01-01T00:00:00Z').getHours()).not.toBe(0)
    app = await startApp({ database, layers: ['metadata/core', 'tests/packs/access'] })
    for (const zone of zones) {
      const { email } = (await (await app.as(['admin'], { timeZone: zone })).get('/api/session')).body as { email: string }
      // Tokens, which end at no time: the clock is set to other days below.
      const { token } = await createToken(app.engine, { email, name: zone, roles: ['admin'], expiresAt: null })
      people.set(zone, client(app.url, { authorization: `Bearer ${token}` }))
    }
    const made = await app.admin.post('/api/records/member', { name: 'Clock' })
    member = (made.body as { id: number }).id
    const create = [...moments, ...midnights].map((at) => ({ member, at, note: 'clock' }))
    expect((await app.admin.post('/api/records/visit/bulk', { create })).status).toBe(200)
  })
  afterAll(async () => {
    await app.close()
    if (own === undefined) delete process.env['TZ']
    else process.env['TZ'] = own
  })
  afterEach(() => void vi.useRealTimers())

  const visits = async (who: Client, filter: Json): Promise<readonly string[]> => {
    const answer = await who.get(address('/api/records/visit', { filter: JSON.stringify(filter), sort: 'at', limit: '500', fields: 'at' }))
    expect(answer.status).toBe(200)
    return (answer.body as { records: readonly { at: string }[] }).records.map(({ at }) => at)
  }

  test.each(zones)('a calendar day entered in %s is that day for everybody, in every answer and file', async (zone) => {
    const who = person(zone)
    for (const day of ['2024-02-29', '1969-12-31', '2026-03-29', '2011-12-30', '9999-12-31', '0001-01-01']) {
      const made = (await who.post('/api/records/member', { name: `Day ${day} ${zone}`, joined: day })).body as { id: number; joined: string }
      expect(made.joined).toBe(day)
      for (const reader of [app.admin, ...people.values()]) {
        expect((await reader.get(`/api/records/member/${String(made.id)}`)).body).toMatchObject({ joined: day })
        expect((await reader.get(address('/api/records/member', { filter: JSON.stringify({ id: made.id, joined: day }) }))).body).toMatchObject({ records: [{ id: made.id }] })
      }
      const file = await who.get(address('/api/records/member/export', { format: 'csv', fields: 'joined', filter: JSON.stringify({ id: made.id }) }))
      expect(file.text).toContain(day)
    }
  })

  test.each(zones)('days, weeks, months and years in %s begin at its own midnight', async (zone) => {
    for (const [bucket, of] of Object.entries(buckets)) {
      const expected = new Map<string, number>()
      for (const at of [...moments, ...midnights]) expected.set(of(dayIn(zone, at)), (expected.get(of(dayIn(zone, at))) ?? 0) + 1)
      const answer = await person(zone).post('/api/records/visit/aggregate', { filter: { note: 'clock' }, groupBy: [`at:${bucket}`], measures: { n: { count: true } }, sort: [`at:${bucket}`], limit: 500 })
      const groups = (answer.body as { groups: readonly JsonObject[] }).groups.map((group) => [group[`at:${bucket}`], group['n']])
      expect(groups, bucket).toEqual([...expected].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    }
  })

  test.each(zones)('today, this week and this month in %s hold the moments of its own calendar', async (zone) => {
    for (const now of ['2026-03-08T12:00:00Z', '2026-03-29T00:30:00Z', '2026-03-29T22:30:00Z', '2026-10-25T12:00:00Z', '2026-11-01T05:45:00Z', '2026-06-30T23:30:00Z', '2026-12-31T11:30:00Z']) {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) })
      const today = dayIn(zone, now)
      for (const [unit, of] of [['d', buckets.day], ['w', buckets.week], ['M', buckets.month]] as const) {
        const expected = [...moments, ...midnights].filter((at) => of(dayIn(zone, at)) === of(today)).toSorted()
        expect(await visits(person(zone), { note: 'clock', at: { $gte: `now/${unit}`, $lt: `now+1${unit}/${unit}` } }), `${now} ${unit}`).toEqual(expected)
      }
      const born = await person(zone).post('/api/records/member', { name: `Born ${now} ${zone}`, joined: today })
      const found = await person(zone).get(address('/api/records/member', { filter: JSON.stringify({ id: (born.body as { id: number }).id, joined: { $eq: 'now/d' } }) }))
      expect(found.body).toMatchObject({ records: [{ joined: today }] })
    }
  })

  test('a moment is one moment however its zone is written, and a time without a zone is refused', async () => {
    for (const at of ['2026-03-29T02:30:00+01:00', '2026-03-29T03:30:00+02:00', '2026-03-28T15:30:00-10:00', '2026-03-29T15:30:00+14:00', '2026-03-29T01:30:00.000Z']) {
      expect((await app.admin.post('/api/records/visit', { member, at, note: 'once' })).body).toMatchObject({ at: '2026-03-29T01:30:00.000Z' })
    }
    for (const at of ['2026-03-29T02:30:00', '2026-03-29', '2026-02-30T00:00:00Z', '2026-03-29T24:00:00Z', '29.03.2026 02:30']) {
      expect((await app.admin.post('/api/records/visit', { member, at, note: 'once' })).status, at).toBe(422)
    }
    expect(await visits(app.admin, { note: 'once', at: '2026-03-28T15:30:00-10:00' })).toHaveLength(5)
  })
})
