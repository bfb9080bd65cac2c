/**
 * The text index of an entity. SQLite: an FTS5 trigram table over the folded columns, kept by triggers in the writing
 * transaction. PostgreSQL: trigram indexes where the extension is there; without it the same conditions scan.
 */
import type { Entity } from '../../model/model.js'
import { indexName } from '../../model/names.js'
import type { Database, DialectName } from '../contract.js'
import { quote } from '../dialect.js'

/** A trigram index finds nothing shorter. Characters. */
export const shortestIndexed = 3

/** Name of the FTS5 table beside a table. */
export const searchTable = (table: string): string => `${table}__fts`

/** Folded columns that `q` looks into, in the order of the fields. */
export const searchColumns = (entity: Entity): readonly string[] =>
  [...entity.fields.values()].filter((field) => field.search).flatMap((field) => field.columns.filter((column) => column.role === 'fold').map((column) => column.name))

/** An FTS5 query: some column contains every term. Terms are phrases, so none of their characters has a meaning. */
export function matchText(columns: readonly string[], terms: readonly string[]): string {
  const words = terms.map((term) => `"${term.replaceAll('"', '""')}"`).join(' AND ')
  return columns.map((column) => `({"${column}"} : (${words}))`).join(' OR ')
}

/** Statements that remove the text index of a table. */
export function dropSearch(dialect: DialectName, table: string, columns: readonly string[]): readonly string[] {
  if (dialect === 'postgres') return columns.map((column) => `DROP INDEX IF EXISTS ${quote(trigramIndex(table, column))}`)
  return [...triggerNames(table).map((name) => `DROP TRIGGER IF EXISTS ${quote(name)}`), `DROP TABLE IF EXISTS ${quote(searchTable(table))}`]
}

/** Statements that make and fill the text index of a table. `trigrams`: PostgreSQL has the extension. */
export function createSearch(dialect: DialectName, table: string, columns: readonly string[], trigrams: boolean): readonly string[] {
  if (columns.length === 0) return []
  if (dialect === 'postgres') {
    return trigrams ? columns.map((column) => `CREATE INDEX IF NOT EXISTS ${quote(trigramIndex(table, column))} ON ${quote(table)} USING gin (${quote(column)} gin_trgm_ops)`) : []
  }
  const index = quote(searchTable(table))
  const names = columns.map(quote)
  const values = (row: 'old' | 'new'): string => `${row}.id, ${names.map((name) => `${row}.${name}`).join(', ')}`
  const add = `INSERT INTO ${index}(rowid, ${names.join(', ')}) VALUES (${values('new')});`
  const remove = `INSERT INTO ${index}(${index}, rowid, ${names.join(', ')}) VALUES ('delete', ${values('old')});`
  const [onInsert, onUpdate, onDelete] = triggerNames(table)
  const changed = names.map((name) => `old.${name} IS NOT new.${name}`).join(' OR ')
  return [
    `CREATE VIRTUAL TABLE ${index} USING fts5(${names.join(', ')}, content=${quote(table)}, content_rowid='id', tokenize='trigram case_sensitive 1')`,
    `INSERT INTO ${index}(${index}) VALUES ('rebuild')`,
    `CREATE TRIGGER ${quote(onInsert)} AFTER INSERT ON ${quote(table)} BEGIN ${add} END`,
    `CREATE TRIGGER ${quote(onUpdate)} AFTER UPDATE OF ${names.join(', ')} ON ${quote(table)} WHEN ${changed} BEGIN ${remove} ${add} END`,
    `CREATE TRIGGER ${quote(onDelete)} AFTER DELETE ON ${quote(table)} BEGIN ${remove} END`,
  ]
}

/** Merges the pieces that many insertions left in a text index: searches then look into one. PostgreSQL's vacuum does it by itself. */
export async function settleSearch(database: Database, entity: Entity): Promise<void> {
  if (database.dialect !== 'sqlite' || searchColumns(entity).length === 0) return
  const index = quote(searchTable(entity.table))
  await database.write((tx) => tx.run(`INSERT INTO ${index}(${index}) VALUES ('optimize')`, []))
}

const triggerNames = (table: string): readonly [string, string, string] => [`${table}__fts_i`, `${table}__fts_u`, `${table}__fts_d`]
const trigramIndex = (table: string, column: string): string => indexName(table, [column], false).replace(/ix$/, 'tg')
