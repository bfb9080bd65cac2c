/** Runs a draft with a virtual clock, to its end or to the next thing that it waits for. Nothing is kept. */
import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { WorkflowDefinition } from '../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { workflowProblems } from '../definitions/check-workflows.js'
import { Problem } from '../errors.js'
import type { Model } from '../model/model.js'
import type { Call, Engine } from '../operations/call.js'
import { designer } from '../operations/definitions/draft.js'
import { callHttp, callOpenApi } from './effects/http.js'
import { expressionsOf, type Expressions } from './expressions/expressions.js'
import { Fault, fault, limitFault } from './fault.js'
import { advance, begin } from './interpreter.js'
import { nextMoment, waitsOf, type Command, type Frame, type Move, type RunEvent, type RunState, type Step } from './state.js'
import { toldRun, type ToldRun } from './told.js'
import { textOf } from './values.js'

export interface Simulation {
  readonly definition: JsonObject
  readonly input: Json
  /** Milliseconds: when it begins, and how far the clock may be moved over what it waits for. */
  readonly clock: { readonly start: number; readonly until: number }
  /** Calls go out. */
  readonly effects: boolean
  /** What calls answer instead, by the name or path of the task: `{ "error": ... }` makes it fail, anything else is its answer. */
  readonly answers: JsonObject
  /** What it hears when it listens, in this order. */
  readonly events: readonly JsonObject[]
}

/** How long all of a simulation may take. */
const patienceMilliseconds = 20_000
/** How long it computes before others get their turn. */
const atOnceMilliseconds = 20
/** Workflows inside of workflows. */
const depthMost = 5

/** Simulations that are going on in this process; each may compute for a while. */
let going = 0
const goingMost = 4

/** @throws Problem access.denied for callers who may not design, definitions.invalid, limit.rate */
export async function simulate(call: Call, simulation: Simulation): Promise<ToldRun> {
  designer(call)
  const problems = workflowProblems('', simulation.definition)
  if (problems.length > 0) throw new Problem('definitions.invalid', {}, { problems })
  if (going >= goingMost) throw new Problem('limit.rate', { seconds: 5 })
  going += 1
  try {
    const { document } = simulation.definition as unknown as WorkflowDefinition
    const { state, steps, clock } = await play({ workflows: call.model.workflows, engine: simulation.effects ? call.engine : null }, simulation, Date.now() + patienceMilliseconds)
    return toldRun({ workflow: document.name, version: document.version ?? null, state, steps, clock })
  } finally {
    going -= 1
  }
}

/** What a simulation is played in. */
export interface World {
  /** Those that it may run inside of itself. */
  readonly workflows: Model['workflows']
  /** Through which calls go out; null: none do. */
  readonly engine: Engine | null
}

/** A run that was played. */
export interface Played {
  readonly state: RunState
  readonly steps: readonly Step[]
  /** Milliseconds. */
  readonly clock: number
  /** What calls were given, by `seq` of the step: `{ "call", "with" }`. */
  readonly asked: ReadonlyMap<number, JsonObject>
}

/** Plays a definition that was checked. @param late milliseconds of the real clock after which expressions fail */
export async function play(world: World, simulation: Simulation, late: number): Promise<Played> {
  const driver = new Driver(world, simulation, late)
  const state = await driver.run(simulation.definition as unknown as WorkflowDefinition, simulation.input, 0)
  return { state, steps: driver.stepsOf(state), clock: driver.now, asked: driver.askedBy(state) }
}

/** Moves one run on, playing the world around it. */
class Driver {
  now: number
  private readonly steps = new Map<RunState['id'], Map<number, Step>>()
  /** What calls were given, by run and step. */
  private readonly asked = new Map<string, JsonObject>()
  /** Those that nothing answered. */
  private readonly notRun = new Set<string>()
  private readonly events: JsonObject[]
  private turned = performance.now()

  constructor(
    private readonly world: World,
    private readonly simulation: Simulation,
    private readonly late: number,
  ) {
    this.now = simulation.clock.start
    this.events = [...simulation.events]
  }

  stepsOf(state: RunState): readonly Step[] {
    const steps = [...(this.steps.get(state.id)?.values() ?? [])].toSorted((a, b) => a.seq - b.seq)
    return steps.map((step) => {
      const key = placeOf(state, step.seq)
      return this.notRun.has(key) ? { ...step, status: 'skipped', input: this.asked.get(key) ?? step.input } : step
    })
  }

  askedBy(state: RunState): ReadonlyMap<number, JsonObject> {
    return new Map(this.stepsOf(state).flatMap(({ seq }) => {
      const asked = this.asked.get(placeOf(state, seq))
      return asked === undefined ? [] : [[seq, asked] as const]
    }))
  }

  async run(definition: WorkflowDefinition, input: Json, depth: number): Promise<RunState> {
    const expressions = this.limited(expressionsOf(definition))
    let move = this.kept(await begin({ id: randomUUID(), definition, input, expressions, now: this.now }))
    const commands = [...move.commands]
    const on = async (event: RunEvent): Promise<void> => {
      move = this.kept(await advance(definition, move.state, event, expressions, this.now))
      commands.push(...move.commands)
    }
    for (;;) {
      const command = commands.shift()
      if (command !== undefined) {
        if (command.kind === 'emit') this.events.push(command.event)
        const event = await this.answer(command, move.state, depth)
        if (event !== null) await on(event)
      } else if (move.state.root === null) return move.state
      else if (this.events.length > 0 && waitsOf(move.state).some((wait) => wait.for === 'event')) await on({ kind: 'event', event: this.events.shift() ?? {} })
      else if (this.jumps(move.state)) await on({ kind: 'time' })
      else return move.state
    }
  }

  private kept(move: Move): Move {
    const steps = this.steps.get(move.state.id) ?? new Map<number, Step>()
    this.steps.set(move.state.id, steps)
    for (const step of move.steps) steps.set(step.seq, step)
    return move
  }

  /** Puts the clock to the next moment, unless that lies behind something that is really waited for. */
  private jumps(state: RunState): boolean {
    const next = nextMoment(state)
    if (next === null || (next > this.simulation.clock.until && isWait(state, next))) return false
    this.now = Math.max(this.now, next)
    return true
  }

  /** What comes of a command; null: nothing that the run would notice. */
  private async answer(command: Command, state: RunState, depth: number): Promise<RunEvent | null> {
    const { seq } = command
    if (command.kind === 'emit' || !waitsOf(state).some((wait) => wait.seq === seq)) return null
    try {
      return { kind: 'result', seq, output: await this.effect(command, state, depth) }
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return { kind: 'failure', seq, error: error.error }
    }
  }

  private async effect(command: Exclude<Command, { kind: 'emit' }>, state: RunState, depth: number): Promise<Json> {
    const { seq, path, name } = command
    if (command.kind === 'call') this.asked.set(placeOf(state, seq), { call: command.function, with: command.with })
    const provided = this.simulation.answers[path] ?? this.simulation.answers[name]
    if (provided !== undefined) return providedAnswer(command, provided)
    if (command.kind === 'workflow') return this.subflow(command.workflow, command.input, depth)
    const { engine } = this.world
    if (engine !== null && command.function === 'http') return callHttp(engine, command.with, `${state.id}-${String(seq)}`)
    if (engine !== null && command.function === 'openapi') return callOpenApi(engine, command.with, `${state.id}-${String(seq)}`)
    // Not run: the step is told as skipped, with what it would have been given.
    this.notRun.add(placeOf(state, seq))
    return null
  }

  private async subflow(name: string, input: Json, depth: number): Promise<Json> {
    const definition = [...this.world.workflows.values()].find(({ document }) => document.name === name)
    if (definition === undefined) throw fault('configuration', `There is no workflow “${name}”`)
    if (depth >= depthMost) throw fault('runtime', `Workflows lie more than ${String(depthMost)} deep inside of each other`)
    const state = await this.run(definition, input, depth + 1)
    if (state.status === 'completed') return state.output
    if (state.error !== null) throw new Fault(state.error)
    throw fault('runtime', `The workflow “${name}” waits for something that does not come in a simulation`)
  }

  /** Ten thousand steps are computed at once; others get their turn between them. */
  private async turn(): Promise<void> {
    if (performance.now() - this.turned < atOnceMilliseconds) return
    await setImmediate()
    this.turned = performance.now()
  }

  private limited(expressions: Expressions): Expressions {
    const timely = (): void => {
      if (Date.now() > this.late) throw limitFault(`The simulation takes longer than ${String(patienceMilliseconds / 1000)} seconds`)
    }
    const within = <Parts extends readonly unknown[]>(work: (...parts: Parts) => Promise<Json>) => async (...parts: Parts): Promise<Json> => {
      timely()
      await this.turn()
      return work(...parts)
    }
    return { ...expressions, evaluate: within(expressions.evaluate), resolve: within(expressions.resolve), transform: within(expressions.transform) }
  }
}

const placeOf = (state: RunState, seq: number): string => `${state.id} ${String(seq)}`

/** An answer of the scenario: for HTTP a response (`{ statusCode, content }`) or its content. */
function providedAnswer(command: Exclude<Command, { kind: 'emit' }>, provided: Json): Json {
  if (isObject(provided) && isObject(provided.error)) throw new Fault(provided.error)
  if (command.kind === 'workflow' || (command.function !== 'http' && command.function !== 'openapi')) return provided
  const response: JsonObject = isObject(provided) && typeof provided.statusCode === 'number' ? provided : { statusCode: 200, content: provided }
  return { headers: {}, request: { method: textOf(command.with.method ?? 'get').toLowerCase(), uri: command.with.uri ?? command.with.document ?? '', headers: {} }, ...response }
}

/** Is this moment the end of a `wait`, or does something else come while an event is waited for? Pauses and timeouts that come first are no waits. */
function isWait(state: RunState, next: number): boolean {
  const frames = (frame: Frame): readonly Frame[] => [frame, ...frame.children.flatMap(frames)]
  const all = state.root === null ? [] : frames(state.root)
  return all.some((frame) => frame.memo.listens === true || (frame.memo.waits === true && frame.until === next))
}
