/** Before a field or an entity is put away: who uses it, what happens there, and what has to be changed first. */
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import type { FieldUse } from './field-uses.js'
import { Modal } from '../../ui/modal.js'
import { placeText, type Titles } from '../words.js'

@customElement('archive-dialog')
export class ArchiveDialog extends Modal<true> {
  static override properties = { uses: { attribute: false }, titles: { attribute: false }, subject: {}, action: {} }
  declare uses: readonly FieldUse[]
  declare titles: Titles
  /** Title of what is put away. */
  declare subject: string
  /** What the button says. */
  declare action: string

  protected override get label(): string {
    return t('designer.archiveTitle', { field: this.subject })
  }

  protected override content(): TemplateResult {
    const blocking = this.uses.filter(({ needsIt }) => needsIt)
    const shown = this.uses.filter(({ needsIt }) => !needsIt)
    return html`
      <header class="dialog-head"><h2>${this.label}</h2></header>
      <div class="dialog-body">
        ${blocking.length === 0 ? nothing : html`
          <p class="note warn">${icon('warning')}<span>${t('designer.archiveBlocked')}</span></p>
          ${this.#list(blocking)}
          <p class="todo">${t('designer.archiveTodo')}</p>`}
        ${shown.length === 0 ? nothing : html`<p>${t('designer.archiveShown')}</p>${this.#list(shown)}`}
        <p class="quiet">${t('designer.plan.kept')}</p>
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme=${blocking.length === 0 ? 'primary' : ''} @click=${() => this.close(true)}>${blocking.length === 0 ? this.action : t('designer.archiveAnyway')}</vaadin-button>
      </footer>
    `
  }

  #list(uses: readonly FieldUse[]): TemplateResult {
    return html`<ul class="use-list">${uses.map(({ path }) => html`<li>${placeText(path, this.titles)}</li>`)}</ul>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'archive-dialog': ArchiveDialog
  }
}
