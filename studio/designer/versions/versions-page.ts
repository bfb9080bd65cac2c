/** The history of the system itself: every version, what it changed, and the way back. */
import './versions-page.css'
import './screen-changes.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'
import { until } from 'lit/directives/until.js'

import type { Json } from '../../../metadata/contract/json.js'
import type { PlanStep } from '../../../metadata/contract/plan.js'
import type { Client } from '../../client/client.js'
import { ago, instant, language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { describeProblem } from '../../ui/toast.js'
import type { Documents } from '../draft/operations.js'
import { changeText, readableChanges, stepText, Titles, type DefinitionChange } from '../words.js'
import type { Sides } from './screens.js'
import { versionSide } from './sides.js'

interface Version {
  readonly version: number
  readonly at: string
  readonly by: number | null
  readonly message: string
  readonly steps: readonly PlanStep[]
}

interface VersionDetail extends Version {
  readonly documents: Documents
  readonly changes: readonly DefinitionChange[]
}

type Loaded = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | { readonly state: 'ready'; readonly versions: readonly Version[]; readonly detail: VersionDetail | null }

/** `<versions-page .client .shown .inForce .documents>`; fires `restore` (detail: version). */
@customElement('versions-page')
export class VersionsPage extends LightElement {
  static override properties = { client: { attribute: false }, shown: { attribute: false }, inForce: { attribute: false }, documents: { attribute: false }, loaded: { state: true } }
  declare client: Client | undefined
  /** Version whose changes are shown; null for none. */
  declare shown: number | null
  declare inForce: number
  /** For titles of what is in force now. */
  declare documents: Documents
  declare loaded: Loaded
  #asked = ''

  constructor() {
    super()
    this.shown = null
    this.inForce = 0
    this.documents = {}
    this.loaded = { state: 'loading' }
    new Watch(this, language)
  }

  override willUpdate(): void {
    const asked = `${this.shown}/${this.inForce}`
    if (this.client === undefined || asked === this.#asked) return
    this.#asked = asked
    void this.#load(this.client)
  }

  async #load(client: Client): Promise<void> {
    const { shown } = this
    try {
      const [list, detail] = await Promise.all([
        client.api.get<{ readonly versions: readonly Version[] }>('/api/definitions/versions'),
        shown === null ? null : client.api.get<VersionDetail>(`/api/definitions/versions/${shown}`),
      ])
      if (shown === this.shown) this.loaded = { state: 'ready', versions: list.body.versions, detail: detail?.body ?? null }
    } catch (thrown) {
      this.loaded = { state: 'failed', reason: describeProblem(thrown) }
    }
  }

  override render(): TemplateResult {
    const { loaded } = this
    return html`
      <header class="studio-head"><div><h1>${t('designer.versions')}</h1><p class="quiet">${t('designer.versionsLead')}</p></div><span class="grow"></span><a class="plain" href="/studio/layers">${icon('layers')}${t('layers.open')}</a></header>
      ${loaded.state === 'failed' ? emptyState({ icon: 'warning', title: t('problem.unknown'), text: loaded.reason }) : nothing}
      ${loaded.state === 'ready' ? html`
        <div class="entity-columns" ?data-selected=${this.shown !== null}>
          <div class="field-column"><ol class="version-list">${loaded.versions.map((version) => this.#row(version))}</ol></div>
          <aside class="panel" aria-label=${t('designer.changes')}>
            ${this.#chosen(loaded.detail)}
          </aside>
        </div>` : nothing}
    `
  }

  /** What was loaded before is of another version, and so would be its button. */
  #chosen(detail: VersionDetail | null): TemplateResult {
    if (this.shown === null) return html`<div class="panel-empty">${emptyState({ icon: 'history', title: t('designer.selectVersion'), text: t('designer.selectVersionText') })}</div>`
    return detail?.version === this.shown ? this.#detail(detail) : html`<p class="quiet" role="status">${t('loading')}</p>`
  }

  #row(version: Version): TemplateResult {
    return html`
      <li>
        <a class="version-row" href=${`/studio/versions/${version.version}`} aria-current=${version.version === this.shown ? 'true' : nothing}>
          <span class="version-number">${version.version}</span>
          <span class="version-text"><strong>${version.message || this.#said(version)}</strong>
            <small>${this.#who(version)} · <time datetime=${version.at} title=${instant(version.at, this.#zone)}>${ago(version.at)}</time> · ${t('designer.stepCount', { count: version.steps.length })}</small></span>
          ${version.version === this.inForce ? html`<span class="badge" data-color="green">${t('designer.inForce')}</span>` : nothing}
        </a>
      </li>
    `
  }

  /** A version without a message is called by what it did. */
  #said({ steps }: Version): string {
    const [first, ...more] = steps
    if (first === undefined) return t('designer.noMessage')
    const text = stepText(first, new Titles(this.documents))
    return more.length === 0 ? text : t('designer.andMore', { text, count: more.length })
  }

  get #zone(): string {
    return this.client?.session.user?.timeZone ?? ''
  }

  #who(version: Version): unknown {
    return version.by === null || this.client === undefined ? t('designer.operator') : until(this.client.names.of('user', version.by), '…')
  }

  #detail(detail: VersionDetail): TemplateResult {
    const titles = new Titles(detail.documents, this.documents)
    return html`
      <header class="panel-head">
        <h2 tabindex="-1">${t('designer.version', { version: String(detail.version) })}</h2>
        <a class="plain icon-only" href="/studio/versions" aria-label=${t('close')}>${icon('close')}</a>
      </header>
      <div class="panel-fields">
        <p class="quiet">${this.#who(detail)} · ${instant(detail.at, this.#zone)}</p>
        ${detail.version === this.inForce ? html`<p class="note">${icon('check')}${t('designer.inForceText')}</p>` : html`<vaadin-button theme="primary" @click=${() => this.dispatchEvent(new CustomEvent('restore', { detail: detail.version }))}>${icon('restore', 'prefix')}${t('designer.goBackTo')}</vaadin-button>`}
        ${detail.version === 1 ? html`<p class="quiet">${t('designer.firstVersion')}</p>` : html`
          ${detail.steps.length === 0 ? nothing : html`<h3>${t('designer.whatItDid')}</h3><ul class="sentences">${detail.steps.map((step) => html`<li>${stepText(step, titles)}</li>`)}</ul>`}
          ${keyed(detail.version, html`<screen-changes .client=${this.client} .load=${() => this.#sides(detail.version)}></screen-changes>`)}
          <h3>${t('designer.changes')}</h3>
          <ul class="change-list">${readableChanges(detail.changes).map((change) => this.#change(change, titles))}</ul>`}
      </div>
    `
  }

  /** The version beside the one before; its screens are shown with the records of today. */
  async #sides(version: number): Promise<Sides | null> {
    const { client, documents } = this
    const model = client?.model.current.value ?? null
    if (client === undefined || model === null) return null
    const [before, after] = await Promise.all([versionSide(client, version - 1), versionSide(client, version)])
    return { before, after, inForce: { documents, model } }
  }

  #change(change: DefinitionChange, titles: Titles): TemplateResult {
    return html`
      <li><span>${changeText(change, titles)}</span>
        <details><summary><code>${change.path}</code></summary>
          ${change.before === undefined ? nothing : html`<pre class="before" aria-label=${t('designer.before')}>${written(change.before)}</pre>`}
          ${change.after === undefined ? nothing : html`<pre class="after" aria-label=${t('designer.after')}>${written(change.after)}</pre>`}
        </details></li>
    `
  }
}

const written = (value: Json): string => JSON.stringify(value, null, 2)

declare global {
  interface HTMLElementTagNameMap {
    'versions-page': VersionsPage
  }
}
