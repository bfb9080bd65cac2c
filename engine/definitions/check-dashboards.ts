/** Do dashboards name what exists, and can their tiles be asked for? What is put away may still be named. */
import type { DashboardDefinition, DashboardTile } from '../../metadata/contract/definitions.gen.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import { finding } from '../model/findings.js'
import type { Entity, Field, Model } from '../model/model.js'
import { momentOf } from '../model/moment.js'
import { pointer } from '../model/paths.js'
import { chartFindings, fieldAt, filterFindings, listFindings, measureFindings, pivotFindings } from './check-screens.js'

/** Findings of a dashboard that has the right shape. */
export function dashboardFindings(path: string, document: JsonObject, model: Model): readonly Finding[] {
  const dashboard = document as unknown as DashboardDefinition
  const at = `${path}#`
  return [
    ...(dashboard.roles ?? []).flatMap((role, i) => (Object.hasOwn(model.documents, `roles/${role}.json`) ? [] : [finding(`${at}/roles/${i}`, 'dashboard.role', { role })])),
    ...newestFindings(`${at}/period/newest`, dashboard.period?.newest, model),
    ...Object.entries(dashboard.filters ?? {}).flatMap(([name, { field }]) => pageFilterFindings(`${at}/filters${pointer(name)}/field`, field, model)),
    ...Object.entries(dashboard.tiles).flatMap(([name, tile]) => tileFindings(`${at}/tiles${pointer(name)}`, tile, dashboard, model)),
  ]
}

/** `purchase.store` → its entity, `resting` when that is put away, and the path there. */
function placed(text: string, model: Model): { readonly name: string; readonly entity: Entity | 'resting' | undefined; readonly path: string } {
  const [name = '', ...rest] = text.split('.')
  return { name, entity: entityNamed(name, model), path: rest.join('.') }
}

const entityNamed = (name: string, model: Model): Entity | 'resting' | undefined => model.entities.get(name) ?? (Object.hasOwn(model.documents, `${name}/entity.json`) ? 'resting' : undefined)

function newestFindings(at: string, newest: string | undefined, model: Model): readonly Finding[] {
  if (newest === undefined) return []
  const { name, entity, path } = placed(newest, model)
  if (entity === undefined) return [finding(at, 'dashboard.entity', { entity: name })]
  // The newest value is measured, so that it is a field of the entity's own.
  return entity === 'resting' || !path.includes('.') ? momentFindings(at, path, entity, model) : [finding(at, 'dashboard.period', { field: path })]
}

function momentFindings(at: string, path: string, entity: Entity | 'resting', model: Model): readonly Finding[] {
  const field = entity === 'resting' ? 'resting' : fieldAt(path, entity, model)
  return field === 'resting' || momentOf(field) !== undefined ? [] : [finding(at, 'dashboard.period', { field: path })]
}

function pageFilterFindings(at: string, text: string, model: Model): readonly Finding[] {
  const { name, entity, path } = placed(text, model)
  if (entity === undefined) return [finding(at, 'dashboard.entity', { entity: name })]
  const field = entity === 'resting' ? 'resting' : fieldAt(path, entity, model)
  return field === 'resting' || isChosen(field) ? [] : [finding(at, 'view.field', { field: path })]
}

/** One of its values can be chosen. */
const isChosen = (field: Field | undefined): boolean => field !== undefined && field.type.operators.includes('$eq')

function tileFindings(at: string, tile: DashboardTile, dashboard: DashboardDefinition, model: Model): readonly Finding[] {
  const entity = entityNamed(tile.entity, model)
  if (entity === undefined) return [finding(`${at}/entity`, 'dashboard.entity', { entity: tile.entity })]
  const needed = { number: [], goal: ['goal'], chart: ['chart'], pivot: ['pivot'], list: ['list'], funnel: ['steps'] } as const satisfies Record<DashboardTile['kind'], readonly (keyof DashboardTile)[]>
  const missing = needed[tile.kind].filter((part) => tile[part] === undefined).map((part) => finding(at, 'dashboard.tile', { kind: tile.kind, part }))
  if (entity === 'resting') return missing
  return [
    ...missing,
    ...filterFindings(`${at}/filter`, tile.filter, entity, model),
    ...(tile.period === undefined ? [] : momentFindings(`${at}/period`, tile.period, entity, model)),
    ...Object.entries(tile.filters ?? {}).flatMap(([name, path]) => boundFindings(`${at}/filters${pointer(name)}`, name, path, { entity, dashboard, model })),
    ...measureFindings(`${at}/measure`, tile.measure, entity, model),
    ...(tile.chart === undefined ? [] : chartFindings(`${at}/chart`, tile.chart as unknown as JsonObject, entity, model)),
    ...(tile.pivot === undefined ? [] : pivotFindings(`${at}/pivot`, tile.pivot as unknown as JsonObject, entity, model)),
    ...(tile.list === undefined ? [] : listFindings(`${at}/list`, { ...tile.list }, entity, model)),
    ...(tile.steps ?? []).flatMap((step, i) => filterFindings(`${at}/steps/${i}/filter`, step.filter, entity, model)),
  ]
}

/** The field of a tile that a filter of the page narrows holds the same values as the one that they are chosen from. */
function boundFindings(at: string, name: string, path: string, { entity, dashboard, model }: { readonly entity: Entity; readonly dashboard: DashboardDefinition; readonly model: Model }): readonly Finding[] {
  const own = dashboard.filters !== undefined && Object.hasOwn(dashboard.filters, name) ? dashboard.filters[name] : undefined
  const from = own === undefined ? undefined : placed(own.field, model)
  const source = from?.entity === 'resting' ? 'resting' : from?.entity === undefined ? undefined : fieldAt(from.path, from.entity, model)
  const field = fieldAt(path, entity, model)
  if (source === 'resting' || field === 'resting') return []
  // The record itself may be what other tiles refer to: the tiles of stores are narrowed by their id.
  const to = (one: Field): string => one.link?.to ?? one.type.name
  const fits = source !== undefined && field !== undefined && (to(source) === to(field) || (field.key === 'id' && source.link?.to === entity.name))
  return fits ? [] : [finding(at, 'dashboard.filter', { field: path, filter: name })]
}
