/** `/api/workflows`: what runs by itself. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import { designer } from '../operations/definitions/draft.js'
import type { Call } from '../operations/call.js'
import { startRun, startRuns } from '../operations/workflows/begin.js'
import { listRuns, listWorkflows, readRun, readWorkflow, repairRun, repairs, type Repair } from '../operations/workflows/runs.js'
import { mappingOf, movedMost, moveRuns } from '../workflows/move-runs.js'
import { wakeRuns } from '../workflows/runner.js'
import type { Step } from '../workflows/state.js'
import { toldSteps } from '../workflows/told.js'
import { parseDocument } from '../workflows/document.js'
import { simulate, type Simulation } from '../workflows/simulate.js'
import { onlyMembers } from './body.js'
import type { Route } from './handler.js'
import { flag, onlyParameters, wholeNumber } from './query.js'

const repairsOf = new Set<string>(repairs)
const pageMost = 100

export const workflowRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/api/workflows',
    async handle({ call, query }) {
      onlyParameters(query, new Set())
      return { status: 200, body: { workflows: await listWorkflows(call) } }
    },
  },
  {
    method: 'GET', path: '/api/workflows/:name',
    async handle({ call, params, query }) {
      onlyParameters(query, new Set())
      return { status: 200, body: await readWorkflow(call, params['name'] ?? '') }
    },
  },
  {
    method: 'POST', path: '/api/workflows/:name/runs',
    async handle({ call, params, body, query }) {
      onlyParameters(query, new Set())
      const { input, record, records } = onlyMembers(body, 'input', 'record', 'records')
      if (records !== undefined) {
        if (record !== undefined) throw invalid('record and records are one or the other')
        const runs = await startRuns(call, params['name'] ?? '', input, recordsOf(records))
        wakeRuns(call.engine)
        return { status: 202, body: { runs: runs.map(String) } }
      }
      const id = await startRun(call, params['name'] ?? '', input, record === undefined ? undefined : recordOf(record))
      wakeRuns(call.engine)
      return { status: 202, headers: { Location: `/api/workflows/runs/${String(id)}` }, body: await told(call, id) }
    },
  },
  {
    method: 'POST', path: '/api/workflows/:name/move',
    async handle({ call, params, body, query }) {
      designer(call)
      onlyParameters(query, new Set(['dryRun']))
      const { runs, mapping = {}, reason = '' } = onlyMembers(body ?? {}, 'runs', 'mapping', 'reason')
      const dryRun = flag(query, 'dryRun')
      if (!dryRun) assertReason(reason)
      const moved = await moveRuns(call, { workflow: params['name'] ?? '', ...(runs === undefined ? {} : { runs: runIds(runs) }), mapping: mappingOf(mapping), reason: typeof reason === 'string' ? reason : '', dryRun })
      if (!dryRun) wakeRuns(call.engine)
      return { status: 200, body: moved }
    },
  },
  {
    method: 'GET', path: '/api/workflows/runs',
    async handle({ call, query }) {
      onlyParameters(query, new Set(['workflow', 'status', 'record', 'cursor', 'limit']))
      const text = (name: string): JsonObject => (query.has(name) ? { [name]: query.get(name) ?? '' } : {})
      const number = (name: string, max: number): number | undefined => (query.has(name) ? wholeNumber(query.get(name) ?? '', name, 1, max) : undefined)
      const [entity = '', id = ''] = (query.get('record') ?? '').split('/')
      const before = number('cursor', Number.MAX_SAFE_INTEGER)
      const page = await listRuns(call, {
        ...text('workflow'), ...text('status'), limit: number('limit', pageMost) ?? 50, ...(before === undefined ? {} : { before }), ...(query.has('record') ? { record: recordOf({ entity, id: Number(id) }) } : {}),
      })
      return { status: 200, body: { runs: page.runs, next: page.next === null ? null : String(page.next) } }
    },
  },
  {
    method: 'GET', path: '/api/workflows/runs/:id',
    async handle({ call, params, query }) {
      onlyParameters(query, new Set())
      return { status: 200, body: await told(call, runId(params['id'])) }
    },
  },
  {
    method: 'POST', path: '/api/workflows/runs/:id/:repair',
    async handle({ call, params, body, query }) {
      onlyParameters(query, new Set())
      const { reason, output = null } = onlyMembers(body, 'reason', 'output')
      const repair = params['repair'] ?? ''
      if (!repairsOf.has(repair)) throw new Problem('request.path')
      const id = runId(params['id'])
      await readRun(call, id) // who may not see it hears nothing of what is missing
      assertReason(reason)
      await repairRun(call, id, repair as Repair, { reason, output })
      wakeRuns(call.engine)
      return { status: 200, body: await told(call, id) }
    },
  },
  {
    method: 'POST', path: '/api/workflows/simulate', bodyMax: 2_000_000, keysMax: 200_000,
    async handle({ call, body, query }) {
      designer(call) // before anything of the body is read
      onlyParameters(query, new Set())
      return { status: 200, body: await simulate(call, await simulationOf(body, call.at)) }
    },
  },
]

function assertReason(reason: Json | undefined): asserts reason is string {
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > 1_000) throw invalid('reason must say why, in at most 1,000 characters')
}

function runIds(ids: Json): readonly number[] {
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > movedMost) throw invalid(`runs are the ids of 1 to ${String(movedMost)} runs`)
  return (ids as readonly Json[]).map((id) => runId(typeof id === 'string' ? id : String(id as number)))
}

async function told(call: Call, id: number): Promise<JsonObject> {
  const { run, steps } = await readRun(call, id)
  return { ...run, steps: toldSteps(steps as unknown as readonly Step[]) } // kept by the runner
}

function runId(text: string | undefined): number {
  if (!/^[1-9]\d{0,14}$/.test(text ?? '')) throw new Problem('run.unavailable')
  return Number(text)
}

function recordOf(record: Json): { readonly entity: string; readonly id: number } {
  const { entity, id } = isObject(record) ? onlyMembers(record, 'entity', 'id') : {}
  if (typeof entity !== 'string' || typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw invalid('a record is { "entity": "member", "id": 7 }; in an address member/7')
  return { entity, id }
}

function recordsOf(records: Json): { readonly entity: string; readonly ids: readonly number[] } {
  const { entity, ids } = isObject(records) ? onlyMembers(records, 'entity', 'ids') : {}
  if (typeof entity !== 'string' || !Array.isArray(ids) || !(ids as readonly Json[]).every((id) => Number.isSafeInteger(id) && (id as number) > 0)) throw invalid('records are { "entity": "member", "ids": [7, 8] }')
  return { entity, ids: ids as readonly number[] }
}

const invalid = (reason: string): Problem => new Problem('request.invalid', { reason })

async function simulationOf(body: Json | undefined, now: Date): Promise<Simulation> {
  const { definition, input = {}, clock = null, effects = false } = onlyMembers(body, 'definition', 'input', 'clock', 'effects')
  const { answers = {}, events = [] } = isObject(effects) ? onlyMembers(effects, 'answers', 'events') : { answers: {}, events: [] }
  if (typeof effects !== 'boolean' && !isObject(effects)) throw invalid('effects must be true, false, or { "answers": {...}, "events": [...] }')
  if (!isObject(answers)) throw invalid('effects.answers must be an object: name of a task → its answer')
  if (!Array.isArray(events) || !(events as readonly Json[]).every(isObject)) throw invalid('effects.events must be a list of events')
  return { definition: await documentOf(definition), input, clock: clockOf(clock, now), effects: effects === true, answers, events: events as unknown as readonly JsonObject[] }
}

async function documentOf(definition: Json | undefined): Promise<JsonObject> {
  if (isObject(definition)) return definition
  if (typeof definition !== 'string') throw invalid('definition must be an object, or a text in JSON or YAML')
  try {
    return await parseDocument(definition)
  } catch (error) {
    throw invalid(`the definition is not readable: ${error instanceof Error ? error.message.split('\n')[0] ?? '' : ''}`)
  }
}

/** A moment at which it begins, or `{ "start", "until" }`. Without anything it begins now and is never put forward. */
function clockOf(clock: Json, now: Date): Simulation['clock'] {
  const { start = now.toISOString(), until = null } = isObject(clock) ? onlyMembers(clock, 'start', 'until') : { start: clock ?? now.toISOString() }
  const begins = momentOf(start)
  return { start: begins, until: until === null ? begins : Math.max(begins, momentOf(until)) }
}

function momentOf(value: Json): number {
  const moment = typeof value === 'string' && value.length < 40 && /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN
  if (!(moment > 0 && moment < 32_503_680_000_000)) throw invalid('clock must be a moment such as 2026-01-31T08:00:00Z, or { "start", "until" } of such')
  return moment
}
