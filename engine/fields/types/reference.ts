/** A record of another entity, by its id. */
import type { FieldType } from '../contract.js'
import { optionsOf, optionsSchema, settingsOf } from '../keywords.js'

type ReferenceOptions = {
  readonly to: string
  readonly inverse?: string
  readonly onDelete?: 'restrict' | 'clear' | 'cascade'
  readonly owned?: boolean
  readonly hierarchy?: boolean
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
  formula: 'link' as const,
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

const hierarchy = {
  type: 'boolean',
  default: false,
  title: 'Makes a tree',
  description: 'For a reference to the own entity: the records stand below each other, never below themselves, and lists can ask for all that is below or above one.',
} as const

const place = { suffix: 'position', kind: 'integer', role: 'position' } as const
const tree = [{ suffix: 'path', kind: 'text', role: 'path' }, { suffix: 'depth', kind: 'integer', role: 'depth' }] as const

export const reference: FieldType<ReferenceOptions, number> = {
  ...recordId,
  name: 'reference',
  options: optionsSchema({ to: { $comment: 'entity', type: 'string', minLength: 1, title: 'Entity', description: 'The entity that the field points to.' }, inverse, onDelete, owned, hierarchy }, ['to']),
  infer: (property, named) => (named && typeof settingsOf(property).to === 'string' ? optionsOf(property, [], ['to', 'inverse', 'onDelete', 'owned', 'hierarchy']) as ReferenceOptions : undefined),
  // What the engine keeps beside the id is null here. The place among the other records of the same owner: 1 for the first;
  // those that came by themselves have none and go last.
  columns: (options) => [...recordId.columns(), ...(options.owned === true ? [place] : []), ...(options.hierarchy === true ? tree : [])],
  toColumns: (value, options) => [value, ...(options.owned === true ? [null] : []), ...(options.hierarchy === true ? [null, null] : [])],
  link: (options) => ({
    to: options.to,
    ...(options.inverse === undefined ? {} : { inverse: options.inverse }),
    onDelete: options.owned === true ? 'cascade' : (options.onDelete ?? 'restrict'),
    owned: options.owned === true,
    hierarchy: options.hierarchy === true,
  }),
  examples: [
    { options: { to: 'store', inverse: 'members', onDelete: 'restrict' }, value: 17, text: '17' },
    { options: { to: 'store' }, value: 1, text: '1' },
    { options: { to: 'store', owned: true }, value: 2, text: '2' },
    { options: { to: 'store', hierarchy: true }, value: 2, text: '2' },
  ],
}
