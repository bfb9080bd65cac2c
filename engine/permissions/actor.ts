/** Who is asking. Made by `api/session.ts` from a session or token, per request; permissions read nothing else. */
import type { Json } from '../../metadata/contract/json.js'

export interface Actor {
  /** Id of the `user` record; null for the system itself (imports of the operator, the first start). */
  readonly id: number | null
  readonly name: string
  readonly email: string
  /** Role names; those that are not published grant nothing. */
  readonly roles: readonly string[]
  readonly locale: string
  readonly timeZone: string
  /** Address of the public form at which a stranger stands: it alone says what they may do. */
  readonly form?: string
  /** What `$user.<attribute>` means: the fields of the caller's `user` record plus `id`. */
  readonly attributes: ReadonlyMap<string, Json>
}
