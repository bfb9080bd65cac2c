import type { JsonObject } from '../../metadata/contract/json.js'
import type { FieldType } from './contract.js'

/** What CEL sees of the values of a field. */
export const seenAs = (type: FieldType, options: JsonObject): FieldType['formula'] => type.formulaOf?.(options) ?? type.formula
