/** A new segment: what it is called, and whose records it is about. */
import '@vaadin/button'

import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiModel } from '../../../metadata/contract/ui-model.js'
import { language, t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import type { NewSegment } from '../commands/segments.js'
import { suggestName } from '../draft/definitions.js'
import { choiceField, entry, shownField } from '../entry.js'

@customElement('segment-dialog')
export class SegmentDialog extends Modal<NewSegment> {
  static override properties = { surroundings: { attribute: false }, model: { attribute: false }, taken: { attribute: false }, called: { state: true }, entity: { state: true }, tried: { state: true } }
  declare surroundings: Surroundings
  declare model: UiModel
  /** Names of those that are there. */
  declare taken: readonly string[]
  declare called: string
  declare entity: string
  declare tried: boolean

  constructor() {
    super()
    this.taken = []
    this.called = ''
    this.entity = ''
    this.tried = false
  }

  protected override get label(): string {
    return t('segments.new')
  }

  protected override content(): TemplateResult {
    const entities = Object.values(this.model.entities).toSorted((a, b) => a.plural.localeCompare(b.plural, language.value))
    const missing = (value: string): string => (this.tried && value.trim() === '' ? t('check.required') : '')
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body panel-fields">
        ${entry(this.surroundings, { field: shownField('segment-title', t('segments.title'), 'text', {}, true), value: this.called, error: missing(this.called), autofocus: true, change: (text) => (this.called = typeof text === 'string' ? text : '') })}
        ${entry(this.surroundings, { field: choiceField('segment-entity', t('segments.entity'), entities.map(({ name, plural }) => [name, plural]), true), value: this.entity === '' ? null : this.entity, error: missing(this.entity), help: t('segments.entityHelp'), change: (name) => (this.entity = typeof name === 'string' ? name : '') })}
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" @click=${() => this.#done()}>${t('segments.create')}</vaadin-button>
      </footer>
    `
  }

  protected override entered(): void {
    this.#done()
  }

  #done(): void {
    this.tried = true
    const title = this.called.trim()
    if (title !== '' && this.entity !== '') this.close({ name: suggestName(title, 'segment', this.taken), title, entity: this.entity })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'segment-dialog': SegmentDialog
  }
}
