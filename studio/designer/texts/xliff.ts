/** Texts as a file for translators: XLIFF 2.0 (OASIS), which their tools read and write. */
import { grouped } from '../grouped.js'
import type { Translated } from './catalog.js'

const namespace = 'urn:oasis:names:tc:xliff:document:2.0'

/** All texts of a language; what is missing has no target. `from` and `to` are BCP 47 tags. */
export function toXliff(texts: readonly Translated[], from: string, to: string): string {
  const root = document.implementation.createDocument(namespace, 'xliff', null)
  const element = (parent: Element, name: string, attributes: Readonly<Record<string, string>>, text?: string): Element => {
    const made = root.createElementNS(namespace, name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    if (text !== undefined) made.textContent = text
    parent.append(made)
    return made
  }
  const outer = root.documentElement
  for (const [key, value] of [['version', '2.0'], ['srcLang', from], ['trgLang', to]] as const) outer.setAttribute(key, value)
  const files = grouped(texts, ({ path }) => path)
  for (const [at, [path, own]] of [...files].entries()) {
    const file = element(outer, 'file', { id: `f${at + 1}`, original: path })
    for (const [number, { place, text, translation, state }] of own.entries()) {
      const segment = element(element(file, 'unit', { id: `u${number + 1}`, name: place }), 'segment', { state: state === 'done' ? 'translated' : 'initial' })
      element(segment, 'source', {}, text)
      if (translation !== '') element(segment, 'target', {}, translation)
    }
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(root)}\n`
}

export interface TranslatedFile {
  /** Language that the file is of. */
  readonly language: string
  readonly texts: readonly { readonly path: string; readonly place: string; readonly source: string; readonly translation: string }[]
}

/** What a translator sent back; null when it is no such file. */
export function fromXliff(text: string): TranslatedFile | null {
  const root = new DOMParser().parseFromString(text, 'application/xml').documentElement
  if (root.localName !== 'xliff' || root.namespaceURI !== namespace) return null
  const texts = [...root.getElementsByTagNameNS(namespace, 'unit')].flatMap((unit) => {
    const all = (name: string): string => [...unit.getElementsByTagNameNS(namespace, name)].map((part) => part.textContent ?? '').join('')
    const path = unit.closest('file')?.getAttribute('original') ?? ''
    return [{ path, place: unit.getAttribute('name') ?? '', source: all('source'), translation: all('target').trim() }]
  })
  return { language: root.getAttribute('trgLang') ?? '', texts }
}
