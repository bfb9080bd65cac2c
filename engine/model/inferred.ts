/**
 * A plain JSON Schema with a list of objects in it: the objects become records of an entity of their own that belong to the
 * record, its lines. Pure, and the same definitions give the same objects, so that nothing is compiled again without need.
 */
import { isObject, laidOver, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import { asOneValue, linesOf, ownedBy } from '../fields/inferred-lines.js'
import { isComputed } from './computed/computed.js'
import { typedProperty } from './field.js'
import { finding } from './findings.js'
import { inline } from './inline.js'
import type { Documents } from './model.js'
import { identifier, isReserved, titleFrom } from './names.js'
import { parsePath, pointer } from './paths.js'

/** An entity that is made of a list of objects. */
export interface InferredLines {
  /** The entity whose schema has the list. */
  readonly of: string
  /** Key of the list there. */
  readonly field: string
  /** As it is made of the schema, before anything is laid over it. */
  readonly document: JsonObject
}

/** An entity document as it is compiled, and the entities of its lines by name. */
interface Inferred {
  readonly document: JsonObject
  readonly lines: Readonly<Record<string, InferredLines>>
}

const kept = new WeakMap<JsonObject, Inferred>()
const refined = new WeakMap<JsonObject, { readonly by: JsonObject; readonly document: JsonObject }>()

/** The documents with those that are inferred. What a layer says of an inferred entity itself is laid over it. */
export function withInferredLines(documents: Documents): Documents {
  const wholes = ownersIn(documents).map(({ path, document }) => [path, document] as const)
  const lines = Object.entries(inferredLines(documents)).map(([path, { document }]) => {
    const own = documents[path]
    return [path, own === undefined ? document : refinedBy(document, own)] as const
  })
  return { ...documents, ...Object.fromEntries(wholes), ...Object.fromEntries(lines) }
}

/** The entities that are inferred, by the path of a document that would be laid over them. */
export const inferredLines = (documents: Documents): Readonly<Record<string, InferredLines>> =>
  Object.fromEntries(ownersIn(documents).flatMap(({ lines }) => Object.entries(lines)).map(([name, line]) => [`${name}/entity.json`, line]))

const ownersIn = (documents: Documents): readonly (Inferred & { readonly path: string })[] =>
  Object.entries(documents).flatMap(([path, document]) => {
    const parsed = parsePath(path)
    return parsed?.kind === 'entity' && isObject(document) ? [{ path, ...inferredFrom(parsed.entity, document) }] : []
  })

function inferredFrom(name: string, document: JsonObject): Inferred {
  const known = kept.get(document)
  if (known !== undefined) return known
  const properties = isObject(document.properties) ? document.properties : {}
  const found = Object.entries(properties).flatMap(([key, property]) => {
    const items = isObject(property) ? lineSchema(document, property) : undefined
    return isObject(property) && items !== undefined && obstacleOf(name, key, items) === undefined ? [[key, property, items] as const] : []
  })
  const made = found.length === 0 ? { document, lines: {} } : expanded(name, document, properties, found)
  kept.set(document, made)
  return made
}

/** The schema of the objects in a list, where nothing says that the list is something else. */
function lineSchema(document: JsonObject, property: JsonObject): JsonObject | undefined {
  const mayBe = (property.type === 'array' || property.$ref !== undefined) && !(isObject(property.crm) && property.crm.type !== undefined)
  const whole = !mayBe ? undefined : inline(document, property, '', () => undefined)
  const items = whole?.type === 'array' && isObject(whole.items) ? whole.items : undefined
  return items?.type === 'object' && isObject(items.properties) && Object.keys(items.properties).length > 0 ? items : undefined
}

/** Why the objects of a list cannot be records, as a sentence; undefined when every part of them can be a field. */
function obstacleOf(name: string, key: string, items: JsonObject): string | undefined {
  if (!identifier.test(lineEntity(name, key))) return `“${lineEntity(name, key)}” cannot be the name of an entity`
  for (const [part, property] of Object.entries(isObject(items.properties) ? items.properties : {})) {
    if (!identifier.test(part)) return `“${part}” cannot be the key of a field`
    if (isReserved(part)) return `every record has “${part}” already`
    if (!isObject(property) || (!isComputed(property) && typedProperty(items, property, '', () => undefined) === undefined)) return `no field can hold “${part}”`
  }
  return undefined
}

/** Lists of objects that stay one value, since their objects cannot be records: allowed, and hardly what was meant. */
export const listsKeptWhole = (documents: Documents): readonly Finding[] =>
  Object.entries(documents).flatMap(([path, document]) => {
    const parsed = parsePath(path)
    if (parsed?.kind !== 'entity' || !isObject(document)) return []
    return Object.entries(isObject(document.properties) ? document.properties : {}).flatMap(([key, property]) => {
      const items = isObject(property) ? lineSchema(document, property) : undefined
      const reason = items === undefined ? undefined : obstacleOf(parsed.entity, key, items)
      return reason === undefined ? [] : [finding(`${path}#${pointer('properties', key, 'items')}`, 'field.list', { field: key, reason })]
    })
  })

const lineEntity = (name: string, key: string): string => `${name}${key.charAt(0).toUpperCase()}${key.slice(1)}`

const identity = (of: JsonObject, name: string): string => (isObject(of.crm) && typeof of.crm.id === 'string' ? of.crm.id : name)

function expanded(name: string, document: JsonObject, properties: JsonObject, found: readonly (readonly [string, JsonObject, JsonObject])[]): Inferred {
  const title = typeof document.title === 'string' ? document.title : titleFrom(name)
  const lists: Record<string, Json> = {}
  const lines: Record<string, InferredLines> = {}
  for (const [key, property, items] of found) {
    const parts = isObject(items.properties) ? items.properties : {}
    const owner = Object.hasOwn(parts, name) ? `${name}Owner` : name
    const plural = typeof property.title === 'string' ? property.title : titleFrom(key)
    const { items: _items, default: _default, uniqueItems: _unique, ...rest } = inline(document, property, '', () => undefined) ?? {}
    const crm = isObject(property.crm) ? property.crm : {}
    const entity = lineEntity(name, key)
    lists[key] = { ...rest, crm: linesOf(crm, entity, owner) }
    const made: JsonObject = {
      type: 'object',
      title: typeof items.title === 'string' ? items.title : plural,
      ...(items.required === undefined ? {} : { required: items.required }),
      properties: { [owner]: { title, crm: ownedBy(name) }, ...Object.fromEntries(Object.entries(parts).map(([part, inner]) => [part, asOneValue(inner)])) },
      crm: { id: lineEntity(identity(document, name), identity(property, key)), plural, ...(crm.archived === true ? { archived: true } : {}) },
    }
    lines[entity] = { of: name, field: key, document: made }
  }
  // A list is never missing, only empty.
  const required = Array.isArray(document.required) ? { required: (document.required as readonly Json[]).filter((key) => typeof key !== 'string' || lists[key] === undefined) } : {}
  return { document: { ...document, ...required, properties: { ...properties, ...lists } }, lines }
}

function refinedBy(line: JsonObject, own: JsonObject): JsonObject {
  const known = refined.get(own)
  if (known?.by === line) return known.document
  const document = laidOver(line, own)
  refined.set(own, { by: line, document })
  return document
}
