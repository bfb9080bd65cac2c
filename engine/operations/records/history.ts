/** Who changed what when, in the fields that the caller reads. */
import type { Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { all, any } from '../../model/predicate.js'
import * as changes from '../../storage/changes.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { accessTo, archivedIs } from '../rights/rights.js'
import { selectionOf } from '../rights/selection.js'

export const historyLimits = { entriesMax: 500 } as const

export interface HistoryEntry {
  readonly version: number
  readonly action: string
  /** RFC 3339. */
  readonly at: string
  /** User id; null for the system. */
  readonly by: number | null
  /** Field key → value before and after. */
  readonly changes: Readonly<Record<string, readonly [Json, Json]>>
}

/**
 * Newest first. Past values are told only of fields that the caller reads in full on every row: where a field is seen
 * may have depended on what it was then.
 * @throws Problem request.path, access.denied, record.unavailable
 */
export async function history(call: Call, command: { readonly entity: string; readonly id: number }): Promise<readonly HistoryEntry[]> {
  const access = accessTo(call, command.entity)
  if (!access.history) throw new Problem('access.denied')
  const reader = call.engine.database.read
  const live = archivedIs(access.entity, false)
  const shown = access.archive === false ? live : any(live, access.archive)
  const query = { entity: access.entity, rows: all(access.rows, shown), id: command.id, archived: 'with' as const, selection: selectionOf(call.model, call.access, access, { fields: ['id'] }) }
  if ((await records.get(reader, query, call.bindings)) === null) throw new Problem('record.unavailable')
  const keyOf = new Map<string, string>()
  for (const field of access.entity.fields.values()) {
    const how = access.field(field.key)
    if (how?.how === 'full' && how.visible === undefined) keyOf.set(field.id, field.key)
  }
  const entries = await changes.historyOf(reader, access.entity, command.id, { limit: historyLimits.entriesMax })
  return entries.map((entry) => ({
    version: entry.version,
    action: entry.action,
    at: entry.at,
    by: entry.by,
    changes: Object.fromEntries(Object.entries(entry.changes ?? {}).flatMap(([id, pair]) => readablePair(keyOf.get(id), pair))),
  }))
}

const readablePair = (key: string | undefined, pair: readonly [Json, Json]): readonly (readonly [string, readonly [Json, Json]])[] => (key === undefined ? [] : [[key, pair]])
