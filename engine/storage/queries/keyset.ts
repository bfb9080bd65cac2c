/** Order of a list and the place where a page goes on: the same on both databases, missing values smallest, ties by id. */
import { Problem } from '../../errors.js'
import type { Cell } from '../../fields/contract.js'
import { comparedColumn } from '../../model/duplicates.js'
import type { PhysicalColumn } from '../../model/model.js'
import type { SortKey, TargetName } from '../contract.js'
import { codec, quote, type Codec } from '../dialect.js'
import type { Columns } from './select.js'
import type { Scope, Writer } from './statement.js'
import { mainColumn, where } from './where.js'

/** One sort key in SQL. */
interface Key {
  /** Writes the expression; with placeholders when the field is seen on some rows only. */
  sql(): string
  readonly plain: boolean
  /** An index has the records in this order. */
  readonly indexed: boolean
  readonly descending: boolean
  readonly codec: Codec
  readonly nullable: boolean
}

/** The keys of a list with the id at the end, in the direction of the last key so that one index serves both. */
export function keysOf(w: Writer, sort: readonly SortKey[], scope: Scope): readonly Key[] {
  const keys = sort.map((key): Key => {
    const { visible, descending, names } = key
    const column = names === undefined ? sortColumn(key) : nameColumn
    const name = (): string => (names === undefined ? `${scope.alias}.${quote(column.name)}` : nameOf(w, names, scope))
    return {
      sql: () => (visible === undefined ? name() : `CASE WHEN ${where(w, visible, scope)} THEN ${name()} END`),
      plain: visible === undefined && names === undefined,
      indexed: visible === undefined && scope.entity.indexes.some(({ columns: [first] }) => first === column.name),
      descending,
      codec: codec(w.dialect, column),
      nullable: true,
    }
  })
  const id: Key = { sql: () => `${scope.alias}.${quote('id')}`, plain: true, indexed: true, descending: keys.at(-1)?.descending ?? false, codec: codec(w.dialect, { kind: 'integer' }), nullable: false }
  return [...keys, id]
}

const nameColumn = { name: '', kind: 'text' } as const

/** The name of the record that one of the references points to. One at most is set, so one row is looked up. */
function nameOf(w: Writer, names: readonly TargetName[], scope: Scope): string {
  const arms = names.map(({ reference, target, rows, display, visible }) => {
    const other = { entity: target, alias: w.alias() }
    const id = `${scope.alias}.${mainColumn(reference)}`
    const shown = `${other.alias}.${quote(sortColumn({ field: display }).name)}`
    const seen = visible === undefined ? shown : `CASE WHEN ${where(w, visible, other)} THEN ${shown} END`
    return `WHEN ${id} IS NOT NULL THEN (SELECT ${seen} FROM ${quote(target.table)} ${other.alias} WHERE ${other.alias}.id = ${id} AND ${where(w, rows, other)})`
  })
  return arms.length === 0 ? 'CAST(NULL AS TEXT)' : `CASE ${arms.join(' ')} END`
}

/** @throws Problem query.invalid for a type without an order */
function sortColumn({ field, compared }: Pick<SortKey, 'field' | 'compared'>): PhysicalColumn {
  const index = field.type.sortColumn(field.options)
  const column = compared === true ? comparedColumn(field) : index === null ? undefined : field.columns[index]
  if (column === undefined) throw new Problem('query.invalid', { reason: `${field.key} has no order` })
  return column
}

/** `ORDER BY ...`. SQLite puts NULLs first by itself; PostgreSQL must be told, as its indexes are. */
export function orderBy(w: Writer, keys: readonly Key[]): string {
  const nulls = (key: Key): string => (w.dialect === 'sqlite' || !key.nullable ? '' : key.descending ? ' NULLS LAST' : ' NULLS FIRST')
  return `ORDER BY ${keys.map((key) => `${key.sql()}${key.descending ? ' DESC' : ''}${nulls(key)}`).join(', ')}`
}

/** Adds the keys to the SELECT list; gives the function that takes a row's cells for the next page. */
export function cursorColumns(columns: Columns, keys: readonly Key[]): (row: Readonly<Record<string, unknown>>) => readonly Cell[] {
  const names = keys.map((key) => (key.plain ? columns.add(key.sql()) : columns.addNew(key.sql())))
  return (row) => keys.map((key, i) => key.codec.decode(row[names[i] ?? '']))
}

/**
 * Where a list goes on after a row. One index range cannot hold both the values beyond the row's and the missing ones,
 * so there may be two parts, each a range, in the order in which they are to be read.
 */
export function pagesAfter(after: readonly Cell[], keys: readonly { readonly descending: boolean; readonly nullable: boolean }[]): readonly PagePart[] {
  const [key] = keys
  const [cell = null] = after
  if (key === undefined || !key.nullable) return ['beyond']
  if (cell === null) return key.descending ? ['beyond'] : ['beyond', 'present']
  return key.descending ? ['beyond', 'missing'] : ['beyond']
}

/** `beyond`: in the range of the leading key. `missing`/`present`: all rows on the other side of the missing values. */
export type PagePart = 'beyond' | 'missing' | 'present'

/** Condition for one part. The cells are arguments `0`, `1` ... of the run; `isMissing[i]` tells which are null. */
export function afterCondition(w: Writer, keys: readonly Key[], isMissing: readonly boolean[], part: PagePart): string {
  const [first] = keys
  if (first === undefined) return 'TRUE'
  if (part === 'missing') return `${first.sql()} IS NULL`
  if (part === 'present') return `${first.sql()} IS NOT NULL`
  if (isMissing[0] === true) return `(${first.sql()} IS NULL AND ${beyond(w, keys, isMissing, 1)})`
  const strictly = (): string => `${first.sql()} ${first.descending ? '<' : '>'} ${w.argument(0)}`
  if (keys.length === 1) return strictly()
  return `(${first.sql()} ${first.descending ? '<=' : '>='} ${w.argument(0)} AND (${strictly()} OR ${beyond(w, keys, isMissing, 1)}))`
}

/** Rows behind the cursor in the keys from `index` on, whatever came before being equal (the range sees to that). */
function beyond(w: Writer, keys: readonly Key[], isMissing: readonly boolean[], index: number): string {
  const key = keys[index]
  if (key === undefined) return 'FALSE'
  const more = (): string => (index + 1 < keys.length ? ` OR (${equal(w, key, isMissing, index)} AND ${beyond(w, keys, isMissing, index + 1)})` : '')
  if (isMissing[index] === true) return key.descending ? `(FALSE${more()})` : `(${key.sql()} IS NOT NULL${more()})`
  const behind = `${key.sql()} ${key.descending ? '<' : '>'} ${w.argument(index)}`
  const missing = key.descending && key.nullable ? ` OR ${key.sql()} IS NULL` : ''
  return `(${behind}${missing}${more()})`
}

function equal(w: Writer, key: Key, isMissing: readonly boolean[], index: number): string {
  return isMissing[index] === true ? `${key.sql()} IS NULL` : `${key.sql()} = ${w.argument(index)}`
}

/** The cursor's cells as arguments of a run. @throws Problem query.cursor when they are not as many as the keys */
export function cursorArguments(after: readonly Cell[], keys: readonly Key[]): readonly unknown[] {
  if (after.length !== keys.length) throw new Problem('query.cursor')
  return keys.map((key, i) => key.codec.encode(after[i] ?? null))
}
