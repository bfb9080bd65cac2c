/** What is asked: for each measurement the same question to our server and to the hand-written ones. */
import { chances, clerkStores, members, purchases, whole } from './seed.js'

export interface Ask {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly body?: unknown
}

export interface Measurement {
  readonly id: string
  readonly title: string
  /** Asks as this user; the hand-written servers know no users. */
  readonly as: 'clerk' | 'analyst'
  readonly ours: readonly Ask[]
  readonly baseline: readonly Ask[]
  /** What must be the same in both answers to the same question; undefined for writes, which are compared in other ways. */
  readonly compared?: (answer: unknown) => unknown
  /** Connections; 32 when absent. */
  readonly connections?: number
}

const questions = 2_000
const clerkQuery = clerkStores.join(',')

export const record = (id: number, query = ''): Ask => ({ method: 'GET', path: `/api/records/member/${String(id)}${query}` })
const get = (path: string): Ask => ({ method: 'GET', path })
const list = (query: Record<string, string>): Ask => get(`/api/records/member?${new URLSearchParams(query).toString()}`)

interface MemberAnswer {
  readonly id: number
  readonly version: number
  readonly name: string
  readonly phone: string
  readonly tier: string
  readonly store: { readonly id: number; readonly name: string } | number
}

const essence = ({ id, version, name, phone, tier, store }: MemberAnswer): unknown => ({ id, version, name, phone, tier, store: typeof store === 'number' ? store : { id: store.id, name: store.name } })
const page = (answer: unknown): unknown => {
  const { records, next, count } = answer as { records: readonly MemberAnswer[]; next: string | null; count?: number }
  return { ids: records.map(({ id }) => id), more: next !== null, ...(count === undefined ? {} : { count }) }
}
const groups = (answer: unknown): unknown => (answer as { groups: readonly { store: number; channel: string; n: number; sum: number }[] }).groups.map(({ store, channel, n, sum }) => ({ store, channel, n, sum }))

/** Ids of members that the clerk sees. */
function clerkMembers(): readonly number[] {
  const ids: number[] = []
  let id = 0
  for (const { store } of members()) {
    id += 1
    if (clerkStores.includes(store)) ids.push(id)
  }
  return ids
}

/** Ids of purchases in the clerk's stores. */
function clerkPurchases(most: number): readonly number[] {
  const ids: number[] = []
  let id = 0
  for (const { store } of purchases()) {
    id += 1
    if (clerkStores.includes(store)) ids.push(id)
    if (ids.length === most) break
  }
  return ids
}

const summary = { groupBy: ['store', 'channel'], measures: { n: { count: true }, sum: { sum: 'amount' } }, sort: ['store', 'channel'] }
const segment = { filter: { tier: 'gold', income: { $gte: 3000, $lte: 5000 }, purchases: { $some: { channel: 'store', at: { $gte: 'now-90d' } }, $count: { $gte: 3 } } }, measures: { n: { count: true } } }

const newMember = { name: 'New Member {n}', phone: '+1{n}', email: 'new@example.com', city: 'Lakeside', store: clerkStores[0] ?? 1 }

/** All measurements that have a rate. */
export function measurements(now: number): readonly Measurement[] {
  const random = chances(3)
  const mine = clerkMembers()
  const ids = Array.from({ length: questions }, () => mine[whole(random, mine.length)] ?? 1)
  // First name and family name: some seven members of all.
  const everyone = [...members()].map(({ name }) => name.split(' ').slice(0, 2).join(' '))
  const names = Array.from({ length: 500 }, () => everyone[whole(random, everyone.length)] ?? '')
  const tiers = ['gold', 'silver', 'bronze']
  const ninetyDays = now - 90 * 86_400_000
  const write = (method: 'POST' | 'PATCH', path: string, body: unknown): readonly Ask[] => [{ method, path, body }]
  const sales = ids.map((member, i) => ({ member, store: clerkStores[i % clerkStores.length] ?? 1, at: new Date(now - i * 1000).toISOString(), amount: (100 + i) / 100, channel: 'store' }))
  // Each purchase gets two amounts in turn: one that it has already would be no change.
  const sold = clerkPurchases(questions / 2)
  const repriced = [1, 2].flatMap((round) => sold.map((id, i) => ({ id, amount: (100 * round + i) / 100 })))
  const hundred = Array.from({ length: 100 }, () => newMember)
  return [
    { id: 'R1', title: 'get with store expanded', as: 'clerk', compared: (answer) => essence(answer as MemberAnswer), ours: ids.map((id) => record(id, '?expand=store')), baseline: ids.map((id) => get(`/members/${String(id)}`)) },
    { id: 'R2', title: 'filtered, sorted list of 50 with store', as: 'clerk', compared: page, ours: tiers.map((tier) => list({ filter: JSON.stringify({ tier }), sort: 'name', expand: 'store' })), baseline: tiers.map((tier) => get(`/members?tier=${tier}&stores=${clerkQuery}`)) },
    { id: 'R3', title: 'the same with count', as: 'clerk', compared: page, ours: tiers.map((tier) => list({ filter: JSON.stringify({ tier }), sort: 'name', expand: 'store', count: 'true' })), baseline: tiers.map((tier) => get(`/members?tier=${tier}&stores=${clerkQuery}&count=true`)) },
    { id: 'R4', title: 'text search in the own stores', as: 'clerk', compared: page, ours: names.map((q) => list({ q, expand: 'store' })), baseline: names.map((q) => get(`/members?q=${encodeURIComponent(q)}&stores=${clerkQuery}`)) },
    { id: 'R4a', title: 'text search in all members (baseline: LIKE scan)', as: 'analyst', compared: page, ours: names.map((q) => list({ q, expand: 'store' })), baseline: names.map((q) => get(`/members?q=${encodeURIComponent(q)}`)) },
    { id: 'A1', title: 'purchases by store and channel', as: 'clerk', compared: groups, ours: write('POST', '/api/records/purchase/aggregate', summary), baseline: [get(`/purchases/summary?stores=${clerkQuery}`)] },
    { id: 'A1x', title: 'A1, one connection', as: 'clerk', connections: 1, compared: groups, ours: write('POST', '/api/records/purchase/aggregate', summary), baseline: [get(`/purchases/summary?stores=${clerkQuery}`)] },
    { id: 'S1', title: 'gold, income 3,000-5,000, 3+ purchases in 90 days; one connection', as: 'analyst', connections: 1, compared: (answer) => (answer as { groups?: readonly { n: number }[]; n?: number }).groups?.[0]?.n ?? (answer as { n?: number }).n, ours: write('POST', '/api/records/member/aggregate', segment), baseline: [get(`/members-segment?since=${String(ninetyDays)}`)] },
    { id: 'W1', title: 'create', as: 'clerk', ours: write('POST', '/api/records/member', newMember), baseline: write('POST', '/members', newMember) },
    { id: 'W2', title: 'update one field', as: 'clerk', ours: ids.map((id) => ({ method: 'PATCH', path: `/api/records/member/${String(id)}`, body: { city: 'City {n}' } })), baseline: ids.map((id) => ({ method: 'PATCH', path: `/members/${String(id)}`, body: { city: 'City {n}' } })) },
    { id: 'W3', title: 'bulk create of 100', as: 'clerk', ours: write('POST', '/api/records/member/bulk', { create: hundred }), baseline: write('POST', '/members/bulk', hundred) },
    { id: 'W4', title: 'create a purchase: the revenue of its store and its net amount follow', as: 'clerk', ours: sales.map((body) => ({ method: 'POST', path: '/api/records/purchase', body })), baseline: sales.map((body) => ({ method: 'POST', path: '/purchases', body })) },
    { id: 'W5', title: 'change an amount: net amount and revenue follow', as: 'clerk', ours: repriced.map(({ id, amount }) => ({ method: 'PATCH', path: `/api/records/purchase/${String(id)}`, body: { amount } })), baseline: repriced.map(({ id, amount }) => ({ method: 'PATCH', path: `/purchases/${String(id)}`, body: { amount } })) },
  ]
}

/** A request as it goes over the wire. `{n}` is counted as the ten digits that it becomes. */
export function wire({ method, path, body }: Ask, port: number, cookie: string): string {
  const host = `127.0.0.1:${String(port)}`
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, ...(cookie === '' ? [] : [`Cookie: ${cookie}`, `Origin: http://${host}`])]
  if (body === undefined) return `${head.join('\r\n')}\r\n\r\n`
  const text = JSON.stringify(body)
  const length = Buffer.byteLength(text) + 7 * (text.split('{n}').length - 1)
  return `${[...head, 'Content-Type: application/json', `Content-Length: ${String(length)}`].join('\r\n')}\r\n\r\n${text}`
}
