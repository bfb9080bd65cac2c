/** Texts of the definitions in one language. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { isObject } from '../../metadata/contract/json.js'
import type { Model } from '../model/model.js'
import { systemTexts } from './system-texts.js'

/** The text at a place of a document in the language at hand, or `fallback`. */
export type Translate = (document: string, place: string, fallback: string) => string

/** The tags to look under, the closest first: `zh-Hant-TW` → `zh-Hant-TW`, `zh-Hant`, `zh`, then any other `zh-…`. */
function candidates(locale: string, tags: readonly string[]): readonly string[] {
  const parts = locale.split('-')
  const shorter = parts.map((_, i) => parts.slice(0, parts.length - i).join('-').toLowerCase())
  const near = tags.filter((tag) => tag.toLowerCase().split('-')[0] === parts[0]?.toLowerCase())
  return [...new Set([...shorter.flatMap((wanted) => near.filter((tag) => tag.toLowerCase() === wanted)), ...(parts[0]?.toLowerCase() === 'en' ? [] : near)])]
}

/** The closest language in which the definitions or the engine's own words are written; English where there is none. */
export const languageFor = (model: Model, locale: string): string =>
  candidates(locale, [...model.texts.keys(), ...Object.keys(systemTexts)])[0] ?? 'en'

/** Looks texts up in the layers' translations; the definitions themselves are written in English. */
export function translator(model: Model, locale: string): Translate {
  const tables = candidates(locale, [...model.texts.keys()]).map((tag) => model.texts.get(tag) ?? {})
  return (document, place, fallback) => {
    for (const table of tables) {
      const texts = Object.hasOwn(table, document) ? table[document] : undefined
      if (texts !== undefined && Object.hasOwn(texts, place)) return texts[place] ?? fallback
    }
    return fallback
  }
}

/** The title of a system field, or a message of the engine, which no document has. */
export function systemText(key: string, locale: string, fallback: string): string {
  const language = locale.split('-')[0]?.toLowerCase() ?? ''
  const table = Object.hasOwn(systemTexts, language) ? systemTexts[language] : undefined
  return table !== undefined && Object.hasOwn(table, key) ? (table[key] ?? fallback) : fallback
}

/** `value` with each `title` and `description` below `place` translated: options keep the form that they have in the document. */
export function translated(value: Json, document: string, place: string, translate: Translate): Json {
  if (!isObject(value)) return value
  const result: Record<string, Json> = {}
  for (const [key, inner] of Object.entries(value)) {
    const at = `${place}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    result[key] = (key === 'title' || key === 'description') && typeof inner === 'string' ? translate(document, at, inner) : translated(inner, document, at, translate)
  }
  return result satisfies JsonObject
}
