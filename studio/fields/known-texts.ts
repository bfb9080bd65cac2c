/** Texts whose format leaves few of them: they are chosen by name. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiField } from '../../metadata/contract/ui-model.js'
import { languageTitle, languages } from '../client/i18n.js'
import { zoneName, zonesWith } from '../client/zones.js'
import { plain } from './plain.js'

/** What there is of a format, and how one is called. */
interface Known {
  all(chosen: string): readonly string[]
  title(value: string): string
}

const known: Readonly<Record<string, Known>> = {
  'time-zone': { all: zonesWith, title: zoneName },
  language: { all: (chosen) => [...new Set([...languages, chosen])].filter((tag) => tag !== ''), title: languageTitle },
}

const knownOf = ({ options }: UiField): Known | undefined => (typeof options['format'] === 'string' ? known[options['format']] : undefined)

/** The field as one of a list of values, with what it holds; undefined where any text may stand. */
export function asChoice(field: UiField, value: Json | undefined): UiField | undefined {
  const choices = knownOf(field)
  if (choices === undefined) return undefined
  const all = choices.all(plain(value))
  const options: JsonObject = { enum: all, options: Object.fromEntries(all.map((one) => [one, { title: choices.title(one) }])) }
  return { ...field, options }
}

/** How a value is called. */
export const titleOf = (field: UiField, value: Json): string => knownOf(field)?.title(plain(value)) ?? plain(value)
