/**
 * Layers of definitions, each a merge patch (RFC 7396) on those below. The set of documents is one object, path →
 * document, so a document that is `null` in an upper layer removes that of the lower ones.
 *
 * One thing differs from the RFC: a condition (`where`, `filter`, `guard`, a form rule's `schema`) and what is `set` are one value
 * each like an array, replaced as a whole. Half a condition is not a condition, and `{ "$ne": null }` has to survive.
 */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { isWhole } from '../../metadata/contract/whole-values.js'
import { sameJson } from '../model/equal.js'
import { mergedList } from './merge-list.js'
import type { Documents } from '../model/model.js'
import { pointer } from '../model/paths.js'

/** What one layer says: a patch per document; `null` removes the document. */
export type LayerDocuments = Readonly<Record<string, JsonObject | null>>

export interface Layer {
  readonly name: string
  readonly documents: LayerDocuments
}

export interface Merged {
  readonly documents: Documents
  /** Document path → JSON Pointer → name of the layer that said it last. Every object member and every whole array has an entry. */
  readonly provenance: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Merges layers, the lowest first. */
export function mergeLayers(layers: readonly Layer[]): Merged {
  const documents: Record<string, JsonObject> = {}
  const provenance: Record<string, Record<string, string>> = {}
  for (const { name, documents: patches } of layers) {
    for (const [path, patch] of Object.entries(patches)) {
      if (patch === null) {
        delete documents[path]
        delete provenance[path]
        continue
      }
      const marks = (provenance[path] ??= {})
      documents[path] = mergeObject(documents[path] ?? {}, patch, { place: '', key: '' }, { marks, layer: name })
    }
  }
  return { documents, provenance }
}

/** RFC 7396 on objects, noting who said what. `lower` itself is returned when the patch says nothing new. */
function mergeObject(lower: JsonObject, patch: JsonObject, at: { readonly place: string; readonly key: string }, source: Source): JsonObject {
  const { marks, layer } = source
  const result: Record<string, Json> = { ...lower }
  for (const [key, value] of Object.entries(patch)) {
    const place = at.place + pointer(key)
    const below = Object.hasOwn(lower, key) ? lower[key] : undefined
    if (value === null) {
      delete result[key]
      if (below !== undefined) forget(marks, place)
    } else if (isObject(value) && !isWhole(key, at.key)) {
      if (!isObject(below)) {
        if (below !== undefined) forget(marks, place)
        marks[place] = layer
      }
      put(result, key, mergeObject(isObject(below) ? below : {}, value, { place, key }, source))
    } else if (!sameJson(below, value)) {
      if (below !== undefined) forget(marks, place)
      marks[place] = layer
      put(result, key, value)
    }
  }
  return result
}

interface Source {
  readonly marks: Record<string, string>
  readonly layer: string
}

/** Sets an own member whatever its name: `__proto__` in a document must stay a name and be refused as one. */
function put(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

/** What a layer says by itself at a place such as `member/entity.json#/properties/tier`; undefined when it says nothing there. */
export function saidAt(documents: LayerDocuments, path: string): Json | undefined {
  const [document = '', place = ''] = path.split('#')
  return place.split('/').slice(1).reduce<Json | undefined>((value, key) => (isObject(value) ? member(value, key.replaceAll('~1', '/').replaceAll('~0', '~')) : undefined), documents[document])
}

function forget(marks: Record<string, string>, place: string): void {
  for (const known of Object.keys(marks)) if (known === place || known.startsWith(`${place}/`)) delete marks[known]
}

/**
 * The smallest layer that makes `merged` out of `lower`: what the top layer has to say. Its members stand in the order of those
 * they change, new ones behind, so that taking it apart again after merging gives the same bytes.
 */
export function diffDocuments(lower: Documents, merged: Documents): LayerDocuments {
  const result: Record<string, JsonObject | null> = {}
  for (const path of Object.keys(lower)) if (!Object.hasOwn(merged, path)) result[path] = null
  for (const [path, document] of Object.entries(merged)) {
    const below = Object.hasOwn(lower, path) ? lower[path] : undefined
    const patch = diffObject(below ?? {}, document, '')
    if (below === undefined || Object.keys(patch).length > 0) result[path] = patch
  }
  return result
}

function diffObject(lower: JsonObject, upper: JsonObject, parent: string): JsonObject {
  const patch: Record<string, Json> = {}
  for (const key of Object.keys(lower)) if (!Object.hasOwn(upper, key)) put(patch, key, null)
  for (const key of new Set([...Object.keys(lower), ...Object.keys(upper)])) {
    const [below, value] = [member(lower, key), member(upper, key)]
    if (below === value || value === undefined) continue
    if (isObject(value) && isObject(below) && !isWhole(key, parent)) {
      const inner = diffObject(below, value, key)
      if (Object.keys(inner).length > 0) put(patch, key, inner)
    } else if (!sameJson(below, value)) {
      put(patch, key, value)
    }
  }
  return patch
}

/** Both sides changed the same place differently. `undefined` stands for "not there". */
export interface Conflict {
  /** `member/entity.json#/properties/tier/title` */
  readonly path: string
  readonly base?: Json
  readonly mine?: Json
  readonly theirs?: Json
}

export interface Rebase {
  /** Whose value a place of a conflict gets; `mine` when absent. */
  readonly prefer?: (path: string) => 'mine' | 'theirs'
  /** True for an object that is one value, although it has members: both changed it when each changed anything in it. */
  readonly isOne?: (path: string) => boolean
}

/**
 * Three-way merge of what was made (`mine`) from `base` onto what `base` has become since (`theirs`). Objects are merged by
 * member, lists of names name by name, other arrays as a whole. Where both changed the same place differently, the place is listed, and mine stays.
 */
export function rebase(base: Documents, mine: Documents, theirs: Documents, { prefer = () => 'mine', isOne = () => false }: Rebase = {}): { readonly documents: Documents; readonly conflicts: readonly Conflict[] } {
  const conflicts: Conflict[] = []
  const meeting: Meeting = {
    isOne: (keys) => isWhole(keys.at(-1) ?? '', keys.at(-2) ?? '') || isOne(pathOf(keys)),
    settle(keys, values) {
      const conflict = { path: pathOf(keys), ...values }
      conflicts.push(conflict)
      return prefer(conflict.path) === 'theirs' ? values.theirs : values.mine
    },
  }
  return { documents: rebaseObject(base, mine, theirs, meeting, []) as Documents, conflicts }
}

interface Meeting {
  readonly isOne: (keys: readonly string[]) => boolean
  /** Notes a conflict; gives the value that the place gets. */
  readonly settle: (keys: readonly string[], values: Omit<Conflict, 'path'>) => Json | undefined
}

const pathOf = ([path = '', ...inner]: readonly string[]): string => `${path}#${pointer(...inner)}`

function rebaseObject(base: JsonObject, mine: JsonObject, theirs: JsonObject, meeting: Meeting, at: readonly string[]): JsonObject {
  const result: Record<string, Json> = {}
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const value = rebaseValue(member(base, key), member(mine, key), member(theirs, key), meeting, [...at, key])
    if (value !== undefined) put(result, key, value)
  }
  return result
}

const member = (object: JsonObject, key: string): Json | undefined => (Object.hasOwn(object, key) ? object[key] : undefined)

function rebaseValue(base: Json | undefined, mine: Json | undefined, theirs: Json | undefined, meeting: Meeting, at: readonly string[]): Json | undefined {
  if (sameJson(mine, theirs) || sameJson(base, theirs)) return mine
  if (sameJson(base, mine)) return theirs
  if (isObject(mine) && isObject(theirs) && !meeting.isOne(at)) return rebaseObject(isObject(base) ? base : {}, mine, theirs, meeting, at)
  const list = mergedList(base, mine, theirs)
  if (list !== undefined) return list
  return meeting.settle(at, { ...(base === undefined ? {} : { base }), ...(mine === undefined ? {} : { mine }), ...(theirs === undefined ? {} : { theirs }) })
}
