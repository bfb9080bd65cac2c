/** A day in the calendar, `YYYY-MM-DD`. It has no zone and never shifts. */
import type { FieldType } from '../contract.js'
import { isDay, readDay } from '../days.js'
import { hasType, optionsSchema, ownPattern } from '../keywords.js'

type DateOptions = Record<string, never>

/** JSON Schema's `date` allows the year 0000, which PostgreSQL has not. */
const yearPattern = ownPattern('^([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-')

export const date: FieldType<DateOptions, string> = {
  name: 'date',
  options: optionsSchema({}),
  infer: (property, named) => (named || (hasType(property, 'string') && property.format === 'date') ? {} : undefined),
  schema: () => ({ type: 'string', format: 'date', pattern: yearPattern }),
  columns: () => [{ suffix: '', kind: 'date' }],
  toColumns: (value) => [value],
  fromColumns: ([cell]) => (typeof cell === 'string' ? cell : null),
  operators: ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin'],
  operand: (value) => (typeof value === 'string' && isDay(value) ? value : undefined),
  sortColumn: () => 0,
  measures: ['count', 'min', 'max'],
  buckets: ['year', 'quarter', 'month', 'week', 'day'],
  check: (value) => (isDay(value) ? undefined : 'must be a day in the calendar, such as 2026-02-28'),
  parse: (written, _, habits) => readDay(written, habits?.dates),
  format: (value) => value,
  formula: 'date',
  examples: [
    { options: {}, value: '2026-07-01', text: '2026-07-01' },
    { options: {}, value: '2024-02-29', text: '2024-02-29' },
    { options: {}, value: '0001-01-01', text: '0001-01-01' },
    { options: {}, value: '9999-12-31', text: '9999-12-31' },
  ],
}
