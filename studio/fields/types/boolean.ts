/** Yes or no. */
import { html } from 'lit'

import { t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import { control } from '../control.js'
import { steady } from '../steady.js'
import type { FieldView } from '../contract.js'

export const boolean: FieldView = {
  type: 'boolean',
  icon: 'checkSquare',
  align: 'start',
  columnPx: 90,
  wide: false,
  filters: ['$eq'],
  input: (slot) => html`
    <vaadin-checkbox class="in-form" ${control(slot)}
      @checked-changed=${(event: CustomEvent<{ value: boolean }>) => {
        if (event.detail.value !== (slot.value === true)) slot.change(event.detail.value)
      }}
      .checked=${slot.value === true}></vaadin-checkbox>
  `,
  filter: (slot) => html`
    <vaadin-combo-box ${control(slot)}
      @value-changed=${(event: CustomEvent<{ value: string }>) => {
        const chosen = event.detail.value === '' ? null : event.detail.value === 'true'
        if (chosen !== (slot.value ?? null)) slot.change(chosen)
      }}
      .items=${steady([{ label: t('yes'), value: 'true' }, { label: t('no'), value: 'false' }])}
      .value=${typeof slot.value === 'boolean' ? String(slot.value) : ''}></vaadin-combo-box>
  `,
  cell: (value) => html`<span class=${value === true ? 'yes' : 'no'} role="img" aria-label=${t(value === true ? 'yes' : 'no')}>${icon(value === true ? 'check' : 'close')}</span>`,
  parse: (text) => (['true', '1', t('yes').toLowerCase()].includes(text.toLowerCase()) ? true : ['false', '0', t('no').toLowerCase()].includes(text.toLowerCase()) ? false : undefined),
  text: (value) => t(value === true ? 'yes' : 'no'),
}
