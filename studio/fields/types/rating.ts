/** Stars. */
import { html } from 'lit'

import type { Json } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import { numberInput } from '../number-input.js'
import { plain } from '../plain.js'
import type { FieldView } from '../contract.js'

const maxOf = (field: UiField): number => (typeof field.options['max'] === 'number' ? field.options['max'] : 5)
const written = (value: Json, field: UiField): string => (typeof value === 'number' ? `${String(value)}/${String(maxOf(field))}` : plain(value))

export const rating: FieldView = {
  type: 'rating',
  icon: 'star',
  align: 'start',
  columnPx: 140,
  wide: false,
  filters: ['$gte', '$lte', '$eq', '$ne'],
  input: (slot) => html`<rating-input .slotted=${slot} .max=${maxOf(slot.field)}></rating-input>`,
  filter: (slot) => numberInput(slot, { suffix: '★', least: 0 }),
  cell: (value, { field }) => {
    if (typeof value !== 'number') return plain(value)
    const stars = Array.from({ length: maxOf(field) }, (_, i) => i + 1)
    return html`<span class="stars shown" role="img" aria-label=${t('field.rating.of', { count: value, max: maxOf(field) })}>${stars.map((star) => html`<span ?data-on=${star <= value}>${icon('star')}</span>`)}</span>`
  },
  text: (value, { field }) => written(value, field),
}
