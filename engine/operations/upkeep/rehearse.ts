/** Publishing on a copy: what would happen to a deployment, without touching it. */
import type { PlanStep } from '../../../metadata/contract/plan.js'
import { Problem, type Finding } from '../../errors.js'
import type { Layer } from '../../definitions/layers.js'
import type { Database } from '../../storage/contract.js'
import { tableExists, rowCount } from '../../storage/tables/inspect.js'
import { currentVersion } from '../../storage/own/versions.js'
import type { Engine } from '../call.js'
import { loadModel, layersInForce } from '../definitions/published.js'
import { planOf, prepare } from '../definitions/plan.js'
import { publishLayers } from '../definitions/publish.js'
import { copyRows } from './backup.js'
import { examine } from './doctor.js'

/**
 * Writes what a deployment holds into a file for `restore`. It is only read: not even the engine's own tables are brought up to date.
 * @throws Problem request.invalid when nothing is published there
 */
export async function copyOut(database: Database, file: string): Promise<{ readonly version: number; readonly rows: number }> {
  if (!(await tableExists(database.read, 'tessera_current')) || (await currentVersion(database.read)) === 0) throw new Problem('request.invalid', { reason: 'nothing is published in this database' })
  return copyRows(database, await loadModel(database), file)
}

export interface Rehearsal {
  readonly base: number
  /** Absent when it could not be published. */
  readonly version?: number
  /** Of the plan, the publish itself and what is computed after it. */
  readonly seconds: number
  readonly steps: readonly PlanStep[]
  readonly problems: readonly Finding[]
  /** By entity, archived ones as well; those whose number stays are left out. Absent side: there is no such entity. */
  readonly records: readonly { readonly entity: string; readonly before?: number; readonly after?: number }[]
  /** What is wrong with the copy afterwards, by the examinations of `tessera doctor` that concern definitions and records. */
  readonly faults: readonly string[]
}

const examined: ReadonlySet<string> = new Set(['database', 'definitions', 'tables', 'computed values'])

/** Publishes layers on a copy, agreeing to every step. What stands in the way is told, not thrown. */
export async function rehearseLayers(engine: Engine, layers: readonly Layer[]): Promise<Rehearsal> {
  const begun = performance.now()
  const model = engine.current.get()
  const prepared = prepare(model, (await layersInForce(engine.database, model)).layers, layers)
  const { base, steps, problems } = await planOf(engine, prepared)
  const result = { base, steps, problems, records: [], faults: [] }
  const seconds = (): number => Math.round(performance.now() - begun) / 1_000
  if (problems.length > 0 || steps.some(({ safety }) => safety === 'blocked')) return { ...result, seconds: seconds() }
  const before = await recordCounts(engine)
  const { version } = await publishLayers(engine, { layers, base, consent: 'all', message: 'Rehearsal', by: null })
  const after = await recordCounts(engine)
  const entities = [...new Set([...before.keys(), ...after.keys()])].filter((entity) => before.get(entity) !== after.get(entity))
  const diagnoses = await examine(engine, false)
  return {
    ...result, version, seconds: seconds(),
    records: entities.map((entity) => ({ entity, ...sided('before', before.get(entity)), ...sided('after', after.get(entity)) })),
    faults: diagnoses.filter(({ name, ok }) => !ok && examined.has(name)).flatMap(({ name, details }) => details.map((detail) => `${name}: ${detail}`)),
  }
}

const sided = (side: 'before' | 'after', count: number | undefined): { readonly before?: number; readonly after?: number } => (count === undefined ? {} : { [side]: count })

async function recordCounts({ database, current }: Engine): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const { name, table } of current.get().entities.values()) counts.set(name, await rowCount(database.long, table))
  return counts
}
