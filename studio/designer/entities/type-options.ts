/** A field type's own options, from the schema that the engine publishes: where each is written, how it is entered. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { listOf, objectOf, textOf, type EntityDefinition, type TypeInfo } from '../draft/definitions.js'
import { grouped } from '../grouped.js'

/** Where an option stands in the definition of a field. */
type Place = 'keyword' | 'setting'

export interface Option {
  readonly name: string
  readonly schema: JsonObject
  readonly place: Place
  /** `entity`: chosen from the entities; `value`: entered by its JSON Schema. */
  readonly entry: 'entity' | 'entities' | 'value'
  readonly required: boolean
  /** Rarely needed: shown when asked for. */
  readonly rare: boolean
}

const rare: ReadonlySet<string> = new Set(['exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'pattern', 'format', 'minLength', 'minItems', 'maxItems', 'inverse', 'except'])
/** The list of choices has an editor of its own; a constant is nothing that people choose. */
const elsewhere: ReadonlySet<string> = new Set(['enum', 'options', 'const'])

/** The options that are entered in a form. */
export function optionsOf(type: TypeInfo): readonly Option[] {
  const required = listOf(type.options['required'])
  return Object.entries(objectOf(type.options['properties'])).flatMap(([name, schema]): readonly Option[] => {
    if (!isObject(schema) || elsewhere.has(name)) return []
    const kind = textOf(schema['$comment'])
    if (kind === 'property') return []
    return [{ name, schema, place: kind === 'keyword' ? 'keyword' : 'setting', entry: kind === 'entity' || kind === 'entities' ? kind : 'value', required: required.includes(name), rare: rare.has(name) }]
  })
}

/** True when the type has a list of values to choose from. */
export const hasChoices = (type: TypeInfo): boolean => type.computed !== true && isObject(objectOf(type.options['properties'])['enum'])

/** True when values can be found by the words in them. */
export const isText = (type: TypeInfo): boolean => type.operators.includes('$startsWith')

/** True when values can be compared, and so be unique or sorted by. */
export const isComparable = (type: TypeInfo): boolean => type.operators.includes('$eq')

/** Value of an option in a property. */
export const readOption = (property: JsonObject, option: Option): Json | undefined => (option.place === 'keyword' ? property[option.name] : objectOf(property['crm'])[option.name])

/**
 * Options that a new field of this type starts with: what the schema suggests, else what most fields of the type say, such as
 * the currency of a business, else what the first example shows.
 */
export function startOptions(type: TypeInfo, entities: readonly EntityDefinition[]): JsonObject {
  const example = objectOf(type.examples[0]?.options)
  const others = entities.flatMap(({ fields }) => fields.filter((field) => field.type === type.name))
  const start: Record<string, Json> = {}
  for (const option of optionsOf(type)) {
    const { name, schema, required, entry } = option
    if (!required || entry === 'entity') continue
    // What no example shows is each field's own: a new formula is no copy of another one.
    const value = schema['default'] ?? (example[name] === undefined ? undefined : (mostUsed(others.map(({ property }) => readOption(property, option))) ?? example[name]))
    if (value !== undefined) start[name] = value
  }
  return start
}

/** The word that stands there most often. */
function mostUsed(values: readonly (Json | undefined)[]): string | undefined {
  const words = grouped(values.filter((value) => typeof value === 'string'), (value) => value)
  return [...words].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0]
}

/** Settings of a computed field as they stand in a definition: all of them inside `crm`. */
export const computedProperty = (kind: string, title: string, settings: JsonObject): JsonObject => ({ readOnly: true, ...(title === '' ? {} : { title }), crm: { type: kind, ...settings } })

/** The definition of a field of a type: keywords beside `crm`, settings within. */
export function propertyFor(type: TypeInfo, title: string, options: JsonObject): JsonObject {
  if (type.computed === true) return computedProperty(type.name, title, options)
  const places = new Map(optionsOf(type).map((option) => [option.name, option.place]))
  const keywords = Object.entries(options).filter(([name]) => name === 'enum' || places.get(name) === 'keyword')
  const settings = Object.entries(options).filter(([name]) => name === 'options' || places.get(name) === 'setting')
  return { ...(title === '' ? {} : { title }), ...Object.fromEntries(keywords), crm: { type: type.name, ...Object.fromEntries(settings) } }
}

export interface Choice {
  readonly value: string | number
  readonly title: string
  readonly color: string
}

/** The choices of a field, whichever of the forms of JSON Schema lists them. */
export function choicesOf(property: JsonObject): readonly Choice[] {
  const shown = objectOf(objectOf(property['crm'])['options'])
  const listed = listedValues(property)
  return listed.flatMap((value) => {
    if (typeof value !== 'string' && typeof value !== 'number') return []
    const how = objectOf(shown[String(value)])
    return [{ value, title: textOf(how['title']), color: textOf(how['color']) }]
  })
}

function listedValues(property: JsonObject): readonly Json[] {
  const items = objectOf(property['items'])
  const from = Array.isArray(property['enum']) || Array.isArray(property['oneOf']) ? property : items
  if (Array.isArray(from['enum'])) return listOf(from['enum']).filter((value) => value !== null)
  return listOf(from['oneOf']).flatMap((branch) => (isObject(branch) && branch['const'] !== undefined ? [branch['const']] : []))
}

/** Where the list of values stands, as keys below the property. */
export const choicesPlace = (property: JsonObject): readonly string[] =>
  !Array.isArray(property['enum']) && Array.isArray(objectOf(property['items'])['enum']) ? ['items', 'enum'] : ['enum']

/** Values of the choices that a new field begins with, to be renamed. */
export const sampleChoices: readonly string[] = ['option1', 'option2']
