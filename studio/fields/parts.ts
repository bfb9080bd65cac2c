/** Parts of values (`address.city`) in the reader's words: no definition has texts for them. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { UiField } from '../../metadata/contract/ui-model.js'
import { hasText, t } from '../client/i18n.js'
import { countryChoices } from './country-choices.js'

/** Choices of a part that have names elsewhere than among the texts. */
const named: Readonly<Record<string, () => JsonObject>> = { country: countryChoices }

/** The part with its title, and the titles of its choices; what is not known stays as the engine says it. */
export function inWords(part: UiField): UiField {
  const key = `part.${part.key}`
  const options = Object.hasOwn(named, part.key) ? (named[part.key]?.() ?? part.options) : titled(part.options, key)
  return { ...part, title: hasText(key) ? t(key) : part.title, options }
}

function titled(options: JsonObject, key: string): JsonObject {
  const choices = options['options']
  if (!isObject(choices)) return options
  const titleOf = (value: string): { readonly title?: string } => {
    const text = `${key}.${value}`
    return hasText(text) ? { title: t(text) } : {}
  }
  const shown = Object.entries(choices).map(([value, how]): [string, Json] => [value, { ...(isObject(how) ? how : {}), ...titleOf(value) }])
  return { ...options, options: Object.fromEntries(shown) }
}
