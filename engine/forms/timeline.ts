/** Which related records stand in the timeline of a record, as far as the caller may know of them. Pure. */
import type { Entity, Relation } from '../model/model.js'
import { momentKind } from '../model/moment.js'
import type { Access, EntityAccess } from '../permissions/access.js'
import { mayCompare } from './visible.js'

export interface TimelineSource {
  readonly relation: Relation
  /** Rights on the records of the relation. */
  readonly other: EntityAccess
  /** Key of the moment or day at which one of them stands. */
  readonly at: string
  /** It is a day, which begins at midnight. */
  readonly byDay: boolean
}

/**
 * What was written about a record (by a reference to one of several entities) stands where it was written; what else the
 * entity's `timeline` names (`purchases.at`) at the moment that is named there.
 */
export function timelineOf(access: Access, entity: Entity): readonly TimelineSource[] {
  const named = new Map(entity.timeline.map((path) => path.split('.') as [string, string]))
  return [...entity.relations.values()].flatMap((relation): readonly TimelineSource[] => {
    const other = access.entity(relation.entity)
    const { field } = relation
    if (other === undefined || field === null) return []
    const within = other.entity.fields.get(field)?.within ?? null
    const at = named.get(relation.name) ?? (within === null ? undefined : 'createdAt')
    if (at === undefined || other.field(field)?.how !== 'full' || !mayCompare(access, relation.entity, at)) return []
    const kind = momentKind(other.entity, at)
    return kind === undefined ? [] : [{ relation, other, at, byDay: kind === 'date' }]
  })
}
