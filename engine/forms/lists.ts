/** Lists as one caller may use them. */
import type { ViewDefinition } from '../../metadata/contract/definitions.gen.js'
import type { Measure } from '../../metadata/contract/operators.js'
import type { UiCalendar, UiList, UiMap, UiTimeline } from '../../metadata/contract/ui-model.js'
import type { Entity } from '../model/model.js'
import { placeOf } from '../model/parts.js'
import { fallsOnDays, holdsPictures, isGroupable, isMeasurable, isPlace, makesRows, stepsOf } from '../model/view.js'
import type { Access } from '../permissions/access.js'
import { describeChart, describePivot, type Described } from './charts.js'
import { mayCompare, readableField } from './visible.js'

/** At most one of them. */
export type Shape = Pick<UiList, 'board' | 'calendar' | 'timeline' | 'map' | 'gallery' | 'chart' | 'pivot'>

/** Columns that stay in sight where a view says nothing. */
const frozenUsually = 1

/** What a list shows, and the columns, sort keys, groups and totals that were left out because the caller may not read them. */
export interface DescribedColumns {
  readonly columns: readonly string[]
  /** As in the API. */
  readonly sort: string
  readonly groupBy: readonly string[]
  readonly totals: Readonly<Record<string, Measure>>
  /** How many of the first columns stay in sight. */
  readonly frozen: number
  /** How the records are shown instead of rows; an empty one for rows. */
  readonly shape: Shape
  readonly left: { readonly columns: readonly string[]; readonly sort: readonly string[]; readonly summaries: readonly string[] }
}

/** Columns and order of a view; a list that would show nothing shows what names its records. */
export function describeColumns(access: Access, entity: Entity, view: ViewDefinition): DescribedColumns {
  const asked = Array.isArray(view.columns) ? view.columns.filter((column) => typeof column === 'string') : []
  const columns = asked.filter((column) => readableField(access, entity.name, column) !== undefined)
  const keys = (typeof view.sort === 'string' ? view.sort : '').split(',').map((key) => key.trim()).filter((key) => key !== '')
  const sort = keys.filter((key) => maySort(access, entity, withoutSign(key)))
  const groups = (view.groupBy ?? []).filter((group) => typeof group === 'string')
  const groupBy = groups.filter((group) => isGroupable(entity, group, (name) => access.entity(name)?.entity) && mayCompare(access, entity.name, withoutBucket(group)))
  const sums = Object.entries(view.totals ?? {})
  const totals = sums.filter(([key, measure]) => isMeasurable(entity, key, measure) && mayCompare(access, entity.name, key))
  const shape = describeShape(access, entity, view)
  const naming = readableField(access, entity.name, entity.display) === undefined ? 'id' : entity.display
  return {
    columns: columns.length > 0 ? columns : [naming],
    sort: sort.length > 0 ? sort.join(',') : '-id',
    groupBy,
    totals: Object.fromEntries(totals),
    frozen: asked.slice(0, view.frozen ?? frozenUsually).filter((column) => columns.includes(column)).length,
    shape: shape.shown ?? {},
    left: { columns: asked.filter((column) => !columns.includes(column)), sort: keys.filter((key) => !sort.includes(key)).map(withoutSign), summaries: [...groups.filter((group) => !groupBy.includes(group)).map(withoutBucket), ...sums.filter((sum) => !totals.includes(sum)).map(([key]) => key), ...shape.left] },
  }
}

/** The kinds that are no rows; who may not read all that one needs gets rows. */
const describers: Readonly<Partial<Record<ViewDefinition['kind'], (access: Access, entity: Entity, view: ViewDefinition) => Described<Shape> | undefined>>> = {
  board: (access, entity, { board }) => board && needing(access, entity, board.by, stepsOf(entity, board.by) !== undefined, { board }),
  calendar: (access, entity, { calendar }) => calendar && within(describeCalendar(access, entity, calendar), (shown) => ({ calendar: shown })),
  timeline: (access, entity, { timeline }) => timeline && within(describeTimeline(access, entity, timeline), (shown) => ({ timeline: shown })),
  map: (access, entity, { map }) => map && within(describeMap(access, entity, map), (shown) => ({ map: shown })),
  gallery: (access, entity, { gallery }) => gallery && needing(access, entity, gallery.picture, holdsPictures(entity, gallery.picture), { gallery }),
  chart: (access, entity, { chart }) => chart && within(describeChart(access, entity, chart), (shown) => ({ chart: shown })),
  pivot: (access, entity, { pivot }) => pivot && within(describePivot(access, entity, pivot), (shown) => ({ pivot: shown })),
}

const describeShape = (access: Access, entity: Entity, view: ViewDefinition): Described<Shape> => describers[view.kind]?.(access, entity, view) ?? { shown: {}, left: [] }

/** What is made of one field. */
const needing = (access: Access, entity: Entity, key: string, fits: boolean, shape: Shape): Described<Shape> =>
  fits && mayCompare(access, entity.name, key) ? { shown: shape, left: [] } : { shown: undefined, left: [key] }

/** Without its days there is no calendar; without its colour there is. */
function describeCalendar(access: Access, entity: Entity, { by, end, color }: UiCalendar): Described<UiCalendar> {
  const days = [by, ...(end === undefined ? [] : [end])]
  const hidden = days.filter((key) => !fallsOnDays(entity, key) || !mayCompare(access, entity.name, key))
  const colored = describeColor(access, entity, color)
  const left = [...hidden, ...colored.left]
  return hidden.length > 0 ? { shown: undefined, left } : { shown: { by, ...(end === undefined ? {} : { end }), ...colored.shown }, left }
}

/** Like a calendar; without what makes its rows all bars stand in one. */
function describeTimeline(access: Access, entity: Entity, { group, ...days }: UiTimeline): Described<UiTimeline> {
  const { shown, left } = describeCalendar(access, entity, days)
  if (group === undefined || shown === undefined) return { shown, left: group === undefined ? left : [...left, group] }
  return makesRows(entity, group) && mayCompare(access, entity.name, group) ? { shown: { ...shown, group }, left } : { shown, left: [...left, group] }
}

/** Without its place there is no map; without its colour there is. */
function describeMap(access: Access, entity: Entity, { at, color }: UiMap): Described<UiMap> {
  const colored = describeColor(access, entity, color)
  return isPlace(entity, at) && mayCompare(access, entity.name, at) ? { shown: { at, ...colored.shown }, left: colored.left } : { shown: undefined, left: [at, ...colored.left] }
}

function describeColor(access: Access, entity: Entity, color: string | undefined): { readonly shown: { readonly color?: string }; readonly left: readonly string[] } {
  if (color === undefined) return { shown: {}, left: [] }
  return stepsOf(entity, color) !== undefined && mayCompare(access, entity.name, color) ? { shown: { color }, left: [] } : { shown: {}, left: [color] }
}

const within = <T>({ shown, left }: Described<T>, as: (shown: T) => Shape): Described<Shape> => (shown === undefined ? { shown: undefined, left } : { shown: as(shown), left })

const withoutBucket = (group: string): string => group.split(':')[0] ?? ''

const withoutSign = (key: string): string => key.replace(/^-/, '')

function maySort(access: Access, entity: Entity, key: string): boolean {
  const field = placeOf(entity, key)?.field
  return field !== undefined && (field.targets !== null || field.type.sortColumn(field.options) !== null) && mayCompare(access, entity.name, key)
}

/** Only what is there: most lists have neither groups nor totals. */
export const summed = ({ columns, sort, groupBy, totals, frozen, shape }: Omit<DescribedColumns, 'left'>): Pick<UiList, 'columns' | 'sort' | 'groupBy' | 'totals' | 'frozen' | keyof Shape> => ({
  columns, sort, ...shape, ...(frozen === frozenUsually ? {} : { frozen }), ...(groupBy.length > 0 ? { groupBy } : {}), ...(Object.keys(totals).length > 0 ? { totals } : {}),
})
