/**
 * How a file names another record, so that a person reads it and an import finds it again: `Clara Shaw (M2026-000001)`, the
 * name and what is unique of the record, or its id: `Clara Shaw (#5)`. Where a record of several entities may stand, its entity
 * comes first: `Member/Clara Shaw (M2026-000001)`.
 */
import { isObject, type Json } from '../../../metadata/contract/json.js'
import type { Field } from '../../model/model.js'
import { all } from '../../model/conditions/predicate.js'
import type { EntityAccess } from '../../permissions/access.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { idIn, systemField } from '../rights/rights.js'
import { selectedField } from '../rights/selection.js'
import { idOf, type Rec } from './row.js'

/** True for fields whose values are other records. */
export const pointsElsewhere = (field: Field): boolean => field.link !== null || field.links !== null || field.targets !== null

/** Between the records of a list. What stands before the last bracket makes sure of a record, so a name may lose it. */
const separator = '; '

/** What records are called, by entity and id. */
export type Labels = (entity: string, id: number) => string

/** The records that some values point to, as far as the caller may read them: one statement for each entity. A record that they may not is told by its id. */
export async function labelsOf(call: Call, values: readonly { readonly field: Field; readonly value: Json }[]): Promise<Labels> {
  const wanted = new Map<string, Set<number>>()
  for (const { field, value } of values) {
    for (const { entity, id } of recordsIn(field, value)) wanted.set(entity, (wanted.get(entity) ?? new Set()).add(id))
  }
  const found = new Map<string, ReadonlyMap<number, string>>()
  for (const [name, ids] of wanted) {
    const target = call.access.entity(name)
    if (target !== undefined) found.set(name, await called(call, target, [...ids]))
  }
  return (entity, id) => found.get(entity)?.get(id) ?? `#${String(id)}`
}

/** A value of a field that points elsewhere, in words. */
export function labelled(call: Call, field: Field, value: Json, labels: Labels): string {
  const names = recordsIn(field, value).map(({ entity, id }) => (field.targets === null ? labels(entity, id) : `${titleOf(call, entity)}/${labels(entity, id)}`))
  return names.length === 1 && field.links === null ? (names[0] ?? '') : names.map((name) => name.replaceAll(';', ',')).join(separator)
}

function recordsIn(field: Field, value: Json): readonly { readonly entity: string; readonly id: number }[] {
  const to = (field.link ?? field.links)?.to
  const ids: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : [value]
  return ids.flatMap((one) => {
    const { entity = to, id = one } = isObject(one) ? one : {}
    return typeof entity === 'string' && typeof id === 'number' ? [{ entity, id }] : []
  })
}

/** In the caller's language; its own name where the title would be taken apart. */
function titleOf(call: Call, entity: string): string {
  const [language = ''] = call.actor.locale.split('-')
  const title = call.model.texts.get(language)?.[`${entity}/entity.json`]?.['/title'] ?? call.model.entities.get(entity)?.title ?? entity
  return title.includes('/') ? entity : title
}

async function called(call: Call, target: EntityAccess, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { entity } = target
  // Looking at personal data is recorded of the records that are exported, not of those that they name.
  const seen = (key: string): Field | undefined => (target.field(key)?.how === 'full' && entity.fields.get(key)?.sensitive === false ? entity.fields.get(key) : undefined)
  const display = seen(entity.display)
  const key = [...entity.fields.values()].find((field) => field.unique && field.key !== 'id' && seen(field.key) !== undefined && target.field(field.key)?.visible === undefined)
  const fields = [systemField(entity, 'id'), ...[display, key].filter((field) => field !== undefined)]
  const selection = { fields: [...new Set(fields)].map((field) => selectedField(field, target.field(field.key) ?? { how: 'full' }, call.access)), toOne: [], toMany: [] }
  const query = { entity, rows: all(target.rows, idIn(entity, ids)), archived: 'without' as const, selection, sort: [], limit: ids.length }
  const page = await records.list(call.engine.database.long, query, call.bindings)
  return new Map(page.records.map((record) => [idOf(record), sureName(record, display, key)]))
}

function sureName(record: Rec, display: Field | undefined, key: Field | undefined): string {
  const text = (field: Field | undefined): string => {
    const value = field === undefined ? null : (record[field.key] ?? null)
    return field === undefined || value === null ? '' : field.type.format(value, field.options).trim()
  }
  const [name, own] = [text(display), text(key)]
  const sure = own === '' || /[()#;/]/.test(own) ? `#${String(idOf(record))}` : own
  if (name === '' || name === sure) return sure
  return `${name} (${sure})`
}
