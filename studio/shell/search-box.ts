/** One box that finds any record: opened by Ctrl/Cmd-K, `/` or the search button. */
import './search-box.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { fold } from '../../metadata/contract/text.js'
import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { recentlyOpened } from '../client/recent.js'
import { search, type Hit, type Hits } from '../client/search.js'
import { Watch } from '../client/store.js'
import { highlighted } from '../ui/highlight.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem } from '../ui/toast.js'
import { router } from './router.js'
import { listPath, recordPath } from './routes.js'

const typingPauseMs = 120
/** Records in the box; the page has all. */
const shownMost = 12

interface Entry {
  /** Heading that it stands under; '' for none. */
  readonly group: string
  readonly address: string
  readonly icon: string
  readonly title: string
  readonly note: string
  readonly match: Hit['match']
}

const nothingFound: Hits = { hits: [], more: new Set() }

/** `<search-box .client .model>`; `open()` shows it. */
@customElement('search-box')
export class SearchBox extends LightElement {
  static override properties = {
    client: { attribute: false },
    model: { attribute: false },
    q: { state: true },
    found: { state: true },
    recent: { state: true },
    asked: { state: true },
    active: { state: true },
    error: { state: true },
  }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare q: string
  declare found: Hits
  /** What was opened last, by those names that the caller may read. */
  declare recent: readonly Entry[]
  /** What the hits belong to; '' before the first answer. */
  declare asked: string
  declare active: number
  declare error: string
  #timer: number | undefined
  #request: AbortController | null = null

  constructor() {
    super()
    this.q = ''
    this.found = nothingFound
    this.recent = []
    this.asked = ''
    this.active = 0
    this.error = ''
    new Watch(this, language)
  }

  open(): void {
    const dialog = this.querySelector('dialog')
    if (dialog === null || dialog.open) return
    dialog.showModal()
    void this.#remember()
    this.querySelector('input')?.select()
  }

  #close(): void {
    this.querySelector('dialog')?.close()
  }

  override render(): TemplateResult {
    const entries = this.#entries()
    return html`
      <dialog class="search-dialog" aria-label=${t('search.label')} @click=${(event: MouseEvent) => event.target === event.currentTarget && this.#close()}>
        <div class="search-panel">
          <label class="search-line">
            ${icon('search')}
            <input type="search" role="combobox" aria-expanded="true" aria-controls="search-hits" aria-autocomplete="list"
              aria-activedescendant=${entries.length > 0 ? `search-hit-${this.active}` : nothing} aria-label=${t('search.label')}
              placeholder=${t('search.hint')} autocomplete="off" spellcheck="false" maxlength="200" .value=${this.q}
              @input=${(event: InputEvent) => this.#typed(event)} @keydown=${(event: KeyboardEvent) => this.#key(event, entries)} />
            <kbd>Esc</kbd>
          </label>
          <div id="search-hits" role="listbox" aria-label=${t('search.label')} class="search-hits">
            ${entries.map((entry, index) => this.#row(entry, index, entry.group !== entries[index - 1]?.group))}
          </div>
          ${this.#note(entries)}
        </div>
      </dialog>
    `
  }

  #note(entries: readonly Entry[]): TemplateResult | typeof nothing {
    if (this.error !== '') return html`<p class="search-note" role="alert">${this.error}</p>`
    if (entries.length > 0 || this.asked !== this.q.trim()) return nothing
    return html`<p class="search-note" role="status"><strong>${t('search.none', { q: this.asked })}</strong><br />${t('search.noneHint')}</p>`
  }

  #row(entry: Entry, index: number, begins: boolean): TemplateResult {
    return html`
      ${begins && entry.group !== '' ? html`<div class="search-group quiet" role="presentation">${entry.group}</div>` : nothing}
      <a id="search-hit-${index}" role="option" tabindex="-1" aria-selected=${index === this.active ? 'true' : 'false'} href=${entry.address}
        @click=${() => this.#close()} @pointermove=${() => (this.active = index)}>
        <span class="tile">${icon(entry.icon)}</span>
        <span class="search-title">${highlighted(entry.title, this.q)}${entry.match === null ? nothing : html`<small class="quiet">${entry.match.title === '' ? nothing : `${entry.match.title}: `}${highlighted(entry.match.text, this.q)}</small>`}</span>
        <span class="quiet">${entry.note}</span>
      </a>
    `
  }

  /** Without a question what was opened last and the lists; with one the matching lists, then records, best first. */
  #entries(): readonly Entry[] {
    const model = this.model
    if (model === undefined) return []
    const q = this.q.trim()
    const wanted = fold(q)
    const lists = [...new Set(model.navigation.flatMap((group) => group.entities))]
      .flatMap((name) => model.entities[name] ?? [])
      .filter((entity) => fold(entity.plural).includes(wanted))
      .map((entity) => ({ group: t('search.lists'), address: listPath(entity.name), icon: entity.icon, title: entity.plural, note: '', match: null }))
    if (q === '') return [...this.recent, ...lists.slice(0, 12)]
    const records = this.found.hits.map((hit) => {
      const entity = model.entities[hit.entity]
      return { group: t('search.records'), address: recordPath(hit.entity, hit.id), icon: entity?.icon ?? '', title: hit.name, note: entity?.title ?? '', match: hit.match }
    })
    const all = { group: '', address: `/search?q=${encodeURIComponent(q)}`, icon: 'search', title: t('search.all', { q }), note: '', match: null }
    return [...lists.slice(0, 3), ...records.slice(0, shownMost), ...(records.length > 0 ? [all] : [])]
  }

  async #remember(): Promise<void> {
    const { client, model } = this
    const user = client?.session.user?.id
    if (client === undefined || model === undefined || user === undefined) return
    const opened = recentlyOpened(user).filter(({ entity }) => model.entities[entity] !== undefined)
    const named = await Promise.all(opened.map(async (one) => ({ ...one, name: await client.names.of(one.entity, one.id) })))
    this.recent = named
      .filter(({ id, name }) => name !== `#${String(id)}`)
      .map(({ entity, id, name }) => ({ group: t('search.recent'), address: recordPath(entity, id), icon: model.entities[entity]?.icon ?? '', title: name, note: model.entities[entity]?.title ?? '', match: null }))
  }

  #typed(event: InputEvent): void {
    this.q = (event.target as HTMLInputElement).value
    this.active = 0
    window.clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => void this.#ask(), typingPauseMs)
  }

  async #ask(): Promise<void> {
    const q = this.q.trim()
    this.#request?.abort()
    if (this.client === undefined || this.model === undefined || q === '') {
      this.found = nothingFound
      this.asked = q
      return
    }
    const request = new AbortController()
    this.#request = request
    try {
      this.found = await search(this.client.api, this.model, q, request.signal)
      this.error = ''
    } catch (thrown) {
      if (request.signal.aborted) return
      this.found = nothingFound
      this.error = describeProblem(thrown)
    }
    this.asked = q
  }

  #key(event: KeyboardEvent, entries: readonly Entry[]): void {
    if (event.isComposing) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && entries.length > 0) {
      event.preventDefault()
      this.active = (this.active + step + entries.length) % entries.length
      void this.updateComplete.then(() => this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }))
    }
    const chosen = entries[this.active]
    if (event.key !== 'Enter' || chosen === undefined) return
    event.preventDefault()
    this.#close()
    void router.go(chosen.address)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'search-box': SearchBox
  }
}
