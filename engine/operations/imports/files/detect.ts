/** What a file is: found out from its bytes, never from its name. */
import { csvRows } from './csv.js'
import { quotes, separators, type CsvReading, type Encoding, type Quote, type Separator, type SourceRow } from './reading.js'

/** Counts while a file streams by, so that all of it is looked at and none of it is kept. */
export class ByteSurvey {
  bytes = 0
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true })
  private validUtf8 = true
  /** Bytes that are zero, at even and odd places. */
  private readonly zeros: [number, number] = [0, 0]
  /** Bytes above ASCII: side by side, or alone between ASCII ones. */
  private pairs = 0
  private alone = 0
  private run = 0
  private head: Buffer = Buffer.alloc(0)

  add(piece: Buffer): void {
    if (this.head.length < headBytes) this.head = Buffer.concat([this.head, piece]).subarray(0, headBytes)
    if (this.validUtf8) {
      try {
        this.utf8.decode(piece, { stream: true })
      } catch {
        this.validUtf8 = false
      }
    }
    for (let i = 0; i < piece.length; i++) {
      const byte = piece[i] ?? 0
      if (byte >= 0x80) this.run += 1
      else if (this.run > 0) this.endRun()
      if (byte === 0) this.zeros[(this.bytes + i) % 2 === 0 ? 0 : 1] += 1
    }
    this.bytes += piece.length
  }

  /** The first bytes. */
  get beginning(): Buffer {
    return this.head
  }

  get encoding(): Encoding {
    const [first = 0, second = 0] = this.head
    if (first === 0xff && second === 0xfe) return 'utf-16le'
    if (first === 0xfe && second === 0xff) return 'utf-16be'
    // Western text in UTF-16 has a zero in every second byte.
    const [even, odd] = this.zeros
    if (odd > this.bytes / 4 && even < odd / 10) return 'utf-16le'
    if (even > this.bytes / 4 && odd < even / 10) return 'utf-16be'
    if (this.validUtf8) return 'utf-8'
    if (this.run > 0) this.endRun()
    // Chinese characters are pairs of such bytes; accented letters stand alone among plain ones.
    return this.pairs > this.alone ? 'gb18030' : 'windows-1252'
  }

  private endRun(): void {
    if (this.run === 1) this.alone += 1
    else this.pairs += this.run
    this.run = 0
  }
}

const headBytes = 65_536
/** Rows that are compared to find the separator. */
const rowsLooked = 30

/** How a text file is best read, from its beginning. */
export async function detectCsv(beginning: Buffer, encoding: Encoding): Promise<CsvReading> {
  const text = whole(new TextDecoder(encoding).decode(beginning), beginning.length === headBytes)
  const quote = quoteOf(text)
  let best: { readonly separator: Separator; readonly rows: readonly SourceRow[]; readonly score: number } = { separator: ',', rows: [], score: -1 }
  for (const separator of separators) {
    const rows = await firstRows(text, { separator, quote })
    const score = evenness(rows)
    if (score > best.score) best = { separator, rows, score }
  }
  return { format: 'csv', encoding, separator: best.separator, quote, header: headerOf(best.rows) }
}

/** Without the last line, which may be cut. */
const whole = (text: string, cut: boolean): string => (cut && text.includes('\n') ? text.slice(0, text.lastIndexOf('\n') + 1) : text)

async function firstRows(text: string, reading: Pick<CsvReading, 'separator' | 'quote'>): Promise<readonly SourceRow[]> {
  const rows: SourceRow[] = []
  try {
    for await (const row of csvRows(text, reading)) if (rows.push(row) >= rowsLooked) break
  } catch {
    // What cannot be read this way ends here: the rows before it count.
  }
  return rows
}

/** Columns that most rows have in common; rows that differ count against it. */
function evenness(rows: readonly SourceRow[]): number {
  const counts = new Map<number, number>()
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  const [columns = 0, share = 0] = [...counts].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? []
  return columns < 2 ? 0 : columns * (share / rows.length)
}

function quoteOf(text: string): Quote {
  const opened = (quote: string): number => text.split(new RegExp(`(?:^|[,;\\t|\\n])${quote}`, 'g')).length - 1
  const [double, single] = [opened('"'), opened("'")]
  return single > 3 && double === 0 && text.split("'").length % 2 === 1 ? quotes[1] : quotes[0]
}

/** The row with the names: the first one, when all its cells are different words and no numbers. */
export function headerOf(rows: readonly SourceRow[]): number {
  const [first] = rows
  if (first === undefined) return 0
  const named = first.cells.filter((cell) => cell.trim() !== '')
  const words = named.every((cell) => !/^[\s\d.,:/+-]+$/.test(cell) && !cell.includes('@') && cell.length <= 200)
  return named.length > 0 && words && new Set(named).size === named.length ? first.row : 0
}
