/** One box that finds any record: opened by Ctrl/Cmd-K, `/` or the search button. */
import './search-box.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { search, type Hit } from '../client/search.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem } from '../ui/toast.js'
import { router } from './router.js'
import { listPath, recordPath } from './routes.js'

const typingPauseMs = 120

interface Entry {
  readonly address: string
  readonly icon: string
  readonly title: string
  readonly note: string
}

/** `<search-box .client .model>`; `open()` shows it. */
@customElement('search-box')
export class SearchBox extends LightElement {
  static override properties = {
    client: { attribute: false },
    model: { attribute: false },
    q: { state: true },
    hits: { state: true },
    asked: { state: true },
    active: { state: true },
    error: { state: true },
  }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare q: string
  declare hits: readonly Hit[]
  /** What the hits belong to; '' before the first answer. */
  declare asked: string
  declare active: number
  declare error: string
  #timer: number | undefined
  #request: AbortController | null = null

  constructor() {
    super()
    this.q = ''
    this.hits = []
    this.asked = ''
    this.active = 0
    this.error = ''
    new Watch(this, language)
  }

  open(): void {
    const dialog = this.querySelector('dialog')
    if (dialog === null || dialog.open) return
    dialog.showModal()
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
            ${entries.map((entry, index) => this.#row(entry, index))}
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

  #row(entry: Entry, index: number): TemplateResult {
    return html`
      <a id="search-hit-${index}" role="option" tabindex="-1" aria-selected=${index === this.active ? 'true' : 'false'} href=${entry.address}
        @click=${() => this.#close()} @pointermove=${() => (this.active = index)}>
        <span class="tile">${icon(entry.icon)}</span><span class="search-title">${entry.title}</span><span class="quiet">${entry.note}</span>
      </a>
    `
  }

  /** Without a question the lists one may open; with one the matching lists, then records. */
  #entries(): readonly Entry[] {
    const model = this.model
    if (model === undefined) return []
    const wanted = this.q.trim().toLowerCase()
    const lists = [...new Set(model.navigation.flatMap((group) => group.entities))]
      .flatMap((name) => model.entities[name] ?? [])
      .filter((entity) => entity.plural.toLowerCase().includes(wanted))
      .map((entity) => ({ address: listPath(entity.name), icon: entity.icon, title: entity.plural, note: '' }))
    const records = this.hits.map((hit) => {
      const entity = model.entities[hit.entity]
      return { address: recordPath(hit.entity, hit.id), icon: entity?.icon ?? '', title: hit.name, note: entity?.title ?? '' }
    })
    const all = wanted === '' ? [] : [{ address: `/search?q=${encodeURIComponent(this.q.trim())}`, icon: 'search', title: t('search.all', { q: this.q.trim() }), note: '' }]
    return [...lists.slice(0, wanted === '' ? 12 : 3), ...records, ...(records.length > 0 ? all : [])]
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
      this.hits = []
      this.asked = q
      return
    }
    const request = new AbortController()
    this.#request = request
    try {
      this.hits = await search(this.client.api, this.model, q, request.signal)
      this.error = ''
    } catch (thrown) {
      if (request.signal.aborted) return
      this.hits = []
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
