/** How runs begin: by hand, by what happens to records or is sent by other runs, and by the clock. */
import { Cron } from 'croner'
import type { WorkflowDefinition, WorkflowEventFilter } from '../../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Model } from '../../model/model.js'
import { milliseconds } from '../../model/workflow-duration.js'
import { resolve, unrestricted } from '../../model/resolve.js'
import { latestPosition, since, type Change } from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import * as runs from '../../storage/own/runs.js'
import * as records from '../../storage/records.js'
import { bindingsOf, systemActor, type Call, type Engine } from '../call.js'
import { get, planGet } from '../records/read.js'
import { actingCall, mayStart } from './acting.js'

/** Runs that follow from each other without a person or a moment between them; the next one is not begun, and says so. */
export const depthMost = 5
const batch = 200

/** The empty document of a run that did not begin to move. */
export const fresh: JsonObject = { state: null, pending: [], asked: [], arrived: null, sent: null, failed: null, repairs: [] }

interface Start {
  readonly name: string
  readonly definition: WorkflowDefinition
  readonly input: Json
  readonly cause: string | null
  readonly depth: number
  readonly starter?: number | null
  readonly record?: { readonly entity: string; readonly id: number }
  readonly parent?: { readonly run: number; readonly seq: number }
}

/** Adds a run in the unit that gives the reason. One that lies too deep is kept as faulted, where people look. */
export async function addRun(tx: Executor, model: Model, start: Start, at: Date): Promise<number | null> {
  const circles = start.depth > depthMost
  const error = { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/runtime', status: 500, title: `More than ${String(depthMost)} runs follow from each other: they may go in circles`, instance: '/' }
  return runs.addRun(tx, {
    workflow: start.name, version: start.definition.document.version ?? null, definitions: model.version, input: start.input, cause: start.cause, depth: start.depth,
    starter: start.starter ?? null, entity: start.record?.entity ?? null, recordId: start.record?.id ?? null, parent: start.parent ?? null,
    status: circles ? 'faulted' : 'pending', document: circles ? { ...fresh, error } : fresh,
  }, at)
}

/** Begins a run by hand. @throws Problem workflow.unavailable, record.unavailable, request.path */
export async function startRun(call: Call, name: string, input: Json | undefined, record?: { readonly entity: string; readonly id: number }): Promise<number> {
  const definition = call.model.workflows.get(name)
  if (definition === undefined || !mayStart(call, definition)) throw new Problem('workflow.unavailable')
  const found = record === undefined ? undefined : await get(call, planGet(call, { entity: record.entity, archived: false }), record.id)
  const given = record === undefined ? input ?? {} : { ...(isObject(input) ? input : {}), entity: record.entity, id: record.id, record: (found ?? {}) }
  const entity = record === undefined ? undefined : call.model.entities.get(record.entity)
  const id = await call.engine.database.write((tx) => addRun(tx, call.model, {
    name, definition, input: given, cause: null, depth: 0, starter: call.actor.id, ...(record === undefined || entity === undefined ? {} : { record: { entity: entity.id, id: record.id } }),
  }, call.at))
  if (id === null) throw new Error('a run without a cause was there already')
  return id
}

/** The event filters that begin a workflow. */
const triggersOf = ({ schedule }: WorkflowDefinition): readonly WorkflowEventFilter[] => (schedule?.on === undefined ? [] : schedule.on.one !== undefined ? [schedule.on.one] : schedule.on.any ?? [])

const verbs: Readonly<Record<string, string>> = { created: 'created', updated: 'changed', transitioned: 'transitioned', archived: 'archived', restored: 'restored' }

/** A change of a record as an event: what happened, without values. */
function eventOf(model: Model, change: Change): JsonObject | undefined {
  const entity = [...model.entities.values()].find(({ id }) => id === change.entity)
  const verb = verbs[change.action]
  if (entity === undefined || verb === undefined) return undefined
  const fields = Object.keys(change.changes ?? {}).flatMap((id) => [...entity.fields.values()].find((field) => field.id === id)?.key ?? [])
  return {
    specversion: '1.0', id: `change-${String(change.seq)}`, source: `/api/records/${entity.name}`, type: `crm.${entity.name}.${verb}`, subject: String(change.recordId), time: change.at,
    data: { entity: entity.name, id: change.recordId, version: change.version, fields, by: change.by, ...(change.transition === null ? {} : { transition: change.transition }) },
  }
}

/**
 * Begins what follows from changes that nobody looked at yet, and tells those who listen. What was committed is found, whoever was
 * killed meanwhile; what was rolled back never stood there. `waited`: somebody waits for changes; `more`: there may be more of them.
 */
export async function followChanges(engine: Engine, at: Date): Promise<{ readonly waited: boolean; readonly more: boolean }> {
  const model = engine.current.get()
  const waited = [...model.workflows.values()].some((definition) => triggersOf(definition).length > 0) || (await runs.anyHears(engine.database.read))
  const position = await runs.readMark(engine.database.read, 'position')
  if (!waited) {
    // Nobody waits: what happens now is nothing to those who come later.
    if (position !== null && position !== '') await engine.database.write((tx) => runs.moveMark(tx, 'position', position, ''))
    return { waited, more: false }
  }
  if (position === null || position === '') {
    const now = await latestPosition(engine.database.read)
    await engine.database.write((tx) => runs.moveMark(tx, 'position', position, now))
    return { waited, more: false }
  }
  const { changes, position: next } = await since(engine.database.read, position, batch)
  if (changes.length === 0) return { waited, more: false }
  const depths = await runs.depthsOfChanges(engine.database.read, changes.map(({ entity, recordId: record, version }) => ({ entity, record, version })))
  const found = changes.flatMap((change, index) => {
    const event = eventOf(model, change)
    return event === undefined ? [] : [{ change, event, depth: depths[index] ?? null }]
  })
  const starts: Start[] = []
  for (const { change, event, depth } of found) starts.push(...await followingFrom(engine, model, change, event, depth === null ? 0 : depth + 1, at))
  await engine.database.write(async (tx) => {
    if (!(await runs.moveMark(tx, 'position', position, next))) return // another process was here
    for (const start of starts) await addRun(tx, model, start, at)
    for (const { event } of found) await deliver(tx, event, at)
  })
  return { waited, more: changes.length === batch }
}

async function followingFrom(engine: Engine, model: Model, change: Change, event: JsonObject, depth: number, at: Date): Promise<readonly Start[]> {
  const starts: Start[] = []
  for (const [name, definition] of model.workflows) {
    for (const filter of triggersOf(definition)) {
      if (!(await matches(engine, model, filter, event, at))) continue
      const data = event.data as JsonObject
      const record = await readFor(engine, definition, data, at)
      starts.push({ name, definition, input: [{ ...event, data: { ...data, record } }], cause: `${name} change ${String(change.seq)}`, depth, record: { entity: change.entity, id: change.recordId } })
      break
    }
  }
  return starts
}

/** The type fits, one of the watched fields changed, and the condition holds for the record as it is now. */
async function matches(engine: Engine, model: Model, { with: wanted }: WorkflowEventFilter, event: JsonObject, at: Date): Promise<boolean> {
  if (wanted.type !== event.type) return false
  const { entity: name, id, fields } = event.data as { readonly entity: string; readonly id: number; readonly fields: readonly string[] }
  if (Array.isArray(wanted.fields) && !(wanted.fields as readonly Json[]).some((field) => typeof field === 'string' && fields.includes(field))) return false
  const entity = model.entities.get(name)
  if (entity === undefined || !isObject(wanted.where)) return entity !== undefined
  try {
    const rows = resolve(model, name, wanted.where, unrestricted(model), '')
    return (await records.existing(engine.database.read, { entity, rows, ids: [id] }, bindingsOf(systemActor, at))).has(id)
  } catch (error) {
    engine.log.warn({ err: error }, 'the condition of a workflow cannot be read') // it was checked when it was published
    return false
  }
}

/** The record as the run may read it; null when it may not, or when it is put away. */
async function readFor(engine: Engine, definition: WorkflowDefinition, data: JsonObject, at: Date): Promise<JsonObject | null> {
  try {
    const call = await actingCall(engine, definition, null, at)
    const { entity, id } = data as { readonly entity: string; readonly id: number }
    return call === null ? null : (await get(call, planGet(call, { entity, archived: false }), id))
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

/** What a run listens to from now on, in the unit that keeps where it stands. Changes count from there, also when nobody looked at them before. */
export async function listenFrom(tx: Executor, run: number, types: readonly string[]): Promise<void> {
  await runs.keepHears(tx, run, types)
  if (types.length === 0) return
  const position = await runs.readMark(tx, 'position')
  if (position === null || position === '') await runs.moveMark(tx, 'position', position, await latestPosition(tx))
}

/** Tells runs that listen. They look themselves whether it is what they wait for. */
export async function deliver(tx: Executor, event: JsonObject, at: Date): Promise<void> {
  for (const run of await runs.hearing(tx, typeof event.type === 'string' ? event.type : '')) await runs.addToInbox(tx, run, { kind: 'event', event }, at)
}

/** Begins the workflows that wait for an event that a run sent, and tells those who listen; in the unit of its sender. */
export async function send(tx: Executor, model: Model, event: JsonObject, sender: { readonly run: number; readonly seq: number; readonly depth: number }, at: Date): Promise<void> {
  for (const [name, definition] of model.workflows) {
    if (!triggersOf(definition).some(({ with: wanted }) => Object.entries(wanted).every(([key, value]) => JSON.stringify(value) === JSON.stringify(event[key])))) continue
    await addRun(tx, model, { name, definition, input: [event], cause: `${name} event ${String(sender.run)}-${String(sender.seq)}`, depth: sender.depth + 1 }, at)
  }
  await deliver(tx, event, at)
}

/** Begins what the clock begins. A moment that was missed is caught up once. */
export async function followClock(engine: Engine, at: Date): Promise<void> {
  const model = engine.current.get()
  for (const [name, definition] of model.workflows) {
    const { cron, every, after } = definition.schedule ?? {}
    if (cron === undefined && every === undefined && after === undefined) continue
    const spec = JSON.stringify([cron, every, after])
    const nextOf = (): number => (cron === undefined ? at.getTime() + Math.max(1_000, milliseconds(every ?? after ?? 'PT1H') ?? 3_600_000) : new Cron(cron, { timezone: model.timeZone }).nextRun(at)?.getTime() ?? Infinity)
    const mark = await runs.readMark(engine.database.read, `clock ${name}`)
    const known = mark === null ? null : (JSON.parse(mark) as { readonly spec: string; readonly next: number })
    if (known !== null && known.spec === spec && known.next > at.getTime()) continue
    const due = known !== null && known.spec === spec
    // What begins again after its end waits for that end.
    if (due && after !== undefined) {
      const [last] = await runs.listRuns(engine.database.read, { workflow: name, limit: 1 })
      if (last !== undefined && (last.endedAt === null || Date.parse(last.endedAt) + (milliseconds(after) ?? 0) > at.getTime())) continue
    }
    await engine.database.write(async (tx) => {
      if (!(await runs.moveMark(tx, `clock ${name}`, mark, JSON.stringify({ spec, next: nextOf() })))) return
      if (due) await addRun(tx, model, { name, definition, input: {}, cause: `${name} at ${String(known.next)}`, depth: 0 }, at)
    })
  }
}
