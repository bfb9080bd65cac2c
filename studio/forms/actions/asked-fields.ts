/** Questions that are asked outside of a record: of those who approve, and before a workflow starts. */
import '../../fields/inputs.js'
import { html, type TemplateResult } from 'lit'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { fieldOf, type PartProblem } from '../../client/problem.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { refusalOf } from '../refusals.js'

export interface AskedFields {
  readonly fields: readonly UiField[]
  readonly values: JsonObject
  /** Key → what is wrong. */
  readonly errors: Readonly<Record<string, string>>
  readonly surroundings: Surroundings
  readonly disabled: boolean
  readonly change: (key: string, value: Json) => void
}

export const askedFields = ({ fields, values, errors, surroundings, disabled, change }: AskedFields): readonly TemplateResult[] =>
  fields.map((field) => html`${viewOf(field.type).input({
    ...surroundings, field, label: field.title, value: values[field.key] ?? null, required: field.required, disabled, error: errors[field.key] ?? '', help: field.help ?? '',
    change: (value) => change(field.key, value), touch: () => {},
  })}`)

/** What the fields begin with. */
export const beginningOf = (fields: readonly UiField[]): JsonObject => Object.fromEntries(fields.flatMap(({ key, default: value }) => (value === undefined ? [] : [[key, value]])))

/** What is sent: nothing of what was left empty. */
export const filledIn = (values: JsonObject): JsonObject => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ''))

/** The refusals of an answer by the field that they are at, in the reader's language. @param at pointer of the values in what was sent, such as /values */
export function errorsAt(problems: readonly PartProblem[], at: string, fields: readonly UiField[]): Readonly<Record<string, string>> {
  const asked = { fields, rules: [], schema: { properties: Object.fromEntries(fields.map(({ key, options }) => [key, options])) } }
  const inside = problems.flatMap((part) => (part.path.startsWith(`${at}/`) ? [{ ...part, path: part.path.slice(at.length) }] : []))
  return Object.fromEntries(inside.map((part) => [fieldOf(part.path), refusalOf(part, asked)]))
}
