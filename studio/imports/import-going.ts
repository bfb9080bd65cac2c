/** Tells on a list that an import into it is going on, and leads to it. */
import './import-going.css'
import '@vaadin/progress-bar'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { importPath } from '../shell/routes.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { importRequests } from './import-client.js'
import { isGoingOn, type Imported, type Job } from './import-state.js'

const lookMs = 2_000

/** `<import-going .client .entity>`; draws nothing while nothing goes on, says `done` when it is over. */
@customElement('import-going')
export class ImportGoing extends LightElement {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, going: { state: true } }
  declare client: Client | undefined
  declare entity: UiEntity | undefined
  declare going: Imported | null
  #timer: number | undefined

  constructor() {
    super()
    this.going = null
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    // The client is set right after the element was made.
    queueMicrotask(() => void this.#look())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearTimeout(this.#timer)
  }

  async #look(): Promise<void> {
    const { client, entity } = this
    if (client === undefined || entity === undefined || !(entity.may.create || entity.may.update)) return
    try {
      const found = await importRequests(client).list(entity.name)
      const before = this.going
      this.going = found.find((one) => isGoingOn(one.job) || isGoingOn(one.undo)) ?? null
      if (before !== null && this.going === null) this.dispatchEvent(new CustomEvent('done'))
    } catch {
      return // the list itself tells what is wrong
    }
    if (this.going !== null && this.isConnected) this.#timer = window.setTimeout(() => void this.#look(), lookMs)
  }

  override render(): TemplateResult | typeof nothing {
    const { going, entity } = this
    if (going === null || entity === undefined) return nothing
    const job: Job | null = isGoingOn(going.undo) ? going.undo : going.job
    const share = job?.total ? job.done / job.total : 0
    return html`<a class="import-going" href=${importPath(entity.name, going.id)} role="status">${icon('hourglass')}<span>${t('import.going', { file: going.fileName, percent: Math.round(share * 100) })}</span><vaadin-progress-bar .value=${Math.min(1, share)} aria-hidden="true"></vaadin-progress-bar></a>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'import-going': ImportGoing
  }
}
