/** One of a list of values. */
import { html } from 'lit'

import type { Json } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'
import { badge, optionOf, optionsOf, type Option } from '../choices.js'
import { control } from '../control.js'
import { plain } from '../plain.js'
import { steady } from '../steady.js'
import type { FieldSlot, FieldView } from '../contract.js'

/** A value that left the list stays choosable where it is set, so that opening a form never clears it. */
function offered(slot: FieldSlot): readonly Option[] {
  const options = optionsOf(slot.field)
  const value = slot.value ?? null
  return value === null || Array.isArray(value) || options.some((option) => option.value === value) ? options : [...options, optionOf(slot.field, value)]
}

/** Several values, for `is one of`. */
export const severalInput = (slot: FieldSlot): ReturnType<FieldView['input']> => {
  const values = Array.isArray(slot.value) ? (slot.value as readonly Json[]) : []
  return html`
    <vaadin-multi-select-combo-box ${control(slot)}
      @selected-items-changed=${(event: CustomEvent<{ value: readonly Option[] }>) => {
        const next = event.detail.value.map((option) => option.value)
        if (JSON.stringify(next) !== JSON.stringify(values)) slot.change(next)
      }}
      item-label-path="label" item-id-path="value" partial-match-mode="only-match" .items=${steady(optionsOf(slot.field))}
      .placeholder=${values.length === 0 ? t('field.choose') : ''} .autoExpandHorizontally=${false}
      .selectedItems=${steady(values.map((value) => optionOf(slot.field, value)))}></vaadin-multi-select-combo-box>
  `
}

export const select: FieldView = {
  type: 'select',
  icon: 'list',
  align: 'start',
  columnPx: 130,
  wide: false,
  steps: optionsOf,
  filters: ['$in', '$nin', '$eq', '$ne'],
  input: (slot) => html`
    <vaadin-combo-box ${control(slot)}
      @selected-item-changed=${(event: CustomEvent<{ value: Option | null | undefined }>) => {
        const chosen = event.detail.value?.value ?? null
        if (chosen !== (slot.value ?? null)) slot.change(chosen)
      }}
      item-label-path="label" item-value-path="value" item-id-path="value" partial-match-mode="only-match" clear-button-visible
      .items=${steady(offered(slot))} .placeholder=${t('field.choose')} .selectedItem=${steady(slot.value === null || slot.value === undefined ? null : optionOf(slot.field, slot.value))}></vaadin-combo-box>
  `,
  filter: (slot, operator) => (operator === '$in' || operator === '$nin' ? severalInput(slot) : select.input(slot)),
  cell: (value, { field }) => badge(optionOf(field, value)),
  parse: (text, { field }) => optionsOf(field).find(({ value, label }) => plain(value) === text || label.toLowerCase() === text.toLowerCase())?.value,
  text: (value, { field }) => optionOf(field, value).label,
}
