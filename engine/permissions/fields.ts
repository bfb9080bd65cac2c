/** Which fields a caller may set: pure decisions over compiled rights. */
import { Problem, type Finding } from '../errors.js'
import type { EntityAccess, WriteGrant } from './access.js'

type Refusal = 'field.unknown' | 'field.readOnly' | 'access.field'

/**
 * Refuses a body that names a field which no grant lets the caller set, whatever the row. A field that the caller
 * cannot see and one that does not exist get the same answer; one that is seen but may not be set says so.
 * @param at JSON Pointer of the body in the request, '' for the body itself
 * @throws Problem field.unknown or field.readOnly (400), access.field (403), with one finding per key
 */
export function assertSettable(access: EntityAccess, grants: readonly WriteGrant[], keys: readonly string[], at = ''): void {
  const refused = keys.flatMap((key) => {
    const code = refusal(access, grants, key)
    return code === undefined ? [] : [{ key, code }]
  })
  const first = refused.find(({ code }) => code === 'field.unknown') ?? refused.find(({ code }) => code === 'field.readOnly') ?? refused[0]
  if (first === undefined) return
  throw new Problem(first.code, { field: first.key }, { problems: refused.map(({ key, code }) => findingOf(code, key, at)) })
}

/** Keys that none of the grants names. */
export const uncovered = (grants: readonly WriteGrant[], keys: readonly string[]): readonly string[] =>
  keys.filter((key) => !grants.some((grant) => grant.fields.has(key)))

function refusal(access: EntityAccess, grants: readonly WriteGrant[], key: string): Refusal | undefined {
  if (grants.some((grant) => grant.fields.has(key))) return undefined
  const field = access.entity.fields.get(key)
  if (field === undefined || access.field(key) === undefined) return 'field.unknown'
  return field.system || field.readOnly ? 'field.readOnly' : 'access.field'
}

function findingOf(code: Refusal, key: string, at: string): Finding {
  return { path: `${at}/${pointerPart(key)}`, code, message: new Problem(code, { field: key }).message }
}

/** A key as one step of a JSON Pointer (RFC 6901). */
export const pointerPart = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')
