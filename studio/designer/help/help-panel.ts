/** What the page at hand is for, in one sentence, and where more is written. */
import '@vaadin/button'
import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { t } from '../../client/i18n.js'
import { docAddress } from '../../help/pages.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import { helpFor } from './help.js'

/** `<help-panel .path>`; resolves with `hour` when the guided first hour is wanted. */
@customElement('help-panel')
export class HelpPanel extends Modal<'hour'> {
  static override properties = { path: { attribute: false } }
  /** Parts of the address after `/studio`. */
  declare path: readonly string[]

  protected override get label(): string {
    return t('help.title')
  }

  protected override content(): TemplateResult {
    const { text, page, at } = helpFor(this.path)
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" autofocus aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body"><p>${t(text)}</p></div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close('hour')}>${icon('flag', 'prefix')}${t('help.hour')}</vaadin-button>
        <span class="grow"></span>
        <a class="button" href=${docAddress(page, at)} @click=${() => this.close(null)}>${icon('help')}${t('help.more')}</a>
      </footer>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'help-panel': HelpPanel
  }
}
