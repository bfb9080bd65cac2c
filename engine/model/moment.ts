/** Fields that tell when something was. */
import type { Entity } from './model.js'

/** Whether a field tells a moment or a day; undefined when it tells neither. */
export function momentKind(entity: Entity, key: string): 'date' | 'instant' | undefined {
  const field = entity.fields.get(key)
  const column = field?.type.sortColumn(field.options)
  const kind = field === undefined || column === null || column === undefined ? undefined : field.type.columns(field.options)[column]?.kind
  return kind === 'date' || kind === 'instant' ? kind : undefined
}
