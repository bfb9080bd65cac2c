/** Gives a field another type. What it is called, its identity and its marks stay; what only the old type understood goes. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { entityPath, objectOf, type TypeInfo } from '../draft/definitions.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'
import { isComparable, isText, propertyFor } from '../entities/type-options.js'
import type { FieldPlace } from './set-field.js'

const annotations = ['title', 'description', 'readOnly', 'deprecated', '$comment'] as const
const marks = ['id', 'sensitive', 'archived'] as const

export function retypeField(documents: Documents, { entity, key }: FieldPlace, type: TypeInfo, options: JsonObject): readonly Operation[] {
  const path = entityPath(entity)
  const property = objectOf(objectOf(documents[path]?.['properties'])[key])
  const old = objectOf(property['crm'])
  const made = propertyFor(type, '', options)
  const comparable = isComparable(type) ? ['unique', 'index'] : []
  const kept = pick(old, [...marks, ...(type.computed === true ? [] : ['requiredWhen']), ...comparable, ...(isText(type) ? ['search'] : [])])
  const value: JsonObject = { ...pick(property, annotations), ...made, crm: { ...kept, ...objectOf(made['crm']) } }
  return [{ op: 'replace', path: pointer(path, 'properties', key), value }]
}

const pick = (from: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name): readonly (readonly [string, Json])[] => (from[name] === undefined ? [] : [[name, from[name]]])))
