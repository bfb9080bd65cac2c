/**
 * Computing fields anew for all records: after their definition changed, after a change that many others follow from, and
 * every day for those that name today. In chunks, each one writing unit.
 */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { derivationsOf } from '../../model/computed/derivations.js'
import { everything, type Predicate } from '../../model/conditions/predicate.js'
import { computedFieldsOf } from '../../model/computed/recomputed.js'
import type { Executor } from '../../storage/contract.js'
import { idsWhere } from '../../storage/derived.js'
import * as records from '../../storage/records.js'
import type { Engine } from '../call.js'
import { lookAnew } from '../duplicates/kept.js'
import type { JobKind } from '../jobs/contract.js'
import { assertInForce } from '../unit.js'
import { Due, fieldName, type LaterFields } from './due.js'
import { recalculationKind, type Recalculation, type RecalculationStep } from './pending.js'
import { leadingTo, settleDue } from './settle.js'
import { bindingsAt, type Writing } from './writing.js'

/** Records in one unit: about a tenth of a second. */
const chunkRecords = 250

/** Does all of it in the unit that is given. */
export async function recalculateNow(tx: Executor, writing: Writing, steps: readonly RecalculationStep[]): Promise<void> {
  for (const [index, step] of steps.entries()) {
    for (let after: number | null = 0; after !== null; ) after = await chunk(tx, writing, step, laterThan(steps, index), after)
  }
}

/** All computed fields of all records, each chunk a unit of its own: after a load that left them. */
export async function recalculateAll(engine: Engine): Promise<void> {
  const model = engine.current.get()
  const steps = computedFieldsOf(model)
  for (const [index, step] of steps.entries()) {
    for (let after: number | null = 0; after !== null; ) {
      const from: number = after
      after = await engine.database.write(async (tx) => {
        await assertInForce(tx, model)
        return chunk(tx, { model, by: null, at: new Date(), announce: false }, step, laterThan(steps, index), from)
      })
    }
  }
}

interface State extends JsonObject {
  readonly step: number
  /** Id of the last record that was computed. */
  readonly after: number
}

export const recalculate: JobKind<Recalculation, State> = {
  kind: recalculationKind,
  async *chunks({ engine, input, owner }, from) {
    const { steps } = input
    const total = await countOf(engine, steps)
    let state: State = from ?? { step: 0, after: 0 }
    let done = await countOf(engine, steps.slice(0, state.step))
    while (state.step < steps.length) {
      const current: State = state
      const step = steps[current.step]
      let next: State = current
      yield async (tx) => {
        const model = engine.current.get()
        await assertInForce(tx, model)
        const writing = { model, by: owner, at: new Date(), announce: false }
        const last = step === undefined ? null : await chunk(tx, writing, step, laterThan(steps, current.step), current.after)
        next = last === null ? { step: current.step + 1, after: 0 } : { step: current.step, after: last }
        return { checkpoint: next, done: Math.min(total, last === null ? done : done + chunkRecords), total }
      }
      if (next.step === current.step) done += chunkRecords
      state = next
    }
  },
}

/** Fields of the steps behind: they are computed in their turn. */
const laterThan = (steps: readonly RecalculationStep[], index: number): LaterFields =>
  new Set(steps.slice(index + 1).flatMap(({ entity, fields, leadingTo: some }) => (some === undefined ? fields.map((key) => fieldName(entity, key)) : [])))

/** One chunk; gives the id of its last record, null when there were no more. What is no longer defined is left out. */
async function chunk(tx: Executor, writing: Writing, step: RecalculationStep, later: LaterFields, after: number): Promise<number | null> {
  const entity = writing.model.entities.get(step.entity)
  const derivations = derivationsOf(writing.model).get(step.entity)
  const rows = rowsOf(writing, step)
  if (entity === undefined || derivations === undefined || rows === undefined) return null
  const ids = await idsWhere(tx, entity, rows, chunkRecords, bindingsAt(writing.model, writing.at), after)
  const due = new Due(later)
  const fields = new Set(step.fields)
  for (const id of ids) {
    for (const rollup of derivations.rollups) if (fields.has(rollup.field.key)) due.anew(rollup, id)
    for (const { field } of derivations.expressions) if (fields.has(field.key)) due.stale(entity.name, id, field.key)
  }
  await settleDue(tx, writing, due, later)
  // Values that were computed for all left no trace of each.
  if (ids.length === 0) await lookAnew(tx, writing.model, step.entity, step.fields)
  return ids.at(-1) ?? null
}

function rowsOf({ model }: Pick<Writing, 'model'>, { entity: name, leadingTo: some }: RecalculationStep): Predicate | undefined {
  if (some === undefined) return everything
  const entity = model.entities.get(name)
  return entity === undefined ? undefined : leadingTo(model, entity, some.hops, some.ids)
}

async function countOf(engine: Engine, steps: readonly RecalculationStep[]): Promise<number> {
  const model = engine.current.get()
  let sum = 0
  for (const step of steps) {
    const entity = model.entities.get(step.entity)
    const rows = rowsOf({ model }, step)
    if (entity !== undefined && rows !== undefined) sum += await records.count(engine.database.long, { entity, rows, archived: 'with' }, 10_000_000, bindingsAt(model, new Date()))
  }
  return sum
}
