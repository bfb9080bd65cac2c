/**
 * The audit log for those whose role says `audit`: who did what to which records and fields, when. Values are not in it;
 * they are in the history of a record, for those who may read it.
 */
import type { Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { entries, type AuditEntry, type AuditQuery } from '../../storage/audit/entries.js'
import { eventActions } from '../../storage/audit/events.js'
import { changeActions } from '../../storage/changes.js'
import type { Call } from '../call.js'
import { sealAll } from './sealer.js'

export const auditLimits = { pageDefault: 50, pageMax: 200 } as const
export const auditActions: readonly string[] = [...changeActions, ...eventActions]

/** What is looked for; `entity` is an API name. */
export type AuditRequest = AuditQuery

/** An entry as it is told: `entity` and `fields` are API names, or the identity of an entity that is not in use any more. */
export interface AuditItem extends AuditEntry {
  readonly detail: Readonly<Record<string, Json>>
}

/**
 * Newest first, including what was committed right before. `next` goes on behind the last one.
 * @throws Problem access.denied without the right, query.invalid for an entity or action that is not there
 */
export async function readAudit(call: Call, request: AuditRequest): Promise<{ readonly entries: readonly AuditItem[]; readonly next: number | null }> {
  if (!call.access.audit) throw new Problem('access.denied')
  const unknown = request.actions?.find((action) => !auditActions.includes(action))
  if (unknown !== undefined) throw new Problem('query.invalid', { reason: `there is no action ${unknown.slice(0, 60)}` })
  const { entity: name, ...rest } = request
  const entity = name === undefined ? undefined : call.model.entities.get(name)
  if (name !== undefined && entity === undefined) throw new Problem('query.invalid', { reason: `there is no entity ${name.slice(0, 60)}` })
  await sealAll(call.engine)
  const found = await entries(call.engine.database.long, { ...rest, ...(entity === undefined ? {} : { entity: entity.id }), limit: request.limit + 1 })
  const page = found.slice(0, request.limit)
  return { entries: page.map((entry) => named(call, entry)), next: found.length > request.limit ? (page.at(-1)?.number ?? null) : null }
}

/** Identities as the names of today. */
function named(call: Call, entry: AuditEntry): AuditItem {
  const entity = [...call.model.entities.values()].find(({ id }) => id === entry.entity)
  const keyOf = (id: string): string => [...(entity?.fields.values() ?? [])].find((field) => field.id === id)?.key ?? id
  return { ...entry, entity: entity?.name ?? entry.entity, fields: entry.fields.map(keyOf), detail: entry.detail as Readonly<Record<string, Json>> }
}
