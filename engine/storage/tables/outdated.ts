/**
 * Indexes that an earlier engine made in another way than this one does, made anew while everybody works. PostgreSQL only: SQLite's are as they
 * always were.
 */
import type { Entity, Index, Model } from '../../model/model.js'
import type { Database, Executor } from '../contract.js'
import { quote } from '../dialect.js'
import { createIndexSql } from './tables.js'

export interface OutdatedIndex {
  readonly entity: Entity
  readonly index: Index
}

/** Indexes of the model in which missing values stand at the end that lists do not read them from: they find, but are of no use to sort by. */
export async function outdatedIndexes(x: Executor, model: Model): Promise<readonly OutdatedIndex[]> {
  if (x.dialect === 'sqlite') return []
  // https://www.postgresql.org/docs/current/catalog-pg-index.html: the second bit of indoption is NULLS FIRST.
  const rows = await x.all(
    `SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE c.relnamespace = current_schema()::regnamespace AND EXISTS (SELECT 1 FROM unnest(i.indoption::int2[]) AS one (options) WHERE one.options & 2 = 0)`, [])
  const names = new Set(rows.map(({ name }) => String(name)))
  return [...model.entities.values()].flatMap((entity) => entity.indexes.filter(({ name }) => names.has(name)).map((index) => ({ entity, index })))
}

/** The new index while it is built, one at a time: a name that no index of a model has. */
const draftName = 'tessera_index_anew'
/** A number of our own, held by the process that is at it. */
const renewing = 7_411_902
/** Taking the place of the old one gives up waiting for the table after this, so that nobody queues up behind it. */
const lockTimeout = '2s'

/**
 * Makes outdated indexes anew, each beside the old one, which serves until the new one takes its place. Gives how many; 0 when another process is at it.
 * What was begun and not finished is begun again.
 * @param signal ends it in the middle
 * @throws Problem storage.busy when a table is in use for too long
 */
export async function renewIndexes(database: Database, model: Model, signal: AbortSignal): Promise<number> {
  const outdated = database.apart === undefined ? [] : await outdatedIndexes(database.read, model)
  if (database.apart === undefined || outdated.length === 0) return 0
  return database.apart(signal, async (x) => {
    const [lock] = await x.all('SELECT pg_try_advisory_lock(?) AS held', [renewing])
    if (lock?.['held'] !== true) return 0
    for (const { entity, index } of outdated) {
      await x.run(`DROP INDEX IF EXISTS ${quote(draftName)}`, [])
      await x.run(createIndexSql(x.dialect, entity, { ...index, name: draftName }, 'concurrently'), [])
      await x.run(`SET lock_timeout='${lockTimeout}'`, [])
      // Statements in one text are all done or none.
      await x.run(`DROP INDEX ${quote(index.name)}; ALTER INDEX ${quote(draftName)} RENAME TO ${quote(index.name)}`, [])
      await x.run('RESET lock_timeout', [])
    }
    return outdated.length
  })
}
