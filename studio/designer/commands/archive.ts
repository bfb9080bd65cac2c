/** Puts fields and entities away and brings them back. Their data stays. What was never published is simply removed. */
import { entityPath, listOf, objectOf } from '../draft/definitions.js'
import { applyAll, pointer, type Documents, type Operation } from '../draft/operations.js'
import { requireField, setSetting, type FieldPlace } from './set-field.js'
import { setValue } from './set-value.js'

/** Every record would otherwise have to have a value that no form asks for any more. */
export const archiveField = (documents: Documents, field: FieldPlace): readonly Operation[] =>
  [...requireField(documents, field, false), ...setSetting(documents, field, 'archived', true)]

export const restoreField = (documents: Documents, field: FieldPlace): readonly Operation[] => setSetting(documents, field, 'archived', undefined)

/** For a field that exists only in this draft: it goes, and every place of the entity's own screens that shows it. */
export function removeField(documents: Documents, { entity, key }: FieldPlace): readonly Operation[] {
  const path = entityPath(entity)
  if (!Object.hasOwn(objectOf(documents[path]?.['properties']), key)) return []
  const remove: Operation = { op: 'remove', path: pointer(path, 'properties', key) }
  const display = objectOf(documents[path]?.['crm'])['display'] === key ? setValue(documents, [path, 'crm', 'display'], undefined) : []
  return [...screenOperations(documents, entity, key), ...requireField(documents, { entity, key }, false), ...display, remove]
}

/** Takes a field out of the forms and lists of its entity, deepest and last places first so that the others keep theirs. */
function screenOperations(documents: Documents, entity: string, key: string): readonly Operation[] {
  return Object.entries(documents).flatMap(([path, document]): readonly Operation[] => {
    if (path.startsWith(`${entity}/form.`)) return controlsOf(document['elements'], `#/properties/${key}`, [path, 'elements']).map((place) => ({ op: 'remove', path: pointer(...place) }))
    if (!path.startsWith(`${entity}/view.`)) return []
    const index = listOf(document['columns']).indexOf(key)
    return index < 0 ? [] : [{ op: 'remove', path: pointer(path, 'columns', index) }]
  })
}

type Place = readonly (string | number)[]

function controlsOf(elements: unknown, scope: string, at: Place): readonly Place[] {
  if (!Array.isArray(elements)) return []
  return (elements as readonly unknown[])
    .flatMap((element, index): readonly Place[] => {
      const { scope: own, elements: inner } = element as { readonly scope?: unknown; readonly elements?: unknown }
      return own === scope ? [[...at, index]] : controlsOf(inner, scope, [...at, index, 'elements'])
    })
    .toReversed()
}

/** Fields of other entities that point to it are put away with it: they would lead nowhere. */
export function archiveEntity(documents: Documents, entity: string): readonly Operation[] {
  const links = Object.entries(documents).flatMap(([path, document]): readonly Operation[] => {
    if (!path.endsWith('/entity.json') || path === entityPath(entity)) return []
    const name = path.slice(0, -'/entity.json'.length)
    // One field after the other: each may shorten the list of required fields.
    let current = documents
    return Object.entries(objectOf(document['properties'])).flatMap(([key, property]) => {
      const crm = objectOf(objectOf(property)['crm'])
      if (crm['to'] !== entity || crm['archived'] === true) return []
      const operations = archiveField(current, { entity: name, key })
      current = applyAll(current, operations)
      return operations
    })
  })
  return [...links, ...setValue(documents, [entityPath(entity), 'crm', 'archived'], true)]
}

export const restoreEntity = (documents: Documents, entity: string): readonly Operation[] => setValue(documents, [entityPath(entity), 'crm', 'archived'], undefined)

/** For an entity that exists only in this draft. */
export function removeEntity(documents: Documents, entity: string): readonly Operation[] {
  const groups = listOf(documents['layer.json']?.['navigation'])
  const navigation = groups.flatMap((group, index): readonly Operation[] => {
    const at = listOf(objectOf(group)['entities']).indexOf(entity)
    return at < 0 ? [] : [{ op: 'remove', path: pointer('layer.json', 'navigation', index, 'entities', at) }]
  })
  const own = Object.keys(documents).filter((path) => path.startsWith(`${entity}/`))
  return [...navigation, ...own.map((path): Operation => ({ op: 'remove', path: pointer(path) }))]
}
