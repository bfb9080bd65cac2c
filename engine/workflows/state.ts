/** What the interpreter keeps of a run between two moments, and what goes in and out. All of it is JSON. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { RunError } from './fault.js'

/** As in the DSL. */
export type RunStatus = 'pending' | 'running' | 'waiting' | 'suspended' | 'cancelled' | 'faulted' | 'completed'

/** A task that is under way. Composite tasks hold those that run inside of them. */
export interface Frame {
  /** JSON Pointer of the task in the definition. */
  readonly path: string
  readonly name: string
  /** Number of the step in this run: the same task has another one each time that it runs. */
  readonly seq: number
  readonly depth: number
  /** What the task was given, before `input.from`. */
  readonly raw: Json
  input: Json
  /** Milliseconds since 1970 UTC, as all moments here. */
  readonly startedAt: number
  /** When its timeout strikes. */
  deadline: number | null
  /** When it goes on by itself. */
  until: number | null
  children: Frame[]
  /** What its kind keeps. */
  memo: JsonObject
}

export interface RunState {
  readonly id: string
  readonly startedAt: number
  /** As it was sent, before `input.from`. */
  readonly given: Json
  input: Json
  status: RunStatus
  context: Json
  output: Json
  error: RunError | null
  /** Steps that were begun so far. */
  steps: number
  deadline: number | null
  /** The list of the workflow itself as a frame; null when the run is over. */
  root: Frame | null
}

/** What happened. `result` and `failure` answer the command of that step. */
export type RunEvent =
  | { readonly kind: 'time' }
  | { readonly kind: 'result'; readonly seq: number; readonly output: Json }
  | { readonly kind: 'failure'; readonly seq: number; readonly error: JsonObject }
  | { readonly kind: 'event'; readonly event: JsonObject }

/** What is to be done outside. `call` and `workflow` are answered by an event; the others are not. */
export type Command =
  | { readonly kind: 'call'; readonly seq: number; readonly path: string; readonly name: string; readonly function: string; readonly with: JsonObject }
  | { readonly kind: 'workflow'; readonly seq: number; readonly path: string; readonly name: string; readonly workflow: string; readonly input: Json; readonly detached: boolean }
  | { readonly kind: 'emit'; readonly seq: number; readonly path: string; readonly name: string; readonly event: JsonObject }

export type StepStatus = 'running' | 'waiting' | 'completed' | 'faulted' | 'skipped' | 'cancelled'

/** One step as it is told and kept. */
export interface Step {
  readonly seq: number
  readonly path: string
  readonly name: string
  status: StepStatus
  input: Json
  output: Json
  error: RunError | null
  readonly startedAt: number
  endedAt: number | null
}

/** What one move of the interpreter gives. */
export interface Move {
  readonly state: RunState
  /** Steps that began or changed, in the order in which they began. */
  readonly steps: readonly Step[]
  readonly commands: readonly Command[]
}

/** Something that a run waits for. */
export interface Wait {
  readonly seq: number
  readonly path: string
  readonly for: 'time' | 'event' | 'answer'
  readonly until: number | null
}

/** Everything that a run waits for now, innermost tasks only. */
export function waitsOf(state: RunState): readonly Wait[] {
  const waits: Wait[] = []
  const visit = (frame: Frame): void => {
    if (frame.children.length > 0) frame.children.forEach(visit)
    else if (frame !== state.root) waits.push({ seq: frame.seq, path: frame.path, for: frame.until !== null ? 'time' : frame.memo.listens === true ? 'event' : 'answer', until: frame.until })
  }
  if (state.root !== null) visit(state.root)
  return waits
}

/** The next moment at which something happens by itself; null: never. */
export function nextMoment(state: RunState): number | null {
  let next = state.root === null ? null : state.deadline
  const sooner = (moment: number | null): void => {
    if (moment !== null && (next === null || moment < next)) next = moment
  }
  const visit = (frame: Frame): void => {
    sooner(frame.deadline)
    sooner(frame.until)
    frame.children.forEach(visit)
  }
  if (state.root !== null) visit(state.root)
  return next
}
