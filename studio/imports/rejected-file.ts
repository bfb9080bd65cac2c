/** The rows that were not accepted as a file, with the reasons in the reader's language: to be repaired and sent again. */
import { csvLine } from '../../metadata/contract/csv-text.js'
import type { UiEntity } from '../../metadata/contract/ui-model.js'
import { t } from '../client/i18n.js'
import type { RowProblem } from './import-state.js'
import { rowWords } from './row-words.js'

export interface RejectedRow {
  readonly cells: readonly string[]
  readonly problems: readonly RowProblem[]
}

/** One line after another; a column with the reasons stands behind those of the file. */
export async function rejectedFile(titles: readonly string[], rows: AsyncIterable<RejectedRow>, entity: UiEntity): Promise<Blob> {
  const lines = [`\uFEFF${csvLine([...titles, t('import.reasonsColumn')])}`]
  for await (const { cells, problems } of rows) {
    const said = problems.map((problem) => (problem.column === '' ? rowWords(problem, entity) : `${problem.column}: ${rowWords(problem, entity)}`))
    lines.push(csvLine([...titles.map((_, i) => cells[i] ?? ''), said.join(' ')]))
  }
  return new Blob(lines, { type: 'text/csv;charset=utf-8' })
}
