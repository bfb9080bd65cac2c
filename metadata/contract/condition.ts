/**
 * The condition language: one tree for filters, row rules, guards and segments. Here it is decided for one record in memory;
 * `engine/storage/queries/where.ts` decides it in SQL. Both give the same answer for every record, because a test is true or false and
 * never unknown.
 */
import { ConditionError, placeholderOf, placeholdersIn, readTree, type Condition, type Tree } from './condition-tree.js'
import { secondsIn } from './duration.js'
import { compareDecimals, decimalOf, sumOf, times } from './exact.js'
import { isObject, type Json, type JsonObject } from './json.js'
import { isTreeOperator, type Operator, type RelationMeasure, type TreeOperator } from './operators.js'
import { compareText, fold } from './text.js'
import { isRelative, resolveRelative } from './time.js'

export { conditionLimits, ConditionError, parseCondition, type Condition } from './condition-tree.js'

/** What a condition may refer to besides the record. */
export interface MatchContext {
  readonly now: Date
  /** IANA zone in which days begin. */
  readonly timeZone: string
  /** A `$user` attribute; undefined or null when the caller has none: then every test that names it is false. */
  user(attribute: string): Json | undefined
  /** Ids of the records above a record in its tree; `path` leads from the record that is decided to that one. Absent: nothing is above anything. */
  above?(path: readonly string[], id: number): readonly number[]
}

/**
 * Decides a condition for one record: fields by key as on the wire, an expanded to-one as an object, a to-many relation as a
 * list of the rows that count. What is absent is null. Operands are taken as they are stored (e-mail in lower case and so on).
 * @throws ConditionError when it cannot be read
 */
export function matches(condition: Condition, record: JsonObject, context: MatchContext): boolean {
  return holds(readTree(condition), record, context)
}

function holds(tree: Tree, record: JsonObject, context: MatchContext): boolean {
  if (tree.kind === 'all') return tree.of.every((part) => holds(part, record, context))
  if (tree.kind === 'any') return tree.of.some((part) => holds(part, record, context))
  const value = valueAt(record, tree.path)
  if (tree.kind === 'rows' && tree.quantifier === '$some') return rowsOf(value).some((row) => holds(tree.of, row, context))
  // A missing attribute makes the test false either way: nobody sees more by lacking it.
  for (const attribute of placeholdersIn(tree)) if ((context.user(attribute) ?? null) === null) return false
  if (tree.kind === 'rows') return !rowsOf(value).some((row) => holds(tree.of, row, context))
  if (tree.kind === 'value') {
    // The records of a segment are known to the database only.
    if (tree.operator === '$segment') throw new ConditionError(tree.at, '$segment cannot be decided for one record')
    const operand = bound(tree.operand, tree.operator, value, context)
    if (isTreeOperator(tree.operator)) return operand !== undefined && inTree(tree.path, value, tree.operator, operand, context) !== tree.negated
    return operand !== undefined && compare(value, tree.operator, operand) !== tree.negated
  }
  const { field } = tree
  // There is nothing to count where a hop before the relation leads nowhere.
  if (tree.path.length > 1 && valueAt(record, tree.path.slice(0, -1)) === null) return tree.negated
  const counted = rowsOf(value).filter((row) => holds(tree.rows, row, context))
  const values = field === null ? counted : counted.map((row) => valueAt(row, field.split('.'))).filter((one) => one !== null)
  const operand = bound(tree.operand, tree.operator, values[0] ?? null, context)
  return operand !== undefined && measured(tree.measure, values, tree.operator, operand) !== tree.negated
}

/** The record is the named one, or stands below (above) it, or on a level. */
function inTree(path: readonly string[], value: Json, operator: TreeOperator, operand: Json, context: MatchContext): boolean {
  const id = isObject(value) ? (value.id ?? null) : value
  if (typeof id !== 'number' || typeof operand !== 'number') return false
  if (operator === '$level') return (context.above?.(path, id) ?? []).length + 1 === operand
  const [low, high] = operator === '$below' ? [id, operand] : [operand, id]
  return id === operand || (context.above?.(path, low) ?? []).includes(high)
}

const rowsOf = (value: Json): readonly JsonObject[] => (Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [])

function valueAt(record: JsonObject, path: readonly string[]): Json {
  let value: Json = record
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return null
    value = value[key] ?? null
  }
  return value
}

/** The operand with placeholders and relative times filled in; undefined when a list stands where one value must. */
function bound(operand: Json, operator: Operator, value: Json, context: MatchContext): Json | undefined {
  const attribute = placeholderOf(operand)
  if (attribute !== undefined) {
    const own = context.user(attribute) ?? null
    if (operator === '$in' || operator === '$nin') return Array.isArray(own) ? own : [own]
    return Array.isArray(own) ? undefined : own
  }
  if (typeof operand !== 'string' || typeof value !== 'string' || !isRelative(operand)) return operand
  const as = /^\d{4}-\d{2}-\d{2}$/.test(value) ? 'date' : instantPattern.test(value) ? 'instant' : undefined
  return as === undefined ? operand : resolveRelative(operand, context.now, context.timeZone, as)
}

function compare(value: Json, operator: Operator, operand: Json): boolean {
  switch (operator) {
    case '$eq':
      return operand === null ? value === null : isSame(value, operand)
    case '$ne':
      return operand === null ? value !== null : !isSame(value, operand)
    case '$in':
      return Array.isArray(operand) && (operand as readonly Json[]).some((one) => isSame(value, one))
    case '$nin':
      return Array.isArray(operand) && !(operand as readonly Json[]).some((one) => isSame(value, one))
    case '$contains':
      if (Array.isArray(value)) return (value as readonly Json[]).some((one) => isSame(one, operand) || (typeof one === 'string' && typeof operand === 'string' && fold(one) === fold(operand)))
      return typeof value === 'string' && typeof operand === 'string' && fold(value).includes(fold(operand))
    case '$startsWith':
      return typeof value === 'string' && typeof operand === 'string' && fold(value).startsWith(fold(operand))
    default: {
      const order = compareOrdered(value, operand)
      return order !== undefined && accepts(operator, order)
    }
  }
}

const accepts = (operator: Operator, order: number): boolean =>
  (order > 0 && (operator === '$gt' || operator === '$gte' || operator === '$ne')) ||
  (order < 0 && (operator === '$lt' || operator === '$lte' || operator === '$ne')) ||
  (order === 0 && (operator === '$gte' || operator === '$lte' || operator === '$eq'))

/** An expanded record is the same as its id. */
function isSame(value: Json, operand: Json): boolean {
  if (value === null || operand === null) return false
  // A record of one of several entities is named by a word: `member/5`.
  if (isObject(value)) return typeof operand === 'number' ? value.id === operand : typeof value.entity === 'string' && operand === `${value.entity}/${JSON.stringify(value.id)}`
  return value === operand || compareOrdered(value, operand) === 0
}

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/

function compareOrdered(value: Json, operand: Json): number | undefined {
  if (typeof value === 'number' && typeof operand === 'number') return value - operand
  if (typeof value !== 'string' || typeof operand !== 'string') return undefined
  const [length, other] = [secondsIn(value), secondsIn(operand)]
  if (length !== undefined && other !== undefined) return length - other
  return instantPattern.test(value) && instantPattern.test(operand) ? Date.parse(value) - Date.parse(operand) : compareText(value, operand)
}

function measured(measure: RelationMeasure, values: readonly Json[], operator: Operator, operand: Json): boolean {
  if (!isPresent(measure, values)) return false
  const order = orderOf(measure, values, operand)
  return order !== undefined && accepts(operator, order)
}

/** Without values a count or a sum is 0; there is no smallest, largest or mean value. */
const isPresent = (measure: RelationMeasure, values: readonly Json[]): boolean => measure === '$count' || measure === '$sum' || values.length > 0

/** What can be added up: numbers, and lengths of time as their seconds. */
const amountOf = (value: Json): number | undefined => (typeof value === 'number' ? value : typeof value === 'string' ? secondsIn(value) : undefined)

/** How the measure of the values compares with the operand; undefined when there is no order between the two. */
function orderOf(measure: RelationMeasure, values: readonly Json[], operand: Json): number | undefined {
  if (measure === '$min' || measure === '$max') {
    const sign = measure === '$min' ? 1 : -1
    const extreme = values.reduce((a, b) => ((compareOrdered(a, b) ?? 0) * sign <= 0 ? a : b))
    return compareOrdered(extreme, operand)
  }
  const amount = amountOf(operand)
  if (amount === undefined) return undefined
  if (measure === '$count') return values.length - amount
  const sum = sumOf(values.map(amountOf).filter((value) => value !== undefined))
  const wanted = decimalOf(amount)
  return compareDecimals(sum, measure === '$avg' ? times(wanted, values.length) : wanted)
}
