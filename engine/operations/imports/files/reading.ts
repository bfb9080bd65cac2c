/** How a file of rows is read, and what stands in it: the same for every format. */
import type { JsonObject } from '../../../../metadata/contract/json.js'
import { unreadable } from '../reasons.js'

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'windows-1252'] as const
export type Encoding = (typeof encodings)[number]
export const separators = [',', ';', '\t', '|'] as const
export type Separator = (typeof separators)[number]
export const quotes = ['"', "'", ''] as const
export type Quote = (typeof quotes)[number]

export interface CsvReading extends JsonObject {
  readonly format: 'csv'
  readonly encoding: Encoding
  readonly separator: Separator
  /** '' when nothing is quoted. */
  readonly quote: Quote
  /** Number of the row with the names of the columns; 0 when there is none. */
  readonly header: number
}

export interface XlsxReading extends JsonObject {
  readonly format: 'xlsx'
  readonly sheet: string
  readonly header: number
}

export type Reading = CsvReading | XlsxReading

/** A row that is not empty. */
export interface SourceRow {
  /** As spreadsheets count: the first one is 1. */
  readonly row: number
  readonly cells: readonly string[]
}

/** Rows of a file as a stream; constant memory. */
export interface Source {
  readonly rows: AsyncIterable<SourceRow>
  /** Share of the file that was read, 0 to 1. */
  position(): number
}

export const sourceLimits = { columnsMax: 1_000, rowCharactersMax: 1_000_000, cellCharactersMax: 200_000 } as const

/** A row within the limits, without its empty end. @throws Problem import.unreadable */
export function bounded(row: number, cells: readonly string[]): readonly string[] {
  let used = cells.length
  while (used > 0 && cells[used - 1] === '') used -= 1
  if (used > sourceLimits.columnsMax) throw unreadable('columns', { row, limit: sourceLimits.columnsMax })
  return used === cells.length ? cells : cells.slice(0, used)
}
