/** Which sensitive fields a question is about: a filter, an order or a sum tells of values that the answer does not show. Pure. */
import type { Entity, Field } from '../../model/model.js'
import type { Predicate } from '../../model/conditions/predicate.js'

/** Sensitive fields of one entity. */
export interface Asked {
  readonly entity: Entity
  readonly fields: readonly Field[]
}

/** @param fields what is sorted, grouped and measured by @param filter as the caller sent it, without row rules */
export function askedIn(entity: Entity, filter: Predicate, fields: readonly { readonly of: Entity; readonly field: Field | null }[]): readonly Asked[] {
  const found = new Map<Entity, Set<Field>>()
  const put = (of: Entity, field: Field | null): void => {
    if (field?.sensitive !== true) return
    const known = found.get(of)
    if (known === undefined) found.set(of, new Set([field]))
    else known.add(field)
  }
  for (const { of, field } of fields) put(of, field)
  walk(entity, filter, put)
  return [...found].map(([of, some]) => ({ entity: of, fields: [...some] }))
}

function walk(entity: Entity, predicate: Predicate, put: (entity: Entity, field: Field | null) => void): void {
  switch (predicate.kind) {
    case 'all':
    case 'any':
      for (const part of predicate.of) walk(entity, part, put)
      return
    case 'not':
      walk(entity, predicate.of, put)
      return
    case 'compare':
      put(entity, predicate.field)
      return
    case 'toOne':
    case 'toMany':
      walk(predicate.target, predicate.of, put)
      return
    case 'measure':
      put(predicate.target, predicate.field)
      walk(predicate.target, predicate.rows, put)
      return
    default: // a tree names no values; what a search found is told by the search
  }
}
