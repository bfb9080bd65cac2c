/** What people are told of, and how the engine tells it (`/api/notifications`). */
import type { JsonObject } from './json.js'

/** Kinds that records tell of themselves: the members of an entity's `notify`. */
export const noticeKinds = ['mentioned', 'assigned', 'reminder'] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** All kinds; each can be switched off by whoever does not want it. */
export const toldKinds = [...noticeKinds, 'message', 'approval'] as const
export type ToldKind = (typeof toldKinds)[number]

/** Unread ones are counted no further: the bell says 99+. */
export const countedMost = 100

/** One notification, as far as its reader may read what it is about. */
export interface Notification extends JsonObject {
  readonly id: number
  readonly kind: ToldKind
  /** RFC 3339. */
  readonly at: string
  readonly read: boolean
  /** API name; null for a message about no record. */
  readonly entity: string | null
  /** Null: about `count` records. */
  readonly record: number | null
  readonly count: number
  /** The display field of the record, as the reader sees it. */
  readonly title: string | null
  /** What the record is about, where it is about another one. */
  readonly about: { readonly entity: string; readonly id: number } | null
  readonly by: { readonly id: number; readonly name: string } | null
  readonly text: string | null
}
