/**
 * Writes rows of a file as if each had been entered by the caller: the same rights, checks, history and events. A row
 * that is refused is set aside with the reasons and harms no other one.
 */
import type { Problem } from '../../errors.js'
import type { Executor } from '../../storage/contract.js'
import type { Call } from '../call.js'
import { keyOf as ruleKeyOf, likenessBy } from '../duplicates/rules.js'
import { prepareCreate, prepareUpdate } from '../records/prepare.js'
import { insertChecked, updateAllChecked } from '../records/write.js'
import { idOf, versionOf, type Rec } from '../records/row.js'
import { askedForTwins } from './alike.js'
import { eachAlone, isRefusal } from './alone.js'
import { byUnique, keyOf, operand } from './find.js'
import { withLinks } from './links.js'
import { noOutcome, reject, type Known, type Made, type NamedRow, type Outcome } from './outcome.js'
import { type ImportPlan, type ReadRow, type RowProblem } from './plan.js'
import { reason } from './reasons.js'

/** Decides about rows by what rows before them would have made, and gives the others. */
export type Earlier = (tx: Executor, rows: readonly NamedRow[], outcome: Outcome) => Promise<readonly NamedRow[]>

/**
 * Writes the rows in their order.
 * @param earlier for a dry run, where nothing is there of what rows before have made
 * @throws Problem only for what concerns no single row
 */
export async function writeRows(tx: Executor, call: Call, plan: ImportPlan, rows: readonly ReadRow[], earlier?: Earlier): Promise<Outcome> {
  const outcome = noOutcome()
  const named = await withLinks(tx, call, plan, rows)
  for (const { row, problems } of named) if (problems.length > 0) reject(outcome, row, problems)
  const sound = named.filter(({ problems }) => problems.length === 0)
  let waiting = earlier === undefined ? sound : await earlier(tx, sound, outcome)
  // What a row makes is found by the next row about the same record.
  while (waiting.length > 0) waiting = await writeRound(tx, call, plan, waiting, outcome)
  outcome.rejected.sort((a, b) => a.row - b.row)
  return outcome
}

/** Writes the rows that can be written together; gives those that wait. */
async function writeRound(tx: Executor, call: Call, plan: ImportPlan, all: readonly NamedRow[], outcome: Outcome): Promise<readonly NamedRow[]> {
  const { now, waiting } = together(plan, all)
  const existing = await found(tx, call, plan, now)
  const known = now.flatMap((row, i): readonly Known[] => (existing[i] === undefined ? [] : [{ row, before: existing[i], values: without(row.values, plan.key?.key) }]))
  const unknown = now.filter((_, i) => existing[i] === undefined)
  if (plan.mode === 'update') for (const { row } of unknown) reject(outcome, row, [{ column: plan.key?.title ?? '', ...reason('noRecord') }])
  const asked = await askedForTwins(tx, call, plan, plan.mode === 'update' ? [] : unknown, outcome)
  const { access } = plan
  const creates = prepared(plan, asked.creates, outcome, ({ row, values }) => prepareCreate(access, values, `/${row.row}`))
  const updates = prepared(plan, [...known, ...asked.changes], outcome, ({ row: { row }, before, values }) => ({ before, row: prepareUpdate(access, values, `/${row.row}`) }))
  const refuse = ({ row }: Work<unknown>, problem: Problem): void => reject(outcome, row, reasons(plan, problem))
  const created = await eachAlone(tx, creates, refuse, async (part, work) => madeBy(work, await insertChecked(part, call, access, work.map(({ of }) => of))))
  for (const made of created) outcome.created.push(made)
  const updated = await eachAlone(tx, updates, refuse, async (part, work) => madeBy(work, await updateAllChecked(part, call, access, work.map(({ of }) => of))).map((made, i) => (made.record === work[i]?.of.before ? null : made)))
  for (const made of updated) {
    if (made === null) outcome.unchanged += 1
    else outcome.updated.push(made)
  }
  return [...asked.waiting, ...waiting]
}

/** Rows that are about different records, and those that wait: a row before them has their key or looks like them. */
function together({ key, rules }: ImportPlan, rows: readonly NamedRow[]): { readonly now: readonly NamedRow[]; readonly waiting: readonly NamedRow[] } {
  const now: NamedRow[] = []
  const waiting: NamedRow[] = []
  const keys = new Set<string>()
  const groups = new Map<string, NamedRow[]>()
  for (const row of rows) {
    const value = key === null ? undefined : row.values[key.key]
    const marks = rules.flatMap((rule, index) => {
      const mark = ruleKeyOf(rule, row.values)
      return mark === undefined ? [] : [`${String(index)} ${mark}`]
    })
    const alike = marks.some((mark) => groups.get(mark)?.some((other) => likenessBy(rules, row.values, other.values) !== undefined))
    if (alike || (value !== undefined && keys.has(keyOf(value)))) {
      waiting.push(row)
      continue
    }
    now.push(row)
    if (value !== undefined) keys.add(keyOf(value))
    for (const mark of marks) {
      const group = groups.get(mark)
      if (group === undefined) groups.set(mark, [row])
      else group.push(row)
    }
  }
  return { now, waiting }
}

const without = (values: NamedRow['values'], key: string | undefined): NamedRow['values'] => Object.fromEntries(Object.entries(values).filter(([name]) => name !== key))

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

/** What is right in itself, ready to be written; the others are set aside. */
function prepared<R extends { readonly row: ReadRow | NamedRow }, T>(plan: ImportPlan, rows: readonly R[], outcome: Outcome, prepare: (row: R) => T): readonly Work<T>[] {
  return rows.flatMap((one): readonly Work<T>[] => {
    const row = 'cells' in one.row ? one.row : one.row.row
    try {
      return [{ row, of: prepare(one) }]
    } catch (error) {
      if (!isRefusal(error)) throw error
      reject(outcome, row, reasons(plan, error))
      return []
    }
  })
}

const madeBy = (work: readonly Work<unknown>[], records: readonly Rec[]): readonly Made[] => work.flatMap(({ row }, i): readonly Made[] => (records[i] === undefined ? [] : [{ row, record: records[i] }]))

function reasons(plan: ImportPlan, problem: Problem): readonly RowProblem[] {
  if (problem.problems.length === 0) return [{ column: '', code: problem.code, message: `${problem.message}. ${problem.fix}` }]
  return problem.problems.map(({ path, code, message }) => {
    const key = path.split('/')[2] ?? ''
    return { column: plan.columns.find(({ field }) => field.key === key)?.title ?? plan.access.entity.fields.get(key)?.title ?? '', path: `/${path.split('/').slice(2).join('/')}`, code, message }
  })
}

/** Version that each record has now, with its id. */
export const versions = (made: readonly Made[]): readonly (readonly [number, number])[] => made.flatMap(({ record }) => (record === null ? [] : [[idOf(record), versionOf(record)] as const]))

/** Ids in runs of consecutive ones. */
export function runsOf(made: readonly Made[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = []
  for (const [id] of versions(made).toSorted(([a], [b]) => a - b)) {
    const last = runs.at(-1)
    if (last !== undefined && last[1] === id - 1) last[1] = id
    else runs.push([id, id])
  }
  return runs
}
