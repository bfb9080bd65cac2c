/** Inputs of the designer: the same views as in forms, without a record around them. */
import '../fields/inputs.js'
import type { TemplateResult } from 'lit'

import type { Json } from '../../metadata/contract/json.js'
import type { UiField } from '../../metadata/contract/ui-model.js'
import type { FieldSlot, Surroundings } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'
import { shownField } from '../fields/shown-field.js'

export { shownField }

export interface Entry {
  readonly field: UiField
  readonly value: Json | undefined
  readonly change: (value: Json) => void
  readonly help?: string
  readonly error?: string
  readonly label?: string
  readonly disabled?: boolean
  readonly autofocus?: boolean
  /** The value is compared with that of a record: what the product gives by itself can be typed, too. */
  readonly compares?: true
}

export function entry(surroundings: Surroundings, { field, value, change, help = '', error = '', label, disabled = false, autofocus = false, compares }: Entry): TemplateResult {
  const view = viewOf(field.type)
  const slot: FieldSlot = { ...surroundings, field, value, change, help, error, disabled, autofocus, label: label ?? field.title, required: field.required, touch: () => {} }
  return (compares === true ? view.filter?.(slot, '$eq') : undefined) ?? view.input(slot)
}

/** A choice among named values. */
export const choiceField = (key: string, title: string, choices: readonly (readonly [value: string, title: string])[], required = false): UiField =>
  shownField(key, title, 'select', { enum: choices.map(([value]) => value), options: Object.fromEntries(choices.map(([value, name]) => [value, { title: name }])) }, required)
