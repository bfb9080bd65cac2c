/** What a new field can start as: every type in the order of use, with the options that it cannot be without. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'
import type { EntityDefinition, TypeInfo } from '../draft/definitions.js'
import { hasChoices, optionsOf, sampleChoices, startOptions } from './type-options.js'
import { typeTitle } from '../words.js'

/** The everyday types first; the rest as the engine lists them. */
const everyday = ['text', 'longText', 'integer', 'decimal', 'money', 'percent', 'boolean', 'date', 'instant', 'select', 'multiSelect', 'reference', 'references', 'phone', 'email']

export const byUse = (types: readonly TypeInfo[]): readonly TypeInfo[] => {
  const place = (name: string): number => (everyday.includes(name) ? everyday.indexOf(name) : everyday.length)
  return types.toSorted((a, b) => place(a.name) - place(b.name))
}

/** Options of a new field: what its type suggests, and two choices to be renamed where it has some. */
export function freshOptions(type: TypeInfo, entities: readonly EntityDefinition[]): JsonObject {
  const options = startOptions(type, entities)
  if (!hasChoices(type)) return options
  return { ...options, enum: sampleChoices, options: Object.fromEntries(sampleChoices.map((value, index) => [value, { title: t('designer.sampleChoice', { number: index + 1 }) }])) }
}

/** A ready start of a field, to be picked by one choice. */
export interface Start {
  readonly id: string
  readonly title: string
  /** Heading that it stands under; '' for none. */
  readonly group: string
  readonly type: TypeInfo
  readonly options: JsonObject
}

/** Types that need nothing more said as they are; those that point to an entity once for each. */
export function startsOf(types: readonly TypeInfo[], entities: readonly EntityDefinition[]): readonly Start[] {
  return byUse(types).flatMap((type): readonly Start[] => {
    const options = freshOptions(type, entities)
    const open = optionsOf(type).filter((option) => option.required && options[option.name] === undefined)
    const [first, ...more] = open
    if (first === undefined) return [{ id: type.name, title: typeTitle(type.name), group: '', type, options }]
    if (first.entry !== 'entity' || more.length > 0) return []
    return entities.filter(({ archived }) => !archived).map((entity) => (
      { id: `${type.name} ${entity.name}`, title: `→ ${entity.title}`, group: typeTitle(type.name), type, options: { ...options, [first.name]: entity.name } }))
  })
}
