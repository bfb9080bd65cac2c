/** The life of one task: whether it runs at all, what goes in, what comes out, and where it goes on. */
import type { WorkflowTimeoutOrName } from '../../metadata/contract/definitions.gen.js'
import type { Json } from '../../metadata/contract/json.js'
import { milliseconds } from '../model/workflows/duration.js'
import { Fault, fault, limitFault, placed } from './fault.js'
import { assertSchema, bounded, done, runLimits, taskNames, type At, type Outcome, type Placed, type Run } from './run.js'
import type { Frame, StepStatus } from './state.js'
import { textOf } from './values.js'

/** Begins a task with `raw`. The frame belongs to the caller while the outcome is waiting. */
export async function beginTask(run: Run, at: Placed, raw: Json): Promise<readonly [Outcome, Frame]> {
  const frame = newFrame(run, at, raw)
  const here: At = { ...at, frame }
  note(run, here, 'running')
  const outcome = await settled(run, here, async () => {
    const { task } = at
    const names = taskNames(run, here)
    if (task.if !== undefined && !isTrue(await run.expressions.evaluate(task.if, raw, names))) {
      note(run, here, 'skipped', { output: raw })
      return { skipped: true, outcome: done(raw) }
    }
    assertSchema(task.input?.schema, raw, 'The input')
    frame.input = task.input?.from === undefined ? raw : bounded(await run.expressions.transform(task.input.from, raw, names))
    note(run, here, 'running')
    frame.deadline = await deadlineOf(run, task.timeout, here)
    return { outcome: await run.kindOf(task).begin(run, here) }
  })
  return [outcome, frame]
}

/** Goes on with a task that was waiting. */
export function resumeTask(run: Run, at: Placed, frame: Frame): Promise<Outcome> {
  const here: At = { ...at, frame }
  return settled(run, here, async () => {
    if (frame.deadline !== null && run.now >= frame.deadline) throw fault('timeout', 'The task took too long')
    return { outcome: (await run.kindOf(at.task).resume?.(run, here)) ?? { kind: 'waiting' } }
  })
}

/** What a condition says: only `false` and nothing are no. */
export const isTrue = (value: Json): boolean => value !== false && value !== null

/** When a timeout that begins now strikes; null without one. */
export async function deadlineOf(run: Run, timeout: WorkflowTimeoutOrName | undefined, at?: At): Promise<number | null> {
  if (timeout === undefined) return null
  const named = typeof timeout === 'string' ? run.definition.use?.timeouts?.[timeout] : timeout
  if (named === undefined) throw fault('configuration', `There is no timeout called ${textOf(timeout as Json)}`)
  const after = typeof named.after === 'string' && at !== undefined ? await run.expressions.resolve(named.after, at.frame.input, taskNames(run, at)) : named.after
  const length = milliseconds(after as typeof named.after)
  if (length === undefined) throw fault('configuration', 'A timeout is no length of time')
  return run.now + length
}

/** Runs `work` and turns what it gives, or throws, into the outcome of the task. */
async function settled(run: Run, at: At, work: () => Promise<{ readonly outcome: Outcome; readonly skipped?: boolean }>): Promise<Outcome> {
  try {
    const { outcome, skipped = false } = await work()
    if (outcome.kind === 'done') return skipped ? done(outcome.output, at.task.then) : await finished(run, at, outcome)
    if (outcome.kind === 'ended') note(run, at, 'completed', { output: outcome.output })
    if (outcome.kind === 'failed') note(run, at, 'faulted', { error: outcome.error })
    if (outcome.kind === 'waiting') note(run, at, waitsForOthers(at.frame) ? 'waiting' : 'running')
    return outcome
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const told = placed(error.error, at.path)
    note(run, at, 'faulted', { error: told })
    return { kind: 'failed', error: told, final: error.final }
  }
}

/** `output` and `export` of a task whose work is done. */
async function finished(run: Run, at: At, outcome: Outcome & { readonly kind: 'done' }): Promise<Outcome> {
  const { task } = at
  const raw = bounded(outcome.output)
  const output = task.output?.as === undefined ? raw : bounded(await run.expressions.transform(task.output.as, raw, taskNames(run, at, { $raw: raw })))
  assertSchema(task.output?.schema, output, 'The output')
  if (task.export?.as !== undefined) run.state.context = bounded(await run.expressions.transform(task.export.as, output, taskNames(run, at, { $raw: raw, output })))
  if (task.export !== undefined) assertSchema(task.export.schema, run.state.context, 'The context')
  note(run, at, 'completed', { output })
  return done(output, outcome.next ?? task.then)
}

function newFrame(run: Run, at: Placed, raw: Json): Frame {
  if (run.state.steps >= runLimits.steps) throw limitFault(`The run has made ${String(runLimits.steps)} steps: it may go in circles`)
  if (at.depth > runLimits.depth) throw limitFault(`Tasks lie more than ${String(runLimits.depth)} deep inside of each other`)
  run.state.steps += 1
  return { path: at.path, name: at.name, seq: run.state.steps, depth: at.depth, raw, input: raw, startedAt: run.now, deadline: null, until: null, children: [], memo: {} }
}

/** Time passes, an event comes or people decide before it goes on. */
export const waitsForOthers = ({ until, memo }: Frame): boolean => until !== null || memo.listens === true || memo.asks === true

/** Keeps how a step stands. */
export function note(run: Run, { frame }: Pick<At, 'frame'>, status: StepStatus, more: { readonly output?: Json; readonly error?: ReturnType<typeof placed> } = {}): void {
  run.steps.set(frame.seq, {
    seq: frame.seq, path: frame.path, name: frame.name, status, input: frame.input, output: more.output ?? null, error: more.error ?? null,
    startedAt: frame.startedAt, endedAt: status === 'running' || status === 'waiting' ? null : run.now,
  })
}

/** Tasks that are under way and are not needed any more. */
export function cancelled(run: Run, frames: readonly Frame[]): void {
  for (const frame of frames) {
    cancelled(run, frame.children)
    note(run, { frame }, 'cancelled')
  }
}
