/** The rules of an entity, which have no names but places: translations of their messages move with them. Pure. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { entityPath, listOf, objectOf, textLanguages, translated } from '../draft/definitions.js'
import { applyAll, type Documents, type Operation } from '../draft/operations.js'
import { setEntitySetting } from './set-entity.js'
import { setTranslation } from './set-field.js'

/** A rule with the place that it had before; null: it is new. */
export interface PlacedRule {
  readonly rule: JsonObject
  readonly from: number | null
}

export const rulesOf = (documents: Documents, entity: string): readonly PlacedRule[] =>
  listOf(objectOf(documents[entityPath(entity)]?.['crm'])['rules']).map((rule, from) => ({ rule: objectOf(rule), from }))

export function setRules(documents: Documents, entity: string, rules: readonly PlacedRule[]): readonly Operation[] {
  const before = rulesOf(documents, entity).length
  const operations = [...setEntitySetting(documents, entity, 'rules', rules.length === 0 ? undefined : rules.map(({ rule }) => rule))]
  const path = entityPath(entity)
  for (const tag of textLanguages(documents)) {
    for (let place = 0; place < Math.max(before, rules.length); place += 1) {
      const from = rules[place]?.from ?? null
      const text = from === null ? '' : translated(documents, tag, path, messagePlace(from))
      operations.push(...setTranslation(applyAll(documents, operations), tag, path, messagePlace(place), text))
    }
  }
  return operations
}

const messagePlace = (index: number): string => `/crm/rules/${String(index)}/message`
