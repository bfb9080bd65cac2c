/**
 * A draft tried out: the engine runs it with a clock of its own and does nothing outside. What a step would find is looked up really, what it
 * would write is made up, so that later steps have something to go by.
 */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { Client } from '../../client/client.js'
import type { ListQuery } from '../../client/records.js'
import { objectOf, textOf } from '../draft/definitions.js'
import { beginsOf, type Begin } from '../workflows/begin.js'
import { simulate, type RunStep, type Simulated } from './runs.js'
import { allSteps, stepsOf } from '../workflows/workflow-tree.js'

export interface Attempted {
  readonly told: Simulated
  /** Path of a step → what it would have been given, for calls that were answered here. */
  readonly asked: ReadonlyMap<string, JsonObject>
  /** Path of a step → what it answered, found or made up here or said by the person. */
  readonly answers: Readonly<Record<string, Json>>
  /** Path of the step at which people would be asked, when nobody said yet what they would decide. */
  readonly decides: string | null
}

export interface Trying {
  readonly workflow: JsonObject
  readonly input: Json
  /** ISO 8601. */
  readonly start: string
  readonly until: string
  /** What steps answer because the person says so, by path. */
  readonly answers: Readonly<Record<string, Json>>
}

/** Each time it is run the next call is answered; a workflow with more than this is shown as far as it came. */
const roundsMost = 40

export async function attempt(client: Client, trying: Trying): Promise<Attempted> {
  const asked = new Map<string, JsonObject>()
  const repeated = insideLoops(trying.workflow)
  // What the person said is said when the step asks, so that it is known what the step would have been given.
  const answers: Record<string, Json> = Object.fromEntries(Object.entries(trying.answers).filter(([path]) => repeated.has(path)))
  for (let round = 0; ; round += 1) {
    const told = await simulate(client.api, { definition: trying.workflow, input: trying.input, clock: { start: trying.start, until: trying.until }, effects: { answers } })
    const next = told.steps.find((step) => step.status === 'skipped' && answers[step.path] === undefined && !repeated.has(step.path))
    if (next === undefined || round >= roundsMost) return { told, asked, answers, decides: null }
    const call = objectOf(next.input)
    asked.set(next.path, call)
    const said = trying.answers[next.path]
    // What people would say is for the person to say: everything behind it depends on that.
    if (said === undefined && call['call'] === 'crm.approve') return { told: upTo(told, next), asked, answers, decides: next.path }
    answers[next.path] = said ?? (await answerTo(client, call))
  }
}

/** The run as it stands when it waits at a step. */
const upTo = (told: Simulated, step: RunStep): Simulated =>
  ({ ...told, status: 'waiting', output: null, error: null, clock: step.startedAt, dueAt: null, waits: [], steps: [...told.steps.slice(0, told.steps.indexOf(step)), { ...step, status: 'waiting', error: null, endedAt: null }] })

/** What an approval gives. */
export const decided = (approved: boolean, late = false): JsonObject =>
  ({ decision: approved ? 'approved' : 'rejected', approved, late, by: late ? null : madeUp, comment: null, values: {}, votes: [] })

/** Paths of steps that run once for each item: one answer would not fit all of them. */
function insideLoops(workflow: JsonObject): ReadonlySet<string> {
  const loops = allSteps(stepsOf(workflow)).filter(({ kind }) => kind === 'for')
  return new Set(loops.flatMap((loop) => allSteps(loop.lanes.flatMap(({ steps }) => steps)).map(({ path }) => path)))
}

type Answer = (client: Client, given: JsonObject) => Promise<Json>

/** What stands for a new record's id. */
const madeUp = 1

/** By the function. What is not here answers nothing. */
const answering: Readonly<Record<string, Answer>> = {
  async 'crm.find'({ records }, given) {
    const query: ListQuery = { limit: Math.min(500, Number(given['limit'] ?? 50) || 50), ...(isObject(given['filter']) ? { filter: given['filter'] } : {}), ...(typeof given['sort'] === 'string' && given['sort'] !== '' ? { sort: given['sort'] } : {}) }
    return [...(await records.list(textOf(given['entity']), query)).records]
  },
  'crm.create': async (_client, given) => ({ id: madeUp, ...objectOf(given['values']) }),
  'crm.task': async (_client, given) => ({ id: madeUp, title: given['title'] ?? '', ...objectOf(given['values']) }),
  'crm.update': async (client, given) => ({ ...(await recordIn(client, given)), ...objectOf(given['values']) }),
  'crm.transition': async (client, given) => ({ ...(await recordIn(client, given)), ...objectOf(given['values']) }),
}

async function recordIn({ records }: Client, given: JsonObject): Promise<JsonObject> {
  return (await records.get(textOf(given['entity']), Number(given['id']))).body
}

async function answerTo(client: Client, call: JsonObject): Promise<Json> {
  try {
    return (await answering[textOf(call['call'])]?.(client, objectOf(call['with']))) ?? {}
  } catch (thrown) {
    // The same would happen in a run: the error is what the step gives.
    return { error: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/validation', status: 400, title: thrown instanceof Error ? thrown.message : '' } }
  }
}

/** What is offered where the beginning is invented: the shape that a run would be given. */
export function sampleInput(workflow: JsonObject): Json {
  const [begin] = beginsOf(workflow)
  if (begin?.kind === 'record') return [{ type: `crm.${begin.entity}.${begin.verb}`, data: { entity: begin.entity, id: 1, fields: begin.fields, by: null, record: { id: 1 } } }]
  if (begin?.kind === 'segment') return [segmentEvent(begin, 1, { id: 1 })]
  return begin?.kind === 'hand' && begin.entity !== '' ? { entity: begin.entity, id: 1, record: { id: 1 } } : {}
}

const segmentEvent = ({ entity, verb, segment }: Extract<Begin, { kind: 'segment' }>, id: number, record: JsonObject): JsonObject =>
  ({ specversion: '1.0', type: `crm.${entity}.${verb}`, segment, source: `/api/records/${entity}`, subject: String(id), data: { entity, id, segment, record } })

/** What a run would begin with for a record. */
export async function inputFor(client: Client, workflow: JsonObject, entity: string, id: number): Promise<Json> {
  const record = (await client.records.get(entity, id)).body as JsonObject
  const [begin] = beginsOf(workflow)
  if (begin?.kind === 'segment') return [segmentEvent(begin, id, record)]
  if (begin?.kind !== 'record') return { entity, id, record }
  return [{ specversion: '1.0', type: `crm.${entity}.${begin.verb}`, source: `/api/records/${entity}`, subject: String(id), data: { entity, id, fields: begin.fields, by: null, record } }]
}

/** A call that the run would have made, with what it would have been given. */
export interface Effect {
  readonly path: string
  readonly call: string
  readonly given: JsonObject
}

/** What would be sent and written, in order. Looking is no effect. */
export function effectsOf({ told, asked }: Attempted, steps: readonly RunStep[] = told.steps): readonly Effect[] {
  return steps.flatMap((step): readonly Effect[] => {
    const call = step.status === 'skipped' ? objectOf(step.input) : asked.get(step.path)
    const name = textOf(call?.['call'])
    return call === undefined || name === '' || name === 'crm.find' ? [] : [{ path: step.path, call: name, given: objectOf(call['with']) }]
  })
}

export const later = (moment: string, by: { readonly days?: number; readonly hours?: number }): string => new Date(Date.parse(moment) + (by.days ?? 0) * 86_400_000 + (by.hours ?? 0) * 3_600_000).toISOString()
