/** What charts and pivot tables can be made of: fields to count by, and measures. */
import { measures, type Bucket, type Measure } from '../../metadata/contract/operators.js'
import type { UiEntity, UiMeasure, UiModel } from '../../metadata/contract/ui-model.js'
import { t } from '../client/i18n.js'
import { viewOf } from '../fields/index.js'
import { pathChoices } from '../lists/table/columns.js'
import { groupOf } from '../lists/table/summaries.js'

export interface Named {
  readonly text: string
  readonly label: string
}

/** Buckets that people think in, the usual first. */
const offered: readonly Bucket[] = ['month', 'week', 'day', 'quarter', 'year']

/** Own fields and those of linked records whose values come more than once; dates by their buckets. */
export const groupTexts = (model: UiModel, entity: UiEntity): readonly Named[] =>
  pathChoices(model, entity).flatMap(({ path, label, field }) => {
    if (field.masked || !field.sortable || path === 'id' || path === entity.display || field.key === 'version' || field.key === 'archivedAt') return []
    const buckets = offered.filter((bucket) => field.buckets.includes(bucket))
    return buckets.length === 0 ? [{ text: path, label }] : buckets.map((bucket) => ({ text: `${path}:${bucket}`, label: `${label} · ${t(`summary.bucket.${bucket}`)}` }))
  })

/** Counting records; counting the different records that a field points to, and sums and averages of numbers. */
export const measureTexts = (entity: UiEntity): readonly Named[] => [
  { text: 'count', label: t('chart.count', { entity: entity.plural }) },
  ...entity.fields.flatMap((field): readonly Named[] => {
    if (field.masked || field.system) return []
    const numbers = field.measures.includes('sum') ? measures.filter((measure) => measure !== 'count' && field.measures.includes(measure)) : []
    const names: readonly Measure[] = field.to === undefined ? numbers : ['count']
    return names.map((measure) => ({ text: `${measure}:${field.key}`, label: `${t(`summary.measure.${measure}`)} · ${field.title}` }))
  }),
]

export const writeMeasure = (measure: UiMeasure): string => {
  const [name = 'count', field] = Object.entries(measure)[0] ?? []
  return typeof field === 'string' ? `${name}:${field}` : 'count'
}

export function readMeasure(text: string): UiMeasure {
  const [name, field] = text.split(':')
  const measure = measures.find((one) => one === name)
  return measure === undefined || field === undefined ? { count: true } : { [measure]: field }
}

/** What records are counted by at first: a field that lists its values, else time, else any other. */
export function usualGroup(model: UiModel, entity: UiEntity): string | undefined {
  const choices = groupTexts(model, entity)
  const own = choices.filter(({ text }) => !text.includes('.'))
  const listing = own.find(({ text }) => groupFits(model, entity, text) && entity.fields.some(({ key, type, system }) => key === text && !system && viewOf(type).steps !== undefined))
  return (listing ?? own.find(({ text }) => text.endsWith(':month') && !text.startsWith('createdAt') && !text.startsWith('updatedAt')) ?? own[0])?.text
}

/** The reader has the field, and may count by it. */
export function groupFits(model: UiModel, entity: UiEntity, text: string): boolean {
  const key = groupOf(model, entity, text)
  return key !== undefined && !key.field.masked && key.field.sortable && (key.bucket === undefined ? !text.includes(':') : key.field.buckets.includes(key.bucket))
}

export const measureFits = (entity: UiEntity, measure: UiMeasure): boolean => {
  const [name, field] = Object.entries(measure)[0] ?? []
  return name === 'count' && field === true ? true : measureTexts(entity).some(({ text }) => text === writeMeasure(measure)) || entity.fields.some(({ key, masked, sortable }) => name === 'count' && key === field && !masked && sortable)
}
