/** Records that a rule may make alike, read side by side: those that agree with drafts, and all of an entity in groups. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Cell } from '../../fields/contract.js'
import type { DuplicateRule, Entity } from '../../model/model.js'
import { all, type Predicate } from '../../model/conditions/predicate.js'
import type { Bindings, Executor, Selection, SortKey } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import type { Rec } from '../records/row.js'
import { agreeing, keyOf, type VisibleOf } from './rules.js'

const limits = { candidatesMax: 2000, groupMax: 200, page: 500, behind: 20 } as const

/** Which records of an entity are compared, and what is read of them. */
export interface Compared {
  readonly entity: Entity
  readonly rows: Predicate
  readonly visibleOf: VisibleOf
  readonly selection: Selection
  readonly bindings: Bindings
}

/** By `keyOf`, those of the records that agree with some draft in what the rule wants to be the same. Where one statement would not find all, each half of the drafts has its own. */
export async function agreeingWith(x: Executor, of: Compared, rule: DuplicateRule, drafts: readonly JsonObject[]): Promise<ReadonlyMap<string, readonly Rec[]>> {
  const different = new Map(drafts.map((draft) => [keyOf(rule, draft), draft]))
  different.delete(undefined)
  return byKey(x, of, rule, [...different.values()])
}

async function byKey(x: Executor, of: Compared, rule: DuplicateRule, drafts: readonly JsonObject[]): Promise<ReadonlyMap<string, readonly Rec[]>> {
  const asked = agreeing(rule, of.visibleOf, drafts)
  const found = new Map<string, Rec[]>()
  if (asked === undefined) return found
  const page = await records.list(x, { entity: of.entity, rows: all(of.rows, asked), archived: 'without', selection: of.selection, sort: inOrderOf(rule, of.visibleOf), limit: limits.candidatesMax }, of.bindings)
  if (page.next !== null && drafts.length > 1) {
    const half = Math.ceil(drafts.length / 2)
    const parts: (readonly [string, readonly Rec[]])[] = []
    for (const some of [drafts.slice(0, half), drafts.slice(half)]) parts.push(...(await byKey(x, of, rule, some)))
    return new Map(parts)
  }
  for (const record of page.records) {
    const key = keyOf(rule, record) ?? ''
    const group = found.get(key)
    if (group === undefined) found.set(key, [record])
    else if (group.length < limits.groupMax) group.push(record)
  }
  return found
}

/** In the order of what must be the same, so that the rule's index serves. */
const inOrderOf = (rule: DuplicateRule, visibleOf: VisibleOf): readonly SortKey[] =>
  rule.exact.map((field) => {
    const visible = visibleOf(field)
    return { field, descending: true, compared: true, ...(visible === undefined ? {} : { visible }) }
  })

export interface Groups {
  /** Of each group the first `groupMax`: what more records share says nothing of them. */
  readonly groups: readonly (readonly Rec[])[]
  /** Where the order goes on; null at its end. */
  readonly next: readonly Cell[] | null
  /** Records looked at. */
  readonly looked: number
}

/** A page of records in the order of what a rule compares, as groups that agree in what must be the same. The last group is whole. */
export async function groupsAfter(x: Executor, of: Compared, rule: DuplicateRule, after: readonly Cell[]): Promise<Groups> {
  const sort = inOrderOf(rule, of.visibleOf)
  const read = (place: readonly Cell[], limit: number) =>
    records.list(x, { entity: of.entity, rows: of.rows, archived: 'without', selection: of.selection, sort, limit, ...(place.length === 0 ? {} : { after: place }) }, of.bindings)
  const restOf = async (key: string, from: readonly Cell[]): Promise<{ readonly records: readonly Rec[]; readonly next: readonly Cell[] | null }> => {
    const found: Rec[] = []
    let next: readonly Cell[] | null = from
    while (next !== null) {
      const behind: Awaited<ReturnType<typeof read>> = await read(next, limits.behind)
      const end = behind.records.findIndex((record) => keyOf(rule, record) !== key)
      found.push(...(end === -1 ? behind.records : behind.records.slice(0, end)))
      if (end !== -1) return { records: found, next: end === 0 ? next : (await read(next, end)).next }
      next = behind.next
    }
    return { records: found, next }
  }
  const page = await read(after, limits.page)
  const groups: Rec[][] = []
  let key: string | undefined
  for (const record of page.records) {
    // Missing values stand at the end: from there on there is nothing to compare.
    if ((record[rule.exact[0]?.key ?? ''] ?? null) === null) return { groups, next: null, looked: page.records.length }
    const own = keyOf(rule, record)
    if (own !== undefined && own === key) addTo(groups, record)
    else if (own !== undefined) groups.push([record])
    key = own
  }
  // The last group may go on behind the page.
  const rest = key === undefined || page.next === null ? { records: [], next: page.next } : await restOf(key, page.next)
  for (const record of rest.records) addTo(groups, record)
  return { groups, next: rest.next, looked: page.records.length + rest.records.length }
}

function addTo(groups: readonly Rec[][], record: Rec): void {
  const group = groups.at(-1)
  if (group !== undefined && group.length < limits.groupMax) group.push(record)
}
