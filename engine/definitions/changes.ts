/** The difference between two sets of definitions, property by property, for people and for the history. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { sameDefinition } from '../model/equal.js'
import type { Documents } from '../model/model.js'
import { pointer } from '../model/paths.js'

/** One place that differs. `before` is absent where it was added, `after` where it was removed. */
export interface DefinitionChange {
  /** Document path and JSON Pointer: `member/entity.json#/properties/vip`. */
  readonly path: string
  readonly before?: Json
  readonly after?: Json
}

/** All differences, documents in alphabetical order. Lists are compared as a whole: their entries have no identity. */
export function changesBetween(before: Documents, after: Documents): readonly DefinitionChange[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  return paths.flatMap((path) => [...differences(before[path], after[path], `${path}#`)])
}

/** Paths of the documents that differ at all, also by the order of their members only. */
export const changedDocuments = (before: Documents, after: Documents): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((path) => before[path] !== after[path] && !sameDefinition(before[path], after[path]))

/**
 * `after` with every document that equals the one in `before` replaced by that very object, so that the compiler and
 * later comparisons see by identity what stayed.
 */
export const sharing = (before: Documents, after: Documents): Documents =>
  Object.fromEntries(Object.entries(after).map(([path, document]) => {
    const known = before[path]
    return [path, known !== undefined && sameDefinition(known, document) ? known : document]
  }))

function* differences(before: Json | undefined, after: Json | undefined, at: string): Generator<DefinitionChange> {
  if (before === after) return
  if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) yield* differences(member(before, key), member(after, key), at + pointer(key))
    return
  }
  if (before !== undefined && after !== undefined && sameDefinition(before, after)) return
  yield { path: at, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }
}

const member = (object: JsonObject, key: string): Json | undefined => (Object.hasOwn(object, key) ? object[key] : undefined)
