/** One property of an entity becomes a field: its type, options, columns and the schema of its values. */
import { isObject, type Json, type JsonObject, type JsonSchema } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import type { FieldType } from '../fields/contract.js'
import { fieldType, fieldTypes } from '../fields/index.js'
import { finding, type Report } from './findings.js'
import { inline } from './inline.js'
import { limits } from './limits.js'
import type { Field, PhysicalColumn } from './model.js'
import { physicalName, systemColumns, titleFrom, type SystemKey } from './names.js'
import { pointer } from './paths.js'
import { patternProblem, valueCheck, valueErrors } from './validation.js'

/** Settings inside `crm` that every field has; all others belong to the type. */
const sharedSettings: ReadonlySet<string> = new Set(['type', 'id', 'search', 'unique', 'sensitive', 'index', 'options', 'archived'])

/** JSON Schema keywords that narrow any value, whatever its field type. */
const narrowing = [
  'minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'const', 'minItems', 'maxItems', 'uniqueItems',
] as const

interface FieldSource {
  /** The whole entity document: what `$ref` points into. */
  readonly document: JsonObject
  readonly key: string
  readonly property: JsonObject
  readonly required: boolean
  /** Path of the property, for findings. */
  readonly at: string
}

/** Makes a field, or reports why not and gives undefined. Whether a link's target exists is for the caller to see. */
export function compileField(source: FieldSource, report: Report): Field | undefined {
  const { key, at } = source
  const property = inline(source.document, source.property, at, report)
  if (property === undefined) return undefined
  const crm = isObject(property.crm) ? property.crm : {}
  const typed = chooseType(property, crm, at, report)
  if (typed === undefined) return undefined
  const { type, options } = typed
  const id = typeof crm.id === 'string' ? crm.id : key
  const link = type.link?.(options)
  const schema = narrowed(type.schema(options), property)
  if (!patternsAreFine(schema, at, report) || !settingsFit(typed, crm, at, report)) return undefined
  const field: Field = {
    key,
    id,
    title: text(property.title) ?? titleFrom(key),
    help: text(property.description) ?? '',
    type,
    options,
    columns: columnsOf(type, options, physicalName(id)),
    required: source.required && property.readOnly !== true && type.numbering === undefined,
    readOnly: property.readOnly === true || type.numbering !== undefined || type.columns(options).length === 0,
    system: false,
    unique: crm.unique === true,
    search: crm.search === true,
    sensitive: crm.sensitive === true,
    default: property.default === undefined ? undefined : canonical(type, options, property.default),
    schema,
    link: link === undefined ? null : { to: link.to, inverse: link.inverse ?? '', onDelete: link.onDelete },
  }
  return valuesFit(field, property, at, report) ? field : undefined
}

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** The value in its type's one spelling. */
export const canonical = (type: FieldType, options: JsonObject, value: Json): Json =>
  value === null || type.canonical === undefined ? value : type.canonical(value, options)

const columnsOf = (type: FieldType, options: JsonObject, name: string): readonly PhysicalColumn[] =>
  type.columns(options).map((column) => ({ ...column, name: column.suffix === '' ? name : `${name}__${column.suffix}` }))

interface TypeWithOptions {
  readonly type: FieldType
  readonly options: JsonObject
}

function chooseType(property: JsonSchema, crm: JsonObject, at: string, report: Report): TypeWithOptions | undefined {
  const plain = withoutNull(property)
  if (crm.type === undefined) {
    for (const type of fieldTypes) {
      const options = type.infer(plain, false)
      if (options !== undefined) return { type, options }
    }
    report(finding(at, 'field.unclear'))
    return undefined
  }
  const type = typeof crm.type === 'string' ? fieldType(crm.type) : undefined
  if (type === undefined) {
    report(finding(`${at}/crm/type`, 'field.type', { type: String(crm.type) }))
    return undefined
  }
  const options = type.infer(plain, true)
  if (options === undefined) report(finding(at, 'field.mismatch', { type: type.name }))
  return options === undefined ? undefined : { type, options }
}

/** Every optional field may be empty, so `["string", "null"]` means a string. */
function withoutNull(property: JsonSchema): JsonSchema {
  if (!Array.isArray(property.type)) return property
  const types = (property.type as readonly Json[]).filter((type) => type !== 'null')
  const { type: _type, ...rest } = property
  return types.length === 1 && types[0] !== undefined ? { ...rest, type: types[0] } : rest
}

/** The type's schema and what the property's own keywords add. */
function narrowed(schema: JsonSchema, property: JsonSchema): JsonSchema {
  const own: Record<string, Json> = {}
  const twice: Record<string, Json> = {}
  for (const keyword of narrowing) {
    const value = property[keyword]
    if (value === undefined || JSON.stringify(value) === JSON.stringify(schema[keyword])) continue
    if (schema[keyword] === undefined) own[keyword] = value
    else twice[keyword] = value
  }
  return { ...schema, ...own, ...(Object.keys(twice).length > 0 ? { allOf: [...(Array.isArray(schema.allOf) ? (schema.allOf as readonly Json[]) : []), twice] } : {}) }
}

/** The settings are known to the type and have values that it accepts. */
function settingsFit({ type, options }: TypeWithOptions, crm: JsonObject, at: string, report: Report): boolean {
  const known = isObject(type.options.properties) ? type.options.properties : {}
  const findings: Finding[] = []
  for (const name of Object.keys(crm)) {
    if (!sharedSettings.has(name) && !Object.hasOwn(known, name)) findings.push(finding(`${at}/crm${pointer(name)}`, 'field.option', { option: name, problem: `is not known to the field type ${type.name}` }))
  }
  for (const wrong of valueErrors(type.options, options)) {
    const [, option = ''] = wrong.path.split('/')
    const place = Object.hasOwn(crm, option) || !option ? `${at}/crm` : at
    findings.push(finding(place + wrong.path, 'field.option', { option: option || type.name, problem: wrong.problem }))
  }
  const choices = isObject(crm.options) ? Object.keys(crm.options).length : 0
  if (choices > limits.optionsPerField) findings.push(finding(`${at}/crm/options`, 'limit.options', { limit: limits.optionsPerField }))
  if (crm.search === true && type.searchable !== true) findings.push(finding(`${at}/crm/search`, 'field.search', { type: type.name }))
  if ((crm.unique === true || crm.index === true) && type.operators.length === 0) findings.push(finding(`${at}/crm`, 'field.unique', { type: type.name }))
  findings.forEach(report)
  return findings.length === 0
}

/** Every pattern in a value's schema must be one that runs in linear time. */
function patternsAreFine(node: Json, at: string, report: Report, data = false): boolean {
  if (Array.isArray(node)) return node.map((part: Json) => patternsAreFine(part, at, report, data)).every(Boolean)
  if (!isObject(node)) return true
  const own = !data && typeof node.pattern === 'string' ? [node.pattern] : []
  const keys = !data && isObject(node.patternProperties) ? Object.keys(node.patternProperties) : []
  const bad = [...own, ...keys].flatMap((pattern) => {
    const reason = patternProblem(pattern)
    return reason === undefined ? [] : [finding(at, 'schema.pattern', { pattern, reason })]
  })
  bad.forEach(report)
  const inner = Object.entries(node).filter(([key]) => data || !['default', 'examples', 'enum', 'const', 'crm'].includes(key))
  return inner.map(([key, part]) => patternsAreFine(part, at, report, !data && (key === 'properties' || key === 'patternProperties'))).every(Boolean) && bad.length === 0
}

/** The default and the examples are values that the field would accept. */
function valuesFit(field: Field, property: JsonSchema, at: string, report: Report): boolean {
  if (field.default === undefined && !Array.isArray(property.examples)) return true
  const check = valueCheck(field.schema)
  const problem = (value: Json): string | undefined =>
    value === null ? undefined : (check(value, '', field.title)[0]?.message ?? field.type.check?.(value, field.options))
  const wrongDefault = field.default === undefined ? undefined : problem(field.default)
  if (wrongDefault !== undefined) report(finding(`${at}/default`, 'field.default', { problem: wrongDefault }))
  let fine = wrongDefault === undefined
  for (const [i, example] of (Array.isArray(property.examples) ? (property.examples as readonly Json[]) : []).entries()) {
    const wrong = problem(canonical(field.type, field.options, example))
    if (wrong === undefined) continue
    report(finding(`${at}/examples/${i}`, 'field.example', { example: JSON.stringify(example), problem: wrong }))
    fine = false
  }
  return fine
}

const systemTypes: Readonly<Record<SystemKey, { type: string; title: string }>> = {
  id: { type: 'integer', title: 'Id' },
  version: { type: 'integer', title: 'Version' },
  createdAt: { type: 'instant', title: 'Created' },
  createdBy: { type: 'user', title: 'Created by' },
  updatedAt: { type: 'instant', title: 'Changed' },
  updatedBy: { type: 'user', title: 'Changed by' },
  owner: { type: 'user', title: 'Owner' },
  archivedAt: { type: 'instant', title: 'Archived' },
}

const systemCache = new Map<boolean, readonly Field[]>()

/** The fields that every record has. Their links lead somewhere only when there is an entity `user`. */
export function systemFields(linked: boolean): readonly Field[] {
  const known = systemCache.get(linked)
  if (known !== undefined) return known
  const fields = (Object.keys(systemColumns) as SystemKey[]).map((key) => systemField(key, linked))
  systemCache.set(linked, fields)
  return fields
}

function systemField(key: SystemKey, linked: boolean): Field {
  const { type: name, title } = systemTypes[key]
  const type = fieldType(name)
  const options = type?.infer({ readOnly: true }, true)
  if (type === undefined || options === undefined) throw new Error(`the system field ${key} needs the field type ${name}`)
  const link = linked ? type.link?.(options) : undefined
  return {
    key, id: key, title, help: '', type, options,
    columns: columnsOf(type, options, systemColumns[key]),
    required: false, readOnly: true, system: true, unique: false, search: false, sensitive: false, default: undefined,
    schema: type.schema(options),
    link: link === undefined ? null : { to: link.to, inverse: '', onDelete: link.onDelete },
  }
}
