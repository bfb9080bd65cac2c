/**
 * What a dry run must know of the rows before: nothing of them is there when the next chunk is tried. Kept as marks in
 * the database, so that it costs no memory and goes on after an interruption.
 */
import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { DuplicateRule, Field } from '../../model/model.js'
import { seenMarks, type SeenMark } from '../../storage/own/imports.js'
import { keyOf as ruleKeyOf, likeness } from '../duplicates/rules.js'
import { keyOf, operand } from './find.js'
import { reject, skip, type AlikeRow, type NamedRow, type Outcome } from './outcome.js'
import type { ImportPlan } from './plan.js'
import { reason } from './reasons.js'
import type { Earlier } from './rows.js'

/** Decides about rows that are about what an earlier row would have made, in the order in which the import would. */
export function earlierIn(plan: ImportPlan, id: number): Earlier {
  const uniques = plan.mode === 'update' ? [] : uniquesOf(plan)
  return async (tx, rows, outcome) => {
    if (uniques.length + plan.rules.length === 0) return rows
    const wanted = rows.map((row) => ({ row, uniques: uniques.map((fields) => markOf(fields, withDefaults(plan, fields, row.values))), rules: plan.rules.map((rule) => markOfRule(rule, row.values)) }))
    const seen = await seenMarks(tx, id, [...new Set(wanted.flatMap((one) => [...one.uniques, ...one.rules]).filter((mark) => mark !== null))])
    return wanted.flatMap(({ row, uniques: values, rules }) => {
      const taken = uniques.flatMap((fields, i) => seen.get(values[i] ?? -1)?.slice(0, 1).map((earlier) => ({ fields, earlier: earlier.row })) ?? [])
      const twin = alikeIn(plan, row, rules, seen)
      return decided(plan, row, taken, twin, outcome) ? [] : [row]
    })
  }
}

interface Taken {
  readonly fields: Unique
  readonly earlier: number
}

function decided({ key, alike }: ImportPlan, { row }: NamedRow, taken: readonly Taken[], twin: AlikeRow | undefined, outcome: Outcome): boolean {
  if (taken.some(({ fields }) => fields.length === 1 && fields[0] === key)) return outcome.updated.push({ row, record: null }) > 0
  if (twin !== undefined) outcome.alike.push(twin)
  if (twin !== undefined && alike === 'skip') skip(outcome, row, reason('alikeRow', { row: twin.earlier ?? 0 }))
  else if (twin !== undefined && alike === 'update') outcome.updated.push({ row, record: null })
  else if (taken[0] !== undefined) reject(outcome, row, [{ column: taken[0].fields.map(({ title }) => title).join(', '), ...reason('takenRow', { row: taken[0].earlier }) }])
  else return false
  return true
}

/** What the next chunks must know of this one. */
export function marksOf(plan: ImportPlan, { created, updated }: Outcome): readonly SeenMark[] {
  const uniques = uniquesOf(plan)
  const marks: SeenMark[] = []
  const put = (mark: number | null, row: number, detail: JsonObject | null): void => {
    if (mark !== null) marks.push({ mark, row, detail })
  }
  for (const { row: { row }, record } of [...created, ...updated]) for (const fields of uniques) if (record !== null) put(markOf(fields, record), row, null)
  for (const { row: { row }, record } of created) for (const rule of plan.rules) if (record !== null) put(markOfRule(rule, record), row, Object.fromEntries(rule.fuzzy.map(({ key }) => [key, record[key] ?? null])))
  return marks
}

/** Fields whose values together occur once. */
type Unique = readonly Field[]

const kept = new WeakMap<ImportPlan, readonly Unique[]>()

/** What must be unique and that a column has a part in: single fields, then combinations. */
function uniquesOf(plan: ImportPlan): readonly Unique[] {
  let uniques = kept.get(plan)
  if (uniques === undefined) {
    const { access: { entity }, columns } = plan
    const combined = entity.indexes.filter((index) => index.unique && index.columns.length > 1).flatMap((index): readonly Unique[] => {
      const fields = index.columns.flatMap((name) => [...entity.fields.values()].find((field) => field.columns.some((column) => column.name === name)) ?? [])
      return fields.length === index.columns.length && fields.some((field) => columns.some((column) => column.field === field)) ? [fields] : []
    })
    uniques = [...columns.flatMap(({ field }) => (field.unique ? [[field]] : [])), ...combined]
    kept.set(plan, uniques)
  }
  return uniques
}

/** Of a combination the file may have some columns only: a new record has the others as they are when nobody says anything. */
const withDefaults = ({ mode }: ImportPlan, fields: Unique, values: JsonObject): JsonObject =>
  fields.length === 1 || mode !== 'create' ? values : { ...Object.fromEntries(fields.map(({ key, default: usual }) => [key, usual ?? null])), ...values }

type Marks = readonly (number | null)[]
type Seen = ReadonlyMap<number, readonly SeenMark[]>

function alikeIn({ rules }: ImportPlan, { row, values }: NamedRow, marks: Marks, seen: Seen): AlikeRow | undefined {
  for (const [i, rule] of rules.entries()) {
    for (const { row: earlier, detail } of seen.get(marks[i] ?? -1) ?? []) {
      const found = likeness(rule, values, { ...values, ...detail })
      if (found !== undefined) return { row: row.row, id: null, earlier, title: '', fields: found.fields, score: found.score }
    }
  }
  return undefined
}

/** Null where a value is missing: what is missing is never the same as another. */
function markOf(fields: Unique, values: JsonObject): number | null {
  const cells = fields.flatMap((field) => {
    const value = values[field.key] ?? null
    return (value === null ? undefined : operand(field, value)) ?? []
  })
  return cells.length < fields.length ? null : numberOf('unique', fields.map(({ id }) => id), ...cells.map(keyOf))
}

function markOfRule(rule: DuplicateRule, values: JsonObject): number | null {
  const key = ruleKeyOf(rule, values)
  return key === undefined ? null : numberOf('rule', [...rule.exact, ...rule.fuzzy].map(({ id }) => id), key)
}

/** 52 bits: of a million rows two are taken for each other once in ten thousand dry runs. */
const numberOf = (...parts: readonly Json[]): number => Number.parseInt(createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 13), 16)
