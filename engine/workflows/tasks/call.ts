/** Calls: functions of the workflow, HTTP, and the functions of the product. And other workflows. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { pointer } from '../../model/paths.js'
import { isWorkflowAsking } from '../../model/workflows/functions.js'
import { Fault, fault } from '../fault.js'
import { done, taskNames, waiting, type At, type Outcome, type Run, type TaskKind } from '../run.js'
import { beginTask, resumeTask } from '../task.js'
import { httpRequest, httpResult, openApiRequest } from './http.js'

export const call: TaskKind = {
  async begin(run, at) {
    const name = at.task.call ?? ''
    const own = ownFunction(run, at, name)
    if (own !== undefined) {
      const input = at.task.with === undefined ? at.frame.input : await resolvedWith(run, at)
      const [outcome, frame] = await beginTask(run, own, input)
      at.frame.children = outcome.kind === 'waiting' ? [frame] : []
      return withoutThen(outcome)
    }
    const given = name === 'http' ? await httpRequest(run, at) : name === 'openapi' ? await openApiRequest(run, at) : await resolvedWith(run, at)
    if (isWorkflowAsking(name)) at.frame.memo = { asks: true }
    run.commands.push({ kind: 'call', seq: at.frame.seq, path: at.path, name: at.name, function: name, with: given })
    return waiting
  },
  async resume(run, at) {
    const name = at.task.call ?? ''
    const [child] = at.frame.children
    const own = ownFunction(run, at, name)
    if (own !== undefined && child !== undefined) {
      const outcome = await resumeTask(run, own, child)
      if (outcome.kind !== 'waiting') at.frame.children = []
      return withoutThen(outcome)
    }
    const output = answered(run, at)
    if (output === undefined) return waiting
    return done(name === 'http' || name === 'openapi' ? httpResult(at, output) : output)
  },
}

/** Where a function would go on is nothing for its caller. */
const withoutThen = (outcome: Outcome): Outcome => (outcome.kind === 'done' ? done(outcome.output) : outcome)

/** A function that the workflow defines itself, as the task that it is. */
function ownFunction(run: Run, at: At, name: string): Parameters<typeof beginTask>[1] | undefined {
  const functions = run.definition.use?.functions
  const task = functions !== undefined && Object.hasOwn(functions, name) ? functions[name] : undefined
  return task === undefined ? undefined : { name, task, path: `/use/functions${pointer(name)}`, scope: {}, depth: at.frame.depth + 1 }
}

async function resolvedWith(run: Run, at: At): Promise<JsonObject> {
  const value = await run.expressions.resolve(at.task.with ?? {}, at.frame.input, taskNames(run, at))
  return isObject(value) ? value : {}
}

/** What came back for this task; undefined while nothing did. */
function answered(run: Run, { frame }: At): Json | undefined {
  const { event } = run
  if (event === null || (event.kind !== 'result' && event.kind !== 'failure') || event.seq !== frame.seq) return undefined
  if (event.kind === 'failure') throw new Fault(event.error)
  return event.output
}

/** `run`: another workflow. */
export const subflow: TaskKind = {
  async begin(run, at) {
    const named = at.task.run?.workflow
    if (named === undefined) throw fault('configuration', 'Only workflows are run')
    const input = named.input === undefined ? {} : await run.expressions.resolve(named.input, at.frame.input, taskNames(run, at))
    const detached = at.task.run?.await === false
    run.commands.push({ kind: 'workflow', seq: at.frame.seq, path: at.path, name: at.name, workflow: named.name, input, detached })
    return detached ? done(at.frame.input) : waiting
  },
  async resume(run, at) {
    const output = answered(run, at)
    return output === undefined ? waiting : done(at.task.run?.return === 'none' ? at.frame.input : output)
  },
}
