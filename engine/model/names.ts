/** Names: what a key may look like, which are taken, and how an identity becomes a physical name. */
import { createHash } from 'node:crypto'

/** What keys of entities and fields look like. */
export const identifier = /^[A-Za-z][A-Za-z0-9_]{0,62}$/
/** What names of roles, forms and views look like. */
export const documentName = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/

/** System field key → column. */
export const systemColumns = {
  id: 'id',
  version: 'version',
  createdAt: 'created_at',
  createdBy: 'created_by',
  updatedAt: 'updated_at',
  updatedBy: 'updated_by',
  owner: 'owner',
  archivedAt: 'archived_at',
} as const
export type SystemKey = keyof typeof systemColumns

const taken: ReadonlySet<string> = new Set([
  ...Object.keys(systemColumns).map((key) => key.toLowerCase()),
  ...Object.getOwnPropertyNames(Object.prototype).map((key) => key.toLowerCase()),
  'prototype',
])

/** True for names that the engine or the language keeps for itself, in any spelling of upper and lower case. */
export const isReserved = (key: string): boolean => taken.has(key.toLowerCase())

const maximumBytes = 48
const plain = /^[a-z][a-z0-9]*$/
/** Words that a database gives a meaning of its own as a column name, even when quoted. */
const awkward: ReadonlySet<string> = new Set(['rowid', 'oid', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid', 'rank'])

/**
 * The physical name for an identity: lower case when that is plain and short, otherwise cleaned with a hash behind, at
 * most 48 bytes. Names without a hash contain no underscore, so they never meet a system column, a `tessera_` table or
 * the `<column>__<suffix>` of another field.
 */
export function physicalName(identity: string): string {
  const lower = identity.toLowerCase()
  if (plain.test(lower) && lower.length <= maximumBytes && !awkward.has(lower)) return lower
  const hash = shortHash(identity, 6)
  const cleaned = lower.replace(/[^a-z0-9_]/g, '_').replace(/^(?=[0-9_]|sqlite_|pg_|tessera_)/, 'x')
  return `${cleaned.slice(0, maximumBytes - hash.length - 1)}_${hash}`
}

/** The name of the table that keeps the links of one field: no identity of an entity has a dot, so no other table has this name. */
export const linkTableName = (entity: string, field: string): string => physicalName(`${entity}.${field}`)

/** The name of an index: unique in the database, at most 63 bytes, the same for the same table and columns. */
export const indexName = (table: string, columns: readonly string[], unique: boolean): string =>
  `${table}_${shortHash(columns.join(','), 8)}_${unique ? 'ux' : 'ix'}`

const shortHash = (text: string, length: number): string => createHash('sha256').update(text).digest('hex').slice(0, length)

/** `memberNo` → `Member no`: a title for what has none. */
export function titleFrom(key: string): string {
  const words = key.replace(/[_-]+/g, ' ').replace(/([a-z0-9])([A-Z])/g, '$1 $2').trim()
  const lower = words.replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase())
  return lower.charAt(0).toUpperCase() + lower.slice(1)
}
