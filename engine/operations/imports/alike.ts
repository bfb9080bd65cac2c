/** New rows that look like a record that is there, by the duplicate rules of the entity, and what becomes of them. */
import type { Executor } from '../../storage/contract.js'
import type { Call } from '../call.js'
import { duplicatesOf } from '../duplicates/find.js'
import type { Rec } from '../records/row.js'
import { systemField } from '../rights/rights.js'
import { byUnique, keyOf } from './find.js'
import { skip, type Known, type NamedRow, type Outcome } from './outcome.js'
import type { ImportPlan } from './plan.js'
import { reason } from './reasons.js'

interface Asked {
  readonly creates: readonly NamedRow[]
  readonly changes: readonly Known[]
  /** Another row changes the same record first. */
  readonly waiting: readonly NamedRow[]
}

/** Asks the rules about rows that would make new records. Several that are equally alike are never guessed between. */
export async function askedForTwins(tx: Executor, call: Call, plan: ImportPlan, rows: readonly NamedRow[], outcome: Outcome): Promise<Asked> {
  const { access, alike } = plan
  if (plan.rules.length === 0 || rows.length === 0) return { creates: rows, changes: [], waiting: [] }
  const found = await duplicatesOf(call, access, rows.map(({ values }) => ({ values })), tx)
  const ids = alike === 'update' ? [...new Set(found.flatMap(([best]) => best?.id ?? []))] : []
  const records = await byUnique(tx, call, access, systemField(access.entity, 'id'), ids)
  const creates: NamedRow[] = []
  const changes = new Map<Rec, Known>()
  const waiting: NamedRow[] = []
  for (const [i, row] of rows.entries()) {
    const [best, second] = found[i] ?? []
    const before = best === undefined ? undefined : records.get(keyOf(best.id))
    if (before !== undefined && changes.has(before)) {
      waiting.push(row)
      continue
    }
    // A dry run may know already that it looks like an earlier row.
    if (best !== undefined && !outcome.alike.some(({ row: told }) => told === row.row.row)) outcome.alike.push({ row: row.row.row, id: best.id, earlier: null, title: best.title, fields: best.fields, score: best.score })
    if (best === undefined || alike === 'create') creates.push(row)
    else if (second?.score === best.score) skip(outcome, row.row, reason('manyAlike', { title: best.title, id: best.id }))
    else if (before === undefined) skip(outcome, row.row, reason('alike', { title: best.title, id: best.id }))
    else changes.set(before, { row, before, values: row.values })
  }
  return { creates, changes: [...changes.values()], waiting }
}
