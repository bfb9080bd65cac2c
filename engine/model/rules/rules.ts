/** The CEL rules of an entity over a complete record: what its definition says, and those that refuse. `setting-rules.ts` has those that set. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { Finding } from '../../errors.js'
import { seenAs } from '../../fields/seen-as.js'
import type { Variable } from '../../formulas/environment.js'
import { compileExpression, type Evaluate } from '../../formulas/evaluate.js'
import type { Field, Rule, SettingRule } from '../model.js'
import { pointer } from '../paths.js'

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

interface Placed {
  readonly index: number
  readonly parts: JsonObject
}

const rulesIn = (crm: JsonObject): readonly Placed[] =>
  (Array.isArray(crm.rules) ? (crm.rules as readonly Json[]) : []).map((rule, index) => ({ index, parts: isObject(rule) ? rule : {} }))

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** Rules that refuse; one that cannot be read refuses everything. @param display where messages stand that name no field */
export const refusingRules = (crm: JsonObject, display: string): readonly Rule[] =>
  rulesIn(crm).filter(({ parts }) => !isObject(parts.set)).map(({ index, parts }) => (
    { index, cel: text(parts.cel) ?? 'false', message: text(parts.message) ?? 'A rule that cannot be read refuses this record.', at: text(parts.at) ?? display }))

/** Rules that set fields. */
export const settingRules = (crm: JsonObject): readonly SettingRule[] =>
  rulesIn(crm).flatMap(({ index, parts }) => {
    if (!isObject(parts.set)) return []
    const set = Object.fromEntries(Object.entries(parts.set).map(([key, cel]) => [key, text(cel) ?? '']))
    const changed = Array.isArray(parts.changed) ? (parts.changed as readonly Json[]).filter((key) => typeof key === 'string') : null
    return [{ index, when: text(parts.when) ?? null, on: parts.on === 'create' || parts.on === 'update' ? parts.on : null, changed, set }]
  })
