/** Runs and workflows as the engine tells them, and what may be asked of it. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { Api } from '../../client/api.js'

/** A published workflow with how its runs stand. */
export interface WorkflowState {
  readonly name: string
  readonly runs?: Readonly<Record<string, number>>
}

export interface RunStep {
  readonly path: string
  readonly name: string
  readonly status: string
  readonly input?: Json
  readonly output?: Json
  readonly error: JsonObject | null
  readonly startedAt: string
  readonly endedAt: string | null
  readonly truncated?: true
}

export interface RunHead {
  readonly id: string
  readonly workflow: string
  readonly version: string | null
  /** Version of the definitions that it follows. */
  readonly definitions: number
  readonly status: string
  readonly error: JsonObject | null
  readonly record: { readonly entity: string; readonly id: number } | null
  /** Null where the record has no name or may not be read. */
  readonly recordTitle: string | null
  readonly startedBy: number | null
  readonly createdAt: string
  readonly endedAt: string | null
  readonly dueAt: string | null
  readonly parent: string | null
}

export interface Repair {
  readonly repair: string
  readonly reason: string
  readonly by: number | null
  readonly at: string
}

export interface Run extends RunHead {
  readonly input: Json
  readonly output: Json
  readonly steps: readonly RunStep[]
  readonly repairs?: readonly Repair[]
  readonly repairable?: boolean
  readonly skippable?: boolean
}

/** As a simulation tells it: with its own clock, and what it waits for. */
export interface Simulated {
  readonly status: string
  readonly output: Json
  readonly error: JsonObject | null
  readonly clock: string
  readonly dueAt: string | null
  readonly waits: readonly { readonly path: string; readonly for: 'time' | 'event' | 'answer'; readonly until: string | null }[]
  readonly steps: readonly RunStep[]
}

export const statuses = ['running', 'waiting', 'faulted', 'suspended', 'completed', 'cancelled'] as const
export const repairVerbs = ['retry', 'skip', 'suspend', 'resume', 'cancel'] as const
export type RepairVerb = (typeof repairVerbs)[number]

export interface RunsQuestion {
  readonly workflow?: string
  readonly status?: string
  /** `member/7` */
  readonly record?: string
  readonly cursor?: string
}

export const listWorkflows = async (api: Api): Promise<readonly WorkflowState[]> => (await api.get<{ readonly workflows: readonly WorkflowState[] }>('/api/workflows')).body.workflows

export const listRuns = async (api: Api, question: RunsQuestion): Promise<{ readonly runs: readonly RunHead[]; readonly next: string | null }> =>
  (await api.get<{ readonly runs: readonly RunHead[]; readonly next: string | null }>('/api/workflows/runs', { query: { ...question } })).body

export const readRun = async (api: Api, id: string): Promise<Run> => (await api.get<Run>(`/api/workflows/runs/${id}`)).body

export const repairRun = async (api: Api, id: string, verb: RepairVerb, body: { readonly reason: string; readonly output?: Json }): Promise<Run> => (await api.post<Run>(`/api/workflows/runs/${id}/${verb}`, body)).body

/** Why a step under way has no place in another version. */
export interface Obstacle {
  readonly path: string
  readonly name: string
  readonly reason: 'gone' | 'elsewhere' | 'kind' | 'branches' | 'listening' | 'calling' | 'over'
}

export interface MovedRuns {
  readonly to: number
  readonly moved: readonly string[]
  readonly refused: readonly { readonly run: string; readonly obstacles: readonly Obstacle[] }[]
  readonly more: boolean
}

/** Lets runs go on by the version in force; `dryRun` only tells. */
export const moveRuns = async (api: Api, workflow: string, body: JsonObject, dryRun: boolean): Promise<MovedRuns> =>
  (await api.post<MovedRuns>(`/api/workflows/${encodeURIComponent(workflow)}/move`, body, dryRun ? { query: { dryRun: true } } : {})).body

export const startRun = async (api: Api, name: string, body: JsonObject): Promise<Run> => (await api.post<Run>(`/api/workflows/${encodeURIComponent(name)}/runs`, body)).body

export const simulate = async (api: Api, body: JsonObject): Promise<Simulated> => (await api.post<Simulated>('/api/workflows/simulate', body)).body
