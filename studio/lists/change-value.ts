/** One value of a record is changed where it is seen: in a cell, or by moving a card. */
import type { Json } from '../../metadata/contract/json.js'
import type { UiEntity } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { saveChanges, type Outcome } from '../forms/save.js'

/** Sets one field of the version that was seen; when somebody changed other fields meanwhile, of the newer one. */
export async function changeValue(client: Client, entity: UiEntity, id: number, version: number, key: string, value: Json): Promise<Outcome> {
  const outcome = await saveChanges(client.records, entity, id, { [key]: value }, `"${version}"`)
  const elsewhere = outcome.kind === 'conflict' && outcome.conflict.fields.length === 0
  return elsewhere ? saveChanges(client.records, entity, id, { [key]: value }, `"${outcome.conflict.version}"`) : outcome
}
