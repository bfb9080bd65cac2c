/** A number with a fixed number of digits after the point, kept exactly. More digits are refused, never rounded. */
import type { FieldType } from '../contract.js'
import { hasType, keywordOptions, optionsOf, optionsSchema, picked } from '../keywords.js'
import { fitsScale, formatNumber, fractionDigits, isMultiple, largest, parseNumber, withScale } from '../number-column.js'

const limits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'const'] as const
const defaultScale = 4
const maximumScale = 9

type DecimalOptions = {
  readonly scale?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
  readonly const?: number
}

const scaleOf = (options: DecimalOptions): number => options.scale ?? (options.multipleOf === undefined ? defaultScale : Math.min(maximumScale, fractionDigits(options.multipleOf)))
const exact = withScale(scaleOf)

export const decimal: FieldType<DecimalOptions, number> = {
  ...exact,
  name: 'decimal',
  options: optionsSchema({
    scale: { type: 'integer', minimum: 0, maximum: maximumScale, default: defaultScale, title: 'Digits after the point', description: 'How many digits after the decimal point are kept. More are refused, never rounded.' },
    minimum: keywordOptions.minimum,
    maximum: keywordOptions.maximum,
    exclusiveMinimum: keywordOptions.exclusiveMinimum,
    exclusiveMaximum: keywordOptions.exclusiveMaximum,
    multipleOf: keywordOptions.multipleOf,
    const: { ...keywordOptions.const, type: 'number' },
  }),
  infer: (property, named) => (named || hasType(property, 'number') ? optionsOf(property, [...limits, 'multipleOf'], ['scale']) : undefined),
  schema: (options) => ({ type: 'number', minimum: -largest(scaleOf(options)), maximum: largest(scaleOf(options)), ...picked(options, limits) }),
  check: (value, options) => {
    if (options.multipleOf !== undefined && !isMultiple(value, options.multipleOf)) return `must be a multiple of ${String(options.multipleOf)}`
    return exact.check(value, options)
  },
  parse: (written, options, habits) => {
    const value = parseNumber(written, habits?.decimal)
    return value !== undefined && fitsScale(value, scaleOf(options)) ? value : undefined
  },
  format: (value, options) => formatNumber(value, scaleOf(options)),
  examples: [
    { options: {}, value: 1234.5, text: '1234.5' },
    { options: { scale: 0 }, value: -7, text: '-7' },
    { options: { scale: 2 }, value: 0.1, text: '0.1' },
    { options: { scale: 9 }, value: 0.000000001, text: '0.000000001' },
    { options: { scale: 9 }, value: 999999.999999999, text: '999999.999999999' },
    { options: { multipleOf: 0.05 }, value: 19.95, text: '19.95' },
  ],
}
