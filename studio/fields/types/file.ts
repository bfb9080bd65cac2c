/** Attached files of any kind. */
import { html } from 'lit'

import { fileCell } from '../file-cell.js'
import { filesIn } from '../file-value.js'
import type { FieldView } from '../contract.js'

export const file: FieldView = {
  type: 'file',
  icon: 'file',
  align: 'start',
  columnPx: 180,
  wide: true,
  filters: [],
  input: (slot) => html`<file-input .slotted=${slot} .pictures=${false}></file-input>`,
  cell: fileCell,
  text: (value) => filesIn(value).map(({ name }) => name).join(', '),
}
