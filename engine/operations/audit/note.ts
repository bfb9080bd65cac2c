/** Notes in the audit log that must be there before what they tell of goes on. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Entity } from '../../model/model.js'
import { appendEvents } from '../../storage/audit/events.js'
import type { Call } from '../call.js'

/** Data of an entity leaves as a file. */
export const noteExport = (call: Call, entity: Entity, detail: JsonObject): Promise<void> =>
  call.engine.database.write((tx) => appendEvents(tx, [{ action: 'exported', by: call.actor.id, at: call.at, entity: entity.id, detail }]))
