/** Yes or no. */
import type { FieldType } from '../contract.js'
import { hasType, keywordOptions, optionsOf, optionsSchema, picked } from '../keywords.js'

const yes = new Set(['true', 'yes', 'y', '1', 'on', '是', '对'])
const no = new Set(['false', 'no', 'n', '0', 'off', '否', '不'])

type BooleanOptions = { readonly const?: boolean }

export const boolean: FieldType<BooleanOptions, boolean> = {
  name: 'boolean',
  options: optionsSchema({ const: { ...keywordOptions.const, type: 'boolean' } }),
  infer: (property, named) => (named || hasType(property, 'boolean') ? optionsOf(property, ['const']) : undefined),
  schema: (options) => ({ type: 'boolean', ...picked(options, ['const']) }),
  columns: () => [{ suffix: '', kind: 'boolean' }],
  toColumns: (value) => [value],
  fromColumns: ([cell]) => (typeof cell === 'boolean' ? cell : null),
  operators: ['$eq', '$ne', '$in', '$nin'],
  operand: (value) => (typeof value === 'boolean' ? value : undefined),
  sortColumn: () => 0,
  measures: ['count'],
  buckets: [],
  parse: (written) => {
    const word = written.normalize('NFKC').trim().toLowerCase()
    return yes.has(word) ? true : no.has(word) ? false : undefined
  },
  format: (value) => String(value),
  formula: 'boolean',
  examples: [
    { options: {}, value: true, text: 'true' },
    { options: {}, value: false, text: 'false' },
  ],
}
