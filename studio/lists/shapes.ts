/** As what the records of a list are shown: rows, cards, days, a chart or a pivot table; and how that is written into an address. Pure. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { measures } from '../../metadata/contract/operators.js'
import type { UiBoard, UiCalendar, UiChart, UiList, UiMeasure, UiPivot } from '../../metadata/contract/ui-model.js'

export type Shape =
  | { readonly kind: 'list' }
  | { readonly kind: 'board'; readonly board: UiBoard }
  | { readonly kind: 'calendar'; readonly calendar: UiCalendar }
  | { readonly kind: 'chart'; readonly chart: UiChart }
  | { readonly kind: 'pivot'; readonly pivot: UiPivot }
export type Kind = Shape['kind']
export type ShapeOf<K extends Kind> = Extract<Shape, { readonly kind: K }>

export const rows: Shape = { kind: 'list' }

/** What a view is. */
export const shapeOfView = ({ board, calendar, chart, pivot }: UiList): Shape =>
  board !== undefined ? { kind: 'board', board } : calendar !== undefined ? { kind: 'calendar', calendar } : chart !== undefined ? { kind: 'chart', chart } : pivot !== undefined ? { kind: 'pivot', pivot } : rows

/** Reads the shape out of an address; undefined where it says none that is understood. */
export function readShape(parameters: URLSearchParams): Shape | undefined {
  const board = parameters.get('board')
  if (board !== null) return board === '' ? rows : { kind: 'board', board: { by: board } }
  const calendar = readCalendar(parsed(parameters.get('calendar')))
  if (calendar !== undefined) return { kind: 'calendar', calendar }
  const chart = readChart(parsed(parameters.get('chart')))
  if (chart !== undefined) return { kind: 'chart', chart }
  const pivot = readPivot(parsed(parameters.get('pivot')))
  return pivot === undefined ? undefined : { kind: 'pivot', pivot }
}

/** Writes it; `board=` is rows in place of a view that shows something else. */
export function writeShape(shape: Shape, parameters: URLSearchParams): void {
  if (shape.kind === 'board') parameters.set('board', shape.board.by)
  else if (shape.kind === 'list') parameters.set('board', '')
  else parameters.set(shape.kind, JSON.stringify(partOf(shape)[shape.kind]))
}

/** The shape as members of a view's definition. */
export function partOf(shape: Shape): JsonObject {
  const { kind: _kind, ...part } = shape
  return { ...part }
}

function parsed(text: string | null): JsonObject | undefined {
  try {
    const value = JSON.parse(text ?? 'null') as Json
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function readCalendar(value: JsonObject | undefined): UiCalendar | undefined {
  const { by, end, color } = value ?? {}
  return typeof by === 'string' ? { by, ...(typeof end === 'string' ? { end } : {}), ...(typeof color === 'string' ? { color } : {}) } : undefined
}

export const chartTypes = ['bar', 'line', 'area', 'donut'] as const satisfies readonly UiChart['type'][]

function readChart(value: JsonObject | undefined): UiChart | undefined {
  const type = chartTypes.find((one) => one === value?.['type'])
  const measure = readMeasure(value?.['measure'])
  const { by, series, limit } = value ?? {}
  if (type === undefined || measure === undefined || typeof by !== 'string') return undefined
  return { type, by, ...(typeof series === 'string' ? { series } : {}), measure, ...(typeof limit === 'number' && limit > 0 && limit <= 100 ? { limit } : {}) }
}

function readPivot(value: JsonObject | undefined): UiPivot | undefined {
  const measure = readMeasure(value?.['measure'])
  const [rowKeys, columns] = [textsIn(value?.['rows']), textsIn(value?.['columns'])]
  return measure === undefined || rowKeys.length === 0 ? undefined : { rows: rowKeys.slice(0, 2), columns: columns.slice(0, 1), measure }
}

const textsIn = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? (value as readonly Json[]).filter((one) => typeof one === 'string') : [])

function readMeasure(value: Json | undefined): UiMeasure | undefined {
  const [entry] = isObject(value) ? Object.entries(value) : []
  const name = measures.find((one) => one === entry?.[0])
  if (name === undefined || entry === undefined) return undefined
  return typeof entry[1] === 'string' ? { [name]: entry[1] } : name === 'count' ? { count: true } : undefined
}
