/** A new workflow: what begins it, in plain sentences, and whose rights it has. */
import './workflow-dialog.css'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon, type IconName } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import { entitiesOf } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import { choiceField, entry, shownField } from '../entry.js'
import { starters, workflowName, type NewWorkflow, type Starter } from './starters.js'
import { rolesOf, workflowsOf } from './workflows.js'

const icons: Readonly<Record<Starter, IconName>> = { created: 'plus', changed: 'pencil', night: 'moon', hand: 'user' }

/** `<workflow-dialog>`; resolves with what is wanted. */
@customElement('workflow-dialog')
export class WorkflowDialog extends Modal<NewWorkflow> {
  static override properties = { design: { attribute: false }, surroundings: { attribute: false }, starter: { state: true }, name: { state: true }, entity: { state: true }, field: { state: true }, role: { state: true }, tried: { state: true } }
  declare design: Design
  declare surroundings: Surroundings
  declare starter: Starter
  /** What it is called. */
  declare name: string
  declare entity: string
  declare field: string
  declare role: string
  declare tried: boolean

  constructor() {
    super()
    this.starter = 'created'
    this.name = ''
    this.entity = ''
    this.field = ''
    this.role = ''
    this.tried = false
  }

  protected override get label(): string {
    return t('process.new')
  }

  protected override content(): TemplateResult {
    const entities = entitiesOf(this.design.draft.documents, this.design.types, language.value, this.design.inferred).filter(({ archived }) => !archived)
    const chosen = entities.find(({ name }) => name === this.entity)
    const missing = (empty: boolean): string => (this.tried && empty ? t('check.required') : '')
    const text = (value: unknown): string => (typeof value === 'string' ? value : '')
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body panel-fields">
        ${entry(this.surroundings, { field: shownField('title', t('process.name'), 'text', {}, true), value: this.name, error: missing(this.name.trim() === ''), autofocus: true, change: (value) => (this.name = text(value)) })}
        <fieldset class="starters"><legend>${t('process.when')}</legend>
          ${starters.map((starter) => html`<label class="choice-card starter"><input type="radio" name="starter" .checked=${this.starter === starter} @change=${() => (this.starter = starter)} /><span class="tile">${icon(icons[starter])}</span>
            <span><strong>${t(`process.starter.${starter}`)}</strong><small>${t(`process.starterHelp.${starter}`)}</small></span></label>`)}
        </fieldset>
        ${this.starter === 'night' ? nothing : entry(this.surroundings, {
          field: choiceField('entity', t('process.whichRecords'), entities.map(({ name, title }) => [name, title]), this.starter !== 'hand'), value: this.entity, error: missing(this.starter !== 'hand' && this.entity === ''), change: (value) => (this.entity = text(value)),
        })}
        ${this.starter !== 'changed' || chosen === undefined ? nothing : entry(this.surroundings, {
          field: choiceField('field', t('process.whichField'), chosen.fields.filter(({ archived }) => !archived).map(({ key, title }) => [key, title])), value: this.field, help: t('process.whichFieldHelp'), change: (value) => (this.field = text(value)),
        })}
        ${entry(this.surroundings, {
          field: choiceField('role', t(this.starter === 'hand' ? 'process.startedBy' : 'process.actsAs'), rolesOf(this.design, language.value), this.starter !== 'hand'), value: this.role,
          help: t(this.starter === 'hand' ? 'process.startedByHelp' : 'process.actsAsHelp'), error: missing(this.starter !== 'hand' && this.role === ''), change: (value) => (this.role = text(value)),
        })}
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" @click=${() => this.#done()}>${t('process.create')}</vaadin-button>
      </footer>
    `
  }

  protected override entered(): void {
    this.#done()
  }

  #done(): void {
    this.tried = true
    const byHand = this.starter === 'hand'
    if (this.name.trim() === '' || (!byHand && this.role === '') || (!byHand && this.starter !== 'night' && this.entity === '')) return
    const taken = workflowsOf(this.design, language.value).map(({ name }) => name)
    const entity = this.starter === 'night' ? '' : this.entity
    this.close({ name: workflowName(this.name, taken), title: this.name.trim(), starter: this.starter, entity, field: this.field, role: this.role })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'workflow-dialog': WorkflowDialog
  }
}
