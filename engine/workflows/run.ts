/** What the parts of the interpreter work with during one move. */
import type { WorkflowDefinition, WorkflowTask } from '../../metadata/contract/definitions.gen.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { valueErrors } from '../model/validation.js'
import type { Expressions, Names } from './expressions/expressions.js'
import { fault, limitFault, type RunError } from './fault.js'
import type { Command, Frame, RunEvent, RunState, Step } from './state.js'

/** What a run may use. */
export interface RunLimits {
  /** Steps of one run, the repeated ones too. */
  readonly steps: number
  /** Tasks inside of tasks. */
  readonly depth: number
  /** Characters of any value that is passed on, as JSON. */
  readonly valueLength: number
}

export const runLimits: RunLimits = { steps: 10_000, depth: 60, valueLength: 1_000_000 }

/** One move of one run. `state` is a copy that belongs to the move. */
export interface Run {
  readonly definition: WorkflowDefinition
  readonly state: RunState
  readonly now: number
  readonly expressions: Expressions
  /** @throws Fault configuration when it is none that is offered */
  kindOf(task: WorkflowTask): TaskKind
  /** What happened; null at the beginning. */
  readonly event: RunEvent | null
  readonly steps: Map<number, Step>
  readonly commands: Command[]
}

/** Names that stand for values inside of a composite task, such as the item of a loop. */
export type Scope = Readonly<Record<string, Json>>

/** A task at its place. */
export interface Placed {
  readonly name: string
  readonly task: WorkflowTask
  readonly path: string
  readonly scope: Scope
  readonly depth: number
}

/** A task that is under way. */
export interface At extends Placed {
  readonly frame: Frame
}

/** How far a task is. */
export type Outcome =
  | { readonly kind: 'done'; readonly output: Json; readonly next?: string }
  | { readonly kind: 'ended'; readonly output: Json }
  | { readonly kind: 'failed'; readonly error: RunError; readonly final: boolean }
  | { readonly kind: 'waiting' }

/** @param next where it goes on, when that is not simply the next task */
export const done = (output: Json, next?: string): Outcome => ({ kind: 'done', output, ...(next === undefined ? {} : { next }) })
export const waiting: Outcome = { kind: 'waiting' }

/** A kind of task. What it waits for is in `run.event` and `run.now` when it is resumed. */
export interface TaskKind {
  begin(run: Run, at: At): Promise<Outcome>
  resume?(run: Run, at: At): Promise<Outcome>
}

/** A moment as expressions see it. */
const moment = (at: number): JsonObject => ({ iso8601: new Date(at).toISOString(), epoch: { seconds: Math.floor(at / 1000), milliseconds: at } })

const runtime: JsonObject = { name: 'Tessera', version: '1', metadata: {} }

/** The arguments of expressions: those of the workflow. */
export function workflowNames(run: Run): Names {
  const { state, definition } = run
  return (name) => {
    if (name === 'context') return state.context
    if (name === 'workflow') return { id: state.id, definition: definition as unknown as JsonObject, input: state.given, startedAt: moment(state.startedAt) }
    if (name === 'runtime') return runtime
    if (name === 'secrets') throw fault('authorization', 'The workflow may not read secrets', { detail: 'There are none that it was given.' })
    return undefined
  }
}

/** The arguments of expressions inside of a task, and the names around it. */
export function taskNames(run: Run, at: At, more: Scope = {}): Names {
  const outer = workflowNames(run)
  return (name) => {
    if (Object.hasOwn(more, name)) return more[name]
    if (Object.hasOwn(at.scope, name)) return at.scope[name]
    if (name === 'input') return at.frame.input
    if (name === 'task') return { name: at.name, reference: at.path, definition: at.task as unknown as JsonObject, input: at.frame.raw, output: more['$raw'] ?? null, startedAt: moment(at.frame.startedAt) }
    return outer(name)
  }
}

/** `value` under a schema of the document. @throws Fault validation, configuration */
export function assertSchema(schema: { readonly document: JsonObject } | undefined, value: Json, what: string): void {
  if (schema === undefined) return
  let errors: ReturnType<typeof valueErrors>
  try {
    errors = valueErrors(schema.document, value)
  } catch (error) {
    throw fault('configuration', `The schema of ${what} cannot be used`, { detail: error instanceof Error ? error.message : '' })
  }
  const [first] = errors
  if (first !== undefined) throw fault('validation', `${what} does not fit its schema`, { detail: `${first.path === '' ? 'It' : first.path} ${first.problem}.` })
}

/** @throws Fault when the value is larger than runs carry */
export function bounded(value: Json): Json {
  if (typeof value === 'object' && value !== null && JSON.stringify(value).length > runLimits.valueLength) throw limitFault(`A value is larger than ${String(runLimits.valueLength / 1_000_000)} MB`)
  if (typeof value === 'string' && value.length > runLimits.valueLength) throw limitFault(`A text is longer than ${String(runLimits.valueLength / 1_000_000)} MB`)
  return value
}

/** Members of an object that has one, as the DSL names tasks and cases. */
export function only<T>(entry: Readonly<Record<string, T>>): readonly [string, T] {
  const [first] = Object.entries(entry)
  if (first === undefined) throw fault('configuration', 'A task has no name')
  return first
}
