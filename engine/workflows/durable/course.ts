/**
 * How far a run comes before it is kept again. What needs no unit (moves, questions) is done before one; what works on records is done in
 * it, and the moves that follow as long as they are computed at once: so a move, its effect and the next move are mostly one unit.
 */
import type { WorkflowDefinition } from '../../../metadata/contract/definitions.gen.js'
import type { InboxItem, StoredRun } from '../../operations/workflows/runs.js'
import { expressionsOf } from '../expressions/expressions.js'
import { advance, begin } from '../interpreter.js'
import { nextMoment, type Command, type RunEvent, type Step } from '../state.js'
import { afterCommand, afterMove, firstCommand, stateOf, type Kept } from './kept.js'

/** A run that this process holds. */
export interface Held {
  readonly run: StoredRun
  readonly definition: WorkflowDefinition
  /** Counts up with every unit. */
  revision: number
  kept: Kept
}

/** What a run did since it was kept. Replaced, never changed: a unit that is made once more begins where it began. */
export interface Course {
  readonly held: Held
  readonly kept: Kept
  /** The last word on each step, by its number. */
  readonly steps: ReadonlyMap<number, Step>
  /** Events that it sent. */
  readonly emitted: readonly (Command & { readonly kind: 'emit' })[]
  /** What came for it and was not given to it yet; the ids of what was. */
  readonly inbox: readonly InboxItem[]
  readonly read: readonly number[]
  /** Commands that were carried out. */
  readonly carried: number
}

export const courseOf = (held: Held, inbox: readonly InboxItem[]): Course => ({ held, kept: held.kept, steps: new Map(), emitted: [], inbox, read: [], carried: 0 })

/** What comes next. */
export type Next =
  | { readonly kind: 'move'; readonly event: RunEvent | null; readonly item?: InboxItem }
  | { readonly kind: 'command'; readonly command: Command }
  /** Nothing now. `due`: when something comes by itself. */
  | { readonly kind: 'rest'; readonly due: number | null }

export function nextOf({ kept, inbox: [item] }: Course, now: number): Next {
  const state = stateOf(kept)
  if (state === null) return { kind: 'move', event: null }
  if (kept.arrived !== null) return { kind: 'move', event: kept.arrived as unknown as RunEvent }
  const command = firstCommand(kept)
  if (command !== undefined) return { kind: 'command', command }
  if (state.root === null) return { kind: 'rest', due: null }
  if (item !== undefined) return { kind: 'move', event: item.document as unknown as RunEvent, item }
  const due = nextMoment(state)
  return due !== null && due <= now ? { kind: 'move', event: { kind: 'time' } } : { kind: 'rest', due }
}

/** Makes the next move. */
export async function moved(course: Course, { event, item }: Next & { readonly kind: 'move' }, now: number): Promise<Course> {
  const { kept, held: { run, definition } } = course
  const state = stateOf(kept)
  const expressions = expressionsOf(definition)
  const move = state === null || event === null ? await begin({ id: String(run.id), definition, input: run.input, expressions, now }) : await advance(definition, state, event, expressions, now)
  return {
    ...course,
    kept: afterMove(kept, event, move),
    steps: new Map([...course.steps, ...move.steps.map((step) => [step.seq, step] as const)]),
    emitted: [...course.emitted, ...move.commands.filter((command) => command.kind === 'emit')],
    ...(item === undefined ? {} : { inbox: course.inbox.slice(1), read: [...course.read, item.id] }),
  }
}

/** After its first command was carried out. @param event null: the answer comes later */
export const carried = (course: Course, event: RunEvent | null): Course => ({ ...course, kept: afterCommand(course.kept, event), carried: course.carried + 1 })

/** True when the moves of this workflow are computed at once: nobody waits for them in a unit. */
export const movesAtOnce = ({ held: { definition } }: Course): boolean => definition.evaluate?.language === 'cel'

/** That the first command goes out now is kept before it does. */
export const noted = (course: Course, seq: number): Course => ({ ...course, kept: { ...course.kept, sent: seq } })
