/** A telephone number; the engine keeps it in E.164 and reads what people type. */
import { html } from 'lit'

import { plain } from '../plain.js'
import { textInput } from '../text-input.js'
import type { FieldView } from '../contract.js'

/** Groups of an international number, so that it can be read out; anything else stays as it is. */
export function spaced(number: string): string {
  const china = /^\+86(1\d{2})(\d{4})(\d{4})$/.exec(number)
  if (china !== null) return `+86 ${china[1]} ${china[2]} ${china[3]}`
  const america = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number)
  return america === null ? number : `+1 ${america[1]} ${america[2]} ${america[3]}`
}

export const phone: FieldView = {
  type: 'phone',
  icon: 'phone',
  align: 'start',
  columnPx: 160,
  wide: false,
  filters: ['$contains', '$startsWith', '$eq', '$ne'],
  input: (slot) => textInput(slot, 'tel'),
  cell: (value) => (/^\+\d{5,15}$/.test(plain(value)) ? html`<a href="tel:${plain(value)}"><bdi dir="ltr">${spaced(plain(value))}</bdi></a>` : plain(value)),
  text: (value) => spaced(plain(value)),
}
