/** Values of conditions that stand for a field of the person who asks: `$user.stores`. Pure but for the words. */
import { isObject, type Json } from '../../../metadata/contract/json.js'
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'

export interface PersonValue {
  /** Key of the person's field; `id` is the person. */
  readonly name: string
  readonly label: string
  /** True for several values, which "is one of" takes. */
  readonly list: boolean
}

const prefix = '$user.'

/** The key that a value stands for; undefined for an ordinary value. */
export const personValue = (value: Json): string | undefined => (typeof value === 'string' && value.startsWith(prefix) ? value.slice(prefix.length) : undefined)

/** True when a condition asks for something about the person. */
export const isAboutPerson = (condition: Json | undefined): boolean => condition !== undefined && JSON.stringify(condition).includes(`"${prefix}`)

/** `the person’s Stores` */
export function personWords(model: Pick<UiModel, 'entities'>, name: string): string {
  if (name === 'id') return t('filters.person')
  return t('filters.personField', { field: model.entities['user']?.fields.find(({ key }) => key === name)?.title ?? name })
}

/** What rules can compare with. */
export const personValues = (model: UiModel): readonly PersonValue[] => [
  { name: 'id', label: t('filters.person'), list: false },
  ...(model.entities['user']?.fields ?? []).filter(({ system, masked }) => !system && !masked).map(({ key, options, type }) => ({ name: key, label: personWords(model, key), list: listTypes.has(type) || (isObject(options['schema']) && options['schema']['type'] === 'array') })),
]

const listTypes: ReadonlySet<string> = new Set(['list', 'multiSelect', 'tags', 'references'])
