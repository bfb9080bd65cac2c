/** What `plan`, `publish` and `rehearse` are about: the layer files, with what was changed in the studio put on top of what they say now. */
import type { Json } from '../../metadata/contract/json.js'
import { mergeLayers, saidAt, type Layer, type LayerDocuments } from '../definitions/layers.js'
import { upgradeLayers, type Decide, type UpgradeConflict } from '../definitions/upgrade.js'
import { Problem, type Finding } from '../errors.js'
import { sameJson } from '../model/equal.js'
import { layersInForce, lowerLayers, studioDocuments, studioLayer, withStudio } from '../operations/definitions/published.js'
import { layersFromFiles, type Deployment } from './deployment.js'

export interface Candidate {
  readonly layers: readonly Layer[]
  /** What is wrong with the files themselves. */
  readonly findings: readonly Finding[]
  /** Where a layer and those below it changed the same place, and nobody has decided yet. */
  readonly conflicts: readonly UpgradeConflict[]
  /** Files of upper layers that were made for what the lower ones no longer are; `tessera upgrade` writes them anew. */
  readonly outdated: readonly { readonly layer: string; readonly path: string }[]
}

/** @param decide whose value a place of a conflict gets; files are only ever kept as they are */
export async function candidateLayers({ config, engine }: Deployment, decide: Decide = () => undefined): Promise<Candidate> {
  const { layers: files, findings } = await layersFromFiles(config)
  const inForce = (await layersInForce(engine.database, engine.current.get())).layers
  const { layers, conflicts } = upgradeLayers(inForce, withStudio(files, studioDocuments(inForce)), decide)
  const studio = layers.find(({ name }) => name === studioLayer)?.documents ?? {}
  const old = filesToUpgrade(inForce, files)
  return {
    layers: withStudio(files, studio), findings, outdated: old.outdated,
    conflicts: [
      ...old.conflicts.filter(({ layer, path }) => decide(layer, path) !== 'mine'),
      ...conflicts.filter(({ layer, path }) => layer === studioLayer && decide(layer, path) === undefined),
    ],
  }
}

/** The places of published upper layers that the new lower ones meet, as far as their files have not been changed since. */
function filesToUpgrade(inForce: readonly Layer[], files: readonly Layer[]): Pick<Candidate, 'conflicts' | 'outdated'> {
  const published = new Map(lowerLayers(inForce).map(({ name, documents }) => [name, documents]))
  const untouched = files.map((layer) => ({ layer, was: published.get(layer.name) }))
  const found = untouched.flatMap(({ layer, was }, at) => {
    if (was === undefined) return []
    const below = files.slice(0, at)
    const upgraded = upgradeLayers(inForce, [...below, { name: layer.name, documents: was }])
    const lower = mergeLayers(below).documents
    const makes = (documents: LayerDocuments, path: string): Json => mergeLayers([{ name: 'below', documents: lower }, { name: layer.name, documents: only(documents, path) }]).documents[path] ?? null
    const isOutdated = (path: string): boolean => sameJson(layer.documents[path], was[path]) && !sameJson(makes(layer.documents, path), makes(upgraded.layers.at(-1)?.documents ?? {}, path))
    return [{
      conflicts: upgraded.conflicts.filter((conflict) => conflict.layer === layer.name && sameJson(saidAt(layer.documents, conflict.path), saidAt(was, conflict.path))),
      outdated: Object.keys(was).filter(isOutdated).map((path) => ({ layer: layer.name, path })),
    }]
  })
  return { conflicts: found.flatMap(({ conflicts }) => conflicts), outdated: found.flatMap(({ outdated }) => outdated) }
}

const only = (documents: LayerDocuments, path: string): LayerDocuments => (documents[path] === undefined ? {} : { [path]: documents[path] })

/** `--mine PLACE`, `--theirs PLACE`, `--prefer`: a place is a path, or one of a layer: `acme:member/entity.json#/title`. */
export interface Decisions {
  readonly mine: readonly string[]
  readonly theirs: readonly string[]
  readonly prefer?: string
}

/** @throws Problem request.invalid */
export function decisions({ mine, theirs, prefer }: Decisions): Decide {
  if (prefer !== undefined && prefer !== 'mine' && prefer !== 'theirs') throw new Problem('request.invalid', { reason: '--prefer is mine or theirs' })
  const names = (places: readonly string[], layer: string, path: string): boolean => places.includes(path) || places.includes(`${layer}:${path}`)
  return (layer, path) => (names(mine, layer, path) ? 'mine' : names(theirs, layer, path) ? 'theirs' : prefer)
}

/** Conflicts and outdated files for people; nothing when there are none. `taken`: whose value a rehearsal went on with. */
export function upgradeLines({ conflicts, outdated }: Pick<Candidate, 'outdated'> & { readonly conflicts: readonly (UpgradeConflict & { readonly taken?: 'mine' | 'theirs' })[] }): string {
  const shown = (value: Json | undefined): string => (value === undefined ? '(not there)' : JSON.stringify(value))
  const lines = conflicts.map(({ layer, path, why, base, mine, theirs, taken }) => `conflict  ${layer}:${path}\n  ${reasons[why]}\n  base    ${shown(base)}\n  mine    ${shown(mine)}\n  theirs  ${shown(theirs)}${taken === undefined ? '' : `\n  taken   ${taken}, in this rehearsal`}`)
  return [...lines, ...outdated.map(({ layer, path }) => `outdated  ${layer}: ${path}`)].join('\n')
}

const reasons: Readonly<Record<UpgradeConflict['why'], string>> = {
  changed: 'Both changed it.',
  gone: 'What this layer changes is not there any more.',
  retyped: 'It holds other values now than when this layer changed it.',
  renamed: 'Both renamed it, or its new name is taken.',
}

/** What to do about them. */
export const upgradeAdvice = ({ conflicts, outdated }: Pick<Candidate, 'conflicts' | 'outdated'>): string => [
  ...(conflicts.length === 0 ? [] : [`Decide each conflict: --mine PLACE keeps what the upper layer says, --theirs PLACE what the lower one says now; --prefer decides all others.`]),
  ...(outdated.length === 0 && conflicts.every(({ layer }) => layer === studioLayer) ? [] : ['Files of upper layers are written anew by: tessera upgrade']),
].join('\n')
