/** Lines while they are edited: pure functions from rows to rows, and what is sent of them. */
import { digitsAt, sumOf } from '../../metadata/contract/exact.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiField, UiModel } from '../../metadata/contract/ui-model.js'

/** A line: `id` and `version` when it is stored, none when it is new. */
export type Line = JsonObject

/** The rows of a value; what is no list has none. */
export const linesIn = (value: Json | undefined): readonly Line[] => (Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [])

export const isStored = (line: Line): boolean => typeof line['id'] === 'number'

/** Columns of a line table: all fields of the line but the way back to its owner and what the engine keeps of every record. */
export function lineFields(child: UiEntity, field: UiField): readonly UiField[] {
  const of = field.options['of']
  const owner = typeof of === 'string' ? of.split('.')[1] : undefined
  return child.fields.filter(({ key, system, lines, listOf }) => key !== owner && !system && lines === undefined && listOf === undefined)
}

export const withCell = (lines: readonly Line[], row: number, key: string, value: Json): readonly Line[] => lines.map((line, at) => (at === row ? { ...line, [key]: value } : line))

export const withLine = (lines: readonly Line[], row: number, line: Line): readonly Line[] => [...lines.slice(0, row), line, ...lines.slice(row)]

export const withoutLine = (lines: readonly Line[], row: number): readonly Line[] => lines.filter((_, at) => at !== row)

/** The line changes places with the one before or behind it; the same rows at either end. */
export function moved(lines: readonly Line[], row: number, by: 1 | -1): readonly Line[] {
  const [line, other] = [lines[row], lines[row + by]]
  return line === undefined || other === undefined ? lines : lines.map((one, at) => (at === row ? other : at === row + by ? line : one))
}

/** A new line begins with the defaults of its fields. */
export const freshLine = (fields: readonly UiField[]): Line => Object.fromEntries(fields.flatMap((field) => (field.createable && field.default !== undefined ? [[field.key, field.default]] : [])))

/** The exact sum of a column; null where nothing can be summed. */
export function totalOf(lines: readonly Line[], field: UiField): number | null {
  const numbers = lines.map((line) => line[field.key]).filter((value) => typeof value === 'number')
  if (!field.measures.includes('sum') || numbers.length === 0) return null
  const { digits, scale } = sumOf(numbers)
  return Number(digitsAt({ digits, scale }, scale)) / 10 ** scale
}

/** Rows of cells as spreadsheets copy them: tabs between cells, line ends between rows, quotes around cells that hold either. */
export function cellsOf(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]]
  for (const match of text.replace(/\r\n?/g, '\n').replace(/\n$/, '').matchAll(/(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/g)) {
    const [whole, quoted, plain = '', end] = match
    if (whole === '' && match.index > 0 && text[match.index - 1] !== '\t' && end === '') break
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\n') rows.push([])
    if (end === '') break
  }
  return rows
}

/** What a save sends of changed lines: the place of every line, and of each only what this person changed and may set. */
export function sendable(model: UiModel, entity: UiEntity, changed: JsonObject, original: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(changed).map(([key, value]) => {
    const field = entity.fields.find((one) => one.key === key)
    const child = field?.lines === undefined ? undefined : model.entities[field.lines]
    if (field === undefined || child === undefined) return [key, value]
    const was = new Map(linesIn(original[key]).map((line) => [line['id'], line]))
    return [key, linesIn(value).map((line) => sentLine(lineFields(child, field), line, was.get(line['id'])))]
  }))
}

function sentLine(fields: readonly UiField[], line: Line, was: Line | undefined): Line {
  const { id, version } = line
  const known = was === undefined ? {} : { id: id ?? null, version: version ?? null }
  const set = fields.filter((field) => (was === undefined ? field.createable && (line[field.key] ?? null) !== null : field.updateable && JSON.stringify(line[field.key] ?? null) !== JSON.stringify(was[field.key] ?? null)))
  return { ...known, ...Object.fromEntries(set.map(({ key }) => [key, line[key] ?? null])) }
}
