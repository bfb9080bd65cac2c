/** Does a record meet the guard of a transition? Asked in SQL, inside the unit, as a row rule is; what equality settles is settled here. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { decide } from '../../model/conditions/decide.js'
import type { Entity, Model } from '../../model/model.js'
import type { Predicate } from '../../model/conditions/predicate.js'
import { resolve, unrestricted } from '../../model/conditions/resolve.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { idOf, type Rec } from './row.js'

/**
 * What of a guard a stored record does not meet: the key of the field of each part that fails, '' for one that names several. Empty:
 * it meets all of it.
 */
export async function failing(x: Executor, call: Call, entity: Entity, guard: JsonObject, record: Rec): Promise<readonly string[]> {
  const meets = async (condition: JsonObject): Promise<boolean> => {
    const rows = predicateOf(call.model, entity, condition)
    return decide(rows, record, call.bindings.user) ?? records.exists(x, { entity, rows, id: idOf(record) }, call.bindings)
  }
  if (await meets(guard)) return []
  const failed: string[] = []
  for (const [key, operand] of Object.entries(guard)) if (!(await meets(partOf(guard, key, operand)))) failed.push(key.startsWith('$') ? '' : (key.split('.')[0] ?? ''))
  return failed.length === 0 ? [''] : failed
}

/** Of each guard, by its own object, which lives as long as the definition. */
const parts = new WeakMap<JsonObject, Map<string, JsonObject>>()

function partOf(guard: JsonObject, key: string, operand: Json): JsonObject {
  const known = parts.get(guard) ?? new Map<string, JsonObject>()
  parts.set(guard, known)
  const part = known.get(key) ?? { [key]: operand }
  known.set(key, part)
  return part
}

const predicates = new WeakMap<Model, WeakMap<JsonObject, Predicate>>()

/** The same object each time: statements are compiled once per predicate. */
function predicateOf(model: Model, entity: Entity, condition: JsonObject): Predicate {
  const known = predicates.get(model) ?? new WeakMap<JsonObject, Predicate>()
  predicates.set(model, known)
  const predicate = known.get(condition) ?? resolve(model, entity.name, condition, unrestricted(model), '')
  known.set(condition, predicate)
  return predicate
}
