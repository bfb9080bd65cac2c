/** Conditions on what happened: a change is measured by the record as it left it, however late it is looked at. */
import type { Json } from '../../../metadata/contract/json.js'
import type { Entity, Field } from '../../model/model.js'
import type { Predicate } from '../../model/conditions/predicate.js'
import { historyOf, type Change } from '../../storage/changes.js'
import type { Bindings, Executor } from '../../storage/contract.js'
import { standings, stoodIn, type Stood } from '../../storage/standing.js'

/**
 * Numbers of those changes after which the record was in the rows. Mostly nothing came after a change, and one statement answers for all;
 * where something did, it is undone first.
 */
export async function judged(x: Executor, { entity, rows }: { readonly entity: Entity; readonly rows: Predicate }, changes: readonly Change[], b: Bindings): Promise<ReadonlySet<number>> {
  const now = await standings(x, { entity, rows, ids: [...new Set(changes.map(({ recordId }) => recordId))] }, b)
  const held = new Set<number>()
  for (const change of changes) {
    const standing = now.get(change.recordId)
    if (standing === undefined) continue // it was erased
    const holds = standing.version === change.version ? standing.holds : await stoodIn(x, { entity, rows, id: change.recordId, stood: await stoodAfter(x, entity, change) }, b)
    if (holds) held.add(change.seq)
  }
  return held
}

/** What stood in the record after a change, where it is something else now. */
async function stoodAfter(x: Executor, entity: Entity, change: Change): Promise<readonly Stood[]> {
  const later = await historyOf(x, entity, change.recordId, { sinceVersion: change.version, derived: true })
  const fields = [...entity.fields.values()]
  const turned = later.find(({ action }) => action === 'archived' || action === 'restored')
  const system: Readonly<Record<string, Json>> = { version: change.version, updatedAt: change.at, updatedBy: change.by, ...(turned === undefined ? {} : { archivedAt: turned.action === 'archived' ? null : change.at }) }
  return fields.flatMap((field) => {
    if (Object.hasOwn(system, field.key)) return cellsOf(field, system[field.key] ?? null)
    const next = later.find(({ changes }) => changes !== null && Object.hasOwn(changes, field.id))
    return next === undefined ? [] : cellsOf(field, next.changes?.[field.id]?.[0] ?? null)
  })
}

/** A value of a time when the field had another type cannot stand in it: it counts as it is now. */
function cellsOf(field: Field, value: Json): readonly Stood[] {
  try {
    return [{ field, cells: field.type.toColumns(value, field.options) }]
  } catch {
    return []
  }
}
