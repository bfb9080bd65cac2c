/** A length of time, ISO 8601 in one spelling (`PT1H30M`). Stored as whole seconds: order, filters and sums are exact. */
import { durationOf, durationText, readDuration, secondsIn } from '../../../metadata/contract/duration.js'
import type { Json } from '../../../metadata/contract/json.js'
import type { FieldType } from '../contract.js'
import { hasType, optionsSchema } from '../keywords.js'

type DurationOptions = Record<string, never>

export const duration: FieldType<DurationOptions, string> = {
  name: 'duration',
  options: optionsSchema({}),
  infer: (property, named) => (named || (hasType(property, 'string') && property.format === 'duration') ? {} : undefined),
  schema: () => ({ type: 'string', maxLength: 60 }),
  canonical: (value: Json) => {
    const seconds = typeof value === 'string' ? readDuration(value) : undefined
    return seconds === undefined ? value : durationOf(seconds)
  },
  columns: () => [{ suffix: '', kind: 'integer' }],
  toColumns: (value) => [value === null ? null : (secondsIn(value) ?? null)],
  fromColumns: ([cell]) => (typeof cell === 'number' ? durationOf(cell) : null),
  operators: ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin'],
  operand: (value) => (typeof value === 'string' ? readDuration(value) : undefined),
  sortColumn: () => 0,
  measures: ['count', 'sum', 'avg', 'min', 'max'],
  buckets: [],
  check: (value) => (secondsIn(value) === undefined ? 'must be a length of time, such as 1h 30m, 1:30 or PT1H30M' : undefined),
  parse: (written) => {
    const seconds = readDuration(written)
    return seconds === undefined ? undefined : durationOf(seconds)
  },
  format: (value) => durationText(secondsIn(value) ?? 0),
  formula: 'number',
  examples: [
    { options: {}, value: 'PT1H30M', text: '1h 30m' },
    { options: {}, value: 'PT45S', text: '45s' },
    { options: {}, value: 'PT0S', text: '0s' },
    { options: {}, value: 'PT10M', text: '10m' },
    { options: {}, value: 'PT100H5S', text: '100h 5s' },
  ],
}
