/** A dashboard changed by hand: the page as people get it, with real records, and what is chosen beside it. */
import '../../ui/segments.css'
import './dashboard-designer.css'
import '../panel.css'
import '../../dashboards/dashboard-page.js'
import './tile-gallery.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiDashboard, UiModel, UiTile } from '../../../metadata/contract/ui-model.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { dashboardDesignPath, dashboardPath, textPath } from '../../shell/routes.js'
import { ask } from '../../ui/dialogs.js'
import { icon, type IconName } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { addTile, dashboardDocument, dashboardsOf, moveTile, removeDashboard, removeTile, setWidth, tilesOf, widest } from '../commands/dashboards.js'
import type { Desk } from '../desk.js'
import { moveDocument, nameByTitle } from '../commands/follow-title.js'
import { objectOf, suggestName, textOf } from '../draft/definitions.js'
import { problemText } from '../words.js'
import { dashboardPanel } from './dashboard-panel.js'
import { shownDashboard, widthOf } from './dashboard-shape.js'
import { screensPath } from './places.js'
import { draggedTiles } from './tile-dragging.js'
import { tilePanel } from './tile-panel.js'

const widths = ['desktop', 'phone'] as const
type Width = (typeof widths)[number]
const widthIcons: Readonly<Record<Width, IconName>> = { desktop: 'screen', phone: 'mobile' }

/** `<dashboard-designer .desk .name>` */
@customElement('dashboard-designer')
export class DashboardDesigner extends LightElement {
  static override properties = { desk: { attribute: false }, name: {}, chosen: { state: true }, width: { state: true } }
  declare desk: Desk | undefined
  declare name: string
  /** Name of the tile that is being changed; '' for the page itself. */
  declare chosen: string
  declare width: Width
  /** What was drawn last: a tile that has not changed is not asked for again. */
  #drawn: { readonly json: string; readonly model: UiModel; readonly shown: UiDashboard; readonly alone: UiModel } | null = null
  #undrag: (() => void) | null = null

  constructor() {
    super()
    this.name = ''
    this.chosen = ''
    this.width = 'desktop'
    new Watch(this, language)
  }

  override updated(): void {
    void this.#dragged()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#undrag?.()
    this.#undrag = null
  }

  /** The page draws its tiles a moment after this element, and anew once it knows the days. */
  async #dragged(): Promise<void> {
    await this.querySelector('dashboard-page')?.updateComplete
    this.#undrag?.()
    this.#undrag = this.isConnected ? draggedTiles(this, { moved: (tile, beside, after) => this.#placed(tile, beside, after), resized: (tile, columns) => this.#resized(tile, columns) }) : null
  }

  override render(): TemplateResult | typeof nothing {
    const { desk, name } = this
    if (desk === undefined) return nothing
    const document = desk.design.draft.documents[dashboardDocument(name)]
    if (document === undefined) return html`<div class="page-center">${emptyState({ icon: 'chart', title: t('tiles.gone'), text: t('tiles.goneText'), action: html`<a class="button primary" href=${screensPath}>${t('back')}</a>` })}</div>`
    const { shown, alone } = this.#page(desk)
    const chosen = objectOf(document['tiles'])[this.chosen] === undefined ? '' : this.chosen
    return html`
      ${this.#head(desk, shown.title)}
      <div class="dash-columns" ?data-selected=${chosen !== ''} data-width=${this.width}>
        <div class="dash-stage">
          ${this.#problems(desk)}
          <dashboard-page .client=${desk.client} .model=${alone} .dashboard=${shown} .query=${desk.query} .frame=${(tile: UiTile, content: TemplateResult) => this.#frame(tile, content)} @drawn=${() => void this.#dragged()}></dashboard-page>
          ${this.#resting(document, shown)}
        </div>
        <aside class="panel" aria-label=${t('designer.properties')}>
          ${chosen === ''
            ? dashboardPanel({ desk, name, remove: () => void this.#removePage(), follow: () => this.#follow(desk) })
            : tilePanel({ desk, name, tile: chosen, close: () => this.#choose(''), remove: () => this.#remove(chosen), step: (by) => this.#step(chosen, by) })}
        </aside>
      </div>
    `
  }

  /** The page of the draft; the same objects while nothing of it has changed. */
  #page({ design, drafted }: Desk): { readonly shown: UiDashboard; readonly alone: UiModel } {
    const made = shownDashboard(design.draft.documents, this.name, drafted, language.value)
    const json = JSON.stringify(made)
    if (this.#drawn?.json === json && this.#drawn.model === drafted) return this.#drawn
    const known = new Map(this.#drawn?.model === drafted ? this.#drawn.shown.tiles.map((tile) => [JSON.stringify(tile), tile]) : [])
    const shown = { ...made, tiles: made.tiles.map((tile) => known.get(JSON.stringify(tile)) ?? tile) }
    this.#drawn = { json, model: drafted, shown, alone: this.#drawn?.model === drafted ? this.#drawn.alone : { ...drafted, dashboards: [] } }
    return this.#drawn
  }

  #head(desk: Desk, title: string): TemplateResult {
    const isLive = desk.design.published.documents[dashboardDocument(this.name)] !== undefined
    return html`
      <header class="studio-head">
        <a class="plain icon-only" href=${screensPath} aria-label=${t('screens.back')}>${icon('arrowLeft')}</a>
        <div class="entity-title"><h1>${title}</h1></div>
        <span class="grow"></span>
        <div class="segments" role="group" aria-label=${t('form.width')}>${widths.map((width) => html`<button type="button" class="plain icon-only" title=${t(`form.width.${width}`)} aria-label=${t(`form.width.${width}`)} aria-pressed=${width === this.width ? 'true' : 'false'} @click=${() => (this.width = width)}>${icon(widthIcons[width])}</button>`)}</div>
        ${isLive ? html`<a class="plain icon-only" href=${dashboardPath(this.name)} title=${t('tiles.open')} aria-label=${t('tiles.open')}>${icon('external')}</a>` : nothing}
        <a class="plain icon-only" href=${textPath(dashboardDocument(this.name))} title=${t('form.asText')} aria-label=${t('form.asText')}>${icon('braces')}</a>
        <vaadin-button theme="primary" class="add" aria-label=${t('tiles.add')} @click=${() => void this.#add(desk)}>${icon('plus', 'prefix')}<span class="wide">${t('tiles.add')}</span></vaadin-button>
      </header>`
  }

  #problems({ design }: Desk): TemplateResult | typeof nothing {
    const path = dashboardDocument(this.name)
    const found = design.problems.filter((problem) => problem.path.split('#')[0] === path)
    return found.length === 0 ? nothing : html`<ul class="problem-list">${found.map((problem) => html`<li>${icon('warning')}<span>${problemText(problem)}<code>${problem.path.split('#')[1] ?? ''}</code></span></li>`)}</ul>`
  }

  #frame(tile: UiTile, content: TemplateResult): TemplateResult {
    const isChosen = tile.name === this.chosen
    return html`
      <div class="tile-frame" data-tile=${tile.name} style="--width: ${tile.width}" ?data-chosen=${isChosen} @click=${() => this.#choose(tile.name)}>
        <button type="button" class="tile-handle" aria-pressed=${isChosen ? 'true' : 'false'} aria-label=${t('tiles.handle', { tile: tile.title, width: tile.width })} title=${t('tiles.handleHelp')} @keydown=${(event: KeyboardEvent) => this.#keyed(event, tile)}>${icon('dots')}</button>
        <div inert>${content}</div>
        <span class="tile-edge" aria-hidden="true"></span>
      </div>`
  }

  /** Tiles that are not on the page: they lack something, or are about what is not there. */
  #resting(document: Parameters<typeof tilesOf>[0], shown: UiDashboard): TemplateResult | typeof nothing {
    const resting = tilesOf(document).filter((name) => !shown.tiles.some((tile) => tile.name === name))
    return resting.length === 0 ? nothing : html`<ul class="tiles-resting" aria-label=${t('tiles.resting')}>${resting.map((name) => html`<li><button type="button" class="plain" @click=${() => this.#choose(name)}>${icon('warning')}${textOf(objectOf(objectOf(document?.['tiles'])[name])['title']) || name}<small>${t('tiles.restingText')}</small></button></li>`)}</ul>`
  }

  #choose(name: string): void {
    this.chosen = name
    // The page draws its frames itself.
    this.querySelector('dashboard-page')?.requestUpdate()
  }

  // ── what is done with tiles ──

  async #add(desk: Desk): Promise<void> {
    const gallery = document.createElement('tile-gallery')
    gallery.surroundings = desk.surroundings
    gallery.model = desk.drafted
    const tile = await gallery.open()
    const { perform, design } = this.desk ?? desk
    if (tile === null) return
    const name = suggestName(textOf(tile['title']), 'tile', tilesOf(design.draft.documents[dashboardDocument(this.name)]))
    perform((documents) => addTile(documents, this.name, name, tile))
    this.#choose(name)
  }

  get #order(): readonly string[] {
    return tilesOf(this.desk?.design.draft.documents[dashboardDocument(this.name)])
  }

  #step(tile: string, by: number): void {
    this.desk?.perform((documents) => moveTile(documents, this.name, tile, this.#order.indexOf(tile) + by))
  }

  #placed(tile: string, beside: string, after: boolean): void {
    const others = this.#order.filter((name) => name !== tile)
    this.desk?.perform((documents) => moveTile(documents, this.name, tile, others.indexOf(beside) + (after ? 1 : 0)))
  }

  #resized(tile: string, columns: number): void {
    this.desk?.perform((documents) => setWidth(documents, this.name, tile, Math.min(columns, widest)), `width:${this.name}:${tile}`)
  }

  #remove(tile: string): void {
    this.desk?.perform((documents) => removeTile(documents, this.name, tile))
    this.#choose('')
  }

  /** Alt with arrows moves, with Shift besides makes it wider or narrower, Delete takes it off: the keyboard stays on the tile. */
  #keyed(event: KeyboardEvent, { name }: UiTile): void {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
    if (event.key !== 'Delete' && (by === undefined || !event.altKey)) return
    event.preventDefault()
    event.stopPropagation()
    if (by === undefined) return this.#remove(name)
    const tile = objectOf(objectOf(this.desk?.design.draft.documents[dashboardDocument(this.name)]?.['tiles'])[name])
    if (event.shiftKey) this.#resized(name, widthOf(tile) + by)
    else this.#step(name, by)
    void this.#focus(name)
  }

  async #focus(name: string): Promise<void> {
    await this.updateComplete
    await this.querySelector('dashboard-page')?.updateComplete
    this.querySelector<HTMLElement>(`[data-tile="${CSS.escape(name)}"] .tile-handle`)?.focus()
  }

  #follow({ perform, design: { draft: { documents }, published } }: Desk): void {
    const from = this.name
    const next = nameByTitle(documents, published.documents, { name: from, fallback: 'dashboard', pathOf: dashboardDocument, taken: dashboardsOf(documents, 'en').map((one) => one.name) })
    if (next === null) return
    perform((now) => moveDocument(now, dashboardDocument(from), dashboardDocument(next)))
    router.replace(dashboardDesignPath(next))
  }

  async #removePage(): Promise<void> {
    if (!(await ask({ title: t('tiles.removePageTitle'), text: t('text.removeText'), yes: t('tiles.removePage'), no: t('cancel'), danger: true }))) return
    this.desk?.perform((documents) => removeDashboard(documents, this.name))
    await router.go(screensPath)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'dashboard-designer': DashboardDesigner
  }
}
