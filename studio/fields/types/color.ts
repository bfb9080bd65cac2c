/** A colour: picked from the browser's own picker, or typed. */
import { html } from 'lit'
import { styleMap } from 'lit/directives/style-map.js'

import { t } from '../../client/i18n.js'
import { control } from '../control.js'
import { plain } from '../plain.js'
import { edited } from '../text-input.js'
import type { FieldView } from '../contract.js'

/** Only what has the form of a colour reaches a style. */
const isColor = (text: string): boolean => /^#[0-9a-f]{6}$/.test(text)

export const color: FieldView = {
  type: 'color',
  icon: 'palette',
  align: 'start',
  columnPx: 120,
  wide: false,
  filters: ['$eq', '$ne'],
  input: (slot) => html`
    <vaadin-text-field ${control(slot)}
      @value-changed=${(event: CustomEvent<{ value: string }>) => edited(slot, event.detail.value)}
      .value=${plain(slot.value)} placeholder="#1e90ff" autocomplete="off" spellcheck="false" .maxlength=${20}>
      <input slot="prefix" class="color-well" type="color" aria-label=${t('field.color.pick', { field: slot.label || slot.field.title })} ?disabled=${slot.disabled}
        .value=${isColor(plain(slot.value)) ? plain(slot.value) : '#808080'}
        @input=${(event: Event) => event.target instanceof HTMLInputElement && slot.change(event.target.value)} />
    </vaadin-text-field>
  `,
  cell: (value) => (isColor(plain(value)) ? html`<span class="swatch" style=${styleMap({ backgroundColor: plain(value) })}></span><span class="number">${plain(value)}</span>` : plain(value)),
  text: (value) => plain(value),
}
