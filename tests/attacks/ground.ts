/** Where the attacks happen: the pack of this folder, a canary in every forbidden field and record, and the house rules. */
import { expect } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { client, type Answer, type Client, type Sent } from '../support/client.js'
import type { DatabaseKind } from '../support/databases.js'
import { stateHash } from '../support/state-hash.js'
import { processorTime } from '../support/processor.js'

export const layers = ['metadata/core', 'tests/attacks/pack']
export const clients = '/api/records/client'
export const deals = '/api/records/deal'

/** An id that no record has. */
export const nowhere = 987_654

export const idOf = (answer: Answer): number => (answer.body as { id: number }).id
export const recordsOf = (answer: Answer): readonly Record<string, unknown>[] => (answer.body as { records: Record<string, unknown>[] }).records
/** An answer without what differs from request to request. */
export const shape = ({ status, body }: Answer): unknown => ({ status, body: typeof body === 'object' ? { ...body, requestId: '' } : body })

export interface Ground {
  readonly app: App
  readonly admin: Client
  /** Reads one branch, not its secrets. Every byte that it receives is searched for canaries. */
  readonly agent: Client
  /** The agent, or another one with the same rights: exports per person are limited. */
  exporter(): Promise<Client>
  readonly mine: { readonly branch: number; readonly client: number; readonly archived: number; readonly deal: number; readonly parcel: number }
  readonly theirs: { readonly branch: number; readonly client: number; readonly archived: number; readonly deal: number; readonly parcel: number }
}

/** A fresh deployment of the pack with two branches, of which the agent reads one. */
export async function ground(database: DatabaseKind): Promise<Ground> {
  const app = await startApp({ database, layers })
  const create = async (entity: string, body: Record<string, Json>): Promise<number> => {
    const answer = await app.admin.post(`/api/records/${entity}`, body)
    if (answer.status !== 201) throw new Error(answer.text)
    return idOf(answer)
  }
  const side = async (name: string, text: (what: string) => string, phone: string) => {
    const branch = await create('branch', { name: text('branch'), vault: `CANARY-vault-${name}` })
    const hidden = { secret: `CANARY-secret-${name}`, ceiling: 7_700_077, phone }
    const one = await create('client', { ...hidden, name: text('client'), code: text('code'), secretCode: `CANARY-key-${name}`, score: 5, branch })
    const archived = await create('client', { name: text('archived'), secret: `CANARY-gone-${name}`, branch })
    await app.admin.delete(`${clients}/${archived}`)
    const deal = await create('deal', { client: one, title: text('deal'), amount: 10.5, margin: `CANARY-margin-${name}`, at: '2024-05-01T10:00:00Z' })
    const parcel = await create('parcel', { client: one, label: text('parcel'), combination: `CANARY-combination-${name}` })
    return { branch, client: one, archived, deal, parcel }
  }
  const mine = await side('mine', (what) => `My ${what}`, '+8613812345678')
  const theirs = await side('theirs', (what) => `CANARY-${what}-theirs`, '+8613987654321')
  const agent = watched(await app.as(['agent'], { branches: [mine.branch], grade: 'Grade of the agent' }))
  let exports = 0
  let exporter = agent
  const manyExports = async (): Promise<Client> => {
    exports += 1
    if (exports % 25 === 0) exporter = watched(await app.as(['agent'], { branches: [mine.branch] }))
    return exporter
  }
  return { app, admin: app.admin, agent, exporter: manyExports, mine, theirs }
}

/** What nobody without the right may receive, in any part of an answer. */
const canary = /CANARY-[\w-]+|LEAK-[\w-]+|7700077|7,?700,?077|13812345678|13987654321/g

/** The same client, failing as soon as an answer holds a canary that its request did not. */
export function watched(inner: Client): Client {
  const request = async (method: string, path: string, sent: Sent = {}): Promise<Answer> => {
    const answer = await inner.request(method, path, sent)
    const asked = `${decodeURIComponent(path.replaceAll('+', ' ').replaceAll(/%(?![0-9a-f]{2})/gi, '%25'))} ${JSON.stringify(sent.body ?? '')} ${String(sent.raw ?? '')}`
    const received = `${answer.text}\n${JSON.stringify([...answer.headers])}`
    expect([...new Set(received.match(canary))].filter((found) => !asked.includes(found)), `${method} ${path}`).toEqual([])
    return answer
  }
  return {
    url: inner.url,
    request,
    get: (path, headers = {}) => request('GET', path, { headers }),
    post: (path, body, headers = {}) => request('POST', path, { ...(body === undefined ? {} : { body }), headers }),
    patch: (path, body, headers = {}) => request('PATCH', path, { body, headers }),
    delete: (path, headers = {}) => request('DELETE', path, { headers }),
  }
}

/** Whatever happens in `attack`: nothing is stored, no prototype changes, and the product goes on working. */
export async function withoutTrace(app: App, attack: () => Promise<void>): Promise<void> {
  const before = await stateHash(app.engine.database)
  await attack()
  expect(await stateHash(app.engine.database)).toBe(before)
  await alive(app)
}

const untouched = (): string => JSON.stringify([Object.prototype, Array.prototype, Function.prototype].map((prototype) => Object.getOwnPropertyNames(prototype)))
const prototypes = untouched()

/** Prototypes are as they were; health answers and a save works, at once. */
export async function alive(app: App): Promise<void> {
  expect(untouched()).toBe(prototypes)
  const spent = processorTime()
  expect((await client(app.url).get('/healthz')).status).toBe(200)
  const made = await app.admin.post('/api/records/branch/bulk', { create: [{ name: 'Alive' }], dryRun: true })
  expect(made).toMatchObject({ status: 200, body: { created: 1 } })
  expect(spent()).toBeLessThan(2_000)
}
