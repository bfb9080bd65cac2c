/**
 * A predicate on a record at hand, without asking the database, as far as that is sure to say the same: equality of the
 * record's own values that every database compares alike. Most rules about own rows are of this kind.
 */
import type { Json } from '../../../metadata/contract/json.js'
import type { Operator } from '../../../metadata/contract/operators.js'
import type { Cell, ColumnKind } from '../../fields/contract.js'
import type { Field } from '../model.js'
import type { Predicate } from './predicate.js'

/** `$user.<attribute>` → its value; undefined when the caller has none. */
export type Attributes = (attribute: string) => Cell | undefined

/** Kinds whose cells are equal exactly where their columns are. */
const plainKinds: readonly ColumnKind[] = ['integer', 'text', 'boolean', 'date']

/** Whether the predicate holds; undefined when only the database can tell. */
export function decide(predicate: Predicate, record: Readonly<Record<string, Json>>, user: Attributes): boolean | undefined {
  switch (predicate.kind) {
    case 'all':
      return together(predicate.of.map((part) => decide(part, record, user)), false)
    case 'any':
      return together(predicate.of.map((part) => decide(part, record, user)), true)
    case 'compare':
      return equality(predicate, record, user)
    default:
      return undefined
  }
}

/** One part that is `decisive` settles it; otherwise all parts must be known. */
function together(parts: readonly (boolean | undefined)[], decisive: boolean): boolean | undefined {
  if (parts.includes(decisive)) return decisive
  return parts.includes(undefined) ? undefined : !decisive
}

type Compare = Extract<Predicate, { kind: 'compare' }>

function equality({ field, operator, operand, visible, folded }: Compare, record: Readonly<Record<string, Json>>, user: Attributes): boolean | undefined {
  const [column] = field.columns
  const value = record[field.key]
  const single = field.columns.every((other) => other === column || other.role !== undefined)
  if (visible !== undefined || folded === true || value === undefined || column === undefined || !single || !plainKinds.includes(column.kind) || (operator !== '$eq' && operator !== '$in')) return undefined
  const wanted = cellsOf(operand, operator, field, user)
  if (wanted === undefined || wanted.includes(null)) return undefined
  const [cell = null] = field.type.toColumns(value, field.options)
  return cell !== null && wanted.includes(cell)
}

function cellsOf(operand: Compare['operand'], operator: Operator, field: Field, user: Attributes): readonly Cell[] | undefined {
  switch (operand.kind) {
    case 'value':
      return [operand.cell]
    case 'list':
      return operand.cells
    case 'user':
      return userCells(user(operand.attribute), operator, field) ?? []
    case 'relative':
      return undefined
  }
}

/** Cells of a `$user` attribute that fit the field; undefined when it is missing, or a list where one value must stand. */
export function userCells(attribute: Cell | undefined, operator: Operator, field: Field | null): readonly Cell[] | undefined {
  const value = attribute ?? null
  const listed = operator === '$in' || operator === '$nin'
  if (value === null || (Array.isArray(value) && !listed)) return undefined
  const values: readonly Cell[] = Array.isArray(value) ? value : [value]
  return values.map((one) => (field === null ? one : field.type.operand(one, operator, field.options))).filter((cell) => cell !== undefined)
}
