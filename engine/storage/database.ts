/** Opens the database that a URL names. What only one of the databases needs is loaded only then. */
import { Problem } from '../errors.js'
import type { Database, DatabaseOptions } from './contract.js'
import { sharing } from './drivers/sharing.js'

const defaults: Required<DatabaseOptions> = { readers: 4, longReaders: 2, writers: 8, readMilliseconds: 5_000, longMilliseconds: 30_000 }

/**
 * Opens `sqlite:PATH`, `postgres://...` or `postgresql://...`. Creates the SQLite file, never the PostgreSQL database.
 * @throws Problem `request.invalid` for any other URL.
 */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const settings = { ...defaults, ...options }
  if (url.startsWith('sqlite:')) {
    const { openSqlite } = await import('./drivers/sqlite.js')
    return sharingLong(await openSqlite(url.slice('sqlite:'.length), settings))
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    const { openPostgres } = await import('./drivers/postgres.js')
    return sharingLong(openPostgres(url, settings))
  }
  throw new Problem('request.invalid', { reason: 'the database address must start with sqlite: or postgres://' })
}

const sharingLong = (database: Database): Database => ({ ...database, long: sharing(database.long) })
