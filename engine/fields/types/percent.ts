/** A percentage. The number is what people say: 12.5 is 12.5 %. */
import type { FieldType } from '../contract.js'
import { keywordOptions, optionsOf, optionsSchema, picked } from '../keywords.js'
import { fitsScale, formatNumber, largest, parseNumber, withScale } from '../number-column.js'

const limits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const

type PercentOptions = {
  readonly scale?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

const scaleOf = (options: PercentOptions): number => options.scale ?? 2

export const percent: FieldType<PercentOptions, number> = {
  ...withScale(scaleOf),
  name: 'percent',
  options: optionsSchema({
    scale: { type: 'integer', minimum: 0, maximum: 9, default: 2, title: 'Digits after the point', description: 'How many digits after the decimal point are kept. More are refused, never rounded.' },
    minimum: keywordOptions.minimum,
    maximum: keywordOptions.maximum,
    exclusiveMinimum: keywordOptions.exclusiveMinimum,
    exclusiveMaximum: keywordOptions.exclusiveMaximum,
  }),
  infer: (property, named) => (named ? optionsOf(property, limits, ['scale']) : undefined),
  schema: (options) => ({ type: 'number', minimum: -largest(scaleOf(options)), maximum: largest(scaleOf(options)), ...picked(options, limits) }),
  parse: (written, options, habits) => {
    const value = parseNumber(written.normalize('NFKC').replace(/\s*%\s*$/, ''), habits?.decimal)
    return value !== undefined && fitsScale(value, scaleOf(options)) ? value : undefined
  },
  format: (value, options) => `${formatNumber(value, scaleOf(options))}%`,
  examples: [
    { options: {}, value: 12.5, text: '12.5%' },
    { options: { minimum: 0, maximum: 100 }, value: 100, text: '100%' },
    { options: { scale: 0 }, value: -3, text: '-3%' },
  ],
}
