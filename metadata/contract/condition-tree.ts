/**
 * Reading a condition: its grammar (the operators are those of MongoDB's queries), its limits, and the tree that both
 * evaluators walk: `matches` in memory and `engine/model/conditions/resolve.ts` on the way to SQL.
 */
import { isObject, type Json, type JsonObject } from './json.js'
import { operators, quantifiers, relationMeasures, type Operator, type RelationMeasure } from './operators.js'

/** A condition as it is written. */
export type Condition = JsonObject

/** Limits of one condition. */
export const conditionLimits = { depth: 8, leaves: 200, list: 1000, hops: 5 } as const

/** Where and why a condition cannot be read. `path` is a JSON Pointer into it. */
export class ConditionError extends Error {
  readonly path: string
  constructor(path: string, reason: string) {
    super(reason)
    this.name = 'ConditionError'
    this.path = path
  }
}

/** A test of one value, or of the rows of one relation. `negated` turns the answer of a test round. */
export type Leaf = { readonly path: readonly string[]; readonly at: string } & (
  | { readonly kind: 'value'; readonly negated: boolean; readonly operator: Operator; readonly operand: Json }
  /** `$every` is `$none` of the opposite. */
  | { readonly kind: 'rows'; readonly quantifier: '$some' | '$none'; readonly of: Tree }
  /** `rows`: which rows count. `field`: null for `$count`. */
  | { readonly kind: 'measure'; readonly negated: boolean; readonly measure: RelationMeasure; readonly field: string | null; readonly operator: Operator; readonly operand: Json; readonly rows: Tree }
)

/** A condition that was read. Negation stands at the leaves only, so that a missing `$user` attribute can fail every leaf that names it. */
export type Tree = { readonly kind: 'all'; readonly of: readonly Tree[] } | { readonly kind: 'any'; readonly of: readonly Tree[] } | Leaf

/** Checks the structure of a condition. @throws ConditionError at the first bad place */
export function parseCondition(value: Json): Condition {
  readTree(value)
  return value as Condition
}

const trees = new WeakMap<JsonObject, Tree>()

/** Reads a condition; the result is kept for the object. @throws ConditionError at the first bad place */
export function readTree(value: Json): Tree {
  if (!isObject(value)) throw new ConditionError('', 'a condition is an object')
  let tree = trees.get(value)
  if (tree === undefined) trees.set(value, (tree = new Reader().condition(value, '', false, 1)))
  return tree
}

/** The attribute that a placeholder such as `$user.stores` names; undefined for any other operand. */
export const placeholderOf = (operand: Json): string | undefined =>
  typeof operand === 'string' && operand.startsWith('$user.') ? operand.slice('$user.'.length) : undefined

/** Every attribute that the answer of the tree or leaf may hang on, also inside relations. */
export function placeholdersIn(tree: Tree): ReadonlySet<string> {
  if (constantOf(tree) !== undefined) return new Set()
  if (tree.kind === 'all' || tree.kind === 'any') return new Set(tree.of.flatMap((part) => [...placeholdersIn(part)]))
  const own = tree.kind === 'rows' ? undefined : placeholderOf(tree.operand)
  const inner = tree.kind === 'rows' ? placeholdersIn(tree.of) : tree.kind === 'measure' ? placeholdersIn(tree.rows) : []
  return new Set([...(own === undefined ? [] : [own]), ...inner])
}

/** The answer of a tree that hangs on no record, such as an `$or` with an empty condition in it. */
function constantOf(tree: Tree): boolean | undefined {
  if (tree.kind !== 'all' && tree.kind !== 'any') return undefined
  const neutral = tree.kind === 'all'
  const parts = tree.of.map(constantOf)
  if (parts.includes(!neutral)) return !neutral
  return parts.every((part) => part === neutral) ? neutral : undefined
}

class Reader {
  #leaves = 0

  condition(value: Json, at: string, negated: boolean, depth: number): Tree {
    if (!isObject(value)) throw new ConditionError(at, 'a condition is an object')
    if (depth > conditionLimits.depth) throw new ConditionError(at, `conditions are nested more than ${String(conditionLimits.depth)} levels deep`)
    const parts = Object.entries(value).map(([key, inner]) => this.#member(key, inner, `${at}/${escape(key)}`, negated, depth))
    return join(parts, negated)
  }

  #member(key: string, inner: Json, at: string, negated: boolean, depth: number): Tree {
    if (key === '$not') return this.condition(inner, at, !negated, depth + 1)
    if (key === '$and' || key === '$or') {
      if (!Array.isArray(inner)) throw new ConditionError(at, `${key} takes a list of conditions`)
      const parts = (inner as readonly Json[]).map((part, i) => this.condition(part, `${at}/${String(i)}`, negated, depth + 1))
      return join(parts, (key === '$or') !== negated)
    }
    if (key.startsWith('$')) throw new ConditionError(at, `${key} is not known here`)
    const path = key.split('.')
    if (path.length > conditionLimits.hops + 1) throw new ConditionError(at, `a path has at most ${String(conditionLimits.hops)} hops`)
    return this.#tests(path, inner, at, negated, depth)
  }

  #tests(path: readonly string[], inner: Json, at: string, negated: boolean, depth: number): Tree {
    if (!isObject(inner)) return this.#value({ path, at, negated }, '$eq', inner, at)
    const entries = Object.entries(inner)
    if (entries.length === 0) throw new ConditionError(at, 'an operator is missing')
    const some = Object.hasOwn(inner, '$some') ? inner.$some : undefined
    const parts = entries.map(([key, operand]): Tree => {
      const here = `${at}/${escape(key)}`
      const operator = operators.find((name) => name === key)
      if (operator !== undefined) return this.#value({ path, at: here, negated }, operator, operand, here)
      const quantifier = quantifiers.find((name) => name === key)
      if (quantifier !== undefined) {
        this.#count(here)
        return { kind: 'rows', path, at: here, quantifier: (quantifier === '$some') === negated ? '$none' : '$some', of: this.condition(operand, here, quantifier === '$every', depth + 1) }
      }
      const measure = relationMeasures.find((name) => name === key)
      if (measure === undefined) throw new ConditionError(here, `${key} is not an operator`)
      return this.#measures({ path, at: here, negated }, measure, operand, some === undefined ? everyRow : this.condition(some, `${at}/$some`, false, depth + 1))
    })
    return join(parts, negated)
  }

  #value(place: Place, operator: Operator, operand: Json, at: string): Leaf {
    this.#count(at)
    checkOperand(operator, operand, at)
    return { kind: 'value', ...place, operator, operand }
  }

  #measures(place: Place, measure: RelationMeasure, tests: Json, rows: Tree): Tree {
    const leaves = (field: string | null, test: Json, at: string): Tree[] =>
      (isObject(test) ? Object.entries(test) : [['$eq', test] as const]).map(([key, operand]) => {
        const here = isObject(test) ? `${at}/${escape(key)}` : at
        const operator = operators.find((name) => name === key)
        if (operator === undefined || !measureOperators.has(operator)) throw new ConditionError(here, `${key} cannot be used with ${measure}`)
        if (operand === null) throw new ConditionError(here, `${measure} cannot be compared with null`)
        this.#count(here)
        checkOperand(operator, operand, here)
        return { kind: 'measure', ...place, at: here, measure, field, operator, operand, rows }
      })
    if (measure === '$count') {
      const parts = leaves(null, tests, place.at)
      if (parts.length === 0) throw new ConditionError(place.at, 'an operator is missing')
      return join(parts, place.negated)
    }
    if (!isObject(tests) || Object.keys(tests).length === 0) throw new ConditionError(place.at, `${measure} takes an object of fields`)
    const parts = Object.entries(tests).flatMap(([field, test]) => leaves(field, test, `${place.at}/${escape(field)}`))
    if (parts.length === 0) throw new ConditionError(place.at, 'an operator is missing')
    return join(parts, place.negated)
  }

  #count(at: string): void {
    this.#leaves += 1
    if (this.#leaves > conditionLimits.leaves) throw new ConditionError(at, `a condition has at most ${String(conditionLimits.leaves)} tests`)
  }
}

type Place = { readonly path: readonly string[]; readonly at: string; readonly negated: boolean }

/** An aggregate is one number or moment; lists of them are not worth their own rules for missing values. */
const measureOperators: ReadonlySet<Operator> = new Set(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'])

const everyRow: Tree = { kind: 'all', of: [] }

const join = (parts: readonly Tree[], some: boolean): Tree => {
  const [first] = parts
  if (parts.length === 1 && first !== undefined) return first
  return some ? { kind: 'any', of: parts } : { kind: 'all', of: parts }
}

const escape = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

function checkOperand(operator: Operator, operand: Json, at: string): void {
  if (operator === '$in' || operator === '$nin') {
    if (placeholderOf(operand) !== undefined) return
    if (!Array.isArray(operand)) throw new ConditionError(at, `${operator} takes a list`)
    if (operand.length > conditionLimits.list) throw new ConditionError(at, `${operator} takes at most ${String(conditionLimits.list)} values`)
    for (const [i, one] of (operand as readonly Json[]).entries()) {
      if (!isScalar(one)) throw new ConditionError(`${at}/${String(i)}`, `${operator} takes a list of texts, numbers or booleans`)
      if (placeholderOf(one) !== undefined) throw new ConditionError(`${at}/${String(i)}`, 'a placeholder stands for the whole list, not for one value of it')
    }
  } else if (operand === null) {
    if (operator !== '$eq' && operator !== '$ne') throw new ConditionError(at, `${operator} cannot be used with null`)
  } else if (!isScalar(operand)) throw new ConditionError(at, `${operator} takes one value`)
}

const isScalar = (value: Json): value is string | number | boolean => typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
