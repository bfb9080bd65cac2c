/** A colour, `#rrggbb` in lower case. */
import type { Json } from '../../../metadata/contract/json.js'
import type { FieldType } from '../contract.js'
import { hasType, optionsSchema } from '../keywords.js'

type ColorOptions = Record<string, never>

const canonical = /^#[0-9a-f]{6}$/

export const color: FieldType<ColorOptions, string> = {
  name: 'color',
  options: optionsSchema({}),
  infer: (property, named) => (named || (hasType(property, 'string') && property.format === 'color') ? {} : undefined),
  schema: () => ({ type: 'string', maxLength: 20 }),
  canonical: (value: Json) => (typeof value === 'string' ? (read(value) ?? value) : value),
  columns: () => [{ suffix: '', kind: 'text' }],
  toColumns: (value) => [value],
  fromColumns: ([cell]) => (typeof cell === 'string' ? cell : null),
  operators: ['$eq', '$ne', '$in', '$nin'],
  operand: (value) => (typeof value === 'string' ? read(value) : undefined),
  sortColumn: () => 0,
  measures: ['count'],
  buckets: [],
  check: (value) => (canonical.test(value) ? undefined : 'must be a colour, such as #1e90ff'),
  parse: read,
  format: (value) => value,
  formula: 'text',
  examples: [
    { options: {}, value: '#1e90ff', text: '#1e90ff' },
    { options: {}, value: '#000000', text: '#000000' },
  ],
}


/** Reads `#1E90FF`, `1e90ff` and the short `#fa0`. */
function read(written: string): string | undefined {
  const [, digits = ''] = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/.exec(written.trim().toLowerCase()) ?? []
  if (digits === '') return undefined
  return `#${digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits}`
}
