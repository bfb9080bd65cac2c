/** From the JSON Schema of a nested value to fields, so that its parts are entered with the views of ordinary fields. */
import { isObject, type Json, type JsonObject, type JsonSchema } from '../../metadata/contract/json.js'
import type { UiField } from '../../metadata/contract/ui-model.js'

export type Shape =
  | { readonly kind: 'object'; readonly schema: JsonSchema }
  /** A list of objects with plain parts. */
  | { readonly kind: 'lines'; readonly schema: JsonSchema }
  /** A list of texts or of numbers. */
  | { readonly kind: 'words'; readonly numeric: boolean }
  | { readonly kind: 'free' }

/** How a value of this field is entered. */
export function shapeOf(field: UiField): Shape {
  const schema = isObject(field.options['schema']) ? field.options['schema'] : {}
  if (hasParts(schema)) return { kind: 'object', schema }
  const items = isObject(schema['items']) ? schema['items'] : {}
  if (schema['type'] !== 'array') return { kind: 'free' }
  if (hasParts(items)) return { kind: 'lines', schema: items }
  const numeric = items['type'] === 'integer' || items['type'] === 'number'
  return (items['type'] === 'string' || numeric) && !Array.isArray(items['enum']) ? { kind: 'words', numeric } : { kind: 'free' }
}

const hasParts = (schema: JsonObject): boolean => isObject(schema['properties']) && Object.keys(schema['properties']).length > 0

/** The parts of an object schema as fields. */
export function fieldsOf(schema: JsonSchema): readonly UiField[] {
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  const required = Array.isArray(schema['required']) ? (schema['required'] as readonly Json[]) : []
  return Object.entries(properties).flatMap(([key, property]) => (isObject(property) ? [fieldOf(key, property, required.includes(key))] : []))
}

/** Not `time` and `duration`: inside a value their standard spelling must be typed, as nothing brings it into one. */
const formats: Readonly<Record<string, string>> = { email: 'email', uri: 'url', date: 'date', 'date-time': 'instant', color: 'color', phone: 'phone', tel: 'phone', textarea: 'longText' }
const plainTypes: Readonly<Record<string, string>> = { integer: 'integer', number: 'decimal', boolean: 'boolean', string: 'text' }

function typeOf(property: JsonSchema): string {
  if (Array.isArray(property['enum'])) return 'select'
  const items = isObject(property['items']) ? property['items'] : {}
  if (property['type'] === 'array' && Array.isArray(items['enum'])) return 'multiSelect'
  const types = Array.isArray(property['type']) ? (property['type'] as readonly Json[]).filter((name) => name !== 'null') : [property['type']]
  const name = typeof types[0] === 'string' ? types[0] : ''
  const format = typeof property['format'] === 'string' ? formats[property['format']] : undefined
  return name === 'string' && format !== undefined ? format : (plainTypes[name] ?? 'json')
}

function fieldOf(key: string, property: JsonSchema, required: boolean): UiField {
  const type = typeOf(property)
  const items = isObject(property['items']) ? property['items'] : {}
  const options: JsonObject = type === 'json' ? { schema: property } : { ...property, ...(type === 'multiSelect' ? { enum: items['enum'] ?? [] } : {}) }
  const title = typeof property['title'] === 'string' ? property['title'] : `${key.slice(0, 1).toUpperCase()}${key.slice(1).replaceAll(/([a-z])([A-Z])/g, '$1 $2')}`
  return {
    key, title, type, options, required,
    ...(typeof property['description'] === 'string' ? { help: property['description'] } : {}),
    createable: true, updateable: true, masked: false, system: false, operators: [], sortable: false, measures: [], buckets: [],
  }
}
