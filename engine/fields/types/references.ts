/** Any number of records of another entity, each at most once, by their ids. */
import type { Json } from '../../../metadata/contract/json.js'
import type { FieldType } from '../contract.js'
import { keywordOptions, optionsOf, optionsSchema, picked, settingsOf } from '../keywords.js'
import { inverse, recordId } from './reference.js'

type ReferencesOptions = {
  readonly to: string
  readonly inverse?: string
  readonly onDelete?: 'restrict' | 'clear'
  readonly minItems?: number
  readonly maxItems?: number
}

/** Most links of one record, so that a record stays one that can be read and sent whole. */
const most = 1000

const limits = ['minItems', 'maxItems'] as const

const onDelete = {
  enum: ['restrict', 'clear'],
  default: 'clear',
  title: 'When a linked record is erased',
  description: 'clear: it is no longer in the list. restrict: it cannot be erased while this one refers to it.',
} as const

export const references: FieldType<ReferencesOptions, readonly number[]> = {
  name: 'references',
  options: optionsSchema(
    {
      to: { $comment: 'entity', type: 'string', minLength: 1, title: 'Entity', description: 'The entity whose records are listed.' },
      inverse, onDelete, minItems: keywordOptions.minItems, maxItems: keywordOptions.maxItems,
    },
    ['to'],
  ),
  infer: (property, named) =>
    (named && typeof settingsOf(property).to === 'string' ? optionsOf(property, limits, ['to', 'inverse', 'onDelete']) as ReferencesOptions : undefined),
  schema: (options) => ({ type: 'array', items: recordId.schema(), uniqueItems: true, maxItems: most, ...picked(options, limits) }),
  // The list is a set, so it has one spelling: in the order of the ids.
  canonical: (value) => (isIds(value) ? [...value].sort((a, b) => a - b) : value),
  columns: () => [],
  toColumns: () => [],
  fromColumns: () => null,
  operators: ['$contains'],
  operand: (value) => recordId.operand(value),
  sortColumn: () => null,
  measures: [],
  buckets: [],
  parse: (written) => {
    // In brackets, too: so a list is written that was no list of records before.
    const ids = written.split(/[\s,;[\]]+/).filter((word) => word !== '').map((word) => recordId.parse(word))
    const known = ids.filter((id) => id !== undefined)
    return known.length === ids.length && new Set(known).size === known.length ? known.sort((a, b) => a - b) : undefined
  },
  format: (value) => value.join(', '),
  formula: 'list',
  links: (options) => ({ to: options.to, ...(options.inverse === undefined ? {} : { inverse: options.inverse }), onDelete: options.onDelete ?? 'clear' }),
  examples: [
    { options: { to: 'store', inverse: 'campaigns', onDelete: 'restrict' }, value: [1, 2], text: '1, 2' },
    { options: { to: 'store', maxItems: 3 }, value: [2], text: '2' },
    { options: { to: 'store' }, value: [], text: '' },
  ],
}

const isIds = (value: Json): value is readonly number[] => Array.isArray(value) && (value as readonly Json[]).every((one) => typeof one === 'number')
