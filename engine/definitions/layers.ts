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

function forget(marks: Record<string, string>, place: string): void {
  for (const known of Object.keys(marks)) if (known === place || known.startsWith(`${place}/`)) delete marks[known]
}

/** The smallest layer that makes `merged` out of `lower`: what the top layer has to say. */
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
  for (const [key, value] of Object.entries(upper)) {
    const below = Object.hasOwn(lower, key) ? lower[key] : undefined
    if (below === value) continue
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

/**
 * Three-way merge of a draft (`mine`) made from `base` onto what was published since (`theirs`). Objects are merged by
 * member, arrays as a whole. Where both changed the same place differently, mine stays and the place is listed.
 */
export function rebase(base: Documents, mine: Documents, theirs: Documents): { readonly documents: Documents; readonly conflicts: readonly Conflict[] } {
  const conflicts: Conflict[] = []
  const merged = rebaseObject(base, mine, theirs, (keys, values) => {
    const [path = '', ...inner] = keys
    conflicts.push({ path: `${path}#${pointer(...inner)}`, ...values })
  }, [])
  return { documents: merged as Documents, conflicts }
}

type Tell = (keys: readonly string[], values: Omit<Conflict, 'path'>) => void

function rebaseObject(base: JsonObject, mine: JsonObject, theirs: JsonObject, tell: Tell, at: readonly string[]): JsonObject {
  const result: Record<string, Json> = {}
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const value = rebaseValue(member(base, key), member(mine, key), member(theirs, key), tell, [...at, key])
    if (value !== undefined) put(result, key, value)
  }
  return result
}

const member = (object: JsonObject, key: string): Json | undefined => (Object.hasOwn(object, key) ? object[key] : undefined)

function rebaseValue(base: Json | undefined, mine: Json | undefined, theirs: Json | undefined, tell: Tell, at: readonly string[]): Json | undefined {
  if (sameJson(mine, theirs) || sameJson(base, theirs)) return mine
  if (sameJson(base, mine)) return theirs
  if (isObject(mine) && isObject(theirs) && !isWhole(at.at(-1) ?? '', at.at(-2) ?? '')) return rebaseObject(isObject(base) ? base : {}, mine, theirs, tell, at)
  tell(at, { ...(base === undefined ? {} : { base }), ...(mine === undefined ? {} : { mine }), ...(theirs === undefined ? {} : { theirs }) })
  return mine
}
