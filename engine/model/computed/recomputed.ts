/** Which computed fields a change of the definitions makes out of date, in the order in which they need each other. Pure. */
import type { Json } from '../../../metadata/contract/json.js'
import type { Entity, Field, Model } from '../model.js'
import { sourcesOf } from './sources.js'

/** Fields of an entity, by name, that can be computed together. */
export interface FieldsOf {
  readonly entity: string
  readonly fields: readonly string[]
}

/** Fields whose values `after` would compute otherwise than `before` did; names are those of `after`. */
export function recomputed(before: Model, after: Model): readonly FieldsOf[] {
  const known = new Map([...before.entities.values()].flatMap((entity) => derivedFields(entity).map((field) => [`${entity.id}.${field.id}`, signature(before, entity, field)])))
  return ranked(after, (entity, field) => known.get(`${entity.id}.${field.id}`) !== signature(after, entity, field))
}

/** All computed fields. */
export const computedFieldsOf = (model: Model): readonly FieldsOf[] => ranked(model, () => true)

function ranked(model: Model, wanted: (entity: Entity, field: Field) => boolean): readonly FieldsOf[] {
  const byRank = new Map<number, Map<string, string[]>>()
  const ranks: Ranks = new Map()
  for (const entity of model.entities.values()) {
    for (const field of derivedFields(entity)) {
      if (!wanted(entity, field)) continue
      const rank = rankOf(model, entity, field, ranks)
      const fields = byRank.get(rank) ?? new Map<string, string[]>()
      byRank.set(rank, fields.set(entity.name, [...(fields.get(entity.name) ?? []), field.key]))
    }
  }
  return [...byRank].toSorted(([a], [b]) => a - b).flatMap(([, fields]) => [...fields].map(([entity, keys]) => ({ entity, fields: keys })))
}

const derivedFields = (entity: Entity): readonly Field[] => [...entity.fields.values()].filter(({ derived }) => derived !== null)

/** All that a value depends on, by identity, so that another name is not another value. */
function signature(model: Model, entity: Entity, field: Field): string {
  const { derived } = field
  const sources = sourcesOf(model, entity, field)
  const identities = new Map(sources.map(([, source]) => [source.key, source.id]))
  const named = (text: string): string => text.replace(/[A-Za-z]\w*/g, (word) => identities.get(word) ?? word)
  const renamed = (value: Json | undefined): string => named(JSON.stringify(value ?? null))
  const how = derived?.kind === 'rollup' ? [derived.measure, derived.subtree, renamed(derived.where)] : [named(derived?.cel ?? '')]
  return JSON.stringify([field.type.name, field.options, how, ...(hasDays(field) ? [model.timeZone] : []), sources.map(([owner, source]) => [owner.id, source.id, source.type.name, source.columns.map(({ kind, scale }) => [kind, scale ?? 0])])])
}

/** True for a value that hangs on when days begin. */
function hasDays({ derived }: Field): boolean {
  if (derived?.kind === 'rollup') return derived.moving
  return derived !== null && (derived.daily || /\bdate\s*\(/.test(derived.cel ?? ''))
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
