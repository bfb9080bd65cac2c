/** What people are asked to decide, as the engine tells it (`/api/approvals`). */
import type { JsonObject } from './json.js'

interface NamedPerson extends JsonObject {
  readonly id: number
  /** Null: the reader may not know it. */
  readonly name: string | null
}

/** One approval, as far as its reader may see it. */
export interface Approval extends JsonObject {
  readonly id: number
  readonly title: string
  /** Empty: nothing more is said. */
  readonly text: string
  readonly state: 'open' | 'approved' | 'rejected' | 'withdrawn'
  /** Decided because the time was up. */
  readonly late: boolean
  /** API name; null: it is about no record. */
  readonly entity: string | null
  readonly record: number | null
  readonly recordTitle: string | null
  readonly asker: NamedPerson | null
  /** RFC 3339, as all moments here. */
  readonly createdAt: string
  readonly dueAt: string | null
  readonly endedAt: string | null
  readonly need: 'one' | 'all' | 'share'
  readonly share: number
  readonly inOrder: boolean
  /** `refusal`: whoever says no must say why. */
  readonly comment: 'optional' | 'required' | 'refusal'
  /** The reader is asked now, or one of the people for whom they stand in. */
  readonly mine: boolean
  /** For whom the reader would decide, beside themselves. */
  readonly for: readonly NamedPerson[]
  readonly votes: readonly ApprovalVote[]
  /** Fields (as in the model) of what those who approve fill in. */
  readonly form: readonly JsonObject[] | null
}

export interface ApprovalVote extends JsonObject {
  readonly user: NamedPerson
  /** Who spoke: the person, or whoever stood in for them. */
  readonly by: NamedPerson | null
  readonly state: 'waiting' | 'asked' | 'approved' | 'rejected' | 'passed'
  readonly comment: string | null
  readonly values: JsonObject
  readonly at: string | null
}
