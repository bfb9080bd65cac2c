/** Writes Markdown: a text area with a small toolbar, and how it will look. */
import './markdown-text.js'
import '@vaadin/text-area'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { t, type TextKey } from '../client/i18n.js'
import { icon, type IconName } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { control } from './control.js'
import type { FieldSlot } from './contract.js'
import { marked, type Mark } from './markdown-marks.js'
import { plain } from './plain.js'
import { edited } from './text-input.js'

const tools: readonly { readonly mark: Mark; readonly icon: IconName; readonly title: TextKey; readonly key?: string }[] = [
  { mark: 'bold', icon: 'bold', title: 'field.markdown.bold', key: 'b' },
  { mark: 'italic', icon: 'italic', title: 'field.markdown.italic', key: 'i' },
  { mark: 'heading', icon: 'heading', title: 'field.markdown.heading' },
  { mark: 'list', icon: 'list', title: 'field.markdown.list' },
  { mark: 'numbered', icon: 'listNumbered', title: 'field.markdown.numbered' },
  { mark: 'link', icon: 'link', title: 'field.markdown.link', key: 'k' },
]

/** `<markdown-input .slotted>` */
@customElement('markdown-input')
export class MarkdownInput extends LightElement {
  static override properties = { slotted: { attribute: false }, previewing: { state: true } }
  declare slotted: FieldSlot | undefined
  declare previewing: boolean

  constructor() {
    super()
    this.previewing = false
  }

  override render(): TemplateResult | typeof nothing {
    const slot = this.slotted
    if (slot === undefined) return nothing
    const text = plain(slot.value)
    return html`
      <div class="markdown-field" @keydown=${(event: KeyboardEvent) => this.#shortcut(event)}>
        ${slot.disabled ? nothing : html`
          <div class="markdown-bar" role="toolbar" aria-label=${t('field.markdown.tools', { field: slot.label || slot.field.title })} ?data-below=${slot.label === ''}>
            ${this.previewing ? nothing : tools.map(({ mark, icon: name, title }) => html`
              <button type="button" class="plain icon-only" aria-label=${t(title)} title=${t(title)} @pointerdown=${(event: Event) => event.preventDefault()} @click=${() => this.#mark(mark)}>${icon(name)}</button>`)}
            <button type="button" class="plain view" aria-pressed=${this.previewing ? 'true' : 'false'} ?disabled=${text === ''} @click=${() => (this.previewing = !this.previewing)}>${t(this.previewing ? 'field.markdown.write' : 'field.markdown.preview')}</button>
          </div>`}
        <vaadin-text-area ${control(slot)} ?hidden=${this.previewing && text !== ''}
          @value-changed=${(event: CustomEvent<{ value: string }>) => edited(slot, event.detail.value)}
          .value=${text} .minRows=${4} .maxRows=${18}></vaadin-text-area>
        ${this.previewing && text !== '' ? html`<p class="quiet">${slot.label}</p><div class="markdown-preview"><markdown-text .source=${text}></markdown-text></div>` : nothing}
      </div>
    `
  }

  #shortcut(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.isComposing) return
    const tool = tools.find(({ key }) => key === event.key.toLowerCase())
    if (tool === undefined || this.slotted?.disabled === true) return
    event.preventDefault()
    event.stopPropagation()
    this.#mark(tool.mark)
  }

  /** Written as if it had been typed, so that the browser's own undo takes it back. */
  #mark(mark: Mark): void {
    const area = this.querySelector('textarea')
    if (area === null) return
    const edit = marked(area.value, area.selectionStart, area.selectionEnd, mark)
    area.focus()
    area.setSelectionRange(edit.from, edit.to)
    if (!document.execCommand('insertText', false, edit.text)) {
      area.setRangeText(edit.text, edit.from, edit.to, 'end')
      area.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
    }
    area.setSelectionRange(edit.selectFrom, edit.selectTo)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'markdown-input': MarkdownInput
  }
}
