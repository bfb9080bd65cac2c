/** The list that an entity has when its layers define none. */
import type { ViewDefinition } from '../../metadata/contract/definitions.gen.js'
import type { Field } from './model.js'

const defaultColumns = 6

/** Name of the generated list. */
export const defaultViewName = 'all'

/** A list of what tells records apart: the display field, then required ones, then the others that have an order; newest first. */
export function defaultList(fields: Iterable<Field>, display: string, plural: string): ViewDefinition {
  const own = [...fields].filter((field) => !field.system)
  const sortable = own.filter((field) => field.type.sortColumn(field.options) !== null)
  const ordered = [...own.filter((field) => field.key === display), ...sortable.filter((field) => field.required), ...sortable]
  const columns = [...new Set(ordered.map((field) => field.key))].slice(0, defaultColumns)
  return { kind: 'list', title: plural, columns: columns.length > 0 ? columns : ['id'], sort: '-id' }
}
