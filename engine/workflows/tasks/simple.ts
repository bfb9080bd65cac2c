/** Tasks that are done at once: set, switch, raise, emit. And wait, that is done later. */
import type { WorkflowDuration, WorkflowError } from '../../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { milliseconds } from '../../model/workflows/duration.js'
import { Fault, fault, placed } from '../fault.js'
import { done, only, taskNames, waiting, type At, type Run, type TaskKind } from '../run.js'
import { isTrue } from '../task.js'
import { textOf } from '../values.js'

export const set: TaskKind = {
  async begin(run, at) {
    const { set: data } = at.task
    const names = taskNames(run, at)
    return done(typeof data === 'string' ? await run.expressions.evaluate(data, at.frame.input, names) : await run.expressions.resolve(data ?? {}, at.frame.input, names))
  },
}

export const choose: TaskKind = {
  async begin(run, at) {
    const names = taskNames(run, at)
    let otherwise: string | undefined
    for (const entry of at.task.switch ?? []) {
      const [, { when, then }] = only(entry)
      if (when === undefined) otherwise ??= then
      else if (isTrue(await run.expressions.evaluate(when, at.frame.input, names))) return done(at.frame.input, then)
    }
    return done(at.frame.input, otherwise)
  },
}

export const raise: TaskKind = {
  async begin(run, at) {
    const named = at.task.raise?.error
    const error = typeof named === 'string' ? run.definition.use?.errors?.[named] : named
    if (error === undefined) throw fault('configuration', `There is no error called ${textOf(named as Json)}`)
    throw new Fault(placed(await resolved(run, at, error), at.path))
  },
}

async function resolved(run: Run, at: At, error: WorkflowError): Promise<JsonObject> {
  const value = await run.expressions.resolve(error as unknown as JsonObject, at.frame.input, taskNames(run, at))
  return isObject(value) ? value : {}
}

export const emit: TaskKind = {
  async begin(run, at) {
    const given = await run.expressions.resolve(at.task.emit?.event.with ?? {}, at.frame.input, taskNames(run, at))
    const event: JsonObject = { id: `${run.state.id}-${String(at.frame.seq)}`, specversion: '1.0', time: new Date(run.now).toISOString(), ...(isObject(given) ? given : {}) }
    for (const attribute of ['source', 'type'] as const) {
      if (typeof event[attribute] !== 'string' || event[attribute] === '') throw fault('validation', `The event has no ${attribute}`)
    }
    run.commands.push({ kind: 'emit', seq: at.frame.seq, path: at.path, name: at.name, event })
    return done(event)
  },
}

export const wait: TaskKind = {
  async begin(run, at) {
    const length = await durationOf(run, at, at.task.wait ?? 'PT0S')
    if (length <= 0) return done(at.frame.input)
    at.frame.until = run.now + length
    at.frame.memo = { waits: true }
    return waiting
  },
  async resume(run, { frame }) {
    if (frame.until !== null && run.now < frame.until) return waiting
    frame.until = null
    return done(frame.input)
  },
}

/** Milliseconds of a duration that may be an expression. @throws Fault expression */
export async function durationOf(run: Run, at: At, duration: WorkflowDuration, more: Readonly<Record<string, Json>> = {}): Promise<number> {
  const value = await run.expressions.resolve(duration, at.frame.input, taskNames(run, at, more))
  const length = typeof value === 'string' || isObject(value) ? milliseconds(value) : undefined
  if (length === undefined) throw fault('expression', 'This is no length of time', { detail: 'Write it like PT1H30M.' })
  return length
}
