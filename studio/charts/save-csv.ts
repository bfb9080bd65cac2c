/** What is on the screen as a file. */
import { csvLine } from '../../metadata/contract/csv-text.js'
import { saveFile } from '../ui/save-file.js'

/** Saves lines of texts; `name` without an ending. The mark at the beginning tells spreadsheets that it is UTF-8. */
export function saveCsv(name: string, lines: readonly (readonly string[])[]): void {
  saveFile(`${name}.csv`, new Blob(['\uFEFF', ...lines.map(csvLine)], { type: 'text/csv;charset=utf-8' }))
}
