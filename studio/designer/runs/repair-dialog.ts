/** What is done about a run, and why: everybody who looks at it later reads the reason. */
import '../steps/json-text.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../../metadata/contract/json.js'
import type { Api } from '../../client/api.js'
import { t } from '../../client/i18n.js'
import { Attempt } from '../../ui/attempt.js'
import { Modal } from '../../ui/modal.js'
import { repairRun, type RepairVerb, type Run } from './runs.js'

/** `<repair-dialog .api .run .verb>`; resolves with the run as it is then. */
@customElement('repair-dialog')
export class RepairDialog extends Modal<Run> {
  static override properties = { api: { attribute: false }, run: {}, verb: {}, reason: { state: true }, output: { state: true } }
  declare api: Api
  declare run: string
  declare verb: RepairVerb
  declare reason: string
  declare output: Json | undefined
  readonly #attempt = new Attempt(this)

  constructor() {
    super()
    this.run = ''
    this.verb = 'retry'
    this.reason = ''
  }

  protected override get label(): string {
    return t(`process.repair.${this.verb}`)
  }

  protected override get mayClose(): boolean {
    return !this.#attempt.busy
  }

  protected override content(): TemplateResult {
    return html`
      <header class="dialog-head"><h2>${this.label}</h2></header>
      <div class="dialog-body panel-fields process-panel">
        <p>${t(`process.repairHelp.${this.verb}`)}</p>
        <label class="plain-entry"><span>${t('process.reason')}</span><textarea class="reason" rows="3" maxlength="1000" required autofocus .value=${this.reason} @input=${(event: InputEvent) => (this.reason = (event.target as HTMLTextAreaElement).value)}></textarea></label>
        ${this.verb === 'skip' ? html`<json-text .label=${t('process.skipOutput')} .value=${this.output} @value=${(event: CustomEvent<Json | undefined>) => (this.output = event.detail)}></json-text>` : nothing}
        ${this.#attempt.notice}
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" ?disabled=${this.#attempt.busy} @click=${() => this.close(null)}>${t('process.leave')}</vaadin-button>
        <vaadin-button theme=${this.verb === 'cancel' ? 'primary error' : 'primary'} ?disabled=${this.#attempt.busy || this.reason.trim() === ''} @click=${() => void this.#do()}>${this.label}</vaadin-button>
      </footer>
    `
  }

  async #do(): Promise<void> {
    await this.#attempt.make(async () => repairRun(this.api, this.run, this.verb, { reason: this.reason.trim(), ...(this.verb === 'skip' && this.output !== undefined ? { output: this.output } : {}) }), (made) => this.close(made))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'repair-dialog': RepairDialog
  }
}
