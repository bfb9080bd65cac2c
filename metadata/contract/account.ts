/** Accounts of people, as the engine tells them to who administers them (`/api/users`). Times are RFC 3339. */

/** What holds for passwords: fewest characters, and how often one is tried for an account: so often at once, then once in so many seconds. */
export const passwordRules = { shortest: 8, triesAtOnce: 10, secondsPerTry: 60 } as const

export interface AccountSummary {
  /** One is set. */
  readonly password: boolean
  /** They came in by single sign-on and do again: an identity of the provider stands for them. */
  readonly identity: boolean
  /** Until when an open invitation is good. */
  readonly invited: string | null
  readonly sessions: number
  /** API tokens in force. */
  readonly tokens: number
  /** When a session of theirs that is still open was last used. */
  readonly lastSeenAt: string | null
}

export interface OpenSession {
  readonly id: string
  readonly startedAt: string
  readonly lastSeenAt: string
  readonly userAgent: string
  /** It is the one that asks. */
  readonly own: boolean
}

/** A token in force; its value was told once. */
export interface ToldToken {
  readonly id: number
  readonly name: string
  readonly roles: readonly string[]
  readonly createdAt: string
  readonly expiresAt: string | null
}

export interface Account extends AccountSummary {
  readonly id: number
  readonly open: readonly OpenSession[]
  readonly apiTokens: readonly ToldToken[]
}

/** A role that the caller may give. */
export interface OfferedRole {
  readonly name: string
  readonly title: string
  readonly description: string
  /** Keys of fields of the person that its conditions ask for: without a store a clerk of stores sees none. */
  readonly asks: readonly string[]
}

/** Several people at once, and what may be given to them. */
export interface Accounts {
  readonly users: readonly (AccountSummary & { readonly id: number })[]
  readonly roles: readonly OfferedRole[]
}
