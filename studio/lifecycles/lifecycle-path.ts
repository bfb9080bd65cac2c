/**
 * Where a record stands in its lifecycle, and what may be done with it now. What is refused is grey, and says why when it is asked.
 * Fires `transit` (detail: UiTransition) and `why` (detail: UiTransition).
 */
import './lifecycle-path.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiTransition } from '../../metadata/contract/ui-model.js'
import type { Offer } from '../client/records.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { statesOf, stateOf, transitionsFrom } from './moving.js'

/** `<lifecycle-path .entity .record .offers .archived .busy>`; draws nothing for an entity without a lifecycle. */
@customElement('lifecycle-path')
export class LifecyclePath extends LightElement {
  static override properties = { entity: { attribute: false }, record: { attribute: false }, offers: { attribute: false }, archived: { type: Boolean }, busy: { type: Boolean } }
  declare entity: UiEntity | undefined
  declare record: JsonObject
  /** What the engine says of this version; null while it was not asked: then the model alone tells. */
  declare offers: readonly Offer[] | null
  declare archived: boolean
  declare busy: boolean

  constructor() {
    super()
    this.record = {}
    this.offers = null
    this.archived = false
    this.busy = false
    new Watch(this, language)
  }

  override updated(): void {
    // On a narrow screen the present state is in sight.
    const now = this.querySelector<HTMLElement>('[aria-current]')
    const path = now?.parentElement
    if (now === null || !path) return
    path.scrollLeft = now.offsetLeft - path.clientWidth / 2 + now.clientWidth / 2
    // What does not fit is scrolled by keys, too.
    path.toggleAttribute('tabindex', path.scrollWidth > path.clientWidth)
    if (path.hasAttribute('tabindex')) path.tabIndex = 0
  }

  override render(): TemplateResult | typeof nothing {
    const { entity } = this
    const lifecycle = entity?.lifecycle
    if (entity === undefined || lifecycle === undefined) return nothing
    const now = stateOf(entity, lifecycle, this.record)
    return html`
      <ol class="state-path" aria-label=${t('lifecycle.path')}>${this.#steps(entity, now)}</ol>
      ${this.archived ? nothing : html`<div class="state-actions" role="group" aria-label=${t('lifecycle.actions')}>${transitionsFrom(lifecycle, now).map((one, index) => this.#button(one, index))}</div>`}`
  }

  #steps(entity: UiEntity, now: Json): readonly TemplateResult[] {
    return statesOf(entity).map(({ value, label, color }) => html`<li class=${value === now ? 'now badge' : ''} data-color=${value === now ? color : nothing} aria-current=${value === now ? 'step' : nothing}>${label}</li>`)
  }

  #button(transition: UiTransition, index: number): TemplateResult {
    const offer = this.offers?.find(({ name }) => name === transition.name)
    if (offer?.allowed === false) {
      return html`<button type="button" class="plain refused" aria-describedby="state-refused-${index}" @click=${() => this.#tell('why', transition)}>${icon('lock')}<span>${transition.title}</span><small id="state-refused-${index}">${t('why.ask')}</small></button>`
    }
    return html`<button type="button" class="plain move ${index === 0 ? 'first' : ''}" ?disabled=${this.busy} @click=${() => this.#tell('transit', transition)}><span>${transition.title}</span></button>`
  }

  #tell(event: 'transit' | 'why', transition: UiTransition): void {
    this.dispatchEvent(new CustomEvent<UiTransition>(event, { detail: transition }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lifecycle-path': LifecyclePath
  }
}
