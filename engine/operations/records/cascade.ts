/** What belongs to a record goes with it: lines are archived with their receipt, come back with it and are erased with it. */
import { ownedBy, type Owned } from '../../model/owned.js'
import type { Entity } from '../../model/model.js'
import { all, type Predicate } from '../../model/conditions/predicate.js'
import { assertAdministratorRemains } from '../people/last-administrator.js'
import * as changes from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import { hold, idsWhere } from '../../storage/derived.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { archivedIs, systemField } from '../rights/rights.js'
import { settle, writingOf } from './derive.js'
import { idOf, type Rec } from './row.js'

/** Archives records with what belongs to them; one moment stands at all, so that they come back together. */
export async function archiveWithOwned(tx: Executor, call: Call, entity: Entity, before: readonly Rec[]): Promise<readonly Rec[]> {
  for (const owned of ownedBy(call.model.entities, entity)) {
    await archiveWithOwned(tx, call, owned.entity, await ownedOf(tx, call, owned, before, archivedIs(owned.entity, false)))
  }
  const archived = await turn(tx, call, entity, before, true)
  await assertAdministratorRemains(tx, call, entity, before)
  return archived
}

/** Brings records back with what was archived together with them. */
export async function restoreWithOwned(tx: Executor, call: Call, entity: Entity, before: readonly Rec[]): Promise<readonly Rec[]> {
  const restored = await turn(tx, call, entity, before, false)
  for (const owned of ownedBy(call.model.entities, entity)) {
    const field = systemField(owned.entity, 'archivedAt')
    const together: Predicate = { kind: 'compare', field, operator: '$in', operand: { kind: 'list', cells: [...new Set(before.map((record) => record['archivedAt'] ?? null))] } }
    await restoreWithOwned(tx, call, owned.entity, await ownedOf(tx, call, owned, before, together))
  }
  return restored
}

/** Tells of everything that the database will erase with these records, before it does. */
export async function tellPurged(tx: Executor, call: Call, entity: Entity, before: readonly Rec[]): Promise<void> {
  await changes.append(tx, before.map((record) => ({ entity, record, action: 'purged' as const, by: call.actor.id, at: call.at, changes: null })))
  for (const owned of ownedBy(call.model.entities, entity)) {
    const rows = await ownedOf(tx, call, owned, before)
    if (rows.length > 0) await tellPurged(tx, call, owned.entity, rows)
  }
}

/** Records that belong to one of these, held until the unit ends. */
async function ownedOf(tx: Executor, call: Call, { entity, via }: Owned, owners: readonly Rec[], rows?: Predicate): Promise<readonly Rec[]> {
  const theirs: Predicate = { kind: 'compare', field: via, operator: '$in', operand: { kind: 'list', cells: owners.map(idOf) } }
  const ids = await idsWhere(tx, entity, rows === undefined ? theirs : all(theirs, rows), Number.MAX_SAFE_INTEGER, call.bindings)
  return [...(await hold(tx, entity, ids, 'change')).values()].map(({ record }) => record)
}

async function turn(tx: Executor, call: Call, entity: Entity, before: readonly Rec[], archived: boolean): Promise<readonly Rec[]> {
  const [only] = before
  if (only === undefined) return []
  const stamp = { by: call.actor.id, at: call.at }
  const saved = before.length === 1
    ? [await records.setArchived(tx, entity, idOf(only), archived, stamp)]
    : await records.setArchivedAll(tx, entity, before.map(idOf), archived, stamp)
  const action = archived ? 'archived' as const : 'restored' as const
  await changes.append(tx, saved.map((record) => ({ entity, record, action, by: call.actor.id, at: call.at, changes: null })))
  const was = new Map(before.map((record) => [idOf(record), record]))
  await settle(tx, writingOf(call), saved.map((after) => ({ entity, before: was.get(idOf(after)) ?? null, after })))
  return saved
}
