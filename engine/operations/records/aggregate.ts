/** Groups and measures over the records that the caller may read. */
import { buckets, measures, type Bucket, type Measure } from '../../../metadata/contract/operators.js'
import { isObject, type Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Field } from '../../model/model.js'
import { all, everything, type Predicate } from '../../model/conditions/predicate.js'
import { resolveSearch } from '../../model/conditions/resolve.js'
import type { EntityAccess, FieldAccess } from '../../permissions/access.js'
import type { AggregateQuery } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import { askedIn, type Asked } from '../audit/asked.js'
import { questioned } from '../audit/looks.js'
import type { Call } from '../call.js'
import { filtered } from './read.js'
import { accessTo, comparable, comparableAt } from '../rights/rights.js'
import type { Rec } from './row.js'

export const aggregateLimits = { groupsDefault: 1000, groupsMax: 10_000, groupByMax: 4, measuresMax: 20 } as const

/** As it was sent; everything is checked here. */
export interface AggregateRequest {
  readonly filter?: Json
  /** Words to search for, as in a list. */
  readonly q?: Json
  readonly groupBy?: Json
  readonly measures?: Json
  readonly sort?: Json
  readonly limit?: Json
}

/** A question about groups with the caller's rights built in. */
export interface AggregatePlan extends AggregateQuery {
  /** Sensitive fields that the question is about. */
  readonly asked: readonly Asked[]
}

/** @throws Problem request.path, query.invalid, access.field */
export function planAggregate(call: Call, entity: string, request: AggregateRequest): AggregatePlan {
  const access = accessTo(call, entity)
  const groupBy = strings(request.groupBy, 'groupBy', aggregateLimits.groupByMax).map((text) => groupKey(call, access, text))
  const asked = measuresOf(access, request.measures)
  const names = new Set([...groupBy, ...asked].map(({ name }) => name))
  if (names.size < groupBy.length + asked.length) throw new Problem('query.invalid', { reason: 'two columns have the same name' })
  const filter = filtered(call, access, request.filter)
  return {
    entity: access.entity,
    asked: askedIn(access.entity, filter, [...groupBy.map(({ field, via }) => ({ of: via.at(-1)?.target ?? access.entity, field })), ...asked.map(({ field }) => ({ of: access.entity, field }))]),
    rows: all(access.rows, filter, searched(access, request.q)),
    groupBy,
    measures: asked,
    sort: sortOf(request.sort, names),
    limit: limitOf(request.limit),
    timeZone: call.actor.timeZone,
  }
}

function searched(access: EntityAccess, q: Json | undefined): Predicate {
  if (q !== undefined && typeof q !== 'string') throw new Problem('query.invalid', { reason: 'q must be text' })
  return resolveSearch(q ?? '', access) ?? everything
}

/** Runs on the connections for long reads. */
export async function aggregate(call: Call, plan: AggregatePlan): Promise<readonly Rec[]> {
  const groups = await call.engine.slow.watch({ ...plan, order: [] }, () => records.aggregate(call.engine.database.long, plan, call.bindings))
  questioned(call, plan.asked, plan.entity, [])
  return groups
}

function groupKey(call: Call, access: EntityAccess, text: string): AggregateQuery['groupBy'][number] {
  const [key = '', bucketName, ...more] = text.split(':')
  const { via, field, how } = comparableAt(call, access, key)
  const bucket = bucketName === undefined ? undefined : buckets.find((known) => known === bucketName)
  if (more.length > 0 || (bucketName !== undefined && !offers(field, bucket))) throw new Problem('query.invalid', { reason: `${text} cannot be grouped by` })
  if (field.type.sortColumn(field.options) === null) throw new Problem('query.invalid', { reason: `${key} cannot be grouped by` })
  return { name: text, via, field, ...(bucket === undefined ? {} : { bucket }), ...seen(how) }
}

const offers = (field: Field, bucket: Bucket | undefined): boolean => bucket !== undefined && field.type.buckets.includes(bucket)

function measuresOf(access: EntityAccess, sent: Json | undefined): AggregateQuery['measures'] {
  if (sent === undefined) return [{ name: 'count', measure: 'count', field: null, distinct: false }]
  if (!isObject(sent)) throw new Problem('query.invalid', { reason: 'measures must be an object' })
  const entries = Object.entries(sent)
  if (entries.length === 0 || entries.length > aggregateLimits.measuresMax) throw new Problem('query.invalid', { reason: `measures must be 1 to ${aggregateLimits.measuresMax}` })
  return entries.map(([name, definition]) => measureOf(access, name, definition))
}

/** `{ "count": true }`, `{ "count": "field" }` (distinct values) or `{ "sum": "field" }`. */
function measureOf(access: EntityAccess, name: string, definition: Json): AggregateQuery['measures'][number] {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(name)) throw new Problem('query.invalid', { reason: 'a measure has a name of letters and digits' })
  const [entry, ...more] = isObject(definition) ? Object.entries(definition) : []
  const measure = measures.find((known) => known === entry?.[0])
  if (entry === undefined || measure === undefined || more.length > 0) throw new Problem('query.invalid', { reason: `measure ${name} must be one of ${measures.join(', ')}` })
  if (measure === 'count' && entry[1] === true) return { name, measure, field: null, distinct: false }
  if (typeof entry[1] !== 'string') throw new Problem('query.invalid', { reason: `measure ${name} must name a field` })
  const { field, how } = comparable(access, entry[1])
  if (!measurable(field, measure)) throw new Problem('query.invalid', { reason: `${entry[1]} has no ${measure}` })
  return { name, measure, field, distinct: measure === 'count', ...seen(how) }
}

const measurable = (field: Field, measure: Measure): boolean => measure === 'count' || field.type.measures.includes(measure)

const seen = (how: FieldAccess): { visible?: NonNullable<FieldAccess['visible']> } => (how.visible === undefined ? {} : { visible: how.visible })

function sortOf(sent: Json | undefined, names: ReadonlySet<string>): AggregateQuery['sort'] {
  return strings(typeof sent === 'string' ? sent.split(',') : sent, 'sort', aggregateLimits.groupByMax + aggregateLimits.measuresMax).map((text) => {
    const descending = text.startsWith('-')
    const name = descending ? text.slice(1) : text
    if (!names.has(name)) throw new Problem('query.invalid', { reason: `sort names ${name}, which is no column of the answer` })
    return { name, descending }
  })
}

function strings(sent: Json | undefined, what: string, max: number): readonly string[] {
  if (sent === undefined) return []
  if (!Array.isArray(sent) || !sent.every((item): item is string => typeof item === 'string')) throw new Problem('query.invalid', { reason: `${what} must be a list of names` })
  if (sent.length > max) throw new Problem('query.invalid', { reason: `${what} may have at most ${max} entries` })
  return sent
}

function limitOf(sent: Json | undefined): number {
  if (sent === undefined) return aggregateLimits.groupsDefault
  if (typeof sent !== 'number' || !Number.isInteger(sent) || sent < 1 || sent > aggregateLimits.groupsMax) {
    throw new Problem('query.invalid', { reason: `limit must be a whole number from 1 to ${aggregateLimits.groupsMax}` })
  }
  return sent
}
