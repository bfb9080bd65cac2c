/** Records as a file, page by page on the connections for long reads, in constant memory. */
import type { Json } from '../../../metadata/contract/json.js'
import { harmless, quoted } from '../../../metadata/contract/csv-text.js'
import { isObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Field } from '../../model/model.js'
import { all } from '../../model/conditions/predicate.js'
import type { ListQuery, Selection } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import { looked } from '../audit/looks.js'
import { noteExport } from '../audit/note.js'
import type { Call } from '../call.js'
import { planList, type ListRequest } from './read.js'
import { accessTo, granted } from '../rights/rights.js'
import { labelled, labelsOf, pointsElsewhere } from './labels.js'
import type { Rec } from './row.js'
import { workbook, type WorkbookCell } from './workbook.js'

export const exportFormats = ['csv', 'xlsx', 'jsonl'] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface ExportRequest extends Omit<ListRequest, 'limit' | 'expand'> {
  readonly format: ExportFormat
  /** Cells as they are, for programs: spreadsheets may take some for formulas. */
  readonly raw: boolean
}

/**
 * The file in pieces. Rights and the question are checked before the first piece.
 * @throws Problem request.path, access.denied, access.field, query.invalid
 */
export function exportRecords(call: Call, request: ExportRequest): AsyncIterable<string | Uint8Array> {
  const access = accessTo(call, request.entity)
  const rows = granted(access.export)
  const plan = planList(call, { ...request, limit: 500 })
  if (plan.selection.toMany.length > 0) throw new Problem('query.invalid', { reason: 'an export has one row for each record, so it has no lists of others' })
  const query: ListQuery = { ...plan, rows: all(plan.rows, rows) }
  const pages = noted(call, query, request, records.stream(call.engine.database.long, query, call.bindings))
  const columns = columnsOf(plan.selection, request.fields)
  switch (request.format) {
    case 'csv':
      return csv(worded(request.raw ? undefined : call, pages, columns), columns.map(({ name }) => name), request.raw)
    case 'xlsx':
      return workbook(columns.map(({ name }) => name), cells(worded(request.raw ? undefined : call, pages, columns), columns))
    case 'jsonl':
      return jsonLines(pages)
  }
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

// ── columns ──

interface ExportColumn {
  /** Path of the field, as it was asked for. */
  readonly name: string
  readonly field: Field
  value(record: Rec): Json
}

/** In the order in which they were asked for; without a wish all fields of the records themselves. */
function columnsOf(selection: Selection, paths: readonly string[] | undefined): readonly ExportColumn[] {
  return (paths ?? selection.fields.map(({ field }) => field.key)).map((name) => {
    const steps = name.split('.')
    return { name, field: fieldAt(selection, steps), value: (record) => steps.reduce<Json>((value, step) => (isObject(value) ? (value[step] ?? null) : null), record) }
  })
}

function fieldAt(selection: Selection, [first = '', ...rest]: readonly string[]): Field {
  const next = selection.toOne.find(({ field }) => field.key === first)
  const [part] = rest
  if (next !== undefined) return part === undefined ? next.field : fieldAt(next.selection, rest)
  const own = selection.fields.find(({ field }) => field.key === first)?.field
  const found = part === undefined ? own : own?.parts.get(part)
  if (found === undefined) throw new Problem('access.field', { field: first })
  return found
}

// ── formats ──

async function* jsonLines(pages: Pages): AsyncIterable<string> {
  for await (const page of pages) yield page.map((record) => `${JSON.stringify(record)}\n`).join('')
}

/** Rows of cells: the value, and how it is read. */
type Worded = AsyncIterable<readonly (readonly { readonly value: Json; readonly text: string }[])[]>

/** Other records are told by their names and what makes sure of them; by their ids without a `call`, for programs. */
async function* worded(call: Call | undefined, pages: Pages, columns: readonly ExportColumn[]): Worded {
  for await (const page of pages) {
    const rows = page.map((record) => columns.map((column) => ({ field: column.field, value: column.value(record) })))
    const labels = call === undefined ? undefined : await labelsOf(call, rows.flat().filter(({ field }) => pointsElsewhere(field)))
    yield rows.map((row) => row.map(({ field, value }) => ({ value, text: call !== undefined && labels !== undefined && pointsElsewhere(field) ? labelled(call, field, value, labels) : textOf(field, value) })))
  }
}

async function* csv(pages: Worded, names: readonly string[], raw: boolean): AsyncIterable<string> {
  // The byte order mark makes spreadsheets read UTF-8.
  yield `\uFEFF${names.map(quoted).join(',')}\r\n`
  for await (const page of pages) yield page.map((row) => `${row.map(({ text }) => quoted(raw ? text : harmless(text))).join(',')}\r\n`).join('')
}

async function* cells(pages: Worded, columns: readonly ExportColumn[]): AsyncIterable<readonly (readonly WorkbookCell[])[]> {
  for await (const page of pages) yield page.map((row) => row.map(({ value, text }, index) => workbookCell(columns[index]?.field, value, text)))
}

/** Numbers, days and truths as such; everything else in words. */
function workbookCell(field: Field | undefined, value: Json, text: string): WorkbookCell {
  if (value === null || field === undefined) return null
  const { formula } = field.type
  if (pointsElsewhere(field)) return { text }
  // A spreadsheet keeps 15 digits; a longer number stays what it is as a text.
  if (formula === 'number' && typeof value === 'number' && Number(value.toPrecision(15)) === value) return { number: value }
  if (formula === 'boolean' && typeof value === 'boolean') return { yes: value }
  if (formula === 'date' && typeof value === 'string') return { day: value }
  return { text }
}

/** A record that stands for a link is told by its id. */
function textOf(field: Field, value: Json): string {
  const told = field.link !== null && isObject(value) ? (value['id'] ?? null) : value
  return told === null ? '' : field.type.format(told, field.options)
}
