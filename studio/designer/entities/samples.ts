/** Where the records of a field of the draft are, and which of their values tell most. Pure. */
import type { Json } from '../../../metadata/contract/json.js'
import { canonical, objectOf, textOf, type EntityDefinition, type FieldDefinition } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'

/** Names under which a field of the draft is published, as both may have been renamed; null where it is not. */
export function publishedPlace(published: Documents, entity: EntityDefinition, field: FieldDefinition): { readonly entity: string; readonly key: string } | null {
  // What is made of a list of objects has no document; its names are those of the schema.
  if (entity.lines !== null && field.inferred) return { entity: entity.name, key: field.key }
  const identity = textOf(objectOf(entity.document['crm'])['id']) || entity.name
  const found = Object.entries(published).find(([path, document]) => path.endsWith('/entity.json') && (textOf(objectOf(document['crm'])['id']) || path.slice(0, path.indexOf('/'))) === identity)
  if (found === undefined) return null
  const [path, document] = found
  const key = Object.entries(objectOf(document['properties'])).find(([name, property]) => (textOf(objectOf(objectOf(property)['crm'])['id']) || name) === field.id)?.[0]
  return key === undefined ? null : { entity: path.slice(0, path.indexOf('/')), key }
}

/** Values that differ, in their order, no more than `most`; what is empty is none. */
export function differentValues(values: readonly Json[], most: number): readonly Json[] {
  const found = new Map<string, Json>()
  for (const value of values) {
    if (found.size === most) break
    if (value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)) found.set(canonical(value), found.get(canonical(value)) ?? value)
  }
  return [...found.values()]
}
