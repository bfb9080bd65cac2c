/** What became of a translator's file: what was taken over, and what was left out, with the words that it had. */
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { t, type TextKey } from '../../client/i18n.js'
import { Modal } from '../../ui/modal.js'
import type { Taken } from './taken.js'
import type { Returned } from './xliff.js'

/** `<taken-dialog .taken .language>` */
@customElement('taken-dialog')
export class TakenDialog extends Modal<never> {
  static override properties = { taken: { attribute: false }, language: {} }
  declare taken: Taken | undefined
  declare language: string

  protected override get label(): string {
    return t('texts.importedTitle')
  }

  protected override content(): TemplateResult {
    const { taken = [], outdated = [], unknown = [] } = this.taken ?? {}
    return html`
      <header class="dialog-head"><h2>${this.label}</h2></header>
      <div class="dialog-body"><p>${t('texts.imported', { count: taken.length })}</p>
        ${this.#leftOut('texts.outdated', outdated)}
        ${this.#leftOut('texts.unknown', unknown)}</div>
      <footer class="dialog-foot"><vaadin-button theme="primary" autofocus @click=${() => this.close(null)}>${t('close')}</vaadin-button></footer>`
  }

  #leftOut(key: TextKey, texts: readonly Returned[]): TemplateResult | typeof nothing {
    if (texts.length === 0) return nothing
    return html`<p>${t(key, { count: texts.length })}</p>
      <ul class="left-out">${texts.map(({ path, place, source, translation }) => html`
        <li><span>${source}</span><strong lang=${this.language}>${translation}</strong><code>${path}${place}</code></li>`)}</ul>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'taken-dialog': TakenDialog
  }
}
