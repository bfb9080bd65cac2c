/** One call gives the running product on a fresh, real database: wired as in production, reached over HTTP. */
import { randomUUID } from 'node:crypto'
import { isAbsolute, join } from 'node:path'

import { hash } from '@node-rs/argon2'
import { inject } from 'vitest'

import { compose, type Running } from '../../engine/compose.js'
import { readConfig, type Config } from '../../engine/config.js'
import { firstPublish } from '../../engine/first-start.js'
import type { Engine, Log } from '../../engine/operations/call.js'
import { load } from '../../engine/operations/records/load.js'
import { setPassword } from '../../engine/storage/own/accounts.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import { signIn, type Client } from './client.js'
import { clonedDatabase, type DatabaseKind, type TestDatabase } from './databases.js'

export interface AppOptions {
  readonly database: DatabaseKind
  /** Layer folders from the root, lowest first; the product's own packs when absent. Sample data is not loaded. */
  readonly layers?: readonly string[]
  /** Settings as in the environment, e.g. `TESSERA_METRICS_TOKEN`. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface LogLine {
  readonly level: keyof Log
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

export interface App {
  readonly url: string
  readonly database: TestDatabase
  /** For what cannot be seen over HTTP: a kill in the middle, the state of tables. */
  readonly engine: Engine
  readonly routes: Running['routes']
  /** Signed in as the administrator whom the first start made. */
  readonly admin: Client
  /** A new user with these roles and further fields (such as `stores`), signed in. */
  as(roles: readonly string[], fields?: JsonObject): Promise<Client>
  /** What was logged so far. */
  readonly log: readonly LogLine[]
  /** A second process, so to say, on the same database; closed together with this one. */
  another(): Promise<App>
  /** Stops the server and removes the database. */
  close(): Promise<void>
}

const administrator = { email: 'admin@example.com', password: 'an administrator of tests' }
const root = join(import.meta.dirname, '../..')

/**
 * Starts the product. The first call of a worker for the same layers publishes them (a second or so); the others
 * start on a copy of that database.
 */
export async function startApp({ database: kind, layers = ['metadata/core', 'metadata/retail'], settings = {} }: AppOptions): Promise<App> {
  const folders = layers.map((layer) => (isAbsolute(layer) ? layer : join(root, layer)))
  const own = join(inject('runFolder'), randomUUID())
  const config = (url: string): Config =>
    readConfig({
      PORT: '0',
      DATABASE_URL: url,
      TESSERA_LAYERS: folders.join(','),
      TESSERA_ADMIN_EMAIL: administrator.email,
      TESSERA_ADMIN_PASSWORD: administrator.password,
      TESSERA_DEMO: '0',
      TESSERA_FILES: join(own, 'files'),
      TESSERA_WORK: join(own, 'work'),
      ...settings,
    })
  const database = await clonedDatabase(kind, folders.join(), (url) => publishOnce(config(url)))
  try {
    return await startOn(database, config(database.url), () => database.drop())
  } catch (error) {
    await database.drop()
    throw error
  }
}

/** A real hash that costs next to nothing: that passwords are hard to guess has tests of its own, and hundreds of people of tests sign in. */
const cheapHash = (password: string): Promise<string> => hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 })

/** A new user who can sign in. */
export async function addPerson(engine: Engine, { email, name, roles, password, fields = {} }: { readonly email: string; readonly name: string; readonly roles: readonly string[]; readonly password: string; readonly fields?: JsonObject }): Promise<void> {
  const passwordHash = await cheapHash(password)
  await load(engine, {
    entity: 'user',
    rows: [{ ...fields, email, name, roles: [...roles] }],
    announce: true,
    also: async (tx, ids) => {
      for (const id of ids) await setPassword(tx, id, passwordHash, new Date())
    },
  })
}

async function publishOnce(config: Config): Promise<void> {
  const running = await compose(config, recorder([]))
  try {
    await firstPublish(running.engine, config)
    const passwordHash = await cheapHash(administrator.password)
    await running.engine.database.write((tx) => setPassword(tx, 1, passwordHash, new Date()))
  } finally {
    await running.close()
  }
}

async function startOn(database: TestDatabase, config: Config, afterwards: () => Promise<void>): Promise<App> {
  const log: LogLine[] = []
  const running = await compose(config, recorder(log))
  const others: App[] = []
  let users = 0
  try {
    const url = await running.listen()
    return {
      url,
      database,
      engine: running.engine,
      routes: running.routes,
      admin: await signIn(url, administrator.email, administrator.password),
      log,
      async as(roles, fields = {}) {
        users += 1
        const email = `${roles.join('-')}-${users}-${new URL(url).port}@example.com`.toLowerCase()
        const password = 'a user of tests with a long password'
        await addPerson(running.engine, { email, name: `${roles.join(', ')} ${users}`, roles, password, fields })
        return signIn(url, email, password)
      },
      async another() {
        const other = await startOn(database, { ...config, port: 0 }, async () => {})
        others.push(other)
        return other
      },
      async close() {
        await Promise.all(others.map((other) => other.close()))
        await running.close()
        await afterwards()
      },
    }
  } catch (error) {
    await running.close()
    throw error
  }
}

function recorder(lines: LogLine[]): Log {
  const at = (level: keyof Log) => (fields: Readonly<Record<string, unknown>>, message: string) => void lines.push({ level, message, fields })
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
