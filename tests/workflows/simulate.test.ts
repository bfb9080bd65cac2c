/** Workflows of the DSL through the front door: what each file in `scenarios/` says. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import type { Answer } from '../support/client.js'
import { startService, type Service } from './service.js'

interface Scenario {
  readonly name: string
  readonly do: Json
  /** Members of the document beside `do`. */
  readonly document?: JsonObject
  readonly input?: Json
  readonly clock?: Json
  readonly effects?: boolean
  readonly answers?: JsonObject
  readonly events?: Json
  readonly expect: {
    readonly status: string
    readonly output?: Json
    readonly matches?: object
    /** Paths that the output has. */
    readonly has?: readonly string[]
    readonly error?: object
    /** Names of tasks in the order in which they began. */
    readonly ran?: readonly string[]
    readonly steps?: Readonly<Record<string, string>>
    /** How often a task ran. */
    readonly times?: Readonly<Record<string, number>>
    readonly waits?: readonly object[]
    readonly clock?: string
  }
}

interface Told {
  readonly status: string
  readonly output: Json
  readonly error: object | null
  readonly clock: string
  readonly waits: readonly object[]
  readonly steps: readonly { readonly path: string; readonly name: string; readonly status: string }[]
}

const folder = join(import.meta.dirname, 'scenarios')
const files = readdirSync(folder).map((file) => ({ file, scenarios: parse(readFileSync(join(folder, file), 'utf8')) as readonly Scenario[] }))

// What a run does depends on no database: one tells all.
describe('simulated workflows', () => {
  let app: App
  let service: Service
  beforeAll(async () => {
    service = await startService()
    app = await startApp({ database: 'sqlite', settings: { TESSERA_OUTBOUND_ALLOW: `127.0.0.1:${String(service.port)}` } })
  })
  afterAll(async () => {
    await app.close()
    await service.close()
  })

  /** With the address of the service. */
  const here = <T extends Json>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('{pets}', service.url)) as T

  const simulate = async (scenario: Scenario): Promise<Told> => {
    const { do: tasks, document = {}, input = {}, clock, effects = true, answers, events } = scenario
    const definition = here<Json>({ document: { dsl: '1.0.3', namespace: 'default', name: 'scenario', version: '1.0.0' }, ...document, do: tasks })
    const sent = answers !== undefined || events !== undefined ? { answers: answers ?? {}, events: events ?? [] } : effects
    const answer = await app.admin.post('/api/workflows/simulate', { definition, input, effects: sent as Json, ...(clock === undefined ? {} : { clock }) })
    expect(answer.status, answer.text).toBe(200)
    return answer.body as Told
  }

  describe('the welcome journey of the pack', () => {
    const definition = JSON.parse(readFileSync(join(import.meta.dirname, '../../metadata/retail/workflows/welcome.json'), 'utf8')) as Json
    const input = { entity: 'member', id: 7, record: { name: 'Ada', email: 'ada@example.com', language: 'zh' } }
    const journey = async (purchases: Json): Promise<Told> =>
      (await app.admin.post('/api/workflows/simulate', { definition, input, clock: { start: '2026-01-01T08:00:00Z', until: '2026-01-10T08:00:00Z' }, effects: { answers: { greetMail: { sent: true }, findPurchases: purchases, thankMail: { sent: true } }, events: [] } })).body as Told
    const ran = ({ steps }: Told): readonly string[] => steps.filter(({ name }) => /Mail$|^call|^find/.test(name)).map(({ name }) => name)

    test('greets, waits three days, and has somebody call who bought nothing', async () => {
      const told = await journey([])
      expect(told).toMatchObject({ status: 'completed', error: null, clock: '2026-01-04T08:00:00.000Z' })
      expect(ran(told)).toEqual(['greetMail', 'findPurchases', 'callThem'])
    })

    test('thanks who bought something', async () => {
      expect(ran(await journey([{ id: 1 }]))).toEqual(['greetMail', 'findPurchases', 'thankMail'])
    })
  })

  test('simulations that are kept as tests are played before a workflow is published, and stop it when they go otherwise', async () => {
    const welcome = JSON.parse(readFileSync(join(import.meta.dirname, '../../metadata/retail/workflows/welcome.json'), 'utf8')) as { document: { metadata: JsonObject } }
    const record = { name: 'Ada', email: 'ada@example.com', language: 'en' }
    const kept = (purchases: Json, ...last: readonly string[]): JsonObject => ({
      input: { entity: 'member', id: 7, record }, clock: { start: '2026-01-01T08:00:00Z', until: '2026-01-10T08:00:00Z' }, answers: { greetMail: { sent: true }, findPurchases: purchases, thankMail: { sent: true } },
      expect: { status: 'completed', steps: [{ name: 'greet' }, { name: 'greetSent' }, { name: 'greetMail' }, { name: 'waitThreeDays' }, { name: 'findPurchases', call: 'crm.find', with: { entity: 'purchase', filter: { member: 7 }, limit: 1 } }, { name: 'hasBought' }, ...last.map((name) => ({ name }))] },
    })
    const draft = async (tests: JsonObject): Promise<Answer> => {
      const document = { ...welcome, document: { ...welcome.document, metadata: { ...welcome.document.metadata, tests } } } as unknown as Json
      expect((await app.admin.patch('/api/definitions/draft', [{ op: 'replace', path: '/workflows~1welcome.json', value: document }])).status).toBe(200)
      return app.admin.post('/api/definitions/check')
    }
    expect((await draft({ 'buys something': kept([{ id: 1 }], 'thank', 'thankSent', 'thankMail') })).body).toMatchObject({ problems: [] })
    const failing = {
      buys: kept([{ id: 1 }], 'callThem'),
      'buys / more': { ...kept([], 'callThem'), expect: { status: 'waiting' } },
      other: { ...kept([], 'callThem'), expect: { steps: [{ name: 'greet' }, { name: 'greetSent' }, { name: 'greetMail', with: { to: 'bob@example.com' } }] } },
    }
    const at = 'workflows/welcome.json#/document/metadata/tests'
    const problems = [
      { path: `${at}/buys`, code: 'workflow.test', message: 'The test “buys” fails at “callThem”: expected that “callThem” comes, found “thank”' },
      { path: `${at}/buys ~1 more`, code: 'workflow.test', message: 'The test “buys / more” fails at “callThem”: expected the run to be waiting, found the run completed' },
      { path: `${at}/other`, code: 'workflow.test', message: expect.stringMatching(/^The test “other” fails at “greetMail”: expected to "bob@example.com", found /) as Json },
    ]
    expect((await draft(failing)).body).toMatchObject({ problems })
    expect((await app.admin.post('/api/definitions/plan')).body).toMatchObject({ problems, steps: [] })
    expect(await app.admin.post('/api/definitions/publish', {})).toMatchObject({ status: 422, body: { code: 'definitions.invalid', problems } })
    expect((await app.admin.delete('/api/definitions/draft')).status).toBe(204)
  })

  describe.each(files)('$file', ({ scenarios }) => {
    test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
      const told = await simulate(scenario)
      const { status, output, matches, has = [], error, ran, steps = {}, times = {}, waits, clock } = scenario.expect
      expect(told, JSON.stringify(told.error)).toMatchObject({ status, ...(error === undefined ? {} : { error }), ...(waits === undefined ? {} : { waits }), ...(clock === undefined ? {} : { clock }) })
      if (output !== undefined) expect(told.output).toEqual(here(output))
      if (matches !== undefined) expect(told.output).toMatchObject(matches)
      for (const path of has) expect(told.output).toHaveProperty(path)
      if (ran !== undefined) expect(told.steps.map(({ name }) => name)).toEqual(ran)
      for (const [name, expected] of Object.entries(steps)) expect(told.steps.find((step) => step.name === name)?.status).toBe(expected)
      for (const [name, expected] of Object.entries(times)) expect(told.steps.filter((step) => step.name === name)).toHaveLength(expected)
    })
  })

  test('a definition may come as YAML', async () => {
    const definition = "document: { dsl: '1.0.3', namespace: default, name: yaml }\ndo:\n  - greet:\n      set:\n        hello: ${ .name }\n"
    expect((await app.admin.post('/api/workflows/simulate', { definition, input: { name: 'Ada' } })).body).toMatchObject({ status: 'completed', workflow: 'yaml', output: { hello: 'Ada' } })
    expect((await app.admin.post('/api/workflows/simulate', { definition: 'a: [' })).status).toBe(400)
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, i) => `${name}: &${name} [${`*${'abcdefg'[i] ?? ''},`.repeat(9)}]`).join('\n')}`
    expect((await app.admin.post('/api/workflows/simulate', { definition: bomb })).status).toBe(400)
  })

  test('what is not offered is refused with its place, all at once', async () => {
    const tasks = [
      { a: { run: { container: { image: 'x' } } } }, { b: { run: { shell: { command: 'x' } } } }, { c: { run: { script: { language: 'js', code: 'x' } } } }, { d: { call: 'grpc', with: {} } },
      { e: { call: 'nobody' } }, { f: { set: {}, wait: 'PT1S' } }, { g: {} }, { h: JSON.parse('{ "set": {}, "then": "nowhere" }') as JsonObject }, { i: { raise: { error: 'unknown' } } }, { j: { try: [{ x: { set: {} } }] } },
      { k: { set: {}, catch: {}, while: 'true' } }, { l: { listen: { to: { any: [] } }, foreach: {} } },
      { m: { call: 'http', with: { method: 'get', endpoint: { uri: 'https://example.com', authentication: { certificate: {} } } } } }, { n: { call: 'openapi', with: { document: 'https://example.com', operationId: 'x', authentication: { oauth2: {} } } } },
      { o: { call: 'http', with: { method: 'get', endpoint: { uri: 'https://example.com', authentication: { bearer: { use: 'TOKEN' } } } } } }, { p: { call: 'http', with: { method: 'get', endpoint: { uri: 'https://example.com', authentication: { basic: { username: 'x' } } } } } },
      { q: { set: { text: 'not ${ $secrets.x }', token: '${ "Bearer " + $secrets.x }', mine: '${ .secrets.x }' } } },
    ]
    const answer = await app.admin.post('/api/workflows/simulate', { definition: { document: { dsl: '1.0.0', namespace: 'n', name: 'x' }, do: tasks } })
    expect(answer.status).toBe(422)
    expect((answer.body as { problems: { path: string }[] }).problems.map(({ path }) => path)).toEqual([
      '#/do/0/a/run/container', '#/do/1/b/run/shell', '#/do/2/c/run/script', '#/do/3/d/call', '#/do/4/e/call', '#/do/5/f', '#/do/6/g', '#/do/7/h/then', '#/do/8/i/raise/error', '#/do/9/j',
      '#/do/10/k/while', '#/do/10/k/catch', '#/do/11/l/foreach', '#/do/12/m/with/endpoint/authentication/certificate', '#/do/13/n/with/authentication/oauth2',
      '#/do/14/o/with/endpoint/authentication/bearer/use', '#/do/15/p/with/endpoint/authentication/basic/password', '#/do/16/q/set/token',
    ])
  })

  test('ten thousand steps are simulated, one more is too many', async () => {
    const tasks = (count: number): Json => Array.from({ length: count }, (_, i) => ({ [`t${String(i)}`]: { set: { i } } }))
    const run = (count: number) => app.admin.post('/api/workflows/simulate', { definition: { document: { dsl: '1.0.0', namespace: 'n', name: 'x' }, do: tasks(count) } })
    expect((await run(10_000)).body).toMatchObject({ status: 'completed', output: { i: 9_999 } })
    expect((await run(10_001)).status).toBe(422)
  })

  test('only those who may design simulate', async () => {
    const clerk = await app.as(['clerk'])
    const answer = await clerk.post('/api/workflows/simulate', { definition: { document: { dsl: '1.0.0', namespace: 'n', name: 'x' }, do: [{ a: { set: {} } }] } })
    expect(answer.status).toBe(403)
  })

  describe('calls to the outside', () => {
    const call = (endpoint: string, more: JsonObject = {}): Promise<Told> => simulate({ name: '', do: [{ ask: { call: 'http', with: { method: 'get', endpoint, ...more } } }], expect: { status: '' } })
    const refused = { status: 'faulted', error: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/authorization', status: 403, instance: '/do/0/ask' } }

    // Every spelling of an address that is not public, and every protocol and port that is not of the web.
    test.each([
      'http://127.0.0.1/', 'http://localhost:8080/', 'http://10.0.0.1/', 'http://192.168.1.1/', 'http://172.16.0.1/', 'http://169.254.169.254/latest/meta-data/', 'http://100.64.0.1/', 'http://0.0.0.0/', 'http://0/',
      'http://[::1]/', 'http://[::]/', 'http://[fd00::1]/', 'http://[fe80::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[64:ff9b::7f00:1]/', 'http://[2002:7f00:1::]/',
      'http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://127.1/', 'http://127.0.0.1./', 'http://①②⑦.0.0.1/', 'http://224.0.0.1/', 'http://255.255.255.255/',
      'file:///etc/passwd', 'gopher://127.0.0.1/', 'data:text/plain,x', 'ftp://example.com/', 'http://1.1.1.1:22/', 'http://1.1.1.1:6379/', 'https://1.1.1.1:5432/', 'http://user:pass@1.1.1.1/', '\\\\host\\share',
    ])('A-090 A-095 %s is not called', async (endpoint) => {
      expect(await call(endpoint)).toMatchObject(refused)
    })

    test('A-090 a network that the operator opened is called, at its port only', async () => {
      expect(await call(`${service.url}/pet/1`)).toMatchObject({ status: 'completed', output: { id: 1 } })
      expect(await call(`http://127.0.0.1:${String(service.port + 1)}/`)).toMatchObject(refused)
    })

    test('A-091 a redirect is an answer and is not followed', async () => {
      expect(await call(`${service.url}/redirect`)).toMatchObject({ status: 'faulted', error: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/communication', status: 302 } })
      expect(await call(`${service.url}/redirect`, { redirect: true, output: 'response' })).toMatchObject({ status: 'completed', output: { statusCode: 302 } })
    })

    test('A-096 answers that are too large, or packed to be, end the step', async () => {
      for (const path of ['/large', '/bomb']) expect(await call(`${service.url}${path}`)).toMatchObject({ status: 'faulted', error: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/communication', status: 500 } })
    })

    test('values cannot become another part of the address', async () => {
      expect(await simulate({ name: '', do: [{ ask: { call: 'http', with: { method: 'get', endpoint: '{pets}/pet/{id}' } } }], input: { id: '../swagger.json?x=' }, expect: { status: '' } })).toMatchObject({ status: 'faulted', error: { status: 404 } })
    })
  })
})
