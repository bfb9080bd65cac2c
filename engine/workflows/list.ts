/** Tasks one after the other, as they stand or as they say where to go on. */
import type { WorkflowTasks } from '../../metadata/contract/definitions.gen.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { pointer } from '../model/paths.js'
import { fault } from './fault.js'
import { done, only, type Outcome, type Run, type Scope } from './run.js'
import type { Frame } from './state.js'
import { beginTask, resumeTask } from './task.js'

/** Where a list stands, and what its next task is given. */
export interface Place extends JsonObject {
  readonly at: number
  readonly value: Json
}

export const beginning = (value: Json): Place => ({ at: 0, value })

/** A list with what is around it. The task that is under way is the only child of `frame`; the place is kept in its memo. */
export interface List {
  readonly frame: Frame
  readonly tasks: WorkflowTasks
  /** JSON Pointer of the list. */
  readonly base: string
  readonly scope: Scope
}

/** Goes through the list from the place in the frame's memo, as far as it can. */
export async function goThrough(run: Run, list: List): Promise<Outcome> {
  const { frame, tasks, base, scope } = list
  for (;;) {
    const { at, value } = placeOf(frame)
    const entry = tasks[at]
    if (entry === undefined) return done(value)
    const [name, task] = only(entry)
    const placed = { name, task, path: `${base}${pointer(at, name)}`, scope, depth: frame.depth + 1 }
    const [child] = frame.children
    const [outcome, current] = child === undefined ? await beginTask(run, placed, value) : [await resumeTask(run, placed, child), child] as const
    frame.children = outcome.kind === 'waiting' ? [current] : []
    if (outcome.kind !== 'done') return outcome
    const next = following(tasks, at, outcome.next ?? 'continue')
    if (next === 'end') return { kind: 'ended', output: outcome.output }
    frame.memo = { ...frame.memo, place: { at: next, value: outcome.output } }
  }
}

export const withPlace = (memo: JsonObject, value: Json): JsonObject => ({ ...memo, place: beginning(value) })

const placeOf = ({ memo }: Frame): Place => memo.place as Place

/** The place after a directive; past the end when the list is left. */
function following(tasks: WorkflowTasks, at: number, then: string): number | 'end' {
  if (then === 'end') return 'end'
  if (then === 'continue') return at + 1
  if (then === 'exit') return tasks.length
  const place = tasks.findIndex((entry) => Object.hasOwn(entry, then))
  if (place < 0) throw fault('configuration', `There is no task “${then}” in this list`)
  return place
}
