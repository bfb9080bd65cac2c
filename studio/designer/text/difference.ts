/** What was changed in a text, as operations on the draft. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { canonical, isName } from '../draft/definitions.js'
import { pointer, type Operation } from '../draft/operations.js'

/** The operations that make `after` of `before`; only where they differ, so that what others change elsewhere stays. The order of members says nothing. */
export function difference(path: string, before: JsonObject | undefined, after: JsonObject): readonly Operation[] {
  if (before === undefined) return [{ op: 'add', path: pointer(path), value: after }]
  const renamed = path.endsWith('/entity.json') ? renameBetween(before['properties'], after['properties']) : null
  if (renamed === null) return between([path], before, after)
  const [from, to] = renamed
  const properties = Object.fromEntries(Object.entries(before['properties'] ?? {}).map(([key, property]: [string, Json]) => [key === from ? to : key, property]))
  const move: Operation = { op: 'move', from: pointer(path, 'properties', from), path: pointer(path, 'properties', to) }
  return [move, ...between([path], { ...before, properties }, after)]
}

/** A field under another name is the same field: its values stay. Known by all the rest being the same. */
function renameBetween(before: Json | undefined, after: Json | undefined): readonly [string, string] | null {
  if (!isObject(before) || !isObject(after)) return null
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key))
  const come = Object.keys(after).filter((key) => !Object.hasOwn(before, key))
  const [from] = gone
  const [to] = come
  if (gone.length !== 1 || come.length !== 1 || from === undefined || to === undefined || !isName(to)) return null
  return canonical(before[from]) === canonical(after[to]) ? [from, to] : null
}

function between(at: readonly string[], before: JsonObject, after: JsonObject): readonly Operation[] {
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key)).map((key): Operation => ({ op: 'remove', path: pointer(...at, key) }))
  const changed = Object.entries(after).flatMap(([key, value]): readonly Operation[] => {
    const place = [...at, key]
    const old = Object.hasOwn(before, key) ? before[key] : undefined
    if (old === undefined) return [{ op: 'add', path: pointer(...place), value }]
    if (isObject(old) && isObject(value)) return between(place, old, value)
    return canonical(old) === canonical(value) ? [] : [{ op: 'replace', path: pointer(...place), value }]
  })
  return [...removed, ...changed]
}
