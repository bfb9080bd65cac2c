/** Reads definitions the way the designer shows them: entities, fields, titles, where each comes from. Pure. */
import { parsePath } from '../../../metadata/contract/document-path.js'
import { isObject, laidOver, type Json, type JsonObject, type JsonSchema } from '../../../metadata/contract/json.js'
import type { Measure, Operator } from '../../../metadata/contract/operators.js'
import { targetOf } from '../../fields/targets.js'
import { dashboardDesignPath, designPath, formDesignPath, segmentDesignPath, textPath, viewDesignPath } from '../../shell/routes.js'
import { navigationPath } from '../screens/places.js'
import type { Documents } from './operations.js'

/** A field type as the engine describes it. */
export interface TypeInfo {
  readonly name: string
  /** JSON Schema of its options. */
  readonly options: JsonSchema
  readonly operators: readonly Operator[]
  readonly measures: readonly Measure[]
  /** Its values are computed from others: it has settings, but no values of its own kind. */
  readonly computed?: true
  /** Its values can be asked for outside of a record. */
  readonly asked?: true
  readonly examples: readonly { readonly options: JsonObject; readonly value: Json; readonly text: string }[]
  /** What a formula sees of its values: `none` for nothing. Absent for what is computed. */
  readonly formula?: 'text' | 'number' | 'boolean' | 'date' | 'instant' | 'list' | 'link' | 'none'
}

/** What is in force. */
export interface Published {
  readonly version: number
  readonly layers: readonly string[]
  readonly documents: Documents
  /** Document path → JSON Pointer → layer that said it last. */
  readonly provenance: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** What the layers from files say of each document that the studio changed; null where they say nothing. */
  readonly below: Readonly<Record<string, JsonObject | null>>
  readonly fieldTypes: readonly TypeInfo[]
  /** What formulas may call. */
  readonly functions: readonly OfferedFunction[]
  /** What steps of workflows may call. */
  readonly workflowFunctions: readonly WorkflowFunction[]
}

/** A function of the product as its panel is drawn: `with` is a JSON Schema whose `format`s say what values name. */
export interface WorkflowFunction {
  readonly name: string
  /** Of a plugin's; those of the product are called by the texts of the studio. */
  readonly title?: string
  /** Of a plugin's: language → JSON Pointer into it → text. */
  readonly texts?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly description: string
  readonly with: JsonSchema
}

/** What the engine answers: kinds of computed fields stand apart from types of values. */
export interface PublishedAnswer extends Published {
  readonly computedTypes: readonly Pick<TypeInfo, 'name' | 'options'>[]
}

export interface OfferedFunction {
  readonly name: string
  /** How it is called, e.g. `round(number, digits)`. */
  readonly usage: string
}

/** In the designer a computed field is a choice like the others. */
export const withComputed = ({ computedTypes, ...published }: PublishedAnswer): Published =>
  ({ ...published, fieldTypes: [...published.fieldTypes, ...computedTypes.map((kind): TypeInfo => ({ ...kind, operators: [], measures: [], examples: [], computed: true }))] })

/** Document path → key → type of properties that do not name it. */
export type TypeNames = Readonly<Record<string, Readonly<Record<string, string>>>>

/** An entity that is made of a list of objects in the schema of another one. */
export interface InferredLines {
  /** That other entity. */
  readonly of: string
  /** Key of the list there. */
  readonly field: string
  /** As it is made of the schema. */
  readonly document: JsonObject
}

/** By the path of the document that may be laid over it. */
export type Inferred = Readonly<Record<string, InferredLines>>

/** The documents as the engine reads them: with the entities that lists of objects become. */
export const wholeDocuments = (documents: Documents, inferred: Inferred): Documents =>
  ({ ...documents, ...Object.fromEntries(Object.entries(inferred).map(([path, { document }]) => [path, laidOver(document, documents[path] ?? {})])) })

export interface EntityDefinition {
  readonly name: string
  readonly path: string
  readonly document: JsonObject
  readonly title: string
  readonly plural: string
  readonly icon: string
  readonly archived: boolean
  readonly fields: readonly FieldDefinition[]
  /** Set where it is made of a list of objects. */
  readonly lines: InferredLines | null
}

export interface FieldDefinition {
  readonly key: string
  /** What it was first published as. */
  readonly id: string
  readonly title: string
  readonly type: string
  /** Entity that it leads to; '' for none. */
  readonly to: string
  readonly property: JsonObject
  readonly required: boolean
  readonly archived: boolean
  /** It comes from the list of objects that its entity is made of: what it is called there and what must be there is said there. */
  readonly inferred: boolean
}

export const entityPath = (name: string): string => `${name}/entity.json`

export const member = (value: Json | undefined, key: string): Json | undefined => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined)
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [])

/** `member-no` or `memberNo` → `Member no`: what is shown for what has no title, as the engine does it. */
export function titleFrom(key: string): string {
  const words = key.replace(/[_-]+/g, ' ').replace(/([a-z0-9])([A-Z])/g, '$1 $2').trim()
  const lower = words.replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase())
  return lower.charAt(0).toUpperCase() + lower.slice(1)
}

/** The translated text of a place in a document; '' when there is none. */
export const translated = (documents: Documents, language: string, path: string, place: string): string =>
  textOf(member(member(documents[`texts/${language}.json`], path), place))

/** Languages that the definitions have texts for, besides their own. */
export const textLanguages = (documents: Documents): readonly string[] => Object.keys(documents).flatMap((path) => /^texts\/([\w-]+)\.json$/.exec(path)?.[1] ?? [])

/** All entities, archived ones too, by title; those that are made of lists of objects as well. */
export function entitiesOf(documents: Documents, types: TypeNames, language: string, inferred: Inferred = {}): readonly EntityDefinition[] {
  const whole = wholeDocuments(documents, inferred)
  return Object.keys(whole)
    .filter((path) => path.endsWith('/entity.json'))
    .map((path) => readEntity(whole, types, language, path, inferred[path]))
    .toSorted((a, b) => a.title.localeCompare(b.title, language))
}

export const entityNamed = (documents: Documents, types: TypeNames, language: string, name: string): EntityDefinition | null =>
  documents[entityPath(name)] === undefined ? null : readEntity(documents, types, language, entityPath(name))

function readEntity(documents: Documents, types: TypeNames, language: string, path: string, lines: InferredLines | null = null): EntityDefinition {
  const document = documents[path] ?? {}
  const name = path.slice(0, -'/entity.json'.length)
  const crm = objectOf(document['crm'])
  const text = (place: string): string => translated(documents, language, path, place)
  const title = text('/title') || textOf(document['title']) || titleFrom(name)
  const required = listOf(document['required'])
  const known = types[path] ?? {}
  const fields = Object.entries(objectOf(document['properties'])).flatMap(([key, value]): readonly FieldDefinition[] => {
    if (!isObject(value)) return []
    const own = objectOf(value['crm'])
    const id = textOf(own['id']) || key
    const type = textOf(own['type']) || (known[key] ?? known[id] ?? '')
    return [{
      key, id, property: value,
      title: text(`/properties/${key}/title`) || textOf(value['title']) || titleFrom(key),
      type, to: targetOf(type, textOf(own['to'])),
      required: required.includes(key),
      archived: own['archived'] === true,
      inferred: member(lines?.document['properties'], key) !== undefined,
    }]
  })
  return { name, path, document, title, plural: text('/crm/plural') || textOf(crm['plural']) || title, icon: textOf(crm['icon']) || 'shapes', archived: crm['archived'] === true, fields, lines }
}

/** Where a definition comes from, for its badge. */
export interface Origin {
  /** Layer that brought it first; '' for what exists only in the draft. */
  readonly layer: string
  /** `new` or `changed`: in the draft only. `here`: changed in the studio and published. */
  readonly change: 'new' | 'changed' | 'here' | 'none'
}

/** Origin of a property of an entity. What is made of a list of objects comes from where that list does. */
export function originOfField(published: Published, { path, lines }: Pick<EntityDefinition, 'path' | 'lines'>, field: FieldDefinition): Origin {
  if (lines !== null && field.inferred && member(published.documents[path]?.['properties'], field.key) === undefined) return originOfLines(published, lines)
  const before = Object.entries(objectOf(published.documents[path]?.['properties'])).find(([key, value]) => (textOf(member(member(value, 'crm'), 'id')) || key) === field.id)
  const marks = published.provenance[path] ?? {}
  if (before === undefined) return { layer: '', change: 'new' }
  const [key, was] = before
  const place = `/properties/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
  const layer = marks[place] ?? ''
  const required = listOf(published.documents[path]?.['required']).includes(key)
  if (key !== field.key || required !== field.required || JSON.stringify(was) !== JSON.stringify(field.property)) return { layer, change: 'changed' }
  const here = layer !== studioLayer && Object.entries(marks).some(([at, by]) => by === studioLayer && at.startsWith(`${place}/`))
  return { layer, change: here ? 'here' : 'none' }
}

function originOfLines(published: Published, { of, field }: InferredLines): Origin {
  const layer = published.provenance[entityPath(of)]?.[`/properties/${field}`] ?? ''
  return { layer, change: layer === '' ? 'new' : 'none' }
}

/** Origin of a whole entity. */
export function originOfEntity(published: Published, documents: Documents, { path, lines }: Pick<EntityDefinition, 'path' | 'lines'>): Origin {
  const before = published.documents[path]
  if (before === undefined && lines !== null) return originOfLines(published, lines)
  if (before === undefined) return { layer: '', change: 'new' }
  const marks = published.provenance[path] ?? {}
  const layer = marks['/type'] ?? marks['/properties'] ?? ''
  if (documents[path] !== before && JSON.stringify(documents[path]) !== JSON.stringify(before)) return { layer, change: 'changed' }
  return { layer, change: layer !== studioLayer && Object.values(marks).includes(studioLayer) ? 'here' : 'none' }
}

/** Layer of what was changed in the studio. */
const studioLayer = 'studio'

/** A document as the layers below the studio say it; undefined where they say nothing. */
export const belowOf = (published: Published, path: string): JsonObject | undefined => (Object.hasOwn(published.below, path) ? (published.below[path] ?? undefined) : published.documents[path])

/** How many documents of the draft differ from what is published. */
export const changedPaths = (published: Documents, documents: Documents): readonly string[] =>
  [...new Set([...Object.keys(published), ...Object.keys(documents)])].filter((path) => published[path] !== documents[path] && canonical(published[path]) !== canonical(documents[path]))

/** JSON with sorted keys: the order of members says nothing. */
export const canonical = (value: Json | undefined): string =>
  JSON.stringify(value, (_key, part: Json) => (isObject(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part)) ?? ''

const grammar = /^[A-Za-z][A-Za-z0-9_]{0,62}$/

/** True when it may be an API name. The engine refuses a few more, which its check tells. */
export const isName = (name: string): boolean => grammar.test(name)

/** What every record has anyway; no field can be called so. Compared with the engine's list by a test. */
export const systemKeys: readonly string[] = ['id', 'version', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy', 'owner', 'archivedAt', 'prototype', ...Object.getOwnPropertyNames(Object.prototype)]

/** `Loyalty level!` → `loyaltyLevel`; a title without Latin letters gets `fallback`; made unique among `taken`. */
export function suggestName(title: string, fallback: string, taken: readonly string[]): string {
  const words = title.replaceAll('ß', 'ss').normalize('NFKD').replace(/[\u0300-\u036f]/g, '').match(/[A-Za-z0-9]+/g) ?? []
  const joined = words.map((word, index) => (index === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())).join('')
  const name = (/^[A-Za-z]/.test(joined) ? joined : `${fallback}${joined}`).slice(0, 40)
  const used = new Set([...systemKeys, ...taken].map((one) => one.toLowerCase()))
  if (!used.has(name.toLowerCase())) return name
  let number = 2
  while (used.has(`${name}${number}`.toLowerCase())) number += 1
  return `${name}${number}`
}

/** `Repair order` → `Repair orders`: what English usually says of several; a title in another script is the same for them. To be put right by hand. */
export function pluralOf(title: string): string {
  const text = title.trim()
  if (!/[A-Za-z]$/.test(text)) return text
  if (/[^aeiou]y$/i.test(text)) return `${text.slice(0, -1)}ies`
  return /(?:s|x|z|ch|sh)$/i.test(text) ? `${text}es` : `${text}s`
}

/** Address in the studio of what a definition path is about: its own page, else its text. */
export function addressOf(path: string): string {
  const [document = '', place = ''] = path.split('#')
  const parsed = parsePath(document)
  const [area, key] = place.split('/').slice(1)
  if (parsed?.kind === 'form') return formDesignPath(parsed.entity, null, parsed.name)
  if (parsed?.kind === 'segment') return segmentDesignPath(parsed.name)
  if (parsed?.kind === 'dashboard') return dashboardDesignPath(parsed.name)
  if (document === 'layer.json' && area === 'navigation') return navigationPath
  if (parsed?.kind === 'view') return viewDesignPath(parsed.entity, parsed.name)
  if (parsed?.kind !== 'entity') return textPath(document, place)
  const page = designPath(parsed.entity)
  return area === 'properties' && key !== undefined ? `${page}?field=${encodeURIComponent(key.replaceAll('~1', '/').replaceAll('~0', '~'))}` : page
}
