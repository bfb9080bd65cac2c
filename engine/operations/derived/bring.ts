/** Brings the computed values of records up to date: what is due on them, and what follows from that in the same record. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { derivationsOf, type EntityDerivations, type ExpressionField, type RollupField } from '../../model/computed/derivations.js'
import type { Entity, Field } from '../../model/model.js'
import * as changes from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import { hold, recount, storeDerived, type Counted, type Held, type NewValues } from '../../storage/derived.js'
import { same, type Due, type Dues } from './due.js'
import { widening } from './related.js'
import { computed, moved } from './values.js'
import { bindingsAt, type Writing, type Written } from './writing.js'

/** Records that are read, computed and written together: some statements each, whatever the number. */
const together = 1000

/** Does what is due, entity by entity, and gives the records that changed by it. */
export async function bring(tx: Executor, writing: Writing, due: Due): Promise<readonly Written[]> {
  const written: Written[] = []
  for (const [name, records] of [...due.byEntity].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const entity = writing.model.entities.get(name)
    const derivations = derivationsOf(writing.model).get(name)
    if (entity === undefined || derivations === undefined) continue
    const ids = [...records.keys()].toSorted((a, b) => a - b)
    for (let from = 0; from < ids.length; from += together) {
      const some = new Map(ids.slice(from, from + together).flatMap((id) => { const dues = records.get(id); return dues === undefined ? [] : [[id, dues] as const] }))
      written.push(...(await bringRecords(tx, writing, { entity, derivations }, some)))
    }
  }
  return written
}

interface Target {
  readonly entity: Entity
  readonly derivations: EntityDerivations
}

/** The values of one record that differ, and what is kept beside them. */
interface Moved {
  readonly held: Held
  readonly values: Record<string, Json>
  readonly states: Record<string, Json>
}

async function bringRecords(tx: Executor, writing: Writing, target: Target, records: ReadonlyMap<number, Dues>): Promise<readonly Written[]> {
  const { entity } = target
  const held = await hold(tx, entity, [...records.keys()], 'change')
  const rollups = await rolledUp(tx, writing, entity, held, records)
  const results = new Map<number, Moved>()
  for (const [id, one] of held) results.set(id, differing(one, rollups.get(id) ?? []))
  await express(tx, writing, target, results, records)
  return store(tx, writing, entity, results)
}

type RolledUp = readonly (readonly [RollupField, Counted])[]

/** New values of the rollups that are due, by record: as what changed moves them, or counted anew where that does not tell. One statement for each rollup that is counted. */
async function rolledUp(tx: Executor, writing: Writing, entity: Entity, held: ReadonlyMap<number, Held>, records: ReadonlyMap<number, Dues>): Promise<ReadonlyMap<number, RolledUp>> {
  const results = new Map<number, [RollupField, Counted][]>()
  const anew = new Map<RollupField, number[]>()
  const note = (id: number, rollup: RollupField, next: Counted): void => void (results.get(id)?.push([rollup, next]) ?? results.set(id, [[rollup, next]]))
  for (const [id, one] of held) {
    for (const [rollup, deltas] of records.get(id)?.rollups ?? []) {
      const next = deltas === 'anew' ? undefined : moved(rollup, one, deltas)
      if (next !== undefined) note(id, rollup, next)
      else anew.set(rollup, [...(anew.get(rollup) ?? []), id])
    }
  }
  for (const [rollup, ids] of anew) {
    const source = writing.model.entities.get(rollup.derived.entity)
    if (source === undefined) continue
    for (const [id, next] of await recount(tx, entity, source, rollup, ids, bindingsAt(writing.model, writing.at))) note(id, rollup, next)
  }
  return results
}

function differing(held: Held, rollups: RolledUp): Moved {
  const result: Moved = { held, values: {}, states: {} }
  for (const [{ field: { key } }, next] of rollups) {
    if (same(held.record[key], next.value) && same(held.states[key], next.state)) continue
    result.values[key] = next.value
    result.states[key] = next.state
  }
  return result
}

/** Expressions in their order: those that are stale, and those that name a value that changed before them. */
async function express(tx: Executor, writing: Writing, { entity, derivations }: Target, results: ReadonlyMap<number, Moved>, records: ReadonlyMap<number, Dues>): Promise<void> {
  const all = [...results.values()]
  const touched = new Set(all.flatMap(({ held, values }) => [...Object.keys(values), ...(records.get(Number(held.record['id']))?.stale ?? [])]))
  const wanted = following(derivations.expressions, touched)
  if (wanted.length === 0) return
  const widen = await widening(tx, writing, entity, all.map(({ held }) => held.record), wanted.flatMap(({ derived }) => derived.paths))
  for (const { held, values } of all) {
    const stale = records.get(Number(held.record['id']))?.stale ?? new Set<string>()
    for (const expression of wanted) {
      const { key } = expression.field
      if (!stale.has(key) && !expression.derived.paths.some(([first = '']) => Object.hasOwn(values, first))) continue
      const { value } = computed(expression, widen({ ...held.record, ...values }), writing.at)
      if (!same(held.record[key], value)) values[key] = value
    }
  }
}

/** Expressions that may change when the values under `touched` did, in their order. */
export function following(expressions: readonly ExpressionField[], touched: ReadonlySet<string>): readonly ExpressionField[] {
  const reached = new Set(touched)
  return expressions.filter(({ field, derived }) => {
    const follows = touched.has(field.key) || derived.paths.some(([first = '']) => reached.has(first))
    if (follows) reached.add(field.key)
    return follows
  })
}

async function store(tx: Executor, writing: Writing, entity: Entity, results: ReadonlyMap<number, Moved>): Promise<readonly Written[]> {
  const moving = [...results].filter(([, { values }]) => Object.keys(values).length > 0)
  if (moving.length === 0) return []
  const keys = [...new Set(moving.flatMap(([, { values }]) => Object.keys(values)))]
  const fields = keys.flatMap((key) => entity.fields.get(key) ?? [])
  const rows = moving.map(([id, { held, values, states }]): NewValues => ({ id, values: { ...held.record, ...values }, states: { ...held.states, ...states } }))
  await storeDerived(tx, entity, fields, rows)
  const written = moving.map(([, { held, values }]) => ({ entity, before: held.record, after: { ...held.record, ...values } }))
  if (writing.announce) {
    await changes.append(tx, written.map(({ before, after }) => ({ entity, record: after, action: 'derived' as const, by: writing.by, at: writing.at, changes: pairs(fields, before, after) })))
  }
  return written
}

const pairs = (fields: readonly Field[], before: JsonObject, after: JsonObject): changes.ChangedValues =>
  Object.fromEntries(fields.flatMap(({ id, key }) => (same(before[key], after[key]) ? [] : [[id, [before[key] ?? null, after[key] ?? null]]])))
