/** Which field type each property has, for tools that show definitions. Properties that fit none are left out. */
import { isObject } from '../../metadata/contract/json.js'
import { compileField } from './field.js'
import { withInferredLines } from './inferred.js'
import { withTargets } from './targets.js'
import type { Documents } from './model.js'

/** Path of an `entity.json` → key of the property → name of its field type, named or inferred; archived ones too. */
export function typeNames(documents: Documents): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const whole = withTargets(withInferredLines(documents), () => {})
  const entities = Object.keys(documents).filter((path) => path.endsWith('/entity.json')).map((path) => [path, whole[path] ?? {}] as const)
  return Object.fromEntries(entities.map(([path, document]) => {
    const properties = isObject(document['properties']) ? document['properties'] : {}
    return [path, Object.fromEntries(Object.entries(properties).flatMap(([key, property]) => {
      if (!isObject(property)) return []
      const field = compileField({ document, key, property, required: false, entity: '', at: '' }, () => {})
      return field === undefined ? [] : [[key, field.type.name]]
    }))]
  }))
}
