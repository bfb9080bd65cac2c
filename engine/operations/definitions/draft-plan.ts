/** The caller's draft, or an earlier version, as a plan; and publishing the draft. */
import type { Plan } from '../../../metadata/contract/plan.js'
import type { Layer } from '../../definitions/layers.js'
import { Problem, type Finding } from '../../errors.js'
import type { Call } from '../call.js'
import { accessChanges } from './access-changes.js'
import { designer, readDraft, staleDraft } from './draft.js'
import { planOf, prepare } from './plan.js'
import { publishLayers, type Publication } from './publish.js'
import { layersInForce, readLayers } from './published.js'

export type CheckedPlan = Plan & { readonly problems: readonly Finding[] }

/** What publishing the draft would do. @throws Problem definitions.stale */
export async function planDraft(call: Call): Promise<CheckedPlan> {
  const draft = await readDraft(call)
  if (draft.base !== call.model.version) throw staleDraft(call, draft)
  return planLayers(call, draft.layers)
}

/** What going back to a version would do. @throws Problem definitions.version */
export async function planRestore(call: Call, version: number): Promise<CheckedPlan> {
  designer(call)
  return planLayers(call, (await readLayers(call.engine.database.read, version)).layers)
}

/** What publishing these layers would do. */
export async function planLayers(call: Call, layers: readonly Layer[]): Promise<CheckedPlan> {
  const inForce = await layersInForce(call.engine.database, call.model)
  const prepared = prepare(call.model, inForce.layers, layers)
  return { ...(await planOf(call.engine, prepared)), access: await accessChanges(call, prepared) }
}

/**
 * Publishes the caller's draft, which is then gone. `base` is the version that the caller believes it starts from.
 * @throws Problem definitions.stale with what was published meanwhile, and everything that publishing throws
 */
export async function publishDraft(call: Call, agreed: { consent: readonly string[]; message: string; base?: number }): Promise<Publication> {
  const by = designer(call)
  const draft = await readDraft(call)
  if (agreed.base !== undefined && agreed.base !== draft.base) throw staleDraft(call, draft)
  try {
    return await publishLayers(call.engine, { layers: draft.layers, base: draft.base, consent: agreed.consent, message: agreed.message, by, endsDraftOf: by })
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'definitions.stale') throw error
    const model = await call.engine.refresh()
    throw staleDraft({ ...call, model }, draft)
  }
}
