/** Another user as an actor, for questions about their rights. */
import { Problem } from '../../errors.js'
import { everything } from '../../model/conditions/predicate.js'
import type { Actor } from '../../permissions/actor.js'
import * as records from '../../storage/records.js'
import { bindingsOf, systemActor, type Call, type Engine } from '../call.js'
import { everyField } from '../rights/selection.js'
import { actorOf } from './session.js'

/** @throws Problem record.unavailable, access.denied for callers who may not design */
export async function actorById(call: Call, userId: number): Promise<Actor> {
  if (!call.access.design) throw new Problem('access.denied')
  const actor = await userActor(call.engine, userId)
  if (actor === null) throw new Problem('record.unavailable')
  return actor
}

/** A user as they are now, for the engine itself; null when there is none (any more). */
export async function userActor(engine: Engine, userId: number): Promise<Actor | null> {
  const entity = engine.current.get().entities.get('user')
  if (entity === undefined) return null
  const query = { entity, rows: everything, id: userId, archived: 'without' as const, selection: everyField(entity) }
  const user = await records.get(engine.database.read, query, bindingsOf(systemActor, new Date()))
  return user === null ? null : actorOf({ userId, attributes: new Map(Object.entries(user)), scope: null }, engine.current.get().language)
}
