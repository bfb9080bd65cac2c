/** F1 to F5: how many runs of a workflow of three steps come to their end in a second, how soon one begins after its event, and what waiting ones cost. */
import type { JsonObject } from '../../metadata/contract/json.js'
import { signIn, type Client } from '../support/client.js'
import { openConnection } from './baseline-database.js'
import { emails, password, withPostgres } from './databases.js'
import { startOurs, type Server } from './servers.js'

const document = (name: string): JsonObject => ({ dsl: '1.0.3', namespace: 'bench', name, version: '1.0.0', metadata: { role: 'admin' } })
const definitions: Readonly<Record<string, JsonObject>> = {
  three: {
    document: document('three'), evaluate: { language: 'cel' },
    do: [
      { find: { call: 'crm.find', with: { entity: 'store', limit: 1 } } },
      { task: { call: 'crm.task', with: { title: '${ size(data) == 0 ? "Visit" : "Visit " + data[0].name }' } } },
      { done: { set: { task: '${ data.id }' } } },
    ],
  },
  many: {
    document: document('many'), evaluate: { language: 'cel' },
    do: [{ each: { for: { each: 'one', in: '${ data.all }' }, do: [{ one: { run: { workflow: { namespace: 'bench', name: 'three', version: '1.0.0' }, await: false } } }] } }],
  },
  follow: {
    document: document('follow'), evaluate: { language: 'cel' },
    schedule: { on: { one: { with: { type: 'crm.store.created' } } } },
    do: [{ seen: { set: { at: '${ workflow.input[0].time }' } } }],
  },
  // Each new member is looked at, and none lives there.
  nowhere: {
    document: document('nowhere'), evaluate: { language: 'cel' },
    schedule: { on: { one: { with: { type: 'crm.member.created', where: { city: 'Nowhere' } } } } },
    do: [{ seen: { set: { seen: true } } }],
  },
  patient: { document: document('patient'), evaluate: { language: 'cel' }, do: [{ wait: { wait: { days: 30 } } }] },
}

/** Puts the workflows of the benchmark in force. */
export async function publishWorkflows(admin: Client): Promise<void> {
  await expected(admin.patch('/api/definitions/draft', Object.entries(definitions).map(([name, value]) => ({ op: 'add', path: `/workflows~1${name}.json`, value }))), 200)
  await expected(admin.post('/api/definitions/publish', { message: 'benchmark' }), 201)
}

/** F1: starts `count` runs over HTTP and waits for the last one. Runs a second. */
export const startedByHand = (admin: Client, count: number): Promise<number> =>
  perSecond(admin, count, async () => {
    for (let start = 0; start < count; start += 20) await Promise.all(Array.from({ length: Math.min(20, count - start) }, () => expected(admin.post('/api/workflows/three/runs', {}), 202)))
  })

/** F2: the same, begun by runs of another workflow, a hundred each. Runs a second. */
export const startedByRuns = (admin: Client, count: number): Promise<number> =>
  perSecond(admin, count, async () => {
    for (let start = 0; start < count; start += 100) await expected(admin.post('/api/workflows/many/runs', { input: { all: Array.from({ length: Math.min(100, count - start) }, (_, i) => i) } }), 202)
  })

async function perSecond(admin: Client, count: number, start: () => Promise<void>): Promise<number> {
  const before = await ended(admin, 'three')
  const begin = performance.now()
  await start()
  while ((await ended(admin, 'three')) < before + count) await pause(50) // each question counts all runs, which costs as much as some of them
  return count / ((performance.now() - begin) / 1000)
}

/** F3: from the change of a record to the first step of the run that it begins, by the server's own clock. Milliseconds of each. */
export async function eventToStep(admin: Client, count: number): Promise<readonly number[]> {
  for (let i = 0; i < count; i++) {
    await expected(admin.post('/api/records/store', { number: `F3-${String(i)}`, name: 'Bench', city: 'Bench', region: 'north' }), 201)
    await pause(10)
  }
  while ((await ended(admin, 'follow')) < count) await pause(20)
  const { runs } = (await expected(admin.get('/api/workflows/runs?workflow=follow&limit=100'), 200)).body as { readonly runs: readonly { readonly id: string }[] }
  const told = await Promise.all(runs.map(async ({ id }) => (await expected(admin.get(`/api/workflows/runs/${id}`), 200)).body as { readonly input: readonly [{ readonly time: string }]; readonly steps: readonly [{ readonly startedAt: string }] }))
  return told.map(({ input: [{ time }], steps: [{ startedAt }] }) => Date.parse(startedAt) - Date.parse(time)).toSorted((a, b) => a - b)
}

/** F4: processor time of a second with `count` runs that wait, and of one without them. Milliseconds. The server of this file is started and stopped here. */
export async function waitingCosts(path: string, count: number): Promise<{ readonly without: number; readonly waiting: number }> {
  const first = await startOurs(`sqlite:${path}`)
  const admin = await signIn(first.url, emails.admin, password)
  await publishWorkflows(admin)
  await expected(admin.post('/api/workflows/patient/runs', {}), 202)
  const without = await idle(first)
  await first.stop()
  const connection = await openConnection(path)
  const copied = 'workflow, version, definitions, status, starter, entity, record_id, cause, depth, parent_id, parent_seq, input, document, runner, attempts, revision, created_at, ended_at, due_at'
  await connection.run(`INSERT INTO tessera_run (${copied}) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT ${copied} FROM tessera_run CROSS JOIN n WHERE workflow = 'patient'`, [count])
  await connection.close()
  const second = await startOurs(`sqlite:${path}`)
  const waiting = await idle(second)
  await second.stop()
  return { without, waiting }
}

async function idle(server: Server): Promise<number> {
  await pause(2_000)
  const before = await server.cpu()
  await pause(5_000)
  return ((await server.cpu()) - before) * 200
}

/** F5: on PostgreSQL with so many processes of the product: runs a second, what a run costs them together (milliseconds of processor time), and F3. */
export const onPostgres = (processes: number, count: number): Promise<{ readonly perSecond: number; readonly cpu: number; readonly times: readonly number[] }> =>
  withPostgres(async (url) => {
    const servers: Server[] = []
    try {
      while (servers.length < processes) servers.push(await startOurs(url))
      const [first] = servers
      if (first === undefined) throw new Error('at least one process')
      const admin = await signIn(first.url, emails.admin, password)
      await publishWorkflows(admin)
      const spent = async (): Promise<number> => (await Promise.all(servers.map((server) => server.cpu()))).reduce((sum, one) => sum + one, 0)
      await startedByRuns(admin, count) // the first thousands of runs cost each process twice as much: its code is compiled meanwhile
      const before = await spent()
      const rate = await startedByRuns(admin, count)
      const cpu = (((await spent()) - before) * 1000) / count
      return { perSecond: rate, cpu, times: await eventToStep(admin, 100) }
    } finally {
      await Promise.all(servers.map((server) => server.stop()))
    }
  })

async function ended(admin: Client, name: string): Promise<number> {
  const { runs } = (await expected(admin.get(`/api/workflows/${name}`), 200)).body as { readonly runs: { readonly completed?: number; readonly faulted?: number } }
  if ((runs.faulted ?? 0) > 0) throw new Error('a run of the benchmark failed')
  return runs.completed ?? 0
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function expected(asked: ReturnType<Client['get']>, status: number): ReturnType<Client['get']> {
  const answer = await asked
  if (answer.status !== status) throw new Error(`${String(answer.status)} ${answer.text}`)
  return answer
}
