/** The audit log over the API. */
import type { Json } from '../../metadata/contract/json.js'
import type { Api, Query } from './api.js'

export interface AuditEntry {
  readonly number: number
  /** RFC 3339. */
  readonly at: string
  /** User id; null for the operator, the system and strangers. */
  readonly by: number | null
  readonly action: string
  readonly entity: string | null
  readonly records: readonly number[]
  readonly fields: readonly string[]
  readonly detail: Readonly<Record<string, Json>>
}

/** What people look for, and the actions that it means. */
export const auditKinds: Readonly<Record<string, readonly string[]>> = {
  looks: ['looked', 'downloaded'],
  exports: ['exported', 'backedUp'],
  changes: ['created', 'updated', 'archived', 'restored', 'purged'],
  rights: ['published', 'tokenCreated', 'tokenRevoked', 'secretChanged', 'webhookChanged', 'passwordReset', 'passwordChanged'],
  signIns: ['signedIn', 'signInFailed'],
}

export interface AuditQuestion {
  readonly kind?: string
  readonly entity?: string
  readonly record?: number
  readonly by?: number
  /** Days in the reader's zone, `YYYY-MM-DD`; both included. */
  readonly from?: string
  readonly to?: string
}

/** One page, newest first. */
export async function readAudit(api: Api, { kind, from, to, ...rest }: AuditQuestion, before: number | null): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: number | null }> {
  const query: Query = {
    ...rest, limit: 50,
    ...(before === null ? {} : { before }),
    ...(kind === undefined ? {} : { action: (auditKinds[kind] ?? []).join(',') }),
    ...(from === undefined ? {} : { from: new Date(`${from}T00:00:00`).toISOString() }),
    ...(to === undefined ? {} : { to: nextDay(to).toISOString() }),
  }
  const { body } = await api.get<{ readonly entries: readonly AuditEntry[]; readonly next: number | null }>('/api/audit', { query })
  return body
}

function nextDay(day: string): Date {
  const at = new Date(`${day}T00:00:00`)
  at.setDate(at.getDate() + 1)
  return at
}
