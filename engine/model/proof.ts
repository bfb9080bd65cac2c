/** Is a compiled field sound? Part of every check before a publish, not of compiling: what was published has been through it. */
import { isObject, type Json, type JsonObject, type JsonSchema } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import { computedType } from '../fields/computed/index.js'
import { canonical, propertyOf } from './field.js'
import { finding } from './findings.js'
import { unindexable } from './indexable.js'
import { limits } from './limits.js'
import type { Field } from './model.js'
import { pointer } from './paths.js'
import { patternProblem, valueCheck, valueErrors } from './validation.js'

/** Settings inside `crm` that every field has; all others belong to the type. */
const sharedSettings: ReadonlySet<string> = new Set(['type', 'id', 'search', 'unique', 'sensitive', 'index', 'options', 'archived', 'requiredWhen'])

/** Fields that were found sound; a field is frozen, so that it stays so. */
const sound = new WeakSet<Field>()

/** What is wrong with a field's settings, patterns, default and examples; `at` is the path of its property. */
export function fieldFindings(field: Field, at: string): readonly Finding[] {
  const property = propertyOf(field)
  if (property === undefined || sound.has(field)) return []
  const crm = isObject(property.crm) ? property.crm : {}
  const settings = [...settingsFindings(field, crm, at), ...patternFindings(field.schema, at)]
  const found = settings.length > 0 ? settings : valueFindings(field, property, at)
  if (found.length === 0) sound.add(field)
  return found
}

/** Marks of options that are written beside `crm`, as JSON Schema keywords: inside it they would have no effect. */
const besideCrm: ReadonlySet<Json | undefined> = new Set(['keyword', 'property'])

/** The settings are known to the type and have values that it accepts. */
function settingsFindings(field: Field, crm: JsonObject, at: string): readonly Finding[] {
  const { type, options } = field
  const findings: Finding[] = []
  // The settings of a computed field were looked at when it was computed; those of its values' type are not for people.
  const settings = computedType(field.derived?.as)?.options ?? type.options
  const known = isObject(settings.properties) ? settings.properties : {}
  for (const name of Object.keys(crm)) {
    if (!sharedSettings.has(name) && (!isObject(known[name]) || besideCrm.has(known[name].$comment))) findings.push(finding(`${at}/crm${pointer(name)}`, 'field.option', { option: name, problem: `is not known to the field type ${field.derived?.as ?? type.name}` }))
  }
  if (field.derived !== null && crm.unique === true) findings.push(finding(`${at}/crm/unique`, 'field.option', { option: 'unique', problem: 'is not for computed fields: their values follow from others and cannot be refused' }))
  for (const wrong of field.derived === null ? valueErrors(type.options, options) : []) {
    const [, option = ''] = wrong.path.split('/')
    const place = Object.hasOwn(crm, option) || !option ? `${at}/crm` : at
    findings.push(finding(place + wrong.path, 'field.option', { option: option || type.name, problem: wrong.problem }))
  }
  const listed = isObject(options) && Array.isArray(options.enum) ? options.enum.length : 0
  const choices = Math.max(listed, isObject(crm.options) ? Object.keys(crm.options).length : 0)
  if (choices > limits.optionsPerField) findings.push(finding(`${at}/crm/options`, 'limit.options', { limit: limits.optionsPerField }))
  if (crm.search === true && type.searchable !== true) findings.push(finding(`${at}/crm/search`, 'field.search', { type: type.name }))
  const unfit = crm.unique === true || crm.index === true ? unindexable(field, `${at}/crm`, crm.unique === true) : undefined
  if (unfit !== undefined) findings.push(unfit)
  return findings
}

/** Every pattern in a value's schema must be one that runs in linear time. `named`: the members are names, not keywords. */
function patternFindings(node: Json, at: string, named = false): readonly Finding[] {
  if (Array.isArray(node)) return (node as readonly Json[]).flatMap((part) => patternFindings(part, at))
  if (!isObject(node)) return []
  const own = !named && typeof node.pattern === 'string' ? [node.pattern] : []
  const keys = !named && isObject(node.patternProperties) ? Object.keys(node.patternProperties) : []
  const bad = [...own, ...keys].flatMap((pattern) => {
    const reason = patternProblem(pattern)
    return reason === undefined ? [] : [finding(at, 'schema.pattern', { pattern, reason })]
  })
  const inner = Object.entries(node).filter(([key]) => named || !plainData.has(key))
  return [...bad, ...inner.flatMap(([key, part]) => patternFindings(part, at, !named && schemaMaps.has(key)))]
}

const plainData: ReadonlySet<string> = new Set(['default', 'examples', 'enum', 'const', 'crm'])
const schemaMaps: ReadonlySet<string> = new Set(['properties', 'patternProperties'])

/** The default and the examples are values that the field would accept. */
function valueFindings(field: Field, property: JsonSchema, at: string): readonly Finding[] {
  const check = valueCheck(field.schema)
  const problem = (value: Json): string | undefined => {
    if (value === null) return undefined
    const refused = field.type.check?.(value, field.options)
    return check(value, '', field.title)[0]?.message ?? (refused === undefined ? undefined : `${field.title} ${refused}.`)
  }
  const wrongDefault = field.default === undefined ? undefined : problem(field.default)
  const examples = Array.isArray(property.examples) ? (property.examples as readonly Json[]) : []
  return [
    ...(wrongDefault === undefined ? [] : [finding(`${at}/default`, 'field.default', { problem: wrongDefault })]),
    ...examples.flatMap((example, i) => {
      const wrong = problem(canonical(field.type, field.options, example))
      return wrong === undefined ? [] : [finding(`${at}/examples/${i}`, 'field.example', { example: JSON.stringify(example), problem: wrong })]
    }),
  ]
}
