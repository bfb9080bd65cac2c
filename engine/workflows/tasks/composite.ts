/** Tasks of tasks: do, for, fork. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { pointer } from '../../model/paths.js'
import { fault } from '../fault.js'
import { goThrough, withPlace } from '../list.js'
import { done, only, taskNames, waiting, type At, type Outcome, type Run, type Scope, type TaskKind } from '../run.js'
import type { Frame } from '../state.js'
import { beginTask, cancelled, isTrue, resumeTask } from '../task.js'

export const sequence: TaskKind = {
  async begin(run, at) {
    at.frame.memo = withPlace({}, at.frame.input)
    return this.resume?.(run, at) ?? waiting
  },
  resume: (run, at) => goThrough(run, { frame: at.frame, tasks: at.task.do ?? [], base: `${at.path}/do`, scope: at.scope }),
}

/** `for`: the list once for each item; what one time gives the next one gets. */
export const loop: TaskKind = {
  async begin(run, at) {
    const items = await run.expressions.evaluate(at.task.for?.in ?? '', at.frame.input, taskNames(run, at))
    if (!Array.isArray(items)) throw fault('expression', 'What is to be gone through is no list')
    at.frame.memo = withPlace({ items: items as readonly Json[], index: 0 }, at.frame.input)
    return (await entering(run, at)) ? this.resume?.(run, at) ?? waiting : done(at.frame.input)
  },
  async resume(run, at) {
    const { frame, task } = at
    for (;;) {
      const outcome = await goThrough(run, { frame, tasks: task.do ?? [], base: `${at.path}/do`, scope: { ...at.scope, ...itemOf(at) } })
      if (outcome.kind !== 'done') return outcome
      frame.memo = withPlace({ ...frame.memo, index: Number(frame.memo.index) + 1 }, outcome.output)
      if (!(await entering(run, at))) return done(outcome.output)
    }
  },
}

function itemOf({ frame, task }: At): Scope {
  const items = frame.memo.items as readonly Json[]
  const index = Number(frame.memo.index)
  return { [task.for?.each ?? 'item']: items[index] ?? null, [task.for?.at ?? 'index']: index }
}

/** Is there another item, and does `while` still hold? */
async function entering(run: Run, at: At): Promise<boolean> {
  const { frame, task } = at
  if (Number(frame.memo.index) >= (frame.memo.items as readonly Json[]).length) return false
  if (task.while === undefined) return true
  const value = (frame.memo.place as JsonObject).value ?? null
  return isTrue(await run.expressions.evaluate(task.while, value, taskNames(run, at, itemOf(at))))
}

/** A branch that is not over is a child of the frame, at its own place; the memo has what the others gave. */
interface Branches extends JsonObject {
  /** Per branch: its output once it is done. */
  readonly outputs: readonly (readonly Json[])[]
  /** Numbers of the branches that the children are, in their order. */
  readonly running: readonly number[]
  /** Branches that came with another version of the document, and are still to begin. */
  readonly added?: readonly number[]
}

/** `fork`: branches side by side; with `compete` the first one to end is the only one that counts. */
export const fork: TaskKind = {
  async begin(run, at) {
    const branches = at.task.fork?.branches ?? []
    at.frame.memo = { outputs: branches.map(() => []), running: [] }
    return (await branchesBegun(run, at, branches.map((_branch, index) => index))) ?? joined(at)
  },
  async resume(run, at) {
    const { running, added = [], ...memo } = at.frame.memo as Branches
    const children = at.frame.children
    at.frame.children = []
    at.frame.until = null
    at.frame.memo = { ...memo, running: [] }
    for (const [i, frame] of children.entries()) {
      const index = running[i] ?? 0
      const over = branchMoved(run, at, index, frame, await resumeTask(run, branchOf(at, index), frame))
      if (over === undefined) continue
      cancelled(run, children.slice(i + 1))
      return over
    }
    return (await branchesBegun(run, at, added)) ?? joined(at)
  },
}

/** Begins branches; gives the outcome of the whole when one of them decides it. */
async function branchesBegun(run: Run, at: At, indexes: readonly number[]): Promise<Outcome | undefined> {
  for (const index of indexes) {
    const [outcome, frame] = await beginTask(run, branchOf(at, index), at.frame.input)
    const over = branchMoved(run, at, index, frame, outcome)
    if (over !== undefined) return over
  }
  return undefined
}

function branchOf(at: At, index: number): Parameters<typeof beginTask>[1] {
  const [name, task] = only(at.task.fork?.branches[index] ?? {})
  return { name, task, path: `${at.path}/fork/branches${pointer(index, name)}`, scope: at.scope, depth: at.frame.depth + 1 }
}

/** Keeps how a branch stands; gives the outcome of the whole when this decides it. */
function branchMoved(run: Run, at: At, index: number, frame: Frame, given: Outcome): Outcome | undefined {
  const outcome: Outcome = given.kind === 'done' && given.next === 'end' ? { kind: 'ended', output: given.output } : given
  const memo = at.frame.memo as Branches
  if (outcome.kind === 'waiting') {
    at.frame.children.push(frame)
    at.frame.memo = { ...memo, running: [...memo.running, index] }
    return undefined
  }
  const compete = at.task.fork?.compete === true
  const decides = outcome.kind === 'ended' || (outcome.kind === 'failed' ? !compete || outcome.final : compete)
  if (decides) {
    cancelled(run, at.frame.children)
    at.frame.children = []
    return outcome.kind === 'done' ? done(outcome.output) : outcome
  }
  at.frame.memo = { ...memo, ...(outcome.kind === 'done' ? { outputs: memo.outputs.map((output, i) => (i === index ? [outcome.output] : output)) } : { failed: outcome.kind === 'failed' ? outcome.error : null }) }
  return undefined
}

function joined(at: At): Outcome {
  if (at.frame.children.length > 0) return waiting
  const { outputs, failed } = at.frame.memo as Branches & { readonly failed?: JsonObject }
  if (at.task.fork?.compete === true) throw fault('runtime', 'No branch came to its end', { detail: typeof failed?.title === 'string' ? failed.title : '' })
  return done(outputs.map(([output = null]) => output))
}

