/** A list or a dashboard that was never published takes its API name from its title, as a field or an entity does while it is made. */
import type { Json } from '../../../metadata/contract/json.js'
import { isName, objectOf, suggestName, textLanguages, textOf } from '../draft/definitions.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'
import { removeDocument } from './remove-document.js'
import { setValue } from './set-value.js'

/** What is called after its title: `pathOf` gives its document, `taken` are the names of the others like it. */
export interface Titled {
  readonly name: string
  readonly fallback: string
  readonly pathOf: (name: string) => string
  readonly taken: readonly string[]
}

/** The name by its title; null where it keeps the one that it has: it is published, something else names it, or the name is the one already. */
export function nameByTitle(documents: Documents, published: Documents, { name, fallback, pathOf, taken }: Titled): string | null {
  const path = pathOf(name)
  const title = textOf(documents[path]?.['title'])
  if (title === '' || published[path] !== undefined || isNamed(documents, path, name)) return null
  const next = suggestName(title, fallback, taken.filter((one) => one !== name))
  return next === name || !isName(next) || documents[pathOf(next)] !== undefined ? null : next
}

/** Puts a document at another path, with what it is called in other languages. */
export function moveDocument(documents: Documents, from: string, to: string): readonly Operation[] {
  const document = documents[from]
  if (document === undefined || documents[to] !== undefined) return []
  const texts = textLanguages(documents).flatMap((tag) => {
    const file = `texts/${tag}.json`
    const own = objectOf(documents[file])[from]
    return own === undefined ? [] : setValue(documents, [file, to], own)
  })
  return [{ op: 'add', path: pointer(to), value: document }, ...texts, ...removeDocument(documents, from)]
}

/** Another definition says this name, such as the navigation a dashboard's: it may be meant. */
const isNamed = (documents: Documents, path: string, name: string): boolean =>
  Object.entries(documents).some(([other, document]) => other !== path && !other.startsWith('texts/') && says(document, name))

function says(value: Json, name: string): boolean {
  if (typeof value === 'string') return value === name || value.endsWith(`.${name}`) || value.endsWith(`/${name}`)
  if (typeof value !== 'object' || value === null) return false
  return Array.isArray(value) ? value.some((item: Json) => says(item, name)) : Object.values(objectOf(value)).some((inner) => says(inner, name))
}
