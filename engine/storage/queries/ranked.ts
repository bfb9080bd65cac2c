/**
 * A list in the order in which records fit a free text. Few records are all ranked; of many, each rank is read from the
 * newest on and the statement stops as soon as the page is full.
 */
import { Problem } from '../../errors.js'
import type { Cell } from '../../fields/contract.js'
import type { Search } from '../../model/conditions/predicate.js'
import type { Bindings, Executor, ListQuery, Row } from '../contract.js'
import { quote } from '../dialect.js'
import { condition, identityOf, nearMost, paged } from './page.js'
import { Columns, reading } from './select.js'
import { compiled, type Scope, type Writer } from './statement.js'
import { ranks, ranksOf, rankSql, searchSource, type Rank } from './text.js'
import { where } from './where.js'

/** So many records are ranked one by one: reading them costs less than asking the index rank by rank. */
const fewMost = 300

/**
 * False for a place in a list of many, and on SQLite for words of one character: each stands for hundreds of trigrams,
 * which are only read rank by rank when the better ranks did not fill the page.
 */
export const mayBeFew = (x: Executor, text: Search, after: readonly Cell[] | undefined): boolean =>
  after?.[2] !== 'many' && (x.dialect === 'postgres' || text.terms.every((term) => [...term].length > 1))

/** The page when at most `fewMost` records have the text; `isShort` tells from the answer that there are more. @throws Problem query.cursor */
export function fewPlan(x: Executor, q: ListQuery, text: Search, b: Bindings) {
  const [after, id] = placeOf(q.after)
  const key = `few ${String(identityOf(q.rows))} ${q.archived} ${String(q.limit)} ${after === null ? '' : 'after'}`
  const plan = compiled(x.dialect, text, q.selection, key, b, (w) => {
    const scope = { entity: q.entity, alias: w.alias() }
    const columns = new Columns()
    const [found, ranked, total] = [w.alias(), columns.add('rank_of'), columns.add('total')]
    const inner = { entity: q.entity, alias: w.alias() }
    const idCell = columns.add(`${scope.alias}.${quote('id')}`)
    const read = reading(w, columns, q.selection, scope)
    const rank = rankSql(w, text, inner)
    const source = searchSource(w, text, undefined, inner)
    const holds = [source.condition((visible) => where(w, visible, inner)), condition(w, inner, q)].join(' AND ')
    const some = `SELECT ${inner.alias}.id AS record_id, ${rank} AS rank_of FROM ${source.from} WHERE ${holds} LIMIT ${String(fewMost + 1)}`
    const counted = `SELECT record_id, rank_of, count(*) OVER () AS total FROM (${some}) ${w.alias()}`
    const behind = after === null ? '' : ` WHERE (rank_of > ${w.argument(0)} OR (rank_of = ${w.argument(0)} AND record_id < ${w.argument(1)}))`
    const order = `ORDER BY rank_of, ${scope.alias}.id DESC LIMIT ${String(q.limit + 1)}`
    const { sql, rows } = paged(w.dialect, columns, `SELECT ${read.columns} FROM (SELECT * FROM (${counted}) ${w.alias()}${behind}) ${found} JOIN ${quote(q.entity.table)} ${scope.alias} ON ${scope.alias}.id = ${found}.record_id${read.joins()} ${order}`)
    const cells = (row: Row): readonly Cell[] => [Number(row[ranked]), Number(row[idCell])]
    // Of many only some were looked at, perhaps none behind the place.
    const isShort = ([row]: readonly Row[]): boolean => (row === undefined ? after !== null : Number(row[total]) > fewMost)
    return { statement: w.statement(sql), rows, read, cells, isShort }
  })
  return { ...plan, args: [after, id] }
}

/**
 * The cells of a place in the list are the rank and the id of its record, and that there are many.
 * @throws Problem query.cursor for a place in another list
 */
export function rankedPlan(x: Executor, q: ListQuery, text: Search, b: Bindings) {
  const [after, id] = placeOf(q.after)
  const left = ranksOf(text).filter((rank) => after === null || ranks.indexOf(rank) >= after)
  const key = `ranked ${String(identityOf(q.rows))} ${q.archived} ${String(q.limit)} ${String(after)}`
  const plan = compiled(x.dialect, text, q.selection, key, b, (w) => {
    const scope = { entity: q.entity, alias: w.alias() }
    const columns = new Columns()
    const [found, rankCell] = [w.alias(), columns.add('rank_of')]
    const idCell = columns.add(`${scope.alias}.${quote('id')}`)
    const read = reading(w, columns, q.selection, scope)
    const arms = left.map((rank) => ranked(w, q, text, rank, ranks.indexOf(rank) === after)).join(' UNION ALL ')
    const order = `ORDER BY rank_of, ${scope.alias}.id DESC LIMIT ${String(q.limit + 1)}`
    const { sql, rows } = paged(w.dialect, columns, `SELECT ${read.columns} FROM (${arms} LIMIT ${String(q.limit + 1)}) ${found} JOIN ${quote(q.entity.table)} ${scope.alias} ON ${scope.alias}.id = ${found}.record_id${read.joins()} ${order}`)
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

/** The newest records of one rank; the first rank of a page goes on behind the id that is argument 0. */
function ranked(w: Writer, q: ListQuery, text: Search, rank: Rank, goesOn: boolean): string {
  if (w.dialect === 'postgres' && rank !== 'exact') return nearAndFar(w, q, text, rank, goesOn)
  const scope = { entity: q.entity, alias: w.alias() }
  const source = searchSource(w, text, rank, scope)
  const holds = [source.condition((visible) => where(w, visible, scope)), condition(w, scope, q), ...(goesOn ? [`${scope.alias}.id < ${w.argument(0)}`] : [])].join(' AND ')
  return `SELECT * FROM (SELECT ${String(ranks.indexOf(rank))} AS rank_of, ${scope.alias}.id AS record_id FROM ${source.from} WHERE ${holds} ORDER BY ${source.newestFirst} LIMIT ${String(q.limit + 1)}) ${w.alias()}`
}

/**
 * PostgreSQL: what is among the newest records is read from them, the rest from the text index. Left to itself the server goes through
 * the records from the newest on as soon as many match, even where those stand at the other end: old members with low numbers, say.
 */
function nearAndFar(w: Writer, q: ListQuery, text: Search, rank: Rank, goesOn: boolean): string {
  const [place, page, table] = [String(ranks.indexOf(rank)), `LIMIT ${String(q.limit + 1)}`, quote(q.entity.table)]
  const newest = (): string => `FROM ${table}${goesOn ? ` WHERE id < ${w.argument(0)}` : ''} ORDER BY id DESC`
  const holds = (scope: Scope): string => [searchSource(w, text, rank, scope).condition((visible) => where(w, visible, scope)), condition(w, scope, q)].join(' AND ')
  const [near, far] = [w.alias(), w.alias()].map((alias) => ({ entity: q.entity, alias })) as [Scope, Scope]
  const first = `SELECT ${place} AS rank_of, ${near.alias}.id AS record_id FROM (SELECT * ${newest()} LIMIT ${String(nearMost)}) ${near.alias} WHERE ${holds(near)} ORDER BY ${near.alias}.id DESC ${page}`
  // OFFSET 0 and + 0: neither the order nor the place decides how these are found.
  const others = `SELECT ${far.alias}.id AS record_id FROM ${table} ${far.alias} WHERE ${holds(far)} AND ${far.alias}.id + 0 < (SELECT id ${newest()} LIMIT 1 OFFSET ${String(nearMost - 1)}) OFFSET 0`
  return `SELECT * FROM (${first}) ${w.alias()} UNION ALL SELECT * FROM (SELECT ${place} AS rank_of, record_id FROM (${others}) ${w.alias()} ORDER BY record_id DESC ${page}) ${w.alias()}`
}
