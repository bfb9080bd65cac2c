/** Whole tables as portable rows, and back: cells as on the wire, so that either database reads what the other wrote. */
import type { Cell } from '../../fields/contract.js'
import type { Model } from '../../model/model.js'
import type { Executor, Row } from '../contract.js'
import { codec, columnType, quote } from '../dialect.js'
import { createTableSql, systemColumnNames } from './tables.js'
import { tablesOf, type ColumnFacts, type TableFacts } from './inspect.js'

/** Rows that are read or written by one statement. */
const page = 1_000
/** Values in one statement that both databases accept. */
const bindingLimit = 30_000
/** What is only of this moment or this database: a restored copy has its own. */
const volatile: ReadonlySet<string> = new Set(['tessera_session', 'tessera_idempotency', 'tessera_meta', 'tessera_job', 'tessera_import', 'tessera_import_chunk', 'tessera_import_seen', 'tessera_candidate', 'tessera_candidate_search', 'tessera_presence', 'tessera_hook_seen'])
/** Columns whose growing values make pages, where a table has one. */
const pageKeys = ['id', 'seq']
/** Link tables have no number of their own. */
const pairKey = ['source', 'target']

/** The tables that a backup holds, each with its columns as narrow as they are known. `model` tells the columns of every entity table. */
export async function dumpedTables(x: Executor, model: Model): Promise<readonly TableFacts[]> {
  const known = await knownColumns(x)
  const everywhere = new Map(systemColumns(model).map((column) => [column.name, column]))
  const tables = (await tablesOf(x)).filter(({ name }) => !volatile.has(name))
  return tables.map(({ name, columns }) => ({
    name,
    columns: columns.map((column) => (name.startsWith('tessera_') ? ownColumn(column) : (known.get(`${name}.${column.name}`) ?? everywhere.get(column.name) ?? column))),
  }))
}

/** Columns of fields, in use or parked. */
async function knownColumns(x: Executor): Promise<ReadonlyMap<string, ColumnFacts>> {
  const rows = await x.all('SELECT table_name, column_name, kind, scale FROM tessera_column', [])
  return new Map(rows.map((row) => [`${String(row['table_name'])}.${String(row['column_name'])}`, {
    name: String(row['column_name']), kind: row['kind'] as ColumnFacts['kind'], ...(row['scale'] === null ? {} : { scale: Number(row['scale']) }),
  }]))
}

const systemColumns = (model: Model): readonly ColumnFacts[] =>
  [...([...model.entities.values()][0]?.fields.values() ?? [])].filter((field) => field.system).flatMap((field) => field.columns)

/** SQLite stores instants as whole numbers and JSON as text; the engine's own tables name such columns alike everywhere. */
function ownColumn({ name, kind }: ColumnFacts): ColumnFacts {
  if (name === 'at' || name.endsWith('_at')) return { name, kind: 'instant' }
  return { name, kind: name === 'roles' ? 'json' : kind }
}

/** All rows of a table in pages, each row its cells in the order of the columns. */
export async function* dumpRows(x: Executor, table: TableFacts): AsyncGenerator<readonly (readonly Cell[])[]> {
  const codecs = table.columns.map((column) => codec(x.dialect, column))
  const names = table.columns.map(({ name }) => quote(name)).join(', ')
  const key = pageKeys.find((candidate) => table.columns.some(({ name }) => name === candidate))
  const cells = (row: Readonly<Record<string, unknown>>): readonly Cell[] => table.columns.map(({ name }, i) => codecs[i]?.decode(row[name]) ?? null)
  if (key === undefined && pairKey.every((name) => table.columns.some((column) => column.name === name))) return yield* dumpPairs(x, table, cells)
  if (key === undefined) {
    yield (await x.all(`SELECT ${names} FROM ${quote(table.name)}`, [])).map(cells)
    return
  }
  for (let last = -1; ; ) {
    const rows = await x.all(`SELECT ${names} FROM ${quote(table.name)} WHERE ${quote(key)} > ? ORDER BY ${quote(key)} LIMIT ${page}`, [last])
    if (rows.length > 0) yield rows.map(cells)
    if (rows.length < page) return
    last = Number(rows.at(-1)?.[key])
  }
}

async function* dumpPairs(x: Executor, table: TableFacts, cells: (row: Row) => readonly Cell[]): AsyncGenerator<readonly (readonly Cell[])[]> {
  const names = table.columns.map(({ name }) => quote(name)).join(', ')
  for (let last: readonly unknown[] = [-1, -1]; ; ) {
    const rows = await x.all(`SELECT ${names} FROM ${quote(table.name)} WHERE (source, target) > (?, ?) ORDER BY source, target LIMIT ${page}`, last)
    if (rows.length > 0) yield rows.map(cells)
    if (rows.length < page) return
    last = [Number(rows.at(-1)?.['source']), Number(rows.at(-1)?.['target'])]
  }
}

/** Makes the table, or the columns of it, that are not there: what an earlier version left behind. */
export async function completeTable(tx: Executor, table: TableFacts, there: TableFacts | undefined): Promise<void> {
  const definition = (column: ColumnFacts): string => `${quote(column.name)} ${columnType(tx.dialect, column)}`
  if (there === undefined) {
    const isSystem = (name: string): boolean => systemColumnNames.some((system) => system === name)
    if (!table.columns.some(({ name }) => isSystem(name))) {
      await tx.run(`CREATE TABLE ${quote(table.name)} (${table.columns.map(definition).join(', ')})`, [])
      return
    }
    await tx.run(createTableSql(tx.dialect, table.name, table.columns.filter(({ name }) => !isSystem(name)).map(definition)), [])
    return
  }
  const known = new Set(there.columns.map(({ name }) => name))
  for (const column of table.columns) if (!known.has(column.name)) await tx.run(`ALTER TABLE ${quote(table.name)} ADD COLUMN ${definition(column)}`, [])
}

/** Inserts dumped rows. */
export async function loadRows(tx: Executor, table: TableFacts, rows: readonly (readonly Cell[])[]): Promise<void> {
  const codecs = table.columns.map((column) => codec(tx.dialect, column))
  const names = table.columns.map(({ name }) => quote(name)).join(', ')
  const size = Math.max(1, Math.min(page, Math.floor(bindingLimit / table.columns.length)))
  const row = `(${table.columns.map(() => '?').join(', ')})`
  for (let from = 0; from < rows.length; from += size) {
    const part = rows.slice(from, from + size)
    const sql = `INSERT INTO ${quote(table.name)} (${names}) VALUES ${part.map(() => row).join(', ')}`
    await tx.run(sql, part.flatMap((cells) => cells.map((cell, i) => codecs[i]?.encode(cell) ?? null)))
  }
}

/** Empties a table that a new database fills by itself. */
export const emptyTable = (tx: Executor, name: string): Promise<number> => tx.run(`DELETE FROM ${quote(name)}`, [])

/**
 * Runs `work` without foreign keys on PostgreSQL and puts them back, which checks every row. On SQLite the unit is
 * opened with `foreignKeysOff`.
 */
export async function withoutForeignKeys(tx: Executor, work: () => Promise<void>): Promise<void> {
  if (tx.dialect === 'sqlite') return work()
  const keys = await tx.all(
    `SELECT conrelid::regclass::text AS on_table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace`, [])
  for (const key of keys) await tx.run(`ALTER TABLE ${catalogued(key, 'on_table')} DROP CONSTRAINT ${catalogued(key, 'name')}`, [])
  await work()
  for (const key of keys) await tx.run(`ALTER TABLE ${catalogued(key, 'on_table')} ADD CONSTRAINT ${catalogued(key, 'name')} ${catalogued(key, 'definition')}`, [])
}

/** SQL that the catalogue wrote itself (`regclass`, `quote_ident`, `pg_get_constraintdef`), with every name quoted. */
const catalogued = (row: Row, column: 'on_table' | 'name' | 'definition'): string => String(row[column])

/** After rows were inserted with their ids: the next id is behind the last. SQLite knows by itself. */
export async function continueNumbers(tx: Executor, tables: readonly TableFacts[]): Promise<void> {
  if (tx.dialect === 'sqlite') return
  for (const table of tables) {
    for (const key of pageKeys.filter((candidate) => table.columns.some(({ name }) => name === candidate))) {
      await tx.all(
        `SELECT setval(pg_get_serial_sequence(?, ?), greatest(coalesce((SELECT max(${quote(key)}) FROM ${quote(table.name)}), 0), 1), EXISTS (SELECT 1 FROM ${quote(table.name)}))
         WHERE pg_get_serial_sequence(?, ?) IS NOT NULL`,
        [quote(table.name), key, quote(table.name), key],
      )
    }
  }
}
