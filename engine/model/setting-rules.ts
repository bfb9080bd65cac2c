/** Rules that set fields before a record is saved: from top to bottom, each once, each seeing what those above it set. Pure. */
import Big from 'big.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import { compileExpression, type Evaluate } from '../formulas/evaluate.js'
import { wireValue } from '../formulas/formula.js'
import { sameDefinition } from './equal.js'
import type { Field, FieldSetter, SettingRule } from './model.js'
import { pointer } from './paths.js'
import { acceptedValue } from './record.js'
import { variablesOf } from './rules.js'

/** Fields that a rule that sets may name: computed ones follow only from what it has set. */
export const namedByRules = (fields: Iterable<Field>): readonly Field[] => [...fields].filter(({ derived }) => derived === null)

interface Compiled {
  readonly rule: SettingRule
  readonly when: Evaluate | null
  readonly set: readonly { readonly key: string; readonly evaluate: Evaluate }[]
}

/** Compiled on first use; null when there is no such rule. A rule that cannot be computed refuses the record. */
export function fieldSetter(rules: readonly SettingRule[], fields: ReadonlyMap<string, Field>, timeZone: string): FieldSetter | null {
  if (rules.length === 0) return null
  let compiled: readonly Compiled[] | undefined
  const ready = (): readonly Compiled[] => {
    const variables = variablesOf(namedByRules(fields.values()))
    const expression = (cel: string): Evaluate => compileExpression(cel, variables, timeZone)
    return rules.map((rule) => ({ rule, when: rule.when === null ? null : expression(rule.when), set: Object.entries(rule.set).map(([key, cel]) => ({ key, evaluate: expression(cel) })) }))
  }
  return {
    rules,
    keys: [...new Set(rules.flatMap(({ set }) => Object.keys(set)))],
    apply(before, record, now, uses = () => true) {
      compiled ??= ready()
      const current: Record<string, Json> = { ...record }
      const findings: Finding[] = []
      for (const one of compiled) {
        if (!uses(one.rule) || !concerns(one.rule, before, current)) continue
        const asked = one.when?.(current, now) ?? { kind: 'value', value: true }
        if (asked.kind === 'failed') findings.push(...Object.keys(one.rule.set).map((key) => failed(key, asked.reason)))
        // All that one rule sets is computed over the record as the rules above it left it.
        if (asked.kind === 'value' && asked.value === true) Object.assign(current, one.set.reduce<JsonObject>((set, { key, evaluate }) => ({ ...set, ...valueFor(key, fields.get(key), evaluate, current, now, findings) }), {}))
      }
      const values = Object.fromEntries(Object.entries(current).filter(([key, value]) => !sameDefinition(record[key] ?? null, value)))
      return { values, findings }
    },
  }
}

function concerns({ on, changed }: SettingRule, before: JsonObject | null, current: JsonObject): boolean {
  if (on !== null && (on === 'create') !== (before === null)) return false
  return changed === null || changed.some((key) => !sameDefinition(before?.[key] ?? null, current[key] ?? null))
}

/** What is missing empties the field, as it does a formula. */
function valueFor(key: string, field: Field | undefined, evaluate: Evaluate, record: JsonObject, now: Date, findings: Finding[]): JsonObject {
  const outcome = evaluate(record, now)
  if (outcome.kind === 'failed' || field === undefined) {
    findings.push(failed(key, outcome.kind === 'failed' ? outcome.reason : 'there is no such field'))
    return {}
  }
  const { values, findings: wrong } = acceptedValue(field, outcome.kind === 'missing' ? null : rounded(field, wireValue(outcome.value)))
  findings.push(...wrong)
  return values
}

/** Decimals as the field keeps them, half away from zero, as computed fields do. */
function rounded({ columns: [column] }: Field, value: Json): Json {
  return typeof value === 'number' && column?.kind === 'decimal' ? Number(new Big(value).round(column.scale ?? 0, Big.roundHalfUp).toString()) : value
}

const failed = (key: string, reason: string): Finding => ({ path: pointer(key), code: 'value.ruleSets', message: `A rule cannot fill this: ${reason}` })
