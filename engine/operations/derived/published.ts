/** Computed fields when definitions are published: few records are computed in the same unit, many by a job. */
import type { Entity, Field, Model } from '../../model/model.js'
import { everything } from '../../model/conditions/predicate.js'
import { recomputed, type FieldsOf } from '../../model/computed/recomputed.js'
import type { Executor } from '../../storage/contract.js'
import { clearDerived } from '../../storage/derived.js'
import * as records from '../../storage/records.js'
import { noteMoved } from './moving.js'
import { addRecalculation } from './pending.js'
import { recalculateNow } from './recalculate.js'
import { bindingsAt, type Writing } from './writing.js'

/** Records that a publish computes itself; everybody who writes waits for it. */
const recordsAtOnce = 2000

/** In the unit of the publish, after the tables are those of `after`. Until a job is done with a field it is empty. */
export async function computePublished(tx: Executor, before: Model, after: Model, by: number | null, at: Date): Promise<void> {
  const steps = recomputed(before, after)
  if (steps.length === 0) return
  const writing: Writing = { model: after, by, at, announce: false }
  await noteMoved(tx, after, steps, at)
  if ((await countOf(tx, after, steps, at)) <= recordsAtOnce) return recalculateNow(tx, writing, steps)
  for (const { entity, fields } of fieldsOf(after, steps)) await clearDerived(tx, entity, fields)
  await addRecalculation(tx, writing, steps)
}

const fieldsOf = (model: Model, steps: readonly FieldsOf[]): readonly { readonly entity: Entity; readonly fields: readonly Field[] }[] =>
  steps.flatMap((step) => {
    const entity = model.entities.get(step.entity)
    return entity === undefined ? [] : [{ entity, fields: step.fields.flatMap((key) => entity.fields.get(key) ?? []) }]
  })

async function countOf(tx: Executor, model: Model, steps: readonly FieldsOf[], at: Date): Promise<number> {
  let sum = 0
  for (const name of new Set(steps.map(({ entity }) => entity))) {
    const entity = model.entities.get(name)
    if (entity !== undefined) sum += await records.count(tx, { entity, rows: everything, archived: 'with' }, recordsAtOnce, bindingsAt(model, at))
  }
  return sum
}
