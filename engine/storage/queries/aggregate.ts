/** Groups and measures, exact on both databases. A bucket is named by its first day (`2026-07-01`). */
import { Big } from 'big.js'
import type { Bucket } from '../../../metadata/contract/operators.js'
import type { Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { PhysicalColumn } from '../../model/model.js'
import type { AggregateQuery, Bindings, Executor, Hop, Row } from '../contract.js'
import { codec, quote } from '../dialect.js'
import type { Rec } from './select.js'
import { bind, Writer, type Scope } from './statement.js'
import { columnOf, mainColumn, where } from './where.js'
import { offsetsBetween, type Offset } from './zone-offsets.js'

type GroupKey = AggregateQuery['groupBy'][number]
type MeasureKey = AggregateQuery['measures'][number]

/** One column of the answer: grouped by the inner query, read and sorted by the outer one. */
interface Output {
  readonly name: string
  readonly inner: string
  readonly outer: string
  /** Sorts like the value; missing is smallest. */
  readonly order: string
  readonly group: boolean
  /** What else the inner query has to say, for the order. */
  readonly beside?: string
  read(row: Row): Json
}

/** Records that are not archived, grouped. Without `sort` the groups come in the order of their keys. */
export async function aggregate(x: Executor, q: AggregateQuery, b: Bindings): Promise<Rec[]> {
  const offsets = await offsetsOf(x, q)
  // Not kept: the offsets depend on the data, and compiling costs nothing beside the grouping itself.
  const w = new Writer(x.dialect, b)
  const scope: Scope = { entity: q.entity, alias: w.alias() }
  const ways = q.groupBy.map(({ via }) => wayOf(w, scope, via))
  const outputs = [
    ...q.groupBy.map((key, i) => groupOutput(w, key, ways[i]?.at(-1)?.there ?? scope, offsets.get(key) ?? [], `g${String(i)}`)),
    ...q.measures.map((measure, i) => measureOutput(w, measure, scope, `m${String(i)}`)),
  ]
  // The keys stand first: they are grouped by their places.
  const select = [...outputs.map((output) => output.inner), ...outputs.flatMap(({ beside }) => beside ?? [])].join(', ')
  const joins = ways.flat().map((step) => joinOf(w, step)).join('')
  const groupBy = q.groupBy.length === 0 ? '' : ` GROUP BY ${q.groupBy.map((_, i) => String(i + 1)).join(', ')}`
  const inner = `SELECT ${select} FROM ${quote(q.entity.table)} ${scope.alias}${joins} WHERE ${scope.alias}.archived_at IS NULL AND ${where(w, q.rows, scope)}${groupBy}`
  const sql = `SELECT ${outputs.map(({ outer }) => outer).join(', ')} FROM (${inner}) grouped${orderBy(x, q, outputs)} LIMIT ${String(Math.floor(q.limit))}`
  const rows = await x.all(sql, bind(w.statement(sql), b))
  return rows.map((row) => Object.fromEntries(outputs.map((output) => [output.name, output.read(row)])))
}

function orderBy(x: Executor, q: AggregateQuery, outputs: readonly Output[]): string {
  const asked = q.sort.map(({ name, descending }) => {
    const output = outputs.find((candidate) => candidate.name === name)
    if (output === undefined) throw new Problem('query.invalid', { reason: `sort names ${name}, which is no column of the answer` })
    return { order: output.order, descending }
  })
  // The keys decide ties, so that a limit always cuts at the same place.
  const ties = outputs.filter(({ group }) => group).map(({ order }) => ({ order, descending: false }))
  const terms = [...asked, ...ties].map(({ order, descending }) => `${order}${descending ? ' DESC' : ''}${x.dialect === 'sqlite' ? '' : descending ? ' NULLS LAST' : ' NULLS FIRST'}`)
  return terms.length === 0 ? '' : ` ORDER BY ${terms.join(', ')}`
}

// ── group keys ──

interface Step {
  readonly hop: Hop
  readonly here: Scope
  readonly there: Scope
}

function wayOf(w: Writer, from: Scope, via: readonly Hop[]): readonly Step[] {
  const steps: Step[] = []
  for (const hop of via) steps.push({ hop, here: steps.at(-1)?.there ?? from, there: { entity: hop.target, alias: w.alias() } })
  return steps
}

/** At most one record on the other side, so that no record is counted twice. */
function joinOf(w: Writer, { hop, here, there }: Step): string {
  const on = `${there.alias}.id = ${here.alias}.${mainColumn(hop.field)}`
  const seen = hop.visible === undefined ? '' : ` AND ${where(w, hop.visible, here)}`
  return ` LEFT JOIN ${quote(hop.target.table)} ${there.alias} ON ${on}${seen} AND ${where(w, hop.rows, there)}`
}

function groupOutput(w: Writer, key: GroupKey, scope: Scope, offsets: readonly Offset[], as: string): Output {
  const column = columnOf(key.field, undefined)
  const seen = key.visible === undefined ? undefined : where(w, key.visible, scope)
  const raw = `${scope.alias}.${quote(column.name)}`
  const value = key.bucket === undefined ? raw : bucketOf(w, raw, column, key.bucket, offsets)
  const sql = seen === undefined ? value : `CASE WHEN ${seen} THEN ${value} END`
  const { type, options } = key.field
  const { decode } = codec(w.dialect, column)
  const read = key.bucket === undefined ? (row: Row): Json => type.fromColumns(cellsFor(key, decode(row[as])), options) : (row: Row): Json => (row[as] ?? null) as Json
  // JSON is in no order that both databases share.
  const sorted = type.parts === undefined ? column : key.field.columns[type.sortColumn(options) ?? 0]
  const output = { name: key.name, inner: `${sql} AS ${as}`, outer: as, group: true, read }
  if (sorted === undefined || sorted === column) return { ...output, order: as }
  const by = `${scope.alias}.${quote(sorted.name)}`
  return { ...output, order: `${as}s`, beside: `min(${key.visible === undefined ? by : `CASE WHEN ${where(w, key.visible, scope)} THEN ${by} END`}) AS ${as}s` }
}

const cellsFor = (key: GroupKey, main: Json): readonly Json[] => key.field.columns.map((_, i) => (i === 0 ? main : null))

/** The first day of the bucket as a date. */
function bucketOf(w: Writer, raw: string, column: PhysicalColumn, bucket: Bucket, offsets: readonly Offset[]): string {
  if (w.dialect === 'sqlite') return sqliteBucket(column.kind === 'instant' ? `date((${localTime(raw, offsets)}) / 1000.0, 'unixepoch')` : raw, bucket)
  const local = column.kind === 'instant' ? `(to_timestamp(0) AT TIME ZONE 'UTC' + ((${localTime(`floor(extract(epoch FROM ${raw}) * 1000)::bigint`, offsets)}) * interval '1 millisecond'))` : `${raw}::timestamp`
  return `date_trunc('${bucket}', ${local})::date`
}

function sqliteBucket(day: string, bucket: Bucket): string {
  switch (bucket) {
    case 'day':
      return day
    case 'month':
      return `substr(${day}, 1, 7) || '-01'`
    case 'year':
      return `substr(${day}, 1, 4) || '-01-01'`
    case 'quarter':
      return `substr(${day}, 1, 5) || printf('%02d', (CAST(substr(${day}, 6, 2) AS INTEGER) - 1) / 3 * 3 + 1) || '-01'`
    case 'week':
      return `date(${day}, '-6 days', 'weekday 1')`
  }
}

/** Milliseconds on the zone's clocks. The numbers come from the zone's table, so they may stand in the text. */
function localTime(milliseconds: string, offsets: readonly Offset[]): string {
  const [first, ...later] = offsets
  if (first === undefined) return milliseconds
  if (later.length === 0) return `${milliseconds} + ${String(first.offset)}`
  const newestFirst = later.toReversed().map(({ from, offset }) => `WHEN ${milliseconds} >= ${String(from)} THEN ${String(offset)}`)
  return `${milliseconds} + CASE ${newestFirst.join(' ')} ELSE ${String(first.offset)} END`
}

/** For every instant that is grouped by a bucket: the offsets of the zone over the span of its column. */
async function offsetsOf(x: Executor, q: AggregateQuery): Promise<ReadonlyMap<GroupKey, readonly Offset[]>> {
  const offsets = new Map<GroupKey, readonly Offset[]>()
  for (const key of q.groupBy) {
    const column = columnOf(key.field, undefined)
    if (key.bucket === undefined || column.kind !== 'instant') continue
    const table = quote((key.via.at(-1)?.target ?? q.entity).table)
    // Each end by itself: an index gives it at once.
    const end = async (word: 'min' | 'max'): Promise<Json> => codec(x.dialect, column).decode((await x.all(`SELECT ${word}(${quote(column.name)}) AS edge FROM ${table} WHERE archived_at IS NULL`, []))[0]?.['edge'])
    const [from, to] = [await end('min'), await end('max')]
    offsets.set(key, typeof from === 'string' && typeof to === 'string' ? offsetsBetween(q.timeZone, Date.parse(from), Date.parse(to)) : [])
  }
  return offsets
}

// ── measures ──

function measureOutput(w: Writer, measure: MeasureKey, scope: Scope, as: string): Output {
  const base = { name: measure.name, outer: as, order: as, group: false }
  if (measure.field === null) return { ...base, inner: `count(*) AS ${as}`, read: (row) => Number(row[as]) }
  const column = columnOf(measure.field, undefined)
  const raw = `${scope.alias}.${quote(column.name)}`
  // Written anew wherever it is used: its placeholders are bound once for each place.
  const value = (): string => (measure.visible === undefined ? raw : `CASE WHEN ${where(w, measure.visible, scope)} THEN ${raw} END`)
  const { decode, sumText } = codec(w.dialect, column)
  switch (measure.measure) {
    case 'count':
      return { ...base, inner: `count(${measure.distinct ? 'DISTINCT ' : ''}${value()}) AS ${as}`, read: (row) => Number(row[as]) }
    case 'sum':
      return { ...base, inner: `sum(${value()}) AS ${as}`, outer: `CAST(${as} AS TEXT) AS ${as}t`, read: (row) => numberOf(sumText(row[`${as}t`])) }
    case 'avg':
      return {
        ...base,
        inner: `sum(${value()}) AS ${as}, count(${value()}) AS ${as}n`,
        outer: `CAST(${as} AS TEXT) AS ${as}t, ${as}n`,
        order: `${as} * 1.0 / nullif(${as}n, 0)`,
        read: (row) => quotient(sumText(row[`${as}t`]), Number(row[`${as}n`])),
      }
    case 'min':
    case 'max': {
      const { type, options, columns } = measure.field
      return { ...base, inner: `${measure.measure}(${value()}) AS ${as}`, read: (row) => type.fromColumns(columns.map((_, i) => (i === 0 ? decode(row[as]) : null)), options) }
    }
  }
}

const numberOf = (text: string | null): number | null => (text === null ? null : Number(text))

/** An average has as many digits as a JSON number keeps exactly. */
const quotient = (sum: string | null, count: number): number | null => (sum === null || count === 0 ? null : Number(new Big(sum).div(count).toPrecision(15)))
