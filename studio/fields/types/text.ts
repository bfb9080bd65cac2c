/** One line of text. */
import { plain } from '../plain.js'
import { textInput } from '../text-input.js'
import type { FieldView } from '../contract.js'

export const text: FieldView = {
  type: 'text',
  icon: 'text',
  align: 'start',
  columnPx: 200,
  wide: false,
  filters: ['$contains', '$startsWith', '$eq', '$ne'],
  input: (slot) => textInput(slot),
  cell: (value) => plain(value),
  text: (value) => plain(value),
}
