/** Rules that set fields before a record is saved: from top to bottom, each once, each seeing what those above it set. Pure. */
import Big from 'big.js'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { Finding } from '../../errors.js'
import { compileExpression, type Evaluate } from '../../formulas/evaluate.js'
import { wireValue, type Path } from '../../formulas/formula.js'
import { sameDefinition } from '../equal.js'
import { isLink, linkExpression } from './linking-rules.js'
import type { Ask, AskAnswer, Field, FieldSetter, SettingRule } from '../model.js'
import { pointer } from '../paths.js'
import { acceptedValue, missing } from '../record.js'
import { isMissing } from './required.js'
import { variablesOf } from './rules.js'

/** Fields that a rule that sets may name: computed ones follow only from what it has set. */
export const namedByRules = (fields: Iterable<Field>): readonly Field[] => [...fields].filter(({ derived }) => derived === null)

/** What one rule sets: a value by an expression, or a reference that may lie in another record. */
interface Setting {
  readonly key: string
  readonly evaluate: Evaluate
  /** Of a reference: what it names of other records, as keys that lead there. */
  readonly paths: readonly Path[]
}

interface Compiled {
  readonly rule: SettingRule
  readonly when: Evaluate | null
  readonly set: readonly Setting[]
}

/** Compiled on first use; null when there is no such rule. A rule that cannot be computed refuses the record. */
export function fieldSetter(rules: readonly SettingRule[], fields: ReadonlyMap<string, Field>, timeZone: string): FieldSetter | null {
  if (rules.length === 0) return null
  let compiled: readonly Compiled[] | undefined
  const ready = (): readonly Compiled[] => {
    const variables = variablesOf(namedByRules(fields.values()))
    const expression = (cel: string): Evaluate => compileExpression(cel, variables, timeZone)
    const setting = (key: string, cel: string): Setting => ({ key, ...(isLink(fields.get(key)) ? linkExpression(cel, fields, timeZone) : { evaluate: expression(cel), paths: [] }) })
    return rules.map((rule) => ({ rule, when: rule.when === null ? null : expression(rule.when), set: Object.entries(rule.set).map(([key, cel]) => setting(key, cel)) }))
  }
  const keys = keysOf(rules)
  const fills = { create: new Set(keysOf(rules.filter(({ on }) => on !== 'update'))), update: new Set(keysOf(rules.filter(({ on }) => on !== 'create'))) }
  return {
    rules, keys, fills,
    always: new Set(keysOf(rules.filter(({ on, when, changed }) => on !== 'update' && when === null && changed === null))),
    links: new Set(keys.filter((key) => isLink(fields.get(key)))),
    apply(before, record, now, { uses = () => true, known = () => undefined } = {}) {
      compiled ??= ready()
      const work: Work = { current: { ...record }, fields, now, findings: [], asks: [], known }
      for (const one of compiled) {
        if (!uses(one.rule) || !concerns(one.rule, before, work.current)) continue
        const asked = one.when?.(work.current, now) ?? { kind: 'value', value: true }
        if (asked.kind === 'failed') work.findings.push(...Object.keys(one.rule.set).map((key) => failed(key, asked.reason)))
        // All that one rule sets is computed over the record as the rules above it left it.
        if (asked.kind === 'value' && asked.value === true) Object.assign(work.current, one.set.reduce<JsonObject>((set, setting) => ({ ...set, ...valueOf(setting, work) }), {}))
        if (work.asks.length > 0) return { values: {}, findings: [], asks: work.asks }
      }
      const values = Object.fromEntries(Object.entries(work.current).filter(([key, value]) => !sameDefinition(record[key] ?? null, value)))
      return { values, findings: work.findings.length > 0 ? work.findings : unfilled(before, work, fills[before === null ? 'create' : 'update']), asks: [] }
    },
  }
}

const keysOf = (rules: readonly SettingRule[]): readonly string[] => [...new Set(rules.flatMap(({ set }) => Object.keys(set)))]

/** While the rules of one record are gone through. */
interface Work {
  readonly current: Record<string, Json>
  readonly fields: ReadonlyMap<string, Field>
  readonly now: Date
  readonly findings: Finding[]
  readonly asks: Ask[]
  known(ask: Ask): AskAnswer | undefined
}

function concerns({ on, changed }: SettingRule, before: JsonObject | null, current: JsonObject): boolean {
  if (on !== null && (on === 'create') !== (before === null)) return false
  return changed === null || changed.some((key) => !sameDefinition(before?.[key] ?? null, current[key] ?? null))
}

/** Required fields that rules were to fill and did not; what was missing before holds nobody up. */
const unfilled = (before: JsonObject | null, { current, fields }: Work, fills: ReadonlySet<string>): readonly Finding[] =>
  [...fills].flatMap((key) => {
    const field = fields.get(key)
    return field?.required === true && isMissing(current, key) && (before === null || !isMissing(before, key)) ? [missing(field)] : []
  })

/** What is missing empties the field, as it does a formula. */
function valueOf({ key, evaluate, paths }: Setting, work: Work): JsonObject {
  const field = work.fields.get(key)
  const record = paths.length === 0 ? work.current : withReferenced(key, paths, work)
  if (record === null) return {}
  const outcome = evaluate(record, work.now)
  if (outcome.kind === 'failed' || field === undefined) {
    work.findings.push(failed(key, outcome.kind === 'failed' ? outcome.reason : 'there is no such field'))
    return {}
  }
  const value = outcome.kind === 'missing' ? null : rounded(field, wireValue(outcome.value))
  if (value === null) return { [key]: null }
  const { values, findings } = acceptedValue(field, value)
  work.findings.push(...findings)
  return values
}

/** The record with what is read of others under the names of `paths`; null where that is not known yet, or not to be known. */
function withReferenced(key: string, paths: readonly Path[], { current, fields, findings, asks, known }: Work): JsonObject | null {
  const read: Record<string, Json> = {}
  let complete = true
  for (const [first = '', ...path] of paths) {
    const id = current[first] ?? null
    const entity = fields.get(first)?.link?.to
    if (typeof id !== 'number' || entity === undefined) continue // no record: no value
    const ask = { entity, id, path }
    const answer = known(ask)
    if (answer === undefined) asks.push(ask)
    else if (answer === 'hidden') findings.push(failed(key, 'it is taken from a record or a field that you may not see'))
    else read[[first, ...path].join('.')] = answer.value
    if (answer === undefined || answer === 'hidden') complete = false
  }
  return complete ? { ...current, ...read } : null
}

/** Decimals as the field keeps them, half away from zero, as computed fields do. */
function rounded({ columns: [column] }: Field, value: Json): Json {
  return typeof value === 'number' && column?.kind === 'decimal' ? Number(new Big(value).round(column.scale ?? 0, Big.roundHalfUp).toString()) : value
}

const failed = (key: string, reason: string): Finding => ({ path: pointer(key), code: 'value.ruleSets', message: `A rule cannot fill this: ${reason}` })
