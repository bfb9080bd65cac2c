/** The home of the studio: what the system is made of, how it is, what was changed last, and a search over everything. */
import './overview-page.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { until } from 'lit/directives/until.js'

import { parsePath, type DocumentKind } from '../../../metadata/contract/document-path.js'
import { ago, instant, language, languageTitle, listed, number, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { zoneName, zonesWith } from '../../client/zones.js'
import { designPath } from '../../shell/routes.js'
import { icon, type IconName } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { describeProblem } from '../../ui/toast.js'
import type { Desk } from '../desk.js'
import { setSetting } from '../commands/set-field.js'
import { setValue } from '../commands/set-value.js'
import { addressOf, entityPath, objectOf, textLanguages, textOf } from '../draft/definitions.js'
import { applyAll, type Documents, type Operation } from '../draft/operations.js'
import { percentDone, progressOf, translatedTexts } from '../texts/catalog.js'
import { grouped } from '../grouped.js'
import { functionsIn } from '../workflows/functions.js'
import { layerTitle, placeText, problemText, Titles } from '../words.js'
import { lifecycleAddress, runsAddress, workflowAddress } from '../workflows/places.js'
import { findDefinitions } from './find.js'

interface Version {
  readonly version: number
  readonly at: string
  readonly by: number | null
  readonly message: string
}

interface Health {
  readonly quarantined: readonly { readonly path: string; readonly code: string; readonly message: string }[]
  readonly workflows: readonly { readonly name: string; readonly failed: number }[]
  readonly jobs: readonly { readonly id: number; readonly kind: string; readonly endedAt: string | null }[]
  readonly views: readonly { readonly path: string; readonly entity: string; readonly fields: readonly string[] }[]
  readonly questions: readonly { readonly entity: string; readonly fields: readonly string[]; readonly times: number; readonly longestMilliseconds: number; readonly lastAt: string }[]
}

interface Loaded {
  readonly versions: readonly Version[]
  readonly health: Health
}

/** `<overview-page .desk>` */
@customElement('overview-page')
export class OverviewPage extends LightElement {
  static override properties = { desk: { attribute: false }, loaded: { state: true }, failure: { state: true }, q: { state: true } }
  declare desk: Desk | undefined
  declare loaded: Loaded | null
  declare failure: string
  declare q: string
  #asked = -1

  constructor() {
    super()
    this.loaded = null
    this.failure = ''
    this.q = ''
    new Watch(this, language)
  }

  override willUpdate(): void {
    const { desk } = this
    if (desk === undefined || this.#asked === desk.design.published.version) return
    this.#asked = desk.design.published.version
    void this.#load(desk)
  }

  async #load({ client }: Desk): Promise<void> {
    try {
      const [versions, health] = await Promise.all([client.api.get<{ readonly versions: readonly Version[] }>('/api/definitions/versions'), client.api.get<Health>('/api/definitions/health')])
      this.loaded = { versions: versions.body.versions.slice(0, 6), health: health.body }
    } catch (thrown) {
      this.failure = describeProblem(thrown)
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { desk } = this
    if (desk === undefined) return nothing
    const titles = new Titles(desk.design.draft.documents, desk.design.published.documents)
    return html`
      <header class="studio-head"><div><h1>${t('overview.title')}</h1><p class="quiet">${t('overview.lead')}</p></div></header>
      <div class="overview">
        <label class="palette-search overview-search">${icon('search')}<input type="search" aria-label=${t('overview.find')} placeholder=${t('overview.find')} .value=${this.q}
          @input=${(event: InputEvent) => (this.q = event.target instanceof HTMLInputElement ? event.target.value : '')} /></label>
        ${this.q.trim() === '' ? html`
          ${this.#health(desk, titles)}
          ${this.#map(desk, titles)}
          ${this.#recent(desk)}
          ${this.#zone(desk)}` : this.#found(desk, titles)}
      </div>`
  }

  #found({ design }: Desk, titles: Titles): TemplateResult {
    const found = findDefinitions(design.draft.documents, this.q)
    return html`<section aria-label=${t('overview.results')}><p class="quiet" role="status">${t('overview.found', { count: found.length })}</p>
      <ul class="overview-found">${found.map(({ path, text }) => html`<li><a href=${addressOf(path)}><strong>${placeText(path, titles)}</strong>${path.includes(text) ? nothing : html`<span class="quiet">${text}</span>`}<code>${path}</code></a></li>`)}</ul></section>`
  }

  #map({ design }: Desk, titles: Titles): TemplateResult {
    const { documents } = design.draft
    const kinds = grouped(Object.keys(documents), (path): DocumentKind | undefined => parsePath(path)?.kind)
    const of = (...wanted: readonly DocumentKind[]): readonly string[] => wanted.flatMap((kind) => kinds.get(kind) ?? []).filter((path) => objectOf(documents[path]?.['crm'])['archived'] !== true)
    const links = (paths: readonly string[], address: (path: string) => string = addressOf): readonly TemplateResult[] => paths.map((path) => html`<li><a href=${address(path)}>${placeText(path, titles)}</a></li>`)
    const plugins = functionsIn(design.published, language.value).filter(({ title }) => title !== undefined)
    const process = (path: string): string => {
      const parsed = parsePath(path)
      return parsed?.kind === 'lifecycle' ? lifecycleAddress(parsed.entity) : workflowAddress(parsed?.name ?? '')
    }
    return html`<div class="overview-map">
      ${card('shapes', t('designer.entities'), '/studio', of('entity').length, links(of('entity')))}
      ${card('screen', t('overview.screens'), '/studio', of('view', 'form', 'dashboard').length, links(of('view', 'form', 'dashboard')))}
      ${card('spark', t('process.area'), '/studio/processes', of('workflow', 'lifecycle').length, links(of('workflow', 'lifecycle'), process))}
      ${card('filter', t('segments.area'), '/studio/segments', of('segment').length, links(of('segment')))}
      ${card('shield', t('access.title'), '/studio/roles', of('role').length, of('role').map((path) => html`<li><a href=${`/studio/roles/${encodeURIComponent(parsePath(path)?.name ?? '')}`}>${titles.document(path)}</a></li>`))}
      ${card('language', t('texts.title'), '/studio/texts', textLanguages(documents).length, this.#languages(documents, design.published.documents))}
      ${card('layers', t('layers.title'), '/studio/layers', design.published.layers.length, design.published.layers.map((name) => html`<li><a href="/studio/layers">${layerTitle(name)}</a></li>`))}
      ${plugins.length === 0 ? nothing : card('grid', t('overview.plugins'), '/studio/processes', plugins.length, plugins.map(({ name, title, description }) => html`<li><span title=${description}>${title}</span> <code>${name}</code></li>`))}
    </div>`
  }

  #languages(documents: Documents, published: Documents): readonly TemplateResult[] {
    return textLanguages(documents).map((tag) => html`<li><a href=${`/studio/texts?language=${encodeURIComponent(tag)}`}>${languageTitle(tag)}</a> <span class="quiet">${percentDone(progressOf(translatedTexts(documents, published, tag, new Map())))} %</span></li>`)
  }

  #health(desk: Desk, titles: Titles): TemplateResult {
    const { loaded } = this
    const health = loaded?.health
    const lines: readonly TemplateResult[] = [
      ...desk.design.problems.map((problem) => line('red', html`<a href=${addressOf(problem.path)}>${placeText(problem.path, titles)}</a> ${problemText(problem)}`, t('overview.problem'))),
      ...(health?.quarantined ?? []).map((problem) => line('red', html`<a href=${addressOf(problem.path)}>${placeText(problem.path, titles)}</a> ${problemText(problem)}`, t('overview.quarantined'))),
      ...(health?.workflows ?? []).map(({ name, failed }) => line('red', html`<a href=${runsAddress({ workflow: name, status: 'faulted' })}>${titles.document(`workflows/${name}.json`)}</a> ${t('overview.failedRuns', { count: failed })}`, t('overview.workflow'))),
      ...(health?.jobs ?? []).map(({ kind, endedAt }) => line('red', html`${kind} ${endedAt === null ? '' : ago(endedAt)}`, t('overview.job'))),
      ...(health?.views ?? []).map(({ path, entity, fields }) => line('amber', html`<a href=${addressOf(path)}>${placeText(path, titles)}</a> ${t('overview.unindexed', { fields: fields.map((key) => titles.field(entity, key)).join(', ') })} ${this.#addIndex(desk, titles, entity, fields)} <a href=${`${designPath(entity)}?settings=indexes`}>${t('overview.addIndex')}</a>`, t('overview.slow'))),
      ...(health?.questions ?? []).map((question) => this.#slow(desk, titles, question)),
    ]
    return html`<section class="overview-card" aria-label=${t('overview.health')}><h2>${t('overview.health')}</h2>
      ${this.failure === '' ? nothing : html`<p class="wrong">${this.failure}</p>`}
      ${loaded === null && this.failure === '' ? html`<p class="quiet" aria-busy="true">${t('loading')}</p>` : nothing}
      ${lines.length > 0 ? html`<ul class="overview-lines">${lines}</ul>` : loaded === null ? nothing : html`<p>${icon('check')} ${t('overview.healthy')}</p>`}</section>`
  }

  /** What people waited for, and why an index would help. */
  #slow(desk: Desk, titles: Titles, { entity, fields, times, longestMilliseconds, lastAt }: Health['questions'][number]): TemplateResult {
    const said = t('overview.waited', { fields: listed(fields.map((key) => titles.field(entity, key))), count: times, seconds: number(longestMilliseconds / 1000, { maximumSignificantDigits: 2 }), ago: ago(lastAt) })
    return line('amber', html`<a href=${designPath(entity)}>${titles.plural(entity)}</a> ${said} ${this.#addIndex(desk, titles, entity, fields)}<br /><small class="quiet">${t('overview.whyIndex')}</small>`, t('overview.slowQuestion'))
  }

  /** The index that is missing is one press away; it comes with the next publish. */
  #addIndex({ design, perform }: Desk, titles: Titles, entity: string, fields: readonly string[]): TemplateResult {
    const properties = objectOf(design.draft.documents[entityPath(entity)]?.['properties'])
    const missing = fields.filter((key) => objectOf(objectOf(properties[key])['crm'])['index'] !== true)
    if (missing.length === 0) return html`<span class="quiet">${icon('check')} ${t('overview.indexDrafted')}</span>`
    return html`<button type="button" class="plain accent" @click=${() => perform((documents) => missing.reduce<readonly Operation[]>((done, key) => [...done, ...setSetting(applyAll(documents, done), { entity, key }, 'index', true)], []))}>${icon('plus')}${t('overview.makeIndex', { fields: listed(missing.map((key) => titles.field(entity, key))) })}</button>`
  }

  /** When days begin for what is computed; people see times in zones of their own. */
  #zone({ design, perform }: Desk): TemplateResult {
    const chosen = textOf(design.draft.documents['layer.json']?.['timeZone']) || 'UTC'
    const choose = (zone: string): void => perform((documents) => setValue(documents, ['layer.json', 'timeZone'], zone), 'time-zone')
    return html`
      <div class="overview-card overview-zone">
        <label><span>${t('designer.timeZone')}</span><select class="plain-select" name="time-zone" aria-describedby="overview-zone-help" @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
          ${zonesWith(chosen).map((name) => html`<option value=${name} ?selected=${name === chosen}>${zoneName(name)}</option>`)}</select></label>
        <small id="overview-zone-help" class="quiet">${t('designer.timeZoneHelp')}</small>
      </div>`
  }

  #recent({ client, design }: Desk): TemplateResult {
    const zone = client.session.user?.timeZone ?? ''
    return html`<section class="overview-card" aria-label=${t('overview.recent')}><h2><a href="/studio/versions">${t('overview.recent')}</a></h2>
      <ul class="overview-lines">${(this.loaded?.versions ?? []).map((version) => html`<li><a href=${`/studio/versions/${version.version}`}>${version.message || t('designer.version', { version: String(version.version) })}</a>
        <span class="quiet">${version.by === null ? t('designer.operator') : until(client.names.of('user', version.by), '…')} · <time datetime=${version.at} title=${instant(version.at, zone)}>${ago(version.at)}</time></span>
        ${version.version === design.published.version ? html`<span class="badge" data-color="green">${t('designer.inForce')}</span>` : nothing}</li>`)}</ul></section>`
  }
}

const card = (drawing: IconName, title: string, address: string, count: number, links: readonly TemplateResult[]): TemplateResult => html`
  <section class="overview-card" aria-label=${title}><h2><a href=${address}>${icon(drawing)}${title}</a> <span class="badge">${count}</span></h2>
    <ul class="overview-links">${links.slice(0, shownLinks)}</ul>
    ${links.length > shownLinks ? html`<details><summary>${t('overview.more', { count: links.length - shownLinks })}</summary><ul class="overview-links">${links.slice(shownLinks)}</ul></details>` : nothing}</section>`

const shownLinks = 16

const line = (color: string, text: TemplateResult, kind: string): TemplateResult => html`<li><span class="badge" data-color=${color}>${kind}</span><span>${text}</span></li>`

declare global {
  interface HTMLElementTagNameMap {
    'overview-page': OverviewPage
  }
}
