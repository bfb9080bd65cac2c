/** Records that may be the same as others: of drafts that are being typed or imported, and of all that are there. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Cell } from '../../fields/contract.js'
import type { DuplicateRule } from '../../model/model.js'
import { all } from '../../model/predicate.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Executor, Selection } from '../../storage/contract.js'
import { addDistinct, distinctAmong, pairOf } from '../../storage/own/distinct.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { accessTo } from '../rights/rights.js'
import { selectionOf } from '../rights/selection.js'
import { idOf, type Rec } from '../records/row.js'
import { assertGranted } from '../records/prepare.js'
import { loadReadable } from '../records/write.js'
import { assertInForce, inForce } from '../unit.js'
import { fieldsOf, keyOf, likenessBy, rulesFor, candidatesOf, type Likeness } from './rules.js'

export const duplicateLimits = { shown: 20, candidatesMax: 2000, pairs: 50, scannedMax: 5000, groupMax: 200 } as const
const pageSize = 500

/** A record as it is typed or imported. `id`: it is stored already and is no duplicate of itself. */
export interface Draft {
  readonly id?: number
  readonly values: JsonObject
}

export interface Duplicate extends JsonObject {
  readonly id: number
  readonly title: string
  /** Keys of the fields that agree. */
  readonly fields: readonly string[]
  /** From 0.9 (names alike) to 1 (equal). */
  readonly score: number
  /** The values that were compared, as the caller reads them. */
  readonly values: JsonObject
}

/**
 * For each draft the records that the caller may read and that some rule makes the same, the most alike first. One
 * statement for each rule, however many drafts, unless they have very many candidates; import calls it chunk by chunk.
 */
export async function duplicatesOf(call: Call, access: EntityAccess, drafts: readonly Draft[], x: Executor = call.engine.database.read): Promise<readonly (readonly Duplicate[])[]> {
  const rules = rulesFor(access)
  const selection = comparedFields(call, access, rules)
  const byRule: { readonly rule: DuplicateRule; readonly candidates: ReadonlyMap<string, readonly Rec[]> }[] = []
  for (const rule of rules) byRule.push({ rule, candidates: await candidatesFor(x, call, access, rule, selection, drafts.map(({ values }) => values)) })
  const distinct = await distinctAmong(x, access.entity, drafts.flatMap(({ id }) => id ?? []))
  return drafts.map(({ id, values }) => {
    const candidates = new Map(byRule.flatMap(({ rule, candidates: found }) => (found.get(keyOf(rule, values) ?? '') ?? []).map((record) => [idOf(record), record])))
    return [...candidates.values()]
      .filter((other) => idOf(other) !== id && (id === undefined || !distinct.has(pairOf(id, idOf(other)).join('-'))))
      .flatMap((other) => described(access, other, likenessBy(rules, values, other)))
      .toSorted((a, b) => b.score - a.score || b.id - a.id)
      .slice(0, duplicateLimits.shown)
  })
}

/** Records that agree with some draft in what a rule wants to be the same, by `keyOf`. Where one statement would not find all, each half of the drafts has its own. */
async function candidatesFor(x: Executor, call: Call, access: EntityAccess, rule: DuplicateRule, selection: Selection, drafts: readonly JsonObject[]): Promise<ReadonlyMap<string, readonly Rec[]>> {
  const asked = candidatesOf(rule, access, drafts)
  const found = new Map<string, Rec[]>()
  if (asked === undefined) return found
  const query = { entity: access.entity, rows: all(access.rows, asked), archived: 'without' as const, selection, sort: [], limit: duplicateLimits.candidatesMax }
  const page = await records.list(x, query, call.bindings)
  const half = Math.ceil(drafts.length / 2)
  if (page.next !== null && drafts.length > 1) {
    const halves = [drafts.slice(0, half), drafts.slice(half)]
    const parts: (readonly [string, readonly Rec[]])[] = []
    for (const some of halves) parts.push(...(await candidatesFor(x, call, access, rule, selection, some)))
    return new Map(parts)
  }
  for (const record of page.records) {
    const key = keyOf(rule, record) ?? ''
    const group = found.get(key)
    if (group === undefined) found.set(key, [record])
    else group.push(record)
  }
  return found
}

/** The same for one draft by the entity's name. @throws Problem request.path */
export async function duplicatesOfDraft(call: Call, entity: string, draft: Draft): Promise<readonly Duplicate[]> {
  const [found = []] = await duplicatesOf(call, accessTo(call, entity), [draft])
  return found
}

const described = (access: EntityAccess, record: Rec, alike: Likeness | undefined): readonly Duplicate[] => (alike === undefined ? [] : [{ id: idOf(record), title: titleOf(access, record), ...alike, values: withoutSystem(record) }])

const withoutSystem = ({ id: _id, version: _version, ...values }: Rec): JsonObject => values

function titleOf(access: EntityAccess, record: Rec): string {
  const field = access.entity.fields.get(access.entity.display)
  const value = record[access.entity.display]
  return field === undefined || value === undefined || value === null ? String(idOf(record)) : field.type.format(value, field.options)
}

function comparedFields(call: Call, access: EntityAccess, rules: readonly DuplicateRule[]): Selection {
  const named = access.field(access.entity.display) === undefined ? [] : [access.entity.display]
  return selectionOf(call.model, call.access, access, { fields: [...new Set(['id', ...named, ...rules.flatMap((rule) => fieldsOf(rule).map(({ key }) => key))])] })
}

// ── all pairs ──

export interface Pairs {
  readonly pairs: readonly { readonly a: JsonObject; readonly b: JsonObject; readonly fields: readonly string[]; readonly score: number }[]
  /** Where the search goes on: the rule and the cells of a place in its order; null at the end. */
  readonly next: readonly Cell[] | null
  /** Records looked at for this page. */
  readonly scanned: number
}

/**
 * Pairs of records that look the same, searched in the order of what each rule compares, so that records that agree
 * stand side by side. A page ends when it has enough pairs or looked at enough records; it may have none and go on.
 * @throws Problem request.path, query.cursor
 */
export async function pairsOf(call: Call, entity: string, after?: readonly Cell[]): Promise<Pairs> {
  const access = accessTo(call, entity)
  const rules = rulesFor(access)
  const [from = 0, ...place] = after ?? []
  if (typeof from !== 'number') throw new Problem('query.cursor')
  const found: Pairs['pairs'][number][] = []
  let scanned = 0
  let at: readonly Cell[] | undefined = place.length === 0 ? undefined : place
  for (const [index, rule] of rules.entries()) {
    if (index < from) continue
    for (;;) {
      const page = await groups(call, access, rules, rule, at)
      scanned += page.scanned
      for (const group of page.groups) found.push(...(await pairsIn(call, access, rules.slice(index), rules.slice(0, index), group)))
      at = page.next ?? undefined
      if (at === undefined) break
      if (found.length >= duplicateLimits.pairs || scanned >= duplicateLimits.scannedMax) return { pairs: found, next: [index, ...at], scanned }
    }
    if (index + 1 < rules.length && (found.length >= duplicateLimits.pairs || scanned >= duplicateLimits.scannedMax)) return { pairs: found, next: [index + 1], scanned }
  }
  return { pairs: found, next: null, scanned }
}

/** A page of records in the order of a rule, as groups that agree in what must be the same. The last group is whole. */
async function groups(call: Call, access: EntityAccess, rules: readonly DuplicateRule[], rule: DuplicateRule, after: readonly Cell[] | undefined) {
  const sort = rule.exact.map((field) => {
    const visible = access.field(field.key)?.visible
    return { field, descending: true, ...(visible === undefined ? {} : { visible }) }
  })
  const query = { entity: access.entity, rows: access.rows, archived: 'without' as const, selection: comparedFields(call, access, rules), sort }
  const read = (place: readonly Cell[] | undefined, limit: number) => records.list(call.engine.database.long, { ...query, limit, ...(place === undefined ? {} : { after: place }) }, call.bindings)
  const page = await read(after, pageSize)
  const groups: Rec[][] = []
  let key: string | undefined
  for (const record of page.records) {
    const own = keyOf(rule, record)
    // Missing values stand at the end: from there on there is nothing to compare.
    if ((record[rule.exact[0]?.key ?? ''] ?? null) === null) return { groups, next: null, scanned: page.records.length }
    if (own !== undefined && own === key) groups.at(-1)?.push(record)
    else if (own !== undefined) groups.push([record])
    key = own
  }
  // The last group may go on behind the page.
  let { next } = page
  const scanned = page.records.length
  if (key === undefined) return { groups, next, scanned }
  while (next !== null) {
    const one = await read(next, 1)
    const [record] = one.records
    if (record === undefined || keyOf(rule, record) !== key || (groups.at(-1)?.length ?? 0) > duplicateLimits.groupMax) break
    groups.at(-1)?.push(record)
    next = one.next
  }
  return { groups, next, scanned }
}

async function pairsIn(call: Call, access: EntityAccess, rules: readonly DuplicateRule[], told: readonly DuplicateRule[], group: readonly Rec[]): Promise<readonly Pairs['pairs'][number][]> {
  if (group.length < 2) return []
  const members = group.slice(0, duplicateLimits.groupMax)
  const distinct = await distinctAmong(call.engine.database.read, access.entity, members.map(idOf))
  const shown = (record: Rec): JsonObject => ({ id: idOf(record), title: titleOf(access, record), values: withoutSystem(record) })
  return members.flatMap((a, i) =>
    members.slice(i + 1).flatMap((b) => {
      const alike = likenessBy(rules, a, b)
      if (alike === undefined || likenessBy(told, a, b) !== undefined || distinct.has(pairOf(idOf(a), idOf(b)).join('-'))) return []
      return [{ a: shown(a), b: shown(b), ...alike }]
    }),
  )
}

/**
 * Remembers that two records are not the same: the pair is not shown again.
 * @throws Problem request.path, request.invalid, access.denied, record.unavailable
 */
export const markDistinct = (call: Call, entity: string, ids: Json | undefined): Promise<void> =>
  inForce(call, (call) => {
    const access = accessTo(call, entity)
    assertGranted(access.update)
    const [a, b, more] = Array.isArray(ids) ? (ids as readonly Json[]) : []
    if (typeof a !== 'number' || typeof b !== 'number' || a === b || more !== undefined) throw new Problem('request.invalid', { reason: 'ids are two different records' })
    return call.engine.database.write(async (tx) => {
      await assertInForce(tx, call.model)
      for (const id of [a, b]) await loadReadable(tx, call, access, id)
      await addDistinct(tx, access.entity, pairOf(a, b), { by: call.actor.id, at: call.at })
    })
  })
