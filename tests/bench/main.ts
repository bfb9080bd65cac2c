/**
 * `npm run bench [-- --only R1,W2] [--quick] [--profile FOLDER] [--followed]`: our server and two hand-written ones on the same data, driven in turns by
 * a client process, as a clerk who sees two stores and no incomes. Prints ratios; asserts answers, never times. `--followed`: workflows that
 * begin with what happens to records are in force all the while.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { signIn, type Client } from '../support/client.js'
import { copyDatabase, emails, password, seededDatabases, seedMembers, withPostgres } from './databases.js'
import type { RoundResult } from './drive.js'
import { changeMembers, createMembers, type ImportTimes } from './importing.js'
import { addEntities, addFields, type PublishTimes } from './publishing.js'
import { eventToStep, onPostgres, publishWorkflows, startedByHand, startedByRuns, waitingCosts } from './workflows.js'
import { measurements, wire, type Ask, type Measurement } from './requests.js'
import { searchTimes, texts } from './searching.js'
import { startBaseline, startDriver, startOurs, type Driver, type Server } from './servers.js'
import { median, shown, table, type Cell } from './table.js'

const { values: options } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean', default: false }, profile: { type: 'string' }, followed: { type: 'boolean', default: false } } })
const wanted = options.only?.split(',')
const isWanted = (id: string): boolean => wanted === undefined || wanted.includes(id)
const rounds = options.quick ? 3 : 5
const roundMilliseconds = options.quick ? 700 : 2_000
/** What brings its own servers, and needs none of those that are measured beside each other. */
const apart: ReadonlySet<string> = new Set(['B1', 'F4', 'F5', 'T2'])
/** Leaves a .cpuprofile of our server in the folder. */
const profiling = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`]
const connectionsMost = 32
const firstNumber = 6_000_000_000
const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** A server with what its requests need. */
interface Target {
  readonly server: Server
  /** One session per connection: people who work at once are signed in each for themselves. */
  readonly cookies: Readonly<Record<Measurement['as'], readonly string[]>>
  readonly asks: (measurement: Measurement) => readonly Ask[]
  next: number
}

/** A round with what it cost the server: on a busy machine this says more than the rate. */
interface Result extends RoundResult {
  /** Processor time for one request, all threads. */
  readonly cpuMilliseconds: number
}

const rows: Cell[][] = []
const note = (id: string, what: string, value: number): Cell[] => [id, what, value, ...Array.from({ length: 11 }, () => null)]
const now = Date.now()
const seeded = await seededDatabases(say)
const folder = await mkdtemp(join(tmpdir(), 'tessera-bench-'))
try {
  if (wanted?.every((id) => apart.has(id)) !== true) await underLoad()
  if (isWanted('B1')) await coldStart()
  await workflowsApart()
  if (isWanted('T2')) await searchingOnPostgres()
} finally {
  await rm(folder, { recursive: true, force: true })
}
const [cpu] = cpus()
process.stdout.write(`\n${String(cpus().length)} x ${cpu?.model.trim() ?? 'unknown'}, ${String(Math.round(totalmem() / 2 ** 30))} GB, Node ${process.version}, ${process.platform}; ${String(rounds)} rounds of ${String(roundMilliseconds / 1000)} s each in turns, medians\n`)
if (seeded.loadSeconds !== null) process.stdout.write(`600,050 records loaded through the bulk path in ${seeded.loadSeconds.toFixed(0)} s\n`)
process.stdout.write(`\n${table(['id', 'what', 'ours /s', 'p50 ms', 'p99 ms', 'Express /s', 'p50 ms', 'p99 ms', 'http /s', 'ours/Express', 'ours/http', 'CPU ms', 'CPU ms Express', 'by CPU'], rows)}\n`)

async function underLoad(): Promise<void> {
  const paths = { ours: join(folder, 'ours.db'), express: join(folder, 'express.db'), http: join(folder, 'http.db') }
  await Promise.all([copyDatabase(seeded.ours, paths.ours), copyDatabase(seeded.baseline, paths.express), copyDatabase(seeded.baseline, paths.http)])
  const servers = { ours: await startOurs(`sqlite:${paths.ours}`, profiling), express: await startBaseline('express', paths.express), http: await startBaseline('http', paths.http) }
  const driver = startDriver()
  try {
    const idle = await idleMemory(servers.ours)
    if (options.followed) await publishWorkflows(await signIn(servers.ours.url, emails.admin, password))
    const [clerk, analyst] = await Promise.all([signedIn(servers.ours, emails.clerk), signedIn(servers.ours, emails.analyst)])
    const strangers = { clerk: [''], analyst: [''] }
    const ours: Target = { server: servers.ours, cookies: { clerk, analyst }, asks: (one) => one.ours, next: firstNumber }
    const baselines = [servers.express, servers.http].map((server): Target => ({ server, cookies: strangers, asks: (one) => one.baseline, next: firstNumber }))
    for (const measurement of measurements(now).filter(({ id }) => isWanted(id))) await measure(driver, measurement, [ours, ...baselines])
    if (isWanted('C1')) await besideLongQuery(driver, ours)
    if (isWanted('T1')) await searching('T1', 'SQLite', servers.ours.url)
    if (isWanted('I1') || isWanted('I2')) await importing(servers.ours)
    if (isWanted('M1') || isWanted('M2')) await publishing(servers.ours)
    if (['F1', 'F2', 'F3'].some(isWanted)) await workflows(servers.ours)
    if (isWanted('memory')) rows.push(note('memory', 'resident when idle after the start, MB', idle), note('', 'resident after the load above, MB', await servers.ours.memory()))
  } finally {
    driver.stop()
    await Promise.all(Object.values(servers).map((server) => server.stop()))
  }
}

/** After the start is over: a second with nothing to do. */
async function idleMemory(server: Server): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  return server.memory()
}

/** As many sessions as there are connections. */
async function signedIn(server: Server, email: string): Promise<readonly string[]> {
  const sessions: string[] = []
  while (sessions.length < connectionsMost) sessions.push(await session(server, email))
  return sessions
}

async function session(server: Server, email: string): Promise<string> {
  const answer = await fetch(`${server.url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json', origin: server.url }, body: JSON.stringify({ email, password }) })
  if (answer.status !== 201) throw new Error(`Signing in as ${email}: ${String(answer.status)} ${await answer.text()}`)
  return answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')
}

async function measure(driver: Driver, measurement: Measurement, targets: readonly Target[]): Promise<void> {
  say(`${measurement.id} ${measurement.title}`)
  await sameAnswers(measurement, targets)
  const results = new Map<Target, Result[]>(targets.map((target) => [target, []]))
  for (const target of targets) await drive(driver, measurement, target, roundMilliseconds / 2) // warms up
  for (let i = 0; i < rounds; i++) for (const target of targets) results.get(target)?.push(await drive(driver, measurement, target, roundMilliseconds))
  const of = (i: number, value: (result: Result) => number): number => median((results.get(targets[i] as Target) ?? []).map(value)) // three targets
  const rate = (i: number): number => of(i, ({ perSecond }) => perSecond)
  const cpu = (i: number): number => of(i, ({ cpuMilliseconds }) => cpuMilliseconds)
  rows.push([measurement.id, measurement.title, rate(0), of(0, ({ p50 }) => p50), of(0, ({ p99 }) => p99), rate(1), of(1, ({ p50 }) => p50), of(1, ({ p99 }) => p99), rate(2), rate(0) / rate(1), rate(0) / rate(2), cpu(0), cpu(1), cpu(1) / cpu(0)])
  say(`  ours ${shown(rate(0))}/s, Express ${shown(rate(1))}/s, http ${shown(rate(2))}/s; processor ${shown(cpu(0))}, ${shown(cpu(1))}, ${shown(cpu(2))} ms`)
}

async function drive(driver: Driver, measurement: Measurement, target: Target, milliseconds: number): Promise<Result> {
  const { port } = target.server
  const asks = target.asks(measurement)
  const cookies = target.cookies[measurement.as]
  const requests = Array.from({ length: Math.max(asks.length, cookies.length) }, (_, i) => wire(at(asks, i), port, at(cookies, i)))
  const cpu = await target.server.cpu()
  const result = await driver.run({ port, connections: measurement.connections ?? connectionsMost, milliseconds, requests, from: target.next })
  target.next = result.next
  if (result.failures > 0) throw new Error(`${measurement.id} on ${target.server.name}: ${String(result.failures)} answers were no success. The first:\n${result.firstFailure}`)
  return { ...result, cpuMilliseconds: ((await target.server.cpu()) - cpu) * 1000 / (result.perSecond * result.seconds) }
}

/** Round and round. */
function at<T>(list: readonly T[], i: number): T {
  const one = list[i % list.length]
  if (one === undefined) throw new Error('An empty list')
  return one
}

/** Before anything is timed: all servers give the same answer to the same question. */
async function sameAnswers(measurement: Measurement, targets: readonly Target[]): Promise<void> {
  const { compared } = measurement
  if (compared === undefined) return
  for (let i = 0; i < Math.min(20, measurement.ours.length); i++) {
    const answers = await Promise.all(targets.map(async (target) => compared(await answerOf(target, measurement, i))))
    for (const [k, answer] of answers.entries()) {
      if (!isDeepStrictEqual(answer, answers[0])) throw new Error(`${measurement.id}: ${targets[k]?.server.name ?? ''} answers ${JSON.stringify(answer)}, ours ${JSON.stringify(answers[0])}`)
    }
  }
}

async function answerOf({ server, cookies, asks }: Target, measurement: Measurement, i: number): Promise<unknown> {
  const ask = at(asks(measurement), i)
  const answer = await fetch(`${server.url}${ask.path}`, { method: ask.method, headers: { cookie: at(cookies[measurement.as], i), origin: server.url, 'content-type': 'application/json' }, ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }) })
  if (!answer.ok) throw new Error(`${measurement.id} on ${server.name}: ${String(answer.status)} ${await answer.text()}`)
  return answer.json()
}

/** C1: short reads alone, and beside somebody who groups all purchases by day and store again and again. */
async function besideLongQuery(driver: Driver, ours: Target): Promise<void> {
  say('C1 short reads beside a long query')
  const r1 = measurements(now).find(({ id }) => id === 'R1')
  if (r1 === undefined) return
  const long = { filter: { amount: { $gt: 0 } }, groupBy: ['at:day', 'channel', 'store'], measures: { n: { count: true }, sum: { sum: 'amount' }, most: { max: 'amount' }, mean: { avg: 'amount' } }, sort: ['-n'], limit: 100 }
  const times: number[] = []
  const loop = async (stop: AbortSignal): Promise<void> => {
    while (!stop.aborted) {
      const begin = performance.now()
      const answer = await fetch(`${ours.server.url}/api/records/purchase/aggregate`, { method: 'POST', headers: { cookie: at(ours.cookies.analyst, 0), origin: ours.server.url, 'content-type': 'application/json' }, body: JSON.stringify(long) })
      if (!answer.ok) throw new Error(`C1: ${String(answer.status)} ${await answer.text()}`)
      await answer.arrayBuffer()
      times.push(performance.now() - begin)
    }
  }
  const alone: RoundResult[] = []
  const beside: RoundResult[] = []
  await drive(driver, r1, ours, roundMilliseconds / 2)
  for (let i = 0; i < rounds; i++) {
    alone.push(await drive(driver, r1, ours, roundMilliseconds))
    const stop = new AbortController()
    const looping = loop(stop.signal)
    beside.push(await drive(driver, r1, ours, roundMilliseconds))
    stop.abort()
    await looping
  }
  const of = (results: readonly RoundResult[], value: (result: RoundResult) => number): number => median(results.map(value))
  const line = (id: string, what: string, results: readonly RoundResult[]): Cell[] => [id, what, of(results, ({ perSecond }) => perSecond), of(results, ({ p50 }) => p50), of(results, ({ p99 }) => p99), ...Array.from({ length: 9 }, () => null)]
  rows.push(line('C1', 'R1 alone', alone))
  rows.push(line('', `R1 beside an aggregate of ${shown(median(times) / 1000)} s in a loop: ${shown(of(beside, ({ perSecond }) => perSecond) / of(alone, ({ perSecond }) => perSecond))} of the rate alone`, beside))
}

/** One person at a time, text by text. */
async function searching(id: string, database: string, url: string): Promise<void> {
  say(`${id} searching, ${database}`)
  for (const who of ['clerk', 'analyst'] as const) {
    const caller = await signIn(url, emails[who], password)
    for (const [where, path] of [['the list of members', '/api/records/member?limit=50&q='], ['everything', '/api/search?q=']] as const) {
      const { mean, p95, worst } = await searchTimes(caller, path)
      rows.push(note(id, `${database}, ${who}, a text in ${where}, one of ${String(texts.length)}: ms, mean`, mean), note('', 'p95', p95))
      rows.push(note('', `worst: ${worst.slice(0, 3).map(({ text }) => `\`${text}\``).join(', ')}`, worst[0]?.milliseconds ?? Number.NaN))
    }
  }
}

function searchingOnPostgres(): Promise<void> {
  return withPostgres(async (url) => {
    say('T2 seeding 100,000 members on PostgreSQL')
    await seedMembers(url)
    const server = await startOurs(url)
    try {
      await searching('T2', 'PostgreSQL', server.url)
    } finally {
      await server.stop()
    }
  })
}

async function importing(server: Server): Promise<void> {
  say('I1, I2 importing')
  const admin: Client = await signIn(server.url, emails.admin, password)
  const lines = (id: string, what: string, { rowsPerSecond, cpuMilliseconds }: ImportTimes): void => void rows.push(note(id, `${what}: rows a second`, rowsPerSecond), note('', `${what}: processor time for a row, ms`, cpuMilliseconds))
  const count = options.quick ? 20_000 : 200_000
  lines('I1', `import of ${shown(count)} new members`, await createMembers(admin, server, count))
  lines('I2', 'the same found by their key and changed', await changeMembers(admin, server, count))
}

async function publishing(server: Server): Promise<void> {
  say('M1, M2 publishing')
  const admin: Client = await signIn(server.url, emails.admin, password)
  const lines = (id: string, what: string, { draft, publish }: PublishTimes): void => {
    rows.push(note(id, `${what}: change of the draft, ms`, median(draft)), note('', `${what}: publish, ms`, median(publish)))
  }
  lines('M1', 'add a field to 100,000 records', await addFields(admin, rounds * 2))
  lines('M2', 'new entity with 10 fields', await addEntities(admin, rounds * 2))
}

async function workflows(server: Server): Promise<void> {
  say('F1 to F3 workflows')
  const admin: Client = await signIn(server.url, emails.admin, password)
  const count = options.quick ? 200 : 2_000
  if (!options.followed) await publishWorkflows(admin)
  if (isWanted('F1')) rows.push(note('F1', `workflow of 3 steps, ${shown(count)} runs started over HTTP: runs a second`, await startedByHand(admin, count)))
  if (isWanted('F2')) rows.push(note('F2', 'the same, begun by other runs', await startedByRuns(admin, count)))
  if (!isWanted('F3')) return
  const times = await eventToStep(admin, 100)
  rows.push(note('F3', 'from a change to the first step of what it begins, ms, median', median(times)), note('', 'p95', times[94] ?? Number.NaN))
}

/** What needs a database of its own. */
async function workflowsApart(): Promise<void> {
  if (isWanted('F4') && !options.quick) {
    say('F4 runs that wait')
    const path = join(folder, 'waiting.db')
    await copyDatabase(seeded.ours, path)
    const { without, waiting } = await waitingCosts(path, 100_000)
    rows.push(note('F4', 'an idle second without runs that wait, processor ms', without), note('', 'with 100,000 of them', waiting))
  }
  if (!isWanted('F5')) return
  for (const processes of [1, 4]) {
    say(`F5 workflows on PostgreSQL, processes: ${String(processes)}`)
    const { perSecond, cpu, times } = await onPostgres(processes, options.quick ? 500 : 2_000)
    rows.push(note(processes === 1 ? 'F5' : '', `workflow of 3 steps on PostgreSQL, ${String(processes)} ${processes === 1 ? 'process' : 'processes'}: runs a second`, perSecond), note('', 'processor time of a run, ms', cpu))
    rows.push(note('', 'from a change to the first step of what it begins, ms, median', median(times)), note('', 'p95', times[94] ?? Number.NaN))
  }
}

async function coldStart(): Promise<void> {
  say('B1 cold start')
  const path = join(folder, 'start.db')
  await copyDatabase(seeded.ours, path)
  const times: number[] = []
  const work: number[] = []
  for (let i = 0; i < rounds * 2; i++) {
    const server = await startOurs(`sqlite:${path}`)
    times.push(server.startMilliseconds)
    work.push((await server.cpu()) * 1000)
    await server.stop()
  }
  rows.push(note('B1', 'cold start on this database until /readyz, ms', median(times)), note('', 'its processor time, ms', median(work)))
}
