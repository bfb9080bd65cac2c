/** Texts as a file for translators: XLIFF 2.0 (OASIS), which their tools read and write. */
import { grouped } from '../grouped.js'
import type { Translated } from './catalog.js'
import { canonical } from './language-tag.js'

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
  // Lines and spaces of a text are its own; tools fold them otherwise.
  outer.setAttributeNS('http://www.w3.org/XML/1998/namespace', 'xml:space', 'preserve')
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

/** One text as a translator sent it back. */
export interface Returned {
  readonly path: string
  readonly place: string
  readonly source: string
  /** '' where it is not translated, or not to its end. */
  readonly translation: string
}

export interface TranslatedFile {
  /** BCP 47 tag of the language that the file is of, in its usual writing. */
  readonly language: string
  readonly texts: readonly Returned[]
}

/** Why a file is not read: it is damaged, it is another kind of file, or it does not say its language. */
export type Unreadable = 'damaged' | 'other' | 'language'

/** What a translator sent back. A file that ends too early is refused as a whole, although a parser gives what it had until there. */
export function fromXliff(text: string): TranslatedFile | Unreadable {
  const parsed = new DOMParser().parseFromString(text, 'application/xml')
  const root = parsed.documentElement
  if (parsed.querySelector('parsererror') !== null) return 'damaged'
  if (root.localName !== 'xliff' || root.namespaceURI !== namespace) return 'other'
  const language = canonical(root.getAttribute('trgLang') ?? '')
  if (language === null) return 'language'
  return { language, texts: [...root.getElementsByTagNameNS(namespace, 'unit')].map(returned) }
}

/** A tool may have cut the text of a unit into segments; proposals from its memory stand beside them and are no translations. */
function returned(unit: Element): Returned {
  const parts = [...unit.children].filter(({ namespaceURI, localName }) => namespaceURI === namespace && (localName === 'segment' || localName === 'ignorable'))
  const read = (part: Element, name: string): string | undefined => [...part.children].find((child) => child.localName === name)?.textContent ?? undefined
  const source = parts.map((part) => read(part, 'source') ?? '').join('')
  const targets = parts.map((part) => read(part, 'target') ?? (part.localName === 'ignorable' ? (read(part, 'source') ?? '') : undefined))
  const translation = targets.includes(undefined) ? '' : targets.join('')
  // Spaces around it are of whoever laid the file out, unless the text has some.
  const own = source.trim() === source ? translation.trim() : translation
  return { path: unit.closest('file')?.getAttribute('original') ?? '', place: unit.getAttribute('name') ?? '', source, translation: own.trim() === '' ? '' : own }
}
