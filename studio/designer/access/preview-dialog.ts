/** Whom to see the application as: a role, with what is known of a person (their stores) where its rules ask for that. */
import '@vaadin/button'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { listed, t } from '../../client/i18n.js'
import { beginPreview } from '../../client/preview.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import { explainProblem } from '../../ui/toast.js'
import { entry, shownField } from '../entry.js'

@customElement('preview-dialog')
export class PreviewDialog extends Modal<never> {
  static override properties = { client: { attribute: false }, surroundings: { attribute: false }, name: {}, roleTitle: {}, asked: { attribute: false }, person: { state: true }, given: { state: true }, phone: { state: true }, failure: { state: true } }
  declare client: Client
  declare surroundings: Surroundings
  /** Of the role. */
  declare name: string
  declare roleTitle: string
  /** What the role's rules compare with: fields of people. */
  declare asked: readonly UiField[]
  declare person: number | null
  /** What is said of the person instead of what their record says. */
  declare given: JsonObject
  declare phone: boolean
  declare failure: unknown

  constructor() {
    super()
    this.name = ''
    this.roleTitle = ''
    this.asked = []
    this.person = null
    this.given = {}
    this.phone = false
    this.failure = null
  }

  protected override get label(): string {
    return t('preview.title', { who: this.roleTitle })
  }

  protected override content(): TemplateResult {
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body panel-fields">
        ${this.failure === null ? nothing : html`<p class="panel-error" role="alert">${icon('warning')}${explainProblem(this.failure)}</p>`}
        <p>${t('preview.lead')}</p>
        ${this.asked.length === 0 ? nothing : entry(this.surroundings, {
          field: shownField('person', t('preview.like'), 'reference', { to: 'user' }), value: this.person, help: t('preview.likeHelp', { fields: listed(this.asked.map(({ key, title }) => (key === 'id' ? t('filters.person') : title))) }),
          change: (value) => (this.person = typeof value === 'number' ? value : null),
        })}
        ${this.asked.filter(({ system }) => !system).map((field) => entry(this.surroundings, { field, label: t('preview.given', { field: field.title }), value: this.given[field.key], change: (value) => this.#give(field.key, value) }))}
        <label class="tick"><input type="checkbox" .checked=${this.phone} @change=${(event: Event) => (this.phone = event.target instanceof HTMLInputElement && event.target.checked)} /><span>${t('preview.phone')}<small>${t('preview.phoneHelp')}</small></span></label>
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" @click=${() => void this.#begin()}>${icon('eye', 'prefix')}${t('preview.begin')}</vaadin-button>
      </footer>
    `
  }

  #give(key: string, value: Json): void {
    const { [key]: _before, ...rest } = this.given
    this.given = value === null || (Array.isArray(value) && value.length === 0) ? rest : { ...rest, [key]: value }
  }

  async #begin(): Promise<void> {
    try {
      await beginPreview(this.client.api, { role: this.name, ...(this.person === null ? {} : { user: this.person }), ...(Object.keys(this.given).length === 0 ? {} : { with: this.given }) }, this.roleTitle, this.phone)
      if (this.phone) this.close(null)
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
