/** Puts fields and entities away and brings them back. Their data stays. What was never published is simply removed. */
import { entityPath, listOf, objectOf, textLanguages } from '../draft/definitions.js'
import { applyAll, pointer, type Documents, type Operation } from '../draft/operations.js'
import { fieldOf, placesIn, readForm, writeForm, type FormNode } from '../screens/form-tree.js'
import { requireField, setSetting, type FieldPlace } from './set-field.js'
import { setValue } from './set-value.js'

/** Every record would otherwise have to have a value that no form asks for any more. */
export const archiveField = (documents: Documents, field: FieldPlace): readonly Operation[] =>
  [...requireField(documents, field, false), ...setSetting(documents, field, 'archived', true)]

export const restoreField = (documents: Documents, field: FieldPlace): readonly Operation[] => setSetting(documents, field, 'archived', undefined)

/** For a field that exists only in this draft: it goes with its texts, and every place of the entity's own screens that shows it. */
export function removeField(documents: Documents, { entity, key }: FieldPlace): readonly Operation[] {
  const path = entityPath(entity)
  if (!Object.hasOwn(objectOf(documents[path]?.['properties']), key)) return []
  const remove: Operation = { op: 'remove', path: pointer(path, 'properties', key) }
  const display = objectOf(documents[path]?.['crm'])['display'] === key ? setValue(documents, [path, 'crm', 'display'], undefined) : []
  const texts = withoutTexts(documents, path, (place) => place.startsWith(`${pointer('properties', key)}/`))
  return [...screenOperations(documents, entity, key), ...texts, ...requireField(documents, { entity, key }, false), ...display, remove]
}

/** Takes a field out of the forms and lists of its entity; the translations of what stands behind it in a form move up with their texts. */
function screenOperations(documents: Documents, entity: string, key: string): readonly Operation[] {
  return Object.entries(documents).flatMap(([path, document]): readonly Operation[] => {
    if (path.startsWith(`${entity}/form.`)) {
      const form = readForm(documents, path)
      return form === null || !placesIn(form).some(({ node }) => fieldOf(node) === key) ? [] : writeForm(documents, path, without(form, key))
    }
    if (!path.startsWith(`${entity}/view.`)) return []
    const index = listOf(document['columns']).indexOf(key)
    return index < 0 ? [] : [{ op: 'remove', path: pointer(path, 'columns', index) }]
  })
}

const without = (node: FormNode, key: string): FormNode =>
  node.children === null ? node : { ...node, children: node.children.filter((child) => fieldOf(child) !== key).map((child) => without(child, key)) }

/** Translations of what is not there any more; the check before a publish would find them. */
function withoutTexts(documents: Documents, path: string, isGone: (place: string) => boolean): readonly Operation[] {
  return textLanguages(documents).flatMap((tag) => {
    const file = `texts/${tag}.json`
    const before = Object.entries(objectOf(documents[file]?.[path]))
    const left = before.filter(([place]) => !isGone(place))
    return left.length === before.length ? [] : setValue(documents, [file, path], left.length === 0 ? undefined : Object.fromEntries(left))
  })
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

/** For an entity that exists only in this draft: it goes with its texts. */
export function removeEntity(documents: Documents, entity: string): readonly Operation[] {
  const groups = listOf(documents['layer.json']?.['navigation'])
  const navigation = groups.flatMap((group, index): readonly Operation[] => {
    const at = listOf(objectOf(group)['entities']).indexOf(entity)
    return at < 0 ? [] : [{ op: 'remove', path: pointer('layer.json', 'navigation', index, 'entities', at) }]
  })
  const own = Object.keys(documents).filter((path) => path.startsWith(`${entity}/`))
  return [...navigation, ...own.flatMap((path): readonly Operation[] => [...withoutTexts(documents, path, () => true), { op: 'remove', path: pointer(path) }])]
}
