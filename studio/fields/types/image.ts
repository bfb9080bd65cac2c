/** Attached pictures, shown small and, when asked for, large. */
import { html } from 'lit'

import { pictureCell } from '../file-cell.js'
import { filesIn } from '../file-value.js'
import type { FieldView } from '../contract.js'

export const image: FieldView = {
  type: 'image',
  icon: 'image',
  align: 'start',
  columnPx: 90,
  wide: true,
  picture: true,
  filters: [],
  input: (slot) => html`<file-input .slotted=${slot} .pictures=${true}></file-input>`,
  cell: pictureCell,
  text: (value) => filesIn(value).map(({ name }) => name).join(', '),
}
