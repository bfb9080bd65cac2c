/** Records that a caller may read, found by what stands in a file: one statement however many rows ask. */
import type { Json } from '../../../metadata/contract/json.js'
import type { Field } from '../../model/model.js'
import { all, any, type Predicate } from '../../model/conditions/predicate.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Executor, Selection } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { idOf, type Rec } from '../records/row.js'
import { systemField } from '../rights/rights.js'
import { everyField, selectedField } from '../rights/selection.js'

/** Most records that one look may find; beyond it names that many records share count as not found. */
const foundMax = 10_000

/** Where a record that a file names is looked for, and by which of its fields, the more certain ones first. */
export interface LinkTarget {
  readonly target: EntityAccess
  readonly by: readonly Field[]
}

/** A field by which the caller may look for records: seen in full. */
export function seen(access: EntityAccess, key: string): Field | undefined {
  const field = access.entity.fields.get(key)
  return field !== undefined && access.field(key)?.how === 'full' ? field : undefined
}

/** The value of a field as it is compared; undefined when the text is none. */
export function comparable(field: Field, text: string): Json | undefined {
  const value = field.type.parse(text, field.options)
  return value === undefined ? undefined : operand(field, value)
}

/** The same for a value on the wire. */
export const operand = (field: Field, value: Json): Json | undefined => field.type.operand(field.type.canonical?.(value, field.options) ?? value, '$eq', field.options)

/** Key of an operand in maps. */
export const keyOf = (value: Json): string => JSON.stringify(value)

/** Whole records by a unique field; keys as `keyOf` writes them. */
export async function byUnique(tx: Executor, call: Call, access: EntityAccess, field: Field, values: readonly Json[]): Promise<ReadonlyMap<string, Rec>> {
  if (values.length === 0) return new Map()
  const found = await matching(tx, call, access, isOneOf(access, field, values), everyField(access.entity))
  return new Map(found.flatMap((record) => {
    const value = operand(field, record[field.key] ?? null)
    return value === undefined ? [] : [[keyOf(value), record]]
  }))
}

/** Why a text leads to no record. */
export type NotFound = 'none' | 'several'

/**
 * Ids of records by the texts that name them. A unique field counts before the display field; a name that several
 * records have leads to none of them.
 */
export async function byName(tx: Executor, call: Call, target: EntityAccess, fields: readonly Field[], texts: readonly string[]): Promise<ReadonlyMap<string, number | NotFound>> {
  const sure = new Map(texts.flatMap((text) => {
    const key = surely(text)
    return key === undefined ? [] : [[text, key] as const]
  }))
  const unique = fields.filter((field) => field.unique)
  const asked = fields.map((field) => ({ field, values: valuesOf(field, field.unique ? [...texts, ...sure.values()] : texts) }))
  // An export names what has nothing unique by its id.
  const byId = { field: systemField(target.entity, 'id'), values: valuesOf(systemField(target.entity, 'id'), [...sure.values()].flatMap((key) => (key.startsWith('#') ? [key.slice(1)] : []))) }
  const conditions = [...asked, byId].filter(({ values }) => values.size > 0).map(({ field, values }) => isOneOf(target, field, [...values.values()]))
  if (conditions.length === 0) return new Map(texts.map((text) => [text, 'none']))
  const selection: Selection = { fields: [systemField(target.entity, 'id'), ...fields].flatMap((field) => selectedField(field, target.field(field.key) ?? { how: 'full' }, call.access)), toOne: [], toMany: [] }
  const found = await matching(tx, call, target, any(...conditions), selection)
  const ids = new Map([...asked, byId].map(({ field }) => [field, idsBy(field, found)]))
  const named = (text: string, by: typeof asked): number | NotFound => decided(by.map(({ field, values }) => ids.get(field)?.get(keyOf(values.get(text) ?? null)) ?? []))
  return new Map(texts.map((text) => {
    const whole = named(text, asked)
    const key = sure.get(text)
    if (whole !== 'none' || key === undefined) return [text, whole]
    return [text, key.startsWith('#') ? named(key.slice(1), [byId]) : named(key, asked.filter(({ field }) => unique.includes(field)))]
  }))
}

/** `Clara Shaw (M2026-000001)`, `Clara Shaw (#5)`, `#5`: what makes sure of a record, as exports write it (`records/labels.ts`). */
const surely = (text: string): string | undefined => /^#\d+$/.exec(text)?.[0] ?? /\(([^()]+)\)$/.exec(text)?.[1]?.trim()

const valuesOf = (field: Field, texts: readonly string[]): ReadonlyMap<string, Json> =>
  new Map(texts.flatMap((text) => {
    const value = comparable(field, text)
    return value === undefined ? [] : [[text, value] as const]
  }))

function idsBy(field: Field, found: readonly Rec[]): ReadonlyMap<string, readonly number[]> {
  const ids = new Map<string, number[]>()
  for (const record of found) {
    const value = operand(field, record[field.key] ?? null)
    if (value === undefined) continue
    const key = keyOf(value)
    const known = ids.get(key)
    if (known === undefined) ids.set(key, [idOf(record)])
    else known.push(idOf(record))
  }
  return ids
}

function decided(candidates: readonly (readonly number[])[]): number | NotFound {
  const first = candidates.find((ids) => ids.length > 0)
  if (first === undefined) return 'none'
  return first.length === 1 && first[0] !== undefined ? first[0] : 'several'
}

function isOneOf(access: EntityAccess, field: Field, values: readonly Json[]): Predicate {
  const visible = access.field(field.key)?.visible
  return { kind: 'compare', field, operator: '$in', operand: { kind: 'list', cells: [...new Map(values.map((value) => [keyOf(value), value])).values()] }, ...(visible === undefined ? {} : { visible }) }
}

async function matching(tx: Executor, call: Call, access: EntityAccess, rows: Predicate, selection: Selection): Promise<readonly Rec[]> {
  const sort = [{ field: systemField(access.entity, 'id'), descending: false }]
  return (await records.list(tx, { entity: access.entity, rows: all(access.rows, rows), archived: 'without', selection, sort, limit: foundMax }, call.bindings)).records
}
