/** Applies a storage plan and puts the new version in force, all in one unit on both databases: old or new, never half. */
import { Problem } from '../../errors.js'
import type { Entity, Field, Model } from '../../model/model.js'
import type { Database, Executor } from '../contract.js'
import { quote } from '../dialect.js'
import { ConstraintError } from '../failure.js'
import { convertField, needsRebuild, parkColumn } from './parking.js'
import { plan, type EntityWork, type StoragePlan } from './plan.js'
import { rebuildTable, relinkColumn, rowCounts, type RowCounts } from './rebuild.js'
import { fits, knownColumns, registerColumns, type KnownColumn } from './registry.js'
import { placeAll } from '../hierarchy.js'
import { tableExists } from './inspect.js'
import { allLists, ensureLinks } from './links.js'
import { createSearch, dropSearch, moveTitle, titleColumn } from './search.js'
import { columnSql, createIndexSql, createTableSql, foreignKeyOf, columnsOf } from './tables.js'
import { deleteDraft, insertVersion, type NewVersion } from '../own/versions.js'

export interface Publication {
  readonly before: Model
  readonly after: Model
  readonly storage: StoragePlan
  readonly record: NewVersion
  /** Owner of the draft that is published with this and goes. */
  readonly endsDraftOf?: number
  /** Done in the same unit, when the tables are those of `after`. */
  also?(tx: Executor): Promise<void>
}

/**
 * @throws Problem definitions.stale when another version than `before` is in force, definitions.invalid when values that
 *   must be unique are not, storage.busy when the tables are in use for too long, storage.full
 */
export async function applyPlan(db: Database, publication: Publication): Promise<void> {
  const { before, after, storage, record, endsDraftOf } = publication
  const rebuilds = db.dialect === 'sqlite' && storage.work.some(needsRebuild)
  await db.change(async (tx) => {
    await insertVersion(tx, before.version, record)
    const counts = rebuilds ? await rowCounts(tx) : null
    const tables: Tables = new Map()
    for (const work of storage.work) tables.set(work, await prepareTable(tx, work, after))
    for (const work of storage.work) await changeTable(tx, work, tables.get(work) ?? new Map<string, KnownColumn>(), after, record.version)
    if (endsDraftOf !== undefined) await deleteDraft(tx, endsDraftOf)
    await publication.also?.(tx)
    if (counts !== null) await assertWhole(tx, counts)
  }, { foreignKeysOff: rebuilds })
}

/** Makes the tables of a model in an empty database, in the unit of a restore. The versions come from the backup. */
export async function createTables(tx: Executor, model: Model): Promise<void> {
  const { work } = plan(null, model)
  const tables: Tables = new Map()
  for (const one of work) tables.set(one, await prepareTable(tx, one, model))
  for (const one of work) await changeTable(tx, one, tables.get(one) ?? new Map<string, KnownColumn>(), model, model.version)
}

type Tables = Map<EntityWork, Map<string, KnownColumn>>

/** The table and its columns that refer to nothing: all tables must be there before the first reference to one. */
async function prepareTable(tx: Executor, work: EntityWork, model: Model): Promise<Map<string, KnownColumn>> {
  const { entity } = work
  const known = await knownColumns(tx, entity.table)
  if (known.size > 0 || (await tableExists(tx, entity.table))) return known
  // SQLite takes references to tables that are still to come.
  const columns = columnsOf(entity).filter(({ field, column }) => tx.dialect === 'sqlite' || foreignKeyOf(entity, field, column, model) === undefined)
  await tx.run(createTableSql(tx.dialect, entity.table, columns.map(({ field, column }) => columnSql(tx.dialect, column, foreignKeyOf(entity, field, column, model)))), [])
  await registerColumns(tx, entity.table, columns)
  return knownColumns(tx, entity.table)
}

async function changeTable(tx: Executor, work: EntityWork, known: Map<string, KnownColumn>, model: Model, version: number): Promise<void> {
  const { entity } = work
  const search = searchWork(work)
  if (search.changes) for (const sql of dropSearch(tx.dialect, entity.table, search.before)) await tx.run(sql, [])
  // A table that was there before may still have the indexes that it is to get.
  for (const index of work.before === null ? entity.indexes : work.dropIndexes) await tx.run(`DROP INDEX IF EXISTS ${quote(index.name)}`, [])
  await addColumns(tx, entity, work.add, known, model, version)
  for (const { links } of work.before === null ? allLists(entity) : [...work.add, ...work.relink]) if (links !== null) await ensureLinks(tx, entity, links, model)
  for (const conversion of work.convert) await convertField(tx, work, conversion, model, version)
  for (const field of [...work.add, ...work.convert.map(({ after }) => after)]) if (work.before !== null && field.link?.hierarchy === true) await placeTree(tx, entity, field)
  if (needsRebuild(work) && tx.dialect === 'sqlite') await rebuildTable(tx, entity, model)
  if (tx.dialect === 'postgres') for (const field of work.relink) if (field.link !== null) await relinkColumn(tx, entity, field, model)
  const indexes = needsRebuild(work) && tx.dialect === 'sqlite' ? entity.indexes : work.addIndexes
  for (const index of indexes) await createIndex(tx, entity, index)
  if (search.changes) for (const sql of createSearch(tx.dialect, entity.table, search.after, titleColumn(entity), await hasTrigrams(tx))) await tx.run(sql, [])
  else if (work.before !== null) for (const sql of moveTitle(tx.dialect, work.before, entity)) await tx.run(sql, [])
}

/** The text index is made anew when its columns change, are converted, or their table is rebuilt. */
function searchWork(work: EntityWork): { readonly changes: boolean; readonly before: readonly string[]; readonly after: readonly string[] } {
  const converted = new Set(work.convert.flatMap(({ before, after }) => [...before.columns, ...after.columns].map(({ name }) => name)))
  const { before, after } = work.search
  const changes = work.before === null || before.join() !== after.join() || [...before, ...after].some((column) => converted.has(column)) || needsRebuild(work)
  return { changes, before: work.before === null ? after : before, after }
}

/** Adds the columns that are missing; those that are there hold the field's earlier values and stay. */
async function addColumns(tx: Executor, entity: Entity, fields: readonly Field[], known: Map<string, KnownColumn>, model: Model, version: number): Promise<void> {
  const missing: { readonly field: Field; readonly column: Field['columns'][number] }[] = []
  for (const field of fields) {
    for (const column of field.columns) {
      const there = known.get(column.name)
      if (there !== undefined && fits(there, column)) continue
      if (there !== undefined) await parkColumn(tx, entity.table, column.name, version)
      missing.push({ field, column })
    }
  }
  for (const { field, column } of missing) await tx.run(`ALTER TABLE ${quote(entity.table)} ADD COLUMN ${columnSql(tx.dialect, column, foreignKeyOf(entity, field, column, model))}`, [])
  await registerColumns(tx, entity.table, missing)
}

/** @throws Problem definitions.invalid when records stand below themselves: then there is no tree */
async function placeTree(tx: Executor, entity: Entity, field: Field): Promise<void> {
  const lost = await placeAll(tx, entity, field)
  if (lost === undefined) return
  throw new Problem('definitions.invalid', {}, { problems: [{ path: `${entity.name}/entity.json#/properties/${field.key}`, code: 'data.cycle', message: `${field.title} makes no tree: record ${String(lost)} stands below itself, or below one that does. Correct that first.` }] })
}

async function createIndex(tx: Executor, entity: Entity, index: Entity['indexes'][number]): Promise<void> {
  try {
    await tx.run(createIndexSql(tx.dialect, entity, index), [])
  } catch (error) {
    if (!(error instanceof ConstraintError) || (error.kind !== 'unique' && error.kind !== 'size')) throw error
    const fields = [...entity.fields.values()].filter((field) => field.columns.some((column) => index.columns.includes(column.name)))
    const names = fields.map(({ title }) => title).join(', ')
    const [code, fault] = error.kind === 'unique' ? ['data.duplicates', 'cannot be unique: some records share the same value'] : ['data.tooLong', 'cannot be indexed: some values are too long for it']
    throw new Problem('definitions.invalid', {}, {
      cause: error,
      problems: fields.map((field) => ({ path: `${entity.name}/entity.json#/properties/${field.key}`, code, message: `${names} ${fault}. Correct those first.` })),
    })
  }
}

async function hasTrigrams(tx: Executor): Promise<boolean> {
  return tx.dialect === 'postgres' && (await tx.all("SELECT 1 AS found FROM pg_extension WHERE extname = 'pg_trgm'", [])).length > 0
}

/** After tables were rebuilt with the foreign keys off: every reference leads somewhere and no table lost a row. */
async function assertWhole(tx: Executor, before: RowCounts): Promise<void> {
  const broken = await tx.all('PRAGMA foreign_key_check', [])
  if (broken.length > 0) throw new Error(`The change would leave ${String(broken.length)} references to nothing in ${String(broken[0]?.['table'])}`)
  const after = await rowCounts(tx)
  for (const [table, rows] of before) if (after.get(table) !== rows) throw new Error(`The change would alter the number of rows in ${table}`)
}
