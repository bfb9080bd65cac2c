/** What tells most about a record, in a row beside its name. Pure drawing. */
import { html, nothing, type TemplateResult } from 'lit'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity } from '../../metadata/contract/ui-model.js'
import type { Surroundings } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'

/** Facts without a value are left out; nothing when none is left. `record` as it is saved, not as it is being typed. */
export function keyFacts(entity: UiEntity, record: JsonObject, surroundings: Surroundings): TemplateResult | typeof nothing {
  const facts = entity.facts.flatMap((key) => {
    const field = entity.fields.find((one) => one.key === key)
    const value: Json = record[key] ?? null
    return field === undefined || value === null || value === '' ? [] : [html`<div><dt>${field.title}</dt><dd>${viewOf(field.type).cell(value, { ...surroundings, field, record })}</dd></div>`]
  })
  return facts.length === 0 ? nothing : html`<dl class="key-facts">${facts}</dl>`
}
