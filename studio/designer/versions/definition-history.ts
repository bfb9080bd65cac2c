/** The history of one definition: which versions changed it, who and why, and the way back for it alone. */
import './versions-page.css'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { until } from 'lit/directives/until.js'

import { ago, instant, language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { describeProblem, toastProblem } from '../../ui/toast.js'
import type { Desk } from '../desk.js'
import { addressOf, canonical } from '../draft/definitions.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'
import { changeText, placeText, readableChanges, Titles, type DefinitionChange } from '../words.js'

interface DocumentVersion {
  readonly version: number
  readonly at: string
  readonly by: number | null
  readonly message: string
  readonly changes: readonly DefinitionChange[]
}

interface Page {
  readonly versions: readonly DocumentVersion[]
  readonly next: number | null
}

/** Address of the history of a definition. */
export const historyAddress = (path: string): string => `/studio/versions/of?${new URLSearchParams({ path }).toString()}`

/** `<definition-history .desk .path>` */
@customElement('definition-history')
export class DefinitionHistory extends LightElement {
  static override properties = { desk: { attribute: false }, path: {}, page: { state: true }, failure: { state: true } }
  declare desk: Desk | undefined
  declare path: string
  declare page: Page | null
  declare failure: string
  #asked = ''

  constructor() {
    super()
    this.path = ''
    this.page = null
    this.failure = ''
    new Watch(this, language)
  }

  override willUpdate(): void {
    const { desk } = this
    const asked = `${this.path}/${desk?.design.published.version ?? ''}`
    if (desk === undefined || asked === this.#asked) return
    this.#asked = asked
    this.page = null
    void this.#load(desk, null)
  }

  async #load({ client }: Desk, before: number | null): Promise<void> {
    const { path } = this
    try {
      const { body } = await client.api.get<Page>('/api/definitions/history', { query: { path, ...(before === null ? {} : { before }) } })
      if (path !== this.path) return
      this.page = { versions: [...(before === null ? [] : (this.page?.versions ?? [])), ...body.versions], next: body.next }
    } catch (thrown) {
      this.failure = describeProblem(thrown)
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { desk, page } = this
    if (desk === undefined) return nothing
    const titles = new Titles(desk.design.draft.documents, desk.design.published.documents)
    return html`
      <header class="studio-head"><div><h1>${t('history.of', { name: placeText(this.path, titles) })}</h1><p class="quiet"><a href=${addressOf(this.path)}>${this.path}</a> · <a href="/studio/versions">${t('history.all')}</a></p></div></header>
      ${this.failure === '' ? nothing : emptyState({ icon: 'warning', title: t('problem.unknown'), text: this.failure })}
      ${page === null ? html`<p class="quiet" aria-busy="true">${this.failure === '' ? t('loading') : ''}</p>` : html`
        ${page.versions.length === 0 ? emptyState({ icon: 'history', title: t('history.none'), text: t('history.noneText') }) : nothing}
        <ol class="version-list definition-versions">${page.versions.map((version, index) => this.#entry(desk, version, titles, index === 0))}</ol>
        ${page.next === null ? nothing : html`<button type="button" class="plain accent" @click=${() => void this.#load(desk, page.next)}>${t('history.more')}</button>`}`}
    `
  }

  #entry(desk: Desk, version: DocumentVersion, titles: Titles, isNewest: boolean): TemplateResult {
    const { client, design } = desk
    const isThere = isNewest && canonical(design.draft.documents[this.path]) === canonical(design.published.documents[this.path])
    const who = version.by === null ? t('designer.operator') : until(client.names.of('user', version.by), '…')
    return html`
      <li class="definition-version">
        <span class="version-number">${version.version}</span>
        <div class="version-text"><strong>${version.message || t('designer.version', { version: String(version.version) })}</strong>
          <small>${who} · <time datetime=${version.at} title=${instant(version.at, client.session.user?.timeZone ?? '')}>${ago(version.at)}</time></small>
          <ul class="sentences">${readableChanges(version.changes).slice(0, 12).map((change) => html`<li>${changeText(change, titles)}</li>`)}</ul></div>
        ${isThere ? html`<span class="badge" data-color="green">${t('designer.inForce')}</span>` : html`<vaadin-button @click=${() => void this.#restore(desk, version.version)}>${icon('restore', 'prefix')}${t('history.restore')}</vaadin-button>`}
      </li>`
  }

  /** Puts the definition as it was into the draft; nothing is published by it. */
  async #restore({ client, perform, review }: Desk, version: number): Promise<void> {
    const { path } = this
    try {
      const { body } = await client.api.get<{ readonly documents: Documents }>(`/api/definitions/versions/${version}`)
      const was = body.documents[path]
      perform((documents): readonly Operation[] => {
        if (canonical(documents[path]) === canonical(was)) return []
        if (was === undefined) return [{ op: 'remove', path: pointer(path) }]
        return [{ op: documents[path] === undefined ? 'add' : 'replace', path: pointer(path), value: was }]
      })
      await router.go(addressOf(path))
      review(null)
    } catch (thrown) {
      toastProblem(thrown)
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'definition-history': DefinitionHistory
  }
}
