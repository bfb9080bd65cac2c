/** How the system is: what does not work, and what will be slow, with the definition to look at. For those who may design. */
import type { Finding } from '../../errors.js'
import { isObject, type Json } from '../../../metadata/contract/json.js'
import type { Entity, Field } from '../../model/model.js'
import { hasMoreThan } from '../../storage/tables/inspect.js'
import { countRuns } from '../../storage/own/runs.js'
import type { Call } from '../call.js'
import { listJobs, type ToldJob } from '../jobs/jobs.js'
import { designer } from './draft.js'

export interface Health {
  /** Definitions in force that could not be used and are left out. */
  readonly quarantined: readonly Finding[]
  /** Workflows with runs that failed and were not repaired. */
  readonly workflows: readonly { readonly name: string; readonly failed: number }[]
  readonly jobs: readonly ToldJob[]
  /** Lists of many records that look through all of them, by these fields. */
  readonly views: readonly { readonly path: string; readonly entity: string; readonly fields: readonly string[] }[]
}

/** Fewer records are looked through in no time. */
const many = 5_000

export async function health(call: Call): Promise<Health> {
  designer(call)
  const { read } = call.engine.database
  const failed = (await countRuns(read)).filter(({ workflow, status }) => status === 'faulted' && call.model.workflows.has(workflow))
  const large: Entity[] = []
  for (const entity of call.model.entities.values()) if (await hasMoreThan(read, entity.table, many)) large.push(entity)
  return {
    quarantined: call.model.quarantined,
    workflows: failed.map(({ workflow, count }) => ({ name: workflow, failed: count })),
    jobs: (await listJobs(call)).filter(({ state }) => state === 'failed'),
    views: large.flatMap((entity) => Object.entries(call.model.documents).flatMap(([path, document]) => {
      const fields = path.startsWith(`${entity.name}/view.`) ? unindexed(entity, document['filter'], document['sort']) : []
      return fields.length === 0 ? [] : [{ path, entity: entity.name, fields }]
    })),
  }
}

/** Own fields that a list is ordered by, or narrowed by alone, and that no index begins with. */
function unindexed(entity: Entity, filter: Json | undefined, sort: Json | undefined): readonly string[] {
  const own = (key: string): Field | undefined => {
    const field = entity.fields.get(key)
    return field === undefined || field.system ? undefined : field
  }
  const first = typeof sort === 'string' ? own(sort.split(',')[0]?.trim().replace(/^-/, '') ?? '') : undefined
  const named = Object.entries(isObject(filter) ? filter : {}).flatMap(([key, test]) => {
    const field = own(key)
    return field === undefined ? [] : [{ field, fixed: !isObject(test) }]
  })
  const narrowed = named.some(({ field }) => isIndexed(entity, field)) ? [] : named
  const fixed = named.flatMap((one) => (one.fixed ? one.field.columns.map(({ name }) => name) : []))
  return [...new Set([...(first === undefined || isIndexed(entity, first, fixed) ? [] : [first]), ...narrowed.map(({ field }) => field)])].map(({ key }) => key)
}

/** Does an index have the records in the order of the field? @param fixed columns with one value, which may stand before it */
const isIndexed = (entity: Entity, field: Field, fixed: readonly string[] = []): boolean =>
  field.unique || entity.indexes.some(({ columns, unique }) => {
    const next = columns.find((column) => !fixed.includes(column) || field.columns.some(({ name }) => name === column))
    return !unique && field.columns.some(({ name }) => name === next)
  })
