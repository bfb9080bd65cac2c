/** What a person filled in where a form asked, outside of any record: checked like a record, and linked only to what they may read. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem, type Finding } from '../../errors.js'
import { askedForm } from '../../model/workflows/asked-form.js'
import * as records from '../../storage/records.js'
import type { Executor } from '../../storage/contract.js'
import type { Call } from '../call.js'
import { noTarget } from './links.js'
import { readableRows } from './rights.js'

/**
 * The values in their canonical spelling, with defaults. @param at JSON Pointer of `given` in what was sent
 * @throws Problem record.invalid with the place of every value that is not accepted
 */
export async function acceptedValues(x: Executor, call: Call, schema: JsonObject, given: Json, at: string): Promise<JsonObject> {
  if (!isObject(given)) throw new Problem('request.invalid', { reason: `${at.slice(1)} must be an object` })
  const form = askedForm(schema)
  const { values, findings } = form.validate(given)
  const found: Finding[] = findings.map((one) => ({ ...one, path: `${at}${one.path}` }))
  for (const field of form.fields.values()) {
    const value = values[field.key]
    if (field.link === null || typeof value !== 'number') continue
    const target = call.access.entity(field.link.to)
    const readable = target !== undefined && (await records.exists(x, { entity: target.entity, rows: readableRows(target, false), id: value }, call.bindings))
    if (!readable) found.push(noTarget({ at, keys: [], values: {} }, field))
  }
  if (found.length > 0) throw new Problem('record.invalid', {}, { problems: found })
  return values
}
