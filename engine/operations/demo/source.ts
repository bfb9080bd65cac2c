/** The gzipped CSV files of the sample, read as streams: never more than a few rows in memory. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'

/** The files in `metadata/retail/data/`, without `.csv.gz`; what they hold stands in the README there. */
export type SourceFile =
  | 'transactions_sample' | 'demographics' | 'products' | 'campaign_descriptions' | 'campaigns' | 'coupons' | 'coupon_redemptions'

/** One row: column → cell as text. Empty text means unknown. */
export type SourceRow = Readonly<Record<string, string>>

/** The rows of a file in its order. Throws when the file is missing, not gzip, or not CSV. */
export async function* sourceRows(folder: string, file: SourceFile): AsyncGenerator<SourceRow> {
  const bytes = createReadStream(pathOf(folder, file))
  const text = bytes.pipe(createGunzip())
  const rows = text.pipe(parse({ columns: true }))
  // `pipe` does not pass errors on: without this a missing file would leave the loop below waiting for ever.
  bytes.on('error', (error) => rows.destroy(error))
  text.on('error', (error) => rows.destroy(error))
  try {
    for await (const row of rows) yield row as SourceRow
  } finally {
    bytes.destroy()
  }
}

/** Number of rows below the heading. The files have no line breaks inside cells and end with one. */
export async function countRows(folder: string, file: SourceFile): Promise<number> {
  const text = createReadStream(pathOf(folder, file)).pipe(createGunzip())
  let lines = 0
  for await (const chunk of text as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, at + 1)) lines += 1
  }
  return Math.max(0, lines - 1)
}

const lineFeed = 0x0a
const pathOf = (folder: string, file: SourceFile): string => join(folder, `${file}.csv.gz`)

/** The cell of a column that every row of the file has. Throws when the column is missing. */
export function cell(row: SourceRow, column: string): string {
  const text = row[column]
  if (text === undefined) throw new Error(`The sample data has no column ${column}`)
  return text
}

/** An amount of money as whole cents: the files write some of them with the noise of binary fractions. */
export function cents(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value)) throw new Error(`"${text}" in the sample data is not an amount`)
  return Math.round(value * 100)
}
