/** Free words, each at most once, in the order in which they were given. */
import type { Json } from '../../../metadata/contract/json.js'
import { fold } from '../../../metadata/contract/text.js'
import type { FieldType } from '../contract.js'
import { hasType, keywordOptions, optionsOf, optionsSchema, picked, settingsOf } from '../keywords.js'
import { joinWords, splitWords } from '../word-list.js'
import { isStorable, unstorable } from '../text-column.js'

const limits = ['minItems', 'maxItems'] as const
const longestTag = 60
const mostTags = 50

type TagsOptions = { readonly suggestions?: readonly string[]; readonly minItems?: number; readonly maxItems?: number }

export const tags: FieldType<TagsOptions, readonly string[]> = {
  name: 'tags',
  options: optionsSchema({
    suggestions: { type: 'array', items: { type: 'string', minLength: 1, maxLength: longestTag }, uniqueItems: true, title: 'Suggestions', description: 'Words that are offered while typing; any other word may be used too.' },
    minItems: keywordOptions.minItems,
    maxItems: { ...keywordOptions.maxItems, default: mostTags, maximum: 500 },
  }),
  infer: (property, named) => {
    const plain = hasType(property, 'array') && property.uniqueItems === true && isWord(property.items)
    return named || plain ? { ...optionsOf(property, limits), ...picked(settingsOf(property), ['suggestions']) } : undefined
  },
  schema: (options) => ({ type: 'array', items: { type: 'string', minLength: 1, maxLength: longestTag }, uniqueItems: true, maxItems: mostTags, ...picked(options, limits) }),
  canonical: (value: Json) => (Array.isArray(value) ? distinct(value as readonly Json[]) : value),
  columns: () => [
    { suffix: '', kind: 'json' },
    { suffix: 'fold', kind: 'text', role: 'fold' },
  ],
  toColumns: (value) => (value === null ? [null, null] : [value, value.map(fold).join('\n')]),
  fromColumns: ([cell]) => (Array.isArray(cell) ? (cell as readonly string[]) : null),
  operators: ['$eq', '$ne', '$contains'],
  operand: (value, operator) => (operator === '$contains' && typeof value === 'string' && isStorable(value) ? fold(tidy(value)) : undefined),
  sortColumn: () => null,
  measures: ['count'],
  buckets: [],
  searchable: true,
  check: (value) => (value.every(isStorable) ? undefined : unstorable),
  parse: (written) => distinct(splitWords(written)) as readonly string[],
  format: joinWords,
  formula: 'list',
  examples: [
    { options: {}, value: ['vip', 'wholesale'], text: 'vip; wholesale' },
    { options: { suggestions: ['老客户', 'a;b'], maxItems: 3 }, value: ['老客户', 'a;b', 'say "hi"'], text: '老客户; "a;b"; "say ""hi"""' },
    { options: {}, value: ['İstanbul', '100%'], text: 'İstanbul; 100%' },
    { options: {}, value: [], text: '' },
  ],
}

const isWord = (items: Json | undefined): boolean => typeof items === 'object' && items !== null && !Array.isArray(items) && Object.keys(items).length === 1 && 'type' in items && items.type === 'string'

/** One line without spaces around it or doubled in it. */
const tidy = (tag: string): string => tag.replaceAll(/\s+/gu, ' ').trim()

/** Tidy, without the empty ones and without those that differ from an earlier one by upper and lower case only. */
function distinct(tags: readonly Json[]): readonly Json[] {
  const seen = new Set<string>()
  return tags.map((tag) => (typeof tag === 'string' ? tidy(tag) : tag)).filter((tag) => {
    if (typeof tag !== 'string') return true
    const word = fold(tag)
    if (word === '' || seen.has(word)) return false
    seen.add(word)
    return true
  })
}
