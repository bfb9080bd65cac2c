/** Runs that follow from records that come into a segment or go out of it, and those that listen for it. */
import { randomUUID } from 'node:crypto'
import type { WorkflowDefinition, WorkflowEvents } from '../../../metadata/contract/definitions.gen.js'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { tasksIn } from '../../definitions/workflow-tasks.js'
import type { Entity, Model } from '../../model/model.js'
import { all } from '../../model/conditions/predicate.js'
import { resolve, unrestricted } from '../../model/conditions/resolve.js'
import { segmentEventOf, type SegmentVerb } from '../../model/workflows/segment-events.js'
import { latestPosition } from '../../storage/changes.js'
import type { Bindings, Executor } from '../../storage/contract.js'
import { isLoading } from '../../storage/own/loads.js'
import * as runs from '../../storage/own/runs.js'
import * as members from '../../storage/own/segment-members.js'
import { bindingsOf, systemActor, type Call, type Engine } from '../call.js'
import { isRecalculating } from '../derived/pending.js'
import { list, planList } from '../records/read.js'
import { idOf, versionOf, type Rec } from '../records/row.js'
import { archivedIs } from '../rights/rights.js'
import { assertInForce, ModelMoved } from '../unit.js'
import { actingCall } from './acting.js'
import { addRuns, deliver, triggersOf, type Start } from './begin.js'

/** Between two looks at a segment, at least; and as many times as long as the last one took. */
const restMilliseconds = 1_000
const restTimes = 20
/** Without any change the clock alone brings records in and out: a segment is looked at this often. */
const clockMilliseconds = 60_000
/** A segment that could not be looked at (its question took too long, say) is left alone for so long. */
const failedMilliseconds = 60_000
/** Records that come or go in one unit; of the first look, which begins nothing. */
const most = 200
const firstMost = 1_000

/** How far a segment was looked at; one text in the marks of workflows, which whoever looks has to move on. */
interface Mark {
  /** What was asked: another question is a new beginning. */
  readonly spec: string
  /** When its members were known last, RFC 3339; null: not yet, so nobody enters it. */
  readonly asOf: string | null
  /** Changes up to here are in it. */
  readonly position: string
  /** Milliseconds that the database took. */
  readonly took: number
  /** A look that is not over: it goes on above these ids; null: that half is done. */
  readonly pass: Pass | null
}

interface Pass {
  readonly id: string
  readonly at: string
  readonly position: string
  readonly took: number
  readonly entered: number | null
  readonly left: number | null
}

/**
 * Compares segments with who was in them, for one process. Who came and went, the runs that begin and how far was looked are kept in one unit, which
 * only one process gets through; so each entering begins a run once, and what happened while nobody looked is found by the next look.
 */
export class SegmentFollower {
  /** The model of which nothing is left of segments that nobody waits for. */
  private tidied: Model | undefined
  /** Segments that could not be looked at, and when that was, in milliseconds. */
  private readonly failed = new Map<string, number>()

  constructor(private readonly engine: Engine) {}

  /** Looks at those that are due. @returns whether runs were begun or told something, and whether there is more to look at now */
  async look(at: Date): Promise<{ readonly began: boolean; readonly more: boolean }> {
    const model = this.engine.current.get()
    const followed = followedIn(model)
    if (this.tidied !== model) await this.tidy(model, followed)
    const looks: { readonly began: boolean; readonly more: boolean }[] = []
    for (const one of followed) if (Math.abs(at.getTime() - (this.failed.get(one.segment) ?? -Infinity)) > failedMilliseconds) looks.push(await this.lookOrLeave(model, one, at))
    return { began: looks.some(({ began }) => began), more: looks.some(({ more }) => more) }
  }

  /** What is wrong with one segment keeps nobody from the others. */
  private async lookOrLeave(model: Model, one: Followed, at: Date): ReturnType<SegmentFollower['look']> {
    try {
      return await this.lookAt(model, one, at)
    } catch (error) {
      if (error instanceof ModelMoved) throw error
      this.failed.set(one.segment, at.getTime())
      this.engine.log.warn({ err: error, segment: one.segment }, 'a segment could not be looked at; it is looked at again in a minute')
      return { began: false, more: false }
    }
  }

  private async lookAt(model: Model, one: Followed, at: Date): Promise<{ readonly began: boolean; readonly more: boolean }> {
    const { database } = this.engine
    const text = await runs.readMark(database.read, markOf(one.segment))
    const known = text === null || text === '' ? null : (JSON.parse(text) as Mark) // written below
    const mark: Mark = known?.spec === one.spec ? known : { spec: one.spec, asOf: null, position: '', took: 0, pass: null }
    const position = await latestPosition(database.read)
    if (!isDue(mark, position, at) || (await isRecalculating(database.read))) return { began: false, more: false }
    const pass: Pass = mark.pass ?? { id: randomUUID(), at: at.toISOString(), position, took: 0, entered: 0, left: 0 }
    const limit = mark.asOf === null ? firstMost : most
    const bindings: Bindings = { ...bindingsOf(systemActor, at), timeZone: model.timeZone }
    const begun = performance.now()
    const entered = pass.entered === null ? [] : await members.entrants(database.long, one, { after: pass.entered, limit }, bindings)
    const left = pass.left === null ? [] : await members.leavers(database.long, one, { after: pass.left, limit }, bindings)
    const took = pass.took + performance.now() - begun
    const next = (ids: readonly number[]): number | null => (ids.length < limit ? null : ids.at(-1) ?? null)
    const after: Pass = { ...pass, took, entered: next(entered), left: next(left) }
    const over = after.entered === null && after.left === null
    const to: Mark = over ? { spec: one.spec, asOf: pass.at, position: pass.position, took, pass: null } : { ...mark, pass: after }
    const silent = mark.asOf === null || (entered.length + left.length > 0 && (await isLoading(database.read)))
    const moves = silent ? [] : [...await this.movesOf(one, 'entered', entered, pass, at), ...await this.movesOf(one, 'left', left, pass, at)]
    const heard = moves.length > 0 && (await runs.anyHearing(database.read, moves.map(({ event }) => event.type)))
    const kept = await database.write(async (tx) => {
      await assertInForce(tx, model)
      if (!(await runs.moveMark(tx, markOf(one.segment), text, JSON.stringify(to)))) return false // another process was here
      await members.addMembers(tx, one.segment, entered)
      await members.removeMembers(tx, one.segment, left)
      await addRuns(tx, model, moves.flatMap(({ starts }) => starts), at)
      if (heard) for (const { event } of moves) await deliver(tx, event, at)
      return true
    })
    return { began: kept && moves.length > 0, more: kept && !over }
  }

  /** What each record that came or went is told as, and the runs that begin with it. */
  private async movesOf({ segment, entity, begun }: Followed, verb: SegmentVerb, ids: readonly number[], pass: Pass, at: Date): Promise<readonly Move[]> {
    if (ids.length === 0) return []
    const events = ids.map((id): Move => ({ id, starts: [], event: eventOf(entity, segment, verb, id, pass) }))
    const starts = new Map<number, Start[]>()
    for (const { name, definition } of begun.filter((one) => one.verb === verb)) {
      const read = await readFor(await actingCall(this.engine, definition, null, at), entity, ids)
      const depths = await runs.depthsOfChanges(this.engine.database.read, ids.map((id) => ({ entity: entity.id, record: id, version: versionIn(read.get(id)) })))
      for (const [index, { id, event }] of events.entries()) {
        const depth = depths[index] ?? null
        const input: Json = [{ ...event, data: { ...event.data, record: read.get(id) ?? null } }]
        starts.set(id, [...starts.get(id) ?? [], { name, definition, input, cause: `${name} ${verb} ${segment} ${String(id)} ${pass.id}`, depth: depth === null ? 0 : depth + 1, record: { entity: entity.id, id } }])
      }
    }
    return events.map((move) => ({ ...move, starts: starts.get(move.id) ?? [] }))
  }

  /** What was kept of segments that nobody waits for any more goes: who waits again later begins anew. */
  private async tidy(model: Model, followed: readonly Followed[]): Promise<void> {
    const { database } = this.engine
    const names = new Set(followed.map(({ segment }) => segment))
    const left = (await runs.marksBelow(database.read, markOf(''))).filter(({ name, value }) => value !== '' && !names.has(name.slice(markOf('').length)))
    for (const { name, value } of left) {
      await database.write(async (tx) => {
        await assertInForce(tx, model)
        if (await runs.moveMark(tx, name, value, '')) await members.forgetMembers(tx, name.slice(markOf('').length))
      })
    }
    this.tidied = model
  }
}

interface Move {
  readonly id: number
  readonly event: JsonObject & { readonly type: string; readonly data: JsonObject }
  readonly starts: readonly Start[]
}

/** Of a record that the run may not read nobody knows whether a run made its version. */
const versionIn = (record: Rec | undefined): number => (record === undefined ? 0 : versionOf(record))

/** In the unit that ends a load: whoever is in a segment by it did not enter, so its next look is a first one. */
export const lookAnew = (tx: Executor): Promise<number> => runs.clearMarks(tx, markOf(''))

const markOf = (segment: string): string => `segment ${segment}`

/** A clock that was put back does not keep anybody waiting. */
function isDue({ asOf, position, took, pass }: Mark, now: string, at: Date): boolean {
  if (pass !== null || asOf === null) return true
  const since = at.getTime() - Date.parse(asOf)
  return since < 0 || (since >= Math.max(restMilliseconds, restTimes * took) && (position !== now || since >= clockMilliseconds))
}

/** What happened, without values: an event of CloudEvents with the segment as an attribute of its own. */
function eventOf(entity: Entity, segment: string, verb: SegmentVerb, id: number, { id: pass, at }: Pass): Move['event'] {
  return {
    specversion: '1.0', id: `${segment}-${verb}-${String(id)}-${pass}`, source: `/api/records/${entity.name}`, type: `crm.${entity.name}.${verb}`, segment, subject: String(id), time: at,
    data: { entity: entity.name, id, segment },
  }
}

/** The records as the run may read them; without those that it may not, or that are put away. */
async function readFor(call: Call | null, entity: Entity, ids: readonly number[]): Promise<ReadonlyMap<number, Rec>> {
  if (call === null || call.access.entity(entity.name) === undefined) return new Map()
  const { records } = await list(call, planList(call, { entity: entity.name, filter: { id: { $in: [...ids] } }, limit: most, archived: false }))
  return new Map(records.map((record) => [idOf(record), record]))
}

/** When the members of the segments that a workflow begins with were known last, RFC 3339, by segment; null: not yet. */
export async function knownAsOf({ engine: { database } }: Call, definition: WorkflowDefinition): Promise<JsonObject> {
  const names = new Set(triggersOf(definition).flatMap(({ with: wanted }) => segmentEventOf(wanted)?.segment ?? []))
  const marks = names.size === 0 ? [] : await runs.marksBelow(database.read, markOf(''))
  return Object.fromEntries([...names].map((name) => {
    const value = marks.find((mark) => mark.name === markOf(name))?.value ?? ''
    return [name, value === '' ? null : (JSON.parse(value) as Mark).asOf]
  }))
}

/** A segment that workflows wait for. */
interface Followed extends members.Membership {
  readonly spec: string
  readonly begun: readonly { readonly name: string; readonly definition: WorkflowDefinition; readonly verb: SegmentVerb }[]
}

const known = new WeakMap<Model, readonly Followed[]>()

function followedIn(model: Model): readonly Followed[] {
  const made = known.get(model) ?? follow(model)
  known.set(model, made)
  return made
}

function follow(model: Model): readonly Followed[] {
  const begun = [...model.workflows].flatMap(([name, definition]) => triggersOf(definition).flatMap(({ with: wanted }) => {
    const found = segmentEventOf(wanted)
    return found === undefined ? [] : [{ name, definition, ...found }]
  }))
  const heard = [...model.workflows.values()].flatMap((definition) => tasksIn(definition as unknown as JsonObject).flatMap(({ task }) => heardIn(task)))
  return [...new Set([...begun.map(({ segment }) => segment), ...heard])].flatMap((segment) => {
    const definition = model.segments.get(segment)
    const entity = model.entities.get(definition?.entity ?? '')
    if (definition === undefined || entity === undefined) return []
    const rows = all(archivedIs(entity, false), resolve(model, entity.name, definition.where, unrestricted(model), '')) // checked when it was published
    return [{ segment, entity, rows, spec: specOf(model, segment), begun: begun.filter((one) => one.segment === segment) }]
  })
}

/** Segments that a task waits for. */
const heardIn = ({ listen }: JsonObject): readonly string[] => segmentsIn((listen as { readonly to?: WorkflowEvents } | undefined)?.to ?? {})

function segmentsIn({ one, any = [], all: every = [], until }: WorkflowEvents): readonly string[] {
  const filters = [...(one === undefined ? [] : [one]), ...any, ...every]
  return [...filters.flatMap((filter) => segmentEventOf(filter.with)?.segment ?? []), ...(typeof until === 'object' ? segmentsIn(until) : [])]
}

/** The question that a segment asks, with those of the segments in it. Somebody who is in it by another question did not enter. */
function specOf({ segments }: Model, name: string): string {
  const texts = new Map<string, string>()
  const add = (one: string): void => {
    const definition = segments.get(one)
    if (definition === undefined || texts.has(one)) return
    const text = JSON.stringify([definition.entity, definition.where])
    texts.set(one, text)
    for (const inner of segments.keys()) if (text.includes(`"$segment":${JSON.stringify(inner)}`)) add(inner)
  }
  add(name)
  return JSON.stringify([...texts.values()])
}
