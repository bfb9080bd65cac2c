/** Adds a field: the definition, and its place in the form and in the list when asked for. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { entityPath, listOf, objectOf, textOf } from '../draft/definitions.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'
import { setValue } from './set-value.js'

export interface AddField {
  readonly entity: string
  readonly key: string
  readonly property: JsonObject
  readonly required: boolean
  /** Shown in the form of a record. Entities without a form of their own show every field. */
  readonly inForm: boolean
  /** Shown as a column of the first list. */
  readonly inList: boolean
}

export function addField(documents: Documents, { entity, key, property, required, inForm, inList }: AddField): readonly Operation[] {
  const path = entityPath(entity)
  const operations: Operation[] = [...setValue(documents, [path, 'properties', key], property)]
  if (required) operations.push(...requireOperations(documents[path] ?? {}, path, key))
  return [...operations, ...(inForm ? formOperations(documents, entity, key) : []), ...(inList ? listOperations(documents, entity, key) : [])]
}

const requireOperations = (document: JsonObject, path: string, key: string): readonly Operation[] =>
  Array.isArray(document['required']) ? [{ op: 'add', path: pointer(path, 'required', '-'), value: key }] : [{ op: 'add', path: pointer(path, 'required'), value: [key] }]

const layouts: ReadonlySet<string> = new Set(['VerticalLayout', 'Group', 'Category'])

/** The last place of the first part of the form that stacks its parts, before lists of related records. */
function formOperations(documents: Documents, entity: string, key: string): readonly Operation[] {
  const path = `${entity}/form.default.json`
  const form = documents[path]
  if (form === undefined) return []
  const control: Json = { type: 'Control', scope: `#/properties/${key}` }
  const place = stackIn(form, [])
  if (place === null) return []
  const elements = listOf(place.layout['elements'])
  const related = elements.findIndex((element) => objectOf(element)['type'] === 'RelatedList')
  return [{ op: 'add', path: pointer(path, ...place.keys, 'elements', related < 0 ? elements.length : related), value: control }]
}

function stackIn(element: JsonObject, keys: readonly (string | number)[]): { readonly layout: JsonObject; readonly keys: readonly (string | number)[] } | null {
  const inner = listOf(element['elements'])
  if (layouts.has(textOf(element['type']))) {
    // A form of groups is extended within its last group that holds fields, so that the new one stands among its like.
    const groups = inner.flatMap((child, index) => (isObject(child) && child['type'] === 'Group' ? [{ child, index }] : []))
    const last = groups.at(-1)
    return last === undefined ? { layout: element, keys } : stackIn(last.child, [...keys, 'elements', last.index])
  }
  for (const [index, child] of inner.entries()) {
    const found = isObject(child) ? stackIn(child, [...keys, 'elements', index]) : null
    if (found !== null) return found
  }
  return null
}

function listOperations(documents: Documents, entity: string, key: string): readonly Operation[] {
  const path = Object.keys(documents).filter((name) => name.startsWith(`${entity}/view.`)).toSorted((a, b) => Number(b.endsWith('view.all.json')) - Number(a.endsWith('view.all.json')))[0]
  const columns = path === undefined ? undefined : documents[path]?.['columns']
  return path !== undefined && Array.isArray(columns) ? [{ op: 'add', path: pointer(path, 'columns', '-'), value: key }] : []
}
