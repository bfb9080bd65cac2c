/** An amount of money in the field's currency. */
import { number } from '../../client/i18n.js'
import { numberInput } from '../number-input.js'
import { readNumber } from '../number-text.js'
import { plain } from '../plain.js'
import type { Json } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import type { FieldView, Shown } from '../contract.js'

const currencyOf = (field: UiField): string => (typeof field.options['currency'] === 'string' ? field.options['currency'] : '')

function written(value: Json, { field }: Shown): string {
  const currency = currencyOf(field)
  if (typeof value !== 'number' || !/^[A-Z]{3}$/.test(currency)) return plain(value)
  return number(value, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
}

export const money: FieldView = {
  type: 'money',
  icon: 'coins',
  align: 'end',
  columnPx: 130,
  wide: false,
  filters: ['$gte', '$lte', '$eq', '$gt', '$lt', '$ne'],
  input: (slot) => numberInput(slot, { suffix: currencyOf(slot.field) }),
  cell: written,
  parse: (text) => readNumber(text),
  unread: 'check.unread.number',
  text: written,
}
