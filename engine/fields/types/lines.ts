/** Rows of an entity of their own that belong to the record: edited in its form and saved with it. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { FieldType } from '../contract.js'
import { keywordOptions, optionsOf, optionsSchema, picked, settingsOf } from '../keywords.js'

type LinesOptions = {
  readonly of: string
  readonly minItems?: number
  readonly maxItems?: number
}

/** Most lines of one record: what a person can look through and one request can carry. */
const most = 500

const limits = ['minItems', 'maxItems'] as const

export const lines: FieldType<LinesOptions, readonly JsonObject[]> = {
  name: 'lines',
  options: optionsSchema(
    {
      of: { $comment: 'relation', type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_]*\\.[A-Za-z][A-Za-z0-9_]*$', title: 'Lines', description: 'The entity of the lines and its owned reference to this one, such as purchaseLine.purchase.' },
      minItems: keywordOptions.minItems, maxItems: keywordOptions.maxItems,
    },
    ['of'],
  ),
  infer: (property, named) => (named && typeof settingsOf(property).of === 'string' ? optionsOf(property, limits, ['of']) as LinesOptions : undefined),
  schema: (options) => ({ type: 'array', items: { type: 'object' }, maxItems: most, ...picked(options, limits) }),
  columns: () => [],
  toColumns: () => [],
  fromColumns: () => null,
  operators: [],
  operand: () => undefined,
  sortColumn: () => null,
  measures: [],
  buckets: [],
  parse: () => undefined,
  format: (value) => String(value.length),
  formula: 'none',
  lines: ({ of }) => {
    const [entity = '', field = ''] = of.split('.')
    return { entity, field }
  },
  examples: [{ options: { of: 'saleLine.sale', maxItems: 100 }, value: [{ quantity: 2 }], text: '1' }],
}
