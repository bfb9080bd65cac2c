/** A percentage: 12.5 means 12.5 %. */
import { number } from '../../client/i18n.js'
import { numberInput } from '../number-input.js'
import { readNumber } from '../number-text.js'
import { plain } from '../plain.js'
import type { Json } from '../../../metadata/contract/json.js'
import type { FieldView } from '../contract.js'

const written = (value: Json): string => (typeof value === 'number' ? `${number(value, { maximumFractionDigits: 9 })} %` : plain(value))

export const percent: FieldView = {
  type: 'percent',
  icon: 'percent',
  align: 'end',
  columnPx: 100,
  wide: false,
  filters: ['$gte', '$lte', '$eq', '$gt', '$lt', '$ne'],
  input: (slot) => numberInput(slot, { suffix: '%' }),
  cell: written,
  parse: (text) => readNumber(text),
  unread: 'check.unread.number',
  text: written,
}
