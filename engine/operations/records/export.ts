/** Records as a file, page by page on the connections for long reads, in constant memory. */
import type { Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Field } from '../../model/model.js'
import { all } from '../../model/predicate.js'
import type { ListQuery } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import { looked } from '../audit/looks.js'
import { noteExport } from '../audit/note.js'
import type { Call } from '../call.js'
import { harmless, quoted } from './csv-text.js'
import { planList, type ListRequest } from './read.js'
import { accessTo, granted } from '../rights/rights.js'
import type { Rec } from './row.js'

export const exportFormats = ['csv', 'jsonl'] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface ExportRequest extends Omit<ListRequest, 'limit' | 'expand'> {
  readonly format: ExportFormat
  /** Cells as they are, for programs: spreadsheets may take some for formulas. */
  readonly raw: boolean
}

/**
 * The file's text in pieces. Rights and the question are checked before the first piece.
 * @throws Problem request.path, access.denied, access.field, query.invalid
 */
export function exportRecords(call: Call, request: ExportRequest): AsyncIterable<string> {
  const access = accessTo(call, request.entity)
  const rows = granted(access.export)
  if (request.fields?.some((path) => path.includes('.'))) throw new Problem('query.invalid', { reason: 'an export has fields of the records themselves' })
  const plan = planList(call, { ...request, limit: 500 })
  const query: ListQuery = { ...plan, rows: all(plan.rows, rows) }
  const pages = noted(call, query, request, records.stream(call.engine.database.long, query, call.bindings))
  return request.format === 'csv' ? csv(pages, query, request.raw) : jsonLines(pages)
}

type Pages = AsyncIterable<readonly Rec[]>

/** Nothing leaves before the export is in the audit log. */
async function* noted(call: Call, query: ListQuery, request: ExportRequest, pages: Pages): Pages {
  await noteExport(call, query.entity, { format: request.format, fields: query.selection.fields.map(({ field }) => field.id), all: request.filter === undefined && request.q === undefined })
  for await (const page of pages) {
    looked(call, 'export', query.entity, query.selection, page)
    yield page
  }
}

async function* jsonLines(pages: Pages): AsyncIterable<string> {
  for await (const page of pages) yield page.map((record) => `${JSON.stringify(record)}\n`).join('')
}

async function* csv(pages: Pages, query: ListQuery, raw: boolean): AsyncIterable<string> {
  const fields = query.selection.fields.map(({ field }) => field)
  // The byte order mark makes spreadsheets read UTF-8.
  yield `\uFEFF${fields.map((field) => quoted(field.key)).join(',')}\r\n`
  for await (const page of pages) yield page.map((record) => `${fields.map((field) => csvCell(field, record[field.key], raw)).join(',')}\r\n`).join('')
}

function csvCell(field: Field, value: Json | undefined, raw: boolean): string {
  if (value === undefined || value === null) return ''
  const text = field.type.format(value, field.options)
  return quoted(raw ? text : harmless(text))
}

