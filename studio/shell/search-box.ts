/** One box that finds any record and does what is typed: opened by Ctrl/Cmd-K, `/` or the search button. */
import './search-box.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { fold } from '../../metadata/contract/text.js'
import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import type { Favourite } from '../client/preferences.js'
import { recentlyOpened } from '../client/recent.js'
import { search, type Hit, type Hits } from '../client/search.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem } from '../ui/toast.js'
import { commandsFor } from './commands.js'
import { favouritesOf } from './favourites.js'
import { here } from './here.js'
import { placesOf } from './places.js'
import { router } from './router.js'
import { hitWords } from './hit-words.js'
import { listPath, recordPath } from './routes.js'

const typingPauseMs = 120
/** Records in the box; the page has all. */
const shownMost = 12

interface Entry {
  /** Heading that it stands under; '' for none. */
  readonly group: string
  /** Where it leads, or what it does. */
  readonly act: string | (() => void)
  readonly icon: string
  readonly title: string
  readonly note: string
  readonly below: Hit['below']
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
    shown: { state: true },
  }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare q: string
  declare found: Hits
  /** What is marked, and what was opened last. */
  declare recent: readonly Entry[]
  /** What the hits belong to; '' before the first answer. */
  declare asked: string
  declare active: number
  declare error: string
  /** Entries are made while the box is open: every page has one, and few are opened. The news that it was closed may come after it was opened again. */
  declare shown: boolean
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
    this.shown = false
    new Watch(this, language, here)
  }

  open(): void {
    const dialog = this.querySelector('dialog')
    if (dialog === null || dialog.open) return
    this.shown = true
    dialog.showModal()
    void this.#remember()
    this.querySelector('input')?.select()
  }

  #close(): void {
    this.querySelector('dialog')?.close()
  }

  override render(): TemplateResult {
    const entries = this.shown ? this.#entries() : []
    return html`
      <dialog class="search-dialog" aria-label=${t('search.label')} @close=${({ currentTarget }: Event) => (this.shown = (currentTarget as HTMLDialogElement).open)} @click=${(event: MouseEvent) => event.target === event.currentTarget && this.#close()}>
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
    const selected = index === this.active ? 'true' : 'false'
    const point = (): number => (this.active = index)
    const inside = html`
      <span class="tile">${icon(entry.icon)}</span>
      <span class="search-title">${hitWords(entry.title, entry.below, this.#words)}</span>
      <span class="quiet">${entry.note}</span>`
    return html`
      ${begins && entry.group !== '' ? html`<div class="search-group quiet" role="presentation">${entry.group}</div>` : nothing}
      ${typeof entry.act === 'string'
        ? html`<a id="search-hit-${index}" role="option" tabindex="-1" aria-selected=${selected} href=${entry.act} @click=${() => this.#close()} @pointermove=${point}>${inside}</a>`
        : html`<button type="button" id="search-hit-${index}" role="option" tabindex="-1" aria-selected=${selected} @click=${() => this.#act(entry)} @pointermove=${point}>${inside}</button>`}
    `
  }

  /** True while only commands are wanted. */
  get #commanding(): boolean {
    return this.q.trimStart().startsWith('>')
  }

  /** What is looked for, without the sign for commands. */
  get #words(): string {
    return this.q.trim().replace(/^>\s*/, '')
  }

  /** Without a question what is at hand and the lists; with one the matching lists, then records, best first, and what can be done. */
  #entries(): readonly Entry[] {
    const { client, model } = this
    if (client === undefined || model === undefined) return []
    const q = this.#words
    const wanted = fold(q)
    const commands = [...here.value, ...commandsFor(client, model)]
      .filter(({ title }) => fold(title).includes(wanted))
      .map(({ title, icon: name, act }): Entry => ({ group: t('search.commands'), act, icon: name, title, note: '', below: null }))
    if (this.#commanding) return commands
    const lists = [...new Set(model.navigation.flatMap((group) => group.entities))]
      .flatMap((name) => model.entities[name] ?? [])
      .filter((entity) => fold(entity.plural).includes(wanted))
      .map((entity): Entry => ({ group: t('search.lists'), act: listPath(entity.name), icon: entity.icon, title: entity.plural, note: '', below: null }))
    if (q === '') return [...this.recent, ...lists.slice(0, 12), ...commands.slice(0, 4)]
    const records = this.found.hits.map((hit): Entry => {
      const entity = model.entities[hit.entity]
      return { group: t('search.records'), act: recordPath(hit.entity, hit.id), icon: entity?.icon ?? '', title: hit.name, note: entity?.title ?? '', below: hit.below }
    })
    const all: Entry = { group: '', act: `/search?q=${encodeURIComponent(q)}`, icon: 'search', title: t('search.all', { q }), note: '', below: null }
    return [...lists.slice(0, 3), ...records.slice(0, shownMost), ...(records.length > 0 ? [all] : []), ...commands.slice(0, 5)]
  }

  async #remember(): Promise<void> {
    const { client, model } = this
    const user = client?.session.user?.id
    if (client === undefined || model === undefined || user === undefined) return
    const entries = async (group: string, wanted: readonly Favourite[]): Promise<readonly Entry[]> =>
      (await placesOf(client, model, wanted)).map(({ address, ...place }) => ({ ...place, group, act: address, below: null }))
    const [favourites, recent] = await Promise.all([entries(t('favourites.title'), favouritesOf(client)), entries(t('search.recent'), recentlyOpened(user))])
    this.recent = [...favourites, ...recent.filter(({ act }) => !favourites.some((one) => one.act === act))]
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
    if (this.client === undefined || this.model === undefined || q === '' || this.#commanding) {
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
    if (event.key === 'Escape') {
      event.preventDefault() // a field of searches would only be emptied
      return this.#close()
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && entries.length > 0) {
      event.preventDefault()
      this.active = (this.active + step + entries.length) % entries.length
      void this.updateComplete.then(() => this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }))
    }
    const chosen = entries[this.active]
    if (event.key !== 'Enter' || chosen === undefined) return
    event.preventDefault()
    this.#act(chosen)
  }

  #act({ act }: Entry): void {
    this.#close()
    if (typeof act === 'string') void router.go(act)
    else act()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'search-box': SearchBox
  }
}
