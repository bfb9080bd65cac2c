/** A secret by its name: typed once, and never shown again. */
import '@vaadin/button'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Api } from '../../client/api.js'
import { t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import { Attempt } from '../../ui/attempt.js'
import { Modal } from '../../ui/modal.js'
import { setSecret } from './connections.js'

/** `<secret-value-dialog .api .name>`; `name` is chosen already when a value takes the place of another. */
@customElement('secret-value-dialog')
export class SecretValueDialog extends Modal<true> {
  static override properties = { api: { attribute: false }, known: {}, name: { state: true }, value: { state: true } }
  declare api: Api
  declare known: string
  declare name: string
  declare value: string
  readonly #attempt = new Attempt(this)

  constructor() {
    super()
    this.known = ''
    this.name = ''
    this.value = ''
  }

  protected override get label(): string {
    return this.known === '' ? t('connections.newSecret') : t('connections.anotherValue', { name: this.known })
  }

  protected override get mayClose(): boolean {
    return !this.#attempt.busy
  }

  protected override content(): TemplateResult {
    const typed = (event: Event): string => (event.target instanceof HTMLInputElement ? event.target.value : '')
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body panel-fields">
        ${this.#attempt.notice}
        ${this.known !== '' ? nothing : html`<label class="plain-entry"><span>${t('connections.secretName')}</span><input class="plain-input" autofocus autocomplete="off" spellcheck="false" maxlength="60" placeholder="SHOP" .value=${this.name} @input=${(event: Event) => (this.name = typed(event).toUpperCase())} /></label>`}
        <label class="plain-entry"><span>${t('connections.secretValue')}</span><input class="plain-input" type="password" autocomplete="new-password" .value=${this.value} @input=${(event: Event) => (this.value = typed(event))} /></label>
        <p class="quiet">${t('connections.secretHelp')}</p>
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" ?disabled=${this.#attempt.busy} @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${this.#attempt.busy} @click=${() => void this.#save()}>${t('save')}</vaadin-button>
      </footer>
    `
  }

  async #save(): Promise<void> {
    await this.#attempt.make(async () => setSecret(this.api, this.known === '' ? this.name : this.known, this.value), () => this.close(true))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'secret-value-dialog': SecretValueDialog
  }
}
