/** What a computed field is computed from. */
import type { Entity, Field, Model } from '../model.js'
import { treeField } from '../tree.js'

/** Every field that another is computed from, with its entity; the links on the way too. */
export function sourcesOf(model: Model, entity: Entity, field: Field): readonly (readonly [Entity, Field])[] {
  const { derived } = field
  if (derived === null) return []
  const at = (owner: Entity | undefined, key: string | null): readonly (readonly [Entity, Field])[] => {
    const found = key === null ? undefined : owner?.fields.get(key)
    return owner === undefined || found === undefined ? [] : [[owner, found]]
  }
  if (derived.kind === 'rollup') {
    const counted = model.entities.get(derived.entity)
    const tree = derived.subtree ? treeField(entity) : undefined
    return [...[derived.via, derived.field, derived.by, ...derived.asked].flatMap((key) => at(counted, key)), ...(tree === undefined ? [] : [[entity, tree] as const])]
  }
  return derived.paths.flatMap((path) => {
    let owner: Entity | undefined = entity
    return path.flatMap((key) => {
      const found = at(owner, key)
      owner = model.entities.get(found[0]?.[1].link?.to ?? '')
      return found
    })
  })
}
