/** Words, numbers and dates in the reader's language. Texts are flat keys in `texts/<language>.json`. */
import type english from '../texts/en.json'
import type designer from '../texts/designer.en.json'
import { Store } from './store.js'

type Texts = Readonly<Record<string, string>>
export type TextKey = keyof typeof english | keyof typeof designer

/** The application's texts, and those that are read in the studio alone: twice as many. */
type Part = 'application' | 'designer'

/** By their place: `ar.json` makes the interface speak Arabic, and `designer.ar.json` the studio, which speaks English without it. */
const files = import.meta.glob<Texts>('../texts/*.json', { import: 'default' })
const fileOf = (tag: string, part: Part): string => `../texts/${part === 'designer' ? 'designer.' : ''}${tag}.json`

/** BCP 47 tag of a language that the interface itself is written in. */
export type Language = string
export const languages: ReadonlySet<Language> = new Set(Object.keys(files).flatMap((file) => /\/([\w-]+)\.json$/.exec(file)?.[1] ?? []))
/** Names of languages by language, each made when it is first asked for: the first screen has no use for them, and they are dear. */
const languageNames = new Map<string, Intl.DisplayNames>()
/** Languages that are written from right to left; not every browser tells. */
const leftwards = new Set(['ar', 'ckb', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi'])

/** The language in use; elements watch it. */
export const language = new Store<Language>('en')
/** What was asked for last: its texts may be on the way. */
let wanted: Language = 'en'
const parts = new Set<Part>(['application'])
const known = new Map<Language, Texts>()
let texts: Texts = {}
let plurals = new Intl.PluralRules('en')

/** The interface language that fits a BCP 47 tag best. */
export function languageFor(tag: string): Language {
  const short = tag.toLowerCase().split('-')[0] ?? ''
  return languages.has(short) ? short : 'en'
}

/** The reader's locale: of their browser's languages the first in which the interface is written now, with its region. */
export const localeOf = (): string => navigator.languages.find((tag) => tag.toLowerCase().split('-')[0] === language.value && isTag(tag)) ?? language.value

/** Browsers also hand on what the system calls its languages (`en-US@posix`). */
function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0
  } catch {
    return false
  }
}

/** BCP 47 tag of a text in a language of the interface. */
export const tagOf = (written: Language): string => (written === 'zh' ? 'zh-CN' : written)

/** Loads the texts of a language, then switches to it. Nothing is drawn before the first time. */
export async function speak(next: Language): Promise<void> {
  wanted = next
  const loaded = await Promise.all([...parts].map(async (part) => (files[fileOf(next, part)] ?? files[fileOf('en', part)])?.()))
  known.set(next, Object.assign({}, known.get(next), ...loaded))
  if (wanted !== next) return speak(wanted)
  texts = known.get(next) ?? {}
  plurals = new Intl.PluralRules(next)
  mark('lang', tagOf(next))
  mark('dir', leftwards.has(next) ? 'rtl' : 'ltr')
  language.set(next)
}

/** What is written anew has the whole page's styles computed anew, even where it is the same. */
function mark(name: 'lang' | 'dir', value: string): void {
  if (document.documentElement[name] !== value) document.documentElement[name] = value
}

/** Loads the texts of the studio, too: in this language and in every one that is switched to. */
export async function speakOfDesign(): Promise<void> {
  parts.add('designer')
  await speak(wanted)
}

type Params = Readonly<Record<string, string | number>>

/**
 * The text of a key with `{name}` filled in; numbers are written for the language. With a `count`, `key.one`,
 * `key.other` ... are tried by the language's plural rule before `key`.
 */
export function t(key: TextKey, params: Params = {}): string {
  const count = params['count']
  const plural = typeof count === 'number' ? (texts[`${key}.${plurals.select(count)}`] ?? texts[`${key}.other`]) : undefined
  const text = plural ?? texts[key] ?? key
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? number(value) : value
  })
}

/** True when the key has a text, for keys that are made from codes. */
export const hasText = (key: string): key is TextKey => Object.hasOwn(texts, key)

/** A language in the words of another, the reader's if none is said; its tag where nobody has a name for it. */
export function languageName(tag: string, inLanguage = document.documentElement.lang || 'en'): string {
  try {
    const names = languageNames.get(inLanguage) ?? new Intl.DisplayNames([inLanguage], { type: 'language' })
    languageNames.set(inLanguage, names)
    return names.of(tag) ?? tag
  } catch {
    return tag // no tag of a language at all
  }
}

/** A language in its own words where the interface is written in it, else in the reader's. */
export const languageTitle = (tag: string): string => (languages.has(tag) ? languageName(tag, tag) : languageName(tag))

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>()

function kept<F extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(kind: string, options: object, make: (tag: string) => F): F {
  const tag = document.documentElement.lang || 'en'
  const key = `${kind} ${tag} ${JSON.stringify(options)}`
  const found = formats.get(key)
  // The kind is part of the key, so what is found was made by the same `make`.
  if (found !== undefined) return found as F
  const made = make(tag)
  formats.set(key, made)
  return made
}

/** A number for reading. */
export const number = (value: number, options: Intl.NumberFormatOptions = {}): string =>
  kept('number', options, (tag) => new Intl.NumberFormat(tag, options)).format(value)

/** How numbers are written in a language. */
export interface NumberMarks {
  /** Before the digits of the fraction. */
  readonly decimal: string
  /** Between groups of digits. */
  readonly group: string
  /** Zero to nine. */
  readonly digits: readonly string[]
}

/** The marks that `number` writes. */
export function numberMarks(): NumberMarks {
  const format = kept('number', {}, (tag) => new Intl.NumberFormat(tag))
  const parts = format.formatToParts(1_234_567.8)
  const mark = (wanted: Intl.NumberFormatPartTypes): string => parts.find(({ type }) => type === wanted)?.value ?? ''
  return { decimal: mark('decimal') || '.', group: mark('group'), digits: Array.from({ length: 10 }, (_, digit) => format.format(digit)) }
}

/** Words one after another: `A, B and C`. */
export const listed = (words: readonly string[]): string =>
  new Intl.ListFormat(document.documentElement.lang || 'en', { type: 'conjunction' }).format(words)

/** Of which one is enough: `A, B or C`. */
export const listedAny = (words: readonly string[]): string =>
  new Intl.ListFormat(document.documentElement.lang || 'en', { type: 'disjunction' }).format(words)

/** An instant for reading, in the reader's time zone. `''` when it is not an instant. */
export function instant(value: string | number | Date, timeZone: string, options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' }): string {
  const at = new Date(value)
  if (Number.isNaN(at.getTime())) return ''
  const all = timeZone === '' ? options : { ...options, timeZone }
  return kept('date', all, (tag) => new Intl.DateTimeFormat(tag, all)).format(at)
}

/** A calendar day (`YYYY-MM-DD`) for reading. It has no zone, so it is formatted as UTC on both sides. */
export function day(value: string, options: Intl.DateTimeFormatOptions = { dateStyle: 'medium' }): string {
  return instant(`${value}T00:00:00Z`, 'UTC', options)
}

const fromTo: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' }

/** From one calendar day to another: what both share, such as the year, is said once. */
export const daysText = (from: string, to: string): string =>
  kept('date', fromTo, (tag) => new Intl.DateTimeFormat(tag, fromTo)).formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`))

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3_600], ['minute', 60],
]

/** "3 hours ago", for what happened lately. */
export function ago(value: string, now = Date.now()): string {
  const seconds = (new Date(value).getTime() - now) / 1000
  if (Number.isNaN(seconds)) return ''
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1]
  const format = kept('ago', {}, (tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }))
  return format.format(Math.round(seconds / size), unit)
}
