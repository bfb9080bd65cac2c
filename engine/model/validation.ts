/** Checks of single values: one AJV validator per distinct schema, compiled on first use, patterns on RE2, messages in plain English. */
import { createRequire } from 'node:module'
import type { Ajv2020, ErrorObject, Options, ValidateFunction } from 'ajv/dist/2020.js'
import type { SchemaValidateFunction } from 'ajv'
import type formats from 'ajv-formats'
import { isObject, type Json, type JsonSchema } from '../../metadata/contract/json.js'
import { isLanguage } from '../../metadata/contract/language.js'
import { isTimeZone } from '../../metadata/contract/time.js'
import type { Finding } from '../errors.js'
import { isOwnPattern } from '../fields/keywords.js'
import { isMultiple } from '../fields/number-column.js'
import { linearPattern } from '../formulas/linear.js'
import { limits } from './limits.js'
import { pointer } from './paths.js'

/** The validator is loaded when something is first validated: a start does not need it. */
const load = createRequire(import.meta.url)

/** Our own patterns are safe and fast; those of definitions are anybody's. */
const linear = (pattern: string): { test(text: string): boolean } => (isOwnPattern(pattern) ? new RegExp(pattern, 'u') : linearPattern(pattern))

/** AJV asks for the constructor's source only when it writes standalone code. */
const linearRegExp = Object.assign(linear, { code: 'new RE2JS' })

/** Schemas are not checked against the schema of schemas, whose code alone takes half a second: AJV refuses keywords that it cannot compile. */
const newAjv = (options: Options): Ajv2020 => {
  const { Ajv2020: Ajv } = load('ajv/dist/2020.js') as { Ajv2020: typeof Ajv2020 }
  return new Ajv({ allErrors: true, ownProperties: true, strict: false, logger: false, validateSchema: false, ...options })
}

let ours: Ajv2020 | undefined

/** A validator of whole definitions, for schemas that we wrote; its errors know the schema that they come from. Each runs a few times only, so its code is not polished, and what is referred to is compiled once. */
export function schemaValidator(schema: JsonSchema): ValidateFunction {
  ours ??= newAjv({ verbose: true, meta: false, inlineRefs: false, code: { optimize: false } })
  return ours.compile(schema)
}

/** Decimal arithmetic instead of AJV's binary one, which refuses 674474046.94 as a multiple of 0.01. */
const multipleOf: SchemaValidateFunction = (step: number, value: number) => {
  const fits = isMultiple(value, step)
  multipleOf.errors = fits ? [] : [{ keyword: 'multipleOf', params: { multipleOf: step } }]
  return fits
}

let shared: Ajv2020 | undefined

/** The validator for schemas from definitions. `strict` is off because foreign schemas use words of their own; the checker names those. */
function ajv(): Ajv2020 {
  if (shared !== undefined) return shared
  shared = newAjv({ addUsedSchema: false, code: { regExp: linearRegExp } })
  shared.removeKeyword('multipleOf').addKeyword({ keyword: 'multipleOf', type: 'number', schemaType: 'number', errors: true, validate: multipleOf })
  ;(load('ajv-formats') as { default: typeof formats.default }).default(shared)
  shared.addFormat('time-zone', isTimeZone).addFormat('language', isLanguage)
  return shared
}

/** Why RE2 refuses `pattern`, or undefined when it is fine. */
export function patternProblem(pattern: string): string | undefined {
  try {
    linear(pattern)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'it cannot be read'
  }
}

/** Enough for the fields of the largest deployments; beyond it the oldest are compiled again when they are needed. */
const cacheSize = 5000
const compiled = new Map<string, ValidateFunction>()

function validator(schema: JsonSchema): ValidateFunction {
  const key = JSON.stringify(schema)
  const known = compiled.get(key)
  if (known !== undefined) return known
  const validate = ajv().compile(schema)
  ajv().removeSchema(schema)
  if (compiled.size >= cacheSize) compiled.delete(compiled.keys().next().value ?? key)
  compiled.set(key, validate)
  return validate
}

/** Checks one value. */
export type ValueCheck = (value: Json, path: string, title: string) => readonly Finding[]

/** A check of values against `schema`, compiled on first use. Findings have `path` in front of the place inside the value. */
export function valueCheck(schema: JsonSchema): ValueCheck {
  let validate: ValidateFunction | undefined
  return (value, path, title) => {
    try {
      validate ??= validator(schema)
    } catch {
      // Only a damaged definition gets here; it refuses values instead of taking what nobody can check.
      return [{ path, code: 'value.refused', message: `${title} cannot take values: its definition is damaged.` }]
    }
    if (validate(value)) return []
    return plainFindings(validate.errors ?? [], path, title)
  }
}

/** What is wrong with `value` under `schema`: the place, and the end of a sentence that begins with its name. */
export function valueErrors(schema: JsonSchema, value: Json): readonly { readonly path: string; readonly problem: string }[] {
  const validate = validator(schema)
  if (validate(value)) return []
  return (validate.errors ?? []).map((error) => ({ path: placeOf(error), problem: error.keyword === 'required' ? 'is missing' : describeError(error) }))
}

const placeOf = (error: ErrorObject): string => error.instancePath + (typeof error.params.missingProperty === 'string' ? pointer(error.params.missingProperty) : '')

/** AJV's errors in plain English; those that only sum up others are left out. */
function plainFindings(errors: readonly ErrorObject[], path: string, title: string): readonly Finding[] {
  const telling = errors.filter((error) => !summaries.has(error.keyword))
  const shown = telling.length > 0 ? telling : errors
  return shown.slice(0, limits.recordFindings).map((error) => ({
    path: path + placeOf(error),
    code: `value.${error.keyword}`,
    message: `${title}${placeInside(error.instancePath)} ${describeError(error)}.`,
  }))
}

const summaries: ReadonlySet<string> = new Set(['if', 'anyOf', 'oneOf', 'allOf'])

const placeInside = (instancePath: string): string => (instancePath === '' ? '' : ` (${instancePath.slice(1).replaceAll('/', ' › ')})`)

const names: Readonly<Record<string, string>> = {
  string: 'a text', number: 'a number', integer: 'a whole number', boolean: 'yes or no', object: 'a group of values', array: 'a list', null: 'empty',
}
const formatNames: Readonly<Record<string, string>> = {
  email: 'an e-mail address', uri: 'a web address', date: 'a date such as 2026-01-31', 'date-time': 'a time such as 2026-01-31T09:30:00Z', time: 'a time of day', uuid: 'a UUID',
  'time-zone': 'a time zone such as Asia/Shanghai', language: 'a language such as en or zh',
}

/** What is wrong, as the end of a sentence that begins with the name of the thing. */
export function describeError(error: ErrorObject): string {
  const p: Readonly<Record<string, unknown>> = error.params
  switch (error.keyword) {
    case 'type': return `must be ${[p.type].flat().map((type) => names[String(type)] ?? String(type)).join(' or ')}`
    case 'minLength': return p.limit === 1 ? 'must not be empty' : `must have at least ${String(p.limit)} characters`
    case 'maxLength': return `must have at most ${String(p.limit)} characters`
    case 'pattern': return `does not match the expected form ${String(p.pattern)}`
    case 'format': return `must be ${formatNames[String(p.format)] ?? `written as ${String(p.format)}`}`
    case 'minimum': return `must be at least ${String(p.limit)}`
    case 'maximum': return `must be at most ${String(p.limit)}`
    case 'exclusiveMinimum': return `must be more than ${String(p.limit)}`
    case 'exclusiveMaximum': return `must be less than ${String(p.limit)}`
    case 'multipleOf': return `must be a multiple of ${String(p.multipleOf)}`
    case 'enum': return `must be one of ${listed(p.allowedValues)}`
    case 'const': return `must be ${JSON.stringify(p.allowedValue)}`
    case 'required': return `must have “${String(p.missingProperty)}”`
    case 'additionalProperties': return `must not have “${String(p.additionalProperty)}”`
    case 'minItems': return `must have at least ${String(p.limit)} entries`
    case 'maxItems': return `must have at most ${String(p.limit)} entries`
    case 'uniqueItems': return 'must not have the same entry twice'
    case 'propertyNames': return `must not have the name “${String(p.propertyName)}”`
    default: return error.message ?? 'is not accepted'
  }
}

const listed = (values: unknown): string => {
  const all = Array.isArray(values) ? values.map(String) : []
  return all.length > 10 ? `${all.slice(0, 10).join(', ')} …` : all.join(', ')
}

/** Keys that could reach an object's prototype in careless code; refused at every depth. */
const dangerous: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Pointer to the first dangerous key, or to where a value is nested too deeply; undefined when there is neither. */
export function dangerousPath(value: Json, path = '', depth = 0): { path: string; reason: 'key' | 'depth' } | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= limits.valueNesting) return { path, reason: 'depth' }
  if (Array.isArray(value)) {
    for (const [i, item] of (value as readonly Json[]).entries()) {
      const found = dangerousPath(item, `${path}/${i}`, depth + 1)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (!isObject(value)) return undefined
  for (const key of Object.keys(value)) {
    const inner = path + pointer(key)
    if (dangerous.has(key)) return { path: inner, reason: 'key' }
    const found = dangerousPath(value[key] ?? null, inner, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}
