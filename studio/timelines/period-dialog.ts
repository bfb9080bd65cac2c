/** From when to when a record lasts, for far days and for who does not drag. Resolves with the days. */
import '@vaadin/button'
import '../fields/date-picker.js'
import './period-dialog.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Period } from '../calendars/placed.js'
import { t } from '../client/i18n.js'
import { dateWords } from '../fields/date-words.js'
import { Modal } from '../ui/modal.js'

@customElement('period-dialog')
export class PeriodDialog extends Modal<Period> {
  static override properties = { name: {}, first: {}, last: {}, may: { attribute: false } }
  /** Of the record. */
  declare name: string
  /** Where it stands, then what is chosen; '' for nothing that is a day. */
  declare first: string
  declare last: string
  /** Which days can be changed. */
  declare may: { readonly first: boolean; readonly last: boolean }

  constructor() {
    super()
    this.name = this.first = this.last = ''
    this.may = { first: true, last: true }
  }

  protected override get label(): string {
    return t('bars.changeOf', { name: this.name })
  }

  protected override content(): TemplateResult {
    const { first, last, may } = this
    const backwards = may.last && last !== '' && last < first
    const whole = first !== '' && !backwards && (last !== '' || !may.last)
    return html`
      <header class="dialog-head"><h2>${this.label}</h2></header>
      <form class="dialog-body period" @submit=${(event: Event) => event.preventDefault()}>
        <vaadin-date-picker label=${t('bars.first')} ?disabled=${!may.first} autofocus .i18n=${dateWords()} .value=${first} @value-changed=${(event: CustomEvent<{ value: string }>) => (this.first = event.detail.value)} autocomplete="off"></vaadin-date-picker>
        ${may.last ? html`<vaadin-date-picker label=${t('bars.last')} .i18n=${dateWords()} .value=${last} .invalid=${backwards} .errorMessage=${backwards ? t('bars.backwards') : ''} @value-changed=${(event: CustomEvent<{ value: string }>) => (this.last = event.detail.value)} autocomplete="off"></vaadin-date-picker>` : nothing}
      </form>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${!whole} @click=${() => this.close({ first, last: may.last ? last : first })}>${t('bars.change')}</vaadin-button>
      </footer>
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'period-dialog': PeriodDialog
  }
}
