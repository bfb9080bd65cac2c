/** A page of the documentation inside the product, with its headings beside it. */
import './doc-reader.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { unsafeHTML } from 'lit/directives/unsafe-html.js'

import { language, t, tagOf } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { emptyState } from '../shell/pages.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem } from '../ui/toast.js'
import { docAddress, docsFor, type DocName } from './pages.js'
import type { DocPage } from './docs.js'

/** `<doc-reader page at .all>` */
@customElement('doc-reader')
export class DocReader extends LightElement {
  static override properties = { page: {}, at: {}, all: { attribute: false }, read: { state: true }, failed: { state: true } }
  declare page: DocName
  /** The heading to begin at. */
  declare at: string
  /** Offers the pages for those who shape the system, too. */
  declare all: boolean
  declare read: DocPage | null
  declare failed: string
  /** What was asked for last; what comes for another is too late. */
  #wanted = ''

  constructor() {
    super()
    this.at = ''
    this.all = false
    this.read = null
    this.failed = ''
    new Watch(this, language)
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('page')) this.read = null
    const wanted = [language.value, this.page, this.at].join(' ')
    if (wanted === this.#wanted) return
    this.#wanted = wanted
    void this.#load(wanted)
  }

  async #load(wanted: string): Promise<void> {
    try {
      const { docPage } = await import('./docs.js')
      const read = await docPage(this.page, language.value, this.at)
      if (wanted === this.#wanted) [this.read, this.failed] = [read, '']
    } catch (thrown) {
      this.failed = describeProblem(thrown)
    }
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (this.at !== '' && (changed.has('read') || changed.has('at'))) this.querySelector(`#${CSS.escape(this.at)}`)?.scrollIntoView()
  }

  override render(): TemplateResult {
    const { read, failed, page } = this
    return html`
      <header class="doc-head"><h1>${t('help.title')}</h1><p class="quiet">${t('help.lead')}</p></header>
      <div class="doc-body">
        <nav class="doc-pages" aria-label=${t('help.pages')}>${docsFor(this.all).map((name) => html`
          <a href=${docAddress(name)} aria-current=${name === page ? 'page' : nothing}>${t(`help.doc.${name}`)}</a>
          ${name === page && read !== null ? html`<ul>${read.headings.map(({ id, title }) => html`<li><a href=${docAddress(name, id)}>${title}</a></li>`)}</ul>` : nothing}`)}</nav>
        ${failed !== '' ? emptyState({ icon: 'warning', title: t('problem.unknown'), text: failed }) : read === null ? html`<p class="quiet" aria-busy="true">${t('loading')}</p>`
          // Our own pages, rendered without HTML of theirs.
          : html`<article class="doc-text markdown" lang=${tagOf(read.language)}>
              ${read.language === language.value ? nothing : html`<p class="quiet" lang=${tagOf(language.value)}>${t('help.untranslated')}</p>`}${unsafeHTML(read.html)}</article>`}
      </div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'doc-reader': DocReader
  }
}
