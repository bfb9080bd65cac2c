/** A file that was sent: what it is, and its rows. */
import { csvSource } from './csv.js'
import { detectCsv, headerOf, type ByteSurvey } from './detect.js'
import { unreadable } from '../reasons.js'
import type { Reading, Source, SourceRow } from './reading.js'
import { isCompoundFile, isZip, sheetNames, xlsxSource } from './xlsx.js'

/** How a file is best read. @throws Problem import.unreadable for what is neither a table in text nor a workbook */
export async function detect(path: string, survey: ByteSurvey): Promise<{ readonly reading: Reading; readonly sheets: readonly string[] }> {
  const { beginning } = survey
  if (isCompoundFile(beginning)) throw unreadable('oldWorkbook')
  if (!isZip(beginning)) {
    if (survey.bytes === 0) throw unreadable('empty')
    return { reading: await detectCsv(beginning, survey.encoding), sheets: [] }
  }
  const sheets = await sheetNames(path)
  const [sheet] = sheets
  if (sheet === undefined) throw unreadable('noSheets')
  return { reading: { format: 'xlsx', sheet, header: headerOf(await firstRows(xlsxSource(path, { sheet }), 2)) }, sheets }
}

export const openSource = (path: string, bytes: number, reading: Reading): Source => (reading.format === 'csv' ? csvSource(path, bytes, reading) : xlsxSource(path, reading))

/** The first rows of a source, which is closed afterwards. */
export async function firstRows(source: Source, limit: number): Promise<readonly SourceRow[]> {
  const rows: SourceRow[] = []
  for await (const row of source.rows) if (rows.push(row) >= limit) break
  return rows
}
