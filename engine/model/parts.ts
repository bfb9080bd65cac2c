/** Fields and their parts by path on one entity: `name`, `address.city`. Rights are asked of the field that a part belongs to. */
import type { Entity, Field } from './model.js'

/** What a path names: the field itself or a part of it, and the key of the field. */
export interface Place {
  readonly field: Field
  /** Key of the whole field: the one that rights are granted for. */
  readonly key: string
}

/** The field or part at a path of an entity's own, or undefined. */
export function placeOf({ fields }: Pick<Entity, 'fields'>, path: string): Place | undefined {
  const dot = path.indexOf('.')
  const key = dot < 0 ? path : path.slice(0, dot)
  const whole = fields.get(key)
  const field = dot < 0 ? whole : whole?.parts.get(path.slice(dot + 1))
  return field === undefined ? undefined : { field, key }
}
