/** A number with digits after the point. */
import { number } from '../../client/i18n.js'
import { numberInput } from '../number-input.js'
import { readNumber } from '../number-text.js'
import { plain } from '../plain.js'
import type { Json } from '../../../metadata/contract/json.js'
import type { FieldView } from '../contract.js'

/** All the digits that are there: the engine never rounds, so the screen does not either. */
const written = (value: Json): string => (typeof value === 'number' ? number(value, { maximumFractionDigits: 9 }) : plain(value))

export const decimal: FieldView = {
  type: 'decimal',
  icon: 'decimal',
  align: 'end',
  columnPx: 120,
  wide: false,
  filters: ['$eq', '$gte', '$lte', '$gt', '$lt', '$ne'],
  input: (slot) => numberInput(slot),
  cell: written,
  parse: (text) => readNumber(text),
  unread: 'check.unread.number',
  text: written,
}
