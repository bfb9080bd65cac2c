/** The input of every type whose value is a JSON number. */
import { html, nothing, type TemplateResult } from 'lit'

import { control } from './control.js'
import type { FieldSlot } from './contract.js'

/** A number with an optional sign before or after it. Text that is no number clears the value, as the browser does. */
export const numberInput = (slot: FieldSlot, marks: { readonly prefix?: string; readonly suffix?: string } = {}): TemplateResult => html`
  <vaadin-number-field ${control(slot)}
    @value-changed=${(event: CustomEvent<{ value: string }>) => numberEdited(slot, event.detail.value)}
    step="any" autocomplete="off" .value=${typeof slot.value === 'number' ? String(slot.value) : ''}>
    ${marks.prefix === undefined ? nothing : html`<span slot="prefix" class="quiet">${marks.prefix}</span>`}
    ${marks.suffix === undefined ? nothing : html`<span slot="suffix" class="quiet">${marks.suffix}</span>`}
  </vaadin-number-field>
`

function numberEdited(slot: FieldSlot, text: string): void {
  const value = text.trim() === '' ? null : Number(text)
  if (value !== null && !Number.isFinite(value)) return
  if (value !== (slot.value ?? null)) slot.change(value)
}

/** A number as people and spreadsheets write it, with signs of currencies, per cent and groups; undefined when it is none. */
export function numberIn(text: string): number | undefined {
  const negative = /^\s*\(.*\)\s*$/.test(text) || /^[^\d]*[-−]/.test(text)
  const digits = text.replace(/[^\d.,]/g, '')
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','))
  const grouped = /^\d{1,3}(,\d{3})+$/.test(digits) || (digits.match(/[.,]/g) ?? []).length > 1 && new Set(digits.match(/[.,]/g)).size === 1
  const plain = last < 0 || grouped ? digits.replace(/[.,]/g, '') : `${digits.slice(0, last).replace(/[.,]/g, '')}.${digits.slice(last + 1)}`
  if (!/^\d*\.?\d+$/.test(plain) || /[a-z]{4}/i.test(text)) return undefined
  return negative ? -Number(plain) : Number(plain)
}
