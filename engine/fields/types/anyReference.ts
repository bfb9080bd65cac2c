/** A record of one of several entities, as a note is about a member or a purchase: which entity, and its id. */
import { isObject, type Json } from '../../../metadata/contract/json.js'
import type { FieldType } from '../contract.js'
import { optionsOf, optionsSchema, settingsOf } from '../keywords.js'
import { inverse, onDelete, recordId } from './reference.js'

type AnyReferenceOptions = {
  readonly to?: readonly string[]
  readonly except?: readonly string[]
  readonly inverse?: string
  readonly onDelete?: 'restrict' | 'clear' | 'cascade'
}

type Named = { readonly entity: string; readonly id: number }

/** `member/5`: how such a value is written as one word, in files and in conditions. */
const written = /^([A-Za-z][A-Za-z0-9_]{0,62})\/([1-9]\d{0,15})$/

function read(text: string): Named | undefined {
  const [, entity, digits] = written.exec(text.trim()) ?? []
  const id = recordId.operand(Number(digits))
  return entity === undefined || id === undefined ? undefined : { entity, id }
}

const spell = ({ entity, id }: Named): string => `${entity}/${String(id)}`

export const anyReference: FieldType<AnyReferenceOptions, Named> = {
  name: 'anyReference',
  options: optionsSchema({
    to: { $comment: 'entities', type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', minLength: 1 }, title: 'Entities', description: 'The entities that the field may point to. None named: every entity, also those that come later.' },
    except: { $comment: 'entities', type: 'array', uniqueItems: true, items: { type: 'string', minLength: 1 }, title: 'All but', description: 'Entities that are left out where every entity is meant.' },
    inverse, onDelete,
  }),
  infer: (property, named) => (named && settingsOf(property).type === 'anyReference' ? optionsOf(property, [], ['to', 'except', 'inverse', 'onDelete']) : undefined),
  schema: () => ({
    type: 'object',
    properties: { entity: { type: 'string', minLength: 1, maxLength: 63 }, id: recordId.schema() },
    required: ['entity', 'id'],
    additionalProperties: false,
  }),
  // A value as it was read, with the name of its record, is sent back as it is.
  canonical: (value) => (typeof value === 'string' ? (read(value) ?? value) : isObject(value) && Object.hasOwn(value, 'label') ? withoutLabel(value) : value),
  columns: () => [],
  toColumns: () => [],
  fromColumns: () => null,
  operators: ['$eq', '$ne', '$in', '$nin'],
  operand: (value) => {
    const named = typeof value === 'string' ? read(value) : undefined
    return named === undefined ? undefined : spell(named)
  },
  sortColumn: () => null,
  measures: [],
  buckets: [],
  parse: read,
  format: spell,
  formula: 'none',
  oneOf: (options) => ({
    ...(options.to === undefined ? {} : { to: options.to }),
    except: options.except ?? [],
    ...(options.inverse === undefined ? {} : { inverse: options.inverse }),
    onDelete: options.onDelete ?? 'restrict',
  }),
  examples: [
    { options: { to: ['store', 'user'], inverse: 'notes', onDelete: 'cascade' }, value: { entity: 'store', id: 1 }, text: 'store/1' },
    { options: { to: ['store'] }, value: { entity: 'store', id: 2 }, text: 'store/2' },
  ],
}

function withoutLabel({ label: _label, ...value }: { readonly [name: string]: Json }): Json {
  return value
}
