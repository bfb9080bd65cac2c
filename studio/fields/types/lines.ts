/** Rows of another entity that belong to the record, as a table in its form. */
import { html } from 'lit'

import { t } from '../../client/i18n.js'
import type { FieldView } from '../contract.js'

const counted = (value: unknown): string => (Array.isArray(value) ? t('lines.count', { count: value.length }) : '')

export const lines: FieldView = {
  type: 'lines',
  icon: 'list',
  align: 'end',
  columnPx: 100,
  wide: true,
  filters: [],
  input: (slot) => html`<lines-editor .slotted=${slot}></lines-editor>`,
  page: (value, shown) => html`<lines-editor .slotted=${{ ...shown, value, label: '', required: false, disabled: true, error: '', help: '', change: () => {}, touch: () => {} }}></lines-editor>`,
  cell: counted,
  text: counted,
  needs: (field) => [`${field.key}.id`],
}
