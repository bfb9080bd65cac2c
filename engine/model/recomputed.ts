/** Which computed fields a change of the definitions makes out of date, in the order in which they need each other. Pure. */
import type { Json } from '../../metadata/contract/json.js'
import type { Entity, Field, Model } from './model.js'

/** Fields of an entity, by name, that can be computed together. */
export interface FieldsOf {
  readonly entity: string
  readonly fields: readonly string[]
}

/** Fields whose values `after` would compute otherwise than `before` did; names are those of `after`. */
export function recomputed(before: Model, after: Model): readonly FieldsOf[] {
  const known = new Map([...before.entities.values()].flatMap((entity) => derivedFields(entity).map((field) => [`${entity.id}.${field.id}`, signature(before, entity, field)])))
  const byRank = new Map<number, Map<string, string[]>>()
  const ranks: Ranks = new Map()
  for (const entity of after.entities.values()) {
    for (const field of derivedFields(entity)) {
      if (known.get(`${entity.id}.${field.id}`) === signature(after, entity, field)) continue
      const rank = rankOf(after, entity, field, ranks)
      const fields = byRank.get(rank) ?? new Map<string, string[]>()
      byRank.set(rank, fields.set(entity.name, [...(fields.get(entity.name) ?? []), field.key]))
    }
  }
  return [...byRank].toSorted(([a], [b]) => a - b).flatMap(([, fields]) => [...fields].map(([entity, keys]) => ({ entity, fields: keys })))
}

const derivedFields = (entity: Entity): readonly Field[] => [...entity.fields.values()].filter(({ derived }) => derived !== null)

/** Every field that another is computed from, with its entity; the links on the way too. */
function sourcesOf(model: Model, entity: Entity, field: Field): readonly (readonly [Entity, Field])[] {
  const { derived } = field
  if (derived === null) return []
  const at = (owner: Entity | undefined, key: string | null): readonly (readonly [Entity, Field])[] => {
    const found = key === null ? undefined : owner?.fields.get(key)
    return owner === undefined || found === undefined ? [] : [[owner, found]]
  }
  if (derived.kind === 'rollup') {
    const counted = model.entities.get(derived.entity)
    return [derived.via, derived.field, derived.by, ...derived.asked].flatMap((key) => at(counted, key))
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

/** All that a value depends on, by identity, so that another name is not another value. */
function signature(model: Model, entity: Entity, field: Field): string {
  const { derived } = field
  const sources = sourcesOf(model, entity, field)
  const identities = new Map(sources.map(([, source]) => [source.key, source.id]))
  const named = (text: string): string => text.replace(/[A-Za-z]\w*/g, (word) => identities.get(word) ?? word)
  const renamed = (value: Json | undefined): string => named(JSON.stringify(value ?? null))
  const how = derived?.kind === 'rollup' ? [derived.measure, renamed(derived.where)] : [named(derived?.cel ?? '')]
  return JSON.stringify([field.type.name, field.options, how, sources.map(([owner, source]) => [owner.id, source.id, source.type.name, source.columns.map(({ kind, scale }) => [kind, scale ?? 0])])])
}

type Ranks = Map<Field, number>

/** Computed from ordinary fields only: 0; otherwise one more than what it is computed from. */
function rankOf(model: Model, entity: Entity, field: Field, ranks: Ranks): number {
  const known = ranks.get(field)
  if (known !== undefined) return known
  const below = sourcesOf(model, entity, field).filter(([, source]) => source.derived !== null)
  const rank = below.length === 0 ? 0 : 1 + Math.max(...below.map(([owner, source]) => rankOf(model, owner, source, ranks)))
  ranks.set(field, rank)
  return rank
}
