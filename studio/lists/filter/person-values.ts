/** Values of conditions that stand for a field of the person who asks: `$user.stores`. Pure but for the words. */
import { isObject, type Json } from '../../../metadata/contract/json.js'
import type { UiField, UiModel } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'

export interface PersonValue {
  /** Key of the person's field; `id` is the person. */
  readonly name: string
  readonly label: string
  /** True for several values, which "is one of" takes. */
  readonly list: boolean
  readonly type: string
  /** False for texts: no link leads to one. */
  readonly ids: boolean
  /** Entity that the value, or each in the list, leads to; undefined for other values, and for lists of numbers, which may be ids of anything. */
  readonly to: string | undefined
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
  { name: 'id', label: t('filters.person'), list: false, type: 'user', ids: true, to: 'user' },
  ...(model.entities['user']?.fields ?? []).filter(({ system, masked }) => !system && !masked).map(({ key, options, type, to, listOf }) => {
    const schema = isObject(options['schema']) ? options['schema'] : {}
    const items = isObject(schema['items']) ? schema['items'] : {}
    return { name: key, label: personWords(model, key), list: listTypes.has(type) || schema['type'] === 'array', type, ids: to !== undefined || items['type'] === 'integer', to: to ?? listOf }
  }),
]

/** True when a field can be what the person has: a link leads to the same records, any other value is of the same type. A list that says nothing of its values fits. */
export const canBe = (field: Pick<UiField, 'type' | 'to'>, { list, type, ids, to }: PersonValue): boolean =>
  field.to === undefined ? to === undefined && (list || type === field.type) : to === field.to || (list && ids && to === undefined)

const listTypes: ReadonlySet<string> = new Set(['list', 'multiSelect', 'tags', 'references'])
