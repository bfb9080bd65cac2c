/** New API names. The identity stays, so no value moves; the engine rewrites every reference. */
import { entityPath, isName, objectOf } from '../draft/definitions.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'
import type { FieldPlace } from './set-field.js'

/** Nothing when the name cannot be one or is taken. */
export function renameField(documents: Documents, { entity, key }: FieldPlace, to: string): readonly Operation[] {
  const path = entityPath(entity)
  const properties = objectOf(documents[path]?.['properties'])
  if (to === key || !isName(to) || !Object.hasOwn(properties, key) || Object.hasOwn(properties, to)) return []
  return [{ op: 'move', from: pointer(path, 'properties', key), path: pointer(path, 'properties', to) }]
}

export function renameEntity(documents: Documents, from: string, to: string): readonly Operation[] {
  if (to === from || !isName(to) || documents[entityPath(from)] === undefined || documents[entityPath(to)] !== undefined) return []
  return [{ op: 'move', from: pointer(entityPath(from)), path: pointer(entityPath(to)) }]
}
