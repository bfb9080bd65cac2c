/** What is really in the database, for the doctor and for backups: tables and columns as the database itself names them. */
import type { ColumnKind } from '../../fields/contract.js'
import type { Executor } from '../contract.js'
import { quote } from '../dialect.js'

export interface TableFacts {
  readonly name: string
  readonly columns: readonly ColumnFacts[]
}

export interface ColumnFacts {
  readonly name: string
  /** Kind whose cells this column certainly holds; the model may know a narrower one. */
  readonly kind: ColumnKind
  readonly scale?: number
}

/** All tables with their columns in order, without the parts of search indexes and what the database keeps for itself. */
export async function tablesOf(x: Executor): Promise<readonly TableFacts[]> {
  const rows = await x.all(x.dialect === 'sqlite' ? sqliteColumns : postgresColumns, [])
  const tables = new Map<string, ColumnFacts[]>()
  for (const row of rows) {
    const name = String(row['table_name'])
    const columns = tables.get(name) ?? []
    tables.set(name, columns)
    const type = String(row['type']).toUpperCase()
    // The unit that wrote a change means nothing outside of the database that counted it.
    if (type === 'XID8') continue
    const scale = row['scale'] === null || row['scale'] === undefined ? undefined : Number(row['scale'])
    columns.push({ name: String(row['column_name']), kind: kinds[type] ?? 'text', ...(kinds[type] === 'decimal' && scale !== undefined ? { scale } : {}) })
  }
  return [...tables].map(([name, columns]) => ({ name, columns }))
}

const sqliteColumns = `SELECT m.name AS table_name, c.name AS column_name, c.type AS type, NULL AS scale
  FROM sqlite_schema m JOIN pragma_table_info(m.name) c
  WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name NOT LIKE '%\\_\\_fts%' ESCAPE '\\'
  ORDER BY m.name, c.cid`
const postgresColumns = `SELECT c.table_name, c.column_name, c.data_type AS type, c.numeric_scale AS scale
  FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
  WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position`

/** Types as the databases name them → kind. */
const kinds: Readonly<Record<string, ColumnKind>> = {
  TEXT: 'text', INTEGER: 'integer', BIGINT: 'integer', NUMERIC: 'decimal', BOOLEAN: 'boolean', DATE: 'date',
  'TIMESTAMP WITH TIME ZONE': 'instant', JSONB: 'json', 'CHARACTER VARYING': 'text',
}

export async function tableExists(x: Executor, table: string): Promise<boolean> {
  const sql = x.dialect === 'sqlite' ? "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = ?" : 'SELECT 1 AS found WHERE to_regclass(quote_ident(?)) IS NOT NULL'
  return (await x.all(sql, [table])).length > 0
}

/** Names of all tables. */
export async function tableNames(x: Executor): Promise<readonly string[]> {
  const sql = x.dialect === 'sqlite' ? "SELECT name FROM sqlite_schema WHERE type = 'table'" : 'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()'
  return (await x.all(sql, [])).map((row) => String(row['name']))
}

/** Names of all indexes. */
export async function indexNames(x: Executor): Promise<ReadonlySet<string>> {
  const sql = x.dialect === 'sqlite' ? "SELECT name FROM sqlite_schema WHERE type = 'index'" : 'SELECT indexname AS name FROM pg_indexes WHERE schemaname = current_schema()'
  return new Set((await x.all(sql, [])).map((row) => String(row['name'])))
}

/** What the database itself finds damaged; empty when it is sound. */
export async function integrityFaults(x: Executor): Promise<readonly string[]> {
  if (x.dialect === 'sqlite') {
    const damage = (await x.all('PRAGMA integrity_check(20)', [])).map((row) => String(row['integrity_check'])).filter((text) => text !== 'ok')
    const orphans = (await x.all('PRAGMA foreign_key_check', [])).map((row) => `${String(row['table'])} row ${String(row['rowid'])} refers to a record of ${String(row['parent'])} that is not there`)
    return [...damage, ...orphans.slice(0, 20)]
  }
  const invalid = await x.all(
    `SELECT conrelid::regclass::text AS name, conname AS part FROM pg_constraint WHERE NOT convalidated AND connamespace = current_schema()::regnamespace
     UNION ALL SELECT indrelid::regclass::text, indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid`, [])
  return invalid.map((row) => `${String(row['part'])} of ${String(row['name'])} is not valid`)
}

/** Settings of the connection or server that matter for safety: name → value. */
export async function safetySettings(x: Executor): Promise<Readonly<Record<string, string>>> {
  const ask = async (sql: string): Promise<string> => {
    const value = Object.values((await x.all(sql, []))[0] ?? {})[0]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  if (x.dialect === 'sqlite') return { journal_mode: await ask('PRAGMA journal_mode'), synchronous: await ask('PRAGMA synchronous'), foreign_keys: await ask('PRAGMA foreign_keys') }
  return { fsync: await ask('SHOW fsync'), full_page_writes: await ask('SHOW full_page_writes'), superuser: await ask('SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user') }
}

/** How many rows a table has, archived ones as well. */
export const rowCount = async (x: Executor, table: string): Promise<number> => Number((await x.all(`SELECT count(*) AS n FROM ${quote(table)}`, []))[0]?.['n'] ?? 0)

/** True when a table has more rows; looks no further. */
export const hasMoreThan = async (x: Executor, table: string, rows: number): Promise<boolean> => (await x.all(`SELECT 1 AS found FROM ${quote(table)} LIMIT 1 OFFSET ?`, [rows])).length > 0
