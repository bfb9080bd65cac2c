/** Rules of an entity: those that refuse, and those that set fields. */
import { formulaFault } from '../../metadata/contract/formula-faults.js'
import type { Json } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import { celNumbers, endsOf, expressionProblem, typeOf } from '../formulas/check.js'
import { environmentOf, type FormulaKind } from '../formulas/environment.js'
import { namesIn } from '../formulas/formula.js'
import { finding } from '../model/findings.js'
import { isLink, linkProblem } from '../model/rules/linking-rules.js'
import type { Entity, Field, Model, SettingRule } from '../model/model.js'
import { pointer } from '../model/paths.js'
import { acceptedValue } from '../model/record.js'
import { variablesOf } from '../model/rules/rules.js'
import { namedByRules } from '../model/rules/setting-rules.js'

/** Fields that were defined, without those that the engine gives every record. */
export const ownFields = (entity: Entity): readonly Field[] => [...entity.fields.values()].filter((field) => !field.system)

/** Also fields that were put away. */
export const knows = (entity: Entity, key: string): boolean => entity.fields.has(key) || entity.archived.some((field) => field.key === key)

export const ruleFindings = (path: string, entity: Entity, model: Model): readonly Finding[] => [...refusing(path, entity), ...setting(path, entity, model)]

function refusing(path: string, entity: Entity): readonly Finding[] {
  const variables = variablesOf(ownFields(entity))
  return entity.rules.flatMap((rule) => {
    const at = `${path}#/crm/rules/${rule.index}`
    const problem = expressionProblem(rule.cel, variables)
    return [
      ...(problem === undefined ? [] : [finding(`${at}/cel`, 'entity.rule', { reason: problem })]),
      ...(knows(entity, rule.at) || rule.at === 'id' ? [] : [finding(`${at}/at`, 'entity.field', { field: rule.at, entity: entity.name })]),
    ]
  })
}

function setting(path: string, entity: Entity, model: Model): readonly Finding[] {
  const rules = entity.sets?.rules ?? []
  return rules.flatMap((rule) => {
    const at = `${path}#/crm/rules/${rule.index}`
    const unknown = (rule.changed ?? []).flatMap((key, i) => (knows(entity, key) ? [] : [finding(`${at}/changed/${i}`, 'entity.field', { field: key, entity: entity.name })]))
    const condition = rule.when === null ? undefined : (readProblem(entity, rule.when) ?? expressionProblem(rule.when, variablesOf(namedByRules(ownFields(entity)))))
    return [
      ...unknown,
      ...(condition === undefined ? [] : [finding(`${at}/when`, 'entity.rule', { reason: condition })]),
      ...Object.entries(rule.set).flatMap(([key, cel]) => setFindings(`${at}/set${pointer(key)}`, key, cel, { entity, model })),
      ...orderFindings(at, rule, rules),
    ]
  })
}

/** A rule that reads what one below it sets would give another answer with the next save. */
function orderFindings(at: string, rule: SettingRule, rules: readonly SettingRule[]): readonly Finding[] {
  const read = new Set([...(rule.changed ?? []), ...[...(rule.when === null ? [] : [rule.when]), ...Object.values(rule.set)].flatMap((cel) => [...namesIn(cel)])])
  return [...read].flatMap((field) => {
    const later = Object.hasOwn(rule.set, field) ? undefined : rules.find((other) => other.index > rule.index && Object.hasOwn(other.set, field))
    return later === undefined ? [] : [finding(at, 'entity.ruleOrder', { field, later: later.index + 1 })]
  })
}

function setFindings(at: string, key: string, cel: string, { entity, model }: { readonly entity: Entity; readonly model: Model }): readonly Finding[] {
  const field = entity.fields.get(key)
  if (field === undefined) return [finding(at, 'entity.field', { field: key, entity: entity.name })]
  const refused = targetProblem(field, entity)
  if (refused !== undefined) return [finding(at, 'entity.ruleSets', { field: key, reason: refused })]
  const wrong = readProblem(entity, cel) ?? (isLink(field) ? linkProblem(field, cel, entity, model) : valueProblem(field, cel, entity))
  return wrong === undefined ? [] : [finding(at, 'entity.rule', { reason: wrong })]
}

/** Why rules cannot set a field. */
function targetProblem(field: Field, { lifecycle }: Entity): string | undefined {
  if (field.system || field.derived !== null || field.type.numbering !== undefined) return 'the engine fills it.'
  if (lifecycle?.field === field.key) return 'its value is a state, which changes by transitions only.'
  if (field.link !== null && (field.link.owned || field.link.hierarchy)) return 'it says where the record belongs, which only people and workflows change.'
  if (field.within !== null) return 'it points to another record.'
  if (isLink(field)) return undefined
  return kinds[field.type.formula] === null ? 'its value is more than one text, number, day, moment or yes/no.' : undefined
}

/** The CEL type of what fills a field of a kind; null: no expression does. */
const kinds: Readonly<Record<FormulaKind, { readonly cel: string; readonly words: string } | null>> = {
  text: { cel: 'string', words: 'a text' }, number: { cel: 'Number', words: 'a number' }, boolean: { cel: 'bool', words: 'a yes/no value' },
  date: { cel: 'Day', words: 'a date' }, instant: { cel: 'google.protobuf.Timestamp', words: 'a time' }, list: null, link: null, none: null,
}

/** Computed values follow from what rules set, and numbers are drawn when the record is saved: rules come before both. */
function readProblem(entity: Entity, cel: string): string | undefined {
  for (const name of namesIn(cel)) {
    const field = entity.fields.get(name)
    if (field === undefined) continue
    if (field.derived !== null) return formulaFault('computed', { found: name })
    if (field.type.numbering !== undefined) return formulaFault('numbered', { found: name })
  }
  return undefined
}

function valueProblem(field: Field, cel: string, entity: Entity): string | undefined {
  const variables = variablesOf(namedByRules(ownFields(entity)))
  const typed = typeOf(cel, variables)
  if (typed.fault !== undefined) return typed.fault.message
  const wanted = kinds[field.type.formula]
  const given = celNumbers.has(typed.type) ? 'Number' : typed.type
  if (wanted === null || (given !== wanted.cel && given !== 'dyn' && given !== 'null')) return formulaFault('mustGive', { wanted: wanted?.words ?? 'an unknown value', found: field.title })
  return writtenOut(cel).flatMap((value) => acceptedValue(field, value).findings)[0]?.message
}

/** Values that stand in an expression as its ends: what a field does not take is seen before the first record meets it. */
function writtenOut(cel: string): readonly Json[] {
  const ends = endsOf(environmentOf([], false).parse(cel).ast)
  return ends.flatMap(({ op, args }): readonly Json[] => {
    if (op !== 'value') return []
    if (typeof args === 'bigint') return [Number(args)]
    return typeof args === 'string' || typeof args === 'number' || typeof args === 'boolean' || args === null ? [args] : []
  })
}
