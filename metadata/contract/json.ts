/** JSON as it travels: the vocabulary that every other contract file builds on. */

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** A JSON Schema (2020-12) object. Boolean schemas are not used by us. */
export type JsonSchema = JsonObject

/** True for a JSON object: neither null nor an array. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `patch` laid over `base`: objects are merged, everything else replaces. */
export const laidOver = (base: JsonObject, patch: JsonObject): JsonObject =>
  ({ ...base, ...Object.fromEntries(Object.entries(patch).map(([key, value]) => { const before = base[key]; return [key, isObject(value) && isObject(before) ? laidOver(before, value) : value] })) })

/** The one spelling of a definition in a file: two spaces, a line feed at the end. The same document gives the same bytes. */
export const formatDocument = (document: JsonObject | null): string => `${JSON.stringify(document, null, 2)}\n`
