/** Definitions of two versions or layers side by side, and the history of one of them. */
import type { Json } from '../../../metadata/contract/json.js'
import { changesBetween, type DefinitionChange } from '../../definitions/changes.js'
import { mergeLayers, saidAt, type Layer } from '../../definitions/layers.js'
import { Problem } from '../../errors.js'
import { sameJson } from '../../model/equal.js'
import { listVersions, loadVersion, type VersionSummary } from '../../storage/own/versions.js'
import type { Call } from '../call.js'
import { designer, readDraft } from './draft.js'
import { layersInForce, readLayers } from './published.js'

export interface ComparedChange extends DefinitionChange {
  /** What each layer of the second side says at this place by itself, the lowest first; layers that say nothing are left out. */
  readonly layers: readonly { readonly layer: string; readonly value: Json }[]
}

/**
 * Every property that differs between two sides. A side is `published`, `draft`, the number of a version, or `layer:NAME`: the
 * published layers up to that one; `layer:` is what there is below all of them, nothing.
 * @throws Problem definitions.version, request.invalid
 */
export async function compare(call: Call, from: string, to: string): Promise<readonly ComparedChange[]> {
  designer(call)
  const [before, after] = [await sideOf(call, from), await sideOf(call, to)]
  return changesBetween(mergeLayers(before).documents, mergeLayers(after).documents).map((change) => ({ ...change, layers: saidBy(after.length < before.length ? before : after, change.path) }))
}

const saidBy = (layers: readonly Layer[], path: string): ComparedChange['layers'] =>
  layers.flatMap(({ name, documents }) => {
    const value = saidAt(documents, path)
    return value === undefined ? [] : [{ layer: name, value }]
  })

async function sideOf(call: Call, side: string): Promise<readonly Layer[]> {
  const { database } = call.engine
  if (side === 'draft') return (await readDraft(call)).layers
  if (/^\d{1,9}$/.test(side)) return (await readLayers(database.read, Number(side))).layers
  const { layers } = await layersInForce(database, call.model)
  if (side === 'published') return layers
  const name = /^layer:(.*)$/.exec(side)?.[1]
  if (name === '') return []
  const at = layers.findIndex((layer) => layer.name === name)
  if (at < 0) throw new Problem('request.invalid', { reason: `a side is published, draft, the number of a version or layer:NAME with one of ${layers.map((layer) => layer.name).join(', ')}` })
  return layers.slice(0, at + 1)
}

/** A version that changed one definition. */
export interface DocumentVersion extends Pick<VersionSummary, 'version' | 'at' | 'by' | 'message'> {
  readonly changes: readonly DefinitionChange[]
}

/** Versions that are looked at for one answer: each is read as a whole. */
const lookedAt = 40

/**
 * The versions that changed one definition, newest first. `next` is the version to go on before; null at the end.
 * @param before only versions below it
 */
export async function documentHistory(call: Call, path: string, before?: number): Promise<{ readonly versions: readonly DocumentVersion[]; readonly next: number | null }> {
  designer(call)
  const { read } = call.engine.database
  const all = (await listVersions(read)).filter(({ version }) => before === undefined || version < before)
  const found: DocumentVersion[] = []
  let newer: { readonly summary: VersionSummary; readonly document: Json | undefined } | null = null
  for (const summary of [...all.slice(0, lookedAt + 1), ...(all.length <= lookedAt ? [null] : [])]) {
    const document: Json | undefined = summary === null ? undefined : documentOf((await loadVersion(read, summary.version))?.layers ?? [], path)
    if (newer !== null && !sameJson(newer.document, document)) {
      const { version, at, by, message } = newer.summary
      found.push({ version, at, by, message, changes: changesBetween(only(path, document), only(path, newer.document)) })
    }
    newer = summary === null ? null : { summary, document }
  }
  return { versions: found, next: all.length > lookedAt ? (all[lookedAt - 1]?.version ?? null) : null }
}

const documentOf = (layers: readonly Layer[], path: string): Json | undefined =>
  mergeLayers(layers.map(({ name, documents }) => ({ name, documents: documents[path] === undefined ? {} : { [path]: documents[path] } }))).documents[path]

const only = (path: string, document: Json | undefined) => (typeof document === 'object' && document !== null && !Array.isArray(document) ? { [path]: document as Record<string, Json> } : {})
