/** How runs begin: by hand, and by what other runs send. What happens to records is followed in changes.ts, the clock in clock.ts. */
import type { WorkflowDefinition, WorkflowEventFilter } from '../../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Model } from '../../model/model.js'
import { formOf, recordKeys, subjectOf } from '../../model/workflows/buttons.js'
import { latestPosition } from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import * as runs from '../../storage/own/runs.js'
import type { Call } from '../call.js'
import { get, list, planGet, planList } from '../records/read.js'
import { idOf } from '../records/row.js'
import { acceptedValues } from '../rights/asked-values.js'
import { mayStart } from './acting.js'
import { tellOfFailures } from './failures.js'

/** Runs that follow from each other without a person or a moment between them; the next one is not begun, and says so. */
export const depthMost = 5

/** The empty document of a run that did not begin to move. */
export const fresh: JsonObject = { state: null, pending: [], asked: [], arrived: null, sent: null, failed: null, repairs: [] }

/** A run that begins. */
export interface Start {
  readonly name: string
  readonly definition: WorkflowDefinition
  readonly input: Json
  readonly cause: string | null
  readonly depth: number
  readonly starter?: number | null
  readonly record?: { readonly entity: string; readonly id: number }
  readonly parent?: { readonly run: number; readonly seq: number }
}

/** Adds a run in the unit that gives the reason, as `addRuns`. @returns its id; undefined when there is one with the same cause */
export const addRun = (tx: Executor, model: Model, start: Start, at: Date): Promise<number | undefined> => runs.addRun(tx, newRun(model, start), at)

/** Adds runs in the unit that gives the reason. One that lies too deep is kept as faulted, where people look. */
export async function addRuns(tx: Executor, model: Model, starts: readonly Start[], at: Date): Promise<void> {
  await runs.addRuns(tx, starts.map((start) => newRun(model, start)), at)
  await tellOfFailures(tx, model, starts.flatMap(({ name, depth }) => (depth > depthMost ? [name] : [])), at)
}

function newRun(model: Model, start: Start): runs.NewRun {
  const circles = start.depth > depthMost
  const error = { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/runtime', status: 500, title: `More than ${String(depthMost)} runs follow from each other: they may go in circles`, instance: '/' }
  return {
    workflow: start.name, version: start.definition.document.version ?? null, definitions: model.version, input: start.input, cause: start.cause, depth: start.depth,
    starter: start.starter ?? null, entity: start.record?.entity ?? null, recordId: start.record?.id ?? null, parent: start.parent ?? null,
    status: circles ? 'faulted' : 'pending', document: circles ? { ...fresh, error } : fresh,
  }
}

/** Records for which a workflow is started at once. */
const startsMost = 200

/** The workflow, and what was filled in where it asks for something. @throws Problem workflow.unavailable, record.invalid, request.invalid */
async function asked(call: Call, name: string, input: Json | undefined, on: string | undefined): Promise<{ readonly definition: WorkflowDefinition; readonly input: Json | undefined }> {
  const definition = call.model.workflows.get(name)
  if (definition === undefined || !mayStart(call, definition)) throw new Problem('workflow.unavailable')
  assertRecordIsMeant(call, definition, input, on)
  const form = formOf(definition)
  return { definition, input: form === null ? input : await acceptedValues(call.engine.database.read, call, form, input ?? {}, '/input') }
}

/**
 * What a run takes for its record is one that its starter reads and that the workflow is for: it may act on it with more rights than
 * the starter has. Those who may design could write the workflow themselves.
 */
function assertRecordIsMeant(call: Call, definition: WorkflowDefinition, input: Json | undefined, on: string | undefined): void {
  const subject = subjectOf(definition)
  if (on !== undefined && subject !== null && on !== subject) throw new Problem('request.invalid', { reason: `this workflow is started on records of ${subject}` })
  if (call.access.design) return
  if (on === undefined && subject !== null) throw new Problem('request.invalid', { reason: `this workflow is started on a record of ${subject}: send record` })
  const claimed = formOf(definition) === null && isObject(input) ? recordKeys.find((key) => Object.hasOwn(input, key)) : undefined
  if (claimed !== undefined) throw new Problem('request.invalid', { reason: `input.${claimed} is the record itself: send record instead` })
}

/** Begins a run by hand for each of these records: all of them, or none. @throws Problem as `startRun` */
export async function startRuns(call: Call, name: string, input: Json | undefined, { entity, ids }: { readonly entity: string; readonly ids: readonly number[] }): Promise<readonly number[]> {
  const { definition, input: filled } = await asked(call, name, input, entity)
  if (ids.length === 0 || ids.length > startsMost || new Set(ids).size !== ids.length) throw new Problem('request.invalid', { reason: `records.ids must be different ids, at most ${String(startsMost)}` })
  const { records: found } = await list(call, planList(call, { entity, filter: { id: { $in: [...ids] } }, limit: startsMost, archived: false }))
  if (found.length !== ids.length) throw new Problem('record.unavailable')
  const of = call.model.entities.get(entity)?.id ?? ''
  return call.engine.database.write(async (tx) => {
    const begun: number[] = []
    for (const record of found) {
      const id = await addRun(tx, call.model, { name, definition, input: { ...(isObject(filled) ? filled : {}), entity, id: idOf(record), record }, cause: null, depth: 0, starter: call.actor.id, record: { entity: of, id: idOf(record) } }, call.at)
      if (id !== undefined) begun.push(id)
    }
    return begun
  })
}

/** Begins a run by hand. @throws Problem workflow.unavailable, record.unavailable, record.invalid, request.path */
export async function startRun(call: Call, name: string, sent: Json | undefined, record?: { readonly entity: string; readonly id: number }): Promise<number> {
  const { definition, input } = await asked(call, name, sent, record?.entity)
  const found = record === undefined ? undefined : await get(call, planGet(call, { entity: record.entity, archived: false }), record.id)
  const given = record === undefined ? input ?? {} : { ...(isObject(input) ? input : {}), entity: record.entity, id: record.id, record: (found ?? {}) }
  const entity = record === undefined ? undefined : call.model.entities.get(record.entity)
  const id = await call.engine.database.write((tx) => addRun(tx, call.model, {
    name, definition, input: given, cause: null, depth: 0, starter: call.actor.id, ...(record === undefined || entity === undefined ? {} : { record: { entity: entity.id, id: record.id } }),
  }, call.at))
  if (id === undefined) throw new Error('a run without a cause was there already')
  return id
}

/** The event filters that begin a workflow. */
export const triggersOf = ({ schedule }: WorkflowDefinition): readonly WorkflowEventFilter[] => (schedule?.on === undefined ? [] : schedule.on.one !== undefined ? [schedule.on.one] : schedule.on.any ?? [])

/** What a run listens to from now on, in the unit that keeps where it stands. Changes count from there, also when nobody looked at them before. */
export async function listenFrom(tx: Executor, run: number, types: readonly string[]): Promise<void> {
  await runs.keepHears(tx, run, types)
  if (types.length > 0) await countChanges(tx)
}

/** In the unit that puts a model in force: what happens to records from there on begins its workflows, whoever looks at it first. */
export async function beginFrom(tx: Executor, { workflows }: Model): Promise<void> {
  if ([...workflows.values()].some((definition) => triggersOf(definition).length > 0)) await countChanges(tx)
}

async function countChanges(tx: Executor): Promise<void> {
  const position = await runs.readMark(tx, 'position')
  if (position === null || position === '') await runs.moveMark(tx, 'position', position, await latestPosition(tx))
}

/** Tells runs that listen. They look themselves whether it is what they wait for. */
export async function deliver(tx: Executor, event: JsonObject, at: Date): Promise<void> {
  for (const run of await runs.hearing(tx, typeof event.type === 'string' ? event.type : '')) await runs.addToInbox(tx, run, { kind: 'event', event }, at)
}

/** Begins the workflows that wait for an event that a run sent, and tells those who listen; in the unit of its sender. */
export async function send(tx: Executor, model: Model, event: JsonObject, sender: { readonly run: number; readonly seq: number; readonly depth: number }, at: Date): Promise<void> {
  const waiting = [...model.workflows].filter(([, definition]) => triggersOf(definition).some(({ with: wanted }) => Object.entries(wanted).every(([key, value]) => JSON.stringify(value) === JSON.stringify(event[key]))))
  await addRuns(tx, model, waiting.map(([name, definition]) => ({ name, definition, input: [event], cause: `${name} event ${String(sender.run)}-${String(sender.seq)}`, depth: sender.depth + 1 })), at)
  await deliver(tx, event, at)
}
