/** Rows that were not accepted, as a file that can be repaired and sent again. */
import { csvLine } from '../../../metadata/contract/csv-text.js'
import type { JsonObject } from '../../../metadata/contract/json.js'
import * as imports from '../../storage/own/imports.js'
import type { Call } from '../call.js'
import { mine } from './imports.js'
import { titlesOf } from './run.js'

/** The column with the reasons; on the way back in it goes to no field. */
export const reasonsTitle = 'Not accepted because'

/** @throws Problem import.unavailable */
export async function rejectedRows(call: Call, id: number): Promise<{ readonly fileName: string; readonly stream: AsyncIterable<string> }> {
  const imported = await mine(call, id)
  const base = imported.fileName.replace(/\.[^.]{1,5}$/, '')
  return { fileName: `${base} - not accepted.csv`, stream: lines(call, imported) }
}

/**
 * The same as they were kept, some at a time, for those who say the reasons in another language. `after`: the `next` of the page before.
 * @throws Problem import.unavailable
 */
export async function rejectedPage(call: Call, id: number, after: number): Promise<JsonObject> {
  const imported = await mine(call, id)
  for (let row = after; ; ) {
    const chunk = await imports.chunkAfter(call.engine.database.read, imported.id, row)
    if (chunk === null) return { titles: [...titlesOf(imported)], rows: [], next: null }
    row = chunk.fromRow
    if (chunk.rejected.length > 0) return { titles: [...titlesOf(imported)], rows: chunk.rejected.map(({ row, cells, problems }) => ({ row, cells: [...cells], problems: [...problems] })), next: chunk.fromRow }
  }
}

async function* lines(call: Call, imported: imports.StoredImport): AsyncGenerator<string> {
  const titles = titlesOf(imported)
  yield `\uFEFF${csvLine([...titles, reasonsTitle])}`
  for (let row = -1; ; ) {
    const chunk = await imports.chunkAfter(call.engine.database.read, imported.id, row)
    if (chunk === null) return
    row = chunk.fromRow
    if (chunk.rejected.length > 0) {
      yield chunk.rejected.map(({ cells, problems }) => csvLine([...titles.map((_, i) => cells[i] ?? ''), problems.map(({ column, message }) => (column === '' ? message : `${column}: ${message}`)).join(' ')])).join('')
    }
  }
}
