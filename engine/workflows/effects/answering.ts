/** Carries out what a run asks for, and says what came of it: in the unit that keeps the answer, without one, or outside. */
import type { Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { isRepeatableSending, pluginFunctions, isWorkflowAsking, isWorkflowFunction, isWorkflowQuestion, isWorkflowSending } from '../../model/workflows/functions.js'
import { ask } from '../../operations/approvals/ask.js'
import type { Call, Engine } from '../../operations/call.js'
import { addRuns, depthMost, type Start } from '../../operations/workflows/begin.js'
import { actingCall } from '../../operations/workflows/acting.js'
import { answerQuestion, callFunction, createTogether, creationIn, type Asking } from '../../operations/workflows/functions.js'
import type { StoredRun, Unit } from '../../operations/workflows/runs.js'
import { send, sendByPlugin } from '../../operations/workflows/sending.js'
import { Fault, standardError, type StandardError } from '../fault.js'
import type { Held } from '../durable/course.js'
import { failure } from '../durable/kept.js'
import type { Command, RunEvent } from '../state.js'
import { textOf } from '../values.js'
import { callHttp, callOpenApi } from './http.js'

type CallCommand = Command & { readonly kind: 'call' }

/** Where a command is carried out: before a unit, in it, or where nobody can take it back. */
export function placeOf(command: Command): 'question' | 'unit' | 'outside' {
  if (command.kind !== 'call') return 'unit'
  if (!isWorkflowFunction(command.function) || isWorkflowSending(command.function)) return 'outside'
  return isWorkflowQuestion(command.function) ? 'question' : 'unit'
}

/** @param call with the rights of the run; null: who it acts for is no longer there */
export const answered = (call: Call | null, command: CallCommand): Promise<RunEvent> =>
  toEvent(command.seq, () => {
    if (call === null) throw new Problem('access.denied')
    const name = command.function
    if (!isWorkflowFunction(name) || !isWorkflowQuestion(name)) throw new Error(`${name} is no question`)
    return answerQuestion(call, name, command.with)
  })

/** What was done in a unit was refused half-way, and nothing in the unit takes that part back. */
export class RefusedUnguarded extends Error {}

/** A command of a run that is carried out in a unit. */
export interface Asked {
  readonly run: StoredRun
  /** With the rights of the run, the same object where they are the same. null: who it acts for is no longer there. */
  readonly call: Call | null
  readonly command: Command
}

/**
 * Does the work of several runs in the unit that keeps the results; what is alike is done by the same statements. Null: the answer comes later.
 * `guarded`: what is refused is taken back by itself, which costs two statements each; otherwise the unit has to be made once more.
 * @returns in the order in which they were asked
 * @throws RefusedUnguarded
 */
export async function carryOut(tx: Unit, engine: Engine, asked: readonly Asked[], guarded: boolean): Promise<readonly (RunEvent | null)[]> {
  const events = new Map<Asked, RunEvent | null>()
  for (const alike of alikeIn(asked, guarded)) {
    const answers = await together(tx, engine, alike, guarded)
    alike.forEach((one, index) => events.set(one, answers[index] ?? null))
  }
  return asked.map((one) => events.get(one) ?? null)
}

const askingOf = (run: StoredRun, { seq, path }: Command): Asking => ({ run: run.id, seq, depth: run.depth, workflow: run.workflow, path })

/** What can be done by the same statements. */
function alikeIn(asked: readonly Asked[], guarded: boolean): readonly (readonly Asked[])[] {
  const calls = [...new Set(asked.map(({ call }) => call))]
  const groups = new Map<string, Asked[]>()
  for (const [index, one] of asked.entries()) {
    const { call, command } = one
    const entity = guarded || command.kind !== 'call' ? undefined : creationIn(command.function, command.with)?.entity
    const key = command.kind === 'workflow' ? 'workflow' : entity === undefined ? String(index) : `${String(calls.indexOf(call))} ${entity}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()]
}

async function together(tx: Unit, engine: Engine, alike: readonly Asked[], guarded: boolean): Promise<readonly (RunEvent | null)[]> {
  const [first] = alike
  if (first === undefined) return []
  const { call, command } = first
  if (command.kind === 'workflow') return beginInner(tx, engine, alike)
  if (alike.length === 1 || call === null) return [await alone(tx, first, guarded)]
  const creations = alike.flatMap(({ run, command: one }) => {
    const creation = one.kind === 'call' ? creationIn(one.function, one.with) : undefined
    return creation === undefined ? [] : [{ ...creation, asking: askingOf(run, one) }]
  })
  let made: readonly Json[] = []
  const event = await toEvent(command.seq, async () => {
    made = await createTogether(tx, call, creations)
    return null
  })
  if (event.kind === 'failure') throw new RefusedUnguarded('one of several creations')
  return alike.map(({ command: { seq } }, index) => ({ kind: 'result', seq, output: made[index] ?? null }))
}

/** @returns null: people are asked, and their answer comes later */
async function alone(tx: Unit, { run, call, command }: Asked, guarded: boolean): Promise<RunEvent | null> {
  if (command.kind !== 'call') throw new Error('events are sent with the move')
  const name = command.function
  if (!isWorkflowFunction(name) || isWorkflowQuestion(name) || isWorkflowSending(name)) throw new Error(`no function ${name}`)
  const event = await toEvent(command.seq, () => {
    if (call === null) throw new Problem('access.denied')
    const work = (part: Unit): Promise<Json> => isWorkflowAsking(name)
      ? ask(part, call, command.with, { run, seq: command.seq, path: command.path }).then(() => null)
      : callFunction(part, call, name, command.with, askingOf(run, command))
    return guarded && tx.attempt !== undefined ? tx.attempt(work) : work(tx)
  })
  if (event.kind === 'failure' && !guarded) throw new RefusedUnguarded(name)
  return event.kind === 'result' && isWorkflowAsking(name) ? null : event
}

async function beginInner(tx: Unit, engine: Engine, asked: readonly Asked[]): Promise<readonly (RunEvent | null)[]> {
  const model = engine.current.get()
  const begun: Start[] = []
  const events = asked.map(({ run, command }): RunEvent | null => {
    if (command.kind !== 'workflow') throw new Error('no inner workflow')
    const [name, definition] = [...model.workflows].find(([, { document }]) => document.name === command.workflow) ?? []
    if (name === undefined || definition === undefined) return failure(command.seq, standardError('configuration', `There is no workflow “${command.workflow}”`))
    if (run.depth >= depthMost) return failure(command.seq, standardError('runtime', `More than ${String(depthMost)} runs follow from each other: they may go in circles`))
    begun.push({ name, definition, input: command.input, cause: `${String(run.id)}-${String(command.seq)}`, depth: run.depth + 1, starter: run.starter, ...(command.detached ? {} : { parent: { run: run.id, seq: command.seq } }) })
    return null
  })
  if (begun.length > 0) await addRuns(tx, model, begun, new Date())
  return events
}

/** Calls that are sent again after a crash; of others nobody knows. */
export const isRepeatable = (command: Command): boolean => command.kind === 'call' && (isRepeatableSending(command.function) || ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'].includes(textOf(command.with.method)))

export const unknownOutcome = ({ seq }: Command): RunEvent =>
  failure(seq, standardError('runtime', 'It is not known whether this call was received', { detail: 'The engine stopped while it waited for the answer.' }))

/** Calls out. What it does cannot be taken back. */
export async function calledOut(engine: Engine, { run, definition }: Pick<Held, 'run' | 'definition'>, command: CallCommand): Promise<RunEvent> {
  const key = `run-${String(run.id)}-${String(command.seq)}`
  const name = command.function
  const plugged = pluginFunctions.has(name)
  if (plugged || (isWorkflowFunction(name) && isWorkflowSending(name))) {
    const call = await actingCall(engine, definition, run.starter, new Date())
    return toEvent(command.seq, () => {
      if (call === null) throw new Problem('access.denied')
      return isWorkflowFunction(name) && isWorkflowSending(name) ? send(call, name, command.with, key) : sendByPlugin(call, name, command.with, key)
    })
  }
  try {
    const output = command.function === 'openapi' ? await callOpenApi(engine, command.with, key) : await callHttp(engine, command.with, key)
    return { kind: 'result', seq: command.seq, output }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return failure(command.seq, error.error)
  }
}

/** Of what goes out, so that a workflow can try again what did not arrive and nothing else. */
const kindsOfCodes: Readonly<Record<string, StandardError>> = { 'mail.failed': 'communication', 'mail.refused': 'communication', 'webhook.refused': 'communication', 'plugin.refused': 'communication', 'outbound.failed': 'communication' }
/** Which error of the DSL a refusal of the engine is. */
const kindsOfProblems: Readonly<Record<number, StandardError>> = { 400: 'validation', 401: 'authentication', 403: 'authorization', 404: 'runtime', 409: 'runtime', 412: 'runtime', 422: 'validation' }

async function toEvent(seq: number, work: () => Promise<Json>): Promise<RunEvent> {
  try {
    return { kind: 'result', seq, output: await work() }
  } catch (error) {
    if (!(error instanceof Problem) || (error.status >= 500 && kindsOfCodes[error.code] === undefined)) throw error
    const [first] = error.problems
    const detail = first === undefined ? error.fix : `${first.path}: ${first.message}`
    return failure(seq, standardError(kindsOfCodes[error.code] ?? kindsOfProblems[error.status] ?? 'runtime', error.message, { status: error.status, detail }))
  }
}
