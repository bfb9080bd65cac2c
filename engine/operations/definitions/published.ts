/** The published definitions: read from the database, merged and compiled. Files are never read here. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { mergeLayers, type Layer, type LayerDocuments } from '../../definitions/layers.js'
import { sharing } from '../../definitions/changes.js'
import { Problem } from '../../errors.js'
import { compile } from '../../model/compile.js'
import type { Documents, Model } from '../../model/model.js'
import type { Database, Executor } from '../../storage/contract.js'
import { currentVersion, loadVersion } from '../../storage/own/versions.js'

/** Layer that holds what was changed in the studio: on top of those that come from files. */
export const studioLayer = 'studio'

export interface PublishedLayers {
  readonly version: number
  /** Lowest first. */
  readonly layers: readonly Layer[]
}

/**
 * The model of the published version, `previous` itself when that is still the one. Version 0 (nothing is published
 * yet) is an empty model.
 */
export async function loadModel(database: Database, previous?: Model): Promise<Model> {
  const version = await currentVersion(database.read)
  if (previous !== undefined && previous.version === version) return previous
  if (version === 0) return compile({}, 0)
  const published = await readLayers(database.read, version)
  keepLayers(database, published)
  const documents = mergedDocuments(published.layers)
  return previous === undefined ? compile(documents, version, undefined, true) : compile(sharing(previous.documents, documents), version, previous, true)
}

/**
 * The layers of a version. Versions never change, so the newest ones are kept.
 * @throws Problem definitions.version when there is no such version
 */
export async function readLayers(x: Executor, version: number): Promise<PublishedLayers> {
  if (version === 0) return { version, layers: [] }
  const stored = await loadVersion(x, version)
  if (stored === null) throw new Problem('definitions.version')
  return { version, layers: stored.layers }
}

const kept = new WeakMap<Database, PublishedLayers>()

/** The layers of the version in force; read from the database once per version. */
export async function layersInForce(database: Database, model: Model): Promise<PublishedLayers> {
  const known = kept.get(database)
  if (known?.version === model.version) return known
  const read = await readLayers(database.read, model.version)
  kept.set(database, read)
  return read
}

/** After a publish in this process: the layers are known already. */
export const keepLayers = (database: Database, layers: PublishedLayers): void => void kept.set(database, layers)

/** The layers with the studio's replaced; an empty one is left out. */
export function withStudio(layers: readonly Layer[], documents: LayerDocuments): readonly Layer[] {
  const lower = lowerLayers(layers)
  return Object.keys(documents).length === 0 ? lower : [...lower, { name: studioLayer, documents }]
}

/** The layers below the studio's: those that come from files. */
export const lowerLayers = (layers: readonly Layer[]): readonly Layer[] => layers.filter((layer) => layer.name !== studioLayer)

/**
 * The merged documents of layers. What lies below the studio's layer is merged once, so that a change in the studio
 * costs the documents that it touches.
 */
export function mergedDocuments(layers: readonly Layer[]): Documents {
  const lower = mergedLower(lowerLayers(layers))
  const studio = studioDocuments(layers)
  const touched = Object.fromEntries(Object.keys(studio).flatMap((path) => (lower[path] === undefined ? [] : [[path, lower[path]]])))
  const { documents } = mergeLayers([{ name: 'lower', documents: touched }, { name: studioLayer, documents: studio }])
  const kept = Object.entries(lower).flatMap(([path, document]) => (studio[path] === null ? [] : [[path, documents[path] ?? document] as const]))
  return { ...Object.fromEntries(kept), ...documents }
}

const lowerMerges = new WeakMap<LayerDocuments, { readonly layers: readonly Layer[]; readonly documents: Documents }>()

/** The documents of the layers that come from files; the same objects for the same layers. */
export function mergedLower(layers: readonly Layer[]): Documents {
  const top = layers.at(-1)
  if (top === undefined) return {}
  const known = lowerMerges.get(top.documents)
  if (known !== undefined && known.layers.length === layers.length && known.layers.every((layer, i) => layer.documents === layers[i]?.documents)) return known.documents
  const { documents } = mergeLayers(layers)
  lowerMerges.set(top.documents, { layers, documents })
  return documents
}

/** What the layers from files say of each document that the studio changed; null where they say nothing. */
export function belowStudio(layers: readonly Layer[]): Readonly<Record<string, JsonObject | null>> {
  const lower = mergedLower(lowerLayers(layers))
  return Object.fromEntries(Object.keys(studioDocuments(layers)).map((path) => [path, lower[path] ?? null]))
}

/** What the studio changed. */
export const studioDocuments = (layers: readonly Layer[]): LayerDocuments => layers.find((layer) => layer.name === studioLayer)?.documents ?? {}
