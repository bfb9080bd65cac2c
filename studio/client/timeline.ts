/** What happened with a record, page by page. */
import type { Api } from './api.js'
import type { HistoryEntry, Rec } from './records.js'

export interface TimelineItem {
  /** `changes`, or the name of a relation. */
  readonly kind: string
  /** RFC 3339. */
  readonly at: string
  readonly number: number
  readonly change?: HistoryEntry
  readonly record?: Rec
}

export interface TimelinePage {
  readonly items: readonly TimelineItem[]
  readonly next: string | null
}

/** Newest first; `kind` null: all of them. `cursor` is `next` of the page before. */
export async function timelinePage(api: Api, entity: string, id: number, kind: string | null, cursor: string | null): Promise<TimelinePage> {
  const { body } = await api.get<TimelinePage>(`/api/records/${encodeURIComponent(entity)}/${String(id)}/timeline`, { query: { kinds: kind ?? undefined, cursor: cursor ?? undefined, limit: 20 } })
  return body
}
