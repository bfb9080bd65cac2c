/** Runs as people see and repair them, and as the runner keeps them. */
import type { WorkflowDefinition } from '../../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Executor } from '../../storage/contract.js'
import { withdrawAll } from '../../storage/own/approvals.js'
import * as runs from '../../storage/own/runs.js'
import type { Call } from '../call.js'
import type { Entity } from '../../model/model.js'
import { startersOf } from '../../model/workflows/buttons.js'
import { titlesOf } from '../notifications/inbox.js'
import { definitionAt, mayStart, roleOf } from './acting.js'
import { fresh } from './begin.js'
import { knownAsOf } from './segments.js'

export { addToInbox, forgetRuns, holdRuns, inboxOf, keepRuns, keepSteps, moveRun, putOffRun, releaseAllRuns, removeFromInbox, renewRuns, runsDue, runsToMove, stepsOf, takeRuns, type InboxItem, type StoredRun } from '../../storage/own/runs.js'
export { withdrawApprovals } from '../../storage/own/approvals.js'

/** A writing unit, for the runner. */
export type Unit = Executor

/** Steps of one run that are told. */
const stepsMost = 10_000

/** The published workflows that the caller may start or look after, with how their runs stand. */
export async function listWorkflows(call: Call): Promise<readonly JsonObject[]> {
  const counted = call.access.design ? await runs.countRuns(call.engine.database.read) : []
  return [...call.model.workflows].filter(([, definition]) => mayStart(call, definition)).map(([name, definition]) => {
    const runsNow = Object.fromEntries(counted.filter(({ workflow }) => workflow === name).map(({ status, count }) => [status, count]))
    return { ...headOf(name, definition), ...(call.access.design ? { runs: runsNow } : {}) }
  })
}

/** One with its document, for those who may design. @throws Problem workflow.unavailable */
export async function readWorkflow(call: Call, name: string): Promise<JsonObject> {
  const definition = call.model.workflows.get(name)
  const told = (await listWorkflows(call)).find((one) => one.name === name)
  if (definition === undefined || told === undefined) throw new Problem('workflow.unavailable')
  return { ...told, ...(call.access.design ? { definition: definition as unknown as JsonObject, segments: await knownAsOf(call, definition) } : {}) }
}

const headOf = (name: string, definition: WorkflowDefinition): JsonObject => {
  const { document, schedule } = definition
  return { name, title: document.title ?? document.name, summary: document.summary ?? '', version: document.version ?? null, schedule: (schedule ?? null) as Json, role: roleOf(definition), start: startersOf(definition) }
}

export interface RunsQuestion {
  readonly workflow?: string
  readonly status?: string
  readonly record?: { readonly entity: string; readonly id: number }
  readonly before?: number
  readonly limit: number
}

/** Newest first: those that the caller started; for those who may design all of them. */
export async function listRuns(call: Call, { record, ...question }: RunsQuestion): Promise<{ readonly runs: readonly JsonObject[]; readonly next: number | null }> {
  const entity = record === undefined ? undefined : call.model.entities.get(record.entity)
  if (record !== undefined && entity === undefined) return { runs: [], next: null }
  const rows = await runs.listRuns(call.engine.database.read, {
    ...question, limit: question.limit + 1, ...(call.access.design ? {} : { starter: call.actor.id ?? 0 }), ...(record === undefined || entity === undefined ? {} : { record: { entity: entity.id, id: record.id } }),
  })
  const page = rows.slice(0, question.limit)
  const titles = await recordTitles(call, page)
  return { runs: page.map((run) => toldRow(call, run, titles)), next: rows.length > question.limit ? page.at(-1)?.id ?? null : null }
}

/** @throws Problem run.unavailable */
export async function readRun(call: Call, id: number): Promise<{ readonly run: JsonObject; readonly steps: readonly JsonObject[] }> {
  const run = await visible(call, id)
  const told = toldRow(call, run, await recordTitles(call, [run]))
  const steps = await runs.stepsOf(call.engine.database.read, id, stepsMost)
  const definition = await definitionAt(call.engine, run.definitions, run.workflow)
  // What was done with the rights of a role is told to those who gave it to the workflow; others hear how far it is.
  if (!call.access.design && (definition === null || roleOf(definition) !== null)) return { run: { ...told, input: run.input, output: null }, steps: steps.map((step) => ({ ...step, input: null, output: null, error: null })) }
  return { run: { ...told, input: run.input, ...detailsOf(run) }, steps }
}

function toldRow(call: Call, run: runs.StoredRun, titles: Titles): JsonObject {
  const entity = entityOf(call, run)
  const { error = null } = call.access.design ? run.document : { error: titleOf(run.document.error) }
  return {
    id: String(run.id), workflow: run.workflow, version: run.version, definitions: run.definitions, status: run.status, error, record: entity === undefined || run.recordId === null ? null : { entity: entity.name, id: run.recordId },
    recordTitle: run.recordId === null ? null : titles.get(run.entity ?? '')?.get(run.recordId) ?? null, startedBy: run.starter, createdAt: run.createdAt, endedAt: run.endedAt, dueAt: run.dueAt, parent: run.parent === null ? null : String(run.parent.run),
  }
}

const entityOf = (call: Call, { entity }: runs.StoredRun): Entity | undefined => [...call.model.entities.values()].find(({ id }) => id === entity)

/** By identity of the entity and id of the record: null where it has no name, nothing where the caller may not read it. */
type Titles = ReadonlyMap<string, ReadonlyMap<number, string | null>>

/** What the records of runs are called. One statement for each entity. */
async function recordTitles(call: Call, shown: readonly runs.StoredRun[]): Promise<Titles> {
  const titles = new Map<string, ReadonlyMap<number, string | null>>()
  for (const entity of new Set(shown.flatMap((run) => entityOf(call, run) ?? []))) {
    const access = call.access.entity(entity.name)
    if (access !== undefined) titles.set(entity.id, await titlesOf(call, access, shown.flatMap((run) => (run.entity === entity.id ? run.recordId ?? [] : []))))
  }
  return titles
}

/** Of an error only what went wrong, without the values that it names. */
const titleOf = (error: Json | undefined): Json => (isObject(error) ? { type: error.type ?? '', status: error.status ?? 500, title: error.title ?? '', instance: error.instance ?? '' } : null)

const detailsOf = ({ document }: runs.StoredRun): JsonObject => {
  const state = (document.state ?? {}) as JsonObject
  return { output: state.output ?? null, context: state.context ?? {}, repairs: document.repairs ?? [], repairable: document.failed !== null && document.failed !== undefined, skippable: (document.failed as JsonObject | null)?.command !== null && document.failed !== null && document.failed !== undefined }
}

async function visible(call: Call, id: number): Promise<runs.StoredRun> {
  const run = await runs.runById(call.engine.database.read, id)
  if (run === null || !(call.access.design || (run.starter !== null && run.starter === call.actor.id))) throw new Problem('run.unavailable')
  return run
}

export type Repair = 'cancel' | 'suspend' | 'resume' | 'retry' | 'skip'
export const repairs: readonly Repair[] = ['cancel', 'suspend', 'resume', 'retry', 'skip']

const over: ReadonlySet<string> = new Set(['completed', 'faulted', 'cancelled'])

/**
 * Stops, holds or repairs a run. Whoever moves it at this moment can write nothing more.
 * @throws Problem run.unavailable, access.denied, run.state
 */
export async function repairRun(call: Call, id: number, repair: Repair, { reason, output }: { readonly reason: string; readonly output: Json }): Promise<void> {
  await visible(call, id)
  if (!call.access.design) throw new Problem('access.denied')
  await call.engine.database.write(async (tx) => {
    const run = await runs.runById(tx, id)
    if (run === null) throw new Problem('run.unavailable')
    const to = repaired(run, repair, output)
    if (to === undefined) throw new Problem('run.state', { status: run.status, repair })
    const known = Array.isArray(run.document.repairs) ? run.document.repairs as readonly Json[] : []
    const document = { ...to.document, repairs: [...known, { repair, reason, by: call.actor.id, at: call.at.toISOString() }] }
    if (!(await runs.changeRun(tx, run, { status: to.status, document, ended: to.ended ? call.at : null, due: to.due ? call.at : null }))) throw new Problem('run.state', { status: run.status, repair })
    if (to.ended) await withdrawAll(tx, id, call.at)
    if (to.event !== undefined) await runs.addToInbox(tx, id, to.event, call.at)
    if (to.ended && run.parent !== null) await runs.addToInbox(tx, run.parent.run, { kind: 'failure', seq: run.parent.seq, error: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/runtime', status: 500, title: 'The workflow was cancelled' } }, call.at)
  })
}

interface Repaired {
  readonly status: string
  readonly document: JsonObject
  readonly ended: boolean
  readonly due: boolean
  readonly event?: JsonObject
}

/** What a repair makes of a run; undefined when it is not possible now. Pure. */
function repaired({ status, document }: runs.StoredRun, repair: Repair, output: Json): Repaired | undefined {
  if (repair === 'cancel') return over.has(status) ? undefined : { status: 'cancelled', document, ended: true, due: false }
  if (repair === 'suspend') return over.has(status) || status === 'suspended' ? undefined : { status: 'suspended', document, ended: false, due: false }
  if (repair === 'resume') return status === 'suspended' ? { status: 'running', document, ended: false, due: true } : undefined
  const failed = document.failed as { readonly state: JsonObject | null; readonly event: JsonObject | null; readonly command: JsonObject | null } | null | undefined
  if (status !== 'faulted' || failed === null || failed === undefined) return undefined
  const { state, event, command } = failed
  const before = { ...fresh, ...document, state, pending: [], arrived: null, sent: null, failed: null, error: null }
  if (repair === 'skip') return command === null ? undefined : { status: 'running', document: before, ended: false, due: true, event: { kind: 'result', seq: Number(command.seq), output } }
  if (command !== null) return { status: 'running', document: { ...before, pending: [command], asked: [command] }, ended: false, due: true }
  return { status: 'running', document: before, ended: false, due: true, ...(event === null ? {} : { event }) }
}
