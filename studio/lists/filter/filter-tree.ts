/**
 * A condition as people put it together: groups, tests of one value, questions about related records. Reading and writing
 * keep the meaning; what has no form of its own here stays as it was written. Pure.
 */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { operators, quantifiers, relationMeasures, type Operator, type Quantifier, type RelationMeasure } from '../../../metadata/contract/operators.js'

/** Spans of the reader's own calendar: from the first moment on, before the second. They move with the day. */
const periods = {
  '@today': ['now/d', 'now+1d/d'], '@yesterday': ['now-1d/d', 'now/d'], '@thisWeek': ['now/w', 'now+1w/w'], '@lastWeek': ['now-1w/w', 'now/w'],
  '@thisMonth': ['now/M', 'now+1M/M'], '@lastMonth': ['now-1M/M', 'now/M'], '@last30': ['now-30d/d', 'now+1d/d'], '@last90': ['now-90d/d', 'now+1d/d'], '@thisYear': ['now/y', 'now+1y/y'],
} as const
export type Period = keyof typeof periods
export const periodNames = Object.keys(periods) as readonly Period[]

/** How a value is compared; `past` and `next` with a length of time such as `90d`. */
export type Comparison = Operator | Period | 'empty' | 'filled' | 'past' | 'next'

/** Units of `past` and `next`, as they are written in conditions. */
export const spanUnits = ['d', 'w', 'M', 'y'] as const

/** What every part may have: a number that stays the same while it is edited, see `withKeys`. */
interface Keyed {
  readonly key?: number
}

export interface Test extends Keyed {
  readonly kind: 'test'
  /** Field path, e.g. `store.region`. */
  readonly path: string
  readonly comparison: Comparison
  /** Null where the comparison says everything, and while it is not yet given. */
  readonly value: Json
}

export const matches = ['all', 'any', 'none'] as const

export interface Group extends Keyed {
  readonly kind: 'group'
  readonly match: (typeof matches)[number]
  readonly parts: readonly Part[]
}

/** A question about the records of a relation: those that `rows` lets through are there, or are measured. */
export interface Related extends Keyed {
  readonly kind: 'related'
  /** Name of the relation, with the way there: `purchases`, `store.members`. */
  readonly path: string
  readonly measure: Quantifier | RelationMeasure
  /** What is measured; '' for quantifiers and `$count`. */
  readonly field: string
  readonly operator: Operator
  readonly value: Json
  readonly rows: Group
}

/** A condition that has no form here; it is kept. */
export interface Other extends Keyed {
  readonly kind: 'other'
  readonly condition: JsonObject
}

export type Part = Test | Group | Related | Other

export const everything: Group = { kind: 'group', match: 'all', parts: [] }

// ── reading ──

/** Reads a condition. The outermost group is one of all. */
export function readFilter(condition: JsonObject | undefined): Group {
  return { kind: 'group', match: 'all', parts: condition === undefined ? [] : membersOf(condition) }
}

const membersOf = (condition: JsonObject): readonly Part[] => Object.entries(condition).flatMap(([key, value]) => readMember(key, value))

/** One condition as one part. */
function readOne(condition: Json): Part {
  if (!isObject(condition)) return { kind: 'other', condition: {} }
  const parts = membersOf(condition)
  if (parts.length === 0) return { kind: 'other', condition }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'group', match: 'all', parts }
}

function readMember(key: string, value: Json): readonly Part[] {
  const other: Part = { kind: 'other', condition: { [key]: value } }
  if (key === '$and') return Array.isArray(value) ? (value as readonly Json[]).flatMap((part) => (isObject(part) ? membersOf(part) : [other])) : [other]
  if (key === '$or') return Array.isArray(value) && value.length > 0 ? [{ kind: 'group', match: 'any', parts: (value as readonly Json[]).map(readOne) }] : [other]
  if (key === '$not') return isObject(value) ? [readOpposite(value)] : [other]
  if (key.startsWith('$')) return [other]
  if (!isObject(value)) return [readTest(key, '$eq', value)]
  return readSpan(key, value) ?? readRelated(key, value) ?? readTests(key, value) ?? [other]
}

function readOpposite(condition: JsonObject): Part {
  const inner = readOne(condition)
  const opposite = inner.kind === 'related' && (inner.measure === '$count' || inner.measure === '$sum') ? opposites[inner.operator] : undefined
  if (inner.kind === 'related' && opposite !== undefined) return { ...inner, operator: opposite }
  return { kind: 'group', match: 'none', parts: inner.kind === 'group' && inner.match === 'any' ? inner.parts : [inner] }
}

function readTests(path: string, tests: JsonObject): readonly Part[] | undefined {
  const entries = Object.entries(tests)
  if (entries.length === 0) return undefined
  const parts = entries.flatMap(([name, value]): readonly Part[] => {
    const operator = operators.find((known) => known === name)
    return operator === undefined ? [] : [readTest(path, operator, value)]
  })
  return parts.length === entries.length ? parts : undefined
}

function readTest(path: string, operator: Operator, value: Json): Test {
  if (value === null && operator === '$eq') return { kind: 'test', path, comparison: 'empty', value }
  if (value === null && operator === '$ne') return { kind: 'test', path, comparison: 'filled', value }
  const span = operator === '$gte' && typeof value === 'string' ? /^now-(\d{1,4}[dwMy])$/.exec(value)?.[1] : undefined
  return span === undefined ? { kind: 'test', path, comparison: operator, value } : { kind: 'test', path, comparison: 'past', value: span }
}

/** Two ends that make a span of the calendar. */
function readSpan(path: string, { $gte: from, $lt: to, $lte: last, ...rest }: JsonObject): readonly Part[] | undefined {
  if (Object.keys(rest).length > 0) return undefined
  const period = last === undefined ? periodNames.find((name) => periods[name][0] === from && periods[name][1] === to) : undefined
  if (period !== undefined) return [{ kind: 'test', path, comparison: period, value: null }]
  const next = from === 'now' && to === undefined && typeof last === 'string' ? /^now\+(\d{1,4}[dwMy])$/.exec(last)?.[1] : undefined
  return next === undefined ? undefined : [{ kind: 'test', path, comparison: 'next', value: next }]
}

/** Measures of a relation with the rows that count; what is asked in other ways beside them stays as it is written. */
function readRelated(path: string, { $some: some, ...rest }: JsonObject): readonly Part[] | undefined {
  const names = Object.keys(rest)
  const [name] = names
  if (some === undefined && names.length === 0) return undefined
  if (some !== undefined && !isObject(some)) return undefined
  const rows = readFilter(some)
  if (name === undefined) return [{ kind: 'related', path, measure: '$some', field: '', operator: '$gte', value: null, rows }]
  const quantifier = quantifiers.find((known) => known === name)
  const inner = rest[name]
  if (quantifier !== undefined) return some === undefined && names.length === 1 && isObject(inner) ? [{ kind: 'related', path, measure: quantifier, field: '', operator: '$gte', value: null, rows: readFilter(inner) }] : undefined
  const measure = relationMeasures.find((known) => known === name)
  if (measure === undefined || names.length > 1 || inner === undefined) return undefined
  // "Any row at all" beside a measure asks for one; written again it would ask for nothing.
  if (some !== undefined && writeFilter(rows) === undefined) return undefined
  return measured(path, measure, inner, rows)
}

function measured(path: string, measure: RelationMeasure, tests: Json, rows: Group): readonly Part[] | undefined {
  const fields = measure === '$count' ? [['', tests] as const] : isObject(tests) ? Object.entries(tests) : []
  const asked = fields.flatMap(([field, test]) => (isObject(test) ? Object.entries(test) : [['$eq', test] as const]).map(([name, value]) => ({ field, value, operator: operators.find((known) => known === name) })))
  const [only] = asked
  if (asked.length !== 1 || only?.operator === undefined) return undefined
  // With rows chosen, "less" asks for at least one of them: only its opposite form has a name here, see `writeRelated`.
  if (rows.parts.length > 0 && only.operator in lessens) return undefined
  return [{ kind: 'related', path, measure, field: only.field, operator: only.operator, value: only.value, rows }]
}

// ── writing ──

/** The condition of a group; undefined when it asks for nothing. What is not complete asks for nothing yet. */
export function writeFilter(group: Group): JsonObject | undefined {
  const parts = group.parts.map(write).filter((part) => part !== undefined)
  const [only] = parts
  if (only === undefined) return undefined
  if (group.match === 'none') return { $not: parts.length === 1 ? only : { $or: parts } }
  if (group.match === 'any') return parts.length === 1 ? only : { $or: parts }
  return parts.length === 1 ? only : together(parts)
}

/** All of them: in one object where no key stands twice. */
function together(parts: readonly JsonObject[]): JsonObject {
  const keys = parts.flatMap((part) => Object.keys(part))
  return new Set(keys).size === keys.length ? Object.assign({}, ...parts) as JsonObject : { $and: parts }
}

function write(part: Part): JsonObject | undefined {
  if (part.kind === 'other') return part.condition
  if (part.kind === 'group') return writeFilter(part)
  if (!isComplete(part)) return undefined
  return part.kind === 'test' ? writeTest(part) : writeRelated(part)
}

function writeTest({ path, comparison, value }: Test): JsonObject {
  if (comparison === 'empty') return { [path]: null }
  if (comparison === 'filled') return { [path]: { $ne: null } }
  if (comparison === 'past') return { [path]: { $gte: `now-${spanText(value)}` } }
  if (comparison === 'next') return { [path]: { $gte: 'now', $lte: `now+${spanText(value)}` } }
  const period = periodNames.find((name) => name === comparison)
  if (period !== undefined) return { [path]: { $gte: periods[period][0], $lt: periods[period][1] } }
  return { [path]: comparison === '$eq' ? value : { [comparison]: value } }
}

const spanText = (value: Json): string => (typeof value === 'string' ? value : '1d')

/** "Fewer than 3" is also true of none at all, so it is the opposite of "at least 3": aggregates beside `$some` need a row. */
function writeRelated({ path, measure, field, operator, value, rows }: Related): JsonObject {
  const chosen = writeFilter(rows)
  if (isQuantifier(measure)) return { [path]: { [measure]: chosen ?? {} } }
  const opposite = chosen === undefined || (measure !== '$count' && measure !== '$sum') ? undefined : lessens[operator]
  const test: Json = { [opposite ?? operator]: value }
  const asked: JsonObject = { [path]: { ...(chosen === undefined ? {} : { $some: chosen }), [measure]: measure === '$count' ? test : { [field]: test } } }
  return opposite === undefined ? asked : { $not: asked }
}

/** Comparisons that hold for what is small → their opposites; and back. */
const lessens: Readonly<Partial<Record<Operator, Operator>>> = { $lt: '$gte', $lte: '$gt' }
const opposites: Readonly<Partial<Record<Operator, Operator>>> = { $gte: '$lt', $gt: '$lte' }

export const isQuantifier = (measure: Related['measure']): measure is Quantifier => quantifiers.some((known) => known === measure)

/** False while something is missing that the part cannot do without. */
export function isComplete(part: Test | Related): boolean {
  const { value } = part
  const given = part.kind === 'test' && isSpan(part.comparison) ? spanOf(value) !== undefined : value !== null && !(Array.isArray(value) && value.length === 0)
  if (part.kind === 'related') return part.path !== '' && (isQuantifier(part.measure) || (given && (part.measure === '$count' || part.field !== '')))
  return part.path !== '' && (given || isWhole(part.comparison))
}

/** The length of time of `past` and `next`; undefined where there is none. */
export function spanOf(value: Json): { readonly count: number; readonly unit: (typeof spanUnits)[number] } | undefined {
  const [, count, unit] = typeof value === 'string' ? (/^([1-9]\d{0,3})([dwMy])$/.exec(value) ?? []) : []
  const known = spanUnits.find((one) => one === unit)
  return known === undefined ? undefined : { count: Number(count), unit: known }
}

export const isSpan = (comparison: Comparison): boolean => comparison === 'past' || comparison === 'next'

/** True for comparisons that need no value. */
export const isWhole = (comparison: Comparison): boolean => comparison === 'empty' || comparison === 'filled' || periodNames.some((name) => name === comparison)

/** The operator of a comparison that is one; undefined for those of the studio's own. */
export const operatorOf = (comparison: Comparison): Operator | undefined => operators.find((known) => known === comparison)

// ── changing ──

/** The group with the part at `at` changed, or taken out for null. `at` goes through groups, and into the rows of what is asked of related records. */
export function changeAt(group: Group, [index = 0, ...rest]: readonly number[], change: (part: Part) => Part | null): Group {
  const parts = group.parts.flatMap((part, i) => {
    if (i !== index) return [part]
    const changed = rest.length === 0 ? change(part) : part.kind === 'group' ? changeAt(part, rest, change) : part.kind === 'related' ? { ...part, rows: changeAt(part.rows, rest, change) } : part
    return changed === null ? [] : [changed]
  })
  return { ...group, parts }
}

/** Where the part with a key is, as `changeAt` counts; undefined when it is not there any more. */
export function placeOf(group: Group, key: number): readonly number[] | undefined {
  for (const [index, part] of group.parts.entries()) {
    if (part.key === key) return [index]
    const inner = part.kind === 'group' ? placeOf(part, key) : part.kind === 'related' ? placeOf(part.rows, key) : undefined
    if (inner !== undefined) return [index, ...inner]
  }
  return undefined
}

/** The part at a place, as `changeAt` counts them. */
export function partAt(group: Group, [index, ...rest]: readonly number[]): Part | undefined {
  const part = index === undefined ? undefined : group.parts[index]
  if (part === undefined || rest.length === 0) return part
  return part.kind === 'group' ? partAt(part, rest) : part.kind === 'related' ? partAt(part.rows, rest) : undefined
}

let lastKey = 0

/** The group with a number for each part that has none, so that what is drawn for a part stays with it. */
export const withKeys = (group: Group): Group => ({ ...group, parts: group.parts.map(keyed) })

function keyed(part: Part): Part {
  const key = part.key ?? ++lastKey
  if (part.kind === 'group') return { ...withKeys(part), key }
  return part.kind === 'related' ? { ...part, rows: withKeys(part.rows), key } : { ...part, key }
}

/** How many parts are not complete and so ask for nothing yet. */
export const incompleteIn = (group: Group): number =>
  group.parts.reduce((sum, part) => sum + (part.kind === 'group' ? incompleteIn(part) : part.kind === 'other' ? 0 : (isComplete(part) ? 0 : 1) + (part.kind === 'related' ? incompleteIn(part.rows) : 0)), 0)
