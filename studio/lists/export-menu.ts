/** What a list shows as a file, in one of three formats. */
import './export-menu.css'
import { popoverRenderer } from '@vaadin/popover/lit.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { exportFormats, type ListQuery } from '../client/records.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { onceOpened } from '../ui/once-opened.js'

const names = { csv: 'CSV', xlsx: 'Excel (.xlsx)', jsonl: 'JSON Lines' } as const

/** `<export-menu .client .entity .query .paths>`; `paths` are the columns of the list. */
@customElement('export-menu')
export class ExportMenu extends LightElement {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, query: { attribute: false }, paths: { attribute: false }, opened: { state: true } }
  declare client: Client | undefined
  declare entity: UiEntity | undefined
  declare query: ListQuery
  declare paths: readonly string[]
  declare opened: boolean

  constructor() {
    super()
    this.query = {}
    this.paths = []
    this.opened = false
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    if (this.client === undefined || this.entity === undefined) return nothing
    return html`
      <button type="button" class="plain icon-only" title=${t('list.exportMenu')} aria-label=${t('list.exportMenu')} aria-haspopup="dialog" aria-expanded=${this.opened ? 'true' : 'false'} @click=${() => (this.opened = !this.opened)}>${icon('download')}</button>
      ${onceOpened(this.opened, () => html`<vaadin-popover .target=${this.querySelector('button') ?? undefined} position="bottom-end" .trigger=${[]} .opened=${this.opened} overlay-role="dialog" accessible-name=${t('list.exportMenu')}
        @opened-changed=${(event: CustomEvent<{ value: boolean }>) => (this.opened = event.detail.value)}
        ${popoverRenderer(() => this.#links(), [this.query, this.paths, this.entity, language.value])}></vaadin-popover>`)}
    `
  }

  #links(): TemplateResult | typeof nothing {
    const { client, entity } = this
    if (client === undefined || entity === undefined) return nothing
    const query = { ...this.query, fields: this.paths.join(',') }
    return html`<ul class="export-menu">${exportFormats.map((format) => html`
      <li><a class="plain" download href=${client.records.exportAddress(entity.name, query, format)} @click=${() => (this.opened = false)}>${icon('file')}${t('list.exportAs', { format: names[format] })}</a></li>`)}</ul>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'export-menu': ExportMenu
  }
}
