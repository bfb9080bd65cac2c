/** The history of the definitions: every version, what it changed, and going back to it. */
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import { changesBetween, type DefinitionChange } from '../../definitions/changes.js'
import { mergeLayers } from '../../definitions/layers.js'
import { Problem } from '../../errors.js'
import { describe } from '../../forms/describe.js'
import { compile } from '../../model/compile.js'
import type { Documents } from '../../model/model.js'
import { accessFor } from '../../permissions/compile.js'
import { listVersions as loadVersions, loadVersion, type VersionSummary } from '../../storage/own/versions.js'
import type { Call } from '../call.js'
import { designer } from './draft.js'
import { publishLayers, type Publication } from './publish.js'
import { readLayers } from './published.js'

export type { VersionSummary } from '../../storage/own/versions.js'

/** All versions, newest first. */
export function listVersions(call: Call): Promise<readonly VersionSummary[]> {
  designer(call)
  return loadVersions(call.engine.database.read)
}

export interface VersionDetail extends VersionSummary {
  readonly documents: Documents
  /** Differences to the version before. */
  readonly changes: readonly DefinitionChange[]
}

/** One version with its documents and what it changed. @throws Problem definitions.version */
export async function readVersion(call: Call, version: number): Promise<VersionDetail> {
  designer(call)
  const { read } = call.engine.database
  const stored = await loadVersion(read, version)
  if (stored === null) throw new Problem('definitions.version')
  const { layers, ...summary } = stored
  const { documents } = mergeLayers(layers)
  const before = mergeLayers((await readLayers(read, version - 1)).layers).documents
  return { ...summary, documents, changes: changesBetween(before, documents) }
}

/** What the caller's screens would be told if a version were in force, with the rights that it gives them. @throws Problem definitions.version */
export async function versionModel(call: Call, version: number, locale: string): Promise<UiModel> {
  designer(call)
  const { layers } = await readLayers(call.engine.database.read, version)
  const model = compile(mergeLayers(layers).documents, version, call.model)
  return describe(model, accessFor(model, call.actor.roles, call.engine.log), call.actor, locale)
}

/**
 * Goes back: publishes the layers of an earlier version through the same check, plan and consent.
 * @throws Problem definitions.version and everything that publishing throws
 */
export async function restoreVersion(call: Call, version: number, agreed: { consent: readonly string[]; message: string }): Promise<Publication> {
  const by = designer(call)
  const { layers } = await readLayers(call.engine.database.read, version)
  if (layers.length === 0) throw new Problem('definitions.version')
  return publishLayers(call.engine, { layers, base: call.model.version, consent: agreed.consent, message: agreed.message || `Back to version ${version}`, by })
}
