/** A form as the designer changes it: its elements with their texts in all languages, so that a text goes where its element goes. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { UiFormElement } from '../../../metadata/contract/ui-model.js'
import { setValue } from '../commands/set-value.js'
import { listOf, objectOf, textLanguages, textOf } from '../draft/definitions.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'

export interface FormNode {
  /** All that the definition says of the element but its inner ones; what this designer does not know is kept. */
  readonly own: JsonObject
  /** Language → place within the element, e.g. `/label` → text. */
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Inner elements; null for one that has none by its kind. */
  readonly children: readonly FormNode[] | null
}

/** Indexes from the form down to an element. */
export type Place = readonly number[]

export const formPath = (entity: string, name = 'default'): string => `${entity}/form.${name}.json`

const layouts: ReadonlySet<string> = new Set(['VerticalLayout', 'HorizontalLayout', 'Group', 'Categorization', 'Category'])

export const typeOf = ({ own }: Pick<FormNode, 'own'>): string => textOf(own['type'])

/** The form that the draft has; null for none. */
export function readForm(documents: Documents, path: string): FormNode | null {
  const document = documents[path]
  if (document === undefined) return null
  const translations = textLanguages(documents).map((tag) => [tag, objectOf(documents[`texts/${tag}.json`]?.[path])] as const)
  return nodeFrom(document, '', translations)
}

/** A form that is only on the screen so far, such as the generated one. */
export const nodeOf = (element: JsonObject): FormNode => nodeFrom(element, '', [])

function nodeFrom(element: JsonObject, place: string, translations: readonly (readonly [string, JsonObject])[]): FormNode {
  const { elements, ...own } = element
  const texts = Object.fromEntries(translations.flatMap(([tag, all]) => {
    const mine = Object.entries(all).flatMap(([key, text]) => (key.startsWith(`${place}/`) && !key.startsWith(`${place}/elements/`) && typeof text === 'string' ? [[key.slice(place.length), text] as const] : []))
    return mine.length === 0 ? [] : [[tag, Object.fromEntries(mine)] as const]
  }))
  const inner = listOf(elements).filter(isObject)
  return { own, texts, children: Array.isArray(elements) || layouts.has(textOf(own['type'])) ? inner.map((child, index) => nodeFrom(child, `${place}/elements/${String(index)}`, translations)) : null }
}

/** Puts a form in the place of what the draft has at the path. */
export function writeForm(documents: Documents, path: string, form: FormNode): readonly Operation[] {
  const texts = textLanguages(documents).flatMap((tag) => {
    const all = Object.fromEntries(textsIn(form, '', tag))
    return setValue(documents, [`texts/${tag}.json`, path], Object.keys(all).length === 0 ? undefined : all)
  })
  const next = elementOf(form)
  const before = documents[path]
  if (before === undefined) return [{ op: 'add', path: pointer(path), value: { $schema: '/schemas/form.json', ...next } }, ...texts]
  const keys = new Set([...Object.keys(before), ...Object.keys(next)])
  return [...[...keys].flatMap((key) => setValue(documents, [path, key], next[key])), ...texts]
}

function textsIn(node: FormNode, place: string, tag: string): readonly (readonly [string, string])[] {
  const own = Object.entries(node.texts[tag] ?? {}).map(([key, text]) => [`${place}${key}`, text] as const)
  return [...own, ...(node.children ?? []).flatMap((child, index) => textsIn(child, `${place}/elements/${String(index)}`, tag))]
}

/** A form or a part of it as it is written. */
export const elementOf = ({ own, children }: FormNode): JsonObject => ({ ...own, ...(children !== null && { elements: children.map(elementOf) }) })

/** What the form shows, in a language. */
export function shownForm(node: FormNode, tag: string): UiFormElement {
  const { own, texts, children } = node
  const said = (key: 'label' | 'text'): string | undefined => texts[tag]?.[`/${key}`] ?? (typeof own[key] === 'string' ? own[key] : undefined)
  const [label, text] = [said('label'), said('text')]
  const options = own['label'] === false ? { ...objectOf(own['options']), label: false } : objectOf(own['options'])
  return {
    type: typeOf(node), options,
    ...(label !== undefined && { label }), ...(text !== undefined && { text }), ...(typeof own['scope'] === 'string' && { scope: own['scope'] }),
    ...(children !== null && { elements: children.map((child) => shownForm(child, tag)) }),
  }
}

/** The element at a place; null when there is none. */
export const nodeAt = (form: FormNode, place: Place): FormNode | null => place.reduce<FormNode | null>((node, index) => node?.children?.[index] ?? null, form)

/** Key of the field that a control shows, '' for others. */
export const fieldOf = ({ own }: Pick<FormNode, 'own'>): string => /^#\/properties\/([^/]+)/.exec(textOf(own['scope']))?.[1]?.replaceAll('~1', '/').replaceAll('~0', '~') ?? ''

/** Every element below the form with its place, from above to below. */
export const placesIn = (node: FormNode, place: Place = []): readonly { readonly node: FormNode; readonly place: Place }[] =>
  (node.children ?? []).flatMap((child, index) => [{ node: child, place: [...place, index] }, ...placesIn(child, [...place, index])])

export const control = (key: string): JsonObject => ({ type: 'Control', scope: `#/properties${pointer(key)}` })

/** A new element. */
export const newNode = (own: JsonObject): FormNode => ({ own, texts: {}, children: layouts.has(textOf(own['type'])) ? [] : null })

/** Whether two values say the same. */
export const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b)
