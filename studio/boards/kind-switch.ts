/** Whether the records of an entity are shown as rows or as cards, and by which field. Fires `board`: a field's key, '' for rows. */
import './kind-switch.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiBoard, UiEntity } from '../../metadata/contract/ui-model.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { icon, type IconName } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { boardFields } from './lanes.js'

/** `<kind-switch .entity .board>` */
@customElement('kind-switch')
export class KindSwitch extends LightElement {
  static override properties = { entity: { attribute: false }, board: { attribute: false } }
  declare entity: UiEntity | undefined
  declare board: UiBoard | undefined

  constructor() {
    super()
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const fields = this.entity === undefined ? [] : boardFields(this.entity)
    const [first] = fields.toSorted((a, b) => Number(b.updateable) - Number(a.updateable))
    if (first === undefined) return nothing
    const by = this.board?.by
    const kind = (value: string, symbol: IconName, text: string, on: boolean): TemplateResult => html`
      <button type="button" class="plain icon-only" title=${text} aria-label=${text} aria-pressed=${on ? 'true' : 'false'} @click=${() => !on && this.#choose(value)}>${icon(symbol)}</button>`
    return html`
      <span class="kinds" role="group" aria-label=${t('board.kind')}>${kind('', 'list', t('board.asList'), by === undefined)}${kind(first.key, 'board', t('board.asBoard'), by !== undefined)}</span>
      ${by === undefined || fields.length < 2 ? nothing : html`<select aria-label=${t('board.by')} .value=${by} @change=${(event: Event & { currentTarget: HTMLSelectElement }) => this.#choose(event.currentTarget.value)}>
        ${fields.map(({ key, title }) => html`<option value=${key} ?selected=${key === by}>${title}</option>`)}</select>`}
    `
  }

  #choose(by: string): void {
    this.dispatchEvent(new CustomEvent<string>('board', { detail: by }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kind-switch': KindSwitch
  }
}
