/** How a record is called where it stands by its name alone: titles, labels, notices. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity } from '../../metadata/contract/ui-model.js'
import { fieldOf } from '../client/model.js'
import { displayKey, storedName } from '../client/records.js'
import { viewOf } from './index.js'

/** Its name in words: a note is called by what is written in it, without the marks of Markdown. */
export function nameOf(entity: UiEntity | undefined, record: JsonObject): string {
  const name = storedName(entity, record)
  const field = entity === undefined ? undefined : fieldOf(entity, displayKey(entity))
  return field === undefined ? name : (viewOf(field.type).words?.(name) ?? name)
}
