/** The caller's draft: what they changed in the studio's layer, shown merged, kept as merge patches on the layers below. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { changedDocuments, changesBetween } from '../../definitions/changes.js'
import { PatchError, readOperations } from '../../definitions/json-patch.js'
import { diffDocuments, rebase, type Layer, type LayerDocuments } from '../../definitions/layers.js'
import { applyDraftOperations } from '../../definitions/rename.js'
import { Problem } from '../../errors.js'
import { finding } from '../../model/findings.js'
import type { Documents } from '../../model/model.js'
import { parsePath } from '../../model/paths.js'
import { deleteDraft, readDraft as loadDraft, writeDraft } from '../../storage/own/versions.js'
import type { Call } from '../call.js'
import { layersInForce, lowerLayers, mergedDocuments, mergedLower, readLayers, studioDocuments, withStudio } from './published.js'

export interface Draft {
  /** Version that it was started from. */
  readonly base: number
  /** True when it differs from its base. */
  readonly changed: boolean
  /** The layers of the base with the draft on top. */
  readonly layers: readonly Layer[]
  /** The same, merged. */
  readonly documents: Documents
  /** The merged documents of the base. */
  readonly published: Documents
}

/** The caller as the owner of a draft. @throws Problem access.denied when they may not design */
export function designer(call: Call): number {
  if (!call.access.design || call.actor.id === null) throw new Problem('access.denied')
  return call.actor.id
}

/** The caller's draft; without one, the version in force, unchanged. */
export async function readDraft(call: Call): Promise<Draft> {
  const { database } = call.engine
  const stored = await loadDraft(database.read, designer(call))
  const inForce = await layersInForce(database, call.model)
  const base = stored === null || stored.base === call.model.version ? inForce : await readLayers(database.read, stored.base)
  const published = base === inForce ? call.model.documents : mergedDocuments(base.layers)
  if (stored === null) return { base: base.version, changed: false, layers: base.layers, documents: published, published }
  const layers = withStudio(base.layers, stored.documents)
  const documents = mergedDocuments(layers)
  return { base: base.version, changed: changedDocuments(published, documents).length > 0, layers, documents, published }
}

/**
 * Applies JSON Patch operations to the merged documents of the draft. `base` is the version that the caller works on.
 * @throws Problem definitions.stale when the draft has another base or that base is not in force, request.invalid
 */
export async function changeDraft(call: Call, body: Json | undefined, base: number | undefined): Promise<{ readonly draft: Draft; readonly touched: Readonly<Record<string, Json>> }> {
  const owner = designer(call)
  const before = await readDraft(call)
  if (before.base !== call.model.version || (base !== undefined && base !== before.base)) throw staleDraft(call, before)
  const layer = diffDocuments(mergedLower(lowerLayers(before.layers)), patched(before, body))
  const layers = withStudio(before.layers, layer)
  const documents = mergedDocuments(layers)
  await call.engine.database.write((tx) => writeDraft(tx, owner, { base: before.base, documents: layer, at: call.at }))
  const touched = Object.fromEntries(changedDocuments(before.documents, documents).map((path) => [path, documents[path] ?? null]))
  const changed = changedDocuments(before.published, documents).length > 0
  return { draft: { ...before, changed, documents, layers }, touched }
}

function patched(draft: Draft, body: Json | undefined): Documents {
  try {
    return applyDraftOperations(draft.documents, readOperations(body), draft.published)
  } catch (error) {
    if (!(error instanceof PatchError)) throw error
    throw new Problem('request.invalid', { reason: error.reason }, { problems: [{ path: `/${error.index}`, code: 'request.invalid', message: error.reason }] })
  }
}

/**
 * Replaces everything that the draft says of itself by the documents of a layer, as they come from its files.
 * @throws Problem definitions.stale, definitions.invalid with each file that is none of ours
 */
export async function replaceDraft(call: Call, documents: JsonObject, base: number | undefined): Promise<Draft> {
  const owner = designer(call)
  const before = await readDraft(call)
  if (before.base !== call.model.version || (base !== undefined && base !== before.base)) throw staleDraft(call, before)
  assertFiles(documents)
  const lower = lowerLayers(before.layers)
  const layer = diffDocuments(mergedLower(lower), mergedDocuments(withStudio(lower, documents as LayerDocuments)))
  await call.engine.database.write((tx) => writeDraft(tx, owner, { base: before.base, documents: layer, at: call.at }))
  return readDraft(call)
}

/** The files of a layer as they were sent. @throws Problem definitions.invalid */
export function assertFiles(documents: JsonObject): void {
  const problems = Object.entries(documents).flatMap(([path, document]) => {
    if (parsePath(path) === null) return [finding(`${path}#`, 'document.unknown')]
    return document === null || isObject(document) ? [] : [finding(`${path}#`, 'document.json', { reason: 'it is not an object { … }' })]
  })
  if (problems.length > 0) throw new Problem('definitions.invalid', {}, { problems })
}

/** Throws the caller's draft away. */
export const discardDraft = (call: Call): Promise<void> => call.engine.database.write((tx) => deleteDraft(tx, designer(call)))

/**
 * Puts a stale draft on top of the version in force: a three-way merge, property by property. Where both changed the
 * same place, `prefer` decides.
 * @throws Problem definitions.stale with the conflicts when there are some and `prefer` is absent
 */
export async function rebaseDraft(call: Call, prefer?: 'mine' | 'theirs'): Promise<Draft> {
  const owner = designer(call)
  const draft = await readDraft(call)
  if (draft.base === call.model.version) return draft
  const theirs = call.model.documents
  // Of two changes at one place the first one's stays.
  const { documents, conflicts } = prefer === 'theirs' ? rebase(draft.published, theirs, draft.documents) : rebase(draft.published, draft.documents, theirs)
  if (conflicts.length > 0 && prefer === undefined) throw staleDraft(call, draft)
  const inForce = await layersInForce(call.engine.database, call.model)
  const layer = diffDocuments(mergedLower(lowerLayers(inForce.layers)), documents)
  await call.engine.database.write((tx) => writeDraft(tx, owner, { base: call.model.version, documents: layer, at: call.at }))
  return readDraft(call)
}

/** 409 that shows what was published since the draft began, and where that meets the draft. */
export function staleDraft(call: Call, draft: Draft): Problem {
  const { conflicts } = rebase(draft.published, draft.documents, call.model.documents)
  return new Problem('definitions.stale', {}, {
    extra: {
      base: draft.base,
      version: call.model.version,
      changes: changesBetween(draft.published, call.model.documents) as unknown as Json,
      conflicts: conflicts as unknown as Json,
    },
  })
}

/** The studio's layer of a draft: what differs from the layers below. */
export const draftLayer = (draft: Draft): LayerDocuments => studioDocuments(draft.layers)

/** `mine` or `theirs` from a request body. @throws Problem request.invalid */
export function preference(body: Json | undefined): 'mine' | 'theirs' | undefined {
  if (body === undefined) return undefined
  const prefer = isObject(body) ? body['prefer'] : null
  if (prefer === undefined || prefer === 'mine' || prefer === 'theirs') return prefer
  throw new Problem('request.invalid', { reason: 'prefer must be mine or theirs' })
}
