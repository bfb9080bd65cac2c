/** TypeScript types of a deployment's records, for clients that are written against exactly this CRM. */
import { isObject, type Json, type JsonSchema } from '../../../metadata/contract/json.js'
import { presetOf } from '../../model/lifecycle.js'
import type { Entity, Field, Model } from '../../model/model.js'

/** The text of a module: per entity what is read, what creates and what changes a record, and a map from API name to type. */
export function recordTypes(model: Model): string {
  const entities = [...model.entities.values()]
  const names = typeNames(entities)
  return [
    `/** Record types of ${comment(model.title)}, metadata version ${model.version}. Made by \`tessera types\`; do not change by hand. */`,
    ...entities.flatMap((entity) => entityTypes(entity, names.get(entity.name) ?? entity.name)),
    '/** API name → type of a record. */',
    'export interface Records {',
    ...entities.map((entity) => `  ${key(entity.name)}: ${names.get(entity.name) ?? ''}`),
    '}',
    '',
  ].join('\n')
}

function entityTypes(entity: Entity, name: string): readonly string[] {
  const fields = [...entity.fields.values()].filter(({ within }) => within === null)
  const settable = fields.filter((field) => !field.readOnly)
  return [
    `/** ${comment(entity.title)} */`,
    `export interface ${name} {`,
    ...fields.map((field) => `${documented(field)}  ${field.readOnly ? 'readonly ' : ''}${key(field.key)}: ${typeOf(field.schema)}${isCertain(field) ? '' : ' | null'}`),
    '}',
    `/** What creates: ${comment(entity.title)} */`,
    `export interface ${name}Create {`,
    ...settable.map((field) => `  ${key(field.key)}${field.required && presetOf(entity, field) === undefined ? '' : '?'}: ${typeOf(field.schema)}${field.required ? '' : ' | null'}`),
    '}',
    `/** What changes: ${comment(entity.title)} */`,
    `export interface ${name}Update {`,
    ...settable.map((field) => `  ${key(field.key)}?: ${typeOf(field.schema)}${field.required ? '' : ' | null'}`),
    '}',
    '',
  ]
}

const isCertain = (field: Field): boolean => field.required || ['id', 'version', 'createdAt', 'updatedAt'].includes(field.key)
const documented = (field: Field): string => `  /** ${comment(field.help === '' ? field.title : `${field.title}. ${field.help}`)} */\n`

/** PascalCase names, made unique, so that `foo-bar` and `fooBar` do not meet. */
function typeNames(entities: readonly Entity[]): ReadonlyMap<string, string> {
  const taken = new Set(['Records'])
  return new Map(entities.map((entity) => {
    const wanted = entity.name.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_all, letter: string) => letter.toUpperCase())
    let name = wanted
    for (let n = 2; [name, `${name}Create`, `${name}Update`].some((one) => taken.has(one)); n++) name = `${wanted}${n}`
    for (const one of [name, `${name}Create`, `${name}Update`]) taken.add(one)
    return [entity.name, name] as const
  }))
}

/** A JSON Schema as a TypeScript type; what TypeScript cannot say becomes wider, never wrong. */
function typeOf(schema: Json | undefined): string {
  if (!isObject(schema)) return 'unknown'
  const { const: only, enum: values, type, anyOf, oneOf } = schema
  if (only !== undefined) return JSON.stringify(only)
  if (Array.isArray(values)) return union(values.map((value: Json) => JSON.stringify(value)))
  const variants = anyOf ?? oneOf
  if (Array.isArray(variants)) return union(variants.map(typeOf))
  if (Array.isArray(type)) return union(type.map((one: Json) => typeOf({ ...schema, type: one })))
  return typeof type === 'string' ? (byType[type]?.(schema) ?? 'unknown') : 'unknown'
}

const byType: Readonly<Record<string, (schema: JsonSchema) => string>> = {
  string: () => 'string',
  integer: () => 'number',
  number: () => 'number',
  boolean: () => 'boolean',
  null: () => 'null',
  array: ({ items }) => `readonly ${grouped(typeOf(items))}[]`,
  object: (schema) => objectType(schema),
}

function objectType({ properties, required, additionalProperties }: JsonSchema): string {
  const needed = new Set(Array.isArray(required) ? required : [])
  const members = isObject(properties) ? Object.entries(properties).map(([name, property]) => `${key(name)}${needed.has(name) ? '' : '?'}: ${typeOf(property)}`) : []
  if (members.length === 0) return 'Record<string, unknown>'
  return `{ ${members.join('; ')}${additionalProperties === false ? '' : '; [key: string]: unknown'} }`
}

const union = (types: readonly string[]): string => [...new Set(types)].join(' | ') || 'never'
const grouped = (type: string): string => (/[ |]/.test(type) && !type.startsWith('{') ? `(${type})` : type)
const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name))
/** Texts of definitions must not end the comment they stand in. */
const comment = (text: string): string => text.replaceAll('*/', '* /').replace(/\s+/g, ' ')
