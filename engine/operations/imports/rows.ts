/**
 * Writes rows of a file as if each had been entered by the caller: the same rights, checks, history and events. A row
 * that is refused is set aside with the reasons and harms no other one.
 */
import type { Json } from '../../../metadata/contract/json.js'
import type { Problem } from '../../errors.js'
import type { Executor } from '../../storage/contract.js'
import type { RejectedRow } from '../../storage/own/imports.js'
import type { Call } from '../call.js'
import { prepareCreate, prepareUpdate } from '../records/prepare.js'
import { insertChecked, updateAllChecked } from '../records/write.js'
import { idOf, versionOf, type PreparedRow, type Rec } from '../records/row.js'
import { eachAlone, isRefusal } from './alone.js'
import { byName, byUnique, keyOf, operand } from './find.js'
import { reason } from './reasons.js'
import { shortened, type ImportPlan, type PlannedColumn, type ReadRow, type RowProblem } from './plan.js'

export interface Outcome {
  readonly created: Rec[]
  readonly updated: Rec[]
  /** Rows that say what is there already. */
  unchanged: number
  readonly rejected: RejectedRow[]
}

/** Writes the rows in their order. @throws Problem only for what concerns no single row */
export async function writeRows(tx: Executor, call: Call, plan: ImportPlan, rows: readonly ReadRow[]): Promise<Outcome> {
  const outcome: Outcome = { created: [], updated: [], unchanged: 0, rejected: [] }
  const reject = (row: ReadRow, problems: readonly RowProblem[]): void => void outcome.rejected.push({ row: row.row, cells: row.cells, problems })
  const named = await withLinks(tx, call, plan, rows)
  for (const { row, problems } of named) if (problems.length > 0) reject(row, problems)
  const sound = named.filter(({ problems }) => problems.length === 0)
  // A record that a row makes is found by the next row with the same key.
  for (const round of rounds(plan, sound)) await writeRound(tx, call, plan, round, outcome, reject)
  outcome.rejected.sort((a, b) => a.row - b.row)
  return outcome
}

interface NamedRow {
  readonly row: ReadRow
  readonly values: Readonly<Record<string, Json>>
  readonly problems: readonly RowProblem[]
}

/** Rows with the ids of the records that they name: one statement for each column that names some. */
async function withLinks(tx: Executor, call: Call, plan: ImportPlan, rows: readonly ReadRow[]): Promise<readonly NamedRow[]> {
  const found = new Map<PlannedColumn, Awaited<ReturnType<typeof byName>>>()
  for (const column of plan.columns) {
    if (column.link === null) continue
    const texts = new Set(rows.flatMap((row) => row.names.filter((name) => name.column === column).flatMap(({ texts }) => texts)))
    if (texts.size > 0) found.set(column, await byName(tx, call, column.link.target, column.link.by, [...texts]))
  }
  return rows.map((row) => {
    if (row.names.length === 0) return { row, values: row.values, problems: row.problems }
    const values = { ...row.values }
    const problems = [...row.problems]
    for (const { column, texts } of row.names) {
      const ids: number[] = []
      for (const text of texts) {
        const id = found.get(column)?.get(text) ?? 'none'
        if (typeof id === 'number') ids.push(id)
        else problems.push({ column: column.title, ...reason(id === 'none' ? 'noLink' : 'manyLinks', { text: shortened(text) }) })
      }
      values[column.field.key] = column.field.links === null ? (ids[0] ?? null) : [...new Set(ids)]
    }
    return { row, values, problems }
  })
}

/** Rows with different keys can be written together; a key that comes again waits for the next round. */
function rounds(plan: ImportPlan, rows: readonly NamedRow[]): readonly (readonly NamedRow[])[] {
  const { key } = plan
  if (key === null) return rows.length === 0 ? [] : [rows]
  const seen = new Map<string, number>()
  const made: NamedRow[][] = []
  for (const row of rows) {
    const value = row.values[key.key]
    const round = value === undefined ? 0 : (seen.get(keyOf(value)) ?? 0)
    if (value !== undefined) seen.set(keyOf(value), round + 1)
    const list = made[round]
    if (list === undefined) made.push([row])
    else list.push(row)
  }
  return made
}

type Reject = (row: ReadRow, problems: readonly RowProblem[]) => void

async function writeRound(tx: Executor, call: Call, plan: ImportPlan, rows: readonly NamedRow[], outcome: Outcome, reject: Reject): Promise<void> {
  const { access, mode } = plan
  const existing = await found(tx, call, plan, rows)
  const creates: Work<PreparedRow>[] = []
  const updates: Work<{ readonly before: Rec; readonly row: PreparedRow }>[] = []
  for (const [i, { row, values }] of rows.entries()) {
    const before = existing[i]
    const at = `/${row.row}`
    try {
      if (before !== undefined) {
        const { [plan.key?.key ?? '']: _, ...rest } = values
        updates.push({ row, of: { before, row: prepareUpdate(access, rest, at) } })
      } else if (mode === 'update') reject(row, [{ column: plan.key?.title ?? '', ...reason('noRecord') }])
      else creates.push({ row, of: prepareCreate(access, values, at) })
    } catch (error) {
      if (!isRefusal(error)) throw error
      reject(row, reasons(plan, error))
    }
  }
  const refuse = ({ row }: Work<unknown>, problem: Problem): void => reject(row, reasons(plan, problem))
  const created = await eachAlone(tx, creates, refuse, (part, work) => insertChecked(part, call, access, work.map(({ of }) => of)))
  for (const record of created) outcome.created.push(record)
  const updated = await eachAlone(tx, updates, refuse, async (part, work) => {
    const saved = await updateAllChecked(part, call, access, work.map(({ of }) => of))
    return saved.map((after, i) => (after === work[i]?.of.before ? null : after))
  })
  for (const record of updated) {
    if (record === null) outcome.unchanged += 1
    else outcome.updated.push(record)
  }
}

/** The records that the rows are about, in the order of the rows. */
async function found(tx: Executor, call: Call, { access, key }: ImportPlan, rows: readonly NamedRow[]): Promise<readonly (Rec | undefined)[]> {
  if (key === null) return []
  const values = rows.map(({ values: { [key.key]: value = null } }) => (value === null ? undefined : operand(key, value)))
  const known = await byUnique(tx, call, access, key, values.filter((value) => value !== undefined))
  return values.map((value) => (value === undefined ? undefined : known.get(keyOf(value))))
}

interface Work<T> {
  readonly row: ReadRow
  readonly of: T
}

function reasons(plan: ImportPlan, problem: Problem): readonly RowProblem[] {
  if (problem.problems.length === 0) return [{ column: '', code: problem.code, message: `${problem.message}. ${problem.fix}` }]
  return problem.problems.map(({ path, code, message }) => {
    const key = path.split('/')[2] ?? ''
    return { column: plan.columns.find(({ field }) => field.key === key)?.title ?? plan.access.entity.fields.get(key)?.title ?? '', path: `/${path.split('/').slice(2).join('/')}`, code, message }
  })
}

/** Version that each record has now, with its id. */
export const versions = (records: readonly Rec[]): readonly (readonly [number, number])[] => records.map((record) => [idOf(record), versionOf(record)])

/** Ids in runs of consecutive ones. */
export function runsOf(records: readonly Rec[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = []
  for (const id of records.map(idOf).toSorted((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last !== undefined && last[1] === id - 1) last[1] = id
    else runs.push([id, id])
  }
  return runs
}
