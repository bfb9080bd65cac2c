/** Columns of a list: which fields they show, what must be asked for, and the value of a row. */
import { until } from 'lit/directives/until.js'

import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiField, UiModel } from '../../../metadata/contract/ui-model.js'
import { fieldAt, partOf } from '../../client/model.js'
import { displayKey, type Rec } from '../../client/records.js'
import { viewOf } from '../../fields/index.js'
import type { FieldView, Surroundings } from '../../fields/contract.js'
import { nameOf } from '../../fields/name-of.js'

export interface Column {
  readonly path: string
  readonly field: UiField
  readonly view: FieldView
  /** Title, with the way there for fields of another record. */
  readonly title: string
  /** True for own fields, and their parts, that have an order. */
  readonly sortable: boolean
}

/** A field that a list can show or be narrowed by, own or of a linked record. */
export interface PathChoice {
  readonly path: string
  readonly label: string
  readonly field: UiField
}

/** Own fields first, each with its parts, then those of linked records, one hop away. */
export function pathChoices(model: UiModel, entity: UiEntity): readonly PathChoice[] {
  const linked = entity.fields.flatMap((link) => {
    const target = link.to === undefined || link.masked || link.system ? undefined : model.entities[link.to]
    const inner = withParts((target?.fields ?? []).filter((field) => !field.system))
    return inner.map(({ path, label, field }) => ({ path: `${link.key}.${path}`, label: `${link.title} · ${label}`, field }))
  })
  return [...withParts(entity.fields), ...linked]
}

const withParts = (fields: readonly UiField[]): readonly PathChoice[] =>
  fields.flatMap((field) => [
    { path: field.key, label: field.title, field },
    ...(field.parts ?? []).flatMap(({ key }) => {
      const part = partOf(field, key)
      return part === undefined ? [] : [{ path: `${field.key}.${key}`, label: `${field.title} · ${part.title}`, field: part }]
    }),
  ])

/** Columns of a view; paths that this caller does not have are left out. */
export function columnsOf(model: UiModel, entity: UiEntity, paths: readonly string[]): readonly Column[] {
  return paths.flatMap((path) => {
    const field = fieldAt(model, entity, path)
    if (field === undefined) return []
    const [first = ''] = path.split('.')
    const owner = path.includes('.') ? fieldAt(model, entity, first) : undefined
    const hop = owner === undefined ? '' : `${owner.title} · `
    return [{ path, field, view: viewOf(field.type), title: `${hop}${field.title}`, sortable: (field.sortable || (field.targets !== undefined && !field.masked)) && (owner === undefined || owner.parts !== undefined) }]
  })
}

/** The `fields` of a request that brings everything the columns show, what names the record, and its version for changes. */
export function fieldsFor(model: UiModel, entity: UiEntity, columns: readonly Column[]): string {
  const paths = columns.flatMap(({ path, field, view }) => {
    const parent = path.includes('.') ? path.slice(0, path.lastIndexOf('.') + 1) : ''
    const other = field.to ?? field.listOf
    const target = other === undefined ? undefined : model.entities[other]
    if (other !== undefined && target === undefined) return [path]
    const needs = view.needs?.(field, displayKey(target)) ?? []
    return needs.length > 0 ? needs.map((need) => `${parent}${need}`) : [path]
  })
  return [...new Set([displayKey(entity), 'version', ...paths])].join(',')
}

/** The value at a path of a record, null where something on the way is missing. */
export function valueAt(record: JsonObject, path: string): Json {
  let value: Json = record
  for (const part of path.split('.')) {
    if (!isObject(value)) return null
    value = value[part] ?? null
  }
  return value
}

/** Text of the link to a row's record: the first column's value; the record's own name where that is missing. */
export function linkText(column: Column, record: Rec, entity: UiEntity | undefined, surroundings: Surroundings | undefined): unknown {
  const value = valueAt(record, column.path)
  const own = nameOf(entity, record)
  if (value === null || surroundings === undefined) return own
  const text = column.view.text(value, { ...surroundings, field: column.field, record })
  return typeof text === 'string' ? text : until(text, '…')
}

/** True when the value of this column is the record's own and the caller may change it. */
export const isEditable = (entity: UiEntity, { path, field }: Column): boolean => entity.may.update && field.updateable && !field.masked && !path.includes('.')
