/** A record of another entity, by its id. */
import type { FieldType } from '../contract.js'
import { optionsOf, optionsSchema, settingsOf } from '../keywords.js'

type ReferenceOptions = {
  readonly to: string
  readonly inverse?: string
  readonly onDelete?: 'restrict' | 'clear' | 'cascade'
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

export const reference: FieldType<ReferenceOptions, number> = {
  ...recordId,
  name: 'reference',
  options: optionsSchema({ to: { $comment: 'entity', type: 'string', minLength: 1, title: 'Entity', description: 'The entity that the field points to.' }, inverse, onDelete }, ['to']),
  infer: (property, named) => (named && typeof settingsOf(property).to === 'string' ? optionsOf(property, [], ['to', 'inverse', 'onDelete']) as ReferenceOptions : undefined),
  link: (options) => ({ to: options.to, ...(options.inverse === undefined ? {} : { inverse: options.inverse }), onDelete: options.onDelete ?? 'restrict' }),
  examples: [
    { options: { to: 'store', inverse: 'members', onDelete: 'restrict' }, value: 17, text: '17' },
    { options: { to: 'store' }, value: 1, text: '1' },
  ],
}
