/** A new version of a lower layer under what stands above it: what it would do, and publishing it. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { Layer, LayerDocuments } from '../../definitions/layers.js'
import { upgradeLayers, type Upgrade, type UpgradeConflict } from '../../definitions/upgrade.js'
import { Problem } from '../../errors.js'
import type { Call } from '../call.js'
import { assertFiles, designer } from './draft.js'
import { planLayers, type CheckedPlan } from './draft-plan.js'
import { publishLayers, type Publication } from './publish.js'
import { layersInForce, lowerLayers } from './published.js'

export interface UpgradeCommand {
  /** Name of the layer. */
  readonly layer: string
  /** All of its files: path → what stands in it. */
  readonly documents: JsonObject
  readonly decisions: readonly Decision[]
}

/** Whose value a place gets where the new layer meets one above it. */
export interface Decision {
  /** The layer above. */
  readonly layer: string
  /** `member/entity.json#/properties/tier/title` */
  readonly path: string
  readonly take: 'mine' | 'theirs'
}

/** The plan, as far as is decided, and every conflict, decided or not. What is open keeps what the layer above says. */
export type UpgradePlan = CheckedPlan & { readonly conflicts: readonly UpgradeConflict[] }

/** @throws Problem request.invalid for a layer that there is not, definitions.invalid with each file that is none of ours */
export async function planUpgrade(call: Call, command: UpgradeCommand): Promise<UpgradePlan> {
  const { layers, conflicts } = await upgraded(call, command)
  return { ...(await planLayers(call, layers)), conflicts }
}

/**
 * Publishes it, with all layers above put on top of it. `base` is the version that the caller saw the plan of.
 * @throws Problem definitions.conflicts when some are not decided, and everything that publishing throws
 */
export async function publishUpgrade(call: Call, command: UpgradeCommand, agreed: { readonly consent: readonly string[]; readonly message: string; readonly base?: number }): Promise<Publication> {
  const { layers, conflicts } = await upgraded(call, command)
  const open = conflicts.filter(({ layer, path }) => decided(command, layer, path) === undefined)
  if (open.length > 0) throw new Problem('definitions.conflicts', {}, { extra: { conflicts: open as unknown as Json } })
  return publishLayers(call.engine, { layers, base: agreed.base ?? call.model.version, consent: agreed.consent, message: agreed.message, by: designer(call) })
}

const decided = ({ decisions }: UpgradeCommand, layer: string, path: string): Decision['take'] | undefined => decisions.find((one) => one.layer === layer && one.path === path)?.take

async function upgraded(call: Call, command: UpgradeCommand): Promise<Upgrade> {
  designer(call)
  const { layers } = await layersInForce(call.engine.database, call.model)
  const lower = lowerLayers(layers)
  if (!lower.some(({ name }) => name === command.layer)) throw new Problem('request.invalid', { reason: `layer must be one of ${lower.map(({ name }) => name).join(', ')}` })
  assertFiles(command.documents)
  const next = layers.map((layer): Layer => (layer.name === command.layer ? { name: layer.name, documents: command.documents as LayerDocuments } : layer))
  return upgradeLayers(layers, next, (layer, path) => decided(command, layer, path))
}
