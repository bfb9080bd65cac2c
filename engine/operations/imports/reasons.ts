/** Why a file cannot be read, an import cannot begin, or a row is not taken: in English, and as a code that screens say in their own language. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'

const texts = {
  // the file
  empty: 'it is empty',
  damaged: 'the workbook is damaged',
  oldWorkbook: 'it is an old or protected workbook; save it as .xlsx without a password, or as CSV',
  noSheets: 'the workbook has no sheet',
  sheet: 'it has no sheet “{sheet}”',
  notWorkbook: 'it is an archive, but no workbook',
  macros: 'it contains macros; save it as a workbook without macros (.xlsx)',
  parts: 'the archive has too many parts',
  password: 'it is protected by a password',
  expanded: 'unpacked it would be larger than is allowed',
  partTooLarge: 'a part of the workbook is larger than is allowed',
  tooMuchText: 'it has too much different text; save it as CSV',
  columns: 'row {row} has more than {limit} columns',
  cellTooLong: 'a cell in row {row} is longer than {limit} characters',
  rowTooLong: 'row {row} is longer than {limit} characters; a quotation mark that is opened and never closed has this effect too',
  quoteOpen: 'the quotation mark that is opened in row {row} is never closed',
  quoteInside: 'in row {row} a quotation mark stands inside of a cell; write it twice, or read the file without quotation marks',
  row: 'row {row} cannot be read',
  encoding: 'its text is not {encoding}',
  // what was chosen
  noColumns: 'no column goes to a field',
  noKey: 'records can only be changed when a field says which ones',
  keyColumn: 'no column goes to {field}, by which records are found',
  keyNotUnique: '{field} is not unique, so it cannot say which record is meant',
  required: 'new records need {field}, and no column goes to it',
  running: 'only an import that is over can be undone',
  // one row
  control: 'It has a character that cannot be stored.',
  notUnderstood: '“{text}” is not understood.',
  noRecord: 'There is no such record for you.',
  noLink: 'There is no “{text}” that you may link to.',
  alike: 'It looks like “{title}” ({id}).',
  manyAlike: 'It looks like several records, such as “{title}” ({id}).',
  alikeRow: 'It looks like row {row} of the file.',
  takenRow: 'Row {row} of the file has this value already.',
  manyLinks: '“{text}” is the name of several records; use their number.',
} as const

export type ReasonCode = keyof typeof texts
type Params = Readonly<Record<string, string | number>>

/** A reason as it is told: `message` in English; code and params for those who say it in another language. */
export interface Reason extends JsonObject {
  readonly code: ReasonCode
  readonly params: Params
  readonly message: string
}

export const reason = (code: ReasonCode, params: Params = {}): Reason => ({ code, params, message: texts[code].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole)) })

/** @throws Problem import.unreadable */
export const unreadable = (code: ReasonCode, params: Params = {}, cause?: unknown): Problem => because('import.unreadable', reason(code, params), cause)

export const incomplete = (code: ReasonCode, params: Params = {}): Problem => because('import.incomplete', reason(code, params))

const because = (problem: 'import.unreadable' | 'import.incomplete', { code, params, message }: Reason, cause?: unknown): Problem =>
  new Problem(problem, { reason: message }, { extra: { reason: { code, params } }, ...(cause === undefined ? {} : { cause }) })
