/** Shows Markdown; the plain source until the renderer has come. */
import './markdown.css'

import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { unsafeHTML } from 'lit/directives/unsafe-html.js'

import { LightElement } from '../ui/light-element.js'
import { markdownRenderer } from './markdown.js'

/** `<markdown-text .source>` */
@customElement('markdown-text')
export class MarkdownText extends LightElement {
  static override properties = { source: {}, renderMarkdown: { state: true } }
  declare source: string
  declare renderMarkdown: ((source: string) => string) | null

  constructor() {
    super()
    this.source = ''
    this.renderMarkdown = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    // Without the renderer (offline after an update) the source stays, which is readable too.
    markdownRenderer().then((renderMarkdown) => (this.renderMarkdown = renderMarkdown), () => {})
  }

  override render(): TemplateResult {
    if (this.renderMarkdown === null) return html`<span class="multiline">${this.source}</span>`
    // The renderer lets no HTML of the text through: see there.
    return html`<div class="markdown">${unsafeHTML(this.renderMarkdown(this.source))}</div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'markdown-text': MarkdownText
  }
}
