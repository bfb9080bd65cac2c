/** Values of JSON where texts are wanted. */
import type { Json } from '../../metadata/contract/json.js'

/** A text as it is, numbers and the like as they are written, objects and lists as JSON, nothing as nothing. */
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value))
