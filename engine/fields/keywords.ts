/** What several field types share when they read a JSON Schema property and describe their own options. */
import { isObject, type Json, type JsonObject, type JsonSchema } from '../../metadata/contract/json.js'

/** The members of `from` that are named and present. */
export function picked(from: JsonObject, names: readonly string[]): JsonObject {
  const chosen: Record<string, Json> = {}
  for (const name of names) {
    const value = Object.hasOwn(from, name) ? from[name] : undefined
    if (value !== undefined) chosen[name] = value
  }
  return chosen
}

/**
 * Options of a property: JSON Schema keywords from the property itself, settings from its `crm` object. What is wrong in
 * them is found by checking the result against the type's `options` schema, so the caller may state the type it hopes for.
 */
export const optionsOf = (property: JsonSchema, keywords: readonly string[], settings: readonly string[] = []): JsonObject =>
  ({ ...picked(property, keywords), ...picked(settingsOf(property), settings) })

/** The property's `crm` object, or an empty one. */
export const settingsOf = (property: JsonSchema): JsonObject => (isObject(property.crm) ? property.crm : {})

/** True when the property's `type` is `name`, with or without `null` beside it. */
export function hasType(property: JsonSchema, name: string): boolean {
  const { type } = property
  return Array.isArray(type) ? type.includes(name) && type.every((one) => one === name || one === 'null') : type === name
}

/** The listed values of `enum`, or of `oneOf` with a `const` each, without null; undefined when the property lists none. */
export function listedValues(property: JsonSchema): readonly Json[] | undefined {
  if (Array.isArray(property.enum)) return (property.enum as readonly Json[]).filter((value) => value !== null)
  if (!Array.isArray(property.oneOf)) return undefined
  const values: Json[] = []
  for (const branch of property.oneOf as readonly Json[]) {
    if (!isObject(branch)) return undefined
    if (branch.const === undefined) {
      if (branch.type === 'null') continue
      return undefined
    }
    if (branch.const !== null) values.push(branch.const)
  }
  return values.length > 0 ? values : undefined
}

/** Titles that `oneOf` gives to its constants, in the shape of the `options` setting. */
export function listedTitles(property: JsonSchema): JsonObject {
  const titles: Record<string, Json> = {}
  if (!Array.isArray(property.oneOf)) return titles
  for (const branch of property.oneOf as readonly Json[]) {
    if (isObject(branch) && typeof branch.title === 'string' && (typeof branch.const === 'string' || typeof branch.const === 'number')) titles[String(branch.const)] = { title: branch.title }
  }
  return titles
}

const own = new Set<string>()

/**
 * A pattern that a field type brings itself: one path through it, so nothing to go back to. It runs on JavaScript's own
 * engine, which is several times as fast as the one for patterns from definitions.
 */
export function ownPattern(pattern: string): string {
  own.add(pattern)
  return pattern
}

/** True for patterns that a field type brought. */
export const isOwnPattern = (pattern: string): boolean => own.has(pattern)

/** JSON Schema of an options object that allows nothing else. */
export const optionsSchema = (properties: JsonObject, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
  additionalProperties: false,
})

/** Marks an option that is written beside `crm`, as the JSON Schema keyword of that name, and not inside it. */
const keyword = { $comment: 'keyword' }

/** Option schemas of the JSON Schema keywords that several types understand. */
export const keywordOptions = {
  minLength: { ...keyword, type: 'integer', minimum: 0, title: 'Shortest length', description: 'Fewest characters that are accepted.' },
  maxLength: { ...keyword, type: 'integer', minimum: 1, title: 'Longest length', description: 'Most characters that are accepted.' },
  pattern: { ...keyword, type: 'string', maxLength: 500, title: 'Pattern', description: 'A regular expression (RE2) that the text must match.' },
  minimum: { ...keyword, type: 'number', title: 'Smallest value', description: 'The smallest number that is accepted.' },
  maximum: { ...keyword, type: 'number', title: 'Largest value', description: 'The largest number that is accepted.' },
  exclusiveMinimum: { ...keyword, type: 'number', title: 'More than', description: 'The number must be larger than this.' },
  exclusiveMaximum: { ...keyword, type: 'number', title: 'Less than', description: 'The number must be smaller than this.' },
  multipleOf: { ...keyword, type: 'number', exclusiveMinimum: 0, title: 'Step', description: 'The number must be a multiple of this.' },
  const: { ...keyword, title: 'Only value', description: 'The one value that is accepted.' },
  minItems: { ...keyword, type: 'integer', minimum: 0, title: 'Fewest choices', description: 'How many values must be chosen at least.' },
  maxItems: { ...keyword, type: 'integer', minimum: 1, title: 'Most choices', description: 'How many values may be chosen at most.' },
  enum: { ...keyword, type: 'array', minItems: 1, uniqueItems: true, title: 'Values', description: 'The values that can be chosen, in the order in which they are offered.' },
} as const satisfies JsonObject

/** How the values of a select are shown. */
export const choiceOptions = {
  type: 'object',
  title: 'How values are shown',
  description: 'For each value its title and colour.',
  additionalProperties: {
    type: 'object',
    properties: {
      title: { type: 'string', title: 'Title' },
      color: { type: 'string', title: 'Colour' },
      id: { type: 'string', title: 'First value', description: 'The value that this one was first published as.' },
    },
    additionalProperties: false,
  },
} as const satisfies JsonSchema
