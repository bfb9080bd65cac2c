/** Fields that tell when something was. */
import type { Entity, Field } from './model.js'

/** Whether a field tells a moment or a day; undefined when it tells neither. */
export const momentKind = (entity: Entity, key: string): 'date' | 'instant' | undefined => momentOf(entity.fields.get(key))

/** The same of a field that was found already. */
export function momentOf(field: Field | undefined): 'date' | 'instant' | undefined {
  const column = field?.type.sortColumn(field.options)
  const kind = field === undefined || column === null || column === undefined ? undefined : field.type.columns(field.options)[column]?.kind
  return kind === 'date' || kind === 'instant' ? kind : undefined
}
