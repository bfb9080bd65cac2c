/** The entities as boxes with their key fields, and the references between them as arrows. Pure. */
import { isObject } from '../../../metadata/contract/json.js'
import type { UiField, UiModel } from '../../../metadata/contract/ui-model.js'
import { listOf, objectOf, textOf, type EntityDefinition, type FieldDefinition } from '../draft/definitions.js'

export interface Box {
  readonly entity: EntityDefinition
  /** What names a record, what is known of it at a glance, and what it refers to. */
  readonly fields: readonly FieldDefinition[]
}

/** A field that refers to records of another entity, or of its own. */
export interface Arrow {
  readonly from: string
  readonly to: string
  readonly field: FieldDefinition
}

export interface Diagram {
  readonly boxes: readonly Box[]
  readonly arrows: readonly Arrow[]
}

const fieldsMax = 9

/**
 * @param entities those that are drawn; an arrow to another one is left out
 * @param model the screens' model of the draft: it knows where fields lead whose type says it, such as people
 */
export function diagramOf(entities: readonly EntityDefinition[], model?: Pick<UiModel, 'entities'>): Diagram {
  const names = new Set(entities.map(({ name }) => name))
  const arrows = entities.flatMap((entity) => entity.fields.filter(({ archived }) => !archived).flatMap((field) => targetsOf(field, model?.entities[entity.name]?.fields.find(({ key }) => key === field.key)).filter((to) => names.has(to)).map((to): Arrow => ({ from: entity.name, to, field }))))
  const rows = entities.flatMap(({ name, lines }): readonly Arrow[] => (lines !== null && names.has(lines.of) ? entities.filter((owner) => owner.name === lines.of).flatMap((owner) => owner.fields.filter(({ key }) => key === lines.field).map((field) => ({ from: lines.of, to: name, field }))) : []))
  return { boxes: entities.map((entity) => ({ entity, fields: keyFields(entity, arrows) })), arrows: [...arrows, ...rows] }
}

/** Entities that a field refers to by itself: not what is computed over other references. */
function targetsOf({ property }: FieldDefinition, seen: UiField | undefined): readonly string[] {
  const { to, via, of } = objectOf(property['crm'])
  if (via !== undefined || of !== undefined || seen?.computed !== undefined) return []
  const named = [to ?? null, ...listOf(to), seen?.to ?? null, seen?.listOf ?? null, ...(seen?.targets ?? [])]
  return [...new Set(named.filter((name) => typeof name === 'string'))]
}

function keyFields({ document, fields, name }: EntityDefinition, arrows: readonly Arrow[]): readonly FieldDefinition[] {
  const crm = isObject(document['crm']) ? document['crm'] : {}
  const named = textOf(crm['display']) || (fields.find(({ key }) => key === 'name' || key === 'title')?.key ?? '')
  const keys = [...new Set([named, ...listOf(crm['facts']).map((key) => (typeof key === 'string' ? key : '')), ...arrows.filter(({ from }) => from === name).map(({ field }) => field.key)])]
  return keys.flatMap((key) => fields.find((field) => field.key === key && !field.archived) ?? []).slice(0, fieldsMax)
}
