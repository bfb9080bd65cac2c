/** As what the records of a list are shown: rows, cards, days, places, pictures, a chart or a pivot table; and how that is written into an address. Pure. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { measures } from '../../metadata/contract/operators.js'
import type { UiBoard, UiCalendar, UiChart, UiGallery, UiList, UiMap, UiMeasure, UiPivot, UiTimeline } from '../../metadata/contract/ui-model.js'

/** What each kind of view that is no rows is made of. */
interface Parts {
  readonly board: UiBoard
  readonly calendar: UiCalendar
  readonly timeline: UiTimeline
  readonly map: UiMap
  readonly gallery: UiGallery
  readonly chart: UiChart
  readonly pivot: UiPivot
}
export type Kind = 'list' | keyof Parts
export type Shape = { readonly kind: 'list' } | { readonly [K in keyof Parts]: { readonly kind: K } & { readonly [P in K]: Parts[K] } }[keyof Parts]
export type ShapeOf<K extends Kind> = Extract<Shape, { readonly kind: K }>

export const rows: Shape = { kind: 'list' }

/** How each kind is read out of the value that an address has under its name; undefined where that is not understood. */
const readers: { readonly [K in keyof Parts]: (text: string) => Parts[K] | undefined } = {
  board: (by) => ({ by }),
  calendar: (text) => readCalendar(parsed(text)),
  timeline: (text) => readTimeline(parsed(text)),
  map: (text) => readMap(parsed(text)),
  gallery: (picture) => ({ picture }),
  chart: (text) => readChart(parsed(text)),
  pivot: (text) => readPivot(parsed(text)),
}
const kinds = Object.keys(readers) as readonly (keyof Parts)[]

/** The shape of a kind that is made of this. */
const shaped = (kind: keyof Parts, part: Parts[keyof Parts]): Shape => ({ kind, [kind]: part }) as Shape // a part comes from under the name of its kind

/** What a view is. */
export function shapeOfView(view: UiList): Shape {
  for (const kind of kinds) {
    const part = view[kind]
    if (part !== undefined) return shaped(kind, part)
  }
  return rows
}

/** Reads the shape out of an address; undefined where it says none that is understood. */
export function readShape(parameters: URLSearchParams): Shape | undefined {
  for (const kind of kinds) {
    const text = parameters.get(kind)
    if (kind === 'board' && text === '') return rows
    const part = text === null || text === '' ? undefined : readers[kind](text)
    if (part !== undefined) return shaped(kind, part)
  }
  return undefined
}

/** Writes it; `board=` is rows in place of a view that shows something else. */
export function writeShape(shape: Shape, parameters: URLSearchParams): void {
  if (shape.kind === 'board') parameters.set('board', shape.board.by)
  else if (shape.kind === 'gallery') parameters.set('gallery', shape.gallery.picture)
  else if (shape.kind === 'list') parameters.set('board', '')
  else parameters.set(shape.kind, JSON.stringify(partOf(shape)[shape.kind]))
}

/** The shape as members of a view's definition. */
export function partOf(shape: Shape): JsonObject {
  const { kind: _kind, ...part } = shape
  return { ...part }
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function readCalendar(value: JsonObject | undefined): UiCalendar | undefined {
  const { by, end, color } = value ?? {}
  return typeof by === 'string' ? { by, ...(typeof end === 'string' ? { end } : {}), ...(typeof color === 'string' ? { color } : {}) } : undefined
}

function readTimeline(value: JsonObject | undefined): UiTimeline | undefined {
  const calendar = readCalendar(value)
  return calendar === undefined ? undefined : { ...calendar, ...(typeof value?.['group'] === 'string' ? { group: value['group'] } : {}) }
}

function readMap(value: JsonObject | undefined): UiMap | undefined {
  const { at, color } = value ?? {}
  return typeof at === 'string' ? { at, ...(typeof color === 'string' ? { color } : {}) } : undefined
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
