/** One of a list of values. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { Column, FieldType } from '../contract.js'
import { choiceOptions, keywordOptions, listedTitles, listedValues, optionsSchema, settingsOf } from '../keywords.js'
import { parseNumber } from '../number-column.js'
import { isStorable } from '../text-column.js'

/** Values are all texts or all whole numbers. */
type Choice = string | number

type SelectOptions = {
  readonly enum: readonly Choice[]
  readonly options?: JsonObject
}

/** True when a select can hold the values: all texts, or all whole numbers. */
export const isChoices = (values: readonly Json[] | undefined): values is readonly Choice[] =>
  values !== undefined && values.length > 0 && (values.every((value) => typeof value === 'string' && isStorable(value)) || values.every((value) => Number.isSafeInteger(value)))

/** The options of a property that lists values; titles in `crm.options` win over those of `oneOf`. */
export function choicesOf(listing: JsonObject, settings: JsonObject, values: readonly Choice[]): SelectOptions {
  const shown = { ...listedTitles(listing), ...(isObject(settings.options) ? settings.options : {}) }
  return { enum: values, ...(Object.keys(shown).length > 0 ? { options: shown } : {}) }
}

/** The value that a person meant by its spelling or its title; undefined when there is none. */
export function choiceFrom(written: string, options: SelectOptions): Choice | undefined {
  const exact = options.enum.find((value) => String(value) === written)
  if (exact !== undefined) return exact
  const word = written.normalize('NFKC').trim().toLowerCase()
  const titleOf = (value: Choice): unknown => {
    const shown = options.options?.[String(value)]
    return isObject(shown) ? shown.title : undefined
  }
  return options.enum.find((value) => {
    const title = titleOf(value)
    return String(value).toLowerCase() === word || value === parseNumber(word) || (typeof title === 'string' && title.toLowerCase() === word)
  })
}

const isNumeric = (options: SelectOptions): boolean => typeof options.enum[0] === 'number'
const textColumn: readonly Column[] = [{ suffix: '', kind: 'text' }]
const numberColumn: readonly Column[] = [{ suffix: '', kind: 'integer' }]

export const select: FieldType<SelectOptions, Choice> = {
  name: 'select',
  options: optionsSchema({ enum: { ...keywordOptions.enum, items: { type: ['string', 'integer'] } }, options: choiceOptions }, ['enum']),
  infer: (property) => {
    const values = listedValues(property)
    return isChoices(values) ? choicesOf(property, settingsOf(property), values) : undefined
  },
  schema: (options) => ({ type: isNumeric(options) ? 'integer' : 'string', enum: options.enum }),
  columns: (options) => (isNumeric(options) ? numberColumn : textColumn),
  toColumns: (value) => [value],
  fromColumns: ([cell]) => (typeof cell === 'string' || typeof cell === 'number' ? cell : null),
  operators: ['$eq', '$ne', '$in', '$nin'],
  operand: (value, _operator, options) => options.enum.find((choice) => choice === value),
  sortColumn: () => 0,
  steps: (options) => options.enum,
  measures: ['count'],
  buckets: [],
  parse: choiceFrom,
  format: (value) => String(value),
  formula: 'text',
  formulaOf: (options) => (isNumeric(options) ? 'number' : 'text'),
  examples: [
    { options: { enum: ['bronze', 'silver', 'gold'], options: { gold: { title: 'Gold', color: 'amber' } } }, value: 'gold', text: 'gold' },
    { options: { enum: ['到店', 'A, B', ''] }, value: 'A, B', text: 'A, B' },
    { options: { enum: [1, 2, 30] }, value: 30, text: '30' },
  ],
}
