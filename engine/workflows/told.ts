/** A run as the API tells it. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { nextMoment, waitsOf, type RunState, type Step } from './state.js'

/** As in docs/api.md; moments are ISO 8601 UTC. */
export interface ToldRun extends JsonObject {
  readonly id: string
  readonly workflow: string
  readonly version: string | null
  readonly status: string
  readonly input: Json
  readonly output: Json
  readonly error: JsonObject | null
  readonly steps: readonly JsonObject[]
}

/** Characters of all inputs and outputs of steps that are told; after that they are left out. */
const valuesMost = 4_000_000

export const instant = (at: number): string => new Date(at).toISOString()

export function toldRun({ workflow, version, state, steps, clock }: { readonly workflow: string; readonly version: string | null; readonly state: RunState; readonly steps: readonly Step[]; readonly clock: number }): ToldRun {
  const next = nextMoment(state)
  return {
    id: state.id, workflow, version, status: state.status, input: state.given, output: state.output, error: state.error, context: state.context,
    startedAt: instant(state.startedAt), clock: instant(clock), dueAt: next === null ? null : instant(next),
    waits: waitsOf(state).map(({ path, for: what, until }) => ({ path, for: what, until: until === null ? null : instant(until) })),
    steps: toldSteps(steps),
  }
}

/** Steps in the order in which they began. */
export function toldSteps(steps: readonly Step[]): readonly JsonObject[] {
  let left = valuesMost
  const fits = (value: Json): boolean => {
    left -= typeof value === 'object' && value !== null ? JSON.stringify(value).length : 8
    return left >= 0
  }
  return steps.map(({ path, name, status, input, output, error, startedAt, endedAt }) => ({
    path, name, status, ...(fits(input) && fits(output) ? { input, output } : { truncated: true }), error, startedAt: instant(startedAt), endedAt: endedAt === null ? null : instant(endedAt),
  }))
}
