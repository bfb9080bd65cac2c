/** As what the records of an entity are shown. Fires `shape`. */
import '../ui/segments.css'
import './kind-switch.css'
import { popoverRenderer } from '@vaadin/popover/lit.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import { boardFields } from '../boards/lanes.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { onceOpened } from '../ui/once-opened.js'
import { narrow, narrowing } from './narrow.js'
import { rows, type Shape } from './shapes.js'
import { kindIcon, kindTitle, otherKinds, startOf } from './view-kinds.js'

/** `<kind-switch .model .entity .shape>` */
@customElement('kind-switch')
export class KindSwitch extends LightElement {
  static override properties = { model: { attribute: false }, entity: { attribute: false }, shape: { attribute: false }, opened: { state: true } }
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare shape: Shape
  declare opened: boolean

  constructor() {
    super()
    this.shape = rows
    this.opened = false
    new Watch(this, language, narrowing)
  }

  override render(): TemplateResult | typeof nothing {
    const { model, entity, shape } = this
    if (model === undefined || entity === undefined) return nothing
    const starts = otherKinds.flatMap((kind) => startOf(kind, model, entity) ?? [])
    if (starts.length === 0) return nothing
    return narrow.matches ? this.#menu(entity, shape, starts) : html`
      <span class="segments" role="group" aria-label=${t('board.kind')}>${[rows, ...starts].map((start) => this.#button(start, shape, false))}</span>
      ${shape.kind === 'board' ? this.#boardFields(entity, shape.board.by) : nothing}
    `
  }

  /** A narrow screen has no room for all of them: the present one, and a menu with their names. */
  #menu(entity: UiEntity, shape: Shape, starts: readonly Shape[]): TemplateResult {
    return html`
      <button type="button" class="plain icon-only" id="list-kind" title=${t('board.kind')} aria-label=${`${t('board.kind')}: ${kindTitle(shape.kind)}`} aria-haspopup="dialog" aria-expanded=${this.opened ? 'true' : 'false'} @click=${() => (this.opened = !this.opened)}>${icon(kindIcon(shape.kind))}</button>
      ${onceOpened(this.opened, () => html`<vaadin-popover for="list-kind" position="bottom-end" .trigger=${[]} .opened=${this.opened} overlay-role="dialog" accessible-name=${t('board.kind')}
        @opened-changed=${(event: CustomEvent<{ value: boolean }>) => (this.opened = event.detail.value)}
        ${popoverRenderer(() => html`<div class="kind-menu" role="group" aria-label=${t('board.kind')}>
          ${[rows, ...starts].map((start) => this.#button(start, shape, true))}
          ${shape.kind === 'board' ? this.#boardFields(entity, shape.board.by) : nothing}</div>`, [entity, shape, this.model, language.value])}></vaadin-popover>`)}`
  }

  #button(start: Shape, shape: Shape, named: boolean): TemplateResult {
    const title = kindTitle(start.kind)
    const pressed = start.kind === shape.kind ? 'true' : 'false'
    const choose = (): void => {
      this.opened = false
      if (start.kind !== shape.kind) this.#choose(start)
    }
    return named
      ? html`<button type="button" class="plain" aria-pressed=${pressed} @click=${choose}>${icon(kindIcon(start.kind))}${title}</button>`
      : html`<button type="button" class="plain icon-only" title=${title} aria-label=${title} aria-pressed=${pressed} @click=${choose}>${icon(kindIcon(start.kind))}</button>`
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
