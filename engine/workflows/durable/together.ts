/** Moves several runs together: each as far as it comes, all that they did kept in one unit with a few statements. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Call, Engine } from '../../operations/call.js'
import { announce } from '../../operations/changes/feed.js'
import { actingCall, roleOf } from '../../operations/workflows/acting.js'
import { listenFrom, send } from '../../operations/workflows/begin.js'
import { tellOfFailures } from '../../operations/workflows/failures.js'
import * as runs from '../../operations/workflows/runs.js'
import { answered, carryOut, isRepeatable, placeOf, unknownOutcome, type Asked } from '../effects/answering.js'
import type { Command } from '../state.js'
import { carried, moved, movesAtOnce, nextOf, noted, type Course, type Held } from './course.js'
import { answerOf, asksNoMore, firstCommand, hears, stateOf } from './kept.js'

/** Commands of one run that are carried out before it is kept. */
const carriedMost = 20

/** Who moves the runs. */
export interface Mover {
  readonly engine: Engine
  /** Name under which they are held. */
  readonly name: string
  /** Until when a run is held from now on. */
  until(): Date
  /** Nothing new is begun: runs are given back. */
  stopping(): boolean
}

/** What became of the runs that are still held. */
export interface Together {
  readonly goingOn: readonly Held[]
  /** Their calls are noted and may go out. */
  readonly callingOut: readonly { readonly held: Held; readonly command: Command & { readonly kind: 'call' } }[]
}

/**
 * @param guarded what one of them is refused is taken back by itself
 * @throws RefusedUnguarded, and what any of them meets; then none of them was moved
 */
export async function moveTogether(mover: Mover, beginnings: readonly Course[], guarded: boolean): Promise<Together> {
  const { engine } = mover
  const inbox = await inboxOf(engine, beginnings)
  const acting = actingCalls(engine)
  const ready = await Promise.all(beginnings.map((course) => prepared(acting, { ...course, inbox: inbox.filter(({ run }) => run === course.held.run.id) })))
  const kept = await engine.database.write(async (tx) => {
    const still = await runs.holdRuns(tx, mover.name, beginnings.map(({ held: { run, revision } }) => ({ id: run.id, revision })))
    const courses = await goneOn(tx, engine, ready.filter(({ course }) => still.has(course.held.run.id)), guarded)
    const standings = courses.map((course) => standingOf(course, mover.stopping()))
    await keep(tx, mover, standings)
    return standings
  })
  announce(engine.database)
  for (const { course: { held, kept: now } } of kept) Object.assign(held, { kept: now, revision: held.revision + 1 })
  const goingOn = kept.filter(({ released }) => released === null)
  return {
    goingOn: goingOn.flatMap(({ course: { held }, calls }) => (calls === null ? [held] : [])),
    callingOut: goingOn.flatMap(({ course: { held }, calls }) => (calls === null ? [] : [{ held, command: calls }])),
  }
}

/** Runs that wait for something hear what came; others first do what they have to. */
async function inboxOf({ database }: Engine, courses: readonly Course[]): Promise<readonly runs.InboxItem[]> {
  const waiting = courses.filter(({ kept }) => kept.state !== null && kept.arrived === null && kept.pending.length === 0)
  return waiting.length === 0 ? [] : runs.inboxOf(database.read, waiting.map(({ held }) => held.run.id))
}

interface Ready {
  readonly course: Course
  /** With the rights of the run, when it asks for anything; null: who it acts for is no longer there. */
  readonly call: Call | null | undefined
}

/** Rights of runs: those with the same rights get the same call. */
function actingCalls(engine: Engine): (held: Held) => Promise<Call | null> {
  const known = new Map<string, Promise<Call | null>>()
  const at = new Date()
  return ({ definition, run: { starter } }) => {
    const key = `${roleOf(definition) ?? ''} ${String(starter)}`
    const call = known.get(key) ?? actingCall(engine, definition, starter, at)
    known.set(key, call)
    return call
  }
}

/** As far as it comes without a unit. */
async function prepared(acting: (held: Held) => Promise<Call | null>, beginning: Course): Promise<Ready> {
  let course = withoutUnknown(beginning)
  let call: Call | null | undefined
  for (;;) {
    const now = Date.now()
    const next = nextOf(course, now)
    if (next.kind === 'rest') return { course, call }
    if (next.kind === 'move') {
      course = await moved(course, next, now)
      continue
    }
    const { command } = next
    const place = placeOf(command)
    if (place === 'outside') return { course, call }
    call ??= await acting(course.held)
    if (place === 'unit' || command.kind !== 'call' || course.carried >= carriedMost) return { course, call }
    course = carried(course, await answered(call, command))
  }
}

/** A call that was out when its process died, and that may not go out twice. */
function withoutUnknown(course: Course): Course {
  const command = firstCommand(course.kept)
  return command !== undefined && course.kept.sent === command.seq && !isRepeatable(command) ? carried(course, unknownOutcome(command)) : course
}

/** As far as they come in the unit, side by side, so that what is alike is done at once. Runs whose moves take time are kept first. */
async function goneOn(tx: runs.Unit, engine: Engine, ready: readonly Ready[], guarded: boolean): Promise<readonly Course[]> {
  const courses = ready.map(({ course }) => course)
  for (;;) {
    const asked: (Asked & { readonly index: number })[] = []
    for (const [index, { call, course: beginning }] of ready.entries()) {
      const course = await movedAtOnce(courses[index] ?? beginning)
      courses[index] = course
      const next = nextOf(course, Date.now())
      if (next.kind === 'command' && call !== undefined && placeOf(next.command) === 'unit' && course.carried < carriedMost) asked.push({ index, run: course.held.run, call, command: next.command })
    }
    if (asked.length === 0) return courses
    const events = await carryOut(tx, engine, asked, guarded)
    for (const [place, { index }] of asked.entries()) {
      const course = courses[index]
      if (course !== undefined) courses[index] = carried(course, events[place] ?? null)
    }
  }
}

/** Up to where it waits for something, or for somebody who computes elsewhere. */
async function movedAtOnce(beginning: Course): Promise<Course> {
  let course = beginning
  for (;;) {
    const now = Date.now()
    const next = nextOf(course, now)
    if (next.kind !== 'move' || !movesAtOnce(course)) return course
    course = await moved(course, next, now)
  }
}

interface Standing {
  readonly course: Course
  readonly status: string
  readonly released: { readonly due: Date | null } | null
  readonly ended: Date | null
  /** The call that goes out when this is kept. */
  readonly calls: (Command & { readonly kind: 'call' }) | null
}

function standingOf(course: Course, stopping: boolean): Standing {
  const now = Date.now()
  const next = nextOf(course, now)
  const state = stateOf(course.kept)
  if (next.kind === 'rest') return { course, status: state?.status ?? 'pending', released: { due: next.due === null ? null : new Date(next.due) }, ended: state?.root === null ? new Date(now) : null, calls: null }
  const goesOn = { course, status: 'running', released: null, ended: null, calls: null }
  if (stopping) return { ...goesOn, released: { due: new Date(now) } }
  if (next.kind === 'command' && next.command.kind === 'call' && placeOf(next.command) === 'outside') return { ...goesOn, course: noted(course, next.command.seq), calls: next.command }
  return goesOn
}

async function keep(tx: runs.Unit, mover: Mover, standings: readonly Standing[]): Promise<void> {
  if (standings.length === 0) return
  const { engine } = mover
  const now = new Date()
  for (const { course: { held: { run, definition, kept: before }, kept, emitted }, ended } of standings) {
    const state = stateOf(kept)
    const heard = hears(definition, state)
    if (heard.length > 0 || hears(definition, stateOf(before)).length > 0) await listenFrom(tx, run.id, heard)
    for (const { event, seq } of emitted) await send(tx, engine.current.get(), event, { run: run.id, seq, depth: run.depth }, now)
    if (ended !== null && state !== null && run.parent !== null) await runs.addToInbox(tx, run.parent.run, answerOf(run.parent.seq, state), now)
  }
  const unasked = standings.flatMap(({ course: { held, kept } }) => asksNoMore(held.kept, kept).map((seq) => ({ run: held.run.id, seq })))
  if (unasked.length > 0) await runs.withdrawApprovals(tx, unasked, now)
  // Of a run that another one waits for the other one tells.
  await tellOfFailures(tx, engine.current.get(), standings.flatMap(({ status, ended, course: { held: { run } } }) => (status === 'faulted' && ended !== null && run.parent === null ? [run.workflow] : [])), now)
  const steps = standings.flatMap(({ course }) => [...course.steps.values()].map((step) => ({ run: course.held.run.id, seq: step.seq, document: step as unknown as JsonObject })))
  if (steps.length > 0) await runs.keepSteps(tx, steps)
  const read = standings.flatMap(({ course }) => course.read)
  if (read.length > 0) await runs.removeFromInbox(tx, read)
  await runs.keepRuns(tx, standings.map(({ course: { held, kept }, status, released, ended }) => ({ id: held.run.id, status, document: kept, ended, released })), now, mover.until())
}
