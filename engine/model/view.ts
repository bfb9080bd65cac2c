/** The list that an entity has when its layers define none. */
import type { ViewDefinition } from '../../metadata/contract/definitions.gen.js'
import type { Entity, Field } from './model.js'
import { placeOf } from './parts.js'

const defaultColumns = 6

/** Name of the generated list. */
export const defaultViewName = 'all'

/** A list of what tells records apart: the display field, then required ones, then the others that have an order; newest first. */
export function defaultList(fields: Iterable<Field>, display: string, plural: string): ViewDefinition {
  const own = [...fields].filter((field) => !field.system && field.within === null)
  const sortable = own.filter((field) => field.type.sortColumn(field.options) !== null)
  const ordered = [...own.filter((field) => field.key === display), ...sortable.filter((field) => field.required), ...sortable]
  const columns = [...new Set(ordered.map((field) => field.key))].slice(0, defaultColumns)
  return { kind: 'list', title: plural, columns: columns.length > 0 ? columns : ['id'], sort: '-id' }
}

/** True for `tier` and `joinedOn:month`: a field that has an order, with a bucket that its type offers. */
export function isGroupable(entity: Entity, text: string): boolean {
  const [key = '', bucket, ...more] = text.split(':')
  const field = placeOf(entity, key)?.field
  if (field === undefined || more.length > 0 || field.type.sortColumn(field.options) === null) return false
  return bucket === undefined || field.type.buckets.some((one) => one === bucket)
}

/** What a board has columns for: the values, as text, of an own field that lists them; undefined where it does not. */
export function stepsOf(entity: Entity, key: string): readonly string[] | undefined {
  const field = entity.fields.get(key)
  return field?.type.steps?.(field.options).map((value) => field.type.format(value, field.options))
}

/** True when the values of a field can be summed up so; the number of different ones there is of every field with a column. */
export function isMeasurable(entity: Entity, key: string, measure: string): boolean {
  const field = placeOf(entity, key)?.field
  if (field === undefined) return false
  return measure === 'count' ? field.type.sortColumn(field.options) !== null : field.type.measures.some((one) => one === measure)
}
