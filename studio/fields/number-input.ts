/**
 * The input of every type whose value is a JSON number. It is an input of text that we read ourselves: the browser's own input of
 * numbers drops a comma that its language does not know, so that 12,5 becomes 125 before anybody can see it.
 */
import type { TextField } from '@vaadin/text-field'
import { html, noChange, nothing, type TemplateResult } from 'lit'
import { Directive, directive, PartType, type ElementPart, type PartInfo } from 'lit/directive.js'

import { control } from './control.js'
import type { FieldSlot } from './contract.js'
import { readNumber, writeNumber } from './number-text.js'

/** A number with an optional sign before or after it. Up and down step by one. `least`: what no value of the type is below, for a type without the setting. */
export const numberInput = (slot: FieldSlot, marks: { readonly prefix?: string; readonly suffix?: string; readonly least?: number } = {}): TemplateResult => html`
  <vaadin-text-field ${control(slot, unreadIn)} ${numeric(slot)} inputmode=${keyboardOf(slot, marks.least)} autocomplete="off">
    ${marks.prefix === undefined ? nothing : html`<span slot="prefix" class="quiet">${marks.prefix}</span>`}
    ${marks.suffix === undefined ? nothing : html`<span slot="suffix" class="quiet">${marks.suffix}</span>`}
  </vaadin-text-field>
`

/** The keyboard of digits has no minus on some phones, so it is for fields only that never need one: a value that cannot be typed is worse than one more tap. */
const keyboardOf = ({ field: { options } }: FieldSlot, least?: number): 'decimal' | 'text' =>
  [least, options['minimum'], options['exclusiveMinimum']].some((limit) => typeof limit === 'number' && limit >= 0) ? 'decimal' : 'text'

const steps: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1 }

/** Keeps text and number together: what is typed stays as it is until the person is done with it. */
class Numeric extends Directive {
  #slot: FieldSlot | null = null
  #field: TextField | null = null
  /** What the form had when it was drawn last: drawn again in the middle of typing it may not know the newest text yet. */
  #known: number | null = null

  constructor(info: PartInfo) {
    super(info)
    if (info.type !== PartType.ELEMENT) throw new Error('numeric() stands inside the tag of a text field')
  }

  override render(_slot: FieldSlot): typeof noChange {
    return noChange
  }

  override update(part: ElementPart, [slot]: [FieldSlot]): typeof noChange {
    this.#slot = slot
    // The constructor looked at the place, the template above at the tag.
    const field = part.element as TextField
    if (this.#field !== field) {
      this.#field = field
      field.addEventListener('value-changed', () => this.#typed(field))
      // What was understood is to be seen; what was not stays.
      field.addEventListener('change', () => unreadIn(field) === null && this.#show(field))
      field.addEventListener('keydown', (event) => this.#step(field, event))
    }
    const isNew = shown(slot) !== this.#known && shown(slot) !== valueIn(field)
    if (isNew) this.#show(field)
    this.#known = shown(slot)
    return noChange
  }

  #show(field: { value: string }): void {
    const value = this.#slot === null ? null : shown(this.#slot)
    field.value = value === null ? '' : writeNumber(value)
  }

  #typed(field: { readonly value: string }): void {
    const value = valueIn(field)
    if (this.#slot !== null && value !== shown(this.#slot)) this.#slot.change(value)
  }

  #step(field: { value: string; readonly disabled: boolean }, event: KeyboardEvent): void {
    const step = steps[event.key]
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || field.disabled || unreadIn(field) !== null) return
    event.preventDefault()
    const value = valueIn(field) ?? 0
    const fraction = /\.(\d+)$/.exec(String(value))?.[1] ?? ''
    field.value = writeNumber(Number((value + step).toFixed(fraction.length)))
  }
}

const shown = ({ value }: FieldSlot): number | null => (typeof value === 'number' ? value : null)
/** Text that is no number; null when it is one, or there is none. */
const unreadIn = (field: { readonly value?: unknown }): string | null => (typeof field.value !== 'string' || field.value.trim() === '' || readNumber(field.value) !== undefined ? null : field.value)
const valueIn = ({ value }: { readonly value: string }): number | null => readNumber(value) ?? null

const numeric = directive(Numeric)
