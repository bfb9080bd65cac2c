/** What is done with a whole list, beside making a record: its columns and totals, files, what was archived. On a narrow screen a menu with names. Fires `state`. */
import './list-tools.css'
import './export-menu.js'
import './table/column-picker.js'
import './table/summary-picker.js'
import { popoverRenderer } from '@vaadin/popover/lit.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiList, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { savedOf } from '../client/views.js'
import { duplicatesPath, importPath, treePath, viewDesignPath } from '../shell/routes.js'
import { icon, type IconName } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { onceOpened } from '../ui/once-opened.js'
import { columnPathsOf, frozenOf, queryOf, shapeOf, summaryOf, usualState, withFrozen, withSummary, type ListState } from './list-state.js'
import { usesOf } from './view-kinds.js'
import { narrow, narrowing } from './narrow.js'
import type { Column } from './table/columns.js'
import type { Summary } from './table/summary-picker.js'

/** `<list-tools .client .model .entity .view .state .columns>`; `columns` are those that are shown now. */
@customElement('list-tools')
export class ListTools extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, view: { attribute: false }, state: { attribute: false }, columns: { attribute: false }, designed: { type: Boolean }, opened: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare view: UiList | undefined
  declare state: ListState
  declare columns: readonly Column[]
  /** The list is changed for everybody: only what it shows. */
  declare designed: boolean
  declare opened: boolean

  constructor() {
    super()
    this.state = usualState
    this.columns = []
    this.designed = false
    this.opened = false
    new Watch(this, language, narrowing)
  }

  override render(): TemplateResult | typeof nothing {
    const { client, entity, view } = this
    if (client === undefined || entity === undefined || view === undefined) return nothing
    const tools = (): TemplateResult => this.#tools(client, entity, view)
    if (!narrow.matches) return tools()
    return html`
      <button type="button" class="plain icon-only" id="list-tools" title=${t('list.tools')} aria-label=${t('list.tools')} aria-haspopup="dialog" aria-expanded=${this.opened ? 'true' : 'false'} @click=${() => (this.opened = !this.opened)}>${icon('dots')}</button>
      ${onceOpened(this.opened, () => html`<vaadin-popover for="list-tools" position="bottom-end" .trigger=${[]} .opened=${this.opened} overlay-role="dialog" accessible-name=${t('list.tools')}
        @opened-changed=${(event: CustomEvent<{ value: boolean }>) => (this.opened = event.detail.value)}
        ${popoverRenderer(() => html`<div class="list-tools-menu">${tools()}</div>`, [entity, view, this.state, this.columns, this.model, language.value])}></vaadin-popover>`)}`
  }

  #tools(client: Client, entity: UiEntity, view: UiList): TemplateResult {
    const { model, state } = this
    const paths = columnPathsOf(view, state)
    const uses = model === undefined ? [] : usesOf(shapeOf(view, state), model, entity)
    const link = (symbol: IconName, title: string, href: string): TemplateResult => html`<a class="plain icon-only" title=${title} aria-label=${title} href=${href}>${icon(symbol)}</a>`
    const shown = html`
      <column-picker .model=${model} .entity=${entity} .paths=${paths} .usual=${view.columns} .frozen=${uses.includes('frozen') ? frozenOf(view, state) : null}
        @frozen=${(event: CustomEvent<number>) => this.#show(withFrozen(view, this.state, event.detail))}
        @columns=${(event: CustomEvent<readonly string[]>) => this.#show({ ...this.state, columns: event.detail })}></column-picker>
      ${state.archived || !uses.includes('totals') ? nothing : html`<summary-picker .grouping=${uses.includes('groups')} .entity=${entity} .columns=${this.columns} .summary=${summaryOf(view, state)} .usual=${summaryOf(view, usualState)}
        @summary=${(event: CustomEvent<Summary>) => this.#show(withSummary(view, this.state, event.detail))}></summary-picker>`}`
    if (this.designed) return shown
    return html`
      ${entity.tree === undefined ? nothing : html`<a class="plain" href=${treePath(entity.name)}>${icon('tree')}<span>${t('tree.asTree')}</span></a>`}
      ${shown}
      ${entity.may.archive && !state.archived ? html`<button type="button" class="plain icon-only" title=${t('list.archived')} aria-label=${t('list.archived')} @click=${() => this.#archived()}>${icon('archive')}</button>` : nothing}
      ${entity.duplicates !== undefined && entity.may.update ? link('copy', t('duplicates.title', { entity: entity.plural }), duplicatesPath(entity.name)) : nothing}
      ${entity.may.export ? html`<export-menu .client=${client} .entity=${entity} .query=${queryOf(view, state)} .paths=${paths}></export-menu>` : nothing}
      ${entity.may.create || entity.may.update ? link('upload', t('import.menu'), importPath(entity.name)) : nothing}
      ${model?.mayDesign === true ? link('shapes', t('view.editThis'), viewDesignPath(entity.name, savedOf(view, client.views.current.value) === undefined ? view.name : '')) : nothing}
    `
  }

  #archived(): void {
    this.opened = false
    this.#show({ ...this.state, archived: true })
  }

  #show(state: ListState): void {
    this.dispatchEvent(new CustomEvent<ListState>('state', { detail: state }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'list-tools': ListTools
  }
}
