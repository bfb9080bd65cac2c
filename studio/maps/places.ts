/** Where the records of a map stand: a bounded question, and what of its answer is in a section of the map. Shows nothing. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { UiField, UiMap } from '../../metadata/contract/ui-model.js'
import { both } from '../charts/chart-conditions.js'
import type { Rec } from '../client/records.js'
import { optionOf } from '../fields/choices.js'
import { viewOf } from '../fields/index.js'
import { nameOf } from '../fields/name-of.js'
import type { Question } from '../lists/question.js'

/** More are not shown: whoever sees so many points narrows the list. */
export const placesMost = 2_000
const pageMax = 500

/** Degrees; `west` may be larger than `east` nowhere: a section does not reach over the date line. */
export interface Section {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

export interface Place {
  readonly record: Rec
  readonly name: string
  readonly lat: number
  readonly lng: number
  /** Of the option that the record has, '' for none. */
  readonly color: string
  readonly label: string
}

export interface Places {
  readonly places: readonly Place[]
  /** True when there are more. */
  readonly cut: boolean
}

/** The records that have a place, as the list orders them. */
export async function placesOf({ client, entity, query }: Question, { at }: UiMap, color: UiField | undefined, signal: AbortSignal): Promise<Places> {
  const fields = [...new Set([...query.fields.split(','), at, ...(color === undefined ? [] : [color.key])])].join(',')
  const asked = { ...query, fields, filter: both(query.filter, { [`${at}.lat`]: { $ne: null } }), limit: pageMax }
  const records: Rec[] = []
  let next: string | null = null
  do {
    const page = await client.records.list(entity.name, { ...asked, ...(next === null ? {} : { cursor: next }) }, signal)
    records.push(...page.records)
    next = page.next
  } while (next !== null && records.length < placesMost)
  return { places: records.flatMap((record) => placeOf(record, at, nameOf(entity, record), color) ?? []), cut: next !== null }
}

function placeOf(record: Rec, at: string, name: string, color: UiField | undefined): Place | undefined {
  const point: Json = record[at] ?? null
  if (!isObject(point) || typeof point['lat'] !== 'number' || typeof point['lng'] !== 'number') return undefined
  return { record, name, lat: point['lat'], lng: point['lng'], ...colorFor(record, color) }
}

function colorFor(record: Rec, field: UiField | undefined): Pick<Place, 'color' | 'label'> {
  const value = field === undefined ? null : (record[field.key] ?? null)
  if (field === undefined || value === null) return { color: '', label: '' }
  const { color, label } = viewOf(field.type).steps?.(field).find((step) => step.value === value) ?? optionOf(field, value)
  return { color, label }
}

export const isWithin = ({ west, south, east, north }: Section, { lat, lng }: Pick<Place, 'lat' | 'lng'>): boolean => lat >= south && lat <= north && lng >= west && lng <= east

/** The condition that the places of a section meet. */
export const standsIn = (at: string, { west, south, east, north }: Section): JsonObject => ({ [`${at}.lat`]: { $gte: rounded(south, 90), $lte: rounded(north, 90) }, [`${at}.lng`]: { $gte: rounded(west, 180), $lte: rounded(east, 180) } })

/** Within what a place can be: more of the map may be in sight than the world has. A condition is read by people, and five digits are a metre. */
const rounded = (degrees: number, most: number): number => Number(Math.max(-most, Math.min(most, degrees)).toFixed(5))

/** Places closer together than so many degrees are looked at with some of their surroundings. */
const leastSpan = 0.02
const margin = 0.12
const wholeWorld: Section = { west: -170, south: -56, east: 180, north: 78 }

/** The section that shows all of these with some room around them; the whole world for none. */
export function around(places: readonly Pick<Place, 'lat' | 'lng'>[]): Section {
  const [lats, lngs] = [places.map(({ lat }) => lat), places.map(({ lng }) => lng)]
  if (places.length === 0) return wholeWorld
  const [south, north] = widened(Math.min(...lats), Math.max(...lats), 85)
  const [west, east] = widened(Math.min(...lngs), Math.max(...lngs), 180)
  return { west, south, east, north }
}

function widened(from: number, to: number, most: number): readonly [number, number] {
  const room = Math.max((to - from) * margin, (leastSpan - (to - from)) / 2)
  return [Math.max(-most, from - room), Math.min(most, to + room)]
}

/** Beyond there is nothing to see. Degrees. */
const land = { south: -60, north: 84 } as const

/** What is in sight, moved up or down until as much of it as can be is land: around places of the north half of it would be empty. What was asked for stays in it. */
export function onLand({ south, north, ...sides }: Section, asked: Section): Section {
  const [atTop, atBottom] = [land.north - north, land.south - south]
  const wanted = north - south > land.north - land.south ? (atTop + atBottom) / 2 : Math.min(0, atTop) + Math.max(0, atBottom)
  const by = Math.min(Math.max(wanted, asked.north - north), asked.south - south)
  return { ...sides, south: south + by, north: north + by }
}

/** The same middle, `factor` times as wide and high. */
export function scaled({ west, south, east, north }: Section, factor: number): Section {
  const half = ([from, to]: readonly [number, number]): number => ((to - from) / 2) * factor
  const [lng, lat] = [(west + east) / 2, (south + north) / 2]
  return { west: lng - half([west, east]), east: lng + half([west, east]), south: lat - half([south, north]), north: lat + half([south, north]) }
}
