/** Adds a reference from one entity to another, with its list on the other side; titles are those of the entities. */
import { entityPath, objectOf, suggestName, textLanguages, textOf, translated, type EntityDefinition } from '../draft/definitions.js'
import type { Documents, Operation } from '../draft/operations.js'
import { addField } from './add-field.js'
import { setTranslation } from './set-field.js'

export interface AddReference {
  readonly from: EntityDefinition
  readonly to: EntityDefinition
  /** All entities: the name of the list must be free among those on the other side. */
  readonly all: readonly EntityDefinition[]
}

/** The key of the new field, and what makes it. */
export function addReference(documents: Documents, { from, to, all }: AddReference): { readonly key: string; readonly operations: readonly Operation[] } {
  const key = suggestName(to.title, to.name, from.fields.map((field) => field.key))
  const lists = all.flatMap(({ fields }) => fields.map(({ property }) => objectOf(property['crm'])).filter((crm) => crm['to'] === to.name).map((crm) => textOf(crm['inverse'])))
  const inverse = suggestName(from.plural, from.name, [...to.fields.map((field) => field.key), ...lists])
  const path = entityPath(from.name)
  const title = textOf(to.document['title'])
  const property = { ...(title === '' ? {} : { title }), crm: { type: 'reference', to: to.name, inverse } }
  const titles = textLanguages(documents).flatMap((tag) => setTranslation(documents, tag, path, `/properties/${key}/title`, translated(documents, tag, to.path, '/title')))
  return { key, operations: [...addField(documents, { entity: from.name, key, property, required: false, inForm: true, inList: false }), ...titles] }
}
