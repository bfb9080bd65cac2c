/** An e-mail address. */
import { html } from 'lit'

import { plain } from '../plain.js'
import { textInput } from '../text-input.js'
import type { FieldView } from '../contract.js'

export const email: FieldView = {
  type: 'email',
  icon: 'mail',
  align: 'start',
  columnPx: 220,
  wide: false,
  filters: ['$contains', '$startsWith', '$eq', '$ne'],
  input: (slot) => textInput(slot, 'email', 'name@example.com'),
  cell: (value) => (/^[^\s@]+@[^\s@]+$/.test(plain(value)) ? html`<a href="mailto:${encodeURIComponent(plain(value)).replace('%40', '@')}">${plain(value)}</a>` : plain(value)),
  text: (value) => plain(value),
}
