/** Duplicate rules asked of records at hand, and as a question to the database. Pure. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { fold } from '../../../metadata/contract/text.js'
import type { Cell } from '../../fields/contract.js'
import { isFolded } from '../../model/duplicates.js'
import { canonical } from '../../model/field.js'
import type { DuplicateRule, Field } from '../../model/model.js'
import { all, type Predicate } from '../../model/conditions/predicate.js'
import type { EntityAccess } from '../../permissions/access.js'
import { alikeFrom, nameLikeness } from './names.js'

/** Why two records may be the same. */
export interface Likeness {
  /** Keys of the fields that agree. */
  readonly fields: readonly string[]
  /** 1: everything that the rule names is equal; less where names are only alike. */
  readonly score: number
}

/** Rules of which the caller reads every field in full: another one would tell what is hidden. */
export const rulesFor = (access: EntityAccess): readonly DuplicateRule[] =>
  access.entity.duplicates.filter((rule) => fieldsOf(rule).every((field) => access.field(field.key)?.how === 'full'))

export const fieldsOf = (rule: DuplicateRule): readonly Field[] => [...rule.exact, ...rule.fuzzy]

/** What must be the same, in one spelling; undefined when something is missing or cannot be compared. */
export function keyOf(rule: DuplicateRule, values: JsonObject): string | undefined {
  const cells = rule.exact.map((field) => cellOf(field, values[field.key]))
  return cells.includes(undefined) ? undefined : JSON.stringify(cells)
}

function cellOf(field: Field, value: Json | undefined): Cell | undefined {
  if (value === undefined || value === null) return undefined
  if (isFolded(field)) return typeof value === 'string' && value.trim() !== '' ? fold(value.trim()) : undefined
  return field.type.operand(canonical(field.type, field.options, value), '$eq', field.options) ?? undefined
}

/** Undefined when the rule does not make one of them. */
export function likeness(rule: DuplicateRule, a: JsonObject, b: JsonObject): Likeness | undefined {
  const key = keyOf(rule, a)
  if (key === undefined || key !== keyOf(rule, b)) return undefined
  const scores = rule.fuzzy.map((field) => textLikeness(textOf(field, a[field.key]), textOf(field, b[field.key])))
  if (scores.some((score) => score < alikeFrom)) return undefined
  return { fields: fieldsOf(rule).map((field) => field.key), score: Math.round(Math.min(1, ...scores) * 100) / 100 }
}

const textOf = (field: Field, value: Json | undefined): string => (value === undefined || value === null ? '' : field.type.format(value, field.options))
const textLikeness = (a: string, b: string): number => (a.trim() === '' || b.trim() === '' ? 0 : nameLikeness(a, b))

/** All rules together: every field that agrees, and the best score. */
export function likenessBy(rules: readonly DuplicateRule[], a: JsonObject, b: JsonObject): Likeness | undefined {
  const found = rules.flatMap((rule) => likeness(rule, a, b) ?? [])
  if (found.length === 0) return undefined
  return { fields: [...new Set(found.flatMap(({ fields }) => fields))], score: Math.max(...found.map(({ score }) => score)) }
}

/** Rows in which the value of a field is seen; undefined: in all. */
export type VisibleOf = (field: Field) => Predicate | undefined

/** Records that agree with one of the drafts in what must be the same, found by the rule's index; undefined when no draft can be compared. */
export function agreeing(rule: DuplicateRule, visibleOf: VisibleOf, drafts: readonly JsonObject[]): Predicate | undefined {
  const comparable = drafts.filter((draft) => keyOf(rule, draft) !== undefined)
  if (comparable.length === 0) return undefined
  return all(...rule.exact.map((field): Predicate => {
    const cells = [...new Set(comparable.map((draft) => cellOf(field, draft[field.key]) ?? null))]
    const visible = visibleOf(field)
    return { kind: 'compare', field, operator: '$in', operand: { kind: 'list', cells }, folded: isFolded(field), ...(visible === undefined ? {} : { visible }) }
  }))
}
