/** Changes what one field says about itself: texts, settings inside `crm`, JSON Schema keywords beside it, whether it is required. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { canonical, entityPath, listOf, objectOf } from '../draft/definitions.js'
import { pointer, valueAt, type Documents, type Operation } from '../draft/operations.js'
import { setValue } from './set-value.js'

export interface FieldPlace {
  readonly entity: string
  readonly key: string
}

const place = ({ entity, key }: FieldPlace): readonly string[] => [entityPath(entity), 'properties', key]

/** A JSON Schema keyword such as `title`, `maximum`, `default`. */
export const setKeyword = (documents: Documents, field: FieldPlace, keyword: string, value: Json | undefined): readonly Operation[] =>
  setValue(documents, [...place(field), keyword], value)

/** A setting inside `crm`. */
export const setSetting = (documents: Documents, field: FieldPlace, setting: string, value: Json | undefined): readonly Operation[] =>
  setValue(documents, [...place(field), 'crm', setting], value)

/** The title in a language that the layers have texts for. */
export const setTranslation = (documents: Documents, language: string, path: string, at: string, text: string): readonly Operation[] =>
  setValue(documents, [`texts/${language}.json`, path, at], text === '' ? undefined : text)

export function requireField(documents: Documents, { entity, key }: FieldPlace, required: boolean): readonly Operation[] {
  const path = entityPath(entity)
  const list = valueAt(documents, [path, 'required'])
  const index = listOf(list).indexOf(key)
  if (required === index >= 0) return []
  if (!required) return [{ op: 'remove', path: pointer(path, 'required', index) }]
  return Array.isArray(list) ? [{ op: 'add', path: pointer(path, 'required', '-'), value: key }] : [{ op: 'add', path: pointer(path, 'required'), value: [key] }]
}

/** What the layers below say of a field: `below` is the entity there. Nothing to do when it says the same already, undefined when they do not know it. */
export function resetField(documents: Documents, field: FieldPlace, below: JsonObject | undefined): readonly Operation[] | undefined {
  const property = objectOf(below?.['properties'])[field.key]
  if (property === undefined) return undefined
  const same = canonical(valueAt(documents, place(field))) === canonical(property)
  return [...(same ? [] : setValue(documents, place(field), property)), ...requireField(documents, field, listOf(below?.['required']).includes(field.key))]
}
