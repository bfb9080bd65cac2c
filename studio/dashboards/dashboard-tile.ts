/** One tile: its title, what it shows, and what it says while it is asked for, or when there is nothing, or when it cannot be asked for. */
import './dashboard-tile.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiTile } from '../../metadata/contract/ui-model.js'
import { language, t } from '../client/i18n.js'
import { newsOfRecords } from '../client/model.js'
import { asProblem } from '../client/problem.js'
import { Refresh } from '../client/refresh.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem } from '../ui/toast.js'
import { askTile, heightOf, type Shown, type TileQuestion } from './tile-kinds.js'

type Result = { readonly state: 'loading' } | { readonly state: 'refused' } | { readonly state: 'failed'; readonly reason: string } | { readonly state: 'ready'; readonly shown: Shown }

/** After changes of its records a tile is asked for again, but not for each of a thousand. */
const refreshPauseMs = 4_000

/** `<dashboard-tile .tile .question .key .aside>`; another `key` is another question. */
@customElement('dashboard-tile')
export class DashboardTile extends LightElement {
  static override properties = { tile: { attribute: false }, question: { attribute: false }, key: {}, aside: {}, result: { state: true }, busy: { state: true }, table: { state: true } }
  declare tile: UiTile | undefined
  declare question: TileQuestion | undefined
  declare key: string
  /** What is to be said beside the title, '' for nothing. */
  declare aside: string
  declare result: Result
  declare busy: boolean
  /** Numbers instead of a drawing. */
  declare table: boolean
  #asked: readonly unknown[] = []
  #request: AbortController | null = null

  constructor() {
    super()
    this.key = ''
    this.aside = ''
    this.result = { state: 'loading' }
    this.busy = false
    this.table = false
    new Watch(this, language)
    new Refresh(this, { pauseMs: refreshPauseMs, listen: newsOfRecords(() => this.question?.client.model, ({ entity }) => entity === this.tile?.entity), ask: () => this.#ask() })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#request?.abort()
  }

  override willUpdate(): void {
    if (this.#asked[0] === this.key && this.#asked[1] === this.tile) return
    this.#asked = [this.key, this.tile]
    void this.#ask()
  }

  async #ask(): Promise<void> {
    const { tile, question } = this
    if (tile === undefined || question === undefined) return
    this.#request?.abort()
    const request = new AbortController()
    this.#request = request
    this.busy = true
    try {
      const shown = await askTile(tile, question, request.signal)
      if (!request.signal.aborted) this.result = { state: 'ready', shown }
    } catch (thrown) {
      if (request.signal.aborted) return
      const { status } = asProblem(thrown)
      // Rights may have changed since the page was told of the tile; why is nobody's business.
      this.result = status === 403 || status === 404 ? { state: 'refused' } : { state: 'failed', reason: describeProblem(thrown) }
    }
    this.busy = false
  }

  override render(): TemplateResult | typeof nothing {
    const { tile, question, result } = this
    if (tile === undefined || question === undefined) return nothing
    const tabular = result.state === 'ready' && result.shown.tabular === true && !result.shown.empty
    const other = t(this.table ? 'chart.asChart' : 'chart.asTable')
    return html`
      <section class="tile-card" aria-busy=${this.busy ? 'true' : 'false'} aria-label=${tile.title}>
        <header>
          <div class="quiet-links"><h2><a href=${question.address()}>${tile.title}</a></h2>${this.aside === '' ? nothing : html`<small>${this.aside}</small>`}</div>
          ${tabular ? html`<button type="button" class="plain icon-only" title=${other} aria-label=${`${other}: ${tile.title}`} aria-pressed=${this.table ? 'true' : 'false'} @click=${() => (this.table = !this.table)}>${icon(this.table ? 'chart' : 'grid')}</button>` : nothing}
        </header>
        ${this.#body(tile, result)}
      </section>
    `
  }

  #body(tile: UiTile, result: Result): TemplateResult {
    if (result.state === 'loading') return html`<div class="tile-skeleton" style="--height: ${heightOf(tile)}px" role="status" aria-label=${t('loading')}><i></i><i></i></div>`
    if (result.state === 'refused') return html`<p class="tile-note">${icon('lock')}${t('dashboard.refused')}</p>`
    if (result.state === 'failed') {
      return html`<p class="tile-note">${icon('warning')}<span>${result.reason}</span></p><button type="button" class="plain accent" @click=${() => void this.#ask()}>${icon('refresh')}${t('retry')}</button>`
    }
    return result.shown.empty ? html`<p class="tile-note quiet">${t('dashboard.empty')}</p>` : result.shown.render(this.table)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'dashboard-tile': DashboardTile
  }
}
