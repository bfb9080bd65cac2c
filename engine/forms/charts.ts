/** Charts and pivot tables as one caller may ask for them. */
import type { UiChart, UiPivot } from '../../metadata/contract/ui-model.js'
import type { Entity } from '../model/model.js'
import { isGroupable, isMeasurable, measureOf, type MeasureDefinition } from '../model/view.js'
import type { Access } from '../permissions/access.js'
import { mayCompare } from './visible.js'

/** What the caller gets of it, and the paths of it that they may not use: without some there is nothing to show. */
export type Described<T> = { readonly shown: T; readonly left: readonly string[] } | { readonly shown: undefined; readonly left: readonly string[] }

export interface ChartDefinition {
  readonly type: UiChart['type']
  readonly by: string
  readonly series?: string
  readonly measure?: MeasureDefinition
  readonly limit?: number
}

export function describeChart(access: Access, entity: Entity, { type, by, series, measure = { count: true }, limit }: ChartDefinition): Described<UiChart> {
  const left = leftOf(access, entity, [by, ...(series === undefined ? [] : [series])], measure)
  return left.length > 0 ? { shown: undefined, left } : { shown: { type, by, ...(series === undefined ? {} : { series }), measure, ...(limit === undefined ? {} : { limit }) }, left: [] }
}

export interface PivotDefinition {
  readonly rows: readonly string[]
  readonly columns?: readonly string[]
  readonly measure?: MeasureDefinition
}

export function describePivot(access: Access, entity: Entity, { rows, columns = [], measure = { count: true } }: PivotDefinition): Described<UiPivot> {
  const left = leftOf(access, entity, [...rows, ...columns], measure)
  return left.length > 0 ? { shown: undefined, left } : { shown: { rows, columns, measure }, left: [] }
}

/** True when the caller may compute the measure. */
export function mayMeasure(access: Access, entity: Entity, definition: MeasureDefinition): boolean {
  const { measure, field } = measureOf(definition)
  return field === null || (isMeasurable(entity, field, measure) && mayCompare(access, entity.name, field))
}

function leftOf(access: Access, entity: Entity, groups: readonly string[], measure: MeasureDefinition): readonly string[] {
  const hidden = groups.filter((text) => !isGroupable(entity, text, (name) => access.entity(name)?.entity) || !mayCompare(access, entity.name, text.split(':')[0] ?? '')).map((text) => text.split(':')[0] ?? '')
  return mayMeasure(access, entity, measure) ? hidden : [...hidden, measureOf(measure).field ?? '']
}
