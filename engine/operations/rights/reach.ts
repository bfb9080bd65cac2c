/** A right to write holds for the record before and after: nobody moves a record into or out of their own reach. */
import { Problem } from '../../errors.js'
import { decide } from '../../model/conditions/decide.js'
import type { Predicate } from '../../model/conditions/predicate.js'
import type { EntityAccess, WriteGrant } from '../../permissions/access.js'
import { uncovered } from '../../permissions/fields.js'
import { grantsNaming, holdsOnReadable, mayTurn } from '../../permissions/rows.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { idOf, type PreparedRow, type Rec } from '../records/row.js'

/**
 * For each record the update grants that hold on it as it is; each `before` was read through the caller's row rule. Asks
 * once for each grant, however many records.
 * @throws Problem access.denied when none holds on a record, access.field for a key that those do not name
 */
export async function coveringBefore(tx: Executor, call: Call, access: EntityAccess, changed: readonly { readonly before: Rec; readonly row: PreparedRow }[]): Promise<readonly (readonly WriteGrant[])[]> {
  const held = new Map<WriteGrant, ReadonlySet<number>>()
  for (const grant of access.update) {
    const asked = changed.filter(({ row }) => grantsNaming([grant], row.keys).length > 0).map(({ before }) => before)
    held.set(grant, holdsOnReadable(access, grant.rows) ? new Set(asked.map(idOf)) : await holding(tx, call, access, grant.rows, asked))
  }
  return changed.map(({ before, row }) => {
    const covering = grantsNaming(access.update, row.keys).filter((grant) => held.get(grant)?.has(idOf(before)) === true)
    if (covering.length === 0) throw new Problem('access.denied')
    const [first] = uncovered(covering, row.keys)
    if (first !== undefined) throw new Problem('access.field', { field: first }, { problems: [{ path: `${row.at}/${first}`, code: 'access.field', message: `You may not set ${first} on this record.` }] })
    return covering
  })
}

/** A record that was just written inside this unit. */
export interface Written {
  readonly record: Rec
  readonly row: PreparedRow
  /** Keys whose values differ from before; for a new record all. */
  readonly changed: ReadonlySet<string>
}

/**
 * Asks once for each grant, however many records were written.
 * @throws Problem record.outOfReach when the grants do not allow what was sent on a record as it has become
 */
export async function assertReach(tx: Executor, call: Call, access: EntityAccess, grants: readonly WriteGrant[], written: readonly Written[]): Promise<void> {
  const turned = (grant: WriteGrant, { row, changed }: Written): boolean => grantsNaming([grant], row.keys).length > 0 && mayTurn(access.entity, grant.rows, changed)
  const reached = new Map<WriteGrant, ReadonlySet<number>>()
  for (const grant of grants) reached.set(grant, await holding(tx, call, access, grant.rows, written.filter((one) => turned(grant, one)).map(({ record }) => record)))
  for (const one of written) {
    const { keys, at } = one.row
    const holds = grantsNaming(grants, keys).filter((grant) => !turned(grant, one) || reached.get(grant)?.has(idOf(one.record)) === true)
    const lacking = holds.length === 0 ? keys : uncovered(holds, keys)
    if (holds.length > 0 && lacking.length === 0) continue
    throw new Problem('record.outOfReach', {}, { problems: lacking.map((key) => ({ path: `${at}/${key}`, code: 'record.outOfReach', message: `With these values you could not set ${key}.` })) })
  }
}

/** Asks the database, inside the unit, whether rows hold on one record (archived or not). */
export const holds = (tx: Executor, call: Call, access: EntityAccess, rows: Predicate, id: number): Promise<boolean> =>
  records.exists(tx, { entity: access.entity, rows, id }, call.bindings)

/** The same for several records, of which only those are asked about that cannot be decided here; one by one it is the statement that is compiled already. */
async function holding(tx: Executor, call: Call, access: EntityAccess, rows: Predicate, written: readonly Rec[]): Promise<ReadonlySet<number>> {
  const answers = written.map((record) => ({ id: idOf(record), holds: decide(rows, record, call.bindings.user) }))
  const decided = answers.flatMap((answer) => (answer.holds === true ? [answer.id] : []))
  const open = answers.flatMap((answer) => (answer.holds === undefined ? [answer.id] : []))
  const [only] = open
  if (only === undefined) return new Set(decided)
  if (open.length === 1) return new Set((await holds(tx, call, access, rows, only)) ? [...decided, only] : decided)
  return new Set([...decided, ...(await records.existing(tx, { entity: access.entity, rows, ids: open }, call.bindings))])
}
