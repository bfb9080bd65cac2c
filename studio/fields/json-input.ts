/** Enters a value with a shape: sub-form, line table, list of words, or JSON text. Each edit gives a whole new value. */
import './json-input.css'
import '@vaadin/button'
import '@vaadin/text-area'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { isObject, type Json, type JsonObject, type JsonSchema } from '../../metadata/contract/json.js'
import type { UiField } from '../../metadata/contract/ui-model.js'
import { t } from '../client/i18n.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { control } from './control.js'
import type { FieldSlot } from './contract.js'
import { fieldsOf, shapeOf } from './json-shape.js'
import { readNumber } from './number-text.js'

/** `<json-input .slotted>` */
@customElement('json-input')
export class JsonInput extends LightElement {
  static override properties = { slotted: { attribute: false }, draft: { state: true }, mistake: { state: true } }
  declare slotted: FieldSlot | undefined
  /** Text that is being typed and is not JSON yet; null while text and value agree. */
  declare draft: string | null
  declare mistake: string

  constructor() {
    super()
    this.draft = null
    this.mistake = ''
  }

  override render(): TemplateResult | typeof nothing {
    const slot = this.slotted
    if (slot === undefined) return nothing
    const shape = shapeOf(slot.field)
    const value = slot.value ?? null
    if (shape.kind === 'object' && (value === null || isObject(value))) return this.#object(slot, shape.schema, value ?? {})
    if (shape.kind === 'lines' && (value === null || Array.isArray(value))) return this.#lines(slot, shape.schema, (value ?? []) as readonly Json[])
    if (shape.kind === 'words' && (value === null || Array.isArray(value))) return this.#words(slot, (value ?? []) as readonly Json[], shape.numeric)
    return this.#text(slot, value)
  }

  #object(slot: FieldSlot, schema: JsonSchema, value: JsonObject): TemplateResult {
    return html`
      <fieldset class="sub-form" ?disabled=${slot.disabled}>
        <legend>${slot.label || slot.field.title}${slot.required ? html`<span aria-hidden="true"> •</span>` : nothing}</legend>
        ${slot.help === '' ? nothing : html`<p class="quiet">${slot.help}</p>`}
        <div class="sub-grid">${fieldsOf(schema).map((field) => this.#part(slot, field, value, `/${field.key}`, field.title, (part) => slot.change(withPart(value, field.key, part))))}</div>
        ${slot.error === '' ? nothing : html`<p class="sub-error" role="alert">${slot.error}</p>`}
      </fieldset>
    `
  }

  #part(slot: FieldSlot, field: UiField, value: JsonObject, pointer: string, label: string, change: (part: Json) => void): TemplateResult {
    const part: FieldSlot = {
      field, label, change,
      value: value[field.key] ?? null,
      required: field.required,
      disabled: slot.disabled,
      error: slot.inner?.[pointer] ?? '',
      help: label === '' ? '' : (field.help ?? ''),
      touch: slot.touch,
      unread: (text, at = '', of = field) => slot.unread?.(text, pointer + at, of),
      timeZone: slot.timeZone,
      lookup: slot.lookup,
      viewOf: slot.viewOf,
      inner: below(slot.inner ?? {}, pointer),
    }
    const view = slot.viewOf(field.type)
    return html`<div class=${view.wide ? 'wide' : ''}>${view.input(part)}</div>`
  }

  #lines(slot: FieldSlot, schema: JsonSchema, value: readonly Json[]): TemplateResult {
    const fields = fieldsOf(schema)
    const replace = (index: number, line: Json): void => slot.change(value.map((old, at) => (at === index ? line : old)))
    return html`
      <fieldset class="sub-form lines" ?disabled=${slot.disabled}>
        <legend>${slot.label || slot.field.title}</legend>
        ${slot.help === '' ? nothing : html`<p class="quiet">${slot.help}</p>`}
        ${value.length === 0 ? nothing : html`
          <div class="line-scroll"><table>
            <thead><tr>${fields.map((field) => html`<th scope="col">${field.title}${field.required ? ' •' : ''}</th>`)}<td></td></tr></thead>
            <tbody>${value.map((line, index) => {
              const object = isObject(line) ? line : {}
              return html`<tr>
                ${fields.map((field) => html`<td>${this.#part(slot, field, object, `/${index}/${field.key}`, '', (part) => replace(index, withPart(object, field.key, part)))}</td>`)}
                <td><button type="button" class="plain icon-only" aria-label=${t('field.removeLine', { number: index + 1 })} @click=${() => slot.change(value.filter((_, at) => at !== index))}>${icon('close')}</button></td>
              </tr>`
            })}</tbody>
          </table></div>`}
        <button type="button" class="plain accent" @click=${() => slot.change([...value, {}])}>${icon('plus')}${t('field.addLine')}</button>
        ${slot.error === '' ? nothing : html`<p class="sub-error" role="alert">${slot.error}</p>`}
      </fieldset>
    `
  }

  /** One word or number per line; what is no number stays as it is, so that the check can say so. */
  #words(slot: FieldSlot, value: readonly Json[], numeric: boolean): TemplateResult {
    const text = this.draft ?? value.map(String).join('\n')
    return html`
      <vaadin-text-area ${control(slot)}
        @value-changed=${(event: CustomEvent<{ value: string }>) => {
          if (event.detail.value === text) return
          this.draft = event.detail.value
          const words = event.detail.value.split('\n').map((word) => word.trim()).filter((word) => word !== '')
          slot.change(words.length === 0 ? null : words.map((word) => (numeric ? (readNumber(word) ?? word) : word)))
        }}
        .value=${text} .minRows=${2} .maxRows=${8} @focusout=${() => (this.draft = null)}></vaadin-text-area>
    `
  }

  #text(slot: FieldSlot, value: Json): TemplateResult {
    const text = this.draft ?? (value === null ? '' : JSON.stringify(value, null, 2))
    const shown = this.mistake === '' ? slot : { ...slot, error: this.mistake }
    return html`
      <vaadin-text-area class="code" ${control(shown)}
        @value-changed=${(event: CustomEvent<{ value: string }>) => event.detail.value !== text && this.#typed(slot, event.detail.value)}
        .value=${text} .minRows=${3} .maxRows=${16} spellcheck="false"></vaadin-text-area>
    `
  }

  #typed(slot: FieldSlot, text: string): void {
    this.draft = text
    try {
      const value = text.trim() === '' ? null : (JSON.parse(text) as Json)
      this.mistake = ''
      slot.unread?.(null)
      slot.change(value)
    } catch (thrown) {
      // The value keeps its last good state; the text stays, with the place of the mistake as the browser names it.
      slot.unread?.(text)
      this.mistake = t('check.json', { reason: thrown instanceof Error ? thrown.message : '' })
    }
  }
}

/** An object with one part replaced; an emptied part is left out, so that `required` means what it says. */
function withPart(value: JsonObject, key: string, part: Json): Json {
  const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
  const next = part === null ? rest : { ...value, [key]: part }
  return Object.keys(next).length === 0 ? {} : next
}

/** Problems below a pointer, with pointers of their own. */
const below = (problems: Readonly<Record<string, string>>, pointer: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(problems).flatMap(([path, message]) => (path.startsWith(`${pointer}/`) ? [[path.slice(pointer.length), message]] : [])))

declare global {
  interface HTMLElementTagNameMap {
    'json-input': JsonInput
  }
}
