/** What a plan would do to the data that is there: rows touched, values that would not fit, a few of them as samples. */
import type { Json } from '../../../metadata/contract/json.js'
import type { PlanStep } from '../../../metadata/contract/plan.js'
import type { Entity, Field, Model, PhysicalColumn } from '../../model/model.js'
import { lackingIn } from '../../model/rules/required.js'
import type { Database, Executor, Row } from '../contract.js'
import { acceptance, conversion } from './convert.js'
import { codec, quote } from '../dialect.js'
import { listedIds } from '../links.js'
import { existingIds } from './parking.js'
import type { Check, Requirement, StoragePlan } from './plan.js'
import { sourceOf } from './source.js'

const sampleLimit = 5
/** Rows that are looked at between two looks at the event loop. */
const batchSize = 1_000

interface Impact {
  readonly rows: number
  readonly failing: NonNullable<PlanStep['failing']>
}

/** The plan's steps with their impact: a step that some values do not survive is `lossy`, one that they forbid is `blocked`. */
export async function measureImpact(db: Database, before: Model, after: Model, plan: StoragePlan): Promise<readonly PlanStep[]> {
  const steps: PlanStep[] = []
  for (const step of plan.steps) {
    const check = plan.checks.get(step.key)
    if (check === undefined || before.version === 0) steps.push(before.version === 0 ? { ...step, safety: 'safe' } : step)
    else steps.push(judged(step, check, await measure(db.long, check, after)))
  }
  return steps
}

function judged(step: PlanStep, check: Check, { rows, failing }: Impact): PlanStep {
  const measured = { ...step, rows, ...(failing.count > 0 ? { failing } : {}) }
  // Records that lack what is asked for from now on stay, and can be read and changed as before.
  if (check.kind === 'require') return { ...measured, safety: 'safe' }
  // Nobody can agree to values that are the same: the database would refuse the index.
  if (failing.count > 0) return { ...measured, safety: check.kind === 'unique' ? 'blocked' : 'lossy' }
  // Conversions and text indexes rewrite rows even when all is well; the others only had to look.
  const rewrites = (check.kind === 'convert' || (check.kind === 'rows' && step.safety === 'slow')) && rows > 0
  return { ...measured, safety: rewrites ? 'slow' : 'safe' }
}

function measure(x: Executor, check: Check, after: Model): Promise<Impact> {
  switch (check.kind) {
    case 'convert':
      return measureConversion(x, check, after)
    case 'narrow': {
      const accepts = acceptance(check.after)
      return scan(x, check.entity, check.before, (value) => accepts(value))
    }
    case 'require':
      return measureMissing(x, check, after.timeZone)
    case 'unique':
      return measureDuplicates(x, check.entity, check.index.columns)
    case 'rows':
      return countRows(x, check.entity)
  }
}

async function measureConversion(x: Executor, check: Extract<Check, { kind: 'convert' }>, after: Model): Promise<Impact> {
  const convert = conversion(check.before, check.after, check.discard)
  const target = after.entities.get((check.after.link ?? check.after.links)?.to ?? '')
  if (target === undefined) return scan(x, check.entity, check.before, (value) => convert(value) !== undefined)
  const exists = (await columnNames(x, target.table)) !== 0
  return scan(x, check.entity, check.before, (value, known) => {
    const converted = convert(value)
    return converted !== undefined && idsIn(converted).every((id) => known.has(id))
  }, async (values) => {
    const ids = values.flatMap((value) => idsIn(convert(value)))
    return exists ? existingIds(x, target.table, ids) : new Set<number>()
  })
}

const idsIn = (value: Json | undefined): readonly number[] => (typeof value === 'number' ? [value] : listedIds(value))

/** How many columns are registered for a table: 0 when it does not exist yet. */
async function columnNames(x: Executor, table: string): Promise<number> {
  const [row] = await x.all('SELECT count(*) AS n FROM tessera_column WHERE table_name = ?', [table])
  return Number(row?.['n'] ?? 0)
}

type Fits = (value: Json, known: ReadonlySet<number>) => boolean

/** Looks at every value of a field, archived records included: they can come back. */
async function scan(x: Executor, entity: Entity, field: Field, fits: Fits, prepare: (values: readonly Json[]) => Promise<ReadonlySet<number>> = () => Promise.resolve(new Set())): Promise<Impact> {
  const source = sourceOf(x.dialect, field)
  const samples: { id: number; value: Json }[] = []
  let rows = 0
  let count = 0
  if (source === undefined) return { rows, failing: { count, samples } }
  for (let last = 0; ; ) {
    const batch = await x.all(`SELECT id, ${source.expressions.join(', ')} FROM ${quote(entity.table)} WHERE id > ? AND ${source.present} ORDER BY id LIMIT ${String(batchSize)}`, [last])
    if (batch.length === 0) return { rows, failing: { count, samples } }
    const values = batch.map((row) => ({ id: Number(row['id']), value: source.read(row) }))
    last = values.at(-1)?.id ?? last
    rows += values.length
    const known = await prepare(values.map(({ value }) => value))
    for (const one of values) {
      if (one.value === null || fits(one.value, known)) continue
      count++
      if (samples.length < sampleLimit) samples.push(one)
    }
  }
}

/** Records in use that lack a value which is asked for; archived ones are asked when they come back. */
async function measureMissing(x: Executor, { entity, field, when, filter }: Requirement, timeZone: string): Promise<Impact> {
  const { rows } = await countRows(x, entity)
  const source = field === null ? undefined : sourceOf(x.dialect, field)
  if (field !== null && source === undefined) return { rows, failing: { count: 0, samples: [] } }
  const empty = `FROM ${quote(entity.table)} WHERE archived_at IS NULL${source === undefined ? '' : ` AND NOT (${source.present})`}`
  const { count, ids } = when === null ? await allOf(x, empty) : await thoseOf(x, empty, when, timeZone)
  return { rows, failing: { count, samples: ids.map((id) => ({ id, value: null })), ...(filter === null ? {} : { filter }) } }
}

interface Counted {
  readonly count: number
  /** The first of them. */
  readonly ids: readonly number[]
}

async function allOf(x: Executor, from: string): Promise<Counted> {
  const [counted] = await x.all(`SELECT count(*) AS n ${from}`, [])
  const found = await x.all(`SELECT id ${from} ORDER BY id LIMIT ${String(sampleLimit)}`, [])
  return { count: Number(counted?.['n'] ?? 0), ids: found.map((row) => Number(row['id'])) }
}

/** Decided in memory, as it is when somebody saves. What the condition names and is not there yet has no value. */
async function thoseOf(x: Executor, from: string, { need, known }: NonNullable<Requirement['when']>, timeZone: string): Promise<Counted> {
  const lacking = lackingIn([need], timeZone)
  const sources = [...known].flatMap(([key, field]) => {
    const source = sourceOf(x.dialect, field)
    return source === undefined ? [] : [{ key, source }]
  })
  const columns = [...new Set(['id', ...sources.flatMap(({ source }) => source.expressions)])].join(', ')
  const ids: number[] = []
  let count = 0
  for (let last = 0; ; ) {
    const batch = await x.all(`SELECT ${columns} ${from} AND id > ? ORDER BY id LIMIT ${String(batchSize)}`, [last])
    if (batch.length === 0) return { count, ids }
    for (const row of batch) {
      last = Number(row['id'])
      if (lacking(Object.fromEntries(sources.map(({ key, source }) => [key, source.read(row)]))).length === 0) continue
      count++
      if (ids.length < sampleLimit) ids.push(last)
    }
  }
}

/** Records that share their values with another one. */
async function measureDuplicates(x: Executor, entity: Entity, columns: readonly string[]): Promise<Impact> {
  const { rows } = await countRows(x, entity)
  const shapes = columns.map((name) => [...entity.fields.values()].flatMap((field) => field.columns).find((column) => column.name === name))
  // Columns that do not exist yet are empty, and what is empty is never the same.
  if (shapes.includes(undefined)) return { rows, failing: { count: 0, samples: [] } }
  const names = columns.map(quote).join(', ')
  const present = columns.map((name) => `${quote(name)} IS NOT NULL`).join(' AND ')
  const groups = `SELECT ${names}, min(id) AS id, count(*) AS n FROM ${quote(entity.table)} WHERE archived_at IS NULL AND ${present} GROUP BY ${names} HAVING count(*) > 1`
  const [counted] = await x.all(`SELECT sum(n) AS n FROM (${groups}) shared`, [])
  const found = await x.all(`${groups} ORDER BY id LIMIT ${String(sampleLimit)}`, [])
  const value = (row: Row): Json => shapes.flatMap((column) => (column === undefined ? [] : [cellOf(x, row, column)]))
  const samples = found.map((row) => ({ id: Number(row['id']), value: only(value(row)) }))
  return { rows, failing: { count: Number(counted?.['n'] ?? 0), samples } }
}

const cellOf = (x: Executor, row: Row, column: PhysicalColumn): Json => codec(x.dialect, column).decode(row[column.name])

/** A single value by itself, several as a list. */
const only = (value: Json): Json => (Array.isArray(value) && value.length === 1 ? ((value as readonly Json[])[0] ?? null) : value)

async function countRows(x: Executor, entity: Entity): Promise<Impact> {
  const [row] = await x.all(`SELECT count(*) AS n FROM ${quote(entity.table)}`, [])
  return { rows: Number(row?.['n'] ?? 0), failing: { count: 0, samples: [] } }
}
