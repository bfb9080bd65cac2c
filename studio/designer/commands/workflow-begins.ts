/** What records do that a workflow begins with: one event, or any of several. Pure. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { listOf, objectOf } from '../draft/definitions.js'
import { valueAt, type Documents, type Operation } from '../draft/operations.js'
import { setValue } from './set-value.js'

/** It begins with this event, too. */
export const addBegin = (documents: Documents, path: string, wanted: JsonObject): readonly Operation[] =>
  changeBegins(documents, path, (filters) => [...filters, { with: wanted }])

/** It does not begin with the event at this place any more; the last one stays. */
export const removeBegin = (documents: Documents, path: string, index: number): readonly Operation[] =>
  changeBegins(documents, path, (filters) => (filters.length === 1 ? filters : filters.toSpliced(index, 1)))

/** A single event stands by itself; what else is said of the events is kept. */
function changeBegins(documents: Documents, path: string, change: (filters: readonly Json[]) => readonly Json[]): readonly Operation[] {
  const keys = [path, 'schedule', 'on']
  const { one, any, ...others } = objectOf(valueAt(documents, keys))
  const filters = change(one === undefined ? listOf(any) : [one])
  const [first = null] = filters
  return setValue(documents, keys, { ...others, ...(filters.length === 1 ? { one: first } : { any: filters }) })
}
