/**
 * A condition after it was resolved against the model: names are fields, operands are cells, rights are checked and
 * the row rules of every entity that is passed on the way are built in. `storage/queries/where.ts` turns it into SQL.
 * Every predicate is true or false, never unknown: a comparison with a missing value is false (`$ne`, `$nin`: true).
 */
import type { Operator, Quantifier, RelationMeasure, TreeOperator } from '../../../metadata/contract/operators.js'
import type { Cell } from '../../fields/contract.js'
import type { Entity, Field, Relation } from '../model.js'

export type Predicate =
  | { readonly kind: 'all'; readonly of: readonly Predicate[] }
  | { readonly kind: 'any'; readonly of: readonly Predicate[] }
  | { readonly kind: 'not'; readonly of: Predicate }
  /**
   * A comparison of a field of the current record. `visible` holds where the caller sees the field on some rows only:
   * on the others the comparison is false. `folded`: text is compared as it is folded, and so is the operand.
   */
  | { readonly kind: 'compare'; readonly field: Field; readonly operator: Operator; readonly operand: Operand; readonly visible?: Predicate; readonly folded?: boolean }
  /** The record that `field` points to satisfies `of` (which includes the row rule of that entity); false when there is none. */
  | { readonly kind: 'toOne'; readonly field: Field; readonly target: Entity; readonly of: Predicate }
  /** `rows` = row rule of the other entity and not archived; `of` = what is asked of those rows. */
  | { readonly kind: 'toMany'; readonly relation: Relation; readonly target: Entity; readonly quantifier: Quantifier; readonly rows: Predicate; readonly of: Predicate }
  /** An aggregate over the rows of a relation that satisfy `rows`. No rows: count and sum are 0, the others missing, so the comparison is false (also `$ne` and `$nin`). */
  | { readonly kind: 'measure'; readonly relation: Relation; readonly target: Entity; readonly rows: Predicate; readonly measure: RelationMeasure; readonly field: Field | null; readonly operator: Operator; readonly operand: Operand }
  /** The record is the one whose id is the operand, or stands below or above it in its tree; or it stands on the level that the operand says. `rows`: which records may be named. */
  | { readonly kind: 'tree'; readonly via: Field; readonly direction: TreeOperator; readonly operand: Operand; readonly rows: Predicate }
  | Search

/** Free text: every word of `terms` (folded) stands in some of `fields`. Each field comes with where it is visible. */
export interface Search {
  readonly kind: 'search'
  readonly terms: readonly string[]
  readonly fields: readonly { readonly field: Field; readonly visible?: Predicate }[]
  /** The words as they were typed, folded, with one space between. */
  readonly phrase: string
  /** The field that names a record, when it is among `fields` and seen on every row: what it holds counts more. */
  readonly title: Field | null
}

/** What a field is compared with. Placeholders are bound per request, so that a role's rules compile once. */
export type Operand =
  | { readonly kind: 'value'; readonly cell: Cell }
  | { readonly kind: 'list'; readonly cells: readonly Cell[] }
  /** `$user.<attribute>`; an attribute that is missing makes the comparison false, also under `$ne` and `$not` (no rows). */
  | { readonly kind: 'user'; readonly attribute: string }
  /** A relative time such as `now-90d` or `now/d`, bound when the statement runs. See `metadata/contract/time.ts`. */
  | { readonly kind: 'relative'; readonly expression: string; readonly as: 'date' | 'instant' }

/** Always true: no condition. */
export const everything: Predicate = { kind: 'all', of: [] }
/** Always false. */
export const nothing: Predicate = { kind: 'any', of: [] }

/** Conjunction without needless nesting. */
export function all(...parts: readonly Predicate[]): Predicate {
  const of = parts.flatMap((part) => (part.kind === 'all' ? part.of : [part]))
  if (of.some((part) => part.kind === 'any' && part.of.length === 0)) return nothing
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'all', of }
}

/** Disjunction without needless nesting. */
export function any(...parts: readonly Predicate[]): Predicate {
  const of = parts.flatMap((part) => (part.kind === 'any' ? part.of : [part]))
  if (of.some((part) => part.kind === 'all' && part.of.length === 0)) return everything
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'any', of }
}
