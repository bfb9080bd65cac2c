/** Which fields need a value, also because of what stands in others. The engine decides by the same conditions and has the last word. Pure. */
import { matches } from '../../metadata/contract/condition.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiField } from '../../metadata/contract/ui-model.js'

const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** @param isNew the record is not there yet: what a rule fills then need not be entered */
export const isRequired = (field: UiField, values: JsonObject, isNew: boolean): boolean => !(isNew && field.filled === true) && (field.required || isNeeded(field, values))

/** True when the field is required because of the other values. An emptied input holds '', which is no value. */
export function isNeeded({ required, requiredWhen }: UiField, values: JsonObject): boolean {
  if (required || requiredWhen === undefined) return false
  const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
  return matches(requiredWhen, filled, { now: new Date(), timeZone, user: () => undefined })
}

/** Keys of the fields that need a value because of `after` and have none; what was missing in `before` already is left alone. */
export const newlyLacking = (entity: UiEntity, before: JsonObject, after: JsonObject): readonly string[] =>
  entity.fields.filter((field) => lacks(field, after) && !lacks(field, before)).map(({ key }) => key)

const lacks = (field: UiField, values: JsonObject): boolean => isEmpty(values[field.key]) && isNeeded(field, values)

const isEmpty = (value: Json | undefined): boolean => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
