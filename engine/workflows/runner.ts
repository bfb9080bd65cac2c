/** Moves runs in this process: takes those that are due, moves them together, calls out for them, and gives them back. */
import { randomUUID } from 'node:crypto'
import type { Engine } from '../operations/call.js'
import { onCommitted } from '../operations/changes/feed.js'
import { ModelMoved } from '../operations/unit.js'
import { definitionAt } from '../operations/workflows/acting.js'
import { ChangeFollower } from '../operations/workflows/changes.js'
import { SegmentFollower } from '../operations/workflows/segments.js'
import { followClock } from '../operations/workflows/clock.js'
import { tellOfFailures } from '../operations/workflows/failures.js'
import { Lead } from '../operations/workflows/lead.js'
import * as runs from '../operations/workflows/runs.js'
import { carried, courseOf, type Course, type Held } from './durable/course.js'
import type { Kept } from './durable/kept.js'
import { moveTogether, type Mover } from './durable/together.js'
import { calledOut, RefusedUnguarded } from './effects/answering.js'
import { standardError } from './fault.js'
import { Turns } from './turns.js'

export interface RunnerOptions {
  /** Runs that are moved in one unit. */
  readonly together?: number
  /** Units of such runs at the same time. */
  readonly units?: number
  /** How long what another process began may stay unnoticed. */
  readonly pollMilliseconds?: number
  /** How long a worker may be silent before another one takes its run. */
  readonly leaseMilliseconds?: number
  /** How long runs that ended are kept, and how many of them at most. */
  readonly keptMilliseconds?: number
  readonly keptMost?: number
}

/** Between two looks at changes: many that come together are looked at together. */
const followMilliseconds = 20
/** Between two looks at what other processes committed, where there may be others. */
const othersMilliseconds = 100
/** Runs of this process whose calls are out at the same time. */
const outsideMost = 256
/** Times that a run is taken without coming forward before it counts as faulted. */
const attemptsMost = 5

const wakers = new WeakMap<Engine['database'], Set<() => void>>()

/** Something is due: it is not waited for the next look. */
export function wakeRuns({ database }: Engine): void {
  for (const wake of wakers.get(database) ?? []) wake()
}

/** Begins to move runs, and to begin those that follow from changes and the clock; the returned function ends that. */
export function beginRunning(engine: Engine, options: RunnerOptions = {}): () => Promise<void> {
  const worker = new RunWorker(engine, { together: 32, units: 2, pollMilliseconds: 500, leaseMilliseconds: 60_000, keptMilliseconds: 90 * 86_400_000, keptMost: 1_000_000, ...options })
  const wake = (): void => worker.look()
  const known = wakers.get(engine.database) ?? new Set()
  wakers.set(engine.database, known.add(wake))
  worker.begin()
  return async () => {
    known.delete(wake)
    await worker.stop()
  }
}

class RunWorker implements Mover {
  readonly name = randomUUID()
  private readonly held = new Map<number, Held>()
  private readonly working = new Set<Promise<void>>()
  private units = 0
  private outside = 0
  private stopped = false
  /** Workflows that were refused something before: their units are guarded from the beginning. */
  private readonly refused = new Set<string>()
  /** Somebody waits for what happens to records. */
  private follows = true
  private readonly lead: Lead
  /** This process follows for all. */
  private leads: boolean
  private readonly follower: ChangeFollower
  private readonly looking: Turns
  private readonly following: Turns
  private readonly segments: SegmentFollower
  private readonly segmenting: Turns
  private ends: readonly (() => void)[] = []

  constructor(
    readonly engine: Engine,
    private readonly options: Required<RunnerOptions>,
  ) {
    this.lead = new Lead(engine, this.name)
    this.leads = engine.database.dialect === 'sqlite'
    this.follower = new ChangeFollower(engine)
    this.segments = new SegmentFollower(engine)
    this.segmenting = new Turns(() => this.segment().catch((error: unknown) => this.lookFailed(error, 'segments')))
    this.looking = new Turns(() => this.take().catch((error: unknown) => engine.log.warn({ err: error }, 'runs could not be looked for; they are looked for again')))
    this.following = new Turns(() => this.follow().catch((error: unknown) => this.lookFailed(error, 'changes')), followMilliseconds)
  }

  begin(): void {
    const { engine: { database }, options: { pollMilliseconds, leaseMilliseconds } } = this
    const timers = [
      setInterval(() => void this.tick(), pollMilliseconds),
      ...(database.dialect === 'sqlite' ? [] : [setInterval(() => this.followSoon(), othersMilliseconds)]),
      setInterval(() => this.renew(), leaseMilliseconds / 3),
      setInterval(() => void this.forget(), 3_600_000),
    ].map((timer) => timer.unref())
    this.ends = [() => timers.forEach(clearInterval), onCommitted(database, () => this.followSoon())]
    // One process serves an SQLite file: what its predecessor held is free at once.
    if (database.dialect === 'sqlite') void database.write((tx) => runs.releaseAllRuns(tx, new Date())).catch(() => undefined)
  }

  async stop(): Promise<void> {
    this.stopped = true
    for (const end of this.ends) end()
    await Promise.all([this.looking.end(), this.following.end(), this.segmenting.end()])
    await this.lead.release().catch(() => undefined) // then the others wait until it has been silent for long enough
    while (this.working.size > 0) await Promise.all(this.working)
  }

  stopping(): boolean {
    return this.stopped
  }

  until(): Date {
    return new Date(Date.now() + this.options.leaseMilliseconds)
  }

  look(): void {
    this.looking.ask()
  }

  private followSoon(): void {
    if (this.leads && this.follows) this.following.ask()
  }

  private async tick(): Promise<void> {
    this.leads = await this.lead.holds().catch(() => false)
    if (this.leads) await this.followAll()
    this.look()
  }

  private async followAll(): Promise<void> {
    await this.engine.refresh().catch(() => undefined) // the database is away: the next look tells
    await followClock(this.engine, new Date()).catch((error: unknown) => this.engine.log.warn({ err: error }, 'the clock of workflows could not be followed; it is followed again'))
    this.following.ask()
    this.segmenting.ask()
  }

  private async follow(): Promise<void> {
    const { waited, began, more } = await this.follower.look(new Date())
    this.follows = waited
    if (began) this.look()
    if (more) this.following.ask()
  }

  private async segment(): Promise<void> {
    const { began, more } = await this.segments.look(new Date())
    if (began) this.look()
    if (more) this.segmenting.ask()
  }

  /** The next look is a moment away. */
  private async lookFailed(error: unknown, at: string): Promise<void> {
    if (error instanceof ModelMoved) await this.engine.refresh()
    else this.engine.log.warn({ err: error }, `${at} could not be followed; they are followed again`)
  }

  private async take(): Promise<void> {
    while (!this.stopped && this.units < this.options.units && this.outside < outsideMost) {
      const now = new Date()
      if (!(await runs.runsDue(this.engine.database.read, now))) return
      const taken = await this.engine.database.write((tx) => runs.takeRuns(tx, this.name, now, this.until(), this.options.together))
      if (taken.length === 0) return
      this.units += 1
      this.work(this.taken(taken), () => (this.units -= 1))
    }
  }

  /** Keeps what is done under way, and looks again when it is over. */
  private work(doing: Promise<void>, over: () => void): void {
    const work = doing.finally(() => {
      this.working.delete(work)
      over()
      this.look()
    })
    this.working.add(work)
  }

  private async taken(taken: readonly runs.StoredRun[]): Promise<void> {
    const courses: Course[] = []
    for (const run of taken) {
      const held = await this.begun(run).catch((error: unknown) => this.putOff(run, error))
      if (held !== undefined) courses.push(courseOf(held, []))
    }
    await this.moveAll(courses)
  }

  /** The run with the document that it follows; undefined when it ends here. */
  private async begun(run: runs.StoredRun): Promise<Held | undefined> {
    const definition = await definitionAt(this.engine, run.definitions, run.workflow)
    if (definition !== null && run.attempts <= attemptsMost) {
      const held = { run, definition, revision: run.revision, kept: run.document as Kept } // written by `keep`
      this.held.set(run.id, held)
      return held
    }
    const title = definition === null ? 'The workflow is not there any more' : 'It broke off several times at the same place'
    await this.engine.database.write(async (tx) => {
      if ((await runs.holdRuns(tx, this.name, [run])).size === 0) return
      const ended = new Date()
      await runs.keepRuns(tx, [{ id: run.id, status: 'faulted', document: { ...run.document, error: { ...standardError('runtime', title), instance: '/' } }, ended, released: { due: null } }], ended, this.until())
      await tellOfFailures(tx, this.engine.current.get(), [run.workflow], ended)
    })
    return undefined
  }

  /** Moves runs until nothing is left to do for them now, or their calls are out. */
  private async moveAll(beginnings: readonly Course[]): Promise<void> {
    for (let courses = beginnings; courses.length > 0;) {
      const { goingOn, callingOut } = await this.moveOnce(courses)
      const here = new Set([...goingOn, ...callingOut.map(({ held }) => held)])
      for (const { held } of courses) if (!here.has(held)) this.held.delete(held.run.id)
      for (const { held, command } of callingOut) {
        this.outside += 1
        this.work(this.callOut(held, command), () => (this.outside -= 1))
      }
      courses = goingOn.map((held) => courseOf(held, []))
    }
  }

  /** Together, and again with guards when somebody was refused something; each alone when one breaks off, so that it harms no other. */
  private async moveOnce(courses: readonly Course[], guarded = courses.some(({ held }) => this.refused.has(held.run.workflow))): ReturnType<typeof moveTogether> {
    const [only] = courses
    try {
      return await moveTogether(this, courses, guarded)
    } catch (error) {
      if (error instanceof RefusedUnguarded) {
        for (const { held } of courses) this.refused.add(held.run.workflow)
        return this.moveOnce(courses, true)
      }
      if (error instanceof ModelMoved) await this.engine.refresh()
      if (only !== undefined && courses.length === 1) {
        await this.putOff(only.held.run, error, only.held.revision)
        return { goingOn: [], callingOut: [] }
      }
    }
    const alone: Awaited<ReturnType<typeof moveTogether>>[] = []
    for (const course of courses) alone.push(await this.moveOnce([course]))
    return { goingOn: alone.flatMap(({ goingOn }) => goingOn), callingOut: alone.flatMap(({ callingOut }) => callingOut) }
  }

  private async callOut(held: Held, command: Parameters<typeof calledOut>[2]): Promise<void> {
    try {
      const event = await calledOut(this.engine, held, command)
      await this.moveAll([carried(courseOf(held, []), event)])
    } catch (error) {
      await this.putOff(held.run, error, held.revision)
    }
  }

  /** A run that broke off is taken again later; one that is somebody else's now is left alone. */
  private async putOff(run: runs.StoredRun, error: unknown, revision: number = run.revision): Promise<undefined> {
    this.held.delete(run.id)
    if (!(error instanceof ModelMoved)) this.engine.log.error({ run: run.id, err: error }, 'run interrupted')
    const pause = error instanceof ModelMoved ? 0 : 1_000 * 2 ** run.attempts
    await this.engine.database.write((tx) => runs.putOffRun(tx, { id: run.id, runner: this.name, revision }, new Date(Date.now() + pause))).catch(() => undefined) // then its time passes and somebody takes it
  }

  private renew(): void {
    const ids = [...this.held.keys()]
    if (ids.length > 0) void this.engine.database.write((tx) => runs.renewRuns(tx, this.name, ids, this.until())).catch(() => undefined)
  }

  private async forget(): Promise<void> {
    const batch = 200
    const { keptMilliseconds, keptMost } = this.options
    while (!this.stopped && (await this.engine.database.write((tx) => runs.forgetRuns(tx, { before: new Date(Date.now() - keptMilliseconds), most: keptMost }, batch)).catch(() => 0)) === batch);
  }
}
