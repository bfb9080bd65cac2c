/** Small workbooks, made by hand. */
import { strToU8, zipSync } from 'fflate'

type Cell = string | number | { readonly text: string } | { readonly date: number } | { readonly number: string }

export interface WorkbookOptions {
  readonly from1904?: boolean
  /** Further parts of the archive. */
  readonly parts?: Readonly<Record<string, Uint8Array>>
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const column = (index: number): string => String.fromCodePoint(65 + index)

/** A workbook with one sheet; texts are shared ones. */
export function workbook(rows: readonly (readonly Cell[])[], { from1904 = false, parts = {} }: WorkbookOptions = {}): Uint8Array<ArrayBuffer> {
  const shared: string[] = []
  const cell = (value: Cell, place: string): string => {
    if (typeof value === 'number') return `<c r="${place}"><v>${value}</v></c>`
    if (typeof value === 'string') return `<c r="${place}" t="s"><v>${shared.push(value) - 1}</v></c>`
    if ('text' in value) return `<c r="${place}" t="inlineStr"><is><t>${escaped(value.text)}</t></is></c>`
    return 'date' in value ? `<c r="${place}" s="1"><v>${value.date}</v></c>` : `<c r="${place}"><v>${value.number}</v></c>`
  }
  const sheet = rows.map((cells, row) => `<row r="${row + 1}">${cells.map((value, i) => cell(value, `${column(i)}${row + 1}`)).join('')}</row>`).join('')
  const xml = (text: string): Uint8Array => strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${text}`)
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
  return new Uint8Array(zipSync({
    'xl/workbook.xml': xml(`<workbook ${main} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="${from1904 ? 1 : 0}"/><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`),
    'xl/_rels/workbook.xml.rels': xml('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="x" Target="worksheets/sheet1.xml"/></Relationships>'),
    'xl/styles.xml': xml(`<styleSheet ${main}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`),
    'xl/worksheets/sheet1.xml': xml(`<worksheet ${main}><sheetData>${sheet}</sheetData></worksheet>`),
    'xl/sharedStrings.xml': xml(`<sst ${main}>${shared.map((text) => `<si><t>${escaped(text)}</t></si>`).join('')}</sst>`),
    ...parts,
  }))
}
