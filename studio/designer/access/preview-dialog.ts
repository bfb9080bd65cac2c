/** Whom to see the application as: a role, with what is known of a person (their stores) where its rules ask for that. */
import '@vaadin/button'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Client } from '../../client/client.js'
import { t } from '../../client/i18n.js'
import { beginPreview } from '../../client/preview.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import { explainProblem } from '../../ui/toast.js'
import { entry, shownField } from '../entry.js'

@customElement('preview-dialog')
export class PreviewDialog extends Modal<never> {
  static override properties = { client: { attribute: false }, surroundings: { attribute: false }, name: {}, roleTitle: {}, asked: { attribute: false }, person: { state: true }, failure: { state: true } }
  declare client: Client
  declare surroundings: Surroundings
  /** Of the role. */
  declare name: string
  declare roleTitle: string
  /** Titles of what the role's rules compare with. */
  declare asked: readonly string[]
  declare person: number | null
  declare failure: unknown

  constructor() {
    super()
    this.name = ''
    this.roleTitle = ''
    this.asked = []
    this.person = null
    this.failure = null
  }

  protected override get label(): string {
    return t('preview.title', { who: this.roleTitle })
  }

  protected override content(): TemplateResult {
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => this.close(null)}>${icon('close')}</button></header>
      <div class="dialog-body panel-fields">
        ${this.failure === null ? nothing : html`<p class="panel-error" role="alert">${icon('warning')}${explainProblem(this.failure)}</p>`}
        <p>${t('preview.lead')}</p>
        ${this.asked.length === 0 ? nothing : entry(this.surroundings, {
          field: shownField('person', t('preview.like'), 'reference', { to: 'user' }), value: this.person, help: t('preview.likeHelp', { fields: this.asked.join(', ') }),
          change: (value) => (this.person = typeof value === 'number' ? value : null),
        })}
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" @click=${() => void this.#begin()}>${icon('eye', 'prefix')}${t('preview.begin')}</vaadin-button>
      </footer>
    `
  }

  async #begin(): Promise<void> {
    try {
      await beginPreview(this.client.api, { role: this.name, ...(this.person === null ? {} : { user: this.person }) }, this.roleTitle)
    } catch (thrown) {
      this.failure = thrown
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'preview-dialog': PreviewDialog
  }
}
