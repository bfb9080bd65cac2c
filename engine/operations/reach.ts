/** A right to write holds for the record before and after: nobody moves a record into or out of their own reach. */
import { Problem } from '../errors.js'
import type { Predicate } from '../model/predicate.js'
import type { EntityAccess, WriteGrant } from '../permissions/access.js'
import { uncovered } from '../permissions/fields.js'
import { grantsNaming, holdsOnReadable, mayTurn } from '../permissions/rows.js'
import type { Executor } from '../storage/contract.js'
import * as records from '../storage/records.js'
import type { Call } from './call.js'
import { idOf, type PreparedRow, type Rec } from './row.js'

/**
 * Update grants that hold on the record as it is; `before` was read through the caller's row rule.
 * @throws Problem access.denied when none holds on this record, access.field for a key that those do not name
 */
export async function coveringBefore(tx: Executor, call: Call, access: EntityAccess, before: Rec, row: PreparedRow): Promise<readonly WriteGrant[]> {
  const holding: WriteGrant[] = []
  for (const grant of grantsNaming(access.update, row.keys)) {
    if (holdsOnReadable(access, grant.rows) || (await holds(tx, call, access, grant.rows, idOf(before)))) holding.push(grant)
  }
  if (holding.length === 0) throw new Problem('access.denied')
  const [first] = uncovered(holding, row.keys)
  if (first !== undefined) throw new Problem('access.field', { field: first }, { problems: [{ path: `${row.at}/${first}`, code: 'access.field', message: `You may not set ${first} on this record.` }] })
  return holding
}

/** A record that was just written inside this unit. */
export interface Written {
  readonly record: Rec
  readonly row: PreparedRow
  /** Keys whose values differ from before; for a new record all. */
  readonly changed: ReadonlySet<string>
}

/** @throws Problem record.outOfReach when the grants do not allow what was sent on the record as it has become */
export async function assertReach(tx: Executor, call: Call, access: EntityAccess, grants: readonly WriteGrant[], written: Written): Promise<void> {
  const holding: WriteGrant[] = []
  for (const grant of grantsNaming(grants, written.row.keys)) {
    if (!mayTurn(access.entity, grant.rows, written.changed) || (await holds(tx, call, access, grant.rows, idOf(written.record)))) holding.push(grant)
  }
  const lacking = holding.length === 0 ? written.row.keys : uncovered(holding, written.row.keys)
  if (holding.length > 0 && lacking.length === 0) return
  throw new Problem('record.outOfReach', {}, { problems: lacking.map((key) => ({ path: `${written.row.at}/${key}`, code: 'record.outOfReach', message: `With these values you could not set ${key}.` })) })
}

/** Asks the database, inside the unit, whether rows hold on one record (archived or not). */
export const holds = (tx: Executor, call: Call, access: EntityAccess, rows: Predicate, id: number): Promise<boolean> =>
  records.exists(tx, { entity: access.entity, rows, id }, call.bindings)
