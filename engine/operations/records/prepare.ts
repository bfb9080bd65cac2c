/** Rows before the database is asked: rights on their keys, then their values. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Validated } from '../../model/model.js'
import { assertSettable } from '../../permissions/fields.js'
import type { EntityAccess, WriteGrant } from '../../permissions/access.js'
import type { PreparedRow } from './row.js'

/** Rights on keys, then values. @throws Problem access.denied, field.*, record.invalid */
export function prepareCreate(access: EntityAccess, body: JsonObject, at: string): PreparedRow {
  assertGranted(access.create)
  assertSettable(access, access.create, Object.keys(body), at)
  return { at, keys: Object.keys(body), values: accepted(access.entity.validateCreate(body), at) }
}

/** The same for a change. */
export function prepareUpdate(access: EntityAccess, body: JsonObject, at: string): PreparedRow {
  assertGranted(access.update)
  assertSettable(access, access.update, Object.keys(body), at)
  return { at, keys: Object.keys(body), values: accepted(access.entity.validatePatch(body), at) }
}

/**
 * A new row that will belong to a record which is not named yet: `owner` is the key of the reference to it, which its
 * place gives and nobody sets.
 */
export function prepareOwned(access: EntityAccess, body: JsonObject, owner: string, at: string): PreparedRow {
  assertGranted(access.create)
  assertSettable(access, access.create, Object.keys(body), at)
  const { [owner]: _placeholder, ...values } = accepted(access.entity.validateCreate({ ...body, [owner]: 1 }), at)
  return { at, keys: Object.keys(body), values }
}

/** @throws Problem access.denied when no role grants the action on any row */
export function assertGranted(grants: readonly WriteGrant[]): void {
  if (grants.length === 0) throw new Problem('access.denied')
}

function accepted(checked: Validated, at: string): Readonly<Record<string, Json>> {
  if (checked.findings.length === 0) return checked.values
  throw new Problem('record.invalid', {}, { problems: checked.findings.map((finding) => ({ ...finding, path: `${at}${finding.path}` })) })
}
