/** Countries to choose from, by their names in the reader's language. */
import { countryCodes } from '../../metadata/contract/countries.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import { language } from '../client/i18n.js'
import { countryName } from './postal.js'

const made = new Map<string, JsonObject>()

/** The options of a select over all countries. */
export function countryChoices(): JsonObject {
  const known = made.get(language.value)
  if (known !== undefined) return known
  const named = countryCodes.map((code) => ({ code, title: countryName(code) })).toSorted((a, b) => a.title.localeCompare(b.title, language.value))
  const options = { enum: named.map(({ code }) => code), options: Object.fromEntries(named.map(({ code, title }) => [code, { title }])) }
  made.set(language.value, options)
  return options
}
