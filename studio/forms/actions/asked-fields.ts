/** Questions that are asked outside of a record: of those who approve, and before a workflow starts. */
import '../../fields/inputs.js'
import { html, type TemplateResult } from 'lit'

import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { fieldOf, type PartProblem } from '../../client/problem.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { unreadMessage } from '../../fields/unread.js'
import { edit, shownProblems, unread, type FormState } from '../form-state.js'
import { refusalOf } from '../refusals.js'

export interface AskedFields {
  readonly fields: readonly UiField[]
  readonly form: FormState
  readonly surroundings: Surroundings
  readonly disabled: boolean
  /** Takes a step from the form as it is by then. */
  readonly become: (step: (form: FormState) => FormState) => void
}

export function askedFields({ fields, form, surroundings, disabled, become }: AskedFields): readonly TemplateResult[] {
  const problems = shownProblems(form, {})
  return fields.map((field) => {
    const at = `/${field.key}`
    const inner = Object.fromEntries(Object.entries(problems).flatMap(([path, message]) => (path.startsWith(`${at}/`) ? [[path.slice(at.length), message]] : [])))
    return html`${viewOf(field.type).input({
      ...surroundings, field, label: field.title, value: form.values[field.key] ?? null, required: field.required, disabled, error: problems[at] ?? '', inner, help: field.help ?? '',
      change: (value) => become((now) => edit(now, field.key, value)), touch: () => {},
      unread: (text, part = '', of = field) => become((now) => unread(now, { path: at + part, message: text === null ? null : unreadMessage(viewOf(of.type), text) })),
    })}`
  })
}

/** What the fields begin with. */
export const beginningOf = (fields: readonly UiField[]): JsonObject => Object.fromEntries(fields.flatMap(({ key, default: value }) => (value === undefined ? [] : [[key, value]])))

/** What is sent: nothing of what was left empty. */
export const filledIn = (values: JsonObject): JsonObject => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ''))

/** The refusals of an answer by the pointer of the field that they are at, in the reader's language. @param at pointer of the values in what was sent, such as /values */
export function errorsAt(problems: readonly PartProblem[], at: string, fields: readonly UiField[]): Readonly<Record<string, string>> {
  const asked = { fields, rules: [], schema: { properties: Object.fromEntries(fields.map(({ key, options }) => [key, options])) } }
  const inside = problems.flatMap((part) => (part.path.startsWith(`${at}/`) ? [{ ...part, path: part.path.slice(at.length) }] : []))
  return Object.fromEntries(inside.map((part) => [`/${fieldOf(part.path)}`, refusalOf(part, asked)]))
}
