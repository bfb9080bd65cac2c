/** Changes dashboards: new ones, their tiles, where those stand and how wide they are. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { isName, objectOf, textLanguages, textOf, titleFrom, translated } from '../draft/definitions.js'
import { applyAll, pointer, type Documents, type Operation } from '../draft/operations.js'
import { setValue } from './set-value.js'

export const dashboardDocument = (name: string): string => `dashboards/${name}.json`

export interface DashboardDraft {
  readonly name: string
  readonly path: string
  readonly title: string
  readonly document: JsonObject
}

/** All dashboards in the order in which they are offered: by position, then by name. */
export function dashboardsOf(documents: Documents, language: string): readonly DashboardDraft[] {
  const all = Object.entries(documents).flatMap(([path, document]): readonly DashboardDraft[] => {
    const name = /^dashboards\/([^/]+)\.json$/.exec(path)?.[1]
    return name === undefined ? [] : [{ name, path, document, title: translated(documents, language, path, '/title') || textOf(document['title']) || titleFrom(name) }]
  })
  return all.toSorted((a, b) => positionOf(a.document) - positionOf(b.document) || (a.name < b.name ? -1 : 1))
}

const positionOf = (definition: JsonObject): number => (typeof definition['position'] === 'number' ? definition['position'] : Number.MAX_SAFE_INTEGER)

/** Names of the tiles in the order of the page: by position, the others behind them as they are written. */
export const tilesOf = (document: JsonObject | undefined): readonly string[] =>
  Object.entries(objectOf(document?.['tiles'])).toSorted(([, a], [, b]) => positionOf(objectOf(a)) - positionOf(objectOf(b))).map(([name]) => name)

/** Nothing when the name cannot be one or is taken. A dashboard has a tile at least. */
export const addDashboard = (documents: Documents, name: string, title: string, tile: JsonObject): readonly Operation[] =>
  !isName(name) || documents[dashboardDocument(name)] !== undefined ? [] : [{ op: 'add', path: pointer(dashboardDocument(name)), value: { $schema: '/schemas/dashboard.json', title, position: dashboardsOf(documents, 'en').length + 1, tiles: { first: tile } } }]

/** A dashboard goes with what it is called in other languages. */
export const removeDashboard = (documents: Documents, name: string): readonly Operation[] =>
  documents[dashboardDocument(name)] === undefined ? [] : [...withoutTexts(documents, name, ''), { op: 'remove', path: pointer(dashboardDocument(name)) }]

/** A new tile at the end of the page. */
export function addTile(documents: Documents, name: string, tile: string, definition: JsonObject): readonly Operation[] {
  const path = dashboardDocument(name)
  if (documents[path] === undefined || objectOf(documents[path]['tiles'])[tile] !== undefined) return []
  const added = setValue(documents, [path, 'tiles', tile], definition)
  return [...added, ...ordered(applyAll(documents, added), name, [...tilesOf(documents[path]), tile])]
}

/** The last tile stays: a dashboard without one is none. */
export const removeTile = (documents: Documents, name: string, tile: string): readonly Operation[] =>
  tilesOf(documents[dashboardDocument(name)]).length < 2 ? [] : [...withoutTexts(documents, name, pointer('tiles', tile)), ...setValue(documents, [dashboardDocument(name), 'tiles', tile], undefined)]

/** Puts a tile at a place among the others; 0 is the first. */
export function moveTile(documents: Documents, name: string, tile: string, to: number): readonly Operation[] {
  const before = tilesOf(documents[dashboardDocument(name)])
  const from = before.indexOf(tile)
  const place = Math.min(Math.max(to, 0), before.length - 1)
  return from < 0 || from === place ? [] : ordered(documents, name, before.toSpliced(from, 1).toSpliced(place, 0, tile))
}

const ordered = (documents: Documents, name: string, tiles: readonly string[]): readonly Operation[] =>
  tiles.flatMap((tile, index) => setValue(documents, [dashboardDocument(name), 'tiles', tile, 'position'], index + 1))

/** Takes a filter off the page, and from the tiles that follow it. */
export function removePageFilter(documents: Documents, name: string, filter: string): readonly Operation[] {
  const path = dashboardDocument(name)
  const following = Object.entries(objectOf(documents[path]?.['tiles'])).filter(([, tile]) => objectOf(objectOf(tile)['filters'])[filter] !== undefined)
  return [...following.flatMap(([tile]) => setTile(documents, name, tile, ['filters', filter], undefined)), ...setValue(documents, [path, 'filters', filter], undefined)]
}

export const narrowest = 2
export const widest = 12

/** Sets or removes (undefined) what a tile says of itself. */
export const setTile = (documents: Documents, name: string, tile: string, keys: readonly string[], value: Json | undefined): readonly Operation[] =>
  setValue(documents, [dashboardDocument(name), 'tiles', tile, ...keys], value)

export const setWidth = (documents: Documents, name: string, tile: string, width: number): readonly Operation[] =>
  setTile(documents, name, tile, ['width'], Math.min(Math.max(Math.round(width), narrowest), widest))

function withoutTexts(documents: Documents, name: string, place: string): readonly Operation[] {
  const path = dashboardDocument(name)
  return textLanguages(documents).flatMap((tag) => {
    const texts = documents[`texts/${tag}.json`]?.[path]
    if (texts === undefined) return []
    const kept = Object.fromEntries(Object.entries(objectOf(texts)).filter(([at]) => !at.startsWith(`${place}/`)))
    return setValue(documents, [`texts/${tag}.json`, path], Object.keys(kept).length === 0 ? undefined : kept)
  })
}
