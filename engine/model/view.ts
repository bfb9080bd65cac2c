/** The list that an entity has when its layers define none. */
import type { ViewDefinition } from '../../metadata/contract/definitions.gen.js'
import { measures, type Measure } from '../../metadata/contract/operators.js'
import type { Entity, Field } from './model.js'
import { placeOf } from './parts.js'

const defaultColumns = 6

/** Name of the generated list. */
export const defaultViewName = 'all'

/** A list of what tells records apart: the display field, the state of their lifecycle, then required ones, then the others that have an order; newest first. */
export function defaultList(fields: Iterable<Field>, { display, plural, lifecycle }: Pick<Entity, 'display' | 'plural' | 'lifecycle'>): ViewDefinition {
  const own = [...fields].filter((field) => !field.system && field.within === null)
  const sortable = own.filter((field) => field.type.sortColumn(field.options) !== null)
  const named = [display, lifecycle?.field].flatMap((key) => own.filter((field) => field.key === key))
  const ordered = [...named, ...sortable.filter((field) => field.required), ...sortable]
  const columns = [...new Set(ordered.map((field) => field.key))].slice(0, defaultColumns)
  return { kind: 'list', title: plural, columns: columns.length > 0 ? columns : ['id'], sort: '-id' }
}

/** Finds an entity by its name: in the model, or as far as somebody sees it. */
export type Others = (name: string) => Entity | undefined

/** The field at a path that may lead over references: `store.region`, `store.address.city`. */
export function fieldOver(entity: Entity, path: string, others: Others): Field | undefined {
  const [key = '', ...rest] = path.split('.')
  const link = entity.fields.get(key)?.link ?? null
  if (rest.length === 0 || link === null) return placeOf(entity, path)?.field
  const target = others(link.to)
  return target === undefined ? undefined : fieldOver(target, rest.join('.'), others)
}

/** True for `tier`, `joinedOn:month` and `store.region`: a field that has an order, with a bucket that its type offers. */
export function isGroupable(entity: Entity, text: string, others: Others): boolean {
  const [path = '', bucket, ...more] = text.split(':')
  const field = fieldOver(entity, path, others)
  if (field === undefined || more.length > 0 || field.type.sortColumn(field.options) === null) return false
  return bucket === undefined || field.type.buckets.some((one) => one === bucket)
}

/** What a board has columns for: the values, as text, of an own field that lists them; undefined where it does not. */
export function stepsOf(entity: Entity, key: string): readonly string[] | undefined {
  const field = entity.fields.get(key)
  return field?.type.steps?.(field.options).map((value) => field.type.format(value, field.options))
}

/** True for an own field whose values fall on days: what records stand by in a calendar. */
export const fallsOnDays = (entity: Entity, key: string): boolean => entity.fields.get(key)?.type.buckets.some((bucket) => bucket === 'day') ?? false

/** True for an own field that has one value out of few, or one record: what a timeline has rows for. */
export function makesRows(entity: Entity, key: string): boolean {
  const field = entity.fields.get(key)
  return field !== undefined && (stepsOf(entity, key) !== undefined || (field.link !== null && field.type.sortColumn(field.options) !== null))
}

/** True for an own field whose values are places: where records stand on a map. */
export const isPlace = (entity: Entity, key: string): boolean => entity.fields.get(key)?.type.places === true

/** True for an own field that holds pictures: what the cards of a gallery begin with. */
export const holdsPictures = (entity: Entity, key: string): boolean => entity.fields.get(key)?.type.pictures === true

/** What `{ "sum": "amount" }` measures and of which field; null where records are counted. */
export function measureOf(measure: MeasureDefinition | undefined): { readonly measure: Measure; readonly field: string | null } {
  const [entry] = Object.entries(measure ?? { count: true })
  const name = measures.find((one) => one === entry?.[0]) ?? 'count'
  return { measure: name, field: typeof entry?.[1] === 'string' ? entry[1] : null }
}

/** Of the schemas of views and dashboards. */
export type MeasureDefinition = Readonly<Partial<Record<Measure, string | true>>>

/** True when the values of a field can be summed up so; the number of different ones there is of every field with a column. */
export function isMeasurable(entity: Entity, key: string, measure: string): boolean {
  const field = placeOf(entity, key)?.field
  if (field === undefined) return false
  return measure === 'count' ? field.type.sortColumn(field.options) !== null : field.type.measures.some((one) => one === measure)
}
