/** Rows as a workbook (ECMA-376) that is written while it is sent: typed cells, and texts that never are formulas. */
import { strToU8, Zip, ZipDeflate } from 'fflate'

/** Spreadsheets take so many rows in a sheet; more go to the next one. */
const sheetRows = 1_048_576
/** Characters of a cell that spreadsheets take. */
const cellCharacters = 32_767

/** What stands in a cell. */
export type WorkbookCell = { readonly number: number } | { readonly yes: boolean } | { readonly day: string } | { readonly text: string } | null

/** The pieces of the file, in constant memory. */
export async function* workbook(titles: readonly string[], pages: AsyncIterable<readonly (readonly WorkbookCell[])[]>): AsyncGenerator<Uint8Array> {
  const file = new Pieces()
  const sheets = [new Sheet(file, 1, titles)]
  for await (const page of pages) {
    for (const row of page) {
      let sheet = sheets.at(-1)
      if (sheet === undefined || sheet.rows === sheetRows) sheets.push((sheet = new Sheet(file, sheets.length + 1, titles)))
      sheet.add(row)
    }
    sheets.at(-1)?.flush()
    yield* file.take()
  }
  for (const sheet of sheets) sheet.end()
  for (const [name, content] of Object.entries(frame(sheets.length))) file.add(name).push(strToU8(content), true)
  file.end()
  yield* file.take()
}

/** The archive, as far as it is ready to be sent. */
class Pieces {
  private ready: Uint8Array[] = []
  private readonly zip = new Zip((error, piece) => {
    if (error !== null) throw error
    this.ready.push(piece)
  })

  add(name: string): ZipDeflate {
    const part = new ZipDeflate(name, { level: 3 })
    this.zip.add(part)
    return part
  }

  end(): void {
    this.zip.end()
  }

  take(): readonly Uint8Array[] {
    const { ready } = this
    this.ready = []
    return ready
  }
}

class Sheet {
  rows = 0
  private text = `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews><sheetData>`
  private readonly part: ZipDeflate
  private over = false

  constructor(file: Pieces, number: number, titles: readonly string[]) {
    this.part = file.add(`xl/worksheets/sheet${String(number)}.xml`)
    this.add(titles.map((text) => ({ text })), 2)
  }

  add(cells: readonly WorkbookCell[], style = 0): void {
    this.rows += 1
    this.text += `<row r="${String(this.rows)}">${cells.map((cell, i) => cellXml(cell, `${columnName(i)}${String(this.rows)}`, style)).join('')}</row>`
    if (this.rows === sheetRows) this.end()
  }

  flush(): void {
    if (this.over) return
    this.part.push(strToU8(this.text))
    this.text = ''
  }

  end(): void {
    if (this.over) return
    this.over = true
    this.part.push(strToU8(`${this.text}</sheetData></worksheet>`), true)
  }
}

function cellXml(cell: WorkbookCell, place: string, style: number): string {
  if (cell === null) return ''
  if ('number' in cell) return `<c r="${place}"><v>${String(cell.number)}</v></c>`
  if ('yes' in cell) return `<c r="${place}" t="b"><v>${cell.yes ? '1' : '0'}</v></c>`
  if ('day' in cell) {
    const serial = serialOf(cell.day)
    return serial === undefined ? cellXml({ text: cell.day }, place, style) : `<c r="${place}" s="1"><v>${String(serial)}</v></c>`
  }
  return cell.text === '' ? '' : `<c r="${place}" t="inlineStr"${style === 0 ? '' : ` s="${String(style)}"`}><is><t xml:space="preserve">${escaped(cell.text)}</t></is></c>`
}

/** The number of a day; undefined before March 1900, where spreadsheets count a day that never was. */
function serialOf(day: string): number | undefined {
  const serial = (Date.parse(`${day}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000
  return serial > 60 ? serial : undefined
}

/** 0 → A, 26 → AA. */
function columnName(index: number): string {
  const letter = String.fromCodePoint(65 + (index % 26))
  return index < 26 ? letter : `${columnName(Math.floor(index / 26) - 1)}${letter}`
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** Signs that XML has no way to write are left out; `_x000D_` is how workbooks write some of them, so it is written out itself. */
const escaped = (text: string): string =>
  text.slice(0, cellCharacters).replaceAll(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]|\p{Surrogate}/gu, '').replaceAll(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_').replaceAll(/[&<>"]/g, (sign) => signs[sign] ?? '').replaceAll('\r', '_x000D_')

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** The parts around the sheets. */
function frame(sheets: number): Readonly<Record<string, string>> {
  const numbers = Array.from({ length: sheets }, (_, i) => String(i + 1))
  return {
    '[Content_Types].xml': `${declaration}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/>${numbers.map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${types}.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `${declaration}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${numbers.map((n) => `<sheet name="Sheet${n}" sheetId="${n}" r:id="rId${n}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${declaration}<Relationships xmlns="${packages}/relationships">${numbers.map((n) => `<Relationship Id="rId${n}" Type="${office}/worksheet" Target="worksheets/sheet${n}.xml"/>`).join('')}<Relationship Id="rIdStyles" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `${declaration}<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="14" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`,
  }
}
