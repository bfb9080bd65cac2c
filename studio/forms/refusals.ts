/** What the engine refused, said in the reader's language as far as code, field and model tell it; else in the engine's words. */
import { isObject, type Json } from '../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import { hasText, number, t } from '../client/i18n.js'
import { fieldOf as fieldAtPointer, type PartProblem } from '../client/problem.js'

/** What is known of the fields that were refused: those of an entity, or questions that are asked outside of one. */
export type Refused = Pick<UiEntity, 'fields' | 'rules' | 'schema'>

/** One sentence for one refused part of a record of `entity`; of a line it is said as of a record of its own. `entities`: those that lines may be of. */
export function refusalOf(part: PartProblem, entity: Refused, entities: UiModel['entities'] = {}): string {
  const field = fieldAtPointer(part.path)
  const line = entities[entity.fields.find(({ key }) => key === field)?.lines ?? '']
  const [, , row, ...inside] = part.path.split('/')
  if (line !== undefined && row !== undefined && inside.length > 0) return refusalOf({ ...part, path: `/${inside.join('/')}` }, line)
  return ruleOf(part, entity, field) ?? ownText(part, entity, field) ?? keywordText(part, entity, field) ?? part.message
}

/** A rule's own message, which the model brings in the reader's language; with two rules at one field nobody can tell which. */
function ruleOf(part: PartProblem, entity: Refused, field: string): string | undefined {
  const [first, ...others] = part.code === 'value.rule' ? entity.rules.filter((rule) => rule.at === field) : []
  return others.length === 0 ? first?.message : undefined
}

/** A text for exactly this: first of the field's type, then of the code alone. */
function ownText(part: PartProblem, entity: Refused, field: string): string | undefined {
  const type = entity.fields.find(({ key }) => key === field)?.type ?? ''
  const key = [`refused.${part.code}.${type}`, `refused.${part.code}`].find(hasText)
  return key === undefined || !hasText(key) ? undefined : t(key, { message: part.message })
}

/** The engine names what a JSON Schema keyword refused `value.<keyword>`; the same sentence is shown while typing. */
function keywordText(part: PartProblem, entity: Refused, field: string): string | undefined {
  const keyword = part.code.replace(/^value\./, '')
  const properties = entity.schema['properties']
  const schema: Json = isObject(properties) ? (properties[field] ?? null) : null
  // A limit further inside the value is not looked for: its sentence would miss the number.
  const limit: Json = isObject(schema) && part.path === `/${field}` ? (schema[keyword] ?? null) : null
  const key = [`check.${keyword}.${typeof limit === 'string' ? limit : ''}`, `check.${keyword}`].find(hasText)
  if (key === undefined || !hasText(key)) return undefined
  if (typeof limit === 'number') return t(key, { limit: number(limit) })
  const text = t(key)
  return text.includes('{limit}') ? undefined : text
}
