/** The name of a person in its parts, shown in the order of its culture, sorted by its sound, found in either script. */
import { createRequire } from 'node:module'
import type { pinyin } from 'pinyin-pro'
import { isEastAsian, nameText, readName, type PersonName } from '../../../metadata/contract/person-name.js'
import { fold } from '../../../metadata/contract/text.js'
import { composite, part, tidyParts } from '../composite.js'
import type { FieldType } from '../contract.js'
import { optionsSchema } from '../keywords.js'
import { isStorable, unstorable } from '../text-column.js'
import { text } from './text.js'

type PersonNameOptions = Record<string, never>

const longest = { family: 100, given: 100, middle: 100, prefix: 40, suffix: 40, full: 200 } as const

export const personName: FieldType<PersonNameOptions, PersonName> = {
  ...composite<PersonName>({
    parts: {
      family: part('Family name', text, { maxLength: longest.family }),
      given: part('Given name', text, { maxLength: longest.given }),
    },
    searchText,
    sortText,
  }),
  name: 'personName',
  options: optionsSchema({}),
  infer: (_property, named) => (named ? {} : undefined),
  schema: () => ({
    type: 'object',
    properties: Object.fromEntries(Object.entries(longest).map(([name, maxLength]) => [name, { type: 'string', maxLength }])),
    minProperties: 1,
    additionalProperties: false,
  }),
  canonical: (value) => tidyParts(typeof value === 'string' ? (readName(value) ?? value) : value),
  check: (value) => {
    if (!Object.values(value).every((one) => typeof one === 'string' && isStorable(one))) return unstorable
    if (value.family === undefined && value.given === undefined && value.full === undefined) return 'must have a family name, a given name or the full name'
    return value.full !== undefined && Object.keys(value).length > 1 ? 'is given either in parts or in full, not both' : undefined
  },
  parse: (written) => (written.trim().startsWith('{') ? fromJson(written) : readName(written)),
  format,
  examples: [
    { options: {}, value: { family: '王', given: '芳' }, text: '王芳' },
    { options: {}, value: { family: '欧阳', given: '修文' }, text: '欧阳修文' },
    { options: {}, value: { family: 'Lovelace', given: 'Ada', middle: 'King' }, text: 'Ada King Lovelace' },
    { options: {}, value: { family: 'van Beethoven', given: 'Ludwig' }, text: 'van Beethoven, Ludwig' },
    { options: {}, value: { family: 'King', given: 'Martin', middle: 'Luther', prefix: 'Dr.', suffix: 'Jr.' }, text: 'Dr. Martin Luther King Jr.' },
    { options: {}, value: { full: 'Cher' }, text: 'Cher' },
    { options: {}, value: { given: '花子', family: '山田' }, text: '山田 花子' },
  ],
}

/** As people write it, where that can be read back; otherwise with the family in front of a comma, or as its parts. */
function format(name: PersonName): string {
  const { family = '', prefix, given, middle, suffix } = name
  const given1 = [prefix, given, middle, suffix].filter((part) => part !== undefined).join(' ')
  const candidates = [nameText(name), `${family} ${given ?? ''}`.trim(), `${family}, ${given1}`]
  return candidates.find((candidate) => same(readName(candidate), name)) ?? JSON.stringify(name)
}

const same = (a: PersonName | undefined, b: PersonName): boolean =>
  a !== undefined && Object.keys(longest).every((key) => a[key] === b[key])

function fromJson(written: string): PersonName | undefined {
  try {
    const value = JSON.parse(written) as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as PersonName) : undefined
  } catch {
    return undefined
  }
}

/** The dictionary of sounds is loaded for the first Chinese name. */
let library: { readonly pinyin: typeof pinyin } | undefined
const load = createRequire(import.meta.url)

/** Syllables of Chinese characters, family names as such (单 is Shàn); anything else stays as it is. */
function syllables(text: string, tones: boolean): readonly string[] {
  library ??= load('pinyin-pro') as { pinyin: typeof pinyin }
  return library.pinyin(text, { type: 'array', toneType: tones ? 'symbol' : 'none', surname: 'head', nonZh: 'consecutive', v: !tones })
}

const hasHan = (text: string): boolean => /\p{Script=Han}/u.test(text)

/** Without marks on letters: José is found and sorted as Jose. */
const bare = (text: string): string => fold(text).normalize('NFD').replaceAll(/\p{M}/gu, '').normalize('NFC')

/** What a search may be typed as: the name, family first, without marks, and for Chinese the sounds with and without tones and spaces. */
function searchText(name: PersonName): string {
  const shown = fold(nameText(name))
  const spellings = [shown, ...(name.full === undefined && !isEastAsian(shown) ? [fold(`${name.family ?? ''} ${name.given ?? ''}`)] : []), bare(shown)]
  if (hasHan(shown)) {
    for (const tones of [false, true]) {
      const sounds = syllables(shown, tones).map(fold)
      spellings.push(sounds.join(' '), sounds.join(''))
    }
  }
  return [...new Set(spellings)].join('\n')
}

/** Family before given, Chinese by its sound: 王芳 stands with Wang. Equal sounds are told apart by the characters. */
function sortText(name: PersonName): string {
  const text = name.full ?? [name.family, name.given, name.middle].filter((part) => part !== undefined).join(' ')
  if (!hasHan(text)) return bare(text)
  return `${syllables(fold(text), false).join(' ').replaceAll(/\s+/g, ' ')} ${fold(text)}`
}
