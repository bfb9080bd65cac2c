/**
 * A layer put on top of what the layers below it have become: a three-way merge of what they were when the layer was made
 * (base), what the layer makes of them (mine), and what they are now (theirs). Nothing that the layer says is lost; where both
 * sides changed the same place it is listed, and somebody decides.
 */
import { isObject, type Json } from '../../metadata/contract/json.js'
import { sameJson } from '../model/equal.js'
import type { Documents } from '../model/model.js'
import { typeNames } from '../model/type-names.js'
import { aligned } from './align.js'
import { diffDocuments, mergeLayers, rebase, type Conflict, type Layer, type LayerDocuments } from './layers.js'
import { identity } from './rename.js'

export interface UpgradeConflict extends Conflict {
  readonly layer: string
  /** `changed`: by both. `gone`: what the layer changes is not there any more. `retyped`: it holds other values now. `renamed`: by both. */
  readonly why: 'changed' | 'gone' | 'retyped' | 'renamed'
}

/** Whose value a conflict gets; undefined: nobody has decided. Mine stays until then. */
export type Decide = (layer: string, path: string) => 'mine' | 'theirs' | undefined

/** The layer on top of `theirs` instead of `base`. */
export function upgradeLayer(base: Documents, theirs: Documents, layer: Layer, decide: Decide = () => undefined): { readonly documents: LayerDocuments; readonly conflicts: readonly UpgradeConflict[] } {
  const prefer = (path: string): 'mine' | 'theirs' => decide(layer.name, path) ?? 'mine'
  const mine = mergeLayers([{ name: 'below', documents: base }, layer]).documents
  const { conflicts: names, ...three } = aligned({ base, mine, theirs }, prefer)
  const types = { base: typeNames(three.base), mine: typeNames(three.mine), theirs: typeNames(three.theirs) }
  const typesOf = (path: string): readonly (string | undefined)[] => {
    const [document = '', place = ''] = path.split('#')
    const key = /^\/properties\/([^/]+)$/.exec(place)?.[1]?.replaceAll('~1', '/').replaceAll('~0', '~')
    if (key === undefined) return []
    return (['base', 'mine', 'theirs'] as const).map((side) => {
      const property = objectAt(objectAt(three[side][document], 'properties'), key)
      return property === undefined ? undefined : `${types[side][document]?.[key] ?? ''}:${identity(property, key)}`
    })
  }
  const isRetyped = (path: string): boolean => new Set(typesOf(path).filter((type) => type !== undefined)).size > 1
  const merged = rebase(three.base, three.mine, three.theirs, { prefer, isOne: isRetyped })
  const conflicts = [
    ...names.map((conflict): UpgradeConflict => ({ ...conflict, layer: layer.name, why: 'renamed' })),
    ...merged.conflicts.map((conflict): UpgradeConflict => ({ ...conflict, layer: layer.name, why: conflict.theirs === undefined ? 'gone' : isRetyped(conflict.path) ? 'retyped' : 'changed' })),
  ]
  return { documents: diffDocuments(theirs, merged.documents), conflicts }
}

const objectAt = (value: Json | undefined, key: string) => {
  const inner = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return isObject(inner) ? inner : undefined
}

export interface Upgrade {
  /** As they were handed over, the ones above what changed put on top of it. */
  readonly layers: readonly Layer[]
  readonly conflicts: readonly UpgradeConflict[]
}

/**
 * Puts every layer of `next` on top of those below it, as it was made for those in `before`. A layer that is new, or below
 * which nothing changed, stays as it is.
 */
export function upgradeLayers(before: readonly Layer[], next: readonly Layer[], decide?: Decide): Upgrade {
  const layers: Layer[] = []
  const conflicts: UpgradeConflict[] = []
  for (const layer of next) {
    const at = before.findIndex(({ name }) => name === layer.name)
    const [base, theirs] = [mergeLayers(before.slice(0, Math.max(at, 0))).documents, mergeLayers(layers).documents]
    if (at < 0 || sameJson(base, theirs)) {
      layers.push(layer)
      continue
    }
    const upgraded = upgradeLayer(base, theirs, layer, decide)
    layers.push({ name: layer.name, documents: upgraded.documents })
    conflicts.push(...upgraded.conflicts)
  }
  return { layers, conflicts }
}
