/**
 * A list in the order in which records fit a free text: first those whose title has it, by rank, then the others. Few records are all ranked, and
 * of more at least few titles; of many, each rank is read from the newest on. Either way the statement stops as soon as the page is full.
 */
import { Problem } from '../../errors.js'
import type { Cell } from '../../fields/contract.js'
import type { Search } from '../../model/conditions/predicate.js'
import type { Bindings, Executor, ListQuery, Row } from '../contract.js'
import { quote } from '../dialect.js'
import { condition, identityOf, paged } from './page.js'
import { Columns, reading } from './select.js'
import { compiled, type Scope, type Writer } from './statement.js'
import { areCharacters, areFrequent, indexedTerms, indexHits, isInTitleOnly, lookedRank, nearby, ranks, ranksOf, rankSql, searchSource, standsForMany, unindexed, type Standing } from './text.js'
import { where } from './where.js'

/**
 * So many records, or titles, are ranked one by one: reading them costs less than asking the index rank by rank. SQLite counts what its index has, whoever
 * may read it: somebody who reads few of the records would otherwise wait until all that are found are looked at.
 */
const fewMost = { sqlite: 1_000, postgres: 300 } as const

/**
 * So many of the newest records are looked through one by one before an index is asked for all that have the text: they fill a page of a frequent word.
 * PostgreSQL looks at a thousand in a third of a millisecond, once for all ranks, and sorts all that its indexes find before it gives the first.
 */
const newestMost = { sqlite: 1_500, postgres: 8_000 } as const

/** False without fields to look into, for a place in a list of many, and for words of one character, on PostgreSQL of two, which few records lack. */
export const mayBeFew = (x: Executor, text: Search, after: readonly Cell[] | undefined): boolean =>
  text.fields.length > 0 && after?.[2] !== 'many' && !(x.dialect === 'postgres' ? areShort(text) : areCharacters(text))

/** The page when at most `fewMost` records have the text; `whole` tells from the answer that there may be more. @throws Problem query.cursor */
export function fewPlan(x: Executor, q: ListQuery, text: Search, b: Bindings) {
  const [after, id] = placeOf(q.after)
  const key = `few ${String(identityOf(q.rows))} ${q.archived} ${String(q.limit)} ${after === null ? '' : 'after'}`
  const plan = compiled(x.dialect, text, q.selection, key, b, (w) => {
    const looked = w.alias()
    return fewOf(w, q, () => `WITH ${looked} AS MATERIALIZED (${some(w, q, text, 'anywhere')}) ${firstOf(w, q, looked, `(${rankedOf(w, q, text, 'anywhere', looked)}) ${w.alias()}`, after)}`)
  })
  return { ...plan, args: [after, id] }
}

/**
 * False where there are no titles to look at or nothing else, for a place in a list of many, and for texts that many titles have: on SQLite one character
 * stands for hundreds of trigrams, which are only read rank by rank when the better ranks did not fill the page.
 */
export const mayHaveFewTitles = (x: Executor, text: Search, after: readonly Cell[] | undefined): boolean =>
  text.title !== null && !isInTitleOnly(text) && after?.[2] !== 'many' && after?.[0] !== ranks.indexOf('elsewhere') && !(x.dialect === 'postgres' ? areShort(text) : [...text.phrase].length === 1)

const areShort = (text: Search): boolean => indexedTerms(text).every(standsForMany)

/** The page when many records have the text, but at most `fewMost` of them in their titles; otherwise as `fewPlan`. @throws Problem query.cursor */
export function fewTitlesPlan(x: Executor, q: ListQuery, text: Search, b: Bindings) {
  const [after, id] = placeOf(q.after)
  const key = `few titles ${String(identityOf(q.rows))} ${q.archived} ${String(q.limit)} ${after === null ? '' : 'after'}`
  const plan = compiled(x.dialect, text, q.selection, key, b, (w) => {
    const [looked, titled] = [w.alias(), w.alias()]
    const titles = (): string => `SELECT * FROM (${firstOf(w, q, looked, titled, after)}) ${w.alias()}`
    const others = (newest: Newest): string => arm(w, q, text, 'anywhere', newest, ({ alias }) => `${areFew(w, looked)} AND ${alias}.id NOT IN (SELECT record_id FROM ${titled})`)
    const parts = (newest: Newest): string => [`${looked} AS MATERIALIZED (${some(w, q, text, 'titled')})`, `${titled} AS MATERIALIZED (${rankedOf(w, q, text, 'titled', looked)})`, ...newest.tables()].join(', ')
    return fewOf(w, q, () => {
      const newest = newestOf(w, q, text)
      return `WITH ${parts(newest)} ${titles()} UNION ALL SELECT record_id, rank_of, 0 FROM (${others(newest)}) ${w.alias()} ${pageOf(q, 1)}`
    })
  })
  return { ...plan, args: [after, id] }
}

/** Some that have the text: on SQLite ids of what the index has, on PostgreSQL records that are asked for, each with its rank. */
function some(w: Writer, q: ListQuery, text: Search, standing: 'anywhere' | 'titled'): string {
  const most = `LIMIT ${String(fewMost[w.dialect] + 1)}`
  if (w.dialect === 'sqlite') return `SELECT rowid AS record_id FROM ${indexHits(w, text, standing, q.entity)} ${most}`
  const scope = { entity: q.entity, alias: w.alias() }
  const rank = rankSql(w, text, scope)
  const source = searchSource(w, text, standing, scope)
  return `SELECT ${scope.alias}.id AS record_id, ${rank} AS rank_of FROM ${source.from} WHERE ${source.condition((visible) => where(w, visible, scope))} AND ${condition(w, scope, q)} ${most}`
}

/** The records of `some` that are asked for, each with its rank. */
function rankedOf(w: Writer, q: ListQuery, text: Search, standing: 'anywhere' | 'titled', looked: string): string {
  if (w.dialect === 'postgres') return `SELECT record_id, rank_of FROM ${looked}`
  const scope = { entity: q.entity, alias: w.alias() }
  const rank = rankSql(w, text, scope)
  const holds = `${unindexed(w, text, standing, scope, (visible) => where(w, visible, scope))} AND ${condition(w, scope, q)}`
  return `SELECT ${scope.alias}.id AS record_id, ${rank} AS rank_of FROM ${looked} CROSS JOIN ${quote(q.entity.table)} ${scope.alias} WHERE ${scope.alias}.id = ${looked}.record_id AND ${holds}`
}

/** A page of what was ranked, before more than its place is read of each, beside how many `some` has: a row without a record where none is asked for. */
const firstOf = (w: Writer, q: ListQuery, looked: string, ranked: string, after: number | null): string =>
  `SELECT record_id, rank_of, total FROM (SELECT count(*) AS total FROM ${looked}) ${w.alias()} LEFT JOIN ${ranked} ON ${behindPlace(w, after)} ORDER BY rank_of, record_id DESC ${pageOf(q, 1)}`

/** One more than the page tells whether there are others. */
const pageOf = (q: ListQuery, empty = 0): string => `LIMIT ${String(q.limit + 1 + empty)}`

const areFew = (w: Writer, looked: string): string => `(SELECT count(*) FROM ${looked}) <= ${String(fewMost[w.dialect])}`

const behindPlace = (w: Writer, after: number | null): string => (after === null ? 'TRUE' : `(rank_of > ${w.argument(0)} OR (rank_of = ${w.argument(0)} AND record_id < ${w.argument(1)}))`)

/** @param ranked writes a question as `firstOf`; its values stand behind those of what is read */
function fewOf(w: Writer, q: ListQuery, ranked: () => string) {
  const scope = { entity: q.entity, alias: w.alias() }
  const columns = new Columns()
  const [found, rankCell, total] = [w.alias(), columns.add('rank_of'), columns.add('total')]
  const idCell = columns.add(`${scope.alias}.${quote('id')}`)
  const read = reading(w, columns, q.selection, scope)
  const { sql, rows } = paged(w.dialect, columns, `SELECT ${read.columns} FROM (${ranked()}) ${found} LEFT JOIN ${quote(q.entity.table)} ${scope.alias} ON ${scope.alias}.id = ${found}.record_id${read.joins()} ORDER BY rank_of, ${scope.alias}.id DESC ${pageOf(q, 1)}`)
  const cells = (row: Row): readonly Cell[] => [Number(row[rankCell]), Number(row[idCell])]
  // Of many only some were looked at.
  const whole = (found: readonly Row[]): readonly Row[] | null => (found.some((row) => Number(row[total]) > fewMost[w.dialect]) ? null : found.filter((row) => row[idCell] !== null))
  return { statement: w.statement(sql), rows, read, cells, whole }
}

/**
 * The cells of a place in the list are the rank and the id of its record, and that there are many.
 * @throws Problem query.cursor for a place in another list
 */
export function rankedPlan(x: Executor, q: ListQuery, text: Search, b: Bindings) {
  const [after, id] = placeOf(q.after)
  const left = ranksOf(text).filter((rank) => after === null || ranks.indexOf(rank) >= after)
  if (left.length === 0) throw new Problem('query.cursor')
  const key = `ranked ${String(identityOf(q.rows))} ${q.archived} ${String(q.limit)} ${String(after)}`
  const plan = compiled(x.dialect, text, q.selection, key, b, (w) => {
    const scope = { entity: q.entity, alias: w.alias() }
    const columns = new Columns()
    const [found, rankCell] = [w.alias(), columns.add('rank_of')]
    const idCell = columns.add(`${scope.alias}.${quote('id')}`)
    const read = reading(w, columns, q.selection, scope)
    const [newest, behind] = [newestOf(w, q, text), newestOf(w, q, text, 0)]
    const tables = [...newest.tables(), ...(after === null ? [] : behind.tables())].join(', ')
    const arms = left.map((rank) => arm(w, q, text, rank, ranks.indexOf(rank) === after ? behind : newest)).join(' UNION ALL ')
    const order = `ORDER BY rank_of, ${scope.alias}.id DESC ${pageOf(q)}`
    const { sql, rows } = paged(w.dialect, columns, `SELECT ${read.columns} FROM (${tables === '' ? '' : `WITH ${tables} `}${arms} ${pageOf(q)}) ${found} JOIN ${quote(q.entity.table)} ${scope.alias} ON ${scope.alias}.id = ${found}.record_id${read.joins()} ${order}`)
    const cells = (row: Row): readonly Cell[] => [Number(row[rankCell]), Number(row[idCell]), 'many']
    return { statement: w.statement(sql), rows, read, cells }
  })
  return { ...plan, args: [id] }
}

function placeOf(cells: readonly Cell[] | undefined): readonly [rank: number | null, id: number | null] {
  if (cells === undefined) return [null, null]
  const [rank, id, ...many] = cells
  if (typeof rank !== 'number' || typeof id !== 'number' || many.length > 1) throw new Problem('query.cursor')
  return [rank, id]
}

/** A part of a condition, for the records of a scope. */
type And = (scope: Scope) => string
const nothingElse: And = () => 'TRUE'

/** The newest records with one standing, and whatever else is asked of them. */
function arm(w: Writer, q: ListQuery, text: Search, standing: Standing, newest: Newest, and: And = nothingElse): string {
  const below: And = (scope) => `${and(scope)}${newest.behind === undefined ? '' : ` AND ${scope.alias}.id < ${w.argument(newest.behind)}`}`
  if (!isAmongNewest(w, text, standing)) return fromIndex(w, q, text, standing, below)
  if (w.dialect === 'postgres') return newestBesideOthers(w, q, text, standing, newest, and)
  if (areCharacters(text)) return recordsOrIndex(w, q, text, standing, below)
  return `${fromRecords(w, q, text, standing, (scope) => `${below(scope)} AND ${scope.alias}.id >= coalesce(${newest.border()}, 0)`)} UNION ALL ${fromIndex(w, q, text, standing, (scope) => `${and(scope)} AND ${scope.alias}.id < ${newest.border()}`)}`
}

/** One of both finds nothing, at once: no record stands behind the last number, and no text has what is looked for then. */
function recordsOrIndex(w: Writer, q: ListQuery, text: Search, standing: Standing, and: And): string {
  const frequent = (): string => areFrequent(w, text, q.entity)
  return `${fromRecords(w, q, text, standing, (scope) => `${and(scope)} AND ${scope.alias}.id >= CASE WHEN ${frequent()} THEN 0 ELSE ${String(Number.MAX_SAFE_INTEGER)} END`)} UNION ALL ${fromIndex(w, q, text, standing, and, frequent)}`
}

/**
 * True where the newest records are looked through first. On PostgreSQL nearly always: left to itself the server goes through the records from the newest
 * on as soon as many match, even where those stand at the other end: old members with low numbers, say. On SQLite where short words stand for many
 * trigrams: nearly every record has them, and their index costs more than a look at the newest.
 */
const isAmongNewest = (w: Writer, text: Search, standing: Standing): boolean =>
  w.dialect === 'postgres' ? standing !== 'exact' : areShort(text) && (standing === 'inside' || standing === 'elsewhere' || standing === 'anywhere')

/** What the text index has, from the newest on. */
function fromIndex(w: Writer, q: ListQuery, text: Search, standing: Standing, and: And, unless?: () => string): string {
  const scope = { entity: q.entity, alias: w.alias() }
  const source = searchSource(w, text, standing, scope, unless)
  const holds = [source.condition((visible) => where(w, visible, scope)), condition(w, scope, q), and(scope)].join(' AND ')
  return `SELECT * FROM (SELECT ${placeIn(standing)} AS rank_of, ${scope.alias}.id AS record_id FROM ${source.from} WHERE ${holds} ORDER BY ${source.newestFirst} ${pageOf(q)}) ${w.alias()}`
}

/** What a look at the records themselves finds, from the newest on. */
function fromRecords(w: Writer, q: ListQuery, text: Search, standing: Standing, and: And): string {
  const scope = { entity: q.entity, alias: w.alias() }
  // Written in the order in which its parts stand: values are bound by their place.
  const holds = [nearby(w, text, standing, scope, (visible) => where(w, visible, scope)), condition(w, scope, q), and(scope)].join(' AND ')
  return `SELECT * FROM (SELECT ${placeIn(standing)} AS rank_of, ${scope.alias}.id AS record_id FROM ${quote(q.entity.table)} ${scope.alias} WHERE ${holds} ORDER BY ${scope.alias}.id DESC ${pageOf(q)}) ${w.alias()}`
}

const placeIn = (standing: Standing): string => String(ranks.indexOf(standing === 'anywhere' || standing === 'titled' ? 'elsewhere' : standing))

/** The newest records, which are looked through one by one. */
interface Newest {
  /** Argument that holds the id behind which they are read; undefined: from the newest on. */
  readonly behind: number | undefined
  /** Tables that stand before the statement. Each is read as far as somebody takes from it, and once. */
  tables(): readonly string[]
  /** Name of the table of them: id and rank, which is NULL for those that lack the text. */
  readonly records: string
  /** Id of the last of them; NULL where there are no others. */
  border(): string
}

/**
 * PostgreSQL: of those that are asked for, so that for somebody who may read few these are looked at, and nothing else. SQLite: of all, without a
 * table, for it would keep them all before it gives the first.
 */
function newestOf(w: Writer, q: ListQuery, text: Search, behind?: number): Newest {
  const most = newestMost[w.dialect]
  if (w.dialect === 'sqlite') {
    const border = (): string => `(SELECT id FROM ${quote(q.entity.table)}${behind === undefined ? '' : ` WHERE id < ${w.argument(behind)}`} ORDER BY id DESC LIMIT 1 OFFSET ${String(most - 1)})`
    return { behind, tables: () => [], records: '', border }
  }
  const [records, last] = [w.alias(), w.alias()]
  const tables = (): readonly string[] => {
    const [looked, asked] = [w.alias(), w.alias()].map((alias) => ({ entity: q.entity, alias })) as [Scope, Scope]
    const rank = lookedRank(w, text, looked, (visible) => where(w, visible, looked))
    const holds = `${condition(w, asked, q)}${behind === undefined ? '' : ` AND ${asked.alias}.id < ${w.argument(behind)}`}`
    return [
      `${records} AS MATERIALIZED (SELECT ${looked.alias}.id, ${rank} AS rank_of FROM (SELECT * FROM ${quote(q.entity.table)} ${asked.alias} WHERE ${holds} ORDER BY ${asked.alias}.id DESC LIMIT ${String(most)}) ${looked.alias} ORDER BY ${looked.alias}.id DESC)`,
      `${last} AS MATERIALIZED (SELECT min(id) AS id FROM ${records} HAVING count(*) = ${String(most)})`,
    ]
  }
  return { behind, tables, records, border: () => `(SELECT id FROM ${last})` }
}

/** PostgreSQL: of the others neither the order nor the place decides how they are found: OFFSET 0 and + 0. Nobody looks for them where there are none. */
function newestBesideOthers(w: Writer, q: ListQuery, text: Search, standing: Standing, newest: Newest, and: And): string {
  const [place, page] = [placeIn(standing), pageOf(q)]
  const [near, far] = [w.alias(), w.alias()].map((alias) => ({ entity: q.entity, alias })) as [Scope, Scope]
  const stands = standing === 'anywhere' || standing === 'titled' ? 'IS NOT NULL' : `= ${place}`
  const first = `SELECT ${place} AS rank_of, ${near.alias}.id AS record_id FROM ${newest.records} ${near.alias} WHERE ${near.alias}.rank_of ${stands} AND ${and(near)} ORDER BY ${near.alias}.id DESC ${page}`
  const holds = [searchSource(w, text, standing, far).condition((visible) => where(w, visible, far)), condition(w, far, q), and(far)].join(' AND ')
  const others = `SELECT ${far.alias}.id AS record_id FROM ${quote(q.entity.table)} ${far.alias} WHERE ${newest.border()} IS NOT NULL AND ${holds} AND ${far.alias}.id + 0 < ${newest.border()} OFFSET 0`
  return `SELECT * FROM (${first}) ${w.alias()} UNION ALL SELECT * FROM (SELECT ${place} AS rank_of, record_id FROM (${others}) ${w.alias()} ORDER BY record_id DESC ${page}) ${w.alias()}`
}
