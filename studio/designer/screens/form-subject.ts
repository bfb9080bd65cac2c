/** What the preview of a form draws: the entity as the draft has it, with the values of a record that is there. Pure. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiField, UiFormElement, UiModel } from '../../../metadata/contract/ui-model.js'
import { objectOf, textOf, type EntityDefinition, type FieldDefinition, type Published } from '../draft/definitions.js'
import { shownField } from '../entry.js'
import { control } from './form-tree.js'

const noRights = { create: false, update: false, archive: false, purge: false, export: false, history: false }

/** The entity as the draft has it. What was typed a moment ago is ahead of `drafted`: it is made of its definition. */
export function subjectOf(entity: EntityDefinition, drafted: UiModel): UiEntity {
  const base: UiEntity = drafted.entities[entity.name] ?? {
    name: entity.name, title: entity.title, plural: entity.plural, icon: entity.icon, facts: [], timeline: [], fields: [], relations: [], lists: [], rules: [], schema: {}, may: noRights, searchable: false,
    form: { type: 'VerticalLayout', elements: [] },
  }
  const system = base.fields.filter(({ system: own }) => own)
  return { ...base, fields: [...entity.fields.filter(({ archived }) => !archived).map((field) => fieldFor(field, base)), ...system] }
}

/** Key under which a field is in force; its own when it is new. */
function keyNow(published: Published, { path }: Pick<EntityDefinition, 'path'>, { id, key }: FieldDefinition): string {
  const properties = Object.entries(objectOf(published.documents[path]?.['properties']))
  return properties.find(([name, property]) => (textOf(objectOf(objectOf(property)['crm'])['id']) || name) === id)?.[0] ?? key
}

function fieldFor(field: FieldDefinition, base: UiEntity): UiField {
  const live = base.fields.find(({ key }) => key === field.key)
  // A computed field has the type of its values there and its kind here.
  if (live !== undefined && (live.computed ?? live.type) === field.type) return { ...live, title: field.title, required: field.required }
  const { crm, ...keywords } = field.property
  return shownField(field.key, field.title, field.type, { ...keywords, ...objectOf(crm) }, field.required)
}

/** The values of a record under the keys that the draft has for them. */
export const valuesFor = (entity: EntityDefinition, published: Published, record: JsonObject): JsonObject =>
  ({ ...record, ...Object.fromEntries(entity.fields.map((field) => [field.key, record[keyNow(published, entity, field)] ?? null])) })

/** The form to begin with where the draft has none: the generated one, else the fields below each other. */
export function generatedForm(entity: EntityDefinition, subject: UiEntity): UiFormElement {
  const known = subject.form.elements ?? []
  return known.length > 0 ? subject.form : { type: 'VerticalLayout', elements: entity.fields.filter(({ archived }) => !archived).map(({ key }) => control(key) as unknown as UiFormElement) }
}
