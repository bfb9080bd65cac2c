/** What a person began to write about a record, kept in this browser until it is sent. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'

export interface Draft {
  readonly what: 'note' | 'task'
  readonly text: string
  /** Of the task; null: the usual one. */
  readonly kind?: string | null
  /** A day, or ''. */
  readonly due: string
  /** Who does the task; null: the writer. */
  readonly assignee?: number | null
  readonly private: boolean
  readonly mentions: readonly { readonly id: number; readonly name: string }[]
  /** Files that were sent, as the field takes them. */
  readonly files: readonly JsonObject[]
}

const keyOf = (place: string): string => `tessera.draft.${place}`

/** Null where there is none, or the browser keeps nothing. */
export function keptDraft(place: string): Draft | null {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(place)) ?? 'null') as Json
    return isObject(kept) && typeof kept['text'] === 'string' && Array.isArray(kept['files']) && Array.isArray(kept['mentions']) ? (kept as unknown as Draft) : null
  } catch {
    return null
  }
}

/** An empty one is forgotten. */
export function keepDraft(place: string, draft: Draft): void {
  try {
    if (draft.text === '' && draft.files.length === 0) localStorage.removeItem(keyOf(place))
    else localStorage.setItem(keyOf(place), JSON.stringify(draft))
  } catch {
    // Local storage is forbidden or full: the draft lasts as long as the page.
  }
}
