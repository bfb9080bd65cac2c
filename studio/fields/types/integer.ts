/** A whole number. */
import { number } from '../../client/i18n.js'
import { numberInput } from '../number-input.js'
import { readNumber } from '../number-text.js'
import { plain } from '../plain.js'
import type { FieldView } from '../contract.js'

export const integer: FieldView = {
  type: 'integer',
  icon: 'hash',
  align: 'end',
  columnPx: 110,
  wide: false,
  filters: ['$eq', '$gte', '$lte', '$gt', '$lt', '$ne'],
  input: (slot) => numberInput(slot),
  cell: (value) => (typeof value === 'number' ? number(value) : plain(value)),
  parse: (text) => readNumber(text),
  unread: 'check.unread.number',
  text: (value) => (typeof value === 'number' ? number(value) : plain(value)),
}
