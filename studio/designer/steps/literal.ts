/** How a fixed value of a field is entered in a step: as in forms, with the titles of its choices. Pure. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { objectOf, type FieldDefinition } from '../draft/definitions.js'
import { shownField } from '../entry.js'
import { choicesOf } from '../entities/type-options.js'

export function literalField({ key, title, type, to, property }: FieldDefinition, entity: string): UiField {
  const choices = choicesOf(property)
  const options: JsonObject = { ...property, ...objectOf(property['crm']), ...(to === '' ? {} : { to }), ...(choices.length === 0 ? {} : { enum: choices.map(({ value }) => value) }) }
  return { ...shownField(`${entity}.${key}`, title, type === '' ? 'text' : type, options), key }
}
