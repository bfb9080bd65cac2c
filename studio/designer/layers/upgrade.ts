/** A new version of a lower layer, and whose value each place gets where it meets the layers above. Pure. */
import type { Json } from '../../../metadata/contract/json.js'
import type { LayerFiles } from './archive.js'

/** Where the new layer and one above it changed the same place. What is absent is not there. */
export interface UpgradeConflict {
  readonly layer: string
  readonly path: string
  readonly why: 'changed' | 'gone' | 'retyped' | 'renamed'
  readonly base?: Json
  readonly mine?: Json
  readonly theirs?: Json
}

export type Take = 'mine' | 'theirs'

/** By the key of a conflict. */
export type Decisions = ReadonlyMap<string, Take>

export const keyOf = ({ layer, path }: Pick<UpgradeConflict, 'layer' | 'path'>): string => `${layer}:${path}`

/** The body of a request to `/api/definitions/upgrade`. */
export interface UpgradeBody {
  readonly layer: string
  readonly documents: LayerFiles
  readonly decisions: readonly { readonly layer: string; readonly path: string; readonly take: Take }[]
}

export const bodyOf = (layer: string, documents: LayerFiles, conflicts: readonly UpgradeConflict[], decisions: Decisions): UpgradeBody => ({
  layer, documents,
  decisions: conflicts.flatMap((conflict) => {
    const take = decisions.get(keyOf(conflict))
    return take === undefined ? [] : [{ layer: conflict.layer, path: conflict.path, take }]
  }),
})

/** The decisions with all that are open made one way. */
export const allOthers = (conflicts: readonly UpgradeConflict[], decisions: Decisions, take: Take): Decisions =>
  new Map(conflicts.map((conflict) => [keyOf(conflict), decisions.get(keyOf(conflict)) ?? take]))

export const openOf = (conflicts: readonly UpgradeConflict[], decisions: Decisions): number => conflicts.filter((conflict) => !decisions.has(keyOf(conflict))).length
