/** All texts of the definitions that people read, and how far each language is. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { listOf, objectOf, textOf, titleFrom } from '../draft/definitions.js'
import { setValue } from '../commands/set-value.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'

/** A text in the definitions' own language. */
export interface SourceText {
  /** `member/entity.json` */
  readonly path: string
  /** JSON Pointer of it. */
  readonly place: string
  readonly text: string
  /** Nobody wrote it: it is made of the name. */
  readonly implied: boolean
}

/** Members that people read, wherever they stand. */
const read: ReadonlySet<string> = new Set(['title', 'plural', 'description', 'label', 'message', 'lead', 'text', 'send', 'thanks'])
/** Below these stand values, not words of ours. */
const values: ReadonlySet<string> = new Set(['set', 'values', 'where', 'filter', 'guard', 'requiredWhen', 'schema', 'const', 'default', 'enum', 'export', 'input', 'output', 'tests'])

/** Every text that can be translated, in the order of the definitions. */
export const sourceTexts = (documents: Documents): readonly SourceText[] =>
  Object.entries(documents).filter(([path]) => !path.startsWith('texts/')).flatMap(([path, document]) => [
    ...(path.endsWith('/entity.json') ? impliedTexts(path, document) : []),
    ...textsIn(document, []).map(({ keys, text }): SourceText => ({ path, place: pointer(...keys), text, implied: false })),
  ])

/** What is computed when a workflow runs is not read by anybody. */
const isExpression = (text: string): boolean => /^\s*\$\{[\s\S]*\}\s*$/.test(text)

function textsIn(value: Json, keys: readonly (string | number)[]): readonly { readonly keys: readonly (string | number)[]; readonly text: string }[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((item, index) => textsIn(item, [...keys, index]))
  if (!isObject(value) || value['call'] === 'crm.send') return [] // what goes out says itself in which languages it is
  const isNames = ['properties', 'options', 'states', 'on', 'tiles', 'filters'].includes(String(keys.at(-1) ?? ''))
  return Object.entries(value).flatMap(([key, member]) => {
    if (typeof member === 'string') return read.has(key) && !isNames && member !== '' && !isExpression(member) ? [{ keys: [...keys, key], text: member }] : []
    return values.has(key) && !isNames ? [] : textsIn(member, [...keys, key])
  })
}

/** Titles of fields and choices that are made of their names. */
function impliedTexts(path: string, document: JsonObject): readonly SourceText[] {
  const implied = (keys: readonly string[], name: string): SourceText => ({ path, place: pointer(...keys), text: titleFrom(name), implied: true })
  const own = textOf(document['title']) === '' ? [implied(['title'], path.slice(0, path.indexOf('/')))] : []
  return [...own, ...Object.entries(objectOf(document['properties'])).flatMap(([key, value]) => {
    const property = objectOf(value)
    const options = objectOf(objectOf(property['crm'])['options'])
    const choices = listOf(property['enum']).flatMap((choice) => (typeof choice === 'string' && textOf(objectOf(options[choice])['title']) === '' ? [implied(['properties', key, 'crm', 'options', choice, 'title'], choice)] : []))
    return [...(textOf(property['title']) === '' ? [implied(['properties', key, 'title'], key)] : []), ...choices]
  })]
}

export type TextState = 'missing' | 'changed' | 'done'

export interface Translated extends SourceText {
  /** '' when there is none. */
  readonly translation: string
  readonly state: TextState
  /** What was translated, when that is another text now; '' otherwise. */
  readonly was: string
  /** Marks such as `{name}`, for which something else is read, that the text has and the translation has not. */
  readonly lacks: readonly string[]
}

/** What was translated, by `language path#place`, as the engine and the draft know it. */
export type Earlier = ReadonlyMap<string, string>

export const earlierKey = (language: string, path: string, place: string): string => `${language} ${path}#${place}`

/** Somebody said of a translation that it is right for the text as it is now. */
export const confirmed = (documents: Documents, language: string, { path, place, text }: SourceText): readonly Operation[] => setValue(documents, [`texts/${language}.json`, confirmedKey, path, place], text)

const confirmedKey = '$confirmed'

/** The texts with their translations. `published` tells what the draft changed without its translation. */
export function translatedTexts(documents: Documents, published: Documents, language: string, earlier: Earlier): readonly Translated[] {
  const [own, before] = [documents, published].map((all) => objectOf(all[`texts/${language}.json`]))
  const publishedTexts = new Map(sourceTexts(published).map((source) => [`${source.path}#${source.place}`, source.text]))
  return sourceTexts(documents).map((source) => {
    const translation = textOf(objectOf(own?.[source.path])[source.place])
    const untouched = translation === textOf(objectOf(before?.[source.path])[source.place])
    const published = publishedTexts.get(`${source.path}#${source.place}`) ?? source.text
    const isConfirmed = textOf(objectOf(objectOf(own?.[confirmedKey])[source.path])[source.place]) === source.text
    const was = translation === '' || !untouched || isConfirmed ? '' : (earlier.get(earlierKey(language, source.path, source.place)) ?? (published === source.text ? '' : published))
    const lacks = translation === '' ? [] : marksIn(source.text).filter((mark) => !translation.includes(mark))
    return { ...source, translation, was, lacks, state: translation === '' ? 'missing' : lacks.length === 0 && (was === '' || was === source.text) ? 'done' : 'changed' }
  })
}

const marksIn = (text: string): readonly string[] => [...new Set(text.match(/\{\w+\}/g))]

export interface Progress {
  readonly total: number
  readonly missing: number
  readonly changed: number
}

export const progressOf = (texts: readonly Translated[]): Progress => ({
  total: texts.length, missing: texts.filter(({ state }) => state === 'missing').length, changed: texts.filter(({ state }) => state === 'changed').length,
})

/** Whole percent that are done; 100 only when all are. */
export const percentDone = ({ total, missing, changed }: Progress): number => (total === 0 ? 100 : Math.floor(((total - missing - changed) / total) * 100))
