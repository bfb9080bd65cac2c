/** Several of a list of values, each at most once, kept in the order of the list. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { FieldType } from '../contract.js'
import { choiceOptions, hasType, keywordOptions, listedValues, optionsSchema, picked, settingsOf } from '../keywords.js'
import { joinWords, splitWords } from '../word-list.js'
import { choiceFrom, choicesOf, isChoices } from './select.js'

type Choice = string | number

type MultiSelectOptions = {
  readonly enum: readonly Choice[]
  readonly options?: JsonObject
  readonly minItems?: number
  readonly maxItems?: number
}

const limits = ['minItems', 'maxItems'] as const

export const multiSelect: FieldType<MultiSelectOptions, readonly Choice[]> = {
  name: 'multiSelect',
  options: optionsSchema(
    { enum: { ...keywordOptions.enum, items: { type: ['string', 'integer'] } }, options: choiceOptions, minItems: keywordOptions.minItems, maxItems: keywordOptions.maxItems },
    ['enum'],
  ),
  infer: (property, named) => {
    const items = isObject(property.items) ? property.items : {}
    // A named type may list its values at the property itself, as a select does.
    const values = listedValues(items) ?? (named ? listedValues(property) : undefined)
    if (!isChoices(values) || !(named || hasType(property, 'array'))) return undefined
    return { ...choicesOf(isObject(property.items) ? items : property, settingsOf(property), values), ...picked(property, limits) }
  },
  schema: (options) => ({
    type: 'array',
    items: { type: typeof options.enum[0] === 'number' ? 'integer' : 'string', enum: options.enum },
    uniqueItems: true,
    ...picked(options, limits),
  }),
  canonical: (value, options) => (Array.isArray(value) ? ordered(value as readonly Json[], options.enum) : value),
  columns: () => [{ suffix: '', kind: 'json' }],
  toColumns: (value) => [value],
  fromColumns: ([cell]) => (Array.isArray(cell) ? (cell as readonly Choice[]) : null),
  operators: ['$eq', '$ne', '$contains'],
  operand: (value, operator, options) => (operator === '$contains' ? options.enum.find((choice) => choice === value) : undefined),
  sortColumn: () => null,
  measures: ['count'],
  buckets: [],
  parse: (written, options) => {
    const words = splitWords(written)
    const values = words.map((word) => choiceFrom(word, options))
    const known = values.filter((value) => value !== undefined)
    return known.length === values.length && new Set(known).size === known.length ? (ordered(known, options.enum) as readonly Choice[]) : undefined
  },
  format: joinWords,
  formula: 'list',
  examples: [
    { options: { enum: ['news', 'offers', 'events'] }, value: ['news', 'events'], text: 'news; events' },
    { options: { enum: ['a;b', 'say "hi"', '成都'], maxItems: 3 }, value: ['a;b', 'say "hi"', '成都'], text: '"a;b"; "say ""hi"""; 成都' },
    { options: { enum: [1, 2, 3] }, value: [1, 3], text: '1; 3' },
    { options: { enum: ['x'] }, value: [], text: '' },
  ],
}

/** In the order of the list; values that are not in it go last and are refused by the schema. */
function ordered(values: readonly Json[], choices: readonly Choice[]): readonly Json[] {
  const place = (value: Json): number => {
    const index = choices.indexOf(value as Choice)
    return index < 0 ? choices.length : index
  }
  return [...values].sort((a, b) => place(a) - place(b))
}
