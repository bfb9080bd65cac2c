/** How a file becomes records: what was chosen for it, as it is sent and kept. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { isTimeZone } from '../../../metadata/contract/time.js'
import { Problem } from '../../errors.js'
import type { Habits } from '../../fields/contract.js'
import { encodings, quotes, separators, sourceLimits, type Reading } from './files/reading.js'

export const modes = ['create', 'update', 'upsert'] as const
/** Only new records, only changes to records that are found, or either. */
export type Mode = (typeof modes)[number]

export const likenesses = ['create', 'skip', 'update'] as const
/** A new row that looks like a record that is there: it is made all the same, set aside, or changes that record. */
export type Likeness = (typeof likenesses)[number]

export interface ColumnSetting extends JsonObject {
  /** Place in the row, from 0. */
  readonly column: number
  /** Key of the field. */
  readonly field: string
  /** For links: key of the field that names the other record; `id`; or '' for any of its unique fields and its display field. */
  readonly by: string
}

export interface ImportSettings extends JsonObject {
  readonly reading: Reading
  readonly habits: Habits & JsonObject
  readonly mode: Mode
  /** Key of the unique field that finds records; null when only new ones are made. */
  readonly key: string | null
  readonly columns: readonly ColumnSetting[]
  /** By the duplicate rules of the entity. */
  readonly alike: Likeness
}

/** What was sent, laid over what is there. @throws Problem request.invalid */
export function changedSettings(before: ImportSettings, sent: Json | undefined, sheets: readonly string[]): ImportSettings {
  if (!isObject(sent)) throw invalid('the settings must be an object')
  const unknown = Object.keys(sent).find((key) => !['reading', 'habits', 'mode', 'key', 'columns', 'alike'].includes(key))
  if (unknown !== undefined) throw invalid(`there is no setting ${unknown.slice(0, 60)}`)
  const { mode = before.mode, key = before.key } = sent
  if (key !== null && typeof key !== 'string') throw invalid('key must be the name of a field or null')
  const chosen = modes.find((known) => known === mode)
  if (chosen === undefined) throw invalid(`mode must be one of ${modes.join(', ')}`)
  return {
    reading: sent['reading'] === undefined ? before.reading : changedReading(before.reading, sent['reading'], sheets),
    habits: sent['habits'] === undefined ? before.habits : changedHabits(before.habits, sent['habits']),
    mode: chosen,
    key,
    columns: sent['columns'] === undefined ? before.columns : columnsOf(sent['columns']),
    alike: oneOf(likenesses, sent['alike'] ?? before.alike, 'alike'),
  }
}

function changedReading(before: Reading, sent: Json, sheets: readonly string[]): Reading {
  if (!isObject(sent)) throw invalid('reading must be an object')
  const header = sent['header'] ?? before.header
  if (typeof header !== 'number' || !Number.isInteger(header) || header < 0 || header > 1000) throw invalid('header must be the number of a row, or 0')
  if (before.format === 'xlsx') return { format: 'xlsx', header, sheet: oneOf(sheets, sent['sheet'] ?? before.sheet, 'sheet') }
  return {
    format: 'csv',
    header,
    encoding: oneOf(encodings, sent['encoding'] ?? before.encoding, 'encoding'),
    separator: oneOf(separators, sent['separator'] ?? before.separator, 'separator'),
    quote: oneOf(quotes, sent['quote'] ?? before.quote, 'quote'),
  }
}

function changedHabits(before: Habits, sent: Json): Habits & JsonObject {
  if (!isObject(sent)) throw invalid('habits must be an object')
  const timeZone = sent['timeZone'] ?? before.timeZone
  if (typeof timeZone !== 'string' || !isTimeZone(timeZone)) throw invalid('timeZone must be the name of a zone, such as Europe/Berlin')
  return { dates: oneOf(['ymd', 'dmy', 'mdy'] as const, sent['dates'] ?? before.dates, 'dates'), decimal: oneOf(['.', ','] as const, sent['decimal'] ?? before.decimal, 'decimal'), timeZone }
}

function columnsOf(sent: Json): readonly ColumnSetting[] {
  if (!Array.isArray(sent) || sent.length > sourceLimits.columnsMax) throw invalid('columns must be a list')
  const columns = sent.map((one: Json): ColumnSetting => {
    const { column, field, by = '' } = isObject(one) ? one : {}
    if (typeof column !== 'number' || !Number.isInteger(column) || column < 0 || column >= sourceLimits.columnsMax || typeof field !== 'string' || typeof by !== 'string') throw invalid('a column has column (a number from 0), field, and for links by')
    return { column, field, by }
  })
  const twice = columns.find(({ field }, index) => columns.findIndex((other) => other.field === field) !== index)
  if (twice !== undefined) throw invalid(`two columns go to ${twice.field.slice(0, 60)}`)
  return columns
}

function oneOf<T extends string>(known: readonly T[], sent: Json, name: string): T {
  const found = known.find((one) => one === sent)
  if (found === undefined) throw invalid(`${name} must be one of ${known.map((one) => JSON.stringify(one)).join(', ')}`)
  return found
}

const invalid = (reason: string): Problem => new Problem('request.invalid', { reason })
