/** Which value a merged record gets, before anybody chooses: what is filled over what is empty, then what was changed last. Pure. */
import type { Json } from '../../metadata/contract/json.js'
import type { UiEntity, UiField } from '../../metadata/contract/ui-model.js'
import type { Rec } from '../client/records.js'

export const isEmpty = (value: Json | undefined): boolean => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** The record that was there first: others know its number already. */
export const oldest = (records: readonly Rec[]): number => records.toSorted((a, b) => textOf(a, 'createdAt').localeCompare(textOf(b, 'createdAt')) || a.id - b.id)[0]?.id ?? 0

/** Fields that may be set and in which the records differ, and those in which they agree. */
export function choices(entity: UiEntity, records: readonly Rec[]): { readonly differing: readonly UiField[]; readonly equal: readonly UiField[] } {
  const offered = entity.fields.filter((field) => field.updateable && records.every((record) => Object.hasOwn(record, field.key)))
  const differs = (field: UiField): boolean => new Set(records.map((record) => JSON.stringify(isEmpty(record[field.key]) ? null : record[field.key]))).size > 1
  return { differing: offered.filter(differs), equal: offered.filter((field) => !differs(field) && !isEmpty(records[0]?.[field.key])) }
}

export function defaultChoice(entity: UiEntity, records: readonly Rec[], survivor: number): Readonly<Record<string, number>> {
  const newest = records.toSorted((a, b) => textOf(b, 'updatedAt').localeCompare(textOf(a, 'updatedAt')) || (a.id === survivor ? -1 : b.id === survivor ? 1 : b.id - a.id))
  return Object.fromEntries(choices(entity, records).differing.map((field) => [field.key, newest.find((record) => !isEmpty(record[field.key]))?.id ?? survivor]))
}

const textOf = (record: Rec, key: string): string => {
  const value = record[key]
  return typeof value === 'string' ? value : ''
}
