/** What every Vaadin field takes from a slot: label, help, error, and when it was left. Knows no field type. */
import { noChange } from 'lit'
import { Directive, directive, PartType, type ElementPart, type PartInfo } from 'lit/directive.js'

import type { FieldSlot } from './contract.js'
import { markUnread, unreadMessage } from './unread.js'

/** The properties that Vaadin's fields share. */
type Field = HTMLElement & {
  label: string
  accessibleName: string | null | undefined
  helperText: string | null | undefined
  errorMessage: string
  invalid: boolean
  required: boolean
  disabled: boolean
  manualValidation: boolean
  clearButtonVisible?: boolean
  opened?: boolean
  value?: unknown
}

/**
 * Vaadin empties a closed field on Escape when it has a button to clear it. People press Escape to get away from
 * something, not to lose a value: for as long as the event travels, the field has no such button.
 */
function keepOnEscape(field: Field): void {
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || field.opened === true || field.clearButtonVisible !== true) return
    field.clearButtonVisible = false
    setTimeout(() => (field.clearButtonVisible = true))
  }, { capture: true })
}

/** Fields that have a value when they understand the text. What stands in others is their value, or a way to look for one. */
const understanding: ReadonlySet<string> = new Set(['vaadin-date-picker', 'vaadin-time-picker', 'vaadin-date-time-picker'])

/** What stands in a field that has no value: a day that does not exist, half of a moment. Null when nothing does. */
function unreadText(field: Field): string | null {
  if (field.value !== '') return null
  const inputs = [...field.querySelectorAll('input')]
  const text = inputs.map(({ value }) => value).join(' ').trim()
  return text === '' && !inputs.some(({ validity }) => validity.badInput) ? null : text
}

type Reads = typeof unreadText

class Control extends Directive {
  #slot: FieldSlot | null = null
  #field: Field | null = null
  #reads = unreadText
  /** The form was told that the text is no value. It says so until the text is, or is given up. */
  #isUnread = false
  /** What is said of the text where nobody asks to be told. */
  #own = ''

  constructor(info: PartInfo) {
    super(info)
    if (info.type !== PartType.ELEMENT) throw new Error('control() stands inside the tag of a field')
  }

  override render(_slot: FieldSlot, _reads?: Reads): typeof noChange {
    return noChange
  }

  override update(part: ElementPart, [slot, reads]: [FieldSlot, Reads?]): typeof noChange {
    this.#slot = slot
    // Only Vaadin's fields are given to `control`.
    const field = part.element as Field
    if (this.#field !== field) {
      this.#field = field
      field.addEventListener('focusout', () => this.#slot?.touch())
      // Vaadin tells by one of both that somebody is done with a text, whether it could be read or not.
      this.#reads = reads ?? unreadText
      if (reads !== undefined || understanding.has(field.localName)) {
        for (const done of ['change', 'unparsable-change']) field.addEventListener(done, () => this.#done(field))
        // A picker first takes its value away: it is to be known why before anybody stores that there is none.
        if (reads === undefined) field.addEventListener('value-changed', () => this.#reads(field) !== null && this.#done(field))
      }
      keepOnEscape(field)
      // The engine and the form decide what is valid; the component must not have its own opinion.
      field.manualValidation = true
      if (slot.autofocus === true) requestAnimationFrame(() => field.focus())
    }
    if (this.#isUnread && slot.unread !== undefined && slot.error === '') this.#forget(field)
    if (this.#own !== '' && this.#reads(field) === null) this.#own = ''
    field.label = slot.label
    field.accessibleName = slot.label === '' ? slot.field.title : null
    field.helperText = slot.help
    this.#tell(field, slot.error)
    field.required = slot.required
    field.disabled = slot.disabled
    return noChange
  }

  #tell(field: Field, error: string): void {
    field.errorMessage = error === '' ? this.#own : error
    field.invalid = field.errorMessage !== ''
  }

  #done(field: Field): void {
    const slot = this.#slot
    const text = this.#reads(field)
    if (slot === null || (text === null && !this.#isUnread)) return
    this.#isUnread = text !== null
    markUnread(field, this.#isUnread)
    if (slot.unread !== undefined) return slot.unread(text)
    this.#own = text === null ? '' : unreadMessage(slot.viewOf(slot.field.type), text)
    this.#tell(field, slot.error)
  }

  /** The edits were given up: the text goes with them. The parts of a moment are fields of their own. */
  #forget(field: Field): void {
    this.#isUnread = false
    markUnread(field, false)
    if (this.#reads(field) === null) return
    if (field.value !== '') field.value = ''
    for (const part of field.querySelectorAll<Field>('[slot$=picker]')) part.value = ''
    for (const input of field.querySelectorAll('input')) input.value = ''
  }
}

/**
 * Stands inside the tag of a Vaadin field: `<vaadin-text-field ${control(slot)} @value-changed=... .value=...>`. The
 * listener comes before the value: Lit sets them in this order and the field tells of a new value at once, so the
 * listener of the drawing before would take a value that was merely shown for an edit of its own slot. A second argument says
 * what stands in the field and is no value, where the field does not know it itself.
 */
export const control = directive(Control)
