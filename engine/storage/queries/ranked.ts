/** A list in the order in which records fit a free text: one statement that stops as soon as the page is full. */
import { Problem } from '../../errors.js'
import type { Cell } from '../../fields/contract.js'
import type { Search } from '../../model/predicate.js'
import type { Bindings, Executor, ListQuery, Row } from '../contract.js'
import { quote } from '../dialect.js'
import { condition, identityOf, paged } from './page.js'
import { Columns, reading } from './select.js'
import { compiled, type Writer } from './statement.js'
import { ranks, ranksOf, searchSource, type Rank } from './text.js'
import { where } from './where.js'

/**
 * The cells of a place in the list are the rank and the id of its record.
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
    const cells = (row: Row): readonly Cell[] => [Number(row[rankCell]), Number(row[idCell])]
    return { statement: w.statement(sql), rows, read, cells }
  })
  return { ...plan, args: [id] }
}

function placeOf(cells: readonly Cell[] | undefined): readonly [rank: number | null, id: number | null] {
  if (cells === undefined) return [null, null]
  const [rank, id, more] = cells
  if (typeof rank !== 'number' || typeof id !== 'number' || more !== undefined) throw new Problem('query.cursor')
  return [rank, id]
}

/** The newest records of one rank; the first rank of a page goes on behind the id that is argument 0. */
function ranked(w: Writer, q: ListQuery, text: Search, rank: Rank, goesOn: boolean): string {
  const scope = { entity: q.entity, alias: w.alias() }
  const source = searchSource(w, text, rank, scope)
  const holds = [source.condition((visible) => where(w, visible, scope)), condition(w, scope, q), ...(goesOn ? [`${scope.alias}.id < ${w.argument(0)}`] : [])].join(' AND ')
  return `SELECT * FROM (SELECT ${String(ranks.indexOf(rank))} AS rank_of, ${scope.alias}.id AS record_id FROM ${source.from} WHERE ${holds} ORDER BY ${source.newestFirst} LIMIT ${String(q.limit + 1)}) ${w.alias()}`
}
