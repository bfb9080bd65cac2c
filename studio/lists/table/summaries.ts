/** Groups and totals of a list: what can be asked for, how it is written, and the conditions of a group. Pure. */
import { buckets, measures, type Bucket, type Measure } from '../../../metadata/contract/operators.js'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiField, UiModel } from '../../../metadata/contract/ui-model.js'
import { fieldAt, fieldOf, partOf } from '../../client/model.js'
import { fromWall } from '../../client/zone.js'
import { nextBucket } from './buckets.js'

export type Totals = Readonly<Record<string, Measure>>

/** `spent:sum,income:avg` → measures by path; what is not understood is left out. */
export function readTotals(text: string): Totals {
  return Object.fromEntries(text.split(',').flatMap((part) => {
    const [path = '', name] = part.split(':')
    const measure = measures.find((one) => one === name)
    return path === '' || measure === undefined ? [] : [[path, measure] as const]
  }))
}

export const writeTotals = (totals: Totals): string => Object.entries(totals).map(([path, measure]) => `${path}:${measure}`).join(',')

/** How a column can be summed up; only own fields can. */
export const measuresOf = (field: UiField): readonly Measure[] =>
  field.masked || !field.sortable ? [] : measures.filter((measure) => measure === 'count' || field.measures.includes(measure))

/** A field that records can be grouped by. */
export interface GroupChoice {
  readonly path: string
  readonly label: string
  readonly buckets: readonly Bucket[]
}

/** Own fields, and their parts, that have an order and whose values come more than once. */
export const groupChoices = (entity: UiEntity): readonly GroupChoice[] =>
  entity.fields.filter((field) => !field.masked).flatMap((field) => [
    ...(field.sortable && field.key !== 'id' && field.key !== entity.display ? [{ path: field.key, label: field.title, buckets: field.buckets }] : []),
    ...(field.parts ?? []).flatMap(({ key, sortable }) => {
      const part = partOf(field, key)
      return part === undefined || !sortable ? [] : [{ path: `${field.key}.${key}`, label: `${field.title} · ${part.title}`, buckets: part.buckets }]
    }),
  ])

/** What a level is grouped by. */
export interface GroupKey {
  /** As in the API. */
  readonly text: string
  readonly path: string
  readonly field: UiField
  readonly bucket: Bucket | undefined
}

/** `joinedOn:month` → the field and its bucket. */
export function groupOf(model: UiModel, entity: UiEntity, text: string): GroupKey | undefined {
  const [path = '', name] = text.split(':')
  const field = fieldOf(entity, path.split('.')[0] ?? '') === undefined ? undefined : fieldAt(model, entity, path)
  return field === undefined ? undefined : { text, path, field, bucket: buckets.find((bucket) => bucket === name) }
}

/** What all records of a group have in common. A bucket is named by its first day; that of moments begins in the reader's zone. */
export function groupCondition(path: string, bucket: Bucket | undefined, value: Json, isMoment: boolean, timeZone: string): JsonObject {
  if (bucket === undefined || typeof value !== 'string') return { [path]: value }
  const end = nextBucket(value, bucket)
  const edge = (day: string): Json => (isMoment ? fromWall(`${day}T00:00`, timeZone) : day)
  return { [path]: { $gte: edge(value), $lt: edge(end) } }
}
