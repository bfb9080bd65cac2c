/** Lists that people are offered: what they show, their order, and new ones. */
import { canonical, isName, textOf, titleFrom, translated } from '../draft/definitions.js'
import type { JsonObject } from '../../../metadata/contract/json.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'
import { setValue } from './set-value.js'

export interface ViewDraft {
  readonly name: string
  readonly path: string
  readonly title: string
  readonly document: JsonObject
}

export const viewPath = (entity: string, name: string): string => `${entity}/view.${name}.json`

/** The lists of an entity in the order in which they are offered: by position, then by name. */
export function viewsOf(documents: Documents, entity: string, language: string): readonly ViewDraft[] {
  const start = `${entity}/view.`
  const views = Object.entries(documents).flatMap(([path, document]): readonly ViewDraft[] => {
    if (!path.startsWith(start) || !path.endsWith('.json')) return []
    const name = path.slice(start.length, -'.json'.length)
    return [{ name, path, document, title: translated(documents, language, path, '/title') || textOf(document['title']) || titleFrom(name) }]
  })
  const positionOf = ({ document }: ViewDraft): number => (typeof document['position'] === 'number' ? document['position'] : Number.MAX_SAFE_INTEGER)
  return views.toSorted((a, b) => positionOf(a) - positionOf(b) || (a.name < b.name ? -1 : 1))
}

/** What a list shows; the rest of its definition stays. */
const shown = ['kind', 'columns', 'frozen', 'sort', 'filter', 'groupBy', 'totals', 'board', 'calendar', 'timeline', 'map', 'gallery', 'chart', 'pivot'] as const

/** Gives a list what `next` shows. */
export function setView(documents: Documents, path: string, next: JsonObject): readonly Operation[] {
  const before = documents[path]
  if (before === undefined) return []
  return shown.flatMap((key) => {
    const value = key === 'sort' && next[key] === '' ? undefined : next[key]
    return canonical(before[key]) === canonical(value) ? [] : setValue(documents, [path, key], value)
  })
}

/** Nothing when the name cannot be one or is taken. */
export function addView(documents: Documents, entity: string, name: string, document: JsonObject): readonly Operation[] {
  const path = viewPath(entity, name)
  return !isName(name) || documents[path] !== undefined ? [] : [{ op: 'add', path: pointer(path), value: { $schema: '/schemas/view.json', ...document } }]
}

/** Moves a list among the others, which all get a position. */
export function moveView(documents: Documents, entity: string, name: string, by: -1 | 1): readonly Operation[] {
  const names = viewsOf(documents, entity, 'en').map((view) => view.name)
  const from = names.indexOf(name)
  const to = from + by
  if (from < 0 || to < 0 || to >= names.length) return []
  return names.toSpliced(from, 1).toSpliced(to, 0, name).flatMap((one, index) => setValue(documents, [viewPath(entity, one), 'position'], index + 1))
}
