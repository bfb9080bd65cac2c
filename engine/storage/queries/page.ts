/** What every statement has that reads pages of records. */
import type { Predicate } from '../../model/conditions/predicate.js'
import type { DialectName, Row } from '../contract.js'
import type { Columns } from './select.js'
import type { Scope, Writer } from './statement.js'
import { where } from './where.js'

export type Archived = 'without' | 'only' | 'with'

/** Which rows a question is about at all. */
export function condition(w: Writer, scope: Scope, q: { readonly rows: Predicate; readonly archived: Archived }): string {
  const archived = q.archived === 'with' ? 'TRUE' : `${scope.alias}.archived_at IS ${q.archived === 'only' ? 'NOT ' : ''}NULL`
  return `${archived} AND ${where(w, q.rows, scope)}`
}

/**
 * So many records of a list are looked through one by one for a text, in their order, before the text index is asked for all that have it:
 * they fill a page of a frequent word.
 */
export const nearMost = 1_500

/** Values that SQLite takes in one call of a function. */
const argumentLimit = 1000

/**
 * On SQLite a page comes as one JSON text of arrays: the database builds it on its own thread, where the driver would
 * build every cell of every row on the event loop (measured for 51 rows of 29 columns: 0.15 ms of it instead of 0.6).
 * The rows stay in their order, because the page has a LIMIT and so is read to its end before it is gathered.
 */
export function paged(dialect: DialectName, columns: Columns, sql: string): { readonly sql: string; rows(found: readonly Row[]): readonly Row[] } {
  if (dialect !== 'sqlite' || columns.texts.length > argumentLimit) return { sql, rows: (found) => found }
  const cells = columns.texts.map((_, i) => `"${String(i)}"`).join(', ')
  return {
    sql: `SELECT json_group_array(json_array(${cells})) AS page FROM (${sql})`,
    rows: ([found]) => JSON.parse(found?.['page'] as string) as readonly Row[], // one row, always, written by the statement above
  }
}

/** A number for an object, the same for as long as it lives: part of keys for what is compiled from it. */
export function identityOf(object: object): number {
  let known = identities.get(object)
  if (known === undefined) identities.set(object, (known = ++lastIdentity))
  return known
}
const identities = new WeakMap<object, number>()
let lastIdentity = 0
