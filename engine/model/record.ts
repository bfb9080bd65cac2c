/** Checks a whole body against an entity's fields: for creating and for patching. Says nothing about rights. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import { canonical } from './field.js'
import { limits } from './limits.js'
import type { Field, Validated } from './model.js'
import { isReserved } from './names.js'
import { pointer } from './paths.js'
import { placed } from './targets.js'
import { dangerousPath, valueCheck, type ValueCheck } from './validation.js'

type Fields = ReadonlyMap<string, Field>

interface FieldCheck {
  readonly check: ValueCheck
  /** JSON Pointer of the field. */
  readonly path: string
}

/** A field's check survives every publish that leaves the field alone. */
const checks = new WeakMap<Field, FieldCheck>()

function checkOf(field: Field): FieldCheck {
  const known = checks.get(field)
  if (known !== undefined) return known
  const made = { check: valueCheck(field.schema), path: pointer(field.key) }
  checks.set(field, made)
  return made
}

/** `validateCreate` of an entity with these (metadata) fields. @param later keys of fields that a rule may still fill */
export const createValidator = (fields: Fields, later: ReadonlySet<string> = new Set()) => (body: JsonObject): Validated => {
  const { values, findings } = validateSent(fields, body, later)
  for (const field of fields.values()) {
    if (Object.hasOwn(body, field.key)) continue
    if (field.default !== undefined) values[field.key] = field.default
    else if (field.required && !later.has(field.key)) findings.push(missing(field))
  }
  return { values: placed(fields, values), findings: findings.slice(0, limits.recordFindings) }
}

/** `validatePatch` of an entity with these (metadata) fields. @param later keys of fields that a rule may still fill */
export const patchValidator = (fields: Fields, later: ReadonlySet<string> = new Set()) => (body: JsonObject): Validated => {
  const { values, findings } = validateSent(fields, body, later)
  return { values: placed(fields, values), findings: findings.slice(0, limits.recordFindings) }
}

/** One value of a field, checked like one that was sent, also where nobody may send any. */
export function acceptedValue(field: Field, value: Json): Validated {
  const findings: Finding[] = []
  if (value === null) return field.required ? { values: {}, findings: [missing(field)] } : { values: { [field.key]: null }, findings }
  const accepted = validateValue(field, value, findings)
  return { values: accepted === undefined ? {} : { [field.key]: accepted }, findings }
}

function validateSent(fields: Fields, body: JsonObject, later: ReadonlySet<string>): { values: Record<string, Json>; findings: Finding[] } {
  const values: Record<string, Json> = {}
  const findings: Finding[] = []
  for (const key of Object.keys(body)) {
    if (findings.length >= limits.recordFindings) break
    const field = fields.get(key)
    const value = body[key]
    if (field === undefined || field.readOnly || value === undefined) {
      findings.push(notSettable(key, field))
      continue
    }
    if (value === null) {
      if (field.required && !later.has(key)) findings.push(missing(field))
      else values[key] = field.links === null ? null : []
      continue
    }
    const accepted = validateValue(field, value, findings)
    if (accepted !== undefined) values[key] = accepted
  }
  return { values, findings }
}

export const missing = (field: Field): Finding => ({ path: pointer(field.key), code: 'value.required', message: `${field.title} is required.` })

const notSettable = (key: string, field: Field | undefined): Finding =>
  field !== undefined || isReserved(key)
    ? { path: pointer(key), code: 'field.readOnly', message: `“${key}” cannot be set: the system fills it.` }
    : { path: pointer(key), code: 'field.unknown', message: `There is no field “${key}” that can be set.` }

/** The value in its canonical spelling, or undefined after its findings were added. */
function validateValue(field: Field, value: Json, findings: Finding[]): Json | undefined {
  const { check, path } = checkOf(field)
  if (typeof value === 'object') {
    const danger = dangerousPath(value, path)
    if (danger !== undefined) {
      findings.push({ path: danger.path, code: `value.${danger.reason}`, message: danger.reason === 'key' ? `${field.title} must not contain this name.` : `${field.title} is nested more than ${limits.valueNesting} levels deep.` })
      return undefined
    }
  }
  const spelled = canonical(field.type, field.options, value)
  const wrong = check(spelled, path, field.title)
  if (wrong.length > 0) {
    findings.push(...wrong)
    return undefined
  }
  if (field.targets !== null && isObject(spelled) && typeof spelled.entity === 'string' && !field.targets.has(spelled.entity)) {
    findings.push({ path, code: 'reference.unavailable', message: `${field.title}: there is no such record that you may link to.` })
    return undefined
  }
  const refused = field.type.check?.(spelled, field.options)
  if (refused === undefined) return spelled
  findings.push({ path, code: 'value.refused', message: `${field.title} ${refused}.` })
  return undefined
}
