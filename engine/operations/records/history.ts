/** Who changed what when, in the fields that the caller reads. */
import type { Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Field } from '../../model/model.js'
import { all, any } from '../../model/conditions/predicate.js'
import type { EntityAccess } from '../../permissions/access.js'
import * as changes from '../../storage/changes.js'
import type { Selection } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import { looked } from '../audit/looks.js'
import type { Call } from '../call.js'
import { accessTo, archivedIs } from '../rights/rights.js'
import { readableChanges } from '../rights/links.js'
import { selectionOf } from '../rights/selection.js'
import type { Rec } from './row.js'

export const historyLimits = { entriesMax: 500 } as const

export interface HistoryEntry {
  readonly version: number
  readonly action: string
  /** RFC 3339. */
  readonly at: string
  /** User id; null for the system. */
  readonly by: number | null
  /** Name of the transition that moved the record on; null for everything else. */
  readonly transition: string | null
  /** Field key → value before and after. */
  readonly changes: Readonly<Record<string, readonly [Json, Json]>>
  /** Keys of the fields that a rule has set. */
  readonly byRule: readonly string[]
}

/**
 * Newest first. Past values are told only of fields that the caller reads in full on every row: where a field is seen
 * may have depended on what it was then.
 * @throws Problem request.path, access.denied, record.unavailable
 */
export async function history(call: Call, command: { readonly entity: string; readonly id: number }): Promise<readonly HistoryEntry[]> {
  const access = assertHistory(call, command.entity)
  await readableNow(call, access, command.id, selectionOf(call.model, call.access, access, { fields: ['id'] }))
  return entriesBefore(call, access, command.id, historyLimits.entriesMax)
}

/** Entries of a record that the caller may read, at most `limit`. */
export async function entriesBefore(call: Call, access: EntityAccess, id: number, limit: number, before?: changes.Before): Promise<readonly HistoryEntry[]> {
  const keyOf = new Map(historyFields(access).map((field) => [field.id, field.key]))
  const { lifecycle } = access.entity
  const tellsState = lifecycle !== null && historyFields(access).some(({ key }) => key === lifecycle.field)
  const reader = call.engine.database.read
  const found = await readableChanges(reader, call, access.entity, await changes.historyOf(reader, access.entity, id, { limit, ...(before && { before }) }))
  const entries = found.map((entry) => ({
    version: entry.version,
    // That the state changed is told to those who see the state.
    action: entry.action === 'transitioned' && !tellsState ? 'updated' : entry.action,
    at: entry.at,
    by: entry.by,
    transition: tellsState ? entry.transition : null,
    changes: Object.fromEntries(Object.entries(entry.changes ?? {}).flatMap(([id, pair]) => readablePair(keyOf.get(id), pair))),
    byRule: entry.byRule.flatMap((id) => keyOf.get(id) ?? []),
  }))
  noteLooks(call, access, id, entries)
  return entries
}

/** What the caller may do with an entity whose history is theirs to see. @throws Problem request.path, access.denied */
export function assertHistory(call: Call, entity: string): EntityAccess {
  const access = accessTo(call, entity)
  if (!access.history) throw new Problem('access.denied')
  return access
}

/** Fields whose past is told. */
export const historyFields = (access: EntityAccess): readonly Field[] =>
  [...access.entity.fields.values()].filter((field) => {
    const how = field.within === null ? access.field(field.key) : undefined
    return how?.how === 'full' && how.visible === undefined
  })

/** The record as it is, archived or not. @throws Problem record.unavailable when the caller may not read it */
export async function readableNow(call: Call, access: EntityAccess, id: number, selection: Selection): Promise<Rec> {
  const live = archivedIs(access.entity, false)
  const shown = access.archive === false ? live : any(live, access.archive)
  const found = await records.get(call.engine.database.read, { entity: access.entity, rows: all(access.rows, shown), id, archived: 'with', selection }, call.bindings)
  if (found === null) throw new Problem('record.unavailable')
  return found
}

/** A past value of a sensitive field is one, too. */
function noteLooks(call: Call, access: EntityAccess, id: number, entries: readonly HistoryEntry[]): void {
  const told = new Set(entries.flatMap((entry) => Object.keys(entry.changes)))
  const fields = historyFields(access).filter((field) => field.sensitive && told.has(field.key)).map((field) => ({ field, masked: false }))
  looked(call, 'history', access.entity, { fields, toOne: [], toMany: [] }, [{ id, ...Object.fromEntries(fields.map(({ field }) => [field.key, true])) }])
}

const readablePair = (key: string | undefined, pair: readonly [Json, Json]): readonly (readonly [string, readonly [Json, Json]])[] => (key === undefined ? [] : [[key, pair]])
