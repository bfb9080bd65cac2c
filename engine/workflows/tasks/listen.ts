/** `listen`: waits for events from outside. */
import type { WorkflowEventFilter, WorkflowEvents } from '../../../metadata/contract/definitions.gen.js'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { linearPattern } from '../../formulas/linear.js'
import { done, taskNames, waiting, type At, type Outcome, type Run, type TaskKind } from '../run.js'
import { isTrue } from '../task.js'

/** Events that one task takes in at most. */
const eventsMost = 1_000

export const listen: TaskKind = {
  async begin(_run, at) {
    at.frame.memo = { listens: true, events: [], matched: [], expected: {} }
    return waiting
  },
  async resume(run, at) {
    if (run.event?.kind !== 'event') return waiting
    const to = at.task.listen?.to ?? {}
    const ends = typeof to.until === 'object' ? await endedBy(run, at, to.until, run.event.event) : null
    if (ends !== null) return ends ? over(at, at.frame.memo.events as readonly Json[]) : waiting
    const filters = filtersOf(to)
    const matched = at.frame.memo.matched as readonly number[]
    const events = at.frame.memo.events as readonly Json[]
    const hit = await firstMatch(run, at, filters, to.all === undefined ? [] : matched, run.event.event)
    if (hit === undefined) return waiting
    const read = run.event.event
    const all = [...events, at.task.listen?.read === 'envelope' ? read : read.data ?? null]
    at.frame.memo = { ...at.frame.memo, events: all, matched: [...matched, hit] }
    return (await isOver(run, at, to, all)) ? over(at, all) : waiting
  },
}

/** What a task waits for with a strategy: the events that it takes in, and those that end it. */
export const heardBy = (to: WorkflowEvents): readonly WorkflowEventFilter[] => [...filtersOf(to), ...(typeof to.until === 'object' ? filtersOf(to.until) : [])]

/** The filters of a strategy. `any` without filters takes every event. */
function filtersOf({ one, any, all }: WorkflowEvents): readonly WorkflowEventFilter[] {
  if (one !== undefined) return [one]
  return all ?? (any === undefined || any.length === 0 ? [{ with: {} }] : any)
}

function over(at: At, events: readonly Json[]): Outcome {
  at.frame.memo = { ...at.frame.memo, listens: false }
  return done(events)
}

async function isOver(run: Run, at: At, to: WorkflowEvents, events: readonly Json[]): Promise<boolean> {
  if (to.all !== undefined) return events.length >= to.all.length
  if (to.one !== undefined || to.until === undefined || events.length >= eventsMost) return true
  return typeof to.until === 'string' && isTrue(await run.expressions.evaluate(to.until, events, taskNames(run, at)))
}

/** Does this event end it? Of `all` only the last one does; null: it is none of those that end, which are not among what the task gives. */
async function endedBy(run: Run, at: At, until: WorkflowEvents, event: JsonObject): Promise<boolean | null> {
  const ended = (at.frame.memo.ended ?? []) as readonly number[]
  const filters = filtersOf(until)
  const hit = await firstMatch(run, at, filters, until.all === undefined ? [] : ended, event)
  if (hit === undefined) return null
  at.frame.memo = { ...at.frame.memo, ended: [...ended, hit] }
  return until.all === undefined || ended.length + 1 >= filters.length
}

/** Number of the first filter that takes the event, except those in `taken`. */
async function firstMatch(run: Run, at: At, filters: readonly WorkflowEventFilter[], taken: readonly number[], event: JsonObject): Promise<number | undefined> {
  for (const [index, filter] of filters.entries()) {
    if (!taken.includes(index) && (await takes(run, at, filter, event))) return index
  }
  return undefined
}

async function takes(run: Run, at: At, filter: WorkflowEventFilter, event: JsonObject): Promise<boolean> {
  const names = taskNames(run, at)
  for (const [attribute, wanted] of Object.entries(filter.with)) {
    const value = event[attribute] ?? null
    if (typeof wanted === 'string' && run.expressions.isExpression(wanted)) {
      const found = await run.expressions.evaluate(wanted, value, names)
      if (typeof found === 'boolean' ? !found : JSON.stringify(found) !== JSON.stringify(value)) return false
    } else if (!plainMatch(wanted, value)) return false
  }
  return correlates(run, at, filter, event)
}

/** Equal, or a text that a pattern describes from its beginning to its end. */
function plainMatch(wanted: Json, value: Json): boolean {
  if (typeof wanted !== 'string' || typeof value !== 'string') return JSON.stringify(wanted) === JSON.stringify(value)
  if (wanted === value) return true
  try {
    return linearPattern(`^(?:${wanted})$`).test(value)
  } catch {
    return false
  }
}

async function correlates(run: Run, at: At, filter: WorkflowEventFilter, event: JsonObject): Promise<boolean> {
  const names = taskNames(run, at)
  for (const [name, { from, expect }] of Object.entries(filter.correlate ?? {})) {
    const value = await run.expressions.evaluate(from, event, names)
    const known = at.frame.memo.expected as JsonObject
    const wanted = expect === undefined ? known[name] : await run.expressions.resolve(expect, at.frame.input, names)
    if (wanted === undefined) at.frame.memo = { ...at.frame.memo, expected: { ...known, [name]: value } }
    else if (JSON.stringify(wanted) !== JSON.stringify(value)) return false
  }
  return true
}
