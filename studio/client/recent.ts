/** Records that one person opened last in this browser. Only where they are is kept: names are asked for, with the rights of today. */
import type { Json } from '../../metadata/contract/json.js'
import { isObject } from '../../metadata/contract/json.js'

export interface Opened {
  readonly entity: string
  readonly id: number
}

const keptMost = 8
const keyOf = (user: number): string => `tessera.recent.${String(user)}`

/** Newest first; none where the browser keeps nothing. */
export function recentlyOpened(user: number): readonly Opened[] {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(user)) ?? '[]') as Json
    return Array.isArray(kept) ? (kept as readonly Json[]).flatMap(readOpened) : []
  } catch {
    return []
  }
}

function readOpened(kept: Json): readonly Opened[] {
  if (!isObject(kept)) return []
  const { entity, id } = kept
  return typeof entity === 'string' && typeof id === 'number' ? [{ entity, id }] : []
}

export function noteOpened(user: number, opened: Opened): void {
  const others = recentlyOpened(user).filter(({ entity, id }) => entity !== opened.entity || id !== opened.id)
  try {
    localStorage.setItem(keyOf(user), JSON.stringify([opened, ...others].slice(0, keptMost)))
  } catch {
    // Local storage is forbidden or full: the box begins with lists instead.
  }
}
