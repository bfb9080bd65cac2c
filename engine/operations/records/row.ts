/** Records and rows on their way through an operation. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'

/** A record as it travels: field key → value. */
export type Rec = JsonObject

/** A row whose keys and values were checked, before the database was asked. */
export interface PreparedRow {
  /** JSON Pointer of the row in the request; '' for a body of one record. */
  readonly at: string
  /** What was sent. */
  readonly keys: readonly string[]
  readonly values: Readonly<Record<string, Json>>
  /** Name of the transition that makes this change; without one the state stays. */
  readonly transition?: string
}

/** True for what the id of a record can be. */
export const isId = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0

/** Id of a record that storage gave. */
export function idOf(record: Rec): number {
  const id = record['id']
  if (typeof id !== 'number') throw new Error('a stored record has no id')
  return id
}

/** Version of a record that storage gave. */
export function versionOf(record: Rec): number {
  const version = record['version']
  if (typeof version !== 'number') throw new Error('a stored record has no version')
  return version
}
