/** One property of an entity becomes a field: its type, options, columns and the schema of its values. */
import { isObject, type Json, type JsonObject, type JsonSchema } from '../../metadata/contract/json.js'
import type { ComputedField, Derived } from '../fields/computed/contract.js'
import { computedType } from '../fields/computed/index.js'
import type { FieldType, Link } from '../fields/contract.js'
import { partSuffix } from '../fields/composite.js'
import { fieldType, fieldTypes } from '../fields/index.js'
import { finding, shown, type Report } from './findings.js'
import { inline } from './inline.js'
import type { Field, LinkTable, PhysicalColumn } from './model.js'
import { targetsOf, wholeOf } from './targets.js'
import { linkTableName, physicalName, systemColumns, titleFrom, type SystemKey } from './names.js'

/** The inlined property that a field was made from, for the proof that it is sound. */
const properties = new WeakMap<Field, JsonSchema>()

/** The property that `field` was made from; undefined for system fields. */
export const propertyOf = (field: Field): JsonSchema | undefined => properties.get(field)

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
  /** What is known of it when its values are computed. */
  readonly computed?: ComputedField | undefined
  /** Identity of the entity. */
  readonly entity: string
  /** Path of the property, for findings. */
  readonly at: string
}

/** Makes a field, or reports why not and gives undefined. Whether a link's target exists is for the caller to see. */
export function compileField(source: FieldSource, report: Report): Field | undefined {
  const { key, at, computed } = source
  const property = inline(source.document, source.property, at, report)
  if (property === undefined) return undefined
  const crm = isObject(property.crm) ? property.crm : {}
  const typed = computed ?? chooseType(property, crm, at, report)
  if (typed === undefined) return undefined
  const { type, options } = typed
  const derived = computed?.derived ?? null
  const id = typeof crm.id === 'string' ? crm.id : key
  const link = type.link?.(options)
  const links = type.links?.(options)
  const lines = type.lines?.(options)
  const several = type.oneOf === undefined ? undefined : (targetsOf(source.property) ?? [])
  const field: Field = {
    key,
    id,
    title: text(property.title) ?? titleFrom(key),
    help: text(property.description) ?? '',
    type,
    options,
    columns: [...columnsOf(type, options, physicalName(id)), ...stateColumn(derived, physicalName(id))],
    required: source.required && derived === null && property.readOnly !== true && type.numbering === undefined,
    readOnly: derived !== null || property.readOnly === true || type.numbering !== undefined || (links === undefined && lines === undefined && several === undefined && type.columns(options).length === 0),
    system: false,
    unique: crm.unique === true,
    search: crm.search === true,
    sensitive: crm.sensitive === true,
    default: derived !== null || property.default === undefined ? undefined : canonical(type, options, property.default),
    schema: derived === null ? narrowed(type.schema(options), property) : type.schema(options),
    link: link === undefined ? null : { ...linkTo(link), owned: link.owned === true, hierarchy: link.hierarchy === true },
    links: links === undefined ? null : { ...linkTo(links), table: linkTableName(source.entity, id) },
    lines: lines === undefined ? null : { entity: lines.entity, field: lines.field },
    targets: several === undefined ? null : new Map(several.map((target) => [target.entity, { key: target.key, column: physicalName(target.id) }])),
    within: wholeOf(source.property),
    derived,
    parts: partsOf(key, id, type, options),
  }
  properties.set(field, property)
  return Object.freeze(field)
}

const linkTo = (link: Link): Omit<LinkTable, 'table'> => ({ to: shown(link.to), inverse: typeof link.inverse === 'string' ? link.inverse : '', onDelete: link.onDelete })

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** The value in its type's one spelling. */
export const canonical = (type: FieldType, options: JsonObject, value: Json): Json =>
  value === null || type.canonical === undefined ? value : type.canonical(value, options)

const noParts: ReadonlyMap<string, Field> = new Map()

/** Each part as a field whose columns are those of the whole that hold it. */
function partsOf(key: string, id: string, type: FieldType, options: JsonObject): ReadonlyMap<string, Field> {
  const parts = type.parts?.(options)
  if (parts === undefined) return noParts
  const whole = columnsOf(type, options, physicalName(id))
  return new Map(Object.entries(parts).map(([name, part]): [string, Field] => {
    const columns = part.type.columns(part.options).flatMap((column) => {
      const held = whole.find(({ suffix }) => suffix === partSuffix(name, column))
      return held === undefined ? [] : [{ ...column, name: held.name }]
    })
    return [name, Object.freeze({
      key: `${key}.${name}`, id: `${id}.${name}`, title: part.title, help: '', type: part.type, options: part.options, columns,
      required: false, readOnly: true, system: false, unique: false, search: false, sensitive: false, default: undefined,
      schema: part.type.schema(part.options), parts: noParts, link: null, links: null, lines: null, targets: null, within: null, derived: null,
    })]
  }))
}

const columnsOf = (type: FieldType, options: JsonObject, name: string): readonly PhysicalColumn[] =>
  type.columns(options).map((column) => ({ ...column, name: column.suffix === '' ? name : `${name}__${column.suffix}` }))

/** An average is kept with the sum and the number that it comes from: its own digits are rounded. */
const stateColumn = (derived: Derived | null, name: string): readonly PhysicalColumn[] =>
  derived?.kind === 'rollup' && derived.measure === 'avg' ? [{ suffix: 'state', kind: 'json', role: 'state', name: `${name}__state` }] : []

/** The type and the options of a property that is not computed; undefined after the reason was reported. */
export function typedProperty(document: JsonObject, property: JsonObject, at: string, report: Report): TypeWithOptions | undefined {
  const plain = inline(document, property, at, report)
  return plain === undefined ? undefined : chooseType(plain, isObject(plain.crm) ? plain.crm : {}, at, report)
}

interface TypeWithOptions {
  readonly type: FieldType
  readonly options: JsonObject
}

function chooseType(property: JsonSchema, crm: JsonObject, at: string, report: Report): TypeWithOptions | undefined {
  // Why it cannot be computed was reported when that was tried.
  if (computedType(crm.type) !== undefined) return undefined
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
    report(finding(`${at}/crm/type`, 'field.type', { type: shown(crm.type) }))
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
    schema: type.schema(options), parts: noParts,
    link: link === undefined ? null : { to: link.to, inverse: '', onDelete: link.onDelete, owned: false, hierarchy: false },
    derived: null,
    links: null,
    lines: null,
    targets: null,
    within: null,
  }
}
