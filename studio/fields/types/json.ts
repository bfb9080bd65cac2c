/** Values with a shape of their own: an object is a form within the form, a list of objects a small table, all else JSON text. */
import { html, type TemplateResult } from 'lit'

import { isObject, type Json } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'
import { fieldsOf, shapeOf } from '../json-shape.js'
import { plain } from '../plain.js'
import type { FieldView, Shown } from '../contract.js'

/** The parts of an object that have a value, as one line: `Chengdu, Tianfu Avenue 1`. */
function line(value: Json): string {
  if (!isObject(value)) return Array.isArray(value) ? (value as readonly Json[]).map(line).join(', ') : plain(value)
  return Object.values(value).filter((part) => part !== null && part !== '').map(line).join(', ')
}

function summary(value: Json): string {
  if (Array.isArray(value) && (value as readonly Json[]).some(isObject)) return t('field.lines', { count: value.length })
  return line(value)
}

/** Read-only: each part under its name. */
function parts(value: Json, shown: Shown, fields: readonly UiField[]): TemplateResult {
  const object = isObject(value) ? value : {}
  return html`<dl class="parts">${fields.map((field) => {
    const part = object[field.key] ?? null
    return html`<div><dt>${field.title}</dt><dd>${part === null ? t('record.empty') : shown.viewOf(field.type).cell(part, { ...shown, field })}</dd></div>`
  })}</dl>`
}

export const json: FieldView = {
  type: 'json',
  icon: 'braces',
  align: 'start',
  columnPx: 220,
  wide: true,
  filters: [],
  unread: 'check.unread.json',
  input: (slot) => html`<json-input .slotted=${slot}></json-input>`,
  cell: (value, shown) => {
    const shape = shapeOf(shown.field)
    return shown.record === undefined && shape.kind === 'object' ? parts(value, shown, fieldsOf(shape.schema)) : summary(value)
  },
  text: (value) => (isObject(value) || Array.isArray(value) ? JSON.stringify(value) : plain(value)),
}
