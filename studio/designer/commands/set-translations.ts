/** Begins a language, and writes many translations at once. */
import { objectOf } from '../draft/definitions.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'
import { grouped } from '../grouped.js'
import { setValue } from './set-value.js'

export interface Translation {
  /** `member/entity.json` */
  readonly path: string
  /** JSON Pointer of the text that it is of. */
  readonly place: string
  readonly translation: string
}

/** Texts of one thing in several languages. */
export const withTexts = (documents: Documents, texts: readonly (Translation & { readonly language: string })[]): readonly Operation[] =>
  [...grouped(texts, ({ language }) => language)].flatMap(([language, own]) => withTranslations(documents, language, own))

/** The language is there afterwards, also without a single text. */
export function withTranslations(documents: Documents, language: string, translations: readonly Translation[]): readonly Operation[] {
  const file = `texts/${language}.json`
  const before = documents[file]
  const changed = [...grouped(translations, ({ path }) => path)].map(([path, own]) =>
    [path, { ...objectOf(before?.[path]), ...Object.fromEntries(own.map(({ place, translation }) => [place, translation])) }] as const)
  if (before === undefined) return [{ op: 'add', path: pointer(file), value: Object.fromEntries(changed) }]
  return changed.flatMap(([path, texts]) => setValue(documents, [file, path], texts))
}
