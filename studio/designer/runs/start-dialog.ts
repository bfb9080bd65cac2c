/** Starts the published workflow by hand, for a record or with an invented beginning. */
import '../steps/json-text.js'
import '@vaadin/button'

import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'
import { Attempt } from '../../ui/attempt.js'
import { Modal } from '../../ui/modal.js'
import type { Desk } from '../desk.js'
import { entry, shownField } from '../entry.js'
import { subjectOf } from '../workflows/begin.js'
import { startRun, type Run } from './runs.js'
import type { WorkflowSummary } from '../workflows/workflows.js'

/** `<start-dialog .desk .workflow>`; resolves with the run. */
@customElement('start-dialog')
export class StartDialog extends Modal<Run> {
  static override properties = { desk: { attribute: false }, workflow: { attribute: false }, record: { state: true }, input: { state: true } }
  declare desk: Desk
  declare workflow: WorkflowSummary
  declare record: number | null
  declare input: Json
  readonly #attempt = new Attempt(this)

  constructor() {
    super()
    this.record = null
    this.input = {}
  }

  protected override get label(): string {
    return t('process.startTitle', { workflow: this.workflow.title })
  }

  protected override get mayClose(): boolean {
    return !this.#attempt.busy
  }

  protected override content(): TemplateResult {
    const entity = this.#entity
    return html`
      <header class="dialog-head"><h2>${this.label}</h2></header>
      <div class="dialog-body panel-fields process-panel">
        <p>${t('process.startHelp')}</p>
        ${entity === ''
          ? html`<json-text .label=${t('process.input')} .value=${this.input} @value=${(event: CustomEvent<Json | undefined>) => (this.input = event.detail ?? {})}></json-text>`
          : entry(this.desk.surroundings, { field: shownField('record', this.desk.model.entities[entity]?.title ?? '', 'reference', { to: entity }, true), value: this.record, autofocus: true, change: (value) => (this.record = typeof value === 'number' ? value : null) })}
        ${this.#attempt.notice}
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" ?disabled=${this.#attempt.busy} @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${this.#attempt.busy || (entity !== '' && this.record === null)} @click=${() => void this.#start()}>${t('process.start')}</vaadin-button>
      </footer>
    `
  }

  get #entity(): string {
    const entity = subjectOf(this.workflow.workflow)
    return this.desk.model.entities[entity] === undefined ? '' : entity
  }

  async #start(): Promise<void> {
    await this.#attempt.make(async () => startRun(this.desk.client.api, this.workflow.name, this.record === null ? { input: this.input } : { record: { entity: this.#entity, id: this.record } }), (made) => this.close(made))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'start-dialog': StartDialog
  }
}
