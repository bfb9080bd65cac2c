/** Values of a record are changed where they are seen: in a cell, or by moving a card. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { saveChanges, type Outcome } from '../../forms/save.js'

/** Sets some fields of the version that was seen; when somebody changed other fields meanwhile, of the newer one. */
export async function changeValues(client: Client, entity: UiEntity, id: number, version: number, values: JsonObject): Promise<Outcome> {
  const outcome = await saveChanges(client.records, entity, id, values, `"${version}"`)
  const elsewhere = outcome.kind === 'conflict' && outcome.conflict.fields.length === 0
  return elsewhere ? saveChanges(client.records, entity, id, values, `"${outcome.conflict.version}"`) : outcome
}
