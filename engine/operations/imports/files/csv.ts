/** Text with separators, as a stream of rows. */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { CsvError, parse, type Options } from 'csv-parse'
import type { Problem } from '../../../errors.js'
import { unreadable } from '../reasons.js'
import { bounded, sourceLimits, type CsvReading, type Source, type SourceRow } from './reading.js'

const pieceBytes = 262_144

/** Opens the rows of a file. Errors in it are thrown where they are met, as Problem import.unreadable. */
export function csvSource(path: string, bytes: number, reading: CsvReading): Source {
  const file = createReadStream(path, { highWaterMark: pieceBytes })
  return { rows: rowsOf(file, reading), position: () => (bytes === 0 ? 1 : Math.min(1, file.bytesRead / bytes)) }
}

/** The rows of a text that is in memory: what is looked at before anything is chosen. */
export const csvRows = (text: string, reading: Pick<CsvReading, 'separator' | 'quote'>): AsyncIterable<SourceRow> => parsed(Readable.from([Buffer.from(text)]), reading)

async function* rowsOf(file: ReturnType<typeof createReadStream>, reading: CsvReading): AsyncGenerator<SourceRow> {
  try {
    // The parser reads UTF-8 bytes by itself; anything else is translated on the way.
    yield* parsed(reading.encoding === 'utf-8' ? file : Readable.from(translated(file, reading.encoding)), reading)
  } finally {
    file.destroy()
  }
}

async function* translated(file: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for await (const piece of file) yield Buffer.from(decoder.decode(piece, { stream: true }))
    yield Buffer.from(decoder.decode())
  } catch (error) {
    if (error instanceof TypeError) throw unreadable('encoding', { encoding }, error)
    throw error
  }
}

async function* parsed(bytes: Readable, { separator, quote }: Pick<CsvReading, 'separator' | 'quote'>): AsyncGenerator<SourceRow> {
  const options: Options = { bom: true, delimiter: separator, quote: quote === '' ? null : quote, relax_column_count: true, max_record_size: sourceLimits.rowCharactersMax }
  const parser = bytes.pipe(parse(options))
  // `pipe` does not pass errors on.
  bytes.on('error', (error) => parser.destroy(error))
  let row = 0
  try {
    for await (const cells of parser as AsyncIterable<readonly string[]>) {
      row += 1
      const used = bounded(row, cells)
      if (used.length > 0) yield { row, cells: used }
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadableRow(error, row + 1) : error
  } finally {
    parser.destroy()
    bytes.destroy()
  }
}

function unreadableRow(error: CsvError, row: number): Problem {
  switch (error.code) {
    case 'CSV_MAX_RECORD_SIZE':
      return unreadable('rowTooLong', { row, limit: sourceLimits.rowCharactersMax }, error)
    case 'CSV_QUOTE_NOT_CLOSED':
      return unreadable('quoteOpen', { row }, error)
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
      return unreadable('quoteInside', { row }, error)
    default:
      return unreadable('row', { row }, error)
  }
}
