/** Anything else: nested objects, lists of objects, values of mixed kinds. It is stored whole and checked by its own schema. */
import type { Json, JsonSchema } from '../../../metadata/contract/json.js'
import type { FieldType } from '../contract.js'
import { optionsSchema } from '../keywords.js'
import { isStorable, unstorable } from '../text-column.js'

type JsonOptions = { readonly schema?: JsonSchema }

/** Characters of the JSON text of one value. */
const maximumSize = 64 * 1024
/** Levels of nesting. */
const maximumDepth = 20

/** What belongs to the field and not to the shape of its value. */
const annotations = new Set(['crm', 'title', 'description', 'default', 'readOnly', 'writeOnly', 'deprecated', 'examples', '$comment'])

export const json: FieldType<JsonOptions> = {
  name: 'json',
  options: optionsSchema({ schema: { $comment: 'property', type: 'object', title: 'Shape', description: 'JSON Schema of the value.' } }),
  infer: (property) => {
    const schema = Object.fromEntries(Object.entries(property).filter(([key]) => !annotations.has(key)))
    return Object.keys(schema).length > 0 ? { schema } : {}
  },
  schema: (options) => options.schema ?? {},
  columns: () => [{ suffix: '', kind: 'json' }],
  toColumns: (value) => [value],
  fromColumns: ([cell]) => cell ?? null,
  operators: ['$eq', '$ne', '$contains'],
  // Only emptiness is asked of JSON, and of lists whether a text or number is in them; its inside is no field.
  operand: (value, operator, options) => (operator === '$contains' && options.schema?.type === 'array' && isElement(value) ? value : undefined),
  sortColumn: () => null,
  measures: ['count'],
  buckets: [],
  check: (value) => {
    if (depthOf(value) > maximumDepth) return `may be nested at most ${String(maximumDepth)} levels deep`
    const text = JSON.stringify(value)
    if (text.length > maximumSize) return `is larger than ${String(maximumSize / 1024)} KB`
    return everyText(value, isStorable) ? undefined : unstorable
  },
  parse: (written) => {
    try {
      const value = JSON.parse(written) as Json
      return value === null ? undefined : value
    } catch {
      return undefined
    }
  },
  format: (value) => JSON.stringify(value),
  formula: 'none',
  examples: [
    { options: { schema: { type: 'object', properties: { city: { type: 'string' } } } }, value: { city: 'Chengdu' }, text: '{"city":"Chengdu"}' },
    { options: { schema: { type: 'array', items: { type: 'object' } } }, value: [{ n: 1 }, { n: 2 }], text: '[{"n":1},{"n":2}]' },
    { options: { schema: { type: 'array' } }, value: ['100%', 'b_c', "d'e"], text: '["100%","b_c","d\'e"]' },
    { options: {}, value: 'just text', text: '"just text"' },
    { options: {}, value: false, text: 'false' },
    { options: {}, value: {}, text: '{}' },
  ],
}

const isElement = (value: Json): boolean => (typeof value === 'string' ? isStorable(value) : typeof value === 'number' && Number.isFinite(value))

/** Depth of nesting; stops counting beyond the limit, so that a deep bomb cannot overflow the stack. */
function depthOf(value: Json, level = 0): number {
  if (typeof value !== 'object' || value === null || level > maximumDepth) return level
  return Object.values(value).reduce((deepest: number, inner: Json) => Math.max(deepest, depthOf(inner, level + 1)), level + 1)
}

const everyText = (value: Json, test: (text: string) => boolean): boolean => {
  if (typeof value === 'string') return test(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, inner]: [string, Json]) => test(key) && everyText(inner, test))
}
