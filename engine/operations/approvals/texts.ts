/** What an approval says, in the language of its reader. */
import { isObject, type Json } from '../../../metadata/contract/json.js'
import type { Model } from '../../model/model.js'
import { translator, type Translate } from '../../forms/texts.js'
import { saidIn } from '../workflows/said.js'
import type { Question } from './question.js'

/** One for each language says its own; a plain text is translated like all texts of the definitions, by its place. */
export function textIn(model: Model, question: Question, key: 'title' | 'text', locale: string): string {
  const value: Json = question[key]
  if (typeof value === 'string') return saidIn(model, question, key, value, locale)
  if (!isObject(value)) return ''
  const language = locale.split('-')[0] ?? locale
  const found = value[locale] ?? value[language] ?? value.en ?? Object.values(value)[0]
  return typeof found === 'string' ? found : ''
}

/** The texts of the form: they stand in the step. */
export const formTexts = (model: Model, { workflow, path }: Question, locale: string): { readonly translate: Translate; readonly document: string; readonly place: string } =>
  ({ translate: translator(model, locale), document: `workflows/${workflow}.json`, place: `${path}/with/form` })
