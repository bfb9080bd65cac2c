/** Reading records: one, or a page of a list. Planned once per shape of the question, then only bound and run. */
import type { Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Cell } from '../../fields/contract.js'
import type { Field } from '../../model/model.js'
import { all, everything, type Predicate } from '../../model/conditions/predicate.js'
import { resolve, resolveSearch } from '../../model/conditions/resolve.js'
import type { EntityAccess } from '../../permissions/access.js'
import { lensFor } from '../../permissions/compile.js'
import type { ListQuery, Selection, SortKey } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import { askedIn, type Asked } from '../audit/asked.js'
import { looked, questioned } from '../audit/looks.js'
import type { Call } from '../call.js'
import { assertOwnAttributes } from '../rights/own-attributes.js'
import { accessTo, comparable, granted } from '../rights/rights.js'
import type { Rec } from './row.js'
import { selectionOf, targetNames, type Wanted } from '../rights/selection.js'

export const listLimits = { pageDefault: 50, pageMax: 500, countMax: 10_000, sortKeysMax: 8 } as const

export interface ListRequest extends Wanted {
  readonly entity: string
  /** A condition as it was sent. */
  readonly filter?: Json
  readonly sort?: readonly { readonly key: string; readonly descending: boolean }[]
  /** Free text; without a sort the records that fit it best come first. */
  readonly q?: string
  readonly limit: number
  /** Only archived records instead of only live ones. */
  readonly archived: boolean
}

/** A question about many records with the caller's rights built in. Holds for the model and the roles it was made with. */
export type ListPlan = Omit<ListQuery, 'after'> & {
  /** Sensitive fields that the question is about. */
  readonly asked: readonly Asked[]
}

export interface GetRequest extends Wanted {
  readonly entity: string
  readonly archived: boolean
}

/** A question about one record; the id comes when it is run. */
export interface GetPlan {
  readonly access: EntityAccess
  readonly rows: Predicate
  readonly archived: 'without' | 'only'
  readonly selection: Selection
}

/** @throws Problem request.path, access.field, access.denied (archived records without the right to archive) */
export function planGet(call: Call, request: GetRequest): GetPlan {
  const access = accessTo(call, request.entity)
  return {
    access,
    rows: rowsOf(access, request.archived),
    archived: request.archived ? 'only' : 'without',
    selection: selectionOf(call.model, call.access, access, request),
  }
}

/** @throws Problem record.unavailable when there is none that the caller may read */
export async function get(call: Call, plan: GetPlan, id: number): Promise<Rec> {
  const query = { entity: plan.access.entity, rows: plan.rows, id, archived: plan.archived, selection: plan.selection }
  const found = await records.get(call.engine.database.read, query, call.bindings)
  if (found === null) throw new Problem('record.unavailable')
  looked(call, 'record', plan.access.entity, plan.selection, [found])
  return found
}

/** @throws Problem request.path, query.invalid, access.field, access.denied */
export function planList(call: Call, request: ListRequest): ListPlan {
  const access = accessTo(call, request.entity)
  const text = resolveSearch(request.q ?? '', access)
  const filter = filtered(call, access, request.filter)
  const sort = sortKeys(call, access, request.sort ?? [])
  const named = sort.flatMap(({ names = [] }) => names.map(({ target, display }) => ({ of: target, field: display })))
  return {
    entity: access.entity,
    // Words are looked for in every searchable field, sensitive ones too: what is found tells of them.
    asked: askedIn(access.entity, filter, [...sort, ...(text?.fields ?? [])].map(({ field }) => ({ of: access.entity, field })).concat(named)),
    rows: all(rowsOf(access, request.archived), filter),
    ...(text === undefined ? {} : { text }),
    archived: request.archived ? 'only' : 'without',
    selection: selectionOf(call.model, call.access, access, request),
    sort,
    limit: request.limit,
  }
}

/** One page. `next`: sort cells of the last record when there are more. */
export async function list(call: Call, plan: ListPlan, after?: readonly Cell[]): Promise<{ readonly records: readonly Rec[]; readonly next: readonly Cell[] | null }> {
  const page = await call.engine.slow.watch({ ...plan, order: plan.text === undefined ? plan.sort.map(({ field }) => field) : [] }, () => records.list(call.engine.database.read, after === undefined ? plan : { ...plan, after }, call.bindings))
  looked(call, 'list', plan.entity, plan.selection, page.records)
  questioned(call, plan.asked, plan.entity, page.records)
  return page
}

/** How many records a list has, counted to the cap only. */
export async function count(call: Call, plan: ListPlan): Promise<{ readonly count: number; readonly capped: boolean }> {
  const found = await call.engine.slow.watch({ ...plan, order: [] }, () => records.count(call.engine.database.read, plan, listLimits.countMax, call.bindings))
  questioned(call, plan.asked, plan.entity, [])
  return { count: Math.min(found, listLimits.countMax), capped: found > listLimits.countMax }
}

/** A condition that the caller sent, resolved with the caller's eyes; everything when there is none. */
export function filtered(call: Call, access: EntityAccess, filter: Json | undefined): Predicate {
  if (filter === undefined || filter === null) return everything
  const predicate = resolve(call.model, access.entity.name, filter, lensFor(call.access), '')
  assertOwnAttributes(call, filter)
  return predicate
}

/** Archived records are seen by those who may archive (and so restore) them. */
const rowsOf = (access: EntityAccess, archived: boolean): Predicate => (archived ? all(access.rows, granted(access.archive)) : access.rows)

function sortKeys(call: Call, access: EntityAccess, sort: NonNullable<ListRequest['sort']>): readonly SortKey[] {
  if (sort.length > listLimits.sortKeysMax) throw new Problem('query.invalid', { reason: `more than ${listLimits.sortKeysMax} sort keys` })
  return sort.map(({ key, descending }) => {
    const { field, how } = comparable(access, key)
    // By what a reader sees there; names that are no text have no place among the others and sort as missing.
    const names = field.targets === null ? undefined : targetNames(call.access, access, field).filter(({ display }) => isText(display))
    if (names === undefined && field.type.sortColumn(field.options) === null) throw new Problem('query.invalid', { reason: `${key} has no order` })
    return { field, descending, ...(names === undefined ? {} : { names }), ...(how.visible === undefined ? {} : { visible: how.visible }) }
  })
}

const isText = ({ type, options, columns }: Field): boolean => columns[type.sortColumn(options) ?? -1]?.kind === 'text'
