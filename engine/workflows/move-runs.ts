/** Runs that are under way go on by the document that is in force now. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import type { Call } from '../operations/call.js'
import { designer } from '../operations/definitions/draft.js'
import { definitionAt } from '../operations/workflows/acting.js'
import { fresh } from '../operations/workflows/begin.js'
import * as runs from '../operations/workflows/runs.js'
import type { Kept } from './durable/kept.js'
import { rehoused, retold, type Mapping, type Obstacle } from './moving.js'
import type { Step } from './state.js'

export interface MoveCommand {
  readonly workflow: string
  /** Absent: all that are not over and follow an earlier version, the oldest first, at most `movedMost` at once. */
  readonly runs?: readonly number[]
  readonly mapping: Mapping
  readonly reason: string
  /** Tell what would happen and change nothing. */
  readonly dryRun: boolean
}

export interface MovedRuns extends JsonObject {
  /** Version of the definitions that they follow now. */
  readonly to: number
  readonly moved: readonly string[]
  readonly refused: readonly { readonly run: string; readonly obstacles: readonly Obstacle[] }[]
  /** There are more than were looked at. */
  readonly more: boolean
}

/** Runs in one unit. */
export const movedMost = 200

/** Each run moves or stays as it is: whoever moves it at this moment can write nothing more. @throws Problem access.denied, workflow.unavailable */
export async function moveRuns(call: Call, command: MoveCommand): Promise<MovedRuns> {
  designer(call)
  const { model } = call
  const to = model.workflows.get(command.workflow)
  if (to === undefined) throw new Problem('workflow.unavailable')
  return call.engine.database.write(async (tx) => {
    const asked = await runs.runsToMove(tx, command.workflow, { before: model.version, ...(command.runs === undefined ? {} : { ids: command.runs }), most: movedMost + 1 })
    const moved: string[] = []
    const refused: { run: string; obstacles: readonly Obstacle[] }[] = []
    for (const run of asked.slice(0, movedMost)) {
      const from = await definitionAt(call.engine, run.definitions, run.workflow)
      const found = from === null ? { obstacles: [] } : rehoused({ ...fresh, ...run.document } as unknown as Kept, { from, to }, command.mapping)
      if ('obstacles' in found) refused.push({ run: String(run.id), obstacles: found.obstacles })
      else {
        moved.push(String(run.id))
        if (!command.dryRun) await move(tx, call, run, found.kept, { command, version: to.document.version ?? null, steps: (step) => retold(step, { to }, command.mapping) })
      }
    }
    return { to: model.version, moved, refused, more: asked.length > movedMost }
  })
}

interface Towards {
  readonly command: MoveCommand
  readonly version: string | null
  steps(step: Step): Step
}

async function move(tx: runs.Unit, call: Call, run: runs.StoredRun, kept: Kept, { command, version, steps }: Towards): Promise<void> {
  const known = Array.isArray(run.document.repairs) ? (run.document.repairs as readonly Json[]) : []
  const repairs = [...known, { repair: 'move', reason: command.reason, by: call.actor.id, at: call.at.toISOString(), from: run.definitions, to: call.model.version }]
  await runs.moveRun(tx, run, { definitions: call.model.version, version, document: { ...kept, repairs }, at: call.at })
  const told = (await runs.stepsOf(tx, run.id, Number.MAX_SAFE_INTEGER)) as unknown as readonly Step[] // kept by the runner
  const changed = told.map((step) => ({ step, now: steps(step) })).filter(({ step, now }) => step.path !== now.path)
  if (changed.length > 0) await runs.keepSteps(tx, changed.map(({ now }) => ({ run: run.id, seq: now.seq, document: now as unknown as JsonObject })))
}

/** `{ "/do/0/old": "/do/1/new" }` @throws Problem request.invalid */
export function mappingOf(value: Json): Mapping {
  const pairs = isObject(value) ? Object.entries(value) : []
  if (!isObject(value) || pairs.length > 1_000 || !pairs.every(([, to]) => typeof to === 'string')) throw new Problem('request.invalid', { reason: 'mapping names for a step, by its JSON Pointer, the step at which it goes on' })
  return value as Mapping
}
