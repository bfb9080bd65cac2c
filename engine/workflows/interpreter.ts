/** The interpreter: (definition, state, event) → (state, commands). It reads no clock, does nothing outside and keeps nothing. */
import type { WorkflowDefinition, WorkflowTask } from '../../metadata/contract/definitions.gen.js'
import type { Json } from '../../metadata/contract/json.js'
import { isWorkflowAsking } from '../model/workflows/functions.js'
import type { Expressions } from './expressions/expressions.js'
import { Fault, fault, placed, type RunError } from './fault.js'
import { goThrough, withPlace } from './list.js'
import { assertSchema, bounded, workflowNames, type Outcome, type Run, type TaskKind } from './run.js'
import type { Command, Move, RunEvent, RunState } from './state.js'
import { cancelled, deadlineOf, waitsForOthers } from './task.js'
import { attempt } from './tasks/attempt.js'
import { call, subflow } from './tasks/call.js'
import { fork, loop, sequence } from './tasks/composite.js'
import { listen } from './tasks/listen.js'
import { choose, emit, raise, set, wait } from './tasks/simple.js'

/** The kinds of tasks by the member that makes a task one of them. `for` comes before `do`, which it has, too. */
const kinds: readonly (readonly [keyof WorkflowTask, TaskKind])[] = [
  ['call', call], ['emit', emit], ['for', loop], ['fork', fork], ['listen', listen], ['raise', raise], ['run', subflow],
  ['set', set], ['switch', choose], ['try', attempt], ['wait', wait], ['do', sequence],
]

/** The member that makes a task the kind that it is. */
export const kindNameOf = (task: object): string | undefined => kinds.find(([member]) => Object.hasOwn(task, member))?.[0]

function kindOf(task: WorkflowTask): TaskKind {
  const found = kinds.find(([member]) => Object.hasOwn(task, member))
  if (found === undefined) throw fault('configuration', 'This is no task that is known here')
  return found[1]
}

/** What a run begins with. */
export interface Beginning {
  readonly id: string
  readonly definition: WorkflowDefinition
  readonly input: Json
  readonly expressions: Expressions
  /** Milliseconds since 1970 UTC. */
  readonly now: number
}

/** Begins a run and goes as far as it can without anything from outside. */
export async function begin({ id, definition, input, expressions, now }: Beginning): Promise<Move> {
  const root = { path: '', name: '', seq: 0, depth: 0, raw: input, input, startedAt: now, deadline: null, until: null, children: [], memo: {} }
  const state: RunState = { id, startedAt: now, given: input, input, status: 'running', context: {}, output: null, error: null, steps: 0, deadline: null, root }
  const run: Run = { definition, state, now, expressions, kindOf, event: null, steps: new Map(), commands: [] }
  await guarded(run, async () => {
    assertSchema(definition.input?.schema, input, 'The input of the workflow')
    state.input = definition.input?.from === undefined ? input : bounded(await expressions.transform(definition.input.from, input, workflowNames(run)))
    state.context = {}
    state.deadline = await deadlineOf(run, definition.timeout)
    root.memo = withPlace({}, state.input)
    return going(run)
  })
  return moved(run)
}

/** Goes on after something happened. A run that is over stays as it is. */
export async function advance(definition: WorkflowDefinition, before: RunState, event: RunEvent, expressions: Expressions, now: number): Promise<Move> {
  const state = structuredClone(before)
  const run: Run = { definition, state, now, expressions, kindOf, event, steps: new Map(), commands: [] }
  if (state.root === null) return moved(run)
  state.status = 'running'
  await guarded(run, async () => {
    if (state.deadline !== null && now >= state.deadline) throw fault('timeout', 'The workflow took too long')
    return going(run)
  })
  return moved(run)
}

function going(run: Run): Promise<Outcome> {
  const { root } = run.state
  if (root === null) throw new Error('the run is over')
  return goThrough(run, { frame: root, tasks: run.definition.do, base: '/do', scope: {} })
}

/** Runs the list of the workflow and keeps how it ended, if it did. */
async function guarded(run: Run, work: () => Promise<Outcome>): Promise<void> {
  try {
    const outcome = await work()
    if (outcome.kind === 'waiting') return void (run.state.status = run.commands.some(isWork) || !isQuiet(run.state) ? 'running' : 'waiting')
    if (outcome.kind === 'failed') return failed(run, outcome.error)
    const { output } = run.definition
    const value = output?.as === undefined ? outcome.output : bounded(await run.expressions.transform(output.as, outcome.output, workflowNames(run)))
    assertSchema(output?.schema, value, 'The output of the workflow')
    ended(run, 'completed', value, null)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    failed(run, placed(error.error, '/'))
  }
}

const failed = (run: Run, error: RunError): void => ended(run, 'faulted', null, error)

function ended(run: Run, status: 'completed' | 'faulted', output: Json, error: RunError | null): void {
  cancelled(run, run.state.root?.children ?? [])
  Object.assign(run.state, { status, output, error, root: null, deadline: null })
}

/** Something is done for it now; asking people is none of it. */
const isWork = (command: Command): boolean => !(command.kind === 'call' && isWorkflowAsking(command.function))

/** True when only time, events and people are waited for. */
function isQuiet(state: RunState): boolean {
  const quiet = (frame: NonNullable<RunState['root']>): boolean => (frame.children.length > 0 ? frame.children.every(quiet) : waitsForOthers(frame))
  return state.root === null || quiet(state.root)
}

const moved = (run: Run): Move => ({ state: run.state, steps: [...run.steps.values()].toSorted((a, b) => a.seq - b.seq), commands: run.commands.filter(({ seq, kind }) => kind === 'emit' || run.steps.get(seq)?.status !== 'cancelled') })
