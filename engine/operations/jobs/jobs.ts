/** Jobs as their owners and administrators see them: what is going on, how far it is, and stopping it. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import * as jobs from '../../storage/own/jobs.js'
import { callOf, type Call, type Engine } from '../call.js'
import { userActor } from '../people/actor-of.js'
import { nudge } from './runner.js'

/** Jobs that a list has at most. */
const listMax = 100
/** After this a job that is due and that nobody took counts as stuck. */
export const stuckMilliseconds = 5 * 60_000

/** One job as it is told. */
export interface ToldJob extends JsonObject {
  readonly id: number
  readonly kind: string
  readonly state: jobs.JobState
  readonly done: number
  readonly total: number | null
  readonly about: JsonObject
  readonly owner: number | null
  readonly error: JsonObject | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** The newest jobs: the caller's own; for those who may design everybody's. */
export async function listJobs(call: Call): Promise<readonly ToldJob[]> {
  const found = await jobs.listJobs(call.engine.database.read, { limit: listMax, ...(call.access.design ? {} : { owner: call.actor.id }) })
  return found.map(toldJob)
}

/** @throws Problem job.unavailable */
export async function getJob(call: Call, id: number): Promise<ToldJob> {
  return toldJob(await visible(call, id))
}

/** Stops a job before its next chunk; what it did stays. One that is over stays as it is. @throws Problem job.unavailable */
export async function cancelJob(call: Call, id: number): Promise<ToldJob> {
  await visible(call, id)
  await call.engine.database.write((tx) => jobs.cancelJob(tx, id, call.at))
  return getJob(call, id)
}

/** Lets a job that failed or was cancelled go on where it stood. @throws Problem job.unavailable */
export async function resumeJob(call: Call, id: number): Promise<ToldJob> {
  await visible(call, id)
  await call.engine.database.write((tx) => jobs.resumeJob(tx, id, call.at))
  nudge(call.engine.database)
  return getJob(call, id)
}

/** How many jobs stand where, for operators. */
export const jobCounts = (engine: Engine, at: Date = new Date()): ReturnType<typeof jobs.countJobs> => jobs.countJobs(engine.database.read, new Date(at.getTime() - stuckMilliseconds))

/**
 * A call of the user that a job acts for, with their rights as they are now.
 * @throws Problem job.owner when there is no such user any more
 */
export async function ownerCall(engine: Engine, owner: number | null, at: Date = new Date()): Promise<Call> {
  const actor = owner === null ? null : await userActor(engine, owner)
  if (actor === null) throw new Problem('job.owner')
  return callOf(engine, actor, engine.current.get(), at)
}

async function visible(call: Call, id: number): Promise<jobs.Job> {
  const job = await jobs.jobById(call.engine.database.read, id)
  if (job === null || !(call.access.design || (job.owner !== null && job.owner === call.actor.id))) throw new Problem('job.unavailable')
  return job
}

/** A job as its owner may see it. */
export const toldJob = ({ id, kind, state, done, total, about, owner, error, createdAt, startedAt, endedAt }: jobs.Job): ToldJob => ({ id, kind, state, done, total, about, owner, error, createdAt, startedAt, endedAt })
