/** A postal address, in the order of its country. */
import { html } from 'lit'

import { isObject, type Json } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { language } from '../../client/i18n.js'
import { countryChoices } from '../country-choices.js'
import { objectOf, partsGroup, withPart, type PartInput } from '../parts-group.js'
import { plain } from '../plain.js'
import { addressLines, addressText } from '../postal.js'
import type { FieldSlot, FieldView } from '../contract.js'

const written = (value: Json): string => (isObject(value) ? addressText(value) : plain(value))

const usualCountry = (field: UiField): string => (typeof field.options['country'] === 'string' ? field.options['country'] : '')

/** A new address is in the usual country until somebody says otherwise. */
function changed(slot: FieldSlot, name: string, part: Json): Json {
  const next = withPart(slot.value, name, part)
  const isFirst = Object.keys(objectOf(slot.value)).length === 0 && isObject(next) && name !== 'country'
  return isFirst && usualCountry(slot.field) !== '' ? { ...next, country: usualCountry(slot.field) } : next
}

/** As it is said: from the street outwards, in Chinese from the province inwards. */
function inputs(): readonly PartInput[] {
  const streets: readonly PartInput[] = [{ name: 'street', type: 'text', width: 'half' }, { name: 'street2', type: 'text', width: 'half' }]
  const towns: readonly PartInput[] = [{ name: 'city', type: 'text', width: 'half' }, { name: 'region', type: 'text', width: 'half' }]
  return [
    ...(language.value === 'zh' ? [...towns.toReversed(), ...streets] : [...streets, ...towns]),
    { name: 'postcode', type: 'text', width: 'third' },
    { name: 'country', type: 'select', width: 'third', options: countryChoices() },
  ]
}

export const address: FieldView = {
  type: 'address',
  icon: 'map',
  align: 'start',
  columnPx: 260,
  wide: true,
  filters: [],
  input: (slot) => partsGroup(slot, inputs(), (name, part) => changed(slot, name, part)),
  cell: (value, { record }) => (record === undefined && isObject(value) ? html`<address class="lines">${addressLines(value).map((line) => html`<div>${line}</div>`)}</address>` : written(value)),
  text: written,
}
