/** A record after a write, as the caller may read it. */
import { everything } from '../../model/conditions/predicate.js'
import type { Field } from '../../model/model.js'
import type { Access, EntityAccess } from '../../permissions/access.js'
import { mayTurn } from '../../permissions/rows.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import { looked } from '../audit/looks.js'
import type { Call } from '../call.js'
import { idOf, versionOf, type Rec } from '../records/row.js'
import { ownSelection, selectionOf } from './selection.js'

/**
 * Hides what the caller may not read; lines that were sent come back as they are now. A record that the write took out of the caller's sight is answered with its
 * id and version only.
 * @param changed keys that were sent
 */
export async function presented(tx: Executor, call: Call, access: EntityAccess, saved: Rec, changed: readonly string[]): Promise<Rec> {
  const isNew = versionOf(saved) === 1
  const touched = isNew ? new Set(access.entity.fields.keys()) : new Set([...changed, ...(access.entity.sets?.keys ?? [])])
  const stillReadable = access.rows === everything || !mayTurn(access.entity, access.rows, touched) || sameRowsWereChecked(access, isNew)
  const lines = changed.filter((key) => access.entity.fields.get(key)?.lines && access.field(key)?.how === 'full')
  const visible = stillReadable && lines.length === 0 ? seenOnEveryRow(call.access, access) : undefined
  const selection = lines.length === 0 ? ownSelection(call.access, access) : selectionOf(call.model, call.access, access, { expand: lines })
  const query = { entity: access.entity, rows: access.rows, id: idOf(saved), archived: 'with' as const, selection }
  const shown = visible === undefined
    ? ((await records.get(tx, query, call.bindings)) ?? { id: idOf(saved), version: versionOf(saved) })
    : Object.fromEntries(visible.map((field) => [field.key, saved[field.key] ?? null]))
  if (!isNew) looked(call, 'record', access.entity, selection, [shown])
  return shown
}

/** New records, each as `presented` says, by a constant number of statements. @param changed of each the keys that were sent */
export async function presentedNew(tx: Executor, call: Call, access: EntityAccess, saved: readonly Rec[], changed: readonly (readonly string[])[]): Promise<readonly Rec[]> {
  const known = seenOnEveryRow(call.access, access) !== undefined
  if (saved.length === 1 || known || changed.flat().some((key) => access.entity.fields.get(key)?.lines)) {
    const shown: Rec[] = []
    for (const [index, record] of saved.entries()) shown.push(await presented(tx, call, access, record, changed[index] ?? []))
    return shown
  }
  const found = await records.getAll(tx, { entity: access.entity, rows: access.rows, ids: saved.map(idOf), archived: 'with', selection: ownSelection(call.access, access) }, call.bindings)
  const shown = new Map(found.map((record) => [idOf(record), record]))
  return saved.map((record) => shown.get(idOf(record)) ?? { id: idOf(record), version: versionOf(record) })
}

/** The only grant asks for the very rows that may be read, and was checked on the saved record. */
function sameRowsWereChecked(access: EntityAccess, isNew: boolean): boolean {
  const grants = isNew ? access.create : access.update
  return grants.length === 1 && grants[0]?.rows === access.rows
}

const plain = new WeakMap<EntityAccess, readonly Field[] | null>()

/** Readable fields when each is seen in full on every readable row; otherwise the database has to tell. */
function seenOnEveryRow(all: Access, access: EntityAccess): readonly Field[] | undefined {
  let fields = plain.get(access)
  if (fields === undefined) plain.set(access, (fields = compute(all, access)))
  return fields ?? undefined
}

function compute(all: Access, access: EntityAccess): readonly Field[] | null {
  const fields: Field[] = []
  for (const field of access.entity.fields.values()) {
    const how = access.field(field.key)
    if (how === undefined || field.lines !== null || field.within !== null) continue
    if (how.how === 'masked' || how.visible !== undefined) return null
    if (field.targets !== null) return null
    if (field.links !== null && all.entity(field.links.to)?.rows !== everything) return null
    fields.push(field)
  }
  return fields
}
