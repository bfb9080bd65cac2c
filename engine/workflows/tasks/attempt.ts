/** `try`: tasks whose errors are caught, tried again after a while, or answered by other tasks. */
import type { WorkflowCatch, WorkflowRetry } from '../../../metadata/contract/definitions.gen.js'
import { fault, sameType, type RunError } from '../fault.js'
import { goThrough, withPlace } from '../list.js'
import { done, taskNames, waiting, type At, type Outcome, type Run, type Scope, type TaskKind } from '../run.js'
import { isTrue } from '../task.js'
import { durationOf } from './simple.js'
import { textOf } from '../values.js'

export const attempt: TaskKind = {
  async begin(run, at) {
    at.frame.memo = withPlace({ phase: 'trying', attempts: 0 }, at.frame.input)
    return this.resume?.(run, at) ?? waiting
  },
  async resume(run, at) {
    const { frame, task, path } = at
    for (;;) {
      if (frame.memo.phase === 'catching') return goThrough(run, { frame, tasks: task.catch?.do ?? [], base: `${path}/catch/do`, scope: { ...at.scope, ...errorScope(at) } })
      if (frame.until !== null) {
        if (run.now < frame.until) return waiting
        frame.until = null
        frame.memo = withPlace(frame.memo, frame.input)
      }
      const outcome = await goThrough(run, { frame, tasks: task.try ?? [], base: `${path}/try`, scope: at.scope })
      if (outcome.kind !== 'failed') return outcome
      const handled = await handle(run, at, outcome)
      if (handled !== undefined) return handled
    }
  },
}

const errorScope = ({ frame, task }: At): Scope => ({ [task.catch?.as ?? 'error']: frame.memo.error ?? null })

/** What follows from an error; undefined: go on as the memo says. */
async function handle(run: Run, at: At, failed: Outcome & { readonly kind: 'failed' }): Promise<Outcome | undefined> {
  const { frame, task } = at
  const filter = task.catch ?? {}
  frame.memo = { ...frame.memo, error: failed.error }
  if (failed.final || !(await catches(run, at, filter, failed.error))) return failed
  const retry = retryOf(run, filter)
  const pause = retry === undefined ? undefined : await pauseBefore(run, at, retry)
  if (pause !== undefined) {
    frame.memo = { ...frame.memo, attempts: Number(frame.memo.attempts) + 1 }
    frame.until = run.now + pause
    return pause > 0 ? waiting : undefined
  }
  if (filter.do !== undefined) {
    frame.memo = withPlace({ ...frame.memo, phase: 'catching' }, frame.input)
    return undefined
  }
  return retry === undefined ? done(frame.input) : failed
}

/** Is this an error that is caught here? */
async function catches(run: Run, at: At, { errors, when, exceptWhen }: WorkflowCatch, error: RunError): Promise<boolean> {
  for (const [member, wanted] of Object.entries(errors?.with ?? {})) {
    const value = error[member === 'details' ? 'detail' : member]
    if (member === 'type' ? !sameType(textOf(value), String(wanted)) : value !== wanted) return false
  }
  return condition(run, at, when, exceptWhen)
}

async function condition(run: Run, at: At, when: string | undefined, exceptWhen: string | undefined): Promise<boolean> {
  const names = taskNames(run, at, errorScope(at))
  if (when !== undefined && !isTrue(await run.expressions.evaluate(when, at.frame.input, names))) return false
  return exceptWhen === undefined || !isTrue(await run.expressions.evaluate(exceptWhen, at.frame.input, names))
}

function retryOf(run: Run, { retry }: WorkflowCatch): WorkflowRetry | undefined {
  if (typeof retry !== 'string') return retry
  const named = run.definition.use?.retries?.[retry]
  if (named === undefined) throw fault('configuration', `There is no way of trying again called ${retry}`)
  return named
}

/** Milliseconds before it is tried again; undefined when it is not. */
async function pauseBefore(run: Run, at: At, retry: WorkflowRetry): Promise<number | undefined> {
  const { frame } = at
  if (!(await condition(run, at, retry.when, retry.exceptWhen))) return undefined
  const attempts = Number(frame.memo.attempts)
  const { count = Infinity, duration } = retry.limit?.attempt ?? {}
  if (attempts >= count) return undefined
  const pause = (await backedOff(run, at, retry, attempts)) + (await jitterOf(run, at, retry, attempts))
  for (const limit of [duration, retry.limit?.duration]) {
    if (limit !== undefined && run.now + pause - frame.startedAt > (await durationOf(run, at, limit))) return undefined
  }
  return pause
}

/** A pause grows with every try, up to a day. */
const longestPause = 86_400_000

async function backedOff(run: Run, at: At, { delay, backoff }: WorkflowRetry, attempts: number): Promise<number> {
  const first = delay === undefined ? 0 : await durationOf(run, at, delay)
  if (backoff?.exponential !== undefined) return Math.min(longestPause, first * 2 ** Math.min(attempts, 40))
  if (backoff?.linear === undefined) return first
  const { increment } = backoff.linear as { readonly increment?: Parameters<typeof durationOf>[2] }
  return Math.min(longestPause, first + attempts * (increment === undefined ? first : await durationOf(run, at, increment)))
}

/** Spread by the run and the try, so that the same history gives the same moments. */
async function jitterOf(run: Run, at: At, { jitter }: WorkflowRetry, attempts: number): Promise<number> {
  if (jitter === undefined) return 0
  const [from, to] = [await durationOf(run, at, jitter.from), await durationOf(run, at, jitter.to)]
  const share = hashed(`${run.state.id} ${at.path} ${String(attempts)}`)
  return Math.round(from + share * Math.max(0, to - from))
}

/** A number from 0 to 1 that belongs to the text (FNV-1a). */
function hashed(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return hash / 0xffffffff
}

