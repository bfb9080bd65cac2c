/**
 * What a kind of background work is. A job is cut into chunks; each chunk is one writing unit in which the runner also
 * keeps the checkpoint, so that every chunk counts exactly once, whatever dies in between.
 */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Executor } from '../../storage/contract.js'
import type { JobProgress } from '../../storage/own/jobs.js'
import type { Engine } from '../call.js'

/** One run of a job, from its checkpoint to its end or to an interruption. */
export interface JobRun<Input extends JsonObject> {
  readonly engine: Engine
  readonly id: number
  readonly input: Input
  /** User id; null for the system. A kind that acts for its owner asks for their rights in each chunk (`ownerCall`). */
  readonly owner: number | null
  /** Aborted when the job was cancelled or the process stops: for preparations that take long. */
  readonly signal: AbortSignal
}

export interface Progress<State extends JsonObject> extends JobProgress {
  /** Where to go on from; JSON, small: it is written with every chunk. */
  readonly checkpoint: State
}

/**
 * Writes one chunk inside the unit it is given and says how far the job is then. May run more than once, so it changes
 * nothing but the database. Aim at a tenth of a second: other writers wait for it on SQLite.
 */
export type Chunk<State extends JsonObject> = (tx: Executor) => Promise<Progress<State>>

/** A kind of job. Registered in the list of `compose.ts`. */
export interface JobKind<Input extends JsonObject = JsonObject, State extends JsonObject = JsonObject> {
  readonly kind: string
  /**
   * Yields chunk after chunk from `state` on (null: from the beginning); the job is done when it returns. What is read
   * or computed before a chunk is yielded happens outside of any unit. Each chunk is committed before the next is asked
   * for; what follows the last one runs again when the process is killed before the job's end is noted. A Problem that the caller can do something about ends the job as failed; anything else is tried again from the
   * last checkpoint. When another metadata version was published (`assertInForce` in a chunk), it begins anew from there.
   */
  chunks(run: JobRun<Input>, state: State | null): AsyncGenerator<Chunk<State>, void, undefined>
}
