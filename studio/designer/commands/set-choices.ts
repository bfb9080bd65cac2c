/** Changes the choices of a field: their values, order, titles and colours. What a choice is called in other languages follows its value. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { entityPath, objectOf, textLanguages, textOf } from '../draft/definitions.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'
import { choicesOf, choicesPlace, type Choice } from '../entities/type-options.js'
import type { FieldPlace } from './set-field.js'
import { setValue } from './set-value.js'

export function setChoices(documents: Documents, { entity, key }: FieldPlace, choices: readonly Choice[]): readonly Operation[] {
  const place = [entityPath(entity), 'properties', key]
  const property = objectOf(objectOf(documents[entityPath(entity)]?.['properties'])[key])
  const values = choices.map(({ value }) => value)
  const before = objectOf(objectOf(property['crm'])['options'])
  const shown = Object.fromEntries(choices.flatMap((choice): readonly (readonly [string, JsonObject])[] => {
    const how = showing(choice, objectOf(before[String(choice.value)]))
    return Object.keys(how).length === 0 ? [] : [[String(choice.value), how]]
  }))
  const named = Array.isArray(property['oneOf'])
  return [
    // A list of constants becomes a plain list: titles stand in the settings.
    ...(named ? ([{ op: 'remove', path: pointer(...place, 'oneOf') }] as const) : []),
    ...setValue(documents, [...place, ...(named ? ['enum'] : choicesPlace(property))], values),
    ...setValue(documents, [...place, 'crm', 'options'], Object.keys(shown).length === 0 ? undefined : shown),
    ...goneDefault(property, values, place),
    ...movedTexts(documents, { entity, key }, choicesOf(property).map(({ value }) => String(value)), values.map(String)),
  ]
}

const showing = ({ title, color }: Choice, before: JsonObject): JsonObject => ({
  ...(title === '' ? {} : { title }),
  ...(color === '' ? {} : { color }),
  ...(before['id'] === undefined ? {} : { id: before['id'] }),
})

/** A default that can no longer be chosen goes with its choice. */
function goneDefault(property: JsonObject, values: readonly Json[], place: readonly string[]): readonly Operation[] {
  const value = property['default']
  const gone = (typeof value === 'string' || typeof value === 'number') && !values.includes(value)
  return gone ? [{ op: 'remove', path: pointer(...place, 'default') }] : []
}

/** Place of what a choice is called, in the texts of its entity. */
export const choiceTextPlace = (key: string, value: string): string => pointer('properties', key, 'crm', 'options', value, 'title')

/** The texts of the one value that another took the place of. */
function movedTexts(documents: Documents, { entity, key }: FieldPlace, before: readonly string[], after: readonly string[]): readonly Operation[] {
  const [from, ...others] = before.filter((value) => !after.includes(value))
  const to = after.find((value) => !before.includes(value))
  if (from === undefined || to === undefined || others.length > 0 || before.length !== after.length) return []
  return textLanguages(documents).flatMap((tag) => {
    const places = [`texts/${tag}.json`, entityPath(entity)]
    const text = textOf(objectOf(documents[`texts/${tag}.json`]?.[entityPath(entity)])[choiceTextPlace(key, from)])
    return text === '' ? [] : [...setValue(documents, [...places, choiceTextPlace(key, from)], undefined), ...setValue(documents, [...places, choiceTextPlace(key, to)], text)]
  })
}
