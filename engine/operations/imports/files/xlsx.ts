/**
 * Workbooks (ECMA-376) as a stream of rows: unzipped and parsed piece by piece. What is larger than its limits says, or
 * could hold programs, is refused before it is unpacked.
 */
import { createRequire } from 'node:module'
import type { Readable } from 'node:stream'
import type saxes from 'saxes'
import type { SaxesParser, SaxesTagPlain } from 'saxes'
import type yauzl from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import { unreadable } from '../reasons.js'
import { bounded, sourceLimits, type Source, type SourceRow, type XlsxReading } from './reading.js'
import { dateText, isDateFormat } from './xlsx-dates.js'

// Loaded for the first workbook, not at every start.
const load = createRequire(import.meta.url)
const newParser = (): SaxesParser => new (load('saxes') as typeof saxes).SaxesParser()

/** Bytes of all parts together when unpacked, and how many times as large as the file they may be once they count. */
export const zipLimits = { expandedMax: 2_000_000_000, ratioMax: 200, ratioFrom: 50_000_000, entriesMax: 2_000, textsMax: 200_000_000, partMax: 20_000_000 } as const

export const isZip = (beginning: Buffer): boolean => beginning.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]))
/** The container of old and of encrypted workbooks. */
export const isCompoundFile = (beginning: Buffer): boolean => beginning.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))

interface Sheet {
  readonly name: string
  readonly path: string
}

interface Workbook {
  readonly zip: ZipFile
  readonly entries: ReadonlyMap<string, Entry>
  readonly sheets: readonly Sheet[]
  /** Days count from 1904 instead of 1900. */
  readonly from1904: boolean
}

/** The names of the sheets in their order. @throws Problem import.unreadable */
export async function sheetNames(path: string): Promise<readonly string[]> {
  const book = await openWorkbook(path)
  book.zip.close()
  return book.sheets.map(({ name }) => name)
}

/** Opens the rows of a sheet. @throws Problem import.unreadable, while it is read too */
export function xlsxSource(path: string, reading: Pick<XlsxReading, 'sheet'>): Source {
  const progress = { read: 0, size: 1 }
  return { rows: rowsOf(path, reading.sheet, progress), position: () => Math.min(1, progress.read / progress.size) }
}

async function* rowsOf(path: string, name: string, progress: { read: number; size: number }): AsyncGenerator<SourceRow> {
  const book = await openWorkbook(path)
  try {
    const sheet = book.sheets.find((one) => one.name === name)
    const entry = sheet === undefined ? undefined : book.entries.get(sheet.path)
    if (entry === undefined) throw unreadable('sheet', { sheet: name.slice(0, 60) })
    progress.size = Math.max(1, entry.uncompressedSize)
    const reader = new SheetReader(await sharedTexts(book), await dateStyles(book), book.from1904)
    for await (const piece of pieces(await stream(book, entry))) {
      progress.read += piece.length
      reader.write(piece)
      yield* reader.take()
    }
    reader.close()
    yield* reader.take()
  } catch (error) {
    throw error instanceof Error && error.name === 'Problem' ? error : unreadable('damaged', {}, error)
  } finally {
    book.zip.close()
  }
}

// ── the container ──

async function openWorkbook(path: string): Promise<Workbook> {
  const zip = await (load('yauzl') as typeof yauzl).openPromise(path, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw unreadable('damaged', {}, error)
  })
  try {
    const entries = await entriesOf(zip)
    const workbook = entries.get('xl/workbook.xml')
    if (workbook === undefined) throw unreadable('notWorkbook')
    if ([...entries.keys()].some((name) => /vbaProject\.bin$|^xl\/macrosheets\//i.test(name))) throw unreadable('macros')
    const book = { zip, entries, sheets: [], from1904: false }
    return { ...book, ...(await sheetsOf(book, workbook)) }
  } catch (error) {
    zip.close()
    throw error
  }
}

/** All entries, with their sizes checked: what they promise is what is unpacked, or the reading ends. */
async function entriesOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > zipLimits.entriesMax) throw unreadable('parts')
  const entries = new Map<string, Entry>()
  let expanded = 0
  let packed = 0
  for await (const entry of zip.eachEntry()) {
    if (entry.isEncrypted()) throw unreadable('password')
    expanded += entry.uncompressedSize
    packed += entry.compressedSize
    if (expanded > zipLimits.expandedMax || (expanded > zipLimits.ratioFrom && expanded > packed * zipLimits.ratioMax)) throw unreadable('expanded')
    entries.set(entry.fileName, entry)
  }
  return entries
}

const stream = (book: Pick<Workbook, 'zip'>, entry: Entry): Promise<Readable> => book.zip.openReadStreamPromise(entry)

async function* pieces(source: Readable): AsyncGenerator<string> {
  source.setEncoding('utf8')
  for await (const piece of source as AsyncIterable<string>) yield piece
}

/** Calls back for every element of a small part. */
async function walk(book: Pick<Workbook, 'zip' | 'entries'>, path: string, on: { open?(tag: SaxesTagPlain): void; text?(text: string): void; close?(name: string): void }, max: number = zipLimits.partMax): Promise<void> {
  const entry = book.entries.get(path)
  if (entry === undefined) return
  if (entry.uncompressedSize > max) throw unreadable('partTooLarge')
  const parser = newParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', (tag) => on.open?.(tag))
  parser.on('text', (text) => on.text?.(text))
  parser.on('closetag', (tag) => on.close?.(tag.name))
  for await (const piece of pieces(await stream(book, entry))) parser.write(piece)
  parser.close()
}

/** Names may have a prefix. */
const local = (name: string): string => name.slice(name.indexOf(':') + 1)

async function sheetsOf(book: Pick<Workbook, 'zip' | 'entries'>, _workbook: Entry): Promise<Pick<Workbook, 'sheets' | 'from1904'>> {
  const targets = new Map<string, string>()
  await walk(book, 'xl/_rels/workbook.xml.rels', {
    open: ({ attributes: { Id = '', Target = '' } }) => void targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`),
  })
  const sheets: Sheet[] = []
  let from1904 = false
  await walk(book, 'xl/workbook.xml', {
    open: ({ name, attributes }) => {
      if (local(name) === 'workbookPr') from1904 = /^(1|true)$/.test(attributes['date1904'] ?? '')
      if (local(name) === 'sheet') sheets.push({ name: attributes['name'] ?? '', path: targets.get(attributes['r:id'] ?? '') ?? '' })
    },
  })
  return { sheets: sheets.filter(({ path }) => book.entries.has(path)), from1904 }
}

/** Texts that cells point to, joined in one buffer: a string each would cost several times as much. */
async function sharedTexts(book: Workbook): Promise<(index: number) => string> {
  const parts: Buffer[] = []
  const ends: number[] = []
  let size = 0
  let text = ''
  let inside = false
  let phonetic = false
  await walk(book, 'xl/sharedStrings.xml', {
    open: ({ name }) => {
      if (local(name) === 'si') text = ''
      if (local(name) === 'rPh') phonetic = true
      inside = local(name) === 't' && !phonetic
    },
    text: (piece) => {
      if (inside) text += piece
    },
    close: (name) => {
      inside = false
      if (local(name) === 'rPh') phonetic = false
      if (local(name) !== 'si') return
      const bytes = Buffer.from(text)
      size += bytes.length
      if (size > zipLimits.textsMax) throw unreadable('tooMuchText')
      parts.push(bytes)
      ends.push(size)
    },
  }, zipLimits.expandedMax)
  const all = Buffer.concat(parts)
  return (index) => all.toString('utf8', index === 0 ? 0 : (ends[index - 1] ?? 0), ends[index] ?? 0)
}

/** Styles that show a number as a date, by their place. */
async function dateStyles(book: Workbook): Promise<readonly boolean[]> {
  const formats = new Map<number, string>()
  const styles: boolean[] = []
  let within = false
  await walk(book, 'xl/styles.xml', {
    open: ({ name, attributes }) => {
      if (local(name) === 'numFmt') formats.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '')
      if (local(name) === 'cellXfs') within = true
      if (local(name) === 'xf' && within) styles.push(isDateFormat(Number(attributes['numFmtId'] ?? 0), formats))
    },
    close: (name) => {
      if (local(name) === 'cellXfs') within = false
    },
  })
  return styles
}

// ── the rows ──

class SheetReader {
  private readonly parser = newParser()
  private ready: SourceRow[] = []
  private row = 0
  private cells: string[] = []
  private column = -1
  private type = 'n'
  private style = 0
  private text = ''
  private collecting = false

  constructor(
    private readonly texts: (index: number) => string,
    private readonly dates: readonly boolean[],
    private readonly from1904: boolean,
  ) {
    this.parser.on('error', (error) => {
      throw error
    })
    this.parser.on('opentag', (tag) => this.open(tag))
    this.parser.on('text', (text) => {
      if (!this.collecting) return
      this.text += text
      if (this.text.length > sourceLimits.cellCharactersMax) throw unreadable('cellTooLong', { row: this.row, limit: sourceLimits.cellCharactersMax })
    })
    this.parser.on('closetag', ({ name }) => this.close_(local(name)))
  }

  write(piece: string): void {
    this.parser.write(piece)
  }

  close(): void {
    this.parser.close()
  }

  take(): readonly SourceRow[] {
    const rows = this.ready
    this.ready = []
    return rows
  }

  private open({ name, attributes }: SaxesTagPlain): void {
    switch (local(name)) {
      case 'row':
        this.row = attributes['r'] === undefined ? this.row + 1 : Number(attributes['r'])
        this.cells = []
        this.column = -1
        break
      case 'c':
        this.column = attributes['r'] === undefined ? this.column + 1 : columnOf(attributes['r'])
        if (!(this.column < sourceLimits.columnsMax)) throw unreadable('columns', { row: this.row, limit: sourceLimits.columnsMax })
        this.type = attributes['t'] ?? 'n'
        this.style = Number(attributes['s'] ?? 0)
        this.text = ''
        break
      case 'v':
      case 't':
        this.collecting = true
        break
      case 'rPh':
      case 'f':
        this.collecting = false
        break
      default:
    }
  }

  private close_(name: string): void {
    this.collecting = false
    if (name === 'c') {
      while (this.cells.length < this.column) this.cells.push('')
      this.cells[this.column] = this.value()
    } else if (name === 'row') {
      const used = bounded(this.row, this.cells)
      if (used.length > 0) this.ready.push({ row: this.row, cells: used })
    }
  }

  /** The cell as a person would write it. */
  private value(): string {
    const { text } = this
    if (text === '') return ''
    switch (this.type) {
      case 's':
        return this.texts(Number(text))
      case 'b':
        return text === '1' ? 'true' : 'false'
      case 'n':
        return this.dates[this.style] === true ? dateText(Number(text), this.from1904) : numberText(text)
      default:
        return text // str, inlineStr, d (a date in ISO 8601) and e (an error such as #N/A)
    }
  }
}

/** `AB12` → 27. */
function columnOf(reference: string): number {
  let column = 0
  for (const letter of reference) {
    const place = letter.codePointAt(0) ?? 0
    if (place < 65 || place > 90) break
    column = column * 26 + place - 64
  }
  return column - 1
}

/** Spreadsheets store 17 digits; the shortest text of the same number is what was typed. */
function numberText(text: string): string {
  const value = Number(text)
  if (!Number.isFinite(value)) return text
  const shortest = String(Number(value.toPrecision(15)))
  return /e/i.test(shortest) ? (Math.abs(value) < 1 ? value.toFixed(20).replace(/0+$/, '') : BigInt(Math.round(value)).toString()) : shortest
}
