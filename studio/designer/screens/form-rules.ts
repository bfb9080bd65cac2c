/** Rules of a form's elements as they are built by clicking: one question about one field ⇄ the JSON Schema that the form asks. Pure. */
import { isObject, type Json, type JsonObject, type JsonSchema } from '../../../metadata/contract/json.js'
import { listOf } from '../draft/definitions.js'

export const effects = ['SHOW', 'HIDE', 'ENABLE', 'DISABLE'] as const

export const comparisons = ['is', 'isNot', 'filled', 'empty', 'atLeast', 'atMost'] as const
export type Comparison = (typeof comparisons)[number]

export interface Question {
  readonly field: string
  readonly comparison: Comparison
  /** Of `is` and `isNot` any of these; of `atLeast` and `atMost` the first. */
  readonly values: readonly Json[]
}

/** What is nothing: a form holds null for what is not filled in. */
const nothing: readonly Json[] = [null, '']

export function schemaFor({ comparison, values }: Question): JsonSchema {
  if (comparison === 'filled') return { not: { enum: nothing } }
  if (comparison === 'empty') return { enum: nothing }
  if (comparison === 'is') return { enum: values }
  if (comparison === 'isNot') return { not: { enum: values } }
  const limit = typeof values[0] === 'number' ? values[0] : 0
  return { type: 'number', [comparison === 'atLeast' ? 'minimum' : 'maximum']: limit }
}

/** The question that a rule's condition asks; null when it was written as text in a way that no click builds. */
export function questionIn(condition: JsonObject): Question | null {
  const field = /^#\/properties\/([^/]+)$/.exec(typeof condition['scope'] === 'string' ? condition['scope'] : '')?.[1]?.replaceAll('~1', '/').replaceAll('~0', '~')
  const schema = condition['schema']
  if (field === undefined || !isObject(schema) || condition['failWhenUndefined'] !== undefined) return null
  const found = [...candidates(schema)].map(([comparison, values]): Question => ({ field, comparison, values })).find((one) => JSON.stringify(schemaFor(one)) === JSON.stringify(schema))
  if (found !== undefined) return found
  return Object.keys(schema).length === 1 && schema['const'] !== undefined ? { field, comparison: 'is', values: [schema['const']] } : null
}

function* candidates(schema: JsonSchema): Iterable<readonly [Comparison, readonly Json[]]> {
  const not = isObject(schema['not']) ? schema['not'] : {}
  yield ['filled', []]
  yield ['empty', []]
  yield ['is', listOf(schema['enum'])]
  yield ['isNot', listOf(not['enum'])]
  for (const [comparison, limit] of [['atLeast', schema['minimum']], ['atMost', schema['maximum']]] as const) if (typeof limit === 'number') yield [comparison, [limit]]
}
