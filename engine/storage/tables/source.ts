/** Where the values of a field are read from while it changes: its columns, perhaps parked, or the table of its list. */
import type { Json } from '../../../metadata/contract/json.js'
import type { Cell } from '../../fields/contract.js'
import type { Field, PhysicalColumn } from '../../model/model.js'
import type { DialectName, Row } from '../contract.js'
import { codec, quote } from '../dialect.js'

export interface ValueSource {
  /** Expressions of a SELECT on the entity's table. */
  readonly expressions: readonly string[]
  /** True for rows that have a value. */
  readonly present: string
  /** The value, null where there is none. */
  read(row: Row): Json
}

/** The columns of a field under their present names; undefined when it has none. */
export function columnSource(dialect: DialectName, field: Field, columns: readonly PhysicalColumn[]): ValueSource | undefined {
  const [main] = columns
  if (main === undefined) return undefined
  return {
    expressions: columns.map(({ name }) => quote(name)),
    present: `${quote(main.name)} IS NOT NULL`,
    read: (row) => field.type.fromColumns(columns.map((column): Cell => (column.role !== undefined ? null : codec(dialect, column).decode(row[column.name]))), field.options),
  }
}

/** The pairs in a link table; a record without any has no value. */
export function listSource(dialect: DialectName, table: string): ValueSource {
  const pairs = `FROM ${quote(table)} WHERE source = id`
  const list = dialect === 'sqlite' ? `(SELECT json_group_array(target) FROM (SELECT target ${pairs} ORDER BY target))` : `(SELECT json_agg(target ORDER BY target)::text ${pairs})`
  return {
    expressions: [`${list} AS ${quote(table)}`],
    present: `EXISTS (SELECT 1 ${pairs})`,
    read: (row) => {
      const text = row[table]
      const ids = typeof text === 'string' ? (JSON.parse(text) as Json) : null
      return Array.isArray(ids) && ids.length > 0 ? ids : null
    },
  }
}

/** The values of a field as it is in use. */
export const sourceOf = (dialect: DialectName, field: Field): ValueSource | undefined =>
  field.links === null ? columnSource(dialect, field, field.columns) : listSource(dialect, field.links.table)
