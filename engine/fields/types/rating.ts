/** Stars, from 1 to as many as the field has. */
import type { FieldType } from '../contract.js'
import { optionsOf, optionsSchema } from '../keywords.js'
import { numeric, parseNumber } from '../number-column.js'

type RatingOptions = { readonly max?: number }

const maxOf = (options: RatingOptions): number => options.max ?? 5

/** True for a number of stars that the field has. */
const fits = (value: unknown, options: RatingOptions): value is number => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= maxOf(options)

export const rating: FieldType<RatingOptions, number> = {
  ...numeric,
  name: 'rating',
  options: optionsSchema({ max: { type: 'integer', minimum: 2, maximum: 10, default: 5, title: 'Number of stars', description: 'The best rating.' } }),
  infer: (property, named) => (named ? optionsOf(property, [], ['max']) : undefined),
  schema: (options) => ({ type: 'integer', minimum: 1, maximum: maxOf(options) }),
  columns: () => [{ suffix: '', kind: 'integer' }],
  operand: (value) => (Number.isSafeInteger(value) ? value : undefined),
  parse: (written, options) => {
    const stars = /^\s*(★+)☆*\s*$/u.exec(written)?.[1]?.length
    const value = stars ?? parseNumber(written.replace(/\s*\/\s*\d+\s*$/, ''))
    return fits(value, options) ? value : undefined
  },
  format: (value) => String(value),
  examples: [
    { options: {}, value: 4, text: '4' },
    { options: {}, value: 1, text: '1' },
    { options: { max: 10 }, value: 10, text: '10' },
  ],
}
