/** The operators of the condition language. Each has one SQL form (`engine/storage/queries/where.ts`) and one form in memory (`condition.ts`). */

/** A comparison of one field with one operand. `$below` and `$above`: the record is the named one, or stands below (above) it in its tree. `$level`: it stands on that level, 1 at the top. `$segment`: it is in the segment of that name. */
export const operators = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$contains', '$startsWith', '$below', '$above', '$level', '$segment'] as const
export type Operator = (typeof operators)[number]

/** Of records that form a tree. */
export const treeOperators = ['$below', '$above', '$level'] as const satisfies readonly Operator[]
export type TreeOperator = (typeof treeOperators)[number]
export const isTreeOperator = (operator: Operator): operator is TreeOperator => treeOperators.some((one) => one === operator)

/** Quantifiers over a to-many relation. `$some` also selects the rows that the aggregates count. */
export const quantifiers = ['$some', '$none', '$every'] as const
export type Quantifier = (typeof quantifiers)[number]

/** Aggregates over a to-many relation inside a condition. */
export const relationMeasures = ['$count', '$sum', '$min', '$max', '$avg'] as const
export type RelationMeasure = (typeof relationMeasures)[number]

/** Measures of `POST .../aggregate`. */
export const measures = ['count', 'sum', 'avg', 'min', 'max'] as const
export type Measure = (typeof measures)[number]

/** Calendar buckets for grouping dates and instants, written `field:bucket`. */
export const buckets = ['year', 'quarter', 'month', 'week', 'day'] as const
export type Bucket = (typeof buckets)[number]
