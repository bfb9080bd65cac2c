/** The processes that are measured, and the one that drives them. */
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { benchLayers, emails, password } from './databases.js'
import type { Round, RoundResult } from './drive.js'

const root = join(import.meta.dirname, '../..')
const pollMilliseconds = 3
/** Unit of /proc/PID/stat on Linux. */
const ticksPerSecond = 100

export interface Server {
  readonly name: string
  readonly port: number
  readonly url: string
  /** From the start of the process until `/readyz` says yes. Milliseconds. */
  readonly startMilliseconds: number
  /** Resident memory. Megabytes (10^6 bytes). */
  memory(): Promise<number>
  /** Processor time since the start, all threads. Seconds. */
  cpu(): Promise<number>
  /** Ends it with SIGTERM and waits. */
  stop(): Promise<void>
}

/** The product as `npm start` runs it. `database`: as in `DATABASE_URL`; `nodeOptions`: e.g. `--cpu-prof`. */
export function startOurs(database: string, nodeOptions: readonly string[] = []): Promise<Server> {
  const settings = { DATABASE_URL: database, TESSERA_LAYERS: benchLayers.join(','), TESSERA_ADMIN_EMAIL: emails.admin, TESSERA_ADMIN_PASSWORD: password, TESSERA_DEMO: '0' }
  return start('ours', (port) => spawn(process.execPath, [...nodeOptions, join(root, 'dist/engine/main.js')], { cwd: root, env: { ...cleanEnvironment(), ...settings, PORT: String(port) }, stdio: 'ignore' }))
}

/** One of the hand-written servers; it runs from its source, so only its speed under load is compared, not its start. */
export function startBaseline(name: 'express' | 'http', database: string): Promise<Server> {
  const file = join(import.meta.dirname, `baseline-${name}.ts`)
  return start(name, (port) => spawn(process.execPath, [...process.execArgv, file, database, String(port)], { cwd: root, env: cleanEnvironment(), stdio: ['ignore', 'inherit', 'inherit'] }))
}

/** What a test runner or npm put into the environment must not reach the servers. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  return { NODE_ENV: 'production', ...(PATH === undefined ? {} : { PATH }), ...(HOME === undefined ? {} : { HOME }), ...(TMPDIR === undefined ? {} : { TMPDIR }) }
}

async function start(name: string, launch: (port: number) => ChildProcess): Promise<Server> {
  const port = await freePort()
  const url = `http://127.0.0.1:${String(port)}`
  const begin = performance.now()
  const child = launch(port)
  const gone = once(child, 'exit')
  // A benchmark that fails leaves nothing behind.
  const end = (): void => void child.kill()
  process.once('exit', end)
  void gone.then(() => process.off('exit', end))
  await ready(url, () => child.exitCode !== null, name)
  return {
    name,
    port,
    url,
    startMilliseconds: performance.now() - begin,
    memory: async () => Number(/VmRSS:\s+(\d+) kB/.exec(await processFile(child, 'status'))?.[1] ?? Number.NaN) * 1024 / 1e6,
    cpu: async () => {
      // After the name, which may hold anything: fields 14 and 15 are user and system time.
      const fields = (await processFile(child, 'stat')).split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
    },
    stop: async () => {
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** What Linux tells of a process; elsewhere nothing, and the numbers made of it are shown as `-`. */
const processFile = (child: ChildProcess, name: string): Promise<string> => readFile(`/proc/${String(child.pid)}/${name}`, 'utf8').catch(() => '')

async function ready(url: string, ended: () => boolean, name: string): Promise<void> {
  for (;;) {
    if (ended()) throw new Error(`${name} ended before it was ready`)
    const answered = await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false)
    if (answered) return
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds))
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo // listening on TCP
  probe.close()
  await once(probe, 'close')
  return port
}

export interface Driver {
  run(round: Round): Promise<RoundResult>
  stop(): void
}

/** Starts the client process. One round at a time. */
export function startDriver(): Driver {
  const child = fork(join(import.meta.dirname, 'drive.ts'))
  let waiting: { resolve: (result: RoundResult) => void; reject: (error: Error) => void } | undefined
  child.on('message', (result: RoundResult) => waiting?.resolve(result))
  child.on('exit', () => waiting?.reject(new Error('the driver ended')))
  return {
    run: (round) => new Promise((resolve, reject) => {
      waiting = { resolve, reject }
      child.send(round)
    }),
    stop: () => child.disconnect(),
  }
}
