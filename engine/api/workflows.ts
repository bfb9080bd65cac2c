/** `/api/workflows`: what runs by itself. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import { designer } from '../operations/definitions/draft.js'
import { parseDocument } from '../workflows/document.js'
import { simulate, type Simulation } from '../workflows/simulate.js'
import { onlyMembers } from './body.js'
import type { Route } from './handler.js'
import { onlyParameters } from './query.js'

export const workflowRoutes: readonly Route[] = [
  {
    method: 'POST', path: '/api/workflows/simulate', bodyMax: 2_000_000, keysMax: 200_000,
    async handle({ call, body, query }) {
      designer(call) // before anything of the body is read
      onlyParameters(query, new Set())
      return { status: 200, body: await simulate(call, await simulationOf(body, call.at)) }
    },
  },
]

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
