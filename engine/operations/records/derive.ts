/**
 * Computed values stay live: whoever writes records comes through here, inside the unit. Before a record is stored it
 * gets the values that follow from its own fields and its references (`completed`, `following`); after it is stored,
 * values of other records follow (`settle`). Entities that nothing is computed from cost a look into a map.
 */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { blankOf } from '../../model/blank.js'
import { derivationsOf, type EntityDerivations, type ExpressionField } from '../../model/computed/derivations.js'
import type { Entity } from '../../model/model.js'
import { type Predicate } from '../../model/conditions/predicate.js'
import type { Executor } from '../../storage/contract.js'
import { countedNone, hold, idsWhere } from '../../storage/derived.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { following as expressionsFollowing } from '../derived/bring.js'
import { same } from '../derived/due.js'
import { widening } from '../derived/related.js'
import { computed } from '../derived/values.js'
import { bindingsAt, type Writing, type Written } from '../derived/writing.js'

export { holdTrees } from '../derived/owners.js'
export { settle } from '../derived/settle.js'

type Values = Readonly<Record<string, Json>>

/** The writing of a call: its changes are told. */
export const writingOf = (call: Call): Writing => ({ model: call.model, by: call.actor.id, at: call.at, announce: true })

const derivationsFor = (writing: Writing, entity: Entity): EntityDerivations | undefined => derivationsOf(writing.model).get(entity.name)

/** Checked values of new records with those that are computed from them; what counts other records begins with none. */
export async function completed(tx: Executor, writing: Writing, entity: Entity, rows: readonly Values[], owner: number | null): Promise<readonly Values[]> {
  const derivations = derivationsFor(writing, entity)
  if (derivations === undefined || derivations.expressions.length + derivations.rollups.length === 0) return rows
  const { blank, none } = beginningOf(entity, derivations)
  const named = derivations.expressions.some(({ derived }) => derived.paths.some(([key = '']) => entity.fields.get(key)?.type.numbering !== undefined))
  const complete = (named ? await records.numbered(tx, entity, rows, writing.at) : rows).map((values): Record<string, Json> => Object.assign<Record<string, Json>, JsonObject, JsonObject>({ ...blank }, values, none))
  if (derivations.expressions.length === 0) return complete
  const system = { createdAt: writing.at.toISOString(), createdBy: writing.by, owner }
  const widen = await widening(tx, writing, entity, complete, derivations.expressions.flatMap(({ derived }) => derived.paths))
  for (const values of complete) fill(derivations.expressions, values, widen({ ...values, ...system }), writing.at)
  return complete
}

/** What a new record has before anything is known of it: no values, and rollups that count nothing. */
interface Beginning {
  readonly blank: Values
  readonly none: Values
}

const beginnings = new WeakMap<EntityDerivations, Beginning>()

function beginningOf(entity: Entity, derivations: EntityDerivations): Beginning {
  const known = beginnings.get(derivations)
  if (known !== undefined) return known
  const made = {
    blank: blankOf([...entity.fields.values()].filter(({ system, lines }) => !system && lines === null).map(({ key }) => key)),
    none: Object.fromEntries(derivations.rollups.map((rollup) => [rollup.field.key, countedNone(rollup).value])),
  }
  beginnings.set(derivations, made)
  return made
}

/** Values that are to be saved in records, with those that follow from them and differ from before. */
export async function followingAll(tx: Executor, writing: Writing, entity: Entity, changed: readonly { readonly before: JsonObject; readonly values: Values }[]): Promise<readonly Values[]> {
  const all = derivationsFor(writing, entity)?.expressions ?? []
  const expressions = changed.map(({ values }) => expressionsFollowing(all, new Set(Object.keys(values))))
  const paths = new Set(expressions.flat().flatMap(({ derived }) => derived.paths))
  if (expressions.every((one) => one.length === 0)) return changed.map(({ values }) => values)
  const widen = await widening(tx, writing, entity, changed.map(({ before, values }) => ({ ...before, ...values })), [...paths])
  return changed.map(({ before, values }, index) => {
    const complete: Record<string, Json> = { ...values }
    const own = expressions[index] ?? []
    if (own.length > 0) fill(own, complete, widen({ ...before, ...complete }), writing.at)
    return Object.fromEntries(Object.entries(complete).filter(([key, value]) => Object.hasOwn(values, key) || !same(before[key], value)))
  })
}

/** Each expression sees what those before it gave. @param record of its own, with `values` in it */
function fill(expressions: readonly ExpressionField[], values: Record<string, Json>, record: JsonObject, now: Date): void {
  const whole: Record<string, Json> = record
  for (const expression of expressions) values[expression.field.key] = whole[expression.field.key] = computed(expression, record, now).value
}

/**
 * Before a record is erased: what the database will do to others that computed values depend on, as it clears or erases
 * what refers to it. To be settled after it is done.
 */
export async function takenWith(tx: Executor, writing: Writing, entity: Entity, ids: readonly number[]): Promise<readonly Written[]> {
  const taken: Written[] = []
  const seen = new Set(ids.map((id) => `${entity.name} ${String(id)}`))
  const visit = async (target: Entity, targets: readonly number[]): Promise<void> => {
    for (const { entity: name, field: key, onDelete } of derivationsFor(writing, target)?.takes ?? []) {
      const source = writing.model.entities.get(name)
      const field = source?.fields.get(key)
      if (source === undefined || field === undefined) continue
      const rows: Predicate = { kind: 'compare', field, operator: '$in', operand: { kind: 'list', cells: targets } }
      const found = (await idsWhere(tx, source, rows, Number.MAX_SAFE_INTEGER, bindingsAt(writing.model, writing.at))).filter((id) => !seen.has(`${name} ${String(id)}`))
      for (const id of found) if (onDelete === 'cascade') seen.add(`${name} ${String(id)}`)
      for (const { record } of (await hold(tx, source, found, 'change')).values()) {
        taken.push(onDelete === 'cascade' ? { entity: source, before: record, after: null } : { entity: source, before: record, after: { ...record, [key]: null }, cleared: key })
      }
      if (onDelete === 'cascade' && found.length > 0) await visit(source, found)
    }
  }
  await visit(entity, ids)
  return taken.filter((one) => one.after === null || !seen.has(`${one.entity.name} ${String(Number(one.after['id']))}`))
}
