/**
 * What new and changed formulas would give on the records that are there, before they are published: on how many they cannot be
 * computed, and why. Looks at the newest records only; a publish computes the others, and `tessera doctor` tells of all.
 */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { PlanStep } from '../../../metadata/contract/plan.js'
import { derivationsOf, type ExpressionField, type RollupField } from '../../model/computed/derivations.js'
import type { Entity, Field, Model } from '../../model/model.js'
import { everything } from '../../model/conditions/predicate.js'
import { recomputed } from '../../model/computed/recomputed.js'
import { sourcesOf } from '../../model/computed/sources.js'
import type { Executor } from '../../storage/contract.js'
import { hold, recount } from '../../storage/derived.js'
import * as records from '../../storage/records.js'
import { sameColumns } from '../../storage/tables/plan.js'
import { widening } from '../derived/related.js'
import { computed } from '../derived/values.js'
import { bindingsAt } from '../derived/writing.js'
import { idOf } from '../records/row.js'
import { systemField } from '../rights/rights.js'

/** Records that are looked at. */
export const lookedMax = 1000
const samplesMax = 5
/** Further it is not counted how many there are. */
const countedMax = 10_000_000

/** Steps with what was found; a formula that changed and needs no other step gets one of its own. */
export async function withOutcome(x: Executor, before: Model, after: Model, steps: readonly PlanStep[], at: Date): Promise<readonly PlanStep[]> {
  const found = new Map<string, Partial<PlanStep>>()
  const own: PlanStep[] = []
  const anew = recomputed(before, after)
  const there = inTables(before, after, new Set(anew.flatMap(({ entity, fields }) => fields.map((key) => `${entity}.${key}`))))
  for (const { entity: name, fields } of anew) {
    const entity = after.entities.get(name)
    const stored = [...before.entities.values()].find(({ id }) => id === entity?.id)
    if (stored === undefined || entity === undefined) continue
    const looked = await look(x, { before, after, there, at }, stored, entity)
    for (const key of fields) {
      const failing = looked.failing.get(key)
      const told = { ...(looked.all === 0 ? {} : { rows: looked.all }), ...(failing === undefined ? {} : { failing: { ...failing, ...(looked.some === looked.all ? {} : { looked: looked.some }) } }) }
      const step = steps.find((one) => one.entity === name && one.field === key && (one.action === 'addField' || one.action === 'restoreField' || one.action === 'convertField'))
      if (step !== undefined) found.set(step.key, step.failing === undefined ? told : {})
      else own.push({ key: `recomputeField:${name}.${key}`, action: 'recomputeField', entity: name, field: key, safety: looked.all === 0 ? 'safe' : 'slow', ...told })
    }
  }
  return [...steps.map((step) => ({ ...step, ...found.get(step.key) })), ...own]
}

interface Models {
  readonly before: Model
  readonly after: Model
  /** What of `after` is in the tables as it will be, under its new names. */
  readonly there: Model
  readonly at: Date
}

interface Looked {
  readonly all: number
  readonly some: number
  readonly failing: ReadonlyMap<string, { readonly count: number; readonly samples: readonly { readonly id: number; readonly value: Json }[] }>
}

async function look(x: Executor, { before, after, there, at }: Models, stored: Entity, entity: Entity): Promise<Looked> {
  const bindings = bindingsAt(before, at)
  const id = systemField(stored, 'id')
  const newest = await records.list(x, { entity: stored, rows: everything, archived: 'without', selection: { fields: [{ field: id, masked: false }], toOne: [], toMany: [] }, sort: [{ field: id, descending: true }], limit: lookedMax }, bindings)
  const all = await records.count(x, { entity: stored, rows: everything, archived: 'without' }, countedMax, bindings)
  const ids = newest.records.map(idOf)
  const held = await hold(x, there.entities.get(entity.name) ?? stored, ids, 'none')
  const { expressions, rollups } = derivationsOf(after).get(entity.name) ?? { expressions: [], rollups: [] }
  const values = new Map([...held].map(([id, { record }]): [number, JsonObject] => [id, record]))
  // What is new in the record itself is computed here as it will be; everything else must be there already.
  const known = new Set<Field>()
  const isThere = (owner: Entity, source: Field): boolean => known.has(source) || isThereAlready(owner, source)
  const isThereAlready = (owner: Entity, source: Field): boolean => there.entities.get(owner.name)?.fields.has(source.key) === true
  const ready = ({ field }: RollupField | ExpressionField): boolean => sourcesOf(after, entity, field).every(([owner, source]) => isThere(owner, source))
  for (const rollup of rollups) {
    const source = after.entities.get(rollup.derived.entity)
    if (source === undefined || isThereAlready(entity, rollup.field) || !ready(rollup)) continue
    const anew = await recount(x, entity, source, rollup, ids, bindingsAt(after, at))
    for (const [id, record] of values) values.set(id, { ...record, [rollup.field.key]: anew.get(id)?.value ?? null })
    known.add(rollup.field)
  }
  const failing = new Map<string, { count: number; samples: { id: number; value: Json }[] }>()
  for (const expression of expressions) {
    if (!ready(expression)) continue
    const widen = await widening(x, { model: there, by: null, at, announce: false }, there.entities.get(entity.name) ?? stored, [...values.values()], expression.derived.paths)
    for (const [id, record] of values) {
      const { value, failed } = computed(expression, widen(record), at)
      values.set(id, { ...record, [expression.field.key]: value })
      if (failed !== undefined) note(failing, expression.field.key, id, failed)
    }
    known.add(expression.field)
  }
  return { all: Math.min(all, countedMax), some: held.size, failing }
}

/** Entities with those of their fields that are in the tables as they will be, whatever they were called. `anew`: computed fields whose values are not. */
function inTables(before: Model, after: Model, anew: ReadonlySet<string>): Model {
  const entities = [...after.entities].flatMap(([name, entity]): readonly (readonly [string, Entity])[] => {
    const held = [...before.entities.values()].find(({ id }) => id === entity.id)
    if (held === undefined) return []
    const old = new Map([...held.fields.values()].map((field) => [field.id, field]))
    return [[name, { ...entity, fields: new Map([...entity.fields].filter(([key, field]) => !anew.has(`${name}.${key}`) && isKept(old.get(field.id), field))) }]]
  })
  return { ...after, entities: new Map(entities) }
}

function isKept(was: Field | undefined, field: Field): boolean {
  const columns = (one: Field): readonly string[] => [...(one.targets?.values() ?? [])].map(({ column }) => column)
  return was !== undefined && sameColumns(was, field) && columns(field).every((column) => columns(was).includes(column))
}

function note(failing: Map<string, { count: number; samples: { id: number; value: Json }[] }>, key: string, id: number, reason: string): void {
  const known = failing.get(key) ?? { count: 0, samples: [] }
  failing.set(key, known)
  known.count += 1
  if (known.samples.length < samplesMax) known.samples.push({ id, value: reason })
}
