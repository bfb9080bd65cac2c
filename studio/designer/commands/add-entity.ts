/** Adds a kind of record with its first fields, and its entry in the navigation. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { entityPath, isName, listOf, objectOf } from '../draft/definitions.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'
import { setValue } from './set-value.js'

export interface AddEntity {
  readonly name: string
  readonly title: string
  readonly plural: string
  readonly icon: string
  /** Key and definition, in order. */
  readonly fields: readonly (readonly [string, JsonObject])[]
  /** Language → place in the entity → title in that language. */
  readonly texts?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export function addEntity(documents: Documents, { name, title, plural, icon, fields, texts = {} }: AddEntity): readonly Operation[] {
  if (!isName(name) || documents[entityPath(name)] !== undefined) return []
  const crm: JsonObject = { ...(plural === '' ? {} : { plural }), ...(icon === '' ? {} : { icon }) }
  const document: JsonObject = { $schema: '/schemas/entity.json', type: 'object', title, properties: Object.fromEntries(fields), ...(Object.keys(crm).length === 0 ? {} : { crm }) }
  const translations = Object.entries(texts).flatMap(([language, places]) =>
    Object.keys(places).length === 0 ? [] : setValue(documents, [`texts/${language}.json`, entityPath(name)], places))
  return [{ op: 'add', path: pointer(entityPath(name)), value: document }, ...translations, ...navigation(documents, name)]
}

/** The first group of the navigation gets it; without a navigation every entity is shown anyway. */
function navigation(documents: Documents, name: string): readonly Operation[] {
  const [first] = listOf(documents['layer.json']?.['navigation'])
  return Array.isArray(objectOf(first)['entities']) ? [{ op: 'add', path: pointer('layer.json', 'navigation', 0, 'entities', '-'), value: name }] : []
}
