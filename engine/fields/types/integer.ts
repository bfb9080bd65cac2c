/** A whole number that JSON carries exactly: within 2^53 - 1. */
import type { FieldType } from '../contract.js'
import { hasType, keywordOptions, optionsOf, optionsSchema, picked } from '../keywords.js'
import { isMultiple, numeric, parseNumber, unsigned } from '../number-column.js'

const limits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'const'] as const

type IntegerOptions = {
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
  readonly const?: number
}

export const integer: FieldType<IntegerOptions, number> = {
  ...numeric,
  name: 'integer',
  options: optionsSchema({
    minimum: keywordOptions.minimum,
    maximum: keywordOptions.maximum,
    exclusiveMinimum: keywordOptions.exclusiveMinimum,
    exclusiveMaximum: keywordOptions.exclusiveMaximum,
    multipleOf: keywordOptions.multipleOf,
    const: { ...keywordOptions.const, type: 'integer' },
  }),
  infer: (property, named) => (named || hasType(property, 'integer') ? optionsOf(property, [...limits, 'multipleOf']) : undefined),
  schema: (options) => ({ type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, ...picked(options, limits) }),
  columns: () => [{ suffix: '', kind: 'integer' }],
  operand: (value) => (Number.isSafeInteger(value) ? unsigned(value) : undefined),
  check: (value, options) => {
    if (!Number.isSafeInteger(value)) return 'must be a whole number that is not too large'
    return options.multipleOf === undefined || isMultiple(value, options.multipleOf) ? undefined : `must be a multiple of ${String(options.multipleOf)}`
  },
  parse: (written, _, habits) => {
    const value = parseNumber(written, habits?.decimal)
    return Number.isSafeInteger(value) ? value : undefined
  },
  format: (value) => String(value),
  examples: [
    { options: {}, value: 42, text: '42' },
    { options: {}, value: 0, text: '0' },
    { options: {}, value: Number.MAX_SAFE_INTEGER, text: '9007199254740991' },
    { options: {}, value: Number.MIN_SAFE_INTEGER, text: '-9007199254740991' },
    { options: { minimum: 0, exclusiveMaximum: 100, multipleOf: 5 }, value: 95, text: '95' },
  ],
}
