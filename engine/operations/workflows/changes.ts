/** Runs that follow from what happens to records, and those that listen for it. */
import type { WorkflowDefinition } from '../../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Entity, Model } from '../../model/model.js'
import { resolve, unrestricted } from '../../model/conditions/resolve.js'
import { segmentEventOf } from '../../model/workflows/segment-events.js'
import { latestPosition, since, type Change } from '../../storage/changes.js'
import * as runs from '../../storage/own/runs.js'
import { bindingsOf, systemActor, type Call, type Engine } from '../call.js'
import { get, planGet } from '../records/read.js'
import { assertInForce } from '../unit.js'
import { actingCall } from './acting.js'
import { addRuns, deliver, triggersOf, type Start } from './begin.js'
import { judged } from './judged.js'

const batch = 200
/** Without a match the position is stored this often: what a process that starts looks at once more. */
const storedMilliseconds = 10_000

/** What there is to do after a look. */
export interface Followed {
  /** Somebody waits for what happens to records. */
  readonly waited: boolean
  /** Runs were begun or told something. */
  readonly began: boolean
  /** There may be more to look at. */
  readonly more: boolean
}

/** How far changes were looked at. */
interface Place {
  /** As all processes know it. */
  readonly stored: string
  readonly storedAt: number
  /** As this process knows it: of what lies between nothing mattered to anybody. */
  readonly looked: string
  /** What they were looked at with. */
  readonly model: Model
}

/**
 * Looks at the changes that were committed, in the process that leads (`lead.ts`). What was rolled back never stood there; what was committed is found, whoever
 * was killed meanwhile. The position is stored in the unit that begins what follows, so of two who look at once the second begins nothing; a change that matters
 * to nobody costs no unit.
 */
export class ChangeFollower {
  private place: Place | undefined

  constructor(private readonly engine: Engine) {}

  /** Begins what follows from the next changes, and tells those who listen. @throws ModelMoved when another process published meanwhile */
  async look(at: Date): Promise<Followed> {
    const { database, current, refresh } = this.engine
    const model = current.get()
    const follows = followingOf(model)
    if (follows.begun.size === 0 && !(await runs.anyHears(database.read))) return this.rest(model)
    const place = (this.place ??= await this.begin(model, at))
    const { changes, position } = await since(database.read, place.looked, batch)
    // What was published meanwhile, perhaps by another process, says what follows from these changes.
    if (changes.length > 0 && (await refresh()) !== model) return { waited: true, began: false, more: true }
    const happened = changes.flatMap((change) => eventOf(follows, change) ?? [])
    const heard = happened.length > 0 && (await runs.anyHearing(database.read, happened.map(({ type }) => type)))
    const starts = await startsOf(this.engine, model, follows, happened, at)
    const more = changes.length === batch
    const matters = heard || starts.length > 0
    if (!matters && (position === place.stored || (place.model === model && at.getTime() < place.storedAt + storedMilliseconds))) {
      this.place = { ...place, looked: position, model }
      return { waited: true, began: false, more }
    }
    const kept = await database.write(async (tx) => {
      if (!(await runs.moveMark(tx, 'position', place.stored, position))) return false // another process was here
      await addRuns(tx, model, starts, at)
      if (heard) for (const { event } of happened) await deliver(tx, event, at)
      return true
    })
    this.place = kept ? { stored: position, storedAt: at.getTime(), looked: position, model } : undefined
    return { waited: true, began: kept && matters, more: more || !kept }
  }

  /** Nobody waits: what happens now is nothing to those who come later. @throws ModelMoved */
  private async rest(model: Model): Promise<Followed> {
    const { database } = this.engine
    this.place = undefined
    const stored = await runs.readMark(database.read, 'position')
    if (stored !== null && stored !== '') {
      await database.write(async (tx) => {
        await assertInForce(tx, model) // what another process published may wait for something
        await runs.moveMark(tx, 'position', stored, '')
      })
    }
    return { waited: false, began: false, more: false }
  }

  private async begin(model: Model, at: Date): Promise<Place> {
    const { database } = this.engine
    for (;;) {
      const stored = await runs.readMark(database.read, 'position')
      if (stored !== null && stored !== '') return { stored, storedAt: at.getTime(), looked: stored, model }
      const now = await latestPosition(database.read)
      await database.write((tx) => runs.moveMark(tx, 'position', stored, now))
    }
  }
}

/** A workflow that begins with one type of event. */
interface Begun {
  readonly name: string
  readonly definition: WorkflowDefinition
  readonly entity: Entity
  /** One of these must have changed; null: any. */
  readonly fields: readonly Json[] | null
  /** The condition for the record as the change left it. */
  readonly rows: ReturnType<typeof resolve> | null
}

/** What follows from changes, as a model says it. */
interface Following {
  readonly entities: ReadonlyMap<string, Entity>
  readonly begun: ReadonlyMap<string, readonly Begun[]>
}

const known = new WeakMap<Model, Following>()

function followingOf(model: Model): Following {
  const made = known.get(model) ?? { entities: new Map([...model.entities.values()].map((entity) => [entity.id, entity])), begun: begunIn(model) }
  known.set(model, made)
  return made
}

function begunIn(model: Model): ReadonlyMap<string, readonly Begun[]> {
  const begun = new Map<string, Begun[]>()
  for (const [name, definition] of model.workflows) {
    for (const { with: { type, fields, where } } of triggersOf(definition)) {
      if (typeof type !== 'string' || !type.startsWith('crm.') || segmentEventOf({ type }) !== undefined) continue // segments are followed in segments.ts
      const entity = model.entities.get(type.split('.')[1] ?? '')
      if (entity === undefined) continue
      const one = { name, definition, entity, fields: Array.isArray(fields) ? (fields as readonly Json[]) : null, rows: isObject(where) ? resolve(model, entity.name, where, unrestricted(model), '') : null } // checked when it was published
      begun.set(type, [...begun.get(type) ?? [], one])
    }
  }
  return begun
}

/** A change of a record as those who wait for it see it. */
interface Happened {
  readonly change: Change
  readonly type: string
  readonly fields: readonly string[]
  readonly event: JsonObject & { readonly data: JsonObject }
}

const verbs: Readonly<Record<string, string>> = { created: 'created', updated: 'changed', transitioned: 'transitioned', archived: 'archived', restored: 'restored' }

/** What happened, without values. */
function eventOf({ entities }: Following, change: Change): Happened | undefined {
  const entity = entities.get(change.entity)
  const verb = verbs[change.action]
  if (entity === undefined || verb === undefined) return undefined
  const { changes } = change
  const fields = changes === null ? [] : [...entity.fields.values()].flatMap(({ id, key }) => (Object.hasOwn(changes, id) ? [key] : []))
  const type = `crm.${entity.name}.${verb}`
  const event = {
    specversion: '1.0', id: `change-${String(change.seq)}`, source: `/api/records/${entity.name}`, type, subject: String(change.recordId), time: change.at,
    data: { entity: entity.name, id: change.recordId, version: change.version, fields, by: change.by, ...(change.transition === null ? {} : { transition: change.transition }) },
  }
  return { change, type, fields, event }
}

/** The runs that begin: each workflow once for a change. */
async function startsOf(engine: Engine, model: Model, { begun }: Following, happened: readonly Happened[], at: Date): Promise<readonly Start[]> {
  const found = new Map<string, { readonly one: Begun; readonly what: Happened }>()
  for (const one of [...begun.values()].flat()) {
    const fitting = happened.filter(({ type, fields }) => begun.get(type)?.includes(one) === true && (one.fields === null || one.fields.some((field) => typeof field === 'string' && fields.includes(field))))
    if (fitting.length === 0) continue
    const held = one.rows === null ? null : await judged(engine.database.read, { entity: one.entity, rows: one.rows }, fitting.map(({ change }) => change), bindingsOf(systemActor, at))
    for (const what of fitting) if (held === null || held.has(what.change.seq)) found.set(`${one.name} change ${String(what.change.seq)}`, { one, what })
  }
  if (found.size === 0) return []
  const all = [...found].toSorted(([, a], [, b]) => a.what.change.seq - b.what.change.seq)
  const depths = await runs.depthsOfChanges(engine.database.read, all.map(([, { what: { change } }]) => ({ entity: change.entity, record: change.recordId, version: change.version })))
  const starts: Start[] = []
  for (const [index, [cause, { one: { name, definition }, what: { change, event } }]] of all.entries()) {
    const call = await actingCall(engine, definition, null, at)
    const depth = depths[index] ?? null
    const record = { entity: change.entity, id: change.recordId }
    starts.push({ name, definition, input: [{ ...event, data: { ...event.data, record: await readFor(call, event.data) } }], cause, depth: depth === null ? 0 : depth + 1, record })
  }
  return starts
}

/** The record as the run may read it; null when it may not, or when it is put away. */
async function readFor(call: Call | null, data: JsonObject): Promise<JsonObject | null> {
  try {
    const { entity, id } = data as { readonly entity: string; readonly id: number }
    return call === null ? null : await get(call, planGet(call, { entity, archived: false }), id)
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}
