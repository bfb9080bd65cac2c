/** What is on the screen as a file. */
import { csvLine } from '../../metadata/contract/csv-text.js'

/** Saves lines of texts; `name` without an ending. The mark at the beginning tells spreadsheets that it is UTF-8. */
export function saveCsv(name: string, lines: readonly (readonly string[])[]): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(['\uFEFF', ...lines.map(csvLine)], { type: 'text/csv;charset=utf-8' }))
  link.download = `${name.replace(/[\\/:*?"<>|]/g, ' ').trim() || 'export'}.csv`
  link.click()
  URL.revokeObjectURL(link.href)
}
