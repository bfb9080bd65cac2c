/** Part of a definition as JSON, for what has no form. It counts once it can be read. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../../metadata/contract/json.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { LightElement } from '../../ui/light-element.js'

/** `<json-text .label .value .error>`; fires `value` (detail: what was read; undefined for an empty text). */
@customElement('json-text')
export class JsonText extends LightElement {
  static override properties = { label: {}, value: { attribute: false }, error: {}, typed: { state: true } }
  declare label: string
  declare value: Json | undefined
  declare error: string
  /** What stands there while it cannot be read; null otherwise. */
  declare typed: string | null

  constructor() {
    super()
    this.label = ''
    this.error = ''
    this.typed = null
    new Watch(this, language)
  }

  override render(): TemplateResult {
    const text = this.typed ?? (this.value === undefined ? '' : JSON.stringify(this.value, null, 2))
    const problem = this.typed === null ? this.error : t('process.notJson')
    return html`<label class="plain-entry"><span>${this.label}</span>
      <textarea class="formula-text" rows=${Math.min(14, Math.max(2, text.split('\n').length))} spellcheck="false" autocapitalize="off" aria-invalid=${problem === '' ? 'false' : 'true'} .value=${text}
        @input=${(event: InputEvent) => event.target instanceof HTMLTextAreaElement && this.#typed(event.target.value)} @change=${(event: Event) => event.target instanceof HTMLTextAreaElement && this.#done(event.target.value)}></textarea></label>
      ${problem === '' ? nothing : html`<p class="wrong" role="alert">${problem}</p>`}`
  }

  #typed(text: string): void {
    if (this.typed !== null && read(text) !== null) this.typed = null
  }

  #done(text: string): void {
    const found = read(text)
    this.typed = found === null ? text : null
    if (found === null || JSON.stringify(found.value) === JSON.stringify(this.value)) return
    this.value = found.value
    this.dispatchEvent(new CustomEvent<Json | undefined>('value', { detail: found.value }))
  }
}

function read(text: string): { readonly value: Json | undefined } | null {
  if (text.trim() === '') return { value: undefined }
  try {
    return { value: JSON.parse(text) as Json }
  } catch {
    return null
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'json-text': JsonText
  }
}
