/** What the indexes of both databases can hold: PostgreSQL takes entries of 2,700 bytes, and a character may have four. */
import { finding } from './findings.js'
import type { Finding } from '../errors.js'
import type { Field } from './model.js'

const most = { bytes: 2560, characters: 640 } as const

/** Why values of a field cannot be indexed, or undefined. `alone`: each must be one of its kind by itself. */
export function unindexable({ type, options, columns, schema }: Pick<Field, 'type' | 'options' | 'columns' | 'schema'>, at: string, alone: boolean): Finding | undefined {
  // Two values made of parts are told apart by their parts.
  if (type.sortColumn(options) === null || (alone && type.parts !== undefined)) return finding(at, 'field.unique', { type: type.name })
  const length = schema.maxLength
  if (columns[0]?.kind !== 'text' || typeof length !== 'number') return undefined
  const bytes = type.longestBytes?.(options)
  const limit = bytes === undefined ? most.characters : most.bytes
  return (bytes ?? length) > limit ? finding(at, 'field.indexLength', { length, limit }) : undefined
}
