/** Checks while typing, from the same JSON Schema that the engine uses. The engine has the last word, e.g. on patterns and rules. */
import { Validator, type OutputUnit } from '@cfworker/json-schema'

import { isObject, type Json, type JsonObject, type JsonSchema } from '../../metadata/contract/json.js'
import type { UiEntity } from '../../metadata/contract/ui-model.js'
import { hasText, number, t } from '../client/i18n.js'

const validators = new WeakMap<JsonSchema, Validator>()

function validatorFor(schema: JsonSchema): Validator {
  const found = validators.get(schema)
  if (found !== undefined) return found
  // The library's schema type is a mutable version of ours.
  const made = new Validator(withoutPatterns(schema) as object, '2020-12', false)
  validators.set(schema, made)
  return made
}

/** The browser's regular expressions can hang where the engine's (RE2) cannot: patterns are left to the engine. */
function withoutPatterns(schema: Json): Json {
  if (Array.isArray(schema)) return (schema as readonly Json[]).map(withoutPatterns)
  if (!isObject(schema)) return schema
  return Object.fromEntries(Object.entries(schema).filter(([key, value]) => key !== 'pattern' || typeof value !== 'string').map(([key, value]) => [key, withoutPatterns(value)]))
}

/** True when a value fits a schema: rules of forms ask this. */
export const fits = (schema: JsonSchema, value: Json): boolean => validatorFor(schema).validate(value).valid

/** Keywords that only pass on what is wrong further inside. */
const passing = new Set(['properties', 'items', 'prefixItems', 'additionalProperties', 'allOf', 'anyOf', 'oneOf', '$ref', 'then', 'else', 'if'])

/**
 * What is wrong with the given fields, by JSON Pointer.
 * @param keys fields to look at
 * @param required fields that must have a value
 */
export function check(entity: UiEntity, values: JsonObject, keys: readonly string[], required: readonly string[]): Readonly<Record<string, string>> {
  const properties = isObject(entity.schema['properties']) ? entity.schema['properties'] : {}
  const problems: Record<string, string> = {}
  for (const key of keys) {
    const value = values[key] ?? null
    const schema = properties[key]
    if (value === null || value === '') {
      if (required.includes(key)) problems[`/${key}`] = t('check.required')
    } else if (isObject(schema)) {
      const wrong = validatorFor(schema).validate(value).errors.filter((unit) => !passing.has(unit.keyword))
      for (const unit of wrong) problems[`/${key}${placeOf(unit)}`] ??= messageOf(unit, schema)
    }
  }
  return problems
}

/** Pointer of the wrong part; a missing part is named itself, not its parent. */
function placeOf(unit: OutputUnit): string {
  const place = unit.instanceLocation.replace(/^#/, '')
  const missing = unit.keyword === 'required' ? /"([^"]+)"/.exec(unit.error)?.[1] : undefined
  return missing === undefined ? place : `${place}/${missing}`
}

function messageOf(unit: OutputUnit, schema: JsonSchema): string {
  const limit = schemaAt(schema, unit.keywordLocation)
  const specific = `check.${unit.keyword}.${typeof limit === 'string' ? limit : ''}`
  const key = `check.${unit.keyword}`
  const params = { limit: typeof limit === 'number' ? number(limit) : '' }
  if (hasText(specific)) return t(specific, params)
  return hasText(key) ? t(key, params) : t('check.type')
}

/** The value of the keyword that was not met. */
function schemaAt(schema: JsonSchema, location: string): Json {
  let at: Json = schema
  for (const part of location.replace(/^#\/?/, '').split('/')) {
    if (Array.isArray(at)) at = (at as readonly Json[])[Number(part)] ?? null
    else at = isObject(at) ? (at[part.replaceAll('~1', '/').replaceAll('~0', '~')] ?? null) : null
  }
  return at
}
