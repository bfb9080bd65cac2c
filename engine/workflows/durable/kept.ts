/** What is kept of a run beside its row, and how moves and answers change it. Pure. */
import type { WorkflowDefinition, WorkflowTask } from '../../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { isWorkflowAsking } from '../../model/workflows/functions.js'
import { standardError, type RunError } from '../fault.js'
import type { Command, Frame, Move, RunEvent, RunState } from '../state.js'
import { heardBy } from '../tasks/listen.js'

/** As it stands in the column `document`. */
export interface Kept extends JsonObject {
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

export const stateOf = ({ state }: Kept): RunState | null => state as unknown as RunState | null // written by `afterMove`

/** The first command that is to be carried out. */
export const firstCommand = ({ pending: [first] }: Kept): Command | undefined => first as unknown as Command | undefined // written by `afterMove`

/** After the interpreter saw `event`. */
export function afterMove(kept: Kept, event: RunEvent | null, { state, commands }: Move): Kept {
  const over = state.root === null
  const pending = commands.filter(({ kind }) => kind !== 'emit') as unknown as readonly JsonObject[]
  const answered = event !== null && 'seq' in event ? event.seq : null
  return {
    ...kept,
    state: state as unknown as JsonObject,
    // Of a run that is over only what nobody was to wait for is still begun.
    pending: [...kept.pending, ...pending].filter(({ detached }) => !over || detached === true),
    asked: over ? [] : [...kept.asked.filter(({ seq }) => seq !== answered), ...pending],
    arrived: null,
    sent: null,
    // What is needed to make the last move once more, when it failed.
    failed: state.status === 'faulted' ? { state: kept.state, event: event as unknown as Json, command: commandToRepeat(kept, event, state.error) } : null,
    error: state.error,
  }
}

/** After the first command was carried out. @param event null: its answer comes later, by the inbox; a run that is over hears none */
export const afterCommand = (kept: Kept, event: RunEvent | null): Kept => ({ ...kept, pending: kept.pending.slice(1), arrived: stateOf(kept)?.root === null ? null : event, sent: null })

/**
 * The command whose answer made a move fail, so that it can be carried out once more: one that was refused, or a call whose answer
 * said no. What was done and failed only in what followed is not done again.
 */
function commandToRepeat(kept: Kept, event: RunEvent | null, error: RunError | null): JsonObject | null {
  if (event === null || !('seq' in event)) return null
  const command = kept.asked.find(({ seq }) => seq === event.seq)
  if (command === undefined) return null
  const refused = event.kind === 'failure' || ((command.function === 'http' || command.function === 'openapi') && error?.instance === command.path)
  return refused ? command : null
}

export const failure = (seq: number, error: JsonObject): RunEvent => ({ kind: 'failure', seq, error })

/** How a run ended, as the answer to the step that began it. */
export const answerOf = (seq: number, state: RunState): JsonObject =>
  state.status === 'completed' ? { kind: 'result', seq, output: state.output } : { kind: 'failure', seq, error: state.error ?? standardError('runtime', 'The workflow did not end') }

/** Types of events that the run listens to now; * for those that are not told by a plain type. */
export function hears(definition: WorkflowDefinition, state: RunState | null): readonly string[] {
  const found: string[] = []
  const visit = (frame: Frame): void => {
    if (frame.memo.listens === true) {
      const task = taskAt(definition, frame.path)
      for (const { with: wanted } of heardBy(task?.listen?.to ?? {})) found.push(typeof wanted.type === 'string' && /^[\w.-]+$/.test(wanted.type) ? wanted.type : '*')
    }
    frame.children.forEach(visit)
  }
  if (state !== null && state.root !== null) visit(state.root)
  return found
}

/** Steps that asked people and do not wait for them any more. */
export function asksNoMore(before: Kept, after: Kept): readonly number[] {
  const still = new Set(after.asked.map(({ seq }) => seq))
  return before.asked.flatMap(({ seq, function: name }) => (typeof name === 'string' && typeof seq === 'number' && isWorkflowAsking(name) && !still.has(seq) ? [seq] : []))
}

/** The task at a JSON Pointer. */
function taskAt(definition: WorkflowDefinition, path: string): WorkflowTask | undefined {
  let value: unknown = definition
  for (const key of path.split('/').slice(1)) value = isObject(value) || Array.isArray(value) ? (value as Readonly<Record<string, unknown>>)[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  return value as WorkflowTask | undefined
}
