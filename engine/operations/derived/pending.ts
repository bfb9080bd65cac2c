/** Values that are computed later, by a job: which, and that a job does it. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Executor } from '../../storage/contract.js'
import { activeJobs, addJob } from '../../storage/own/jobs.js'
import type { Writing } from './writing.js'

export const recalculationKind = 'recalculate'

/** Some computed fields of an entity, by name: on all of its records, or on those from which references lead to some. */
export type RecalculationStep = {
  readonly entity: string
  readonly fields: readonly string[]
  readonly leadingTo?: { readonly hops: readonly string[]; readonly ids: readonly number[] }
}

/** Steps in the order in which they need each other. */
export type Recalculation = JsonObject & { readonly steps: readonly RecalculationStep[] }

/** In the unit that makes it necessary. `key`: not while one with this key is waiting or running. */
export const addRecalculation = (tx: Executor, writing: Writing, steps: readonly RecalculationStep[], key?: string): Promise<number | null> =>
  addJob(tx, { kind: recalculationKind, input: { steps } satisfies Recalculation, about: { fields: steps.flatMap(({ entity, fields }) => fields.map((field) => `${entity}.${field}`)) }, owner: writing.by, ...(key === undefined ? {} : { key }) }, writing.at)

/** True while values are being computed by a job: until it is over some are missing, which says nothing about their records. */
export const isRecalculating = async (x: Executor): Promise<boolean> => (await activeJobs(x, recalculationKind)).length > 0
