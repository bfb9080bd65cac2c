/** What becomes of the rows of a file. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { RejectedRow } from '../../storage/own/imports.js'
import type { Rec } from '../records/row.js'
import type { ReadRow, RowProblem } from './plan.js'
import type { Reason } from './reasons.js'

export interface Outcome {
  readonly created: Made[]
  readonly updated: Made[]
  /** Rows that say what is there already. */
  unchanged: number
  /** New rows that look like something, whatever became of them. */
  readonly alike: AlikeRow[]
  /** Those that were set aside for it. */
  readonly skipped: RejectedRow[]
  readonly rejected: RejectedRow[]
}

export const noOutcome = (): Outcome => ({ created: [], updated: [], unchanged: 0, alike: [], skipped: [], rejected: [] })

/** A row and the record that it made or changed. */
export interface Made {
  readonly row: ReadRow
  /** Null in a dry run, for a record that only an earlier row would have made. */
  readonly record: Rec | null
}

/** What a row looks like: a record, or a row before it in the file. */
export interface AlikeRow extends JsonObject {
  readonly row: number
  /** Null for a row of the file. */
  readonly id: number | null
  /** Null for a record. */
  readonly earlier: number | null
  readonly title: string
  /** Keys of the fields that agree. */
  readonly fields: readonly string[]
  readonly score: number
}

/** A row whose links were looked for. */
export interface NamedRow {
  readonly row: ReadRow
  readonly values: Readonly<Record<string, Json>>
  readonly problems: readonly RowProblem[]
}

/** A row about a record that is there. */
export interface Known {
  readonly row: NamedRow
  readonly before: Rec
  readonly values: NamedRow['values']
}

/** Sets a row aside that cannot be written. */
export const reject = (outcome: Outcome, { row, cells }: ReadRow, problems: readonly RowProblem[]): void => void outcome.rejected.push({ row, cells, problems })

/** Sets a row aside because of what it looks like. */
export const skip = (outcome: Outcome, { row, cells }: ReadRow, why: Reason): void => void outcome.skipped.push({ row, cells, problems: [{ column: '', ...why }] })
