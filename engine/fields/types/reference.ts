/** A record of another entity, by its id. */
import type { FieldType } from '../contract.js'
import { optionsOf, optionsSchema, settingsOf } from '../keywords.js'

type ReferenceOptions = {
  readonly to: string
  readonly inverse?: string
  readonly onDelete?: 'restrict' | 'clear' | 'cascade'
  readonly owned?: boolean
}

/** True for an id as the database gives them: a positive whole number. */
const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0

/** The members that every link to one record shares. */
export const recordId = {
  schema: () => ({ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  columns: () => [{ suffix: '', kind: 'integer' as const }],
  toColumns: (value: number | null) => [value],
  fromColumns: (cells: readonly unknown[]) => (typeof cells[0] === 'number' ? cells[0] : null),
  operators: ['$eq', '$ne', '$in', '$nin'] as const,
  operand: (value: unknown) => (isId(value) ? value : undefined),
  sortColumn: () => 0,
  measures: ['count'] as const,
  buckets: [] as const,
  parse: (written: string) => (/^\d+$/.test(written.trim()) && isId(Number(written)) ? Number(written) : undefined),
  format: (value: number) => String(value),
  formula: 'number' as const,
}

export const onDelete = {
  enum: ['restrict', 'clear', 'cascade'],
  default: 'restrict',
  title: 'When the other record is erased',
  description: 'restrict: it cannot be erased while this one refers to it. clear: this field becomes empty. cascade: this record is erased too.',
} as const

export const inverse = { type: 'string', title: 'Name of the list on the other side', description: 'The name under which the other entity lists these records.' } as const

const owned = {
  type: 'boolean',
  default: false,
  title: 'Belongs to the other record',
  description: 'Like a line to its receipt: archived, restored and erased with it, and kept in an order of its own.',
} as const

export const reference: FieldType<ReferenceOptions, number> = {
  ...recordId,
  name: 'reference',
  options: optionsSchema({ to: { $comment: 'entity', type: 'string', minLength: 1, title: 'Entity', description: 'The entity that the field points to.' }, inverse, onDelete, owned }, ['to']),
  infer: (property, named) => (named && typeof settingsOf(property).to === 'string' ? optionsOf(property, [], ['to', 'inverse', 'onDelete', 'owned']) as ReferenceOptions : undefined),
  // The place among the other records of the same owner, 1 for the first; null for those that came by themselves: they go last.
  columns: (options) => [...recordId.columns(), ...(options.owned === true ? [{ suffix: 'position', kind: 'integer', role: 'position' } as const] : [])],
  toColumns: (value, options) => (options.owned === true ? [value, null] : [value]),
  link: (options) => ({
    to: options.to,
    ...(options.inverse === undefined ? {} : { inverse: options.inverse }),
    onDelete: options.owned === true ? 'cascade' : (options.onDelete ?? 'restrict'),
    owned: options.owned === true,
  }),
  examples: [
    { options: { to: 'store', inverse: 'members', onDelete: 'restrict' }, value: 17, text: '17' },
    { options: { to: 'store' }, value: 1, text: '1' },
    { options: { to: 'store', owned: true }, value: 2, text: '2' },
  ],
}
