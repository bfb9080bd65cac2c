/** Works on jobs in this process: takes what is due, chunk by chunk, until it is told to stop. */
import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Database } from '../../storage/contract.js'
import * as jobs from '../../storage/own/jobs.js'
import type { Engine } from '../call.js'
import { announce } from '../changes/feed.js'
import { ModelMoved } from '../unit.js'
import type { JobKind } from './contract.js'

export interface RunnerOptions {
  /** Jobs at the same time in this process. */
  readonly slots?: number
  /** How long a job of another process may be due before this one notices. */
  readonly pollMilliseconds?: number
  /** How long a worker may be silent before another one takes its job. */
  readonly leaseMilliseconds?: number
  /** Pause before something that broke off is tried again; doubled each time. */
  readonly retryMilliseconds?: number
  /** Names of working folders that this process reaches, see `NewJob.place`. */
  readonly places?: readonly string[]
}

export interface Runner {
  /** Lets the chunks that are being written end, gives the jobs back and takes no more. */
  stop(): Promise<void>
}

/** Times that a job is taken without coming forward before it counts as failed. */
const attemptsMax = 5

const runners = new WeakMap<Database, Set<() => void>>()

/** A job was added and committed: it begins without waiting for the next look. */
export function nudge(database: Database): void {
  for (const look of runners.get(database) ?? []) look()
}

/** Begins to work on jobs of these kinds. */
export function startRunner(engine: Engine, kinds: readonly JobKind[], options: RunnerOptions = {}): Runner {
  const worker = new Worker(engine, kinds, { slots: 2, pollMilliseconds: 1_000, leaseMilliseconds: 60_000, retryMilliseconds: 1_000, places: [], ...options })
  const { database } = engine
  const look = (): void => worker.look()
  const listening = runners.get(database) ?? new Set()
  runners.set(database, listening.add(look))
  if (kinds.length > 0) worker.begin()
  return {
    async stop() {
      listening.delete(look)
      await worker.stop()
    },
  }
}

/** The job is somebody else's now, or cancelled: nothing more is written for it. */
class LostHold extends Error {}

class Worker {
  private readonly name = randomUUID()
  private readonly kinds: ReadonlyMap<string, JobKind>
  private readonly working = new Set<Promise<void>>()
  private readonly stopping = new AbortController()
  private looking: Promise<void> | undefined
  private again = false
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly engine: Engine,
    kinds: readonly JobKind[],
    private readonly options: Required<RunnerOptions>,
  ) {
    this.kinds = new Map(kinds.map((kind) => [kind.kind, kind]))
  }

  begin(): void {
    const { database } = this.engine
    this.timer = setInterval(() => this.look(), this.options.pollMilliseconds).unref()
    if (database.dialect === 'postgres') this.look()
    // One process serves an SQLite file: what its predecessor held is free at once.
    else this.looking = database.write((tx) => jobs.releaseAll(tx, new Date())).catch(() => undefined).finally(() => {
      this.looking = undefined
      this.look()
    })
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    this.stopping.abort()
    await this.looking
    await Promise.all(this.working)
  }

  /** One look at a time; a nudge while it looks makes it look once more. */
  look(): void {
    if (this.stopping.signal.aborted) return
    if (this.looking !== undefined) {
      this.again = true
      return
    }
    this.looking = this.take()
      .catch(() => undefined) // the database is away: the next look finds what was missed
      .finally(() => {
        this.looking = undefined
        if (!this.again) return
        this.again = false
        this.look()
      })
  }

  private async take(): Promise<void> {
    while (this.working.size < this.options.slots && !this.stopping.signal.aborted) {
      const now = new Date()
      if (!(await jobs.jobDue(this.engine.database.read, now))) return
      const job = await this.engine.database.write((tx) => jobs.takeJob(tx, [...this.kinds.keys()], this.options.places, this.name, now, this.until(now)))
      if (job === null) return
      const work = this.work(job).finally(() => {
        this.working.delete(work)
        this.look()
      })
      this.working.add(work)
    }
  }

  private until(from: Date = new Date()): Date {
    return new Date(from.getTime() + this.options.leaseMilliseconds)
  }

  private async work(job: jobs.Job): Promise<void> {
    const hold = { id: job.id, runner: this.name, revision: job.revision }
    const cancelled = new AbortController()
    const beat = setInterval(() => void this.renew(hold, cancelled), this.options.leaseMilliseconds / 3).unref()
    const signal = AbortSignal.any([cancelled.signal, this.stopping.signal])
    try {
      if (job.attempts > attemptsMax) throw new Problem('job.stuck')
      await this.chunks(job, hold, signal)
      if (signal.aborted) await this.engine.database.write((tx) => jobs.releaseJob(tx, hold, new Date(), job.attempts - 1))
      else await this.engine.database.write((tx) => jobs.endJob(tx, hold, 'done', null, new Date()))
    } catch (error) {
      if (!(error instanceof LostHold)) await this.failed(job, hold, error).catch(() => undefined) // then its time passes and somebody takes it
    } finally {
      clearInterval(beat)
    }
  }

  /** Runs the chunks to their end, to an interruption, or to an error; `hold` is kept up to date. */
  private async chunks(job: jobs.Job, hold: { id: number; runner: string; revision: number }, signal: AbortSignal): Promise<void> {
    const kind = this.kinds.get(job.kind)
    if (kind === undefined) throw new Error(`no kind of job ${job.kind}`)
    const { database } = this.engine
    let state = job.checkpoint
    for (;;) {
      const run = { engine: this.engine, id: job.id, input: job.input, owner: job.owner, signal }
      try {
        for await (const chunk of kind.chunks(run, state)) {
          if (signal.aborted) return
          const progress = await database.write(async (tx) => {
            if (!(await jobs.holdJob(tx, hold, this.until()))) throw new LostHold('the job is held by somebody else')
            const after = await chunk(tx)
            await jobs.noteJob(tx, job.id, after)
            return after
          })
          hold.revision += 1
          state = progress.checkpoint
          announce(database)
        }
        return
      } catch (error) {
        if (!(error instanceof ModelMoved)) throw error
        await this.engine.refresh()
      }
    }
  }

  private async renew(hold: jobs.JobHold, cancelled: AbortController): Promise<void> {
    const held = await this.engine.database.write((tx) => jobs.renewJob(tx, hold, this.until())).catch(() => true)
    if (!held) cancelled.abort()
  }

  /** What its owner can do something about ends the job; anything else is tried again after a while. */
  private async failed(job: jobs.Job, hold: jobs.JobHold, error: unknown): Promise<void> {
    const final = error instanceof Problem && (error.status < 500 || error.code === 'storage.full' || error.code === 'job.stuck')
    this.engine.log.error({ job: job.id, kind: job.kind, err: error instanceof Problem ? (error.cause ?? error) : error }, final ? 'job failed' : 'job interrupted')
    const now = new Date()
    if (final) await this.engine.database.write((tx) => jobs.endJob(tx, hold, 'failed', told(error), now))
    else await this.engine.database.write((tx) => jobs.releaseJob(tx, hold, new Date(now.getTime() + this.options.retryMilliseconds * 2 ** (job.attempts - 1))))
  }
}

/** A problem as the owner of the job may see it. */
export const told = ({ extra, code, message, fix }: Problem): JsonObject => ({ ...extra, code, title: message, detail: fix })
