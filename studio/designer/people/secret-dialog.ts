/** What lets somebody in, shown once, to hand over. */
import '@vaadin/button'
import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import type { Secret } from './accounts.js'

@customElement('secret-dialog')
export class SecretDialog extends Modal<never> {
  static override properties = { secret: { attribute: false }, who: {}, copied: { state: true } }
  declare secret: Secret
  declare who: string
  declare copied: boolean

  constructor() {
    super()
    this.who = ''
    this.copied = false
  }

  protected override get label(): string {
    return t(`people.secret.${this.secret.kind}`, { person: this.who })
  }

  protected override content(): TemplateResult {
    return html`
      <header class="dialog-head"><h2>${this.label}</h2></header>
      <div class="dialog-body panel-fields">
        <p>${t(`people.secretHelp.${this.secret.kind}`)}</p>
        <label class="secret"><span class="visually-hidden">${this.label}</span><input type="text" readonly .value=${this.secret.value} @focus=${(event: Event) => event.target instanceof HTMLInputElement && event.target.select()} /></label>
        <p class="quiet" role="status">${this.copied ? t('people.copied') : t('people.once')}</p>
      </div>
      <footer class="dialog-foot">
        <vaadin-button @click=${() => void this.#copy()}>${icon('copy', 'prefix')}${t('people.copy')}</vaadin-button>
        <vaadin-button theme="primary" @click=${() => this.close(null)}>${t('people.handedOver')}</vaadin-button>
      </footer>
    `
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.secret.value)
      this.copied = true
    } catch {
      // Not every browser lets a page copy: the text is selected instead, for the keyboard.
      this.querySelector<HTMLInputElement>('.secret input')?.focus()
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'secret-dialog': SecretDialog
  }
}
