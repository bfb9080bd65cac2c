/** Which records belong to those of an entity: its rows are archived, restored and erased with them. */
import type { Entity, Field } from './model.js'

export interface Owned {
  readonly entity: Entity
  /** The owned reference to the owner. */
  readonly via: Field
}

type Entities = ReadonlyMap<string, Entity>

const known = new WeakMap<Entities, ReadonlyMap<string, readonly Owned[]>>()

/** What the records of an entity own. */
export function ownedBy(entities: Entities, entity: Entity): readonly Owned[] {
  let all = known.get(entities)
  if (all === undefined) known.set(entities, (all = compute(entities)))
  return all.get(entity.name) ?? []
}

function compute(entities: Entities): ReadonlyMap<string, readonly Owned[]> {
  const all = new Map<string, Owned[]>()
  for (const entity of entities.values()) {
    for (const via of entity.fields.values()) {
      if (via.link?.owned === true) all.set(via.link.to, [...(all.get(via.link.to) ?? []), { entity, via }])
    }
  }
  return all
}
