/** Where durable runs are watched: the product with the workflows of `run-definitions.ts`, a service and a mail server that they call. */
import { afterAll, beforeAll, expect } from 'vitest'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import type { Answer } from '../support/client.js'
import type { databaseKinds } from '../support/databases.js'
import { startMailServer, type MailServer } from './mail-server.js'
import { definitions } from './run-definitions.js'
import { startService, type Service } from './service.js'

export const shopSecret = `whsec_${Buffer.from('a secret that the shop knows').toString('base64')}`

export interface ToldRun {
  readonly id: string
  readonly status: string
  readonly output: Json
  readonly error: { readonly title: string; readonly instance: string } | null
  readonly steps: readonly { readonly name: string; readonly status: string }[]
}

/** One product for all promises about runs on a kind of database. */
export interface Stage {
  readonly app: App
  readonly service: Service
  /** A test that stops it puts another in its place. */
  mail: MailServer
  readonly until: (holds: () => Promise<boolean>) => Promise<void>
  /** Starts a workflow by hand; the id of the run. */
  readonly start: (name: string, input?: Json) => Promise<string>
  readonly read: (id: string) => Promise<ToldRun>
  /** The run once it stands in one of the ways. */
  readonly becomes: (id: string, ...statuses: readonly string[]) => Promise<ToldRun>
  readonly runsOf: (name: string) => Promise<readonly ToldRun[]>
  readonly tasksCalled: (title: string) => Promise<readonly JsonObject[]>
  readonly repair: (id: string, what: string, more?: JsonObject) => Promise<Answer>
}

const segments: Readonly<Record<string, JsonObject>> = { urgent: { entity: 'task', where: { title: { $startsWith: 'urgent' }, priority: 'high' } }, new: { entity: 'task', where: { title: { $startsWith: 'new' }, createdAt: { $gte: 'now-7d' } } } }

/** Call it where hooks are declared. */
export function stageOn(database: (typeof databaseKinds)[number]): Stage {
  let parts: { readonly app: App; readonly service: Service; mail: MailServer } | undefined
  const there = (): { readonly app: App; readonly service: Service; mail: MailServer } => {
    if (parts === undefined) throw new Error('nothing runs yet')
    return parts
  }
  beforeAll(async () => {
    const service = await startService()
    const mail = await startMailServer()
    const app = await startApp({ database, settings: { TESSERA_OUTBOUND_ALLOW: `127.0.0.1:${String(service.port)}`, TESSERA_SMTP_URL: mail.url, TESSERA_MAIL_FROM: 'crm@example.com', TESSERA_SECRET_SHOP: shopSecret, TESSERA_PLUGIN_SMS_URL: `${service.url}/sms`, TESSERA_PLUGIN_SMS_BODY: '{"messages":[{"to":"{to}","content":"Shop: {text}","ref":"{key}"}]}', TESSERA_SECRET_SMS: 'what the gateway knows' } })
    parts = { app, service, mail }
    // In a segment before anybody waits for it.
    expect(await app.admin.post('/api/records/task', { title: 'urgent before', priority: 'high' })).toMatchObject({ status: 201 })
    const operations = [...Object.entries(definitions(service)).map(([name, value]) => ({ op: 'add', path: `/workflows~1${name}.json`, value })), ...Object.entries(segments).map(([name, value]) => ({ op: 'add', path: `/segments~1${name}.json`, value }))]
    operations.push({ op: 'add', path: '/texts~1zh.json/workflows~1remind.json', value: { '/do/0/note/with/title': '请回电' } })
    expect(await app.admin.patch('/api/definitions/draft', operations as unknown as Json)).toMatchObject({ status: 200 })
    expect(await app.admin.post('/api/definitions/publish', {})).toMatchObject({ status: 201 })
    // The first look after a publish says from where on changes count.
    await until(async () => (await app.engine.database.read.all("SELECT 1 AS found FROM tessera_meta WHERE name = 'workflows position'", [])).length > 0)
    for (const name of Object.keys(segments)) await until(async () => (await app.engine.database.read.all('SELECT value FROM tessera_meta WHERE name = ?', [`workflows segment ${name}`])).some(({ value }) => !String(value).includes('"asOf":null')))
  })
  afterAll(async () => {
    await there().app.close()
    await there().service.close()
    await there().mail.close()
  })

  const stage: Stage = {
    get app() { return there().app },
    get service() { return there().service },
    get mail() { return there().mail },
    set mail(other: MailServer) { there().mail = other },
    until,
    async start(name, input = {}) {
      const answer = await stage.app.admin.post(`/api/workflows/${name}/runs`, { input })
      expect(answer, answer.text).toMatchObject({ status: 202, body: { workflow: name } })
      return (answer.body as ToldRun).id
    },
    read: async (id) => (await stage.app.admin.get(`/api/workflows/runs/${id}`)).body as ToldRun,
    async becomes(id, ...statuses) {
      await until(async () => statuses.includes((await stage.read(id)).status))
      return stage.read(id)
    },
    runsOf: async (name) => ((await stage.app.admin.get(`/api/workflows/runs?workflow=${name}`)).body as { runs: readonly ToldRun[] }).runs,
    tasksCalled: async (title) => ((await stage.app.admin.get(`/api/records/task?filter=${encodeURIComponent(JSON.stringify({ title }))}`)).body as { records: readonly JsonObject[] }).records,
    repair: (id, what, more = {}) => stage.app.admin.post(`/api/workflows/runs/${id}/${what}`, { reason: 'a test', ...more }),
  }
  return stage
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const late = Date.now() + 30_000
  while (!(await holds())) {
    if (Date.now() > late) throw new Error('it did not come to this')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
