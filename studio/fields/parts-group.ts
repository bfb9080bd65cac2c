/** The inputs of a value that is made of parts, each by the view of its own type. Every edit gives a whole new value. */
import { html, type TemplateResult } from 'lit'

import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { UiField } from '../../metadata/contract/ui-model.js'
import type { FieldSlot } from './contract.js'
import { group } from './group.js'
import { inWords } from './parts.js'
import { shownField } from './shown-field.js'

/** A part as the form shows it. */
export interface PartInput {
  readonly name: string
  readonly type: string
  /** Of the width of the form. */
  readonly width: 'full' | 'half' | 'third'
  readonly options?: JsonObject
  readonly required?: boolean
}

/** The value as an object; what is none (a text that was typed into a file) has no parts yet. */
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})

/** The value with one part replaced; null when no part is left. */
export function withPart(value: Json | undefined, name: string, part: Json): Json {
  const { [name]: _old, ...rest } = objectOf(value)
  const next: JsonObject = part === null || part === '' ? rest : { ...rest, [name]: part }
  return Object.keys(next).length === 0 ? null : next
}

const fieldOf = ({ name, type, options = {}, required = false }: PartInput): UiField => inWords(shownField(name, name, type, options, required))

/** `change` decides what an edit of a part means for the whole; without it the part is replaced. */
export const partsGroup = (slot: FieldSlot, parts: readonly PartInput[], change?: (name: string, part: Json) => Json, after?: unknown): TemplateResult => group(slot, html`
  <div class="group-grid">${parts.map((input) => {
    const field = fieldOf(input)
    const part: FieldSlot = {
      field,
      label: field.title,
      value: objectOf(slot.value)[input.name] ?? null,
      required: field.required,
      disabled: slot.disabled,
      error: slot.inner?.[`/${input.name}`] ?? '',
      help: '',
      change: (value) => slot.change(change === undefined ? withPart(slot.value, input.name, value) : change(input.name, value)),
      // The whole is left when the person leaves the group.
      touch: () => {},
      unread: (text, at = '', of = field) => slot.unread?.(text, `/${input.name}${at}`, of),
      timeZone: slot.timeZone,
      lookup: slot.lookup,
      viewOf: slot.viewOf,
    }
    return html`<div data-width=${input.width}>${slot.viewOf(input.type).input(part)}</div>`
  })}</div>
  ${after}
`, 'boxed')
