/** As what the records of an entity are shown. Fires `shape`. */
import '../ui/segments.css'
import './kind-switch.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import { boardFields } from '../boards/lanes.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { rows, type Kind, type Shape } from './shapes.js'
import { kindIcon, kindTitle, otherKinds, startOf } from './view-kinds.js'

/** `<kind-switch .model .entity .shape>` */
@customElement('kind-switch')
export class KindSwitch extends LightElement {
  static override properties = { model: { attribute: false }, entity: { attribute: false }, shape: { attribute: false } }
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare shape: Shape

  constructor() {
    super()
    this.shape = rows
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { model, entity, shape } = this
    if (model === undefined || entity === undefined) return nothing
    const starts = otherKinds.flatMap((kind) => startOf(kind, model, entity) ?? [])
    if (starts.length === 0) return nothing
    const button = (kind: Kind, start: Shape): TemplateResult => html`
      <button type="button" class="plain icon-only" title=${kindTitle(kind)} aria-label=${kindTitle(kind)} aria-pressed=${kind === shape.kind ? 'true' : 'false'} @click=${() => kind !== shape.kind && this.#choose(start)}>${icon(kindIcon(kind))}</button>`
    return html`
      <span class="segments" role="group" aria-label=${t('board.kind')}>${button('list', rows)}${starts.map((start) => button(start.kind, start))}</span>
      ${shape.kind === 'board' ? this.#boardFields(entity, shape.board.by) : nothing}
    `
  }

  #boardFields(entity: UiEntity, by: string): TemplateResult | typeof nothing {
    const fields = boardFields(entity)
    if (fields.length < 2) return nothing
    return html`<select aria-label=${t('board.by')} .value=${by} @change=${(event: Event & { currentTarget: HTMLSelectElement }) => this.#choose({ kind: 'board', board: { by: event.currentTarget.value } })}>
      ${fields.map(({ key, title }) => html`<option value=${key} ?selected=${key === by}>${title}</option>`)}</select>`
  }

  #choose(shape: Shape): void {
    this.dispatchEvent(new CustomEvent<Shape>('shape', { detail: shape }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kind-switch': KindSwitch
  }
}
