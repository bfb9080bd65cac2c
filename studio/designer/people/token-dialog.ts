/** A new API token: what it is for, with which of the person's roles, for how long. */
import '@vaadin/button'
import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import { choiceField, entry, shownField } from '../entry.js'
import type { OfferedRole } from '../../../metadata/contract/account.js'
import { roleChoice } from './role-choice.js'

interface Wanted {
  readonly name: string
  readonly roles: readonly string[]
  readonly days: number | null
}

const spans = ['30', '90', '365', 'none'] as const

@customElement('token-dialog')
export class TokenDialog extends Modal<Wanted> {
  static override properties = { surroundings: { attribute: false }, roles: { attribute: false }, name: { state: true }, chosen: { state: true }, span: { state: true }, tried: { state: true } }
  declare surroundings: Surroundings
  /** Those of the person. */
  declare roles: readonly OfferedRole[]
  declare name: string
  declare chosen: readonly string[]
  declare span: string
  declare tried: boolean

  constructor() {
    super()
    this.roles = []
    this.name = ''
    this.chosen = []
    this.span = '90'
    this.tried = false
  }

  protected override get label(): string {
    return t('people.newToken')
  }

  protected override content(): TemplateResult {
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body panel-fields">
        ${entry(this.surroundings, { field: shownField('name', t('people.tokenName'), 'text', { maxLength: 120 }, true), value: this.name, autofocus: true, error: this.tried && this.name.trim() === '' ? t('check.required') : '', change: (value) => (this.name = typeof value === 'string' ? value : '') })}
        ${roleChoice(this.roles, this.chosen, (roles) => (this.chosen = roles))}
        ${this.tried && this.chosen.length === 0 ? html`<p class="panel-error" role="alert">${icon('warning')}${t('people.tokenRoles')}</p>` : ''}
        ${entry(this.surroundings, { field: choiceField('span', t('people.tokenSpan'), spans.map((span) => [span, t(`people.span.${span}`)] as const), true), value: this.span, change: (value) => (this.span = typeof value === 'string' ? value : this.span) })}
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" @click=${() => this.#done()}>${t('people.makeToken')}</vaadin-button>
      </footer>
    `
  }

  protected override entered(): void {
    this.#done()
  }

  #done(): void {
    this.tried = true
    if (this.name.trim() === '' || this.chosen.length === 0) return
    this.close({ name: this.name.trim(), roles: this.chosen, days: this.span === 'none' ? null : Number(this.span) })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'token-dialog': TokenDialog
  }
}
