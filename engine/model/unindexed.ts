/** Which fields a question goes through all records for, although an index could find the ones that fit. Pure. */
import { isObject, type Json } from '../../metadata/contract/json.js'
import type { Operator } from '../../metadata/contract/operators.js'
import type { Predicate } from './conditions/predicate.js'
import { unindexable } from './indexable.js'
import type { Entity, Field } from './model.js'

interface Question {
  /** What comes first in the order of the list. */
  readonly first: Field | undefined
  /** Fields that all records of the answer meet a test of; `fixed`: by one value. */
  readonly named: readonly { readonly field: Field; readonly fixed: boolean }[]
  /** Something else finds the records already: words that are looked for, a place in a tree. */
  readonly found: boolean
}

/** Of a list as it is defined. */
export function unindexedInList(entity: Entity, filter: Json | undefined, sort: Json | undefined): readonly Field[] {
  const named = Object.entries(isObject(filter) ? filter : {}).flatMap(([key, test]) => {
    const field = own(entity.fields.get(key))
    return field === undefined ? [] : [{ field, fixed: !isObject(test) }]
  })
  return unindexed(entity, { first: own(entity.fields.get(typeof sort === 'string' ? (sort.split(',')[0]?.trim().replace(/^-/, '') ?? '') : '')), named, found: false })
}

/** Of a question as it was asked, with what the asker may read. @param sort fields in the order of the answer */
export function unindexedInQuestion(entity: Entity, rows: Predicate, sort: readonly Field[]): readonly Field[] {
  const parts = rows.kind === 'all' ? rows.of : [rows]
  const named = parts.flatMap((part) => {
    const field = part.kind === 'compare' && narrowing.has(part.operator) ? own(part.field) : undefined
    return part.kind === 'compare' && field !== undefined ? [{ field, fixed: part.operator === '$eq' }] : []
  })
  return unindexed(entity, { first: own(sort[0]), named, found: parts.some(({ kind }) => kind === 'search' || kind === 'tree') })
}

/** Tests whose answer stands together in an index. */
const narrowing: ReadonlySet<Operator> = new Set(['$eq', '$in', '$gt', '$gte', '$lt', '$lte', '$startsWith'])

/** A field that can have an index of its own: a part of a value has it with its whole. */
const own = (field: Field | undefined): Field | undefined =>
  field === undefined || field.system || field.within !== null || field.columns.length === 0 || unindexable(field, '', false) !== undefined ? undefined : field

function unindexed(entity: Entity, { first, named, found }: Question): readonly Field[] {
  const narrowed = found || named.some(({ field }) => isIndexed(entity, field)) ? [] : named.map(({ field }) => field)
  const fixed = named.flatMap((one) => (one.fixed ? one.field.columns.map(({ name }) => name) : []))
  // Of a few records that were found by something else the order costs nothing.
  const ordered = first === undefined || found || isIndexed(entity, first, fixed) ? [] : [first]
  return [...new Set([...ordered, ...narrowed])]
}

/** Does an index have the records in the order of the field? @param fixed columns with one value, which may stand before it */
const isIndexed = (entity: Entity, field: Field, fixed: readonly string[] = []): boolean =>
  field.unique || entity.indexes.some(({ columns, unique }) => {
    const next = columns.find((column) => !fixed.includes(column) || field.columns.some(({ name }) => name === column))
    return !unique && field.columns.some(({ name }) => name === next)
  })
