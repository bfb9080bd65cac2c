/** Duplicate rules of an entity: which fields make two records look like the same one. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { finding, shown, type Report } from './findings.js'
import { unindexable } from './indexable.js'
import type { DuplicateRule, Field, PhysicalColumn } from './model.js'

interface RulesSource {
  readonly document: JsonObject
  readonly fields: ReadonlyMap<string, Field>
  readonly archived: readonly Field[]
  /** Path of the document, for findings. */
  readonly at: string
}

/** The rules whose fields are all there; one that rests on an archived field rests with it. */
export function duplicatesOf({ document, fields, archived, at }: RulesSource, report: Report): readonly DuplicateRule[] {
  const crm = isObject(document.crm) ? document.crm : {}
  const rules = Array.isArray(crm.duplicates) ? (crm.duplicates as readonly Json[]) : []
  return rules.flatMap((rule, index) => {
    const place = `${at}/crm/duplicates/${String(index)}/match`
    const names = isObject(rule) && Array.isArray(rule.match) ? (rule.match as readonly Json[]).map(shown) : []
    const members = names.map((name) => ({ key: name.replace(/~$/, ''), fuzzy: name.endsWith('~') }))
    const unknown = members.filter(({ key }) => !fields.has(key))
    for (const { key } of unknown) if (!archived.some((field) => field.key === key)) report(finding(place, 'entity.field', { field: key, entity: at.split('/')[0] ?? '' }))
    const exact = members.flatMap(({ key, fuzzy }) => (fuzzy ? [] : (fields.get(key) ?? [])))
    const fuzzy = members.flatMap((member) => (member.fuzzy ? (fields.get(member.key) ?? []) : []))
    const loose = fuzzy.find((field) => foldOf(field) === undefined)
    // Types with values that are asked for have them in one column; of the others only emptiness and parts are asked.
    const lacking = exact.find((field) => !field.type.operators.includes('$in'))
    const unfit = exact.flatMap((field) => (field === lacking ? [] : (unindexable(field, place, false) ?? [])))[0]
    if (loose !== undefined) report(finding(place, 'entity.duplicates', { problem: `${loose.key} is no text, so it cannot be compared loosely` }))
    else if (lacking !== undefined) report(finding(place, 'entity.duplicates', { problem: `${lacking.key} cannot be compared` }))
    else if (unfit !== undefined) report(unfit)
    else if (exact.length === 0 && unknown.length === 0) report(finding(place, 'entity.duplicates', { problem: 'beside what is compared loosely it needs a field that must be the same' }))
    else if (unknown.length === 0) return [{ exact, fuzzy }]
    return []
  })
}

const foldOf = (field: Field): PhysicalColumn | undefined => field.columns.find(({ role }) => role === 'fold')

/** True for text that people spell in several ways: types with one spelling for a value need no folding. */
export const isFolded = (field: Field): boolean => field.type.canonical === undefined && foldOf(field) !== undefined

/** The column in which equal values of a rule are looked up. */
export const comparedColumn = (field: Field): PhysicalColumn | undefined => (isFolded(field) ? foldOf(field) : field.columns[0])
