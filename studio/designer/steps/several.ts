/** Values that are one or several: a text in each language, a list. Pure. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { textOf } from '../draft/definitions.js'

/** True for a value that one input holds. */
export const isPlain = (value: Json | undefined): boolean => value === undefined || typeof value !== 'object'

/** Whether a value is a text in several languages that the panel can show. */
export const isInLanguages = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((text) => typeof text === 'string')
/** Whether it is a list of values that the panel can show. */
export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value) && value.every((one: Json) => isPlain(one))

/** What a single text becomes when it is to be read in several languages: each has a place, the first has what was there. */
export const inLanguages = (languages: readonly string[], text: Json | undefined): JsonObject => Object.fromEntries(languages.map((tag, place) => [tag, place === 0 ? textOf(text) : '']))
