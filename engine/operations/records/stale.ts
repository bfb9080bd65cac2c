/** Someone saved first: what the caller sent, what is there now, and what was there when the caller looked. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { EntityAccess } from '../../permissions/access.js'
import * as changes from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import { looked } from '../audit/looks.js'
import type { Call } from '../call.js'
import { idOf, versionOf, type Rec } from './row.js'
import { readableChanges } from '../rights/links.js'
import { ownSelection } from '../rights/selection.js'

/**
 * Problem record.stale with `mine`, `theirs` and `original` for every field that was sent or changed meanwhile, as
 * far as the caller reads it in full on this record, and the present `version`.
 */
export async function staleness(tx: Executor, call: Call, access: EntityAccess, now: Rec, mine: JsonObject, seenVersion: number): Promise<Problem> {
  const query = { entity: access.entity, rows: access.rows, id: idOf(now), archived: 'without' as const, selection: ownSelection(call.access, access) }
  const readable = (await records.get(tx, query, call.bindings)) ?? {}
  looked(call, 'record', access.entity, query.selection, [readable])
  const before = await valuesAt(tx, call, access, now, seenVersion)
  const keys = [...new Set([...Object.keys(mine), ...before.keys()])].filter((key) => Object.hasOwn(readable, key) && seenInFull(access, key))
  const pick = (value: (key: string) => Json): JsonObject => Object.fromEntries(keys.map((key) => [key, value(key)]))
  return new Problem('record.stale', {}, {
    extra: {
      version: versionOf(now),
      mine: Object.fromEntries(keys.filter((key) => Object.hasOwn(mine, key)).map((key) => [key, mine[key] ?? null])),
      theirs: pick((key) => readable[key] ?? null),
      original: pick((key) => (before.has(key) ? (before.get(key) ?? null) : (readable[key] ?? null))),
    },
  })
}

// A value that is partly hidden is not told through its history either.
const seenInFull = (access: EntityAccess, key: string): boolean => {
  const how = access.field(key)
  return how?.how === 'full' && how.visible === undefined
}

/** Values of the fields that changed after `version`, as they were then. */
async function valuesAt(tx: Executor, call: Call, access: EntityAccess, now: Rec, version: number): Promise<ReadonlyMap<string, Json>> {
  const values = new Map<string, Json>()
  const keyOf = new Map([...access.entity.fields.values()].map((field) => [field.id, field.key]))
  for (const change of await readableChanges(tx, call, access.entity, await changes.historyOf(tx, access.entity, idOf(now), { sinceVersion: version }))) {
    for (const [id, pair] of Object.entries(change.changes ?? {})) {
      const key = keyOf.get(id)
      if (key !== undefined && !values.has(key)) values.set(key, pair[0])
    }
  }
  return values
}
