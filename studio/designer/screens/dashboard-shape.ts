/** A dashboard as the draft has it, for the page that people get, and what a new tile begins with. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { UiDashboard, UiEntity, UiModel, UiPeriod, UiTile } from '../../../metadata/contract/ui-model.js'
import { fieldAt } from '../../client/model.js'
import { dashboardDocument, tilesOf } from '../commands/dashboards.js'
import { listOf, objectOf, textOf, translated } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'

/** In the order in which they are offered. */
export const tileKinds = ['number', 'chart', 'list', 'pivot', 'goal', 'funnel'] as const satisfies readonly UiTile['kind'][]
export type TileKind = UiTile['kind']

/** The page with every tile that has what its kind needs. What the caller may not read is told by the tile itself. */
export function shownDashboard(documents: Documents, name: string, model: UiModel, language: string): UiDashboard {
  const path = dashboardDocument(name)
  const document = documents[path] ?? {}
  const text = (place: string, fallback: string): string => translated(documents, language, path, place) || fallback
  const period = objectOf(document['period'])
  const [newestOf = '', newest = ''] = textOf(period['newest']).split('.')
  const filters = Object.entries(objectOf(document['filters'])).flatMap(([key, value]) => {
    const [entity = '', ...rest] = textOf(objectOf(value)['field']).split('.')
    const target = model.entities[entity]
    const field = target === undefined ? undefined : fieldAt(model, target, rest.join('.'))
    return field === undefined ? [] : [{ name: key, title: text(`/filters/${key}/title`, textOf(objectOf(value)['title']) || field.title), entity, field: rest.join('.') }]
  })
  return {
    name, title: text('/title', textOf(document['title'])), filters,
    ...(document['period'] === undefined ? {} : { period: { default: (textOf(period['default']) || 'all') as UiPeriod, ...(newest === '' ? {} : { newest: { entity: newestOf, field: newest } }) } }),
    tiles: tilesOf(document).flatMap((key) => shownTile(key, objectOf(objectOf(document['tiles'])[key]), model, (place, fallback) => text(`/tiles/${key}${place}`, fallback)) ?? []),
  }
}

/** What the engine takes where a tile says nothing. */
const usualWidths: Readonly<Record<TileKind, number>> = { number: 3, goal: 3, chart: 6, pivot: 6, list: 6, funnel: 6 }
const usualRows = 5

export const kindOf = (tile: JsonObject): TileKind => tileKinds.find((kind) => kind === tile['kind']) ?? 'number'
export const widthOf = (tile: JsonObject): number => (typeof tile['width'] === 'number' ? tile['width'] : usualWidths[kindOf(tile)])
export const measureOf = (value: Json | undefined): JsonObject => (isObject(value) && Object.keys(value).length === 1 ? value : { count: true })

function shownTile(name: string, tile: JsonObject, model: UiModel, text: (place: string, fallback: string) => string): UiTile | undefined {
  if (model.entities[textOf(tile['entity'])] === undefined) return undefined
  const shape = shapes[kindOf(tile)](tile, text)
  const base = {
    name, title: text('/title', textOf(tile['title'])), entity: textOf(tile['entity']), width: widthOf(tile), filters: objectOf(tile['filters']),
    ...(isObject(tile['filter']) ? { filter: tile['filter'] } : {}), ...(textOf(tile['period']) === '' ? {} : { period: tile['period'] }),
  }
  // Each kind's parts are read below by the schema of its definition.
  return shape === undefined ? undefined : ({ kind: kindOf(tile), ...base, ...shape } as unknown as UiTile)
}

/** The parts of each kind; undefined while something is missing that it cannot be asked without. */
const shapes: Readonly<Record<TileKind, (tile: JsonObject, text: (place: string, fallback: string) => string) => JsonObject | undefined>> = {
  number: (tile) => ({ measure: measureOf(tile['measure']), ...(tile['better'] === undefined ? {} : { better: tile['better'] }) }),
  goal: (tile) => (isObject(tile['goal']) ? { measure: measureOf(tile['measure']), goal: tile['goal'] } : undefined),
  chart: (tile) => (isObject(tile['chart']) && textOf(tile['chart']['by']) !== '' ? { chart: { ...tile['chart'], measure: measureOf(tile['chart']['measure']) } } : undefined),
  pivot: (tile) => (isObject(tile['pivot']) && listOf(tile['pivot']['rows']).length > 0 ? { pivot: { rows: listOf(tile['pivot']['rows']), columns: listOf(tile['pivot']['columns']), measure: measureOf(tile['pivot']['measure']) } } : undefined),
  list: (tile) => (isObject(tile['list']) ? { columns: listOf(tile['list']['columns']), sort: textOf(tile['list']['sort']), limit: typeof tile['list']['limit'] === 'number' ? tile['list']['limit'] : usualRows } : undefined),
  funnel: (tile, text) => ({ steps: listOf(tile['steps']).map((step, index) => ({ title: text(`/steps/${index}/title`, textOf(objectOf(step)['title'])), ...(isObject(objectOf(step)['filter']) ? { filter: objectOf(step)['filter'] as JsonObject } : {}) })) }),
}

/** What a new tile of a kind begins with, over the records of an entity: it can be asked at once. `by`: what a chart counts by. */
export function newTile(kind: TileKind, title: string, entity: UiEntity, by: string | undefined, steps: readonly [string, string]): JsonObject {
  const base = { kind, title, entity: entity.name }
  const columns = entity.fields.filter(({ system, masked }) => !system && !masked).slice(0, 4).map(({ key }) => key)
  const parts: Readonly<Record<TileKind, JsonObject>> = {
    number: {},
    goal: { goal: { value: 100, per: 'month' } },
    chart: { chart: { type: 'bar', by: by ?? 'id', measure: { count: true } } },
    pivot: { pivot: { rows: [by ?? 'id'], measure: { count: true } } },
    list: { list: { columns: columns.length === 0 ? ['id'] : columns, limit: usualRows } },
    funnel: { steps: steps.map((step) => ({ title: step })) },
  }
  return { ...base, ...parts[kind] }
}
