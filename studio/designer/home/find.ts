/** Search over all definitions: by what things are called, in every language, by their names, identities and descriptions. Pure. */
import { isObject } from '../../../metadata/contract/json.js'
import { objectOf, textLanguages, textOf } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { sourceTexts } from '../texts/catalog.js'

export interface Found {
  /** Place as in problems: `member/entity.json#/properties/tier`. */
  readonly path: string
  /** What matched, when it is not what the place is called. */
  readonly text: string
}

/** At most so many; the best first: names that are the word, begin with it, hold it. */
export function findDefinitions(documents: Documents, question: string, most = 40): readonly Found[] {
  const word = question.trim().toLowerCase()
  if (word === '') return []
  const rank = (text: string): number => {
    const lower = text.toLowerCase()
    return lower === word ? 0 : lower.startsWith(word) ? 1 : lower.includes(word) ? 2 : 3
  }
  const best = new Map<string, Found & { readonly rank: number }>()
  for (const { path, text } of named(documents)) {
    const own = rank(text)
    if (own < Math.min(3, best.get(path)?.rank ?? 3)) best.set(path, { path, text, rank: own })
  }
  return [...best.values()].toSorted((a, b) => a.rank - b.rank || Number(isPart(a.path)) - Number(isPart(b.path)) || a.path.length - b.path.length).slice(0, most)
}

/** Everything that things are known by, with the place that is shown for it. */
function named(documents: Documents): readonly Found[] {
  const tags = textLanguages(documents)
  const names = Object.entries(documents).flatMap(([path, document]): readonly Found[] => {
    if (path.startsWith('texts/')) return []
    const parts = path.replace(/\.json$/, '').split('/')
    const own = [{ path, text: path }, ...parts.map((text) => ({ path, text }))]
    if (!path.endsWith('/entity.json')) return own
    return [...own, ...Object.entries(objectOf(document['properties'])).flatMap(([key, property]) => {
      const place = `${path}#/properties/${key}`
      const id = textOf(objectOf(objectOf(property)['crm'])['id'])
      return [{ path: place, text: key }, ...(id === '' ? [] : [{ path: place, text: id }])]
    })]
  })
  const texts = sourceTexts(documents).map(({ path, place, text }) => ({ path: shown(path, place), text }))
  const translations = tags.flatMap((tag) => Object.entries(documents[`texts/${tag}.json`] ?? {}).flatMap(([path, entries]) =>
    (isObject(entries) ? Object.entries(entries) : []).flatMap(([place, text]) => (typeof text === 'string' ? [{ path: shown(path, place), text }] : []))))
  // What a place is called comes before the name of its file: the first of those that match alike is shown.
  return [...texts, ...translations, ...names]
}

/** Entities come before what belongs to them. */
const isPart = (path: string): boolean => !path.endsWith('/entity.json')

/** What a text belongs to: a field, or the definition. */
const shown = (path: string, place: string): string => {
  const field = path.endsWith('/entity.json') ? /^\/properties\/[^/]+/.exec(place)?.[0] : undefined
  return field === undefined ? path : `${path}#${field}`
}
