/** Settings and rights become a plan: for each column the field, and how its cells are read. */
import { Problem } from '../../errors.js'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { Habits } from '../../fields/contract.js'
import type { DuplicateRule, Field } from '../../model/model.js'
import { presetOf } from '../../model/lifecycle.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Call } from '../call.js'
import { fieldsOf, rulesFor } from '../duplicates/rules.js'
import { accessTo } from '../rights/rights.js'
import { seen, type LinkTarget } from './find.js'
import type { SourceRow } from './files/reading.js'
import { incomplete, reason } from './reasons.js'
import { severalTargets } from './several.js'
import type { ColumnSetting, ImportSettings, Likeness, Mode } from './settings.js'

export interface ImportPlan {
  readonly access: EntityAccess
  readonly mode: Mode
  /** Finds records; null when only new ones are made. */
  readonly key: Field | null
  readonly columns: readonly PlannedColumn[]
  /** Duplicate rules that new rows are asked by. */
  readonly rules: readonly DuplicateRule[]
  readonly alike: Likeness
  /** Cells are as CSV files have them: an apostrophe may stand before what a spreadsheet would run. */
  readonly guarded: boolean
  readonly habits: Habits
}

export interface PlannedColumn {
  readonly index: number
  readonly field: Field
  /** As the file or the field names it. */
  readonly title: string
  /** For links: where the other record is looked for, and by which of its fields, the more certain ones first. */
  readonly link: LinkTarget | null
  /** For a record of one of several entities the same for each, by what the entity is called. */
  readonly several: ReadonlyMap<string, LinkTarget> | null
}


/**
 * @param titles names of the columns in the file
 * @throws Problem access.denied, access.field, import.incomplete
 */
export function planImport(call: Call, entity: string, settings: ImportSettings, titles: readonly string[]): ImportPlan {
  const access = accessTo(call, entity)
  const { mode } = settings
  if ((mode !== 'update' && access.create.length === 0) || ((mode !== 'create' || settings.alike === 'update') && access.update.length === 0)) throw new Problem('access.denied')
  const columns = settings.columns.map((setting) => plannedColumn(call, access, settings, setting, titles))
  if (columns.length === 0) throw incomplete('noColumns')
  const key = settings.key === null || mode === 'create' ? null : keyField(access, settings.key)
  if (mode !== 'create' && key === null) throw incomplete('noKey')
  if (key !== null && !columns.some(({ field }) => field === key)) throw incomplete('keyColumn', { field: key.title })
  if (mode !== 'update') {
    const lacking = [...access.entity.fields.values()].find((field) => field.required && presetOf(access.entity, field) === undefined && access.entity.sets?.fills.create.has(field.key) !== true && field.type.numbering === undefined && !field.readOnly && !columns.some((column) => column.field === field))
    if (lacking !== undefined) throw incomplete('required', { field: lacking.title })
  }
  return { access, mode, key, columns, rules: mode === 'update' ? [] : rulesOf(access, columns), alike: settings.alike, guarded: settings.reading.format === 'csv', habits: settings.habits }
}

/** Rules of which every field has a column: no other one can make a row look like something. */
const rulesOf = (access: EntityAccess, columns: readonly PlannedColumn[]): readonly DuplicateRule[] =>
  rulesFor(access).filter((rule) => fieldsOf(rule).every((field) => columns.some((column) => column.field === field)))

function plannedColumn(call: Call, access: EntityAccess, { mode, key }: ImportSettings, { column, field: name, by }: ColumnSetting, titles: readonly string[]): PlannedColumn {
  const field = access.entity.fields.get(name)
  const settable = (mode !== 'update' && access.create.some(({ fields }) => fields.has(name))) || (mode !== 'create' && access.update.some(({ fields }) => fields.has(name)))
  // The field that only finds records need not be one that the caller may set.
  if (field === undefined || !(settable || (name === key && mode === 'update' && seen(access, name) !== undefined))) throw new Problem('access.field', { field: name.slice(0, 60) })
  const link = field.link ?? field.links
  const target = link === null ? undefined : call.access.entity(link.to)
  if (link !== null && target === undefined) throw new Problem('access.field', { field: name })
  return { index: column, field, title: titles[column] || field.title, link: target === undefined ? null : { target, by: namingFields(target, by) }, several: field.targets === null ? null : severalTargets(call, field, by) }
}

/** Fields by which a record may be named: the one that was chosen; otherwise unique ones before the display field. */
export function namingFields(target: EntityAccess, by: string): readonly Field[] {
  const { entity } = target
  const keys = by === '' ? [...[...entity.fields.values()].filter((field) => field.unique).map(({ key }) => key), ...(entity.display === 'id' ? [] : [entity.display])] : [by]
  const fields = [...new Set(keys)].flatMap((key) => seen(target, key) ?? [])
  if (fields.length === 0) throw new Problem('access.field', { field: by === '' ? entity.display : by.slice(0, 60) })
  return fields
}

function keyField(access: EntityAccess, name: string): Field {
  const field = seen(access, name)
  if (field === undefined) throw new Problem('access.field', { field: name.slice(0, 60) })
  if (!field.unique && field.key !== 'id') throw incomplete('keyNotUnique', { field: field.title })
  return field
}

// ── one row ──

/** Why a row is not taken: a reason of the import, or what any write would have refused. */
export interface RowProblem extends JsonObject {
  /** Title of the column or field; '' for the row as a whole. */
  readonly column: string
  readonly code: string
  /** In English. */
  readonly message: string
}

/** A row whose cells were understood, as far as that needs no other records. */
export interface ReadRow {
  readonly row: number
  readonly cells: readonly string[]
  readonly values: Record<string, Json>
  /** Texts that name other records, by column. */
  readonly names: readonly { readonly column: PlannedColumn; readonly texts: readonly string[] }[]
  readonly problems: RowProblem[]
}

/** Reads the cells of a row; an empty cell says nothing. */
export function readRow(plan: ImportPlan, { row, cells }: SourceRow): ReadRow {
  const read = { row, cells, values: {} as Record<string, Json>, names: [] as { column: PlannedColumn; texts: readonly string[] }[], problems: [] as RowProblem[] }
  for (const column of plan.columns) {
    const cell = cells[column.index] ?? ''
    const text = plan.guarded ? asTyped(cell) : cell
    if (text.trim() === '') continue
    if (text.includes('\0')) read.problems.push({ column: column.title, ...reason('control') })
    else if (column.link !== null || column.several !== null) read.names.push({ column, texts: column.field.links === null ? [text.trim()] : text.split(';').map((name) => name.trim()).filter((name) => name !== '') })
    else {
      const value = column.field.type.parse(text, column.field.options, plan.habits)
      if (value === undefined) read.problems.push({ column: column.title, ...reason('notUnderstood', { text: shortened(text) }) })
      else read.values[column.field.key] = value
    }
  }
  return read
}

export const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

/** Takes back the apostrophe that an export puts before what a spreadsheet would run as a formula. */
const asTyped = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)
