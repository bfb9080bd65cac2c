/** Any definition of the draft as text: the list of them all beside the one that is open. Which one stands in the address. */
import './text-page.css'
import './definition-text.js'
import './new-document.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'

import { parsePath } from '../../../metadata/contract/document-path.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { textPath } from '../../shell/routes.js'
import { ask } from '../../ui/dialogs.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { entitiesOf } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import type { Perform } from '../entities/field-panel.js'
import { pointer } from '../draft/operations.js'
import { Titles } from '../words.js'
import { groupsOf, type DocumentGroup, type ListedDocument } from './document-list.js'

/** `<text-page .design .query .surroundings .perform>` */
@customElement('text-page')
export class TextPage extends LightElement {
  static override properties = { design: { attribute: false }, query: {}, surroundings: { attribute: false }, perform: { attribute: false }, q: { state: true } }
  declare design: Design | undefined
  declare query: string
  declare surroundings: Surroundings
  declare perform: Perform
  declare q: string

  constructor() {
    super()
    this.query = ''
    this.q = ''
    new Watch(this, language)
  }

  /** Of the document that is open; '' for none. */
  get #path(): string {
    return new URLSearchParams(this.query).get('path') ?? ''
  }

  override render(): TemplateResult | typeof nothing {
    const { design } = this
    if (design === undefined) return nothing
    const titles = new Titles(design.draft.documents, design.published.documents)
    const groups = groupsOf(design, titles, this.q)
    return html`
      <div class="text-columns" ?data-selected=${this.#path !== ''}>
        <nav class="text-list" aria-label=${t('text.definitions')}>
          <header>
            <h1>${t('text.title')}</h1>
            <button type="button" class="plain accent" @click=${() => void this.#create(design)}>${icon('plus')}${t('text.new')}</button>
          </header>
          <label class="palette-search">${icon('search')}<input type="search" aria-label=${t('text.find')} placeholder=${t('text.find')} .value=${this.q} @input=${(event: InputEvent) => (this.q = event.target instanceof HTMLInputElement ? event.target.value : '')} /></label>
          ${groups.length === 0 ? html`<p class="quiet">${t('designer.nothingFound')}</p>` : groups.map((group) => this.#group(group))}
        </nav>
        <section class="text-open" aria-label=${t('text.title')}>${this.#open(design)}</section>
      </div>
    `
  }

  #group({ title, documents }: DocumentGroup): TemplateResult {
    return html`${title === '' ? nothing : html`<h2>${title}</h2>`}<ul>${documents.map((document) => this.#listed(document))}</ul>`
  }

  #listed({ path, title, change, problems }: ListedDocument): TemplateResult {
    return html`<li><a href=${textPath(path)} title=${path} aria-current=${path === this.#path ? 'page' : nothing}><span>${title}</span>
      ${problems > 0 ? html`<span class="badge" data-color="red" aria-label=${t('designer.problemCount', { count: problems })}>${problems}</span>` : nothing}
      ${change === 'none' ? nothing : html`<span class="badge" data-color="green">${t(`designer.origin.${change}`)}</span>`}</a></li>`
  }

  #open(design: Design): TemplateResult {
    if (this.#path === '') return emptyState({ icon: 'braces', title: t('text.choose'), text: t('text.chooseText') })
    if (design.draft.documents[this.#path] === undefined) {
      return emptyState({ icon: 'braces', title: t('text.none'), text: t('text.noneText', { path: this.#path }), action: parsePath(this.#path) === null ? nothing : html`<button type="button" class="plain accent" @click=${() => this.#begin(this.#path)}>${icon('plus')}${t('text.newDone')}</button>` })
    }
    return html`
      <header><a class="plain icon-only text-back" href="/studio/text" aria-label=${t('text.definitions')}>${icon('arrowLeft')}</a><code>${this.#path}</code><span class="grow"></span>
        <button type="button" class="plain icon-only" aria-label=${t('text.remove')} title=${t('text.remove')} @click=${() => void this.#remove()}>${icon('trash')}</button></header>
      ${keyed(this.#path, html`<definition-text .design=${design} .perform=${this.perform} .path=${this.#path} .at=${new URLSearchParams(this.query).get('at') ?? ''}></definition-text>`)}
    `
  }

  async #create(design: Design): Promise<void> {
    const dialog = document.createElement('new-document')
    dialog.surroundings = this.surroundings
    dialog.entities = entitiesOf(design.draft.documents, design.types, language.value, design.inferred)
    dialog.documents = design.draft.documents
    const path = await dialog.open()
    if (path === null) return
    this.#begin(path)
    await router.go(textPath(path))
  }

  /** What it still lacks is said at once, and offered while typing. */
  #begin(path: string): void {
    const kind = parsePath(path)?.kind ?? ''
    this.perform(() => [{ op: 'add', path: pointer(path), value: { $schema: `/schemas/${kind}.json` } }])
  }

  async #remove(): Promise<void> {
    const path = this.#path
    if (!(await ask({ title: t('text.removeTitle', { path }), text: t('text.removeText'), yes: t('text.remove'), no: t('cancel'), danger: true }))) return
    this.perform((documents) => (documents[path] === undefined ? [] : [{ op: 'remove', path: pointer(path) }]))
    await router.go('/studio/text')
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'text-page': TextPage
  }
}
