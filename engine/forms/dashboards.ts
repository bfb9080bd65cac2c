/** Dashboards as one caller may use them: a tile that would ask for what they may not read is not there. */
import type { DashboardDefinition, DashboardTile } from '../../metadata/contract/definitions.gen.js'
import { isObject, type JsonObject } from '../../metadata/contract/json.js'
import type { UiDashboard, UiPageFilter, UiTile } from '../../metadata/contract/ui-model.js'
import type { Entity, Model } from '../model/model.js'
import { momentOf } from '../model/moment.js'
import { pointer } from '../model/paths.js'
import { fieldOver, type Others } from '../model/view.js'
import type { Access } from '../permissions/access.js'
import { describeChart, describePivot, mayMeasure } from './charts.js'
import { describeColumns } from './lists.js'
import type { Translate } from './texts.js'
import { mayCompare, mayFilter } from './visible.js'

interface Context {
  readonly access: Access
  readonly others: Others
  /** A text of the dashboard by its place. */
  readonly text: (place: string, fallback: string) => string
}

/** Those of the caller's roles that have a tile for them, in their order. */
export function describeDashboards(model: Model, access: Access, roles: ReadonlySet<string>, translate: Translate): readonly UiDashboard[] {
  const own = [...model.dashboards].filter(([, { roles: meant }]) => meant?.some((role) => roles.has(role)) ?? true)
  const ordered = own.toSorted(([a, first], [b, second]) => (first.position ?? Infinity) - (second.position ?? Infinity) || (a < b ? -1 : 1))
  return ordered.flatMap(([name, dashboard]) => {
    const context: Context = { access, others: (entity) => access.entity(entity)?.entity, text: (place, fallback) => translate(`dashboards/${name}.json`, place, fallback) }
    const filters = filtersOf(dashboard, context, translate)
    const tiles = orderedTiles(dashboard).flatMap(([key, tile]) => describeTile(key, tile, new Set(filters.map((filter) => filter.name)), context) ?? [])
    return tiles.length === 0 ? [] : [{ name, title: context.text('/title', dashboard.title), ...periodOf(dashboard, context), filters, tiles }]
  })
}

/** Those without a position stay in the order of the definition, behind the others. */
const orderedTiles = ({ tiles }: DashboardDefinition): readonly (readonly [string, DashboardTile])[] => {
  const places = Object.entries(tiles).map(([name, tile], i) => ({ name, tile, i, position: tile.position ?? Number.MAX_SAFE_INTEGER }))
  return places.toSorted((a, b) => a.position - b.position || a.i - b.i).map(({ name, tile }) => [name, tile])
}

function periodOf({ period }: DashboardDefinition, { access, others }: Context): Pick<UiDashboard, 'period'> {
  if (period === undefined) return {}
  const [entity = '', field = ''] = (period.newest ?? '').split('.')
  const target = others(entity)
  const seen = target !== undefined && momentOf(target.fields.get(field)) !== undefined && mayCompare(access, entity, field)
  return { period: { default: period.default, ...(seen ? { newest: { entity, field } } : {}) } }
}

/** A filter by what the caller may not read is not offered. */
function filtersOf({ filters = {} }: DashboardDefinition, { access, others, text }: Context, translate: Translate): readonly UiPageFilter[] {
  return Object.entries(filters).flatMap(([name, filter]): readonly UiPageFilter[] => {
    const [entity = '', ...rest] = filter.field.split('.')
    const path = rest.join('.')
    const target = others(entity)
    const field = target === undefined ? undefined : fieldOver(target, path, others)
    if (field === undefined || !mayCompare(access, entity, path)) return []
    const title = filter.title === undefined ? translate(`${entity}/entity.json`, `${pointer('properties', path)}/title`, field.title) : text(`/filters${pointer(name)}/title`, filter.title)
    return [{ name, title, entity, field: path }]
  })
}

function describeTile(name: string, tile: DashboardTile, offered: ReadonlySet<string>, context: Context): UiTile | undefined {
  const { access, others, text } = context
  const entity = others(tile.entity)
  if (entity === undefined || (isObject(tile.filter) && !mayFilter(access, entity, tile.filter))) return undefined
  const filters = Object.entries(tile.filters ?? {}).filter(([filter]) => offered.has(filter))
  const narrowing = [...(tile.period === undefined ? [] : [tile.period]), ...filters.map(([, path]) => path)]
  // A tile that the page does not narrow as it says would show something else than it says.
  if (!narrowing.every((path) => fieldOver(entity, path, others) !== undefined && mayCompare(access, entity.name, path))) return undefined
  const place = `/tiles${pointer(name)}`
  const shape = shapes[tile.kind](tile, entity, { ...context, text: (at, fallback) => text(place + at, fallback) })
  if (shape === undefined) return undefined
  return {
    name, title: text(`${place}/title`, tile.title), entity: entity.name, width: tile.width ?? usualWidths[tile.kind], ...(tile.filter === undefined ? {} : { filter: tile.filter }),
    ...(tile.period === undefined ? {} : { period: tile.period }), filters: Object.fromEntries(filters), ...shape,
  }
}

const usualWidths: Readonly<Record<DashboardTile['kind'], number>> = { number: 3, goal: 3, chart: 6, pivot: 6, list: 6, funnel: 6 }
const usualRows = 5

type Shape = UiTile extends infer T ? (T extends UiTile ? Omit<T, 'name' | 'title' | 'entity' | 'width' | 'filter' | 'period' | 'filters'> : never) : never

/** What each kind asks for; undefined where the caller may not. */
const shapes: Readonly<Record<DashboardTile['kind'], (tile: DashboardTile, entity: Entity, context: Context) => Shape | undefined>> = {
  number({ measure = { count: true }, better }, entity, { access }) {
    return mayMeasure(access, entity, measure) ? { kind: 'number', measure, ...(better === undefined ? {} : { better }) } : undefined
  },
  goal({ measure = { count: true }, goal }, entity, { access }) {
    return goal !== undefined && mayMeasure(access, entity, measure) ? { kind: 'goal', measure, goal } : undefined
  },
  chart({ chart }, entity, { access }) {
    const shown = chart === undefined ? undefined : describeChart(access, entity, chart).shown
    return shown === undefined ? undefined : { kind: 'chart', chart: shown }
  },
  pivot({ pivot }, entity, { access }) {
    const shown = pivot === undefined ? undefined : describePivot(access, entity, pivot).shown
    return shown === undefined ? undefined : { kind: 'pivot', pivot: shown }
  },
  list({ list }, entity, { access }) {
    if (list === undefined) return undefined
    const { columns, sort, left } = describeColumns(access, entity, { kind: 'list', ...list })
    return left.columns.length === list.columns.length || left.sort.length > 0 ? undefined : { kind: 'list', columns, sort, limit: list.limit ?? usualRows }
  },
  funnel({ steps = [] }, entity, { access, text }) {
    if (!steps.every(({ filter }) => filter === undefined || mayFilter(access, entity, filter))) return undefined
    return { kind: 'funnel', steps: steps.map(({ title, filter }, i): { title: string; filter?: JsonObject } => ({ title: text(`/steps/${i}/title`, title), ...(filter === undefined ? {} : { filter }) })) }
  },
}
