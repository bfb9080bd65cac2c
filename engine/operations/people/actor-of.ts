/** Another user as an actor, for questions about their rights. */
import { Problem } from '../../errors.js'
import { everything } from '../../model/predicate.js'
import type { Actor } from '../../permissions/actor.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { everyField } from '../rights/selection.js'
import { actorOf } from './session.js'

/** @throws Problem record.unavailable, access.denied for callers who may not design */
export async function actorById(call: Call, userId: number): Promise<Actor> {
  if (!call.access.design) throw new Problem('access.denied')
  const entity = call.model.entities.get('user')
  if (entity === undefined) throw new Problem('record.unavailable')
  const query = { entity, rows: everything, id: userId, archived: 'without' as const, selection: everyField(entity) }
  const user = await records.get(call.engine.database.read, query, call.bindings)
  if (user === null) throw new Problem('record.unavailable')
  return actorOf({ userId, attributes: new Map(Object.entries(user)), scope: null })
}
