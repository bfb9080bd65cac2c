/**
 * The text index of an entity. SQLite: an FTS5 trigram table over the folded columns, kept by triggers in the writing
 * transaction. PostgreSQL: an index of the characters of each folded column, and one of its trigrams where the extension is there;
 * beside them the titles in their order, so that what a title is, or begins with, is not looked for in all that have its trigrams.
 */
import type { Entity, Model } from '../../model/model.js'
import { unindexable } from '../../model/indexable.js'
import { indexName } from '../../model/names.js'
import type { Database, DialectName, Executor } from '../contract.js'
import { quote } from '../dialect.js'

/**
 * Characters around every indexed value, so that its beginning and its end can be asked for, and so that a value of one
 * character has trigrams too.
 */
export const edges = { start: '\u0002\u0002', end: '\u0003\u0003' } as const

/** Name of the FTS5 table beside a table. */
export const searchTable = (table: string): string => `${table}__fts`

/** Name of the list of all trigrams in that table. */
export const trigramTable = (table: string): string => `${table}__fts_v`

/** Folded columns that `q` looks into, in the order of the fields. */
export const searchColumns = ({ fields }: Pick<Entity, 'fields'>): readonly string[] =>
  [...fields.values()].filter((field) => field.search).flatMap((field) => field.columns.filter((column) => column.role === 'fold').map((column) => column.name))

/** The folded column that names a record, when `q` looks into it and it is short enough for an index of whole values. */
export function titleColumn({ fields, display }: Pick<Entity, 'fields' | 'display'>): string | undefined {
  const title = fields.get(display)
  if (title === undefined || !title.search || unindexable(title, '', false) !== undefined) return undefined
  return title.columns.find(({ role }) => role === 'fold')?.name
}

/** Statements that remove the text index of a table. */
export function dropSearch(dialect: DialectName, table: string, columns: readonly string[]): readonly string[] {
  if (dialect === 'postgres') return columns.flatMap((column) => [characterIndex(table, column), trigramIndex(table, column), titleIndex(table, column)].map((name) => `DROP INDEX IF EXISTS ${quote(name)}`))
  return [...triggerNames(table).map((name) => `DROP TRIGGER IF EXISTS ${quote(name)}`), `DROP TABLE IF EXISTS ${quote(trigramTable(table))}`, `DROP TABLE IF EXISTS ${quote(searchTable(table))}`]
}

/** Statements that make and fill the text index of a table. `title`: see `titleColumn`; `trigrams`: PostgreSQL has the extension. */
export function createSearch(dialect: DialectName, table: string, columns: readonly string[], title: string | undefined, trigrams: boolean): readonly string[] {
  if (columns.length === 0) return []
  if (dialect === 'postgres') {
    return [...createTitle(table, title), ...columns.map((column) => createCharacters(table, column)), ...(trigrams ? columns.map((column) => `CREATE INDEX IF NOT EXISTS ${quote(trigramIndex(table, column))} ON ${quote(table)} USING gin (${quote(column)} gin_trgm_ops) ${waiting}`) : [])]
  }
  const index = quote(searchTable(table))
  const names = columns.map(quote)
  const edged = (name: string): string => `char(2, 2) || ${name} || char(3, 3)`
  const values = (row: 'old' | 'new'): string => `${row}.id, ${names.map((name) => edged(`${row}.${name}`)).join(', ')}`
  const add = `INSERT INTO ${index}(rowid, ${names.join(', ')}) VALUES (${values('new')});`
  const remove = `INSERT INTO ${index}(${index}, rowid, ${names.join(', ')}) VALUES ('delete', ${values('old')});`
  const [onInsert, onUpdate, onDelete] = triggerNames(table)
  const changed = names.map((name) => `old.${name} IS NOT new.${name}`).join(' OR ')
  return [
    // It keeps no text and no lengths: the text stands in the record, and nobody ranks by length. Writes cost a third less.
    `CREATE VIRTUAL TABLE ${index} USING fts5(${names.join(', ')}, content='', columnsize=0, tokenize='trigram case_sensitive 1')`,
    `CREATE VIRTUAL TABLE ${quote(trigramTable(table))} USING fts5vocab(${index}, 'row')`,
    `INSERT INTO ${index}(rowid, ${names.join(', ')}) SELECT id, ${names.map(edged).join(', ')} FROM ${quote(table)}`,
    `CREATE TRIGGER ${quote(onInsert)} AFTER INSERT ON ${quote(table)} BEGIN ${add} END`,
    `CREATE TRIGGER ${quote(onUpdate)} AFTER UPDATE OF ${names.join(', ')} ON ${quote(table)} WHEN ${changed} BEGIN ${remove} ${add} END`,
    `CREATE TRIGGER ${quote(onDelete)} AFTER DELETE ON ${quote(table)} BEGIN ${remove} END`,
  ]
}

/** Statements that give the index of titles to the field that names a record now. */
export function moveTitle(dialect: DialectName, before: Entity, after: Entity): readonly string[] {
  const [was, is] = [titleColumn(before), titleColumn(after)]
  if (dialect === 'sqlite' || was === is) return []
  return [...(was === undefined ? [] : [`DROP INDEX IF EXISTS ${quote(titleIndex(after.table, was))}`]), ...createTitle(after.table, is)]
}

/**
 * After many insertions. SQLite: merges the pieces that they left in a text index, so that searches look into one. PostgreSQL: counts which values there are;
 * by itself it would do so within minutes, and until then take every word for rare.
 */
export async function settleSearch(database: Database, entity: Entity): Promise<void> {
  if (searchColumns(entity).length === 0) return
  if (database.dialect === 'postgres') return void (await database.write((tx) => tx.run(`ANALYZE ${quote(entity.table)}`, [])))
  const index = quote(searchTable(entity.table))
  await database.write((tx) => tx.run(`INSERT INTO ${index}(${index}) VALUES ('optimize')`, []))
}

const triggerNames = (table: string): readonly [string, string, string] => [`${table}__fts_i`, `${table}__fts_u`, `${table}__fts_d`]
const trigramIndex = (table: string, column: string): string => indexName(table, [column], false).replace(/ix$/, 'tg')
const characterIndex = (table: string, column: string): string => indexName(table, [column], false).replace(/ix$/, 'ch')
const titleIndex = (table: string, column: string): string => indexName(table, [column], false).replace(/ix$/, 'ti')

/** PostgreSQL. Writing costs too little more by it to be measured: most of it goes into the trigrams. */
const createTitle = (table: string, column: string | undefined): readonly string[] =>
  column === undefined ? [] : [`CREATE INDEX IF NOT EXISTS ${quote(titleIndex(table, column))} ON ${quote(table)} (${quote(column)})`]

// ── PostgreSQL's characters ──

/**
 * The characters of a folded column: what is asked for where trigrams do not help. Made of a function that every server has.
 * In the server's own order, because it looks up in that one how often each character occurs (under another one it finds
 * none of them, takes every character for rare, and reads the index where the newest records would do).
 */
export const charactersOf = (column: string): string => `string_to_array(${column} COLLATE "default", NULL)`

/**
 * True for a text that has no trigram, and for one that may have none: `pg_trgm` sees letters and digits only, in words with two spaces before
 * them, and where the locale of a server is C no letters but those of ASCII. One letter behind a space is one: two spaces and the letter.
 */
export const needsCharacters = (text: string): boolean => !ascii.test(text) || !trigram.test(text)
const trigram = /[a-z0-9]{3}|[^a-z0-9][a-z0-9]{2}| [a-z0-9]/
const ascii = /^[\0-\x7f]*$/ // eslint-disable-line no-control-regex

/** Kilobytes of what is written that wait for their place in the index: writing many rows costs half as much by it, but every search reads them through. */
const setting = 'gin_pending_list_limit'
const kilobytes = '256'
const waiting = `WITH (${setting} = ${kilobytes})`

const createCharacters = (table: string, column: string): string =>
  `CREATE INDEX IF NOT EXISTS ${quote(characterIndex(table, column))} ON ${quote(table)} USING gin ((${charactersOf(quote(column))})) ${waiting}`

/** Brings the indexes of a database that an earlier engine made to what this one makes. */
export async function ensureSearch(database: Database, model: Model): Promise<void> {
  for (const sql of await searchWork(database.read, model)) await database.change((tx) => tx.run(sql, []))
}

/** Statements that mend what an earlier engine made in another way: it lacks indexes of characters or of titles, or too much waits in one. */
export async function searchWork(x: Executor, model: Model): Promise<readonly string[]> {
  if (x.dialect !== 'postgres') return []
  const there = await x.all("SELECT relname AS name, coalesce(? = ANY(reloptions), FALSE) AS bounded FROM pg_class WHERE relkind = 'i' AND relnamespace = current_schema()::regnamespace", [`${setting}=${kilobytes}`])
  const bounded = new Map(there.map((row) => [String(row['name']), row['bounded'] === true]))
  return [...model.entities.values()].flatMap((entity) => searchColumns(entity).flatMap((column) => {
    const { table } = entity
    const [characters, trigrams] = [characterIndex(table, column), trigramIndex(table, column)]
    return [
      ...(column !== titleColumn(entity) || bounded.has(titleIndex(table, column)) ? [] : createTitle(table, column)),
      ...(bounded.has(characters) ? [] : [createCharacters(table, column)]),
      ...[characters, trigrams].filter((name) => bounded.get(name) === false).map((name) => `ALTER INDEX ${quote(name)} SET (${setting} = ${kilobytes})`),
    ]
  }))
}
