/** A condition on records of an entity, clicked together: as chips, and in the builder where chips do not say enough. */
import '../lists/filter/filter-bar.js'
import './condition-entry.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import type { Surroundings } from '../fields/contract.js'
import { LightElement } from '../ui/light-element.js'

/** `<condition-entry .client .model .entity .condition .surroundings heading place>`; fires `condition` (detail: JsonObject or undefined). */
@customElement('condition-entry')
export class ConditionEntry extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, condition: { attribute: false }, surroundings: { attribute: false }, heading: {}, place: {} }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare condition: JsonObject | undefined
  declare surroundings: Surroundings
  /** Of the builder. */
  declare heading: string
  /** What the condition is about, so that what was begun in the builder is brought back there only. */
  declare place: string

  override render(): TemplateResult | typeof nothing {
    if (this.model === undefined || this.entity === undefined) return nothing
    return html`<filter-bar buildable .model=${this.model} .entity=${{ ...this.entity, searchable: false }} .condition=${this.condition} .surroundings=${this.surroundings}
      @condition=${(event: CustomEvent<JsonObject | undefined>) => this.#tell(event.detail)} @build=${() => void this.#build()}></filter-bar>`
  }

  async #build(): Promise<void> {
    const { client, model, entity, surroundings, condition, heading, place } = this
    if (client === undefined || model === undefined || entity === undefined) return
    await import('../lists/filter/filter-builder.js')
    const builder = document.createElement('filter-builder')
    builder.context = { records: client.records, model, entity, surroundings, q: '', condition, title: heading, place }
    const done = await builder.open()
    if (done !== null) this.#tell(done.condition)
  }

  #tell(condition: JsonObject | undefined): void {
    this.dispatchEvent(new CustomEvent('condition', { detail: condition }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'condition-entry': ConditionEntry
  }
}
