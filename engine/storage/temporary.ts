/** An empty database beside another one, for as long as something is tried out. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '../errors.js'

export interface TemporaryDatabase {
  readonly url: string
  /** Removes it, with everything in it. Close your connections first. */
  drop(): Promise<void>
}

/**
 * A database of the kind of `url`: a file in the system's temporary folder, or a new database on the same server.
 * @throws Problem request.invalid when the user of the PostgreSQL server may not make one
 */
export async function temporaryDatabase(url: string): Promise<TemporaryDatabase> {
  if (!url.startsWith('sqlite:')) return besidePostgres(url)
  const folder = await mkdtemp(join(tmpdir(), 'tessera-copy-'))
  return { url: `sqlite:${join(folder, 'copy.db')}`, drop: () => rm(folder, { recursive: true, force: true }) }
}

async function besidePostgres(url: string): Promise<TemporaryDatabase> {
  const { createBeside, dropBeside } = await import('./drivers/postgres-databases.js')
  const name = `tessera_copy_${randomBytes(6).toString('hex')}`
  const copy = new URL(url)
  copy.pathname = `/${name}`
  await createBeside(url, name).catch((error: unknown) => {
    throw new Problem('request.invalid', { reason: 'the user of this PostgreSQL server may not make a database for the copy; name an empty one with --on' }, { cause: error })
  })
  return { url: copy.href, drop: () => dropBeside(url, name) }
}
