/** A running product on a fresh database: one call, real HTTP. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { inject } from 'vitest'

import { compose } from '../../engine/compose.js'
import { readConfig, type Config } from '../../engine/config.js'
import { firstPublish } from '../../engine/first-start.js'
import type { Engine, Log } from '../../engine/operations/call.js'
import { addUser } from '../../engine/operations/users.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { signIn, type Client } from './client.js'
import { clonedDatabase, type DatabaseKind } from './databases.js'

export interface AppOptions {
  readonly database: DatabaseKind
  /** Folders below the root of the project, lowest layer first. */
  readonly layers: readonly string[]
}

export interface App {
  readonly url: string
  readonly engine: Engine
  /** Every line that was logged. */
  readonly logged: readonly string[]
  /** The administrator of the deployment. */
  readonly admin: Client
  /** Adds a user and signs them in; their `$user.*` attributes are `fields`. */
  user(roles: readonly string[], fields?: JsonObject): Promise<Client & { readonly id: number; readonly email: string }>
  close(): Promise<void>
}

const password = 'correct horse battery staple'
const adminEmail = 'admin@example.com'
let users = 0

/** Starts the product; the database is a copy of one on which the layers are published already. */
export async function startApp({ database, layers }: AppOptions): Promise<App> {
  const copy = await clonedDatabase(database, layers.join(), async (url) => {
    const running = await compose(settings(url, layers), collecting([]))
    await firstPublish(running.engine, settings(url, layers))
    await running.close()
  })
  const logged: string[] = []
  const running = await compose(settings(copy.url, layers), collecting(logged))
  const url = await running.listen()
  const admin = await signIn(url, adminEmail, password)
  return {
    url,
    engine: running.engine,
    logged,
    admin,
    async user(roles, fields = {}) {
      const email = `user${String(++users)}@example.com`
      const { id } = await addUser(running.engine, { email, name: email, roles, password, fields })
      return { ...(await signIn(url, email, password)), id, email }
    },
    async close() {
      await running.close()
      await copy.drop()
    },
  }
}

/** The settings of a test's deployment. */
export const settings = (url: string, layers: readonly string[]): Config =>
  readConfig({ PORT: '0', DATABASE_URL: url, TESSERA_LAYERS: layers.join(','), TESSERA_ADMIN_EMAIL: adminEmail, TESSERA_ADMIN_PASSWORD: password, TESSERA_DEMO: '0' })

function collecting(lines: string[]): Log {
  const add = (fields: Readonly<Record<string, unknown>>, message: string): void => void lines.push(JSON.stringify({ ...fields, err: fields['err'] instanceof Error ? `${fields['err'].message} ${fields['err'].stack ?? ''}` : fields['err'], message }))
  return { info: add, warn: add, error: add }
}

let packs = 0

/** Writes documents as a layer folder of the test run; gives the folder for `layers`. Put it above `metadata/core`. */
export async function writePack(documents: Readonly<Record<string, Json>>): Promise<string> {
  const folder = join(inject('runFolder'), `pack-${String(process.pid)}-${String(++packs)}`)
  for (const [path, document] of Object.entries(documents)) {
    const file = join(folder, path)
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, JSON.stringify(document))
  }
  return folder
}
