/** How the system is: what does not work, and what will be slow, with the definition to look at. For those who may design. */
import type { Finding } from '../../errors.js'
import type { Entity } from '../../model/model.js'
import { unindexedInList } from '../../model/unindexed.js'
import { hasMoreThan } from '../../storage/tables/inspect.js'
import { countRuns } from '../../storage/own/runs.js'
import type { Call } from '../call.js'
import { listJobs, type ToldJob } from '../jobs/jobs.js'
import type { SlowQuestion } from '../records/slow.js'
import { designer } from './draft.js'

export interface Health {
  /** Definitions in force that could not be used and are left out. */
  readonly quarantined: readonly Finding[]
  /** Workflows with runs that failed and were not repaired. */
  readonly workflows: readonly { readonly name: string; readonly failed: number }[]
  readonly jobs: readonly ToldJob[]
  /** Lists of many records that look through all of them, by these fields. */
  readonly views: readonly { readonly path: string; readonly entity: string; readonly fields: readonly string[] }[]
  /** Questions of people that took long and went through many records, by these fields; those with an index meanwhile are left out. */
  readonly questions: readonly SlowQuestion[]
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
      const fields = path.startsWith(`${entity.name}/view.`) ? unindexedInList(entity, document['filter'], document['sort']) : []
      return fields.length === 0 ? [] : [{ path, entity: entity.name, fields: fields.map(({ key }) => key) }]
    })),
    questions: call.engine.slow.told.filter(({ entity: name, fields }) => large.some((entity) => entity.name === name && fields.some((key) => unindexedInList(entity, {}, key).length > 0))),
  }
}
