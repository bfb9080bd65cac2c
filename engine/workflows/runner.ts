/**
 * Moves runs in this process. A move is computed outside of any unit, by the pure interpreter; its outcome, the steps and what is to be
 * done next are kept in one unit that is fenced. A function of the product does its work in the unit that keeps its result.
 */
import { randomUUID } from 'node:crypto'
import type { WorkflowDefinition, WorkflowTask } from '../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import { isWorkflowFunction } from '../model/workflow-functions.js'
import type { Engine } from '../operations/call.js'
import { announce } from '../operations/changes/feed.js'
import { ModelMoved } from '../operations/unit.js'
import { actingCall, definitionAt } from '../operations/workflows/acting.js'
import { addRun, depthMost, followChanges, followClock, listenFrom, send } from '../operations/workflows/begin.js'
import { callFunction } from '../operations/workflows/functions.js'
import * as runs from '../operations/workflows/runs.js'
import { callHttp, callOpenApi } from './effects/http.js'
import { expressionsOf } from './expressions/expressions.js'
import { Fault, standardError, type RunError, type StandardError } from './fault.js'
import { advance, begin } from './interpreter.js'
import { nextMoment, type Command, type Frame, type Move, type RunEvent, type RunState } from './state.js'
import { textOf } from './values.js'
import { filtersOf } from './tasks/listen.js'

export interface RunnerOptions {
  /** Runs that are moved at the same time in this process. */
  readonly slots?: number
  /** How long what another process began may stay unnoticed. */
  readonly pollMilliseconds?: number
  /** How long a worker may be silent before another one takes its run. */
  readonly leaseMilliseconds?: number
}

/** What is kept of a run beside its row. */
interface Kept extends JsonObject {
  readonly state: JsonObject | null
  /** Commands that were not carried out yet, in order. */
  readonly pending: readonly JsonObject[]
  /** Commands that were not answered yet. */
  readonly asked: readonly JsonObject[]
  /** The answer to a command, until the interpreter has seen it. */
  readonly arrived: JsonObject | null
  /** Step whose call went out and has not come back. */
  readonly sent: number | null
}

/** Times that a run is taken without coming forward before it counts as faulted. */
const attemptsMost = 5
/** Ended runs are kept for 90 days. */
const keptMilliseconds = 90 * 86_400_000

const wakers = new WeakMap<Engine['database'], Set<() => void>>()

/** Something is due: it is not waited for the next look. */
export function wakeRuns({ database }: Engine): void {
  for (const wake of wakers.get(database) ?? []) wake()
}

/** Begins to move runs, and to begin those that follow from changes and the clock; the returned function ends that. */
export function beginRunning(engine: Engine, options: RunnerOptions = {}): () => Promise<void> {
  const worker = new RunWorker(engine, { slots: 8, pollMilliseconds: 500, leaseMilliseconds: 60_000, ...options })
  const wake = (): void => worker.look()
  const known = wakers.get(engine.database) ?? new Set()
  wakers.set(engine.database, known.add(wake))
  worker.begin()
  return async () => {
    known.delete(wake)
    await worker.stop()
  }
}

/** The run is somebody else's now, or was stopped: nothing more is written for it. */
class LostHold extends Error {}

type Hold = { -readonly [Key in keyof runs.RunHold]: runs.RunHold[Key] }

interface Held {
  readonly run: runs.StoredRun
  readonly definition: WorkflowDefinition
  /** The revision counts up with every unit. */
  readonly hold: Hold
  kept: Kept
}

class RunWorker {
  private readonly name = randomUUID()
  private readonly moving = new Set<Promise<void>>()
  private looking: Promise<void> | undefined
  private again = false
  private stopped = false
  private timers: readonly NodeJS.Timeout[] = []

  constructor(
    private readonly engine: Engine,
    private readonly options: Required<RunnerOptions>,
  ) {}

  begin(): void {
    const { database } = this.engine
    this.timers = [setInterval(() => this.look(), this.options.pollMilliseconds).unref(), setInterval(() => void this.forget(), 3_600_000).unref()]
    // One process serves an SQLite file: what its predecessor held is free at once.
    if (database.dialect === 'sqlite') void database.write((tx) => runs.releaseAllRuns(tx, new Date())).catch(() => undefined)
  }

  async stop(): Promise<void> {
    this.stopped = true
    for (const timer of this.timers) clearInterval(timer)
    await this.looking
    await Promise.all(this.moving)
  }

  look(): void {
    if (this.stopped) return
    if (this.looking !== undefined) {
      this.again = true
      return
    }
    this.looking = this.once()
      .catch((error: unknown) => this.engine.log.warn({ err: error }, 'runs could not be looked for; they are looked for again'))
      .finally(() => {
        this.looking = undefined
        if (!this.again) return
        this.again = false
        this.look()
      })
  }

  private async once(): Promise<void> {
    while (await followChanges(this.engine, new Date()));
    await followClock(this.engine, new Date())
    while (!this.stopped && this.moving.size < this.options.slots) {
      const now = new Date()
      if (!(await runs.runsDue(this.engine.database.read, now))) return
      const taken = await this.engine.database.write((tx) => runs.takeRuns(tx, this.name, now, this.until(now), this.options.slots - this.moving.size))
      for (const run of taken) {
        const work = this.work(run).finally(() => {
          this.moving.delete(work)
          this.look()
        })
        this.moving.add(work)
      }
    }
  }

  private until(from: Date = new Date()): Date {
    return new Date(from.getTime() + this.options.leaseMilliseconds)
  }

  private async work(run: runs.StoredRun): Promise<void> {
    const hold: Hold = { id: run.id, runner: this.name, revision: run.revision }
    const beat = setInterval(() => void this.engine.database.write((tx) => runs.renewRun(tx, hold, this.until())).catch(() => undefined), this.options.leaseMilliseconds / 3).unref()
    try {
      await this.move(run, hold)
    } catch (error) {
      if (error instanceof LostHold) return
      if (error instanceof ModelMoved) await this.engine.refresh()
      else this.engine.log.error({ run: run.id, err: error }, 'run interrupted')
      const pause = error instanceof ModelMoved ? 0 : 1_000 * 2 ** run.attempts
      await this.engine.database.write((tx) => runs.putOffRun(tx, hold, new Date(Date.now() + pause))).catch(() => undefined) // then its time passes and somebody takes it
    } finally {
      clearInterval(beat)
    }
  }

  /** Moves a run until nothing is left to do for it now. */
  private async move(run: runs.StoredRun, hold: Hold): Promise<void> {
    const definition = await definitionAt(this.engine, run.definitions, run.workflow)
    const held: Held = { run, definition: definition as WorkflowDefinition, hold, kept: run.document as Kept }
    if (definition === null || run.attempts > attemptsMost) {
      const title = definition === null ? 'The workflow is not there any more' : 'It broke off several times at the same place'
      await this.unit(held, async (tx) => {
        await runs.keepRun(tx, run.id, { status: 'faulted', document: { ...held.kept, error: { ...standardError('runtime', title), instance: '/' } }, ended: new Date() })
        await runs.releaseRun(tx, run.id, null, new Date())
      })
      return
    }
    while (!this.stopped) {
      if (await this.step(held)) return
    }
    await this.unit(held, (tx) => runs.releaseRun(tx, run.id, new Date(), new Date()))
  }

  /** One move or one command. True when the run was given back. */
  private async step(held: Held): Promise<boolean> {
    const { run, kept, definition } = held
    const now = Date.now()
    const expressions = expressionsOf(definition)
    if (kept.state === null) return this.moved(held, await begin({ id: String(run.id), definition, input: run.input, expressions, now }), null, null, now)
    const state = kept.state as unknown as RunState
    if (kept.arrived !== null) return this.moved(held, await advance(definition, state, kept.arrived as unknown as RunEvent, expressions, now), kept.arrived, null, now)
    const [command] = kept.pending
    if (command !== undefined) {
      await this.command(held, command as unknown as Command)
      return false
    }
    const item = await runs.firstInInbox(this.engine.database.read, run.id)
    if (item !== null) return this.moved(held, await advance(definition, state, item.document as unknown as RunEvent, expressions, now), item.document, item.id, now)
    const next = nextMoment(state)
    if (next !== null && next <= now) return this.moved(held, await advance(definition, state, { kind: 'time' }, expressions, now), { kind: 'time' }, null, now)
    await this.unit(held, (tx) => runs.releaseRun(tx, run.id, next === null ? null : new Date(next), new Date()))
    return true
  }

  /** Keeps a move. True when nothing is left to do now, so that the run was given back in the same unit. */
  private async moved(held: Held, { state, steps, commands }: Move, event: JsonObject | null, item: number | null, now: number): Promise<boolean> {
    const { run, kept, definition } = held
    const at = new Date(now)
    const over = state.root === null
    const faulted = state.status === 'faulted'
    const next = nextMoment(state)
    const pending = over ? [] : commands.filter((command) => command.kind !== 'emit') as unknown as readonly JsonObject[]
    const rest = over ? [] : [...kept.pending, ...pending]
    // What is needed to make the last move once more, when it failed.
    const failed = faulted ? { state: kept.state, event, command: commandOf(kept, event, state.error) } : null
    const asked = over ? [] : [...kept.asked.filter(({ seq }) => seq !== event?.seq), ...pending]
    held.kept = { ...kept, state: state as unknown as JsonObject, pending: rest, asked, arrived: null, sent: null, failed, error: state.error }
    const idle = over || (rest.length === 0 && (next === null || next > now))
    await this.unit(held, async (tx) => {
      await runs.keepRun(tx, run.id, { status: state.status, document: held.kept, ended: over ? at : null })
      await runs.keepSteps(tx, run.id, steps.map((step) => ({ seq: step.seq, document: step as unknown as JsonObject })))
      if (item !== null) await runs.removeFromInbox(tx, item)
      if (over || hears(definition, state).length > 0 || (kept.state !== null && hears(definition, kept.state as unknown as RunState).length > 0)) await listenFrom(tx, run.id, hears(definition, state))
      for (const command of commands) if (command.kind === 'emit') await send(tx, this.engine.current.get(), command.event, { run: run.id, seq: command.seq, depth: run.depth }, at)
      if (over && run.parent !== null) await runs.addToInbox(tx, run.parent.run, answerOf(run.parent.seq, state), at)
      if (idle) await runs.releaseRun(tx, run.id, next === null ? null : new Date(next), at)
    })
    if (over && run.parent !== null) wakeRuns(this.engine)
    return idle
  }

  /** Carries out the first command that is pending. */
  private async command(held: Held, command: Command): Promise<void> {
    if (command.kind === 'emit') throw new Error('events are sent with the move')
    if (command.kind === 'workflow') return this.subflow(held, command)
    if (isWorkflowFunction(command.function)) return this.ours(held, command)
    await this.outside(held, command)
  }

  /** A function of the product: its work and its result are one unit. */
  private async ours(held: Held, command: Command & { readonly kind: 'call' }): Promise<void> {
    const { run, definition } = held
    const name = command.function
    if (!isWorkflowFunction(name)) throw new Error(`no function ${name}`)
    const call = await actingCall(this.engine, definition, run.starter, new Date())
    await this.unit(held, async (tx) => {
      const event = await inPart(tx, command.seq, async (part) => {
        if (call === null) throw new Problem('access.denied')
        return callFunction(part, call, name, command.with, { run: run.id, seq: command.seq, depth: run.depth })
      })
      await this.arrived(tx, held, event)
    })
    announce(this.engine.database)
  }

  /** A call to the outside is noted before it goes out: after a crash nobody repeats what may have been done. */
  private async outside(held: Held, command: Command & { readonly kind: 'call' }): Promise<void> {
    const { run } = held
    const repeatable = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'].includes(textOf(command.with.method))
    const before = held.kept.sent === command.seq && !repeatable
    if (!before) {
      held.kept = { ...held.kept, sent: command.seq }
      await this.unit(held, (tx) => runs.keepRun(tx, run.id, { status: 'running', document: held.kept, ended: null }))
    }
    const event = before ? failure(command.seq, standardError('runtime', 'It is not known whether this call was received', { detail: 'The engine stopped while it waited for the answer.' })) : await this.answered(run, command)
    await this.unit(held, (tx) => this.arrived(tx, held, event))
  }

  private async answered(run: runs.StoredRun, command: Command & { readonly kind: 'call' }): Promise<RunEvent> {
    const key = `run-${String(run.id)}-${String(command.seq)}`
    try {
      const output = command.function === 'openapi' ? await callOpenApi(this.engine, command.with, key) : await callHttp(this.engine, command.with, key)
      return { kind: 'result', seq: command.seq, output }
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return failure(command.seq, error.error)
    }
  }

  private async subflow(held: Held, command: Command & { readonly kind: 'workflow' }): Promise<void> {
    const { run } = held
    const model = this.engine.current.get()
    const [name, definition] = [...model.workflows].find(([, { document }]) => document.name === command.workflow) ?? []
    await this.unit(held, async (tx) => {
      const pending = held.kept.pending.slice(1)
      const at = new Date()
      if (name === undefined || definition === undefined) return this.arrived(tx, held, failure(command.seq, standardError('configuration', `There is no workflow “${command.workflow}”`)))
      if (run.depth >= depthMost) return this.arrived(tx, held, failure(command.seq, standardError('runtime', `More than ${String(depthMost)} runs follow from each other: they may go in circles`)))
      held.kept = { ...held.kept, pending }
      await addRun(tx, model, { name, definition, input: command.input, cause: `${String(run.id)}-${String(command.seq)}`, depth: run.depth + 1, starter: run.starter, ...(command.detached ? {} : { parent: { run: run.id, seq: command.seq } }) }, at)
      return runs.keepRun(tx, run.id, { status: 'running', document: held.kept, ended: null })
    })
    this.look()
  }

  /** Keeps the answer to the first pending command. */
  private async arrived(tx: runs.Unit, held: Held, event: RunEvent): Promise<void> {
    held.kept = { ...held.kept, pending: held.kept.pending.slice(1), arrived: event, sent: null }
    await runs.keepRun(tx, held.run.id, { status: 'running', document: held.kept, ended: null })
  }

  /** A unit of work on a run that is still held. What it changed of `held` counts only when it was committed. */
  private async unit(held: Held, work: (tx: runs.Unit) => Promise<void>): Promise<void> {
    const before = held.kept
    await this.engine.database.write(async (tx) => {
      if (!(await runs.holdRun(tx, held.hold, this.until()))) throw new LostHold('the run is held by somebody else')
      const { kept } = held
      try {
        await work(tx)
      } catch (error) {
        held.kept = kept
        throw error
      }
    }).catch((error: unknown) => {
      held.kept = before
      throw error
    })
    held.hold.revision += 1
  }

  private async forget(): Promise<void> {
    const most = 200
    while (!this.stopped && (await this.engine.database.write((tx) => runs.forgetRuns(tx, new Date(Date.now() - keptMilliseconds), most)).catch(() => 0)) === most);
  }
}

const failure = (seq: number, error: JsonObject): RunEvent => ({ kind: 'failure', seq, error })

/** Which error of the DSL a refusal of the engine is. */
const kindsOfProblems: Readonly<Record<number, StandardError>> = { 400: 'validation', 401: 'authentication', 403: 'authorization', 404: 'runtime', 409: 'runtime', 412: 'runtime', 422: 'validation' }

/** A part of the unit that may be refused: then it is undone, and the refusal is its result. */
async function inPart(tx: runs.Unit, seq: number, work: (tx: runs.Unit) => Promise<Json>): Promise<RunEvent> {
  try {
    return { kind: 'result', seq, output: await (tx.attempt === undefined ? work(tx) : tx.attempt(work)) }
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error
    const [first] = error.problems
    const detail = first === undefined ? error.fix : `${first.path}: ${first.message}`
    return failure(seq, standardError(kindsOfProblems[error.status] ?? 'runtime', error.message, { status: error.status, detail }))
  }
}

/**
 * The command whose answer made a move fail, so that it can be carried out once more: one that was refused, or a call whose answer
 * said no. What was done and failed only in what followed is not done again.
 */
function commandOf(kept: Kept, event: JsonObject | null, error: RunError | null): JsonObject | null {
  const command = kept.asked.find(({ seq }) => seq === event?.seq)
  if (command === undefined) return null
  const refused = event?.kind === 'failure' || ((command.function === 'http' || command.function === 'openapi') && error?.instance === command.path)
  return refused ? command : null
}

const answerOf = (seq: number, state: RunState): JsonObject =>
  state.status === 'completed' ? { kind: 'result', seq, output: state.output } : { kind: 'failure', seq, error: state.error ?? standardError('runtime', 'The workflow did not end') }

/** Types of events that the run listens to now; * for those that are not told by a plain type. */
function hears(definition: WorkflowDefinition, state: RunState): readonly string[] {
  const found: string[] = []
  const visit = (frame: Frame): void => {
    if (frame.memo.listens === true) {
      const task = taskAt(definition, frame.path)
      for (const { with: wanted } of filtersOf(task?.listen?.to ?? {})) found.push(typeof wanted.type === 'string' && /^[\w.-]+$/.test(wanted.type) ? wanted.type : '*')
    }
    frame.children.forEach(visit)
  }
  if (state.root !== null) visit(state.root)
  return found
}

/** The task at a JSON Pointer. */
function taskAt(definition: WorkflowDefinition, path: string): WorkflowTask | undefined {
  let value: unknown = definition
  for (const key of path.split('/').slice(1)) value = isObject(value) || Array.isArray(value) ? (value as Readonly<Record<string, unknown>>)[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  return value as WorkflowTask | undefined
}

