/** Publishing: checked, agreed to, applied in one unit, and in force at once. */
import type { Json } from '../../../metadata/contract/json.js'
import type { PlanStep } from '../../../metadata/contract/plan.js'
import type { Layer } from '../../definitions/layers.js'
import { Problem } from '../../errors.js'
import { applyPlan } from '../../storage/tables/apply.js'
import type { Engine } from '../call.js'
import { announce } from '../changes/feed.js'
import { computePublished } from '../derived/published.js'
import { nudge } from '../jobs/runner.js'
import { beginFrom } from '../workflows/begin.js'
import { measuredSteps, prepare, refusals, type Prepared } from './plan.js'
import { keepLayers, layersInForce } from './published.js'

export interface PublishCommand {
  readonly layers: readonly Layer[]
  /** Version that the layers were made from. */
  readonly base: number
  /** Keys of the lossy steps that were agreed to; `all` is for the operator's command line. */
  readonly consent: readonly string[] | 'all'
  readonly message: string
  /** Id of the user; null for the operator. */
  readonly by: number | null
  /** The draft that this publishes goes in the same unit. */
  readonly endsDraftOf?: number
}

export interface Publication {
  readonly version: number
  /** False when there was nothing to change: the version in force stays. */
  readonly changed: boolean
  readonly steps: readonly PlanStep[]
}

/**
 * Publishes layers as the next version. The one way in for the studio, files, packages and going back.
 * @throws Problem definitions.stale, definitions.invalid, definitions.blocked, definitions.consent, storage.busy, storage.full
 */
export async function publishLayers(engine: Engine, command: PublishCommand): Promise<Publication> {
  const base = await engine.refresh()
  if (base.version !== command.base) throw new Problem('definitions.stale', {}, { extra: { base: command.base, version: base.version } })
  const inForce = await layersInForce(engine.database, base)
  const prepared = prepare(base, inForce.layers, command.layers)
  if (prepared.same) return { version: base.version, changed: false, steps: [] }
  const steps = await agreedSteps(engine, prepared, command.consent)
  await apply(engine, prepared, steps, command)
  return { version: base.version + 1, changed: true, steps }
}

async function agreedSteps(engine: Engine, prepared: Prepared, consent: PublishCommand['consent']): Promise<readonly PlanStep[]> {
  if (prepared.candidate === undefined) throw new Problem('definitions.invalid', {}, { problems: prepared.findings })
  const refused = await refusals(engine, prepared)
  if (refused.length > 0) throw new Problem('definitions.invalid', {}, { problems: refused })
  const harmless = prepared.candidate.steps.every((step) => step.safety === 'safe')
  const steps = harmless ? prepared.candidate.steps : await measuredSteps(engine, prepared)
  const blocked = steps.filter((step) => step.safety === 'blocked')
  if (blocked.length > 0) throw new Problem('definitions.blocked', {}, { extra: { steps: steps as unknown as Json, blocked: blocked.map((step) => step.key) } })
  const missing = consent === 'all' ? [] : steps.filter((step) => step.safety === 'lossy' && !consent.includes(step.key))
  if (missing.length > 0) {
    throw new Problem('definitions.consent', {}, { extra: { steps: steps as unknown as Json, missing: missing.map((step) => step.key) } })
  }
  return steps
}

async function apply(engine: Engine, prepared: Prepared, steps: readonly PlanStep[], command: PublishCommand): Promise<void> {
  const { candidate, base, layers } = prepared
  if (candidate === undefined) return
  const at = new Date()
  await applyPlan(engine.database, {
    before: base, after: candidate.model, storage: candidate.storage,
    record: { version: candidate.model.version, at, by: command.by, message: command.message, layers, steps },
    ...(command.endsDraftOf === undefined ? {} : { endsDraftOf: command.endsDraftOf }),
    also: async (tx) => {
      await computePublished(tx, base, candidate.model, command.by, at)
      await beginFrom(tx, candidate.model)
    },
  })
  keepLayers(engine.database, { version: candidate.model.version, layers })
  engine.current.swap(candidate.model)
  announce(engine.database)
  nudge(engine.database)
}
