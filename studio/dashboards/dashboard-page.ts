/** A dashboard: what it is narrowed by, kept in its address, and its tiles. */
import './dashboard-page.css'
import './dashboard-tile.js'
import '../fields/inputs.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiDashboard, UiModel, UiPageFilter, UiTile } from '../../metadata/contract/ui-model.js'
import { both } from '../charts/chart-conditions.js'
import type { Client } from '../client/client.js'
import { daysText, language, listed, t } from '../client/i18n.js'
import { fieldAt } from '../client/model.js'
import { Watch } from '../client/store.js'
import { toWall } from '../client/zone.js'
import type { Surroundings } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'
import { lookupFor } from '../fields/lookup.js'
import { firstUnread } from '../fields/unread.js'
import { usualState, writeState } from '../lists/list-state.js'
import { rows } from '../lists/shapes.js'
import { router } from '../shell/router.js'
import { dashboardDesignPath, dashboardPath, listPath, recordPath } from '../shell/routes.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { pageSpan, periodNames, readPage, spanBefore, tileCondition, writePage, type PageState } from './page-state.js'
import type { Span } from './spans.js'
import type { TileQuestion } from './tile-kinds.js'

/** `<dashboard-page .client .model .dashboard .query .frame>`; fires `drawn` where it has frames. */
@customElement('dashboard-page')
export class DashboardPage extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, dashboard: { attribute: false }, query: {}, frame: { attribute: false }, last: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare dashboard: UiDashboard | undefined
  declare query: string
  /** Draws something around each tile, for those who change the page. */
  declare frame: ((tile: UiTile, content: TemplateResult) => TemplateResult) | undefined
  /** The day that periods end with; undefined while it is not known. */
  declare last: string | undefined
  #asked: readonly unknown[] = []
  #surroundings: Surroundings | undefined

  constructor() {
    super()
    this.query = ''
    new Watch(this, language)
  }

  get #zone(): string {
    return this.client?.session.user?.timeZone ?? ''
  }

  override willUpdate(): void {
    const { client, model, dashboard } = this
    if (client === undefined || model === undefined || dashboard === undefined || (this.#asked[0] === model && this.#asked[1] === dashboard.name)) return
    this.#asked = [model, dashboard.name]
    this.#surroundings = { timeZone: this.#zone, viewOf, lookup: lookupFor(client, model, recordPath) }
    void this.#end(client, dashboard)
  }

  /** Finds out which day the periods end with. Without an answer it is today: then the tiles show what they have. */
  async #end(client: Client, { period }: UiDashboard): Promise<void> {
    const today = toWall(new Date().toISOString(), this.#zone).slice(0, 10)
    const newest = period?.newest
    if (newest === undefined) {
      this.last = today
      return
    }
    const [all] = await client.records.aggregate(newest.entity, { measures: { value: { max: newest.field } } }).catch((): readonly JsonObject[] => [])
    const value = all?.['value']
    this.last = typeof value !== 'string' ? today : this.#isMoment(newest.entity, newest.field) ? toWall(value, this.#zone).slice(0, 10) : value.slice(0, 10)
  }

  #isMoment(entity: string, path: string): boolean {
    const target = this.model?.entities[entity]
    const field = target === undefined || this.model === undefined ? undefined : fieldAt(this.model, target, path)
    return field !== undefined && viewOf(field.type).moment === true
  }

  override updated(): void {
    if (this.frame !== undefined) this.dispatchEvent(new CustomEvent('drawn'))
  }

  override render(): TemplateResult | typeof nothing {
    const { client, model, dashboard, last } = this
    if (client === undefined || model === undefined || dashboard === undefined) return nothing
    const state = readPage(dashboard, this.query)
    const span = last === undefined ? null : pageSpan(state, last)
    return html`
      <header class="dash-head">
        ${model.dashboards.length > 1 ? this.#tabs(model.dashboards, dashboard) : html`<h1>${dashboard.title}</h1>`}
        <span class="grow"></span>
        <div class="dash-filters" role="group" aria-label=${t('dashboard.filters')}>
          ${dashboard.filters.map((filter) => this.#filter(model, filter, state))}
          ${dashboard.period === undefined ? nothing : this.#period(state, span)}
        </div>
        ${model.mayDesign ? html`<a class="plain icon-only" href=${dashboardDesignPath(dashboard.name)} title=${t('dashboard.editThis')} aria-label=${t('dashboard.editThis')}>${icon('shapes')}</a>` : nothing}
      </header>
      ${last === undefined ? nothing : html`<div class="dash-grid">${repeat(dashboard.tiles, ({ name }) => name, (tile) => this.#tile(tile, { client, model, state, span }))}</div>`}
    `
  }

  #tabs(all: readonly UiDashboard[], current: UiDashboard): TemplateResult {
    return html`<h1 class="visually-hidden">${current.title}</h1>
      <nav class="dash-tabs" aria-label=${t('dashboard.all')}>${all.map(({ name, title }) => html`<a href=${dashboardPath(name)} aria-current=${name === current.name ? 'page' : nothing}>${title}</a>`)}</nav>`
  }

  #period(state: PageState, span: Span | null): TemplateResult {
    const choose = ({ currentTarget: { value } }: Event & { currentTarget: HTMLSelectElement }): void => {
      const period = periodNames.find((one) => one === value)
      if (period !== undefined) this.#show({ ...state, period })
      else if (span !== null || this.last !== undefined) this.#show({ ...state, period: 'custom', ...(span ?? { from: `${(this.last ?? '').slice(0, 4)}-01-01`, to: this.last ?? '' }) })
    }
    return html`
      <label class="dash-period">${icon('calendar')}<span class="visually-hidden">${t('dashboard.period')}</span>
        <select .value=${state.period} @change=${choose}>
          ${periodNames.map((name) => html`<option value=${name} ?selected=${name === state.period}>${t(`dashboard.period.${name}`)}</option>`)}
          <option value="custom" ?selected=${state.period === 'custom'}>${t('dashboard.period.custom')}</option>
        </select>
      </label>
      ${state.period === 'custom' ? this.#days(state) : span === null ? nothing : html`<small class="dash-span">${daysText(span.from, span.to)}</small>`}
    `
  }

  #days(state: PageState): TemplateResult {
    const input = (name: 'from' | 'to'): TemplateResult => {
      const set = ({ currentTarget }: Event & { currentTarget: HTMLInputElement }): void => {
        const next = { ...state, [name]: currentTarget.value }
        if (next.from !== '' && next.to !== '') this.#show(next.from <= next.to ? next : { ...next, [name === 'from' ? 'to' : 'from']: currentTarget.value })
      }
      return html`<input type="date" aria-label=${t(`dashboard.${name}`)} .value=${state[name]} required @change=${set} />`
    }
    return html`<span class="dash-days">${input('from')}<span aria-hidden="true">–</span>${input('to')}</span>`
  }

  #filter(model: UiModel, { name, title, entity, field: path }: UiPageFilter, state: PageState): TemplateResult | typeof nothing {
    const target = model.entities[entity]
    const field = target === undefined ? undefined : fieldAt(model, target, path)
    if (field === undefined || this.#surroundings === undefined) return nothing
    const set = (value: Json): void => {
      // What is no value narrows nothing, and does not widen either.
      if (value === null && firstUnread(this.querySelector(`[data-filter="${name}"]`)) !== null) return
      const { [name]: _before, ...others } = state.filters
      this.#show({ ...state, filters: value === null ? others : { ...others, [name]: value } })
    }
    const input = viewOf(field.type).input({ ...this.#surroundings, field: { ...field, required: false, title }, value: state.filters[name], label: '', required: false, disabled: false, error: '', help: '', change: set, touch: () => {} })
    return html`<div class="dash-filter" data-filter=${name}><span aria-hidden="true">${title}</span>${input}</div>`
  }

  #tile(tile: UiTile, { client, model, state, span }: { readonly client: Client; readonly model: UiModel; readonly state: PageState; readonly span: Span | null }): TemplateResult | typeof nothing {
    const entity = model.entities[tile.entity]
    if (entity === undefined || this.#surroundings === undefined) return nothing
    const zone = { isMoment: tile.period !== undefined && this.#isMoment(tile.entity, tile.period), timeZone: this.#zone }
    const condition = tileCondition(tile, state.filters, span, zone)
    const own = tile.period === undefined ? null : span
    const earlier = own === null ? null : spanBefore(state, own)
    const question: TileQuestion = {
      client, model, entity, surroundings: this.#surroundings, condition, span: own,
      before: earlier === null ? null : { span: earlier, condition: tileCondition(tile, state.filters, earlier, zone) },
      address: (more) => listPath(entity.name, writeState({ ...usualState, filter: both(condition, more), shape: rows })),
    }
    const content = html`<dashboard-tile style="--width: ${tile.width}" data-kind=${tile.kind} .tile=${tile} .question=${question} .key=${JSON.stringify([condition, own, language.value])} .aside=${this.#aside(tile, state, span)}></dashboard-tile>`
    return this.frame === undefined ? content : this.frame(tile, content)
  }

  /** What of the page does not narrow the tile, so that nobody reads its numbers as if it did. */
  #aside(tile: UiTile, { filters }: PageState, span: Span | null): string {
    const without = (this.dashboard?.filters ?? []).filter(({ name }) => Object.hasOwn(filters, name) && !Object.hasOwn(tile.filters, name)).map(({ title }) => title)
    const timeless = tile.period === undefined && span !== null && this.dashboard?.period !== undefined
    return [...(timeless ? [t('dashboard.anyPeriod')] : []), ...(without.length === 0 ? [] : [t('dashboard.notBy', { filters: listed(without) })])].join(' · ')
  }

  #show(state: PageState): void {
    if (this.dashboard !== undefined) router.replace(location.pathname + writePage(this.dashboard, state))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'dashboard-page': DashboardPage
  }
}
