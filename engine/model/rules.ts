/** The CEL rules of an entity over a complete record. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import { seenAs } from '../fields/seen-as.js'
import type { Variable } from '../formulas/environment.js'
import { compileExpression, type Evaluate } from '../formulas/evaluate.js'
import type { Field, Rule } from './model.js'
import { pointer } from './paths.js'

/** The names that an entity's expressions may use: its own fields. */
export const variablesOf = (fields: Iterable<Field>): readonly Variable[] => [...fields].map((field) => ({ name: field.key, kind: seenAs(field.type, field.options) }))

/**
 * Findings of `rules`, compiled on first use. A rule over a value that is missing says nothing, like a CHECK in SQL; one
 * that fails for another reason refuses the record.
 */
export function ruleCheck(rules: readonly Rule[], fields: ReadonlyMap<string, Field>, timeZone: string): (record: JsonObject) => readonly Finding[] {
  let compiled: readonly { readonly rule: Rule; readonly evaluate: Evaluate }[] | undefined
  return (record) => {
    if (rules.length === 0) return []
    if (compiled === undefined) {
      const variables = variablesOf(fields.values())
      compiled = rules.map((rule) => ({ rule, evaluate: compileExpression(rule.cel, variables, timeZone) }))
    }
    const now = new Date()
    return compiled.flatMap(({ rule, evaluate }) => {
      const outcome = evaluate(record, now)
      const holds = outcome.kind === 'missing' || (outcome.kind === 'value' && outcome.value === true)
      return holds ? [] : [{ path: pointer(rule.at), code: 'value.rule', message: rule.message }]
    })
  }
}
