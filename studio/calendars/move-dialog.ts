/** Which day a record goes to, for fingers, for far days and for who does not drag. Resolves with the day. */
import '@vaadin/button'
import '../fields/date-picker.js'
import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { t } from '../client/i18n.js'
import { dateWords } from '../fields/date-words.js'
import { Modal } from '../ui/modal.js'

@customElement('move-dialog')
export class MoveDialog extends Modal<string> {
  static override properties = { name: {}, day: {} }
  /** Of the record. */
  declare name: string
  /** Where it stands, then what is chosen; '' for nothing that is a day. */
  declare day: string

  constructor() {
    super()
    this.name = this.day = ''
  }

  protected override get label(): string {
    return t('calendar.moveTo', { name: this.name })
  }

  protected override content(): TemplateResult {
    return html`
      <header class="dialog-head"><h2>${this.label}</h2></header>
      <form class="dialog-body" @submit=${(event: Event) => event.preventDefault()}>
        <vaadin-date-picker label=${t('calendar.day')} autofocus .i18n=${dateWords()} .value=${this.day} @value-changed=${(event: CustomEvent<{ value: string }>) => (this.day = event.detail.value)} autocomplete="off"></vaadin-date-picker>
      </form>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${this.day === ''} @click=${() => this.close(this.day)}>${t('calendar.move')}</vaadin-button>
      </footer>
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'move-dialog': MoveDialog
  }
}
