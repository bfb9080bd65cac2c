/** Two people saved the same record: which fields really conflict, and what a choice makes of them. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { same } from '../form-state.js'

export interface ConflictField {
  readonly key: string
  readonly original: Json
  readonly mine: Json
  readonly theirs: Json
}

export interface Conflict {
  /** Version that theirs is. */
  readonly version: number
  /** Fields that both changed, differently. */
  readonly fields: readonly ConflictField[]
  /** Present values of every field that one of us changed. */
  readonly theirs: JsonObject
}

/** Reads the body of a `record.stale` problem; null when it lacks the three versions. */
export function readConflict(body: JsonObject): Conflict | null {
  const { mine, theirs, original, version } = body
  if (!isObject(mine) || !isObject(theirs) || !isObject(original) || typeof version !== 'number') return null
  const fields = Object.keys(mine).flatMap((key): readonly ConflictField[] => {
    const three = { key, original: original[key] ?? null, mine: mine[key] ?? null, theirs: theirs[key] ?? null }
    const bothChanged = !same(three.theirs, three.original) && !same(three.mine, three.original) && !same(three.mine, three.theirs)
    return bothChanged ? [three] : []
  })
  return { version, fields, theirs }
}
