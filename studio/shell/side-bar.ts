/** Navigation: a side bar that folds on wide screens; on narrow ones a bottom bar whose last entry opens a drawer. */
import './side-bar.css'
import './user-menu.js'

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { icon, type IconName } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { favouritesOf } from './favourites.js'
import { placesOf, type Place } from './places.js'
import { unreadBadge } from './bell.js'
import { auditPath, inboxPath, listPath, tasksPath, type Route } from './routes.js'

const foldedKey = 'tessera.sidebar'
/** How many places find room between "home" and "menu" in the bottom bar. */
const bottomPlaces = 3

/** `<side-bar .client .model .route .open>`; fires `search` and `drawer` (detail: open). */
@customElement('side-bar')
export class SideBar extends LightElement {
  static override properties = {
    client: { attribute: false },
    model: { attribute: false },
    route: { attribute: false },
    open: { type: Boolean, reflect: true },
    folded: { type: Boolean, reflect: true },
    favourites: { state: true },
  }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare route: Route | undefined
  declare open: boolean
  declare folded: boolean
  /** Marked lists and records, by name. */
  declare favourites: readonly Place[]
  #watched: Client | undefined
  #named: readonly unknown[] = []

  constructor() {
    super()
    this.open = false
    this.favourites = []
    this.folded = localStorage.getItem(foldedKey) === 'folded'
    new Watch(this, language)
  }

  override willUpdate(): void {
    const { client, model } = this
    if (client === undefined || model === undefined) return
    if (this.#watched !== client) new Watch(this, client.session.preferences, client.inbox.unread)
    this.#watched = client
    const wanted = favouritesOf(client)
    if (this.#named[0] === model && this.#named[1] === wanted) return
    this.#named = [model, wanted]
    void placesOf(client, model, wanted).then((places) => (this.favourites = places))
  }

  /** Where the reader is stays in sight, however long the navigation is. Asked now, the browser would lay out a page that is still being made. */
  override updated(changed: PropertyValues<this>): void {
    if (changed.has('route') || changed.has('model')) requestAnimationFrame(() => this.querySelector('.side-scroll [aria-current=page]')?.scrollIntoView({ block: 'nearest' }))
  }

  override render(): TemplateResult | typeof nothing {
    const model = this.model
    if (model === undefined || this.client === undefined) return nothing
    const fold = t(this.folded ? 'shell.expand' : 'shell.collapse')
    return html`
      <div class="drawer-shade" @click=${() => this.#drawer(false)}></div>
      <nav class="side" aria-label=${t('shell.navigation')}>
        <div class="side-head">
          <a class="brand" href="/" title=${model.title}><img src="/logo.svg" alt="" width="24" height="24" /><span>${model.title}</span></a>
          <button type="button" class="plain icon-only fold" aria-label=${fold} title=${fold} @click=${this.#fold}>${icon('panel')}</button>
        </div>
        <button type="button" class="search-button" @click=${() => this.#search()} title=${t('search.label')}>
          ${icon('search')}<span>${t('search.placeholder')}</span><kbd>${navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <div class="side-scroll">
          <ul>
            ${this.#link('/', 'home', t('home'), this.route?.page === 'home' || this.route?.page === 'dashboard')}
            ${model.entities['task'] === undefined ? nothing : this.#link(tasksPath, 'checkSquare', t('tasks.title'), this.route?.page === 'tasks')}
            <li><a class="side-link" href=${inboxPath} title=${this.folded ? t('inbox.title') : nothing} aria-current=${this.route?.page === 'inbox' ? 'page' : nothing}>${icon('bell')}<span class="grow">${t('inbox.title')}</span>${unreadBadge(this.client)}</a></li>
          </ul>
          ${this.favourites.length === 0 ? nothing : html`<h2 class="side-title">${t('favourites.title')}</h2><ul>${this.favourites.map(({ address, icon: name, title }) => this.#link(address, name, title, address === location.pathname))}</ul>`}
          ${model.navigation.map((group) => this.#group(model, group.title, group.entities))}
        </div>
        <div class="side-foot">
          ${model.mayDesign || model.mayAudit || model.mayAdminister ? html`<ul>${model.mayAdminister && !model.mayDesign ? this.#link('/studio/people', 'users', t('people.title'), this.route?.page === 'studio') : nothing}${model.mayAudit ? this.#link(auditPath(), 'shield', t('shell.audit'), this.route?.page === 'audit') : nothing}${model.mayDesign ? this.#link('/studio/overview', 'shapes', t('shell.studio'), this.route?.page === 'studio') : nothing}</ul>` : nothing}
          <user-menu .client=${this.client}></user-menu>
        </div>
      </nav>
      <nav class="bottom" aria-label=${t('shell.navigation')}>
        <ul>
          ${this.#link('/', 'home', t('home'), this.route?.page === 'home' || this.route?.page === 'dashboard')}
          ${model.entities['task'] === undefined ? nothing : this.#link(tasksPath, 'checkSquare', t('tasks.title'), this.route?.page === 'tasks')}
          ${this.#first(model).map((entity) => this.#entityLink(entity))}
          <li><button type="button" class="side-link" aria-expanded=${this.open ? 'true' : 'false'} @click=${() => this.#drawer(!this.open)}>${icon('menu')}<span>${t('shell.menu')}</span></button></li>
        </ul>
      </nav>
    `
  }

  #group(model: UiModel, title: string, names: readonly string[]): TemplateResult | typeof nothing {
    const entities = names.flatMap((name) => model.entities[name] ?? [])
    if (entities.length === 0) return nothing
    return html`<h2 class="side-title">${title}</h2><ul>${entities.map((entity) => this.#entityLink(entity))}</ul>`
  }

  #first(model: UiModel): readonly UiEntity[] {
    const names = [...new Set(model.navigation.flatMap((group) => group.entities))]
    const places = bottomPlaces - (model.entities['task'] === undefined ? 0 : 1)
    return names.filter((name) => name !== 'task' && name !== 'note').flatMap((name) => model.entities[name] ?? []).slice(0, places)
  }

  #entityLink(entity: UiEntity): TemplateResult {
    const here = this.route !== undefined && 'entity' in this.route && this.route.entity === entity.name
    return this.#link(listPath(entity.name), entity.icon, entity.plural, here)
  }

  #link(href: string, name: IconName | string, label: string, here: boolean): TemplateResult {
    return html`<li><a class="side-link" href=${href} title=${this.folded ? label : nothing} aria-current=${here ? 'page' : nothing}>${icon(name)}<span>${label}</span></a></li>`
  }

  #fold(): void {
    this.folded = !this.folded
    localStorage.setItem(foldedKey, this.folded ? 'folded' : 'open')
  }

  #search(): void {
    this.dispatchEvent(new CustomEvent('search'))
  }

  #drawer(open: boolean): void {
    this.dispatchEvent(new CustomEvent('drawer', { detail: open }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'side-bar': SideBar
  }
}
