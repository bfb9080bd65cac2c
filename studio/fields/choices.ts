/** Values that are chosen from a list: how they are called and coloured. */
import { html, type TemplateResult } from 'lit'

import { isObject, type Json } from '../../metadata/contract/json.js'
import type { UiField } from '../../metadata/contract/ui-model.js'
import type { Step } from './contract.js'
import { plain } from './plain.js'

export type Option = Step

/** The listed values of a field in their order, with titles in the caller's language. */
export function optionsOf(field: UiField): readonly Option[] {
  const listed = field.options['enum']
  return Array.isArray(listed) ? (listed as readonly Json[]).map((value) => optionOf(field, value)) : []
}

/** How one value is shown, also one that is no longer in the list. */
export function optionOf(field: UiField, value: Json): Option {
  const shown = isObject(field.options['options']) ? field.options['options'][plain(value)] : undefined
  const title = isObject(shown) ? shown['title'] : undefined
  const color = isObject(shown) ? shown['color'] : undefined
  return { value, label: typeof title === 'string' ? title : readable(plain(value)), color: typeof color === 'string' ? color : '' }
}

/** A value without a title, written as a person would: `not_yet` → `Not yet`. */
function readable(value: string): string {
  const spaced = value.replaceAll(/[_-]+/g, ' ').replaceAll(/([a-z])([A-Z])/g, '$1 $2').trim()
  return spaced === '' ? value : `${spaced.slice(0, 1).toUpperCase()}${spaced.slice(1)}`
}

export const badge = (option: Option): TemplateResult => html`<span class="badge" data-color=${option.color}>${option.label}</span>`
