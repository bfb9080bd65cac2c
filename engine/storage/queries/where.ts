/**
 * Predicate → SQL text. Negation is carried down to the leaves, so that a leaf stands either plainly, where NULL
 * counts as false and indexes serve it, or as `(...) IS NOT TRUE`: both ways it says true or false, never unknown.
 */
import type { Operator } from '../../../metadata/contract/operators.js'
import { fold } from '../../../metadata/contract/text.js'
import { resolveRelative } from '../../../metadata/contract/time.js'
import { Problem } from '../../errors.js'
import type { Cell } from '../../fields/contract.js'
import { userCells } from '../../model/conditions/decide.js'
import { isFolded } from '../../model/duplicates.js'
import type { Field, PhysicalColumn, Relation } from '../../model/model.js'
import type { Operand, Predicate } from '../../model/conditions/predicate.js'
import type { Bindings } from '../contract.js'
import { castType, codec, quote } from '../dialect.js'
import { treeColumns } from '../hierarchy.js'
import type { Scope, Writer } from './statement.js'
import { contains, firstBehind, hasWord, searchCondition } from './text.js'

type Compare = Extract<Predicate, { kind: 'compare' }>
type ToMany = Extract<Predicate, { kind: 'toMany' }>
type Measure = Extract<Predicate, { kind: 'measure' }>

/**
 * SQL that is true for the rows in `scope` which satisfy the predicate (with `negated`: which do not).
 * What names a `$user` attribute that the caller lacks is false either way: nobody sees more by lacking it.
 */
export function where(w: Writer, predicate: Predicate, scope: Scope, negated = false): string {
  switch (predicate.kind) {
    case 'all':
    case 'any':
      return group(w, predicate.of, scope, negated, (predicate.kind === 'all') === negated ? 'OR' : 'AND')
    case 'not':
      return where(w, predicate.of, scope, !negated)
    case 'compare':
      return compare(w, predicate, scope, negated)
    case 'toOne':
      return guarded(w, negated ? [predicate.of] : [], () => {
        const other = { entity: predicate.target, alias: w.alias() }
        return `${negated ? 'NOT ' : ''}EXISTS (SELECT 1 FROM ${quote(other.entity.table)} ${other.alias} WHERE ${other.alias}.id = ${scope.alias}.${mainColumn(predicate.field)} AND ${where(w, predicate.of, other)})`
      })
    case 'toMany':
      return toMany(w, predicate, scope, negated)
    case 'measure':
      return guarded(w, [predicate], () => negatable(negated, measure(w, predicate, scope)))
    case 'tree':
      return guarded(w, [predicate], () => negatable(negated, treeTest(w, predicate, scope)))
    case 'search':
      return negatable(negated, searchCondition(w, predicate, scope, (visible) => where(w, visible, scope)))
  }
}

function group(w: Writer, of: readonly Predicate[], scope: Scope, negated: boolean, word: 'AND' | 'OR'): string {
  if (of.length === 0) return word === 'AND' ? 'TRUE' : 'FALSE'
  return `(${of.map((part) => where(w, part, scope, negated)).join(` ${word} `)})`
}

const negatable = (negated: boolean, sql: string): string => (negated ? `(${sql}) IS NOT TRUE` : sql)

/** The main column of a field, quoted. */
export function mainColumn(field: Field): string {
  return quote(columnOf(field, undefined).name)
}

/** The column with a role, or the main one. @throws when the field is not stored */
export function columnOf(field: Field, role: 'fold' | undefined): PhysicalColumn {
  const column = field.columns.find((candidate) => candidate.role === role) ?? field.columns[0]
  if (column === undefined) throw new Problem('query.invalid', { reason: `${field.key} is not stored` })
  return column
}

// ── comparisons ──

function compare(w: Writer, predicate: Compare, scope: Scope, negated: boolean): string {
  const { field, operator, operand, visible, folded = false } = predicate
  const leaf = (): string =>
    guarded(w, negated ? [{ kind: 'compare', field, operator, operand }] : [], () => negatable(negated, comparison(w, field, operator, operand, scope.alias, folded)))
  if (visible === undefined) return leaf()
  return `(${where(w, visible, scope, negated)} ${negated ? 'OR' : 'AND'} ${leaf()})`
}

function comparison(w: Writer, field: Field, operator: Operator, operand: Operand, alias: string, folded: boolean): string {
  // Of a list it is asked whether it has the element: words alike are one; other elements are the very same.
  const column = columnOf(field, operator === '$contains' || operator === '$startsWith' || folded ? 'fold' : undefined)
  const name = `${alias}.${quote(column.name)}`
  const bound = binderOf(w, operand, operator, field, column)
  if ((operator === '$eq' || operator === '$in') && !folded && isFolded(field)) return equalText(w, field, operator, operand, alias)
  if (operator === '$contains') return column.kind === 'json' ? member(w, name, operand, field) : columnOf(field, undefined).kind === 'json' ? hasWord(w, name, bound) : contains(w, name, bound)
  if (operator === '$startsWith') return startsWith(w, name, operand, bound)
  return ordinary(w, name, operator, operand, column, bound, field)
}

/**
 * Text that is exactly so is among the text that is folded alike, and indexes are of folded text: one of each column serves
 * its order, what it begins with, and equality.
 */
function equalText(w: Writer, field: Field, operator: '$eq' | '$in', operand: Operand, alias: string): string {
  const [exact, alike] = [columnOf(field, undefined), columnOf(field, 'fold')]
  const equal = (column: PhysicalColumn, given: Operand, spelled?: Spelling): string => {
    const name = `${alias}.${quote(column.name)}`
    return ordinary(w, name, operator, given, column, binderOf(w, given, operator, field, column, spelled), field, spelled)
  }
  return isNull(operand) ? equal(alike, operand) : `(${equal(exact, operand)} AND ${equal(alike, operand, foldedCell)})`
}

/** What becomes of a cell before it is compared. */
type Spelling = (cell: Cell) => Cell
const foldedCell: Spelling = (cell) => (typeof cell === 'string' ? fold(cell) : cell)
const asItIs: Spelling = (cell) => cell

/** How the operand of one comparison is bound: a single driver value. */
type Bound = (bindings: Bindings) => unknown

function binderOf(w: Writer, operand: Operand, operator: Operator, field: Field | null, column: Shape, spelled: Spelling = asItIs): Bound {
  const encode = codec(w.dialect, column)
  switch (operand.kind) {
    case 'value': {
      const value = encode.operand(spelled(operand.cell))
      return () => value
    }
    case 'relative':
      return ({ now, timeZone }) => encode.operand(resolveRelative(operand.expression, now, timeZone, operand.as))
    case 'user':
      return (bindings) => {
        const [cell] = userCells(bindings.user(operand.attribute), operator, field) ?? []
        return cell === undefined ? null : encode.operand(spelled(cell))
      }
    case 'list':
      return () => null
  }
}

/** False where the caller lacks an attribute that the predicates name. */
function guarded(w: Writer, predicates: readonly Predicate[], sql: () => string): string {
  const attributes = [...new Set(predicates.flatMap(attributesOf))]
  if (attributes.length === 0) return sql()
  const guard = flag(w, (bindings) => attributes.every((name) => (bindings.user(name) ?? null) !== null))
  return `(${guard} AND ${sql()})`
}

function attributesOf(predicate: Predicate): readonly string[] {
  const own = 'operand' in predicate && predicate.operand.kind === 'user' ? [predicate.operand.attribute] : []
  switch (predicate.kind) {
    case 'all':
    case 'any':
      return predicate.of.flatMap(attributesOf)
    case 'tree':
      return [...own, ...attributesOf(predicate.rows)]
    case 'not':
    case 'toOne':
      return attributesOf(predicate.of)
    case 'toMany':
      return [...attributesOf(predicate.rows), ...attributesOf(predicate.of)]
    case 'measure':
      return [...own, ...attributesOf(predicate.rows)]
    case 'compare':
      return [...own, ...(predicate.visible === undefined ? [] : attributesOf(predicate.visible))]
    case 'search':
      return predicate.fields.flatMap(({ visible }) => (visible === undefined ? [] : attributesOf(visible)))
  }
}

/** A placeholder that is true or false. */
const flag = (w: Writer, test: (bindings: Bindings) => boolean): string =>
  w.dialect === 'sqlite' ? w.bound((bindings) => (test(bindings) ? 1 : 0)) : `${w.bound(test)}::boolean`

const signs: Partial<Record<Operator, string>> = { $eq: '=', $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' }

type Shape = Pick<PhysicalColumn, 'kind' | 'scale'>

function ordinary(w: Writer, name: string, operator: Operator, operand: Operand, column: Shape, bound: Bound, field: Field | null, spelled: Spelling = asItIs): string {
  if (operator === '$in') return inList(w, name, operand, operator, column, field, spelled)
  if (operator === '$nin') return usable(w, operand, operator, field, () => `(${inList(w, name, operand, operator, column, field)}) IS NOT TRUE`)
  const cast = w.dialect === 'postgres' && column.kind === 'json' ? '::jsonb' : ''
  if (operator === '$ne') {
    if (isNull(operand)) return `${name} IS NOT NULL`
    return usable(w, operand, operator, field, () => `(${name} = ${w.bound(bound)}${cast}) IS NOT TRUE`)
  }
  if (operator === '$eq' && isNull(operand)) return `${name} IS NULL`
  const sign = signs[operator]
  if (sign === undefined) throw new Problem('query.invalid', { reason: `${operator} cannot be used here` })
  return `${name} ${sign} ${w.bound(bound)}${cast}`
}

/** An operand of the caller's that is missing makes `$ne` and `$nin` false; NULL does that for the other operators. */
function usable(w: Writer, operand: Operand, operator: Operator, field: Field | null, sql: () => string): string {
  if (operand.kind !== 'user') return sql()
  const { attribute } = operand
  return `(${flag(w, (bindings) => userCells(bindings.user(attribute), operator, field) !== undefined)} AND ${sql()})`
}

const isNull = (operand: Operand): boolean => operand.kind === 'value' && operand.cell === null

/** The whole list is one placeholder, so that the text is the same for lists of any length. */
function inList(w: Writer, name: string, operand: Operand, operator: Operator, column: Shape, field: Field | null, spelled: Spelling = asItIs): string {
  const encode = codec(w.dialect, column)
  const driverList = (cells: readonly Cell[]): unknown => {
    const values = cells.map((cell) => encode.operand(spelled(cell)))
    return w.dialect === 'sqlite' ? JSON.stringify(values) : values
  }
  const many = (binder: Bound): string =>
    w.dialect === 'sqlite' ? `${name} IN (SELECT value FROM json_each(${w.bound(binder)}))` : `${name} = ANY(${w.bound(binder)}::${castType(column.kind)}[])`
  if (operand.kind === 'user') {
    const cells = (bindings: Bindings): readonly Cell[] => userCells(bindings.user(operand.attribute), operator, field) ?? []
    if (!w.isSingle(operand.attribute)) return many((bindings) => driverList(cells(bindings)))
    return `${name} = ${w.bound((bindings) => encode.operand(spelled(cells(bindings)[0] ?? null)))}`
  }
  const cells = operand.kind === 'list' ? operand.cells : operand.kind === 'value' ? [operand.cell] : []
  const values = cells.filter((cell) => cell !== null)
  const [only] = values
  const list = values.length === 1 && only !== undefined ? `${name} = ${w.value(encode.operand(spelled(only)))}` : many(constant(driverList(values)))
  return values.length < cells.length ? `(${list} OR ${name} IS NULL)` : list
}

const constant = (value: unknown): Bound => () => value

// ── text and arrays ──

/** A range, so that an index on the folded column serves it. */
function startsWith(w: Writer, name: string, operand: Operand, bound: Bound): string {
  if (operand.kind !== 'value' || typeof operand.cell !== 'string') return `substr(${name}, 1, length(${w.bound(bound)})) = ${w.bound(bound)}`
  const end = firstBehind(operand.cell)
  const from = `${name} >= ${w.bound(bound)}`
  return end === undefined ? from : `(${from} AND ${name} < ${w.value(end)})`
}

function member(w: Writer, name: string, operand: Operand, field: Field): string {
  const element = (bindings: Bindings): Cell | undefined =>
    operand.kind === 'user' ? userCells(bindings.user(operand.attribute), '$contains', field)?.[0] : operand.kind === 'value' ? operand.cell : undefined
  if (w.dialect === 'postgres') return `${name} @> ${w.bound((bindings) => JSON.stringify([element(bindings) ?? null]))}::jsonb`
  return `EXISTS (SELECT 1 FROM json_each(${name}) WHERE value = ${w.bound((bindings) => element(bindings) ?? null)})`
}

// ── trees ──

type Tree = Extract<Predicate, { kind: 'tree' }>

/** The records below one are a range of the paths, which the index serves; those above one stand in its own path. */
function treeTest(w: Writer, { via, direction, operand, rows }: Tree, scope: Scope): string {
  const table = quote(scope.entity.table)
  const { path, depth } = treeColumns(via)
  if (direction === '$level') return `${scope.alias}.${depth} = ${w.bound(binderOf(w, operand, '$eq', null, wholeId))}${w.dialect === 'postgres' ? '::bigint' : ''} - 1`
  const named = { entity: scope.entity, alias: w.alias() }
  const other = { entity: scope.entity, alias: w.alias() }
  const bound = binderOf(w, operand, '$eq', null, wholeId)
  const cast = w.dialect === 'postgres' ? '::bigint' : ''
  const at = `${named.alias}.id = ${w.bound(bound)}${cast} AND ${where(w, rows, named)}`
  if (direction === '$above') {
    const inside = (text: string): string => (w.dialect === 'sqlite' ? `instr(${named.alias}.${path}, ${text}) > 0` : `strpos(${named.alias}.${path}, ${text}) > 0`)
    return `EXISTS (SELECT 1 FROM ${table} ${named.alias} WHERE ${at} AND (${named.alias}.id = ${scope.alias}.id OR ${inside(`'/' || ${scope.alias}.id || '/'`)}))`
  }
  const under = `${named.alias}.${path} || ${named.alias}.id`
  return `${scope.alias}.id IN (SELECT ${other.alias}.id FROM ${table} ${named.alias} JOIN ${table} ${other.alias} ON ${other.alias}.id = ${named.alias}.id OR (${other.alias}.${path} >= ${under} || '/' AND ${other.alias}.${path} < ${under} || '0') WHERE ${at})`
}

const wholeId = { kind: 'integer' } as const

// ── relations ──

function toMany(w: Writer, predicate: ToMany, scope: Scope, negated: boolean): string {
  const every = predicate.quantifier === '$every'
  const exists = every ? negated : (predicate.quantifier === '$some') !== negated
  return guarded(w, exists ? [] : [predicate.of], () => {
    const other = { entity: predicate.target, alias: w.alias() }
    return `${exists ? '' : 'NOT '}EXISTS (SELECT 1 ${related(w, predicate, scope, other)} AND ${where(w, predicate.of, other, every)})`
  })
}

/** FROM and WHERE of the rows of a relation. */
function related(w: Writer, predicate: ToMany | Measure, scope: Scope, other: Scope): string {
  const { from, here } = relationSource(w, predicate.relation, other)
  return `FROM ${from} WHERE ${here} = ${scope.alias}.id AND ${where(w, predicate.rows, other)}`
}

/** The rows of a relation under `other`, and the column that holds the id of the record they belong to. */
export function relationSource(w: Writer, { name, field, through }: Relation, other: Scope): { readonly from: string; readonly here: string } {
  const rows = `${quote(other.entity.table)} ${other.alias}`
  if (through !== null) {
    const link = w.alias()
    return { from: `${quote(through.table)} ${link} JOIN ${rows} ON ${other.alias}.id = ${link}.${quote(through.there)}`, here: `${link}.${quote(through.here)}` }
  }
  const via = field === null ? undefined : other.entity.fields.get(field)
  if (via === undefined) throw new Problem('query.invalid', { reason: `${name} leads nowhere` })
  return { from: rows, here: `${other.alias}.${mainColumn(via)}` }
}

function measure(w: Writer, predicate: Measure, scope: Scope): string {
  const { field, operator, operand } = predicate
  const other = { entity: predicate.target, alias: w.alias() }
  if (predicate.measure === '$count') return countMeasure(w, predicate, scope, other)
  if (field === null) throw new Problem('query.invalid', { reason: `${predicate.measure} needs a field` })
  const column = columnOf(field, undefined)
  const name = `${other.alias}.${quote(column.name)}`
  const bound = binderOf(w, operand, operator, field, column)
  if (predicate.measure === '$avg') {
    // sum − operand × count against 0: exact on both databases, where a quotient would be rounded.
    const cast = w.dialect === 'postgres' ? '::numeric' : ''
    const difference = `(SELECT sum(${name}) - ${w.bound(bound)}${cast} * count(${name}) ${related(w, predicate, scope, other)})`
    return compareMeasure(w, difference, operator, { kind: 'value', cell: 0 }, wholeNumber, constant(w.dialect === 'sqlite' ? 0 : '0'))
  }
  const total = predicate.measure === '$sum' ? `coalesce(sum(${name}), 0)` : `${predicate.measure.slice(1)}(${name})`
  return compareMeasure(w, `(SELECT ${total} ${related(w, predicate, scope, other)})`, operator, operand, column, bound)
}

/** Unlike a field, a measure that is missing (no rows) makes the comparison false under every operator. */
function compareMeasure(w: Writer, sql: string, operator: Operator, operand: Operand, column: Shape, bound: Bound): string {
  if (operator === '$ne') return `${sql} <> ${w.bound(bound)}`
  if (operator === '$nin') return `NOT (${inList(w, sql, operand, operator, column, null)})`
  return ordinary(w, sql, operator, operand, column, bound, null)
}

const wholeNumber = { kind: 'decimal', scale: 0 } as const

/** Counting stops as soon as the comparison is decided. */
function countMeasure(w: Writer, predicate: Measure, scope: Scope, other: Scope): string {
  const { operator, operand } = predicate
  const stop = operand.kind === 'value' && typeof operand.cell === 'number' ? ` LIMIT ${String(Math.floor(Math.min(Math.max(operand.cell, 0), 1e15)) + 1)}` : ''
  const cast = w.dialect === 'postgres' ? '::numeric' : ''
  const count = `(SELECT count(*)${cast} FROM (SELECT 1 ${related(w, predicate, scope, other)}${stop}) counted)`
  return compareMeasure(w, count, operator, operand, wholeNumber, binderOf(w, operand, operator, null, wholeNumber))
}
