/** The new value of a computed field from what it was and what changed. Pure. */
import { Big } from 'big.js'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { ExpressionField, RollupField } from '../../model/computed/derivations.js'
import type { Field } from '../../model/model.js'
import { averageState, averaged, cellOf, kept, type Counted, type Held } from '../../storage/derived.js'
import type { Delta } from './due.js'

/** The value of a rollup after what entered and left; undefined when only the database can tell. */
export function moved(rollup: RollupField, held: Held, deltas: readonly Delta[]): Counted | undefined {
  const value = held.record[rollup.field.key] ?? null
  switch (rollup.derived.measure) {
    case 'count':
    case 'sum': {
      const cell = cellOf(rollup.field, value)
      return typeof cell === 'number' ? { value: kept(rollup.field, deltas.reduce((sum, delta) => sum.plus(difference(rollup.field, delta)), new Big(cell))), state: null } : undefined
    }
    case 'avg': {
      const state = averageState(held.states[rollup.field.key] ?? null)
      if (state === null) return undefined
      const sum = deltas.reduce((total, delta) => total.plus(difference(rollup.field, delta)), state.sum)
      return averaged(rollup.field, sum, deltas.reduce((n, { left, entered }) => n + present(entered) - present(left), state.n))
    }
    case 'min':
      return edge(rollup.field, value, deltas, (order) => order < 0)
    case 'max':
      return edge(rollup.field, value, deltas, (order) => order > 0)
    default:
      return undefined
  }
}

const present = (value: Json | undefined): number => ((value ?? null) === null ? 0 : 1)

const amount = (field: Field, value: Json | undefined): Big => {
  const cell = cellOf(field, value)
  return new Big(typeof cell === 'number' ? cell : 0)
}
const difference = (field: Field, { left, entered }: Delta): Big => amount(field, entered).minus(amount(field, left))

/** An edge moves outward by itself; when the record at the edge leaves, the others must be asked. */
function edge(field: Field, value: Json, deltas: readonly Delta[], beyond: (order: number) => boolean): Counted | undefined {
  let at = value
  for (const { left, entered } of deltas) {
    const isBeyond = (entered ?? null) !== null && at !== null && beyond(compare(field, entered, at))
    if (at === null || (present(left) === 1 && !isBeyond && compare(field, left, at) === 0)) return undefined
    if (isBeyond) at = entered ?? null
  }
  return { value: field.type.operand(at, '$eq', field.options) === undefined ? null : at, state: null }
}

/** Numbers by size; dates and instants have one spelling, so their texts are in order. */
function compare(field: Field, one: Json | undefined, other: Json): number {
  const [a, b] = [cellOf(field, one), cellOf(field, other)]
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return typeof a !== 'string' || typeof b !== 'string' || a === b ? 0 : a < b ? -1 : 1
}

/** What an expression gives over a record whose references are the records that they lead to. */
export function computed(expression: ExpressionField, record: JsonObject, now: Date): { readonly value: Json; readonly failed?: string } {
  const compute = expression.compute()
  if (compute === null) return { value: copied(record, expression.derived.paths[0] ?? []) }
  const { value, failed } = compute(record, now)
  if (failed !== undefined || value === null) return { value: null, ...(failed === undefined ? {} : { failed }) }
  const fit = fitting(expression.field, value)
  return fit === null ? { value: null, failed: 'the value does not fit the field' } : { value: fit }
}

function copied(record: JsonObject, path: readonly string[]): Json {
  let value: Json = record
  for (const key of path) value = typeof value === 'object' && value !== null && !Array.isArray(value) ? ((value as JsonObject)[key] ?? null) : null
  return value
}

/** The value as the field keeps it; null when it cannot. */
function fitting(field: Field, value: Json): Json {
  if (value === null) return null
  const { maxLength } = field.schema
  if (typeof value === 'string' && typeof maxLength === 'number' && [...value].length > maxLength) return null
  if (typeof value === 'number' && field.columns[0]?.kind === 'decimal') return kept(field, new Big(value))
  return typeof value !== 'object' && field.type.operand(value, '$eq', field.options) === undefined ? null : value
}
