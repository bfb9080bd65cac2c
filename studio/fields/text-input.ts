/** The plain one-line input that most types start from. */
import { html, type TemplateResult } from 'lit'

import { control } from './control.js'
import type { FieldSlot } from './contract.js'
import { plain } from './plain.js'

/** Tells the slot about an edit; an emptied text field means: no value. */
export function edited(slot: FieldSlot, text: string): void {
  if (text !== plain(slot.value)) slot.change(text === '' ? null : text)
}

type Keyboard = 'text' | 'email' | 'numeric' | 'tel' | 'url'

/** One line of text with the on-screen keyboard and the autocomplete word that fit. */
export const textInput = (slot: FieldSlot, keyboard: Keyboard = 'text', placeholder = ''): TemplateResult => html`
  <vaadin-text-field ${control(slot)}
    @value-changed=${(event: CustomEvent<{ value: string }>) => edited(slot, event.detail.value)}
    .value=${plain(slot.value)} .placeholder=${placeholder} autocomplete="off"
    .maxlength=${typeof slot.field.options['maxLength'] === 'number' ? slot.field.options['maxLength'] : undefined}
    inputmode=${keyboard}></vaadin-text-field>
`
