/** One line of text. */
import { asChoice, titleOf } from '../known-texts.js'
import { textInput } from '../text-input.js'
import type { FieldSlot, FieldView } from '../contract.js'
import { select } from './select.js'

/** A format that leaves few texts is chosen from them. */
function input(slot: FieldSlot): ReturnType<FieldView['input']> {
  const field = asChoice(slot.field, slot.value)
  return field === undefined ? textInput(slot) : select.input({ ...slot, field })
}

export const text: FieldView = {
  type: 'text',
  icon: 'text',
  align: 'start',
  columnPx: 200,
  wide: false,
  filters: ['$contains', '$startsWith', '$eq', '$ne'],
  input,
  filter: (slot, operator) => (operator === '$eq' || operator === '$ne' ? input(slot) : textInput(slot)),
  cell: (value, { field }) => titleOf(field, value),
  text: (value, { field }) => titleOf(field, value),
}
