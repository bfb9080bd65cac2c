/** Takes a list or a form away, with what it is called in other languages. */
import { objectOf, textLanguages } from '../draft/definitions.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'
import { setValue } from './set-value.js'

export function removeDocument(documents: Documents, path: string): readonly Operation[] {
  if (documents[path] === undefined) return []
  const texts = textLanguages(documents).flatMap((tag) => (objectOf(documents[`texts/${tag}.json`])[path] === undefined ? [] : setValue(documents, [`texts/${tag}.json`, path], undefined)))
  return [...texts, { op: 'remove', path: pointer(path) }]
}
