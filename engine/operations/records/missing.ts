/** What is said of a required field without a value, as far as the caller knows the field. */
import type { Finding } from '../../errors.js'
import type { EntityAccess } from '../../permissions/access.js'

/** @param at JSON Pointer of the record in what was sent */
export function missingFinding(access: EntityAccess, key: string, at: string): Finding {
  const field = access.field(key) === undefined ? undefined : access.entity.fields.get(key)
  return field === undefined
    ? { path: at, code: 'value.required', message: 'A value is missing that you may not see.' }
    : { path: `${at}/${key}`, code: 'value.required', message: `${field.title} is required.` }
}
