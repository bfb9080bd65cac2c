/** Chooses what a new tile is: a kind, and over which records. */
import './dashboard-designer.css'
import '@vaadin/button'

import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import { usualGroup } from '../../charts/choices.js'
import { language, t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon, type IconName } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import { choiceField, entry, shownField } from '../entry.js'
import { newTile, tileKinds, type TileKind } from './dashboard-shape.js'

export const tileIcons: Readonly<Record<TileKind, IconName>> = { number: 'hash', chart: 'chart', list: 'list', pivot: 'grid', goal: 'flag', funnel: 'filter' }

/** Resolves with the definition of the tile. */
@customElement('tile-gallery')
export class TileGallery extends Modal<JsonObject> {
  static override properties = { surroundings: { attribute: false }, model: { attribute: false }, tile: { state: true }, entity: { state: true }, typed: { state: true } }
  declare surroundings: Surroundings
  declare model: UiModel
  declare tile: TileKind
  declare entity: string
  declare typed: string

  constructor() {
    super()
    this.tile = 'number'
    this.entity = ''
    this.typed = ''
  }

  protected override get label(): string {
    return t('tiles.add')
  }

  protected override content(): TemplateResult {
    const entities = Object.values(this.model.entities).toSorted((a, b) => a.plural.localeCompare(b.plural, language.value))
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body panel-fields">
        <fieldset class="tile-kinds"><legend class="visually-hidden">${t('tiles.kind')}</legend>${tileKinds.map((kind) => html`
          <label class="choice-card tile-kind"><input type="radio" name="tile-kind" .checked=${kind === this.tile} @change=${() => (this.tile = kind)} /><span class="tile">${icon(tileIcons[kind])}</span><span><strong>${t(`tiles.kind.${kind}`)}</strong><small>${t(`tiles.kindHelp.${kind}`)}</small></span></label>`)}</fieldset>
        ${entry(this.surroundings, { field: choiceField('tile-entity', t('tiles.entity'), entities.map(({ name, plural }) => [name, plural]), true), value: this.entity === '' ? null : this.entity, autofocus: true, change: (value) => (this.entity = typeof value === 'string' ? value : '') })}
        ${entry(this.surroundings, { field: shownField('tile-title', t('tiles.title'), 'text'), value: this.typed, help: t('tiles.titleHelp'), change: (value) => (this.typed = typeof value === 'string' ? value : '') })}
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${this.entity === ''} @click=${() => this.#done()}>${t('tiles.add')}</vaadin-button>
      </footer>`
  }

  #done(): void {
    const entity = this.model.entities[this.entity]
    if (entity !== undefined) this.close(newTile(this.tile, this.typed.trim() || entity.plural, entity, usualGroup(this.model, entity), [t('tiles.allOf', { entity: entity.plural }), t('tiles.nextStep')]))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'tile-gallery': TileGallery
  }
}
